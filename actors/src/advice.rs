//! What is worth saying about a basket, and why it costs what it costs: the functions of the
//! domain, with what they need kept between one basket and the next.

use std::sync::Arc;

use jiff::civil::Date;
use store_core::catalogue::Catalogue;
use store_core::promotion::Evaluated;
use store_core::promotion::evaluate::NODES_TILL;
use store_core::promotion::explain::{Explanation, explain_basket};
use store_core::promotion::offers::{TenderOffer, tender_offers};
use store_core::promotion::prompts::{Prompt, PromptIndex, Shelf, prompts};
use store_core::promotion::set::PromotionSet;
use store_core::register::{ExplanationAsk, PromptAsk};
use store_core::{ItemId, RefusalCode};

/// Works out advice for one basket after the other.
#[derive(Default)]
pub struct Adviser {
    index: Option<Indexed>,
}

/// What the index was made of.
struct Indexed {
    catalogue: Arc<Catalogue>,
    set: Arc<PromotionSet>,
    day: Date,
    index: PromptIndex,
}

impl Adviser {
    /// What is worth saying.
    pub fn suggest(
        &mut self,
        ask: &PromptAsk,
        is_on_hand: &dyn Fn(&ItemId) -> bool,
    ) -> (Vec<Prompt>, Vec<TenderOffer>) {
        let Evaluated { goods, context, outcome } = &*ask.evaluated;
        let (set, nodes) = (&ask.rules.promotions, ask.nodes_max);
        let index = self.index(ask);
        let shelf = Shelf { index, taxes: &ask.rules.taxes, is_on_hand };
        let said = prompts(set, &shelf, goods, context, outcome, &ask.declined, nodes);
        let offers = tender_offers(set, goods, context, outcome, &ask.tenders, nodes);
        (said, offers)
    }

    /// The index for a basket; made anew where catalogue, promotions or day are others.
    fn index(&mut self, ask: &PromptAsk) -> &PromptIndex {
        let (set, day) = (&ask.rules.promotions, ask.evaluated.context.day_in_force);
        let fits = |made: &Indexed| {
            Arc::ptr_eq(&made.catalogue, &ask.catalogue)
                && Arc::ptr_eq(&made.set, set)
                && made.day == day
        };
        let made = self.index.take().filter(fits).unwrap_or_else(|| Indexed {
            index: PromptIndex::new(ask.catalogue.clone(), set, day),
            catalogue: ask.catalogue.clone(),
            set: set.clone(),
            day,
        });
        &self.index.insert(made).index
    }

    /// Why it costs what it costs.
    ///
    /// # Errors
    /// [`RefusalCode::BadAmount`] where an amount leaves the range of money.
    pub fn explain(&self, ask: &ExplanationAsk) -> Result<Explanation, RefusalCode> {
        explain_basket(&ask.request, NODES_TILL).map_err(|_| RefusalCode::BadAmount)
    }
}
