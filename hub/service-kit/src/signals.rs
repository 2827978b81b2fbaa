//! The wish to close, as the system tells it.

use tokio::signal::unix::{SignalKind, signal};

use crate::exit::{ExitCode, Failure};

/// Listens for the wish to close from now on, and answers what waits for it: SIGTERM, SIGINT or
/// SIGHUP.
///
/// # Errors
/// Where the system does not let a process listen for them.
pub fn stop() -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| {
        signal(kind)
            .map_err(|error| Failure::because(ExitCode::System, "listening for signals", &error))
    };
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}
