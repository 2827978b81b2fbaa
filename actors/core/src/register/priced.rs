//! Asking what a basket costs, and taking the answer: after every change, and once more before
//! payment begins.

use super::awaiting::Awaiting;
use super::basket::Basket;
use super::command::{Command, CommandEnvelope};
use super::event::{BasketEvent, Outcome};
use super::machine::{Effects, RegisterMachine, refuse};
use super::protocol::{ExplanationAsk, RegisterEffect, Ticket};
use super::{change, customer, modify, record, tender};
use crate::invariants::check_basket;
use crate::promotion::PricedBasket;
use crate::promotion::digest::digest;
use crate::promotion::offers::TenderOffer;
use crate::promotion::prompts::Prompt;
use crate::promotion::uses::{Hold, PriceAsk, Quote, Shown};
use crate::transaction::TenderTypeId;
use crate::{Money, MoneyError, Now, OperatorId, Refusal, RefusalCode, TransactionId};

impl RegisterMachine {
    /// The basket was changed: what does it cost now?
    pub(super) fn price(
        &mut self,
        ticket: Ticket,
        envelope: CommandEnvelope,
        mut basket: Basket,
        event: BasketEvent,
        effects: &mut Effects,
    ) {
        let lines = std::mem::take(&mut basket.transaction.lines);
        let ask = Box::new(PriceAsk {
            transaction: basket.transaction.id,
            business_day: basket.transaction.business_day,
            request: basket.pricing_request(lines),
            hold: None,
        });
        effects.push(RegisterEffect::Price { ticket, ask });
        self.awaiting = Awaiting::Price { ticket, envelope, basket: Box::new(basket), event };
    }

    pub(super) fn on_priced(
        &mut self,
        now: Now,
        awaited: Awaiting,
        quote: Result<Quote, RefusalCode>,
        effects: &mut Effects,
    ) {
        match (awaited, quote) {
            (Awaiting::Price { ticket, .. } | Awaiting::Hold { ticket, .. }, Err(code)) => {
                refuse(ticket, code.into(), effects);
            }
            (Awaiting::Price { ticket, envelope, basket, event }, Ok(quote)) => {
                match self.changed_to(*basket, &event, quote) {
                    Err(refusal) => refuse(ticket, refusal, effects),
                    Ok(basket) => self.show(now, ticket, (&envelope, event), basket, effects),
                }
            }
            (Awaiting::Hold { ticket, operator, envelope, basket }, Ok(quote)) => {
                self.on_held(now, (ticket, &operator, envelope), *basket, quote, effects);
            }
            _ => {}
        }
    }

    /// The basket with its new price, if it may be so.
    fn changed_to(
        &self,
        mut basket: Basket,
        event: &BasketEvent,
        quote: Quote,
    ) -> Result<Basket, Refusal> {
        if let BasketEvent::CouponShown { code } = event
            && quote.coupons_used.iter().any(|used| **used == **code)
        {
            return Err(Refusal::new(RefusalCode::CouponUsed).with("code", code));
        }
        // Used meanwhile by somebody else: it is not shown any more.
        basket.customer.coupons.retain(|code| !quote.coupons_used.contains(code));
        adopt(&mut basket, quote.priced).map_err(|_| RefusalCode::BadAmount)?;
        modify::check(&basket, event)?;
        debug_assert_eq!(check_basket(&basket.transaction), Ok(()), "what is shown adds up");
        if let Some(before) = &self.basket {
            basket.catch_up(before);
            customer::note_taken(before, &mut basket);
        }
        Ok(basket)
    }

    fn show(
        &mut self,
        now: Now,
        ticket: Ticket,
        (envelope, event): (&CommandEnvelope, BasketEvent),
        basket: Basket,
        effects: &mut Effects,
    ) {
        let basket = self.absorb(basket, envelope, &event);
        let outcome = Outcome { version: basket.version, event };
        self.basket = Some(basket);
        self.last_sale = None;
        self.changed();
        self.answer_command(now, ticket, envelope.command_id, (false, &outcome), effects);
        self.suggest(effects);
        self.save_draft(effects);
    }

    /// Whether a command would begin payment, so that the price has to be asked once more: limited
    /// promotions may have gone to another register, and the way of paying may change it.
    pub(super) fn begins_payment(basket: &Basket, command: &Command) -> bool {
        let begins = matches!(command, Command::Tender { .. } | Command::Complete);
        begins && basket.has_promotions() && !basket.is_tender_begun()
    }

    /// Asks for the price of a basket that is about to be paid for, with what it uses held for it.
    pub(super) fn secure(
        &mut self,
        ticket: Ticket,
        operator: &OperatorId,
        envelope: CommandEnvelope,
        mut basket: Basket,
        effects: &mut Effects,
    ) {
        let mut trial = basket.working_copy();
        // For which way of paying it is priced is about to change.
        trial.pricing = None;
        let tried = change::apply(&mut trial, &envelope, (operator, None), self.last_number);
        if let Err(refusal) = tried {
            return refuse(ticket, refusal, effects);
        }
        let transaction = &basket.transaction;
        let shown =
            Shown { total: transaction.totals.total, tender: basket.customer.tender.clone() };
        basket.customer.tender = match &envelope.command {
            Command::Tender { tender_type, .. } => Some(tender_type.clone()),
            // What is completed with nothing to pay is paid in no way, whatever was meant.
            _ => None,
        };
        let ask = Box::new(PriceAsk {
            transaction: basket.transaction.id,
            business_day: basket.transaction.business_day,
            request: basket.pricing_request(basket.transaction.lines.clone()),
            hold: Some(shown),
        });
        effects.push(RegisterEffect::Price { ticket, ask });
        let (operator, basket) = (operator.clone(), Box::new(basket));
        self.awaiting = Awaiting::Hold { ticket, operator, envelope, basket };
    }

    fn on_held(
        &mut self,
        now: Now,
        (ticket, operator, envelope): (Ticket, &OperatorId, CommandEnvelope),
        mut basket: Basket,
        quote: Quote,
        effects: &mut Effects,
    ) {
        let shown = basket.transaction.totals.total;
        if quote.is_held {
            basket.rules = record::written(&basket, &quote.live);
            basket.digest = Some(digest(basket.promotions()));
            if adopt(&mut basket, quote.priced).is_err() {
                return refuse(ticket, RefusalCode::BadAmount.into(), effects);
            }
            return self.carry_out(now, ticket, (operator, None), envelope, basket, effects);
        }
        let as_shown = match quote.as_shown {
            Some(same) if same.totals.total == shown => {
                let total = quote.priced.totals.total;
                refuse(ticket, changes_total(&basket, total), effects);
                return self.suggest(effects);
            }
            Some(other) => other,
            None => quote.priced,
        };
        // Something that it used is used up meanwhile, or free again: it costs what is shown now.
        let total = as_shown.totals.total;
        let adopted = self.basket.as_mut().map(|basket| {
            basket.customer.coupons.retain(|code| !quote.coupons_used.contains(code));
            adopt(basket, as_shown)
        });
        if adopted.is_some_and(|adopted| adopted.is_err()) {
            return refuse(ticket, RefusalCode::BadAmount.into(), effects);
        }
        self.changed();
        let mut refusal = Refusal::new(RefusalCode::TotalChanged).with("due", total.amount());
        if !quote.coupons_used.is_empty() {
            refusal = refusal.with("coupons", quote.coupons_used.join(", "));
        }
        refuse(ticket, refusal, effects);
        self.suggest(effects);
        self.save_draft(effects);
    }

    /// Asks what is worth saying next, where anything could be.
    pub(super) fn suggest(&self, effects: &mut Effects) {
        if let Some(ask) = self.basket.as_ref().and_then(Basket::prompt_ask) {
            effects.push(RegisterEffect::Suggest { ask: Box::new(ask) });
        }
    }

    /// What is held for the basket in progress, where its payment has begun.
    #[must_use]
    pub fn hold(&self) -> Option<(TransactionId, Hold)> {
        let basket = self.basket.as_ref()?;
        Some((basket.transaction.id, basket.hold()?))
    }

    /// What an explanation is worked out from, where a basket is open.
    #[must_use]
    pub fn explanation_ask(&self) -> Option<ExplanationAsk> {
        self.basket.as_ref().map(Basket::explanation_ask)
    }

    /// What was worth saying about a version of a basket: of any other it says nothing.
    pub(super) fn on_suggested(
        &mut self,
        transaction: TransactionId,
        (version, priced): (u64, u64),
        (prompts, offers): (Vec<Prompt>, Vec<TenderOffer>),
    ) {
        let fits = |basket: &&mut Basket| {
            basket.transaction.id == transaction
                && (basket.version, basket.priced) == (version, priced)
                && !basket.is_tender_begun()
        };
        // While payment begins there is nothing more to say.
        if matches!(self.awaiting, Awaiting::Hold { .. } | Awaiting::Append { .. }) {
            return;
        }
        let Some(basket) = self.basket.as_mut().filter(fits) else { return };
        if basket.prompts == prompts && basket.offers == offers {
            return;
        }
        customer::prompted(basket, prompts);
        basket.offers = offers;
        self.changed();
    }
}

/// Only the way of paying makes it cost something else. Paid in no way it costs what it costs in
/// one that no promotion asks for.
fn changes_total(basket: &Basket, total: Money) -> Refusal {
    let promotions = basket.promotions().promotions();
    let is_plain =
        |tender: &&TenderTypeId| promotions.iter().all(|one| !one.tenders.contains(tender));
    let mut ways = basket.in_force.rules.tenders.iter().map(|rule| &rule.id);
    match basket.customer.tender.as_ref().or_else(|| ways.find(is_plain)) {
        Some(tender) => Refusal::new(RefusalCode::TenderChangesTotal)
            .with("tender", tender)
            .with("total", total.amount()),
        None => Refusal::new(RefusalCode::NotPaid).with("due", total.amount()),
    }
}

/// Puts a basket's new price in it; what was worth saying about the old one is not any more.
fn adopt(basket: &mut Basket, priced: PricedBasket) -> Result<(), MoneyError> {
    basket.transaction.lines = priced.lines;
    basket.transaction.basket_modifiers = priced.basket_modifiers;
    basket.transaction.totals = priced.totals;
    basket.pricing = basket.has_promotions().then_some(priced.pricing);
    basket.evaluated = priced.evaluated;
    basket.priced += 1;
    basket.prompts.clear();
    basket.offers.clear();
    tender::settle(&mut basket.transaction)
}
