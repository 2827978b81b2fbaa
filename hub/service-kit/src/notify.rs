//! What the service manager is told: ready, stopping, still alive. Without one, nothing happens.

use std::future::Future;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval, timeout};

fn tell(state: &[NotifyState<'_>]) {
    // Without a service manager the socket is not named and this does nothing.
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

/// The store is open: sockets are bound, the journal is read.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The hub is closing.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// How often to ping, where a watchdog is set: half its time-out.
#[must_use]
pub fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().and_then(|limit| limit.checked_div(2))
}

/// Pings the watchdog as long as `probe` comes back true within an interval; never returns.
///
/// The probe has to go round through what matters, so that a hub that stands still is restarted.
pub async fn watchdog<P, F>(every: Duration, probe: P)
where
    P: FnMut() -> F,
    F: Future<Output = bool>,
{
    ping_while(every, probe, || tell(&[NotifyState::Watchdog])).await;
}

async fn ping_while<P, F>(every: Duration, mut probe: P, mut ping: impl FnMut())
where
    P: FnMut() -> F,
    F: Future<Output = bool>,
{
    let mut ticks = interval(every.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match timeout(every, probe()).await {
            Ok(true) => ping(),
            Ok(false) => tracing::warn!("the watchdog's probe failed"),
            Err(_) => tracing::warn!("the watchdog's probe did not come back"),
        }
    }
}

#[cfg(test)]
mod tests;
