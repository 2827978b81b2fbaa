//! Tells screens that the baskets which lie aside are others now.

use actix::prelude::*;
use store_actors::messages::FactCommitted;
use store_core::fact::Fact;
use tokio::sync::watch;

/// Counts how often a basket was put aside or went on. Screens that hear another number read the
/// list again; one that missed a number reads it when it is shown.
#[derive(Debug)]
pub struct SuspendedWatch(watch::Sender<u64>);

impl SuspendedWatch {
    /// With what screens follow.
    #[must_use]
    pub fn new() -> (Self, watch::Receiver<u64>) {
        let (sender, receiver) = watch::channel(0);
        (Self(sender), receiver)
    }
}

impl Actor for SuspendedWatch {
    type Context = Context<Self>;
}

impl Handler<FactCommitted> for SuspendedWatch {
    type Result = ();

    fn handle(&mut self, FactCommitted(row): FactCommitted, _: &mut Self::Context) {
        if matches!(row.fact, Fact::BasketSuspended { .. } | Fact::BasketRetrieved { .. }) {
            self.0.send_modify(|count| *count += 1);
        }
    }
}
