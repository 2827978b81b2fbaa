/// How far a thread stands back behind those that answer a register, as `nice` counts: they are
/// served first, and it still has a tenth of a busy core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets every thread that answers a register go before this one: headquarters can wait, also for
/// a week's rows. On Linux a thread has a priority of its own; elsewhere nothing changes.
pub fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "a thread of the link keeps its priority");
    }
}
