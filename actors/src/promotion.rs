use std::sync::Arc;

use actix::prelude::*;
use store_core::RefusalCode;
use store_core::promotion::explain::Explanation;
use store_core::promotion::uses::{PromotionUses, Quote};
use store_journal::Reader;
use tokio::sync::oneshot;

use crate::advice_thread::AdviceThread;
use crate::messages::{ExplanationQuery, PriceQuery, ReleaseUses, StatusQuery, SuggestionWanted};
use crate::status::ActorStatus;
use crate::translate::SoldInJournal;

/// The shell of the price: what a basket costs under the rules that it brings, and what is left of
/// what is limited.
pub struct PromotionActor {
    uses: PromotionUses,
    reader: Reader,
    advice: Arc<AdviceThread>,
    inputs: u64,
}

impl PromotionActor {
    /// With what is held for baskets in progress, the journal to ask what was sold, and the thread
    /// where what takes longer is worked out.
    #[must_use]
    pub const fn new(uses: PromotionUses, reader: Reader, advice: Arc<AdviceThread>) -> Self {
        Self { uses, reader, advice, inputs: 0 }
    }
}

impl Actor for PromotionActor {
    type Context = Context<Self>;
}

impl Handler<PriceQuery> for PromotionActor {
    type Result = Result<Quote, RefusalCode>;

    fn handle(&mut self, query: PriceQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        self.uses.quote(*query.0, &SoldInJournal(&self.reader))
    }
}

impl Handler<ReleaseUses> for PromotionActor {
    type Result = ();

    fn handle(&mut self, release: ReleaseUses, _: &mut Self::Context) {
        self.inputs += 1;
        self.uses.release(release.0);
    }
}

impl Handler<SuggestionWanted> for PromotionActor {
    type Result = ();

    fn handle(&mut self, wanted: SuggestionWanted, _: &mut Self::Context) {
        let SuggestionWanted { workstation, ask, reply } = wanted;
        self.advice.suggest(workstation, ask, reply);
    }
}

impl Handler<ExplanationQuery> for PromotionActor {
    type Result = ResponseFuture<Result<Explanation, RefusalCode>>;

    fn handle(&mut self, query: ExplanationQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let ExplanationQuery { workstation, mut ask } = query;
        let sold = SoldInJournal(&self.reader);
        let of = (ask.transaction, ask.business_day);
        if let Err(code) = self.uses.fill_in(of, &mut ask.request, &sold) {
            return Box::pin(async move { Err(code) });
        }
        let (reply, explanation) = oneshot::channel();
        self.advice.explain(workstation, ask, reply);
        Box::pin(async {
            // Without an answer a newer question took its place, or the hub is closing.
            explanation.await.unwrap_or(Err(RefusalCode::RegisterBusy))
        })
    }
}

impl Handler<StatusQuery> for PromotionActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let advice = self.advice.counts();
        MessageResult(ActorStatus {
            actor: "promotion".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "baskets_held": self.uses.holds().count(),
                "suggestions": { "wanted": advice.wanted, "replaced": advice.replaced },
            }),
        })
    }
}
