//! What is worth saying about a basket, and why it costs what it costs: the functions of the
//! domain, with what they need kept between one basket and the next.

use store_core::promotion::explain::Explanation;
use store_core::promotion::offers::TenderOffer;
use store_core::promotion::prompts::Prompt;
use store_core::register::PromptAsk;
use store_core::{ItemId, RefusalCode};

/// Works out advice for one basket after the other.
#[derive(Default)]
pub struct Adviser {}

impl Adviser {
    /// What is worth saying; nothing where it could not be worked out.
    pub fn suggest(
        &mut self,
        ask: &PromptAsk,
        is_on_hand: &dyn Fn(&ItemId) -> bool,
    ) -> Option<(Vec<Prompt>, Vec<TenderOffer>)> {
        let _ = (ask, is_on_hand);
        None
    }

    /// Why it costs what it costs.
    ///
    /// # Errors
    /// [`RefusalCode::BadAmount`] where an amount leaves the range of money.
    pub fn explain(&mut self, ask: &PromptAsk) -> Result<Explanation, RefusalCode> {
        let _ = ask;
        Err(RefusalCode::BadAmount)
    }
}
