//! Whose the invoice is: taken at any moment until the sale is done, as no price depends on it.

use serde::Serialize;

use super::basket::{AbsorbedCommand, Basket, Undo};
use super::command::{Command, CommandEnvelope};
use super::draft::EndedTransaction;
use super::event::{BasketEvent, Outcome};
use super::machine::{Effects, RegisterMachine};
use super::protocol::{DraftChange, Ticket};
use crate::buyer::{Ban, BuyerWish, Carrier, DonationCode, Personal};
use crate::{Now, Refusal};

/// What the buyer says takes the place of what they said before. What is empty is not said.
pub(super) fn name(
    basket: &mut Basket,
    (ban, carrier, donation): (Option<&str>, Option<&Personal>, Option<&Personal>),
) -> Result<BasketEvent, Refusal> {
    let said = |text: &&str| !text.trim().is_empty();
    let ban = ban.filter(said).map(Ban::new).transpose()?;
    let carrier = carrier.map(Personal::as_str).filter(said).map(Carrier::new).transpose()?;
    let donation =
        donation.map(Personal::as_str).filter(said).map(DonationCode::new).transpose()?;
    let wish = BuyerWish { carrier, donation };
    wish.check(ban.as_ref())?;
    let (has_carrier, has_donation) = (wish.carrier.is_some(), wish.donation.is_some());
    let undo = Undo::Buyer {
        ban: std::mem::replace(&mut basket.transaction.ban, ban.clone()),
        wish: std::mem::replace(&mut basket.wish, wish),
    };
    basket.push_undo(undo);
    Ok(BasketEvent::BuyerNamed { ban, has_carrier, has_donation })
}

/// A buyer who has said nothing yet.
pub(super) const fn unsaid() -> BuyerWish {
    BuyerWish { carrier: None, donation: None }
}

/// What becomes of a basket's draft when it is over: with a sale goes what the buyer said.
pub(super) fn ending(ended: &Basket) -> DraftChange {
    let absorbed = forgotten(&ended.absorbed);
    let kept = EndedTransaction { transaction: ended.transaction.id, absorbed };
    let is_sale = ended.transaction.number.is_some();
    DraftChange::End(kept, if is_sale { ended.wish.clone() } else { unsaid() })
}

/// What is remembered of a basket's commands when it is over: nothing that a person gave of
/// themselves.
fn forgotten(absorbed: &[AbsorbedCommand]) -> Vec<AbsorbedCommand> {
    let mut kept = absorbed.to_vec();
    for AbsorbedCommand { command, .. } in &mut kept {
        if let Command::NameBuyer { carrier, donation, .. } = command {
            for said in [carrier, donation].into_iter().flatten() {
                *said = Personal::forgotten();
            }
        }
    }
    kept
}

impl Command {
    /// Whether it is the command that was carried out before, as far as that is remembered.
    pub(super) fn is_again(&self, absorbed: &Self) -> bool {
        let fits = |said: &Option<Personal>, kept: &Option<Personal>| match (said, kept) {
            (Some(said), Some(kept)) => said.fits(kept),
            (None, None) => true,
            _ => false,
        };
        match (self, absorbed) {
            (
                Self::NameBuyer { ban, carrier, donation },
                Self::NameBuyer { ban: was, carrier: kept, donation: given },
            ) => ban == was && fits(carrier, kept) && fits(donation, given),
            _ => self == absorbed,
        }
    }
}

impl RegisterMachine {
    /// The basket as it is with what was noted: the price stays, and a draft remembers it.
    pub(super) fn note(
        &mut self,
        now: Now,
        ticket: Ticket,
        (envelope, event): (&CommandEnvelope, BasketEvent),
        basket: Basket,
        effects: &mut Effects,
    ) {
        let basket = self.absorb(basket, envelope, &event);
        let outcome = Outcome { version: basket.version, event };
        let is_begun = basket.is_tender_begun();
        self.basket = Some(basket);
        self.changed();
        self.answer_command(now, ticket, envelope.command_id, (false, &outcome), effects);
        self.save_draft(effects);
        if !is_begun {
            self.suggest(effects);
        }
    }
}

/// What the buyer says about the invoice, as the screen of the register shows it and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BuyerView {
    /// The number of the company that buys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ban: Option<Ban>,
    /// Where the invoice goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// Whom it is given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donation: Option<DonationCode>,
}

impl BuyerView {
    pub(super) fn of(basket: &Basket) -> Option<Self> {
        let BuyerWish { carrier, donation } = basket.wish.clone();
        let view = Self { ban: basket.transaction.ban.clone(), carrier, donation };
        let is_said = view.ban.is_some() || view.carrier.is_some() || view.donation.is_some();
        is_said.then_some(view)
    }
}
