use actix::prelude::*;
use cloud_bridge::BridgeHandle;
use store_actors::messages::FactCommitted;

/// Tells the link of every row, which it reads itself.
pub struct Nudge(pub BridgeHandle);

impl Actor for Nudge {
    type Context = Context<Self>;
}

impl Handler<FactCommitted> for Nudge {
    type Result = ();

    fn handle(&mut self, _: FactCommitted, _: &mut Self::Context) {
        self.0.nudge();
    }
}
