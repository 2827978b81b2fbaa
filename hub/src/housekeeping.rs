//! What is no promise is not kept for ever: the commands of baskets that are long over, receipts
//! that came out, sessions that ran out. Rows of the journal never go.

use std::time::Duration;

use actix_web::web;
use store_core::Now;
use store_journal::Write;

use crate::store::Store;

/// How long it is kept: no terminal asks for the outcome of a command a month later.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How often what is older goes.
const INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// The moment before which everything may go, in milliseconds since 1970. None under a clock that
/// is not trusted: one that is far ahead would take what is still needed.
fn older_than(now: Now) -> Option<i64> {
    let kept_ms = i64::try_from(KEPT.as_millis()).ok()?;
    now.clock_trusted.then(|| now.wall.as_millisecond().saturating_sub(kept_ms))
}

/// Lets what is old go, once at the start and then every day. Never returns; ends with its task.
pub async fn keep(store: web::Data<Store>) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        let Some(before_ms) = older_than(store.clock.now(None)) else { continue };
        let done: store_journal::Reply = Box::new(|result| {
            if let Err(error) = result {
                tracing::warn!(%error, "letting old things go");
            }
        });
        if let Err(error) = store.writer.submit(Write::Prune { before_ms }, done) {
            tracing::warn!(%error, "letting old things go");
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use store_core::BootId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_month_is_kept_and_a_clock_that_is_not_trusted_lets_nothing_go() {
        let now = Now {
            wall: Timestamp::from_second(2_000_000_000).unwrap(),
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: BootId::new(Uuid::nil()),
            clock_trusted: true,
        };
        assert_eq!(older_than(now), Some(1_997_408_000_000));
        assert_eq!(older_than(Now { clock_trusted: false, ..now }), None);
    }
}
