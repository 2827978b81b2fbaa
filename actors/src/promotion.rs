use actix::prelude::*;
use store_core::promotion::price;

use crate::messages::{PriceQuery, StatusQuery};
use crate::status::ActorStatus;

/// The shell of the price: what a basket costs under the rules that it brings.
#[derive(Debug, Default)]
pub struct PromotionActor {
    inputs: u64,
}

impl PromotionActor {
    /// Each basket brings the rules that it is priced by.
    #[must_use]
    pub const fn new() -> Self {
        Self { inputs: 0 }
    }
}

impl Actor for PromotionActor {
    type Context = Context<Self>;
}

impl Handler<PriceQuery> for PromotionActor {
    type Result = MessageResult<PriceQuery>;

    fn handle(&mut self, query: PriceQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        MessageResult(price(*query.0))
    }
}

impl Handler<StatusQuery> for PromotionActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: "promotion".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({}),
        })
    }
}
