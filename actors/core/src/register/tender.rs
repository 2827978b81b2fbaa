//! Taking money and giving it back.

use std::sync::Arc;

use super::basket::Basket;
use super::command::BasketEvent;
use super::lines::live_line;
use super::rules::RegisterRules;
use crate::transaction::{BASKET_TENDERS_MAX, RetailTransaction, Tender, TenderTypeId};
use crate::{LineNumber, Money, MoneyError, Refusal, RefusalCode};

/// Longest reference of a tender: a coupon's code or a slip's number.
const REFERENCE_BYTES_MAX: usize = 64;

/// What is handed over.
pub(super) struct Offer<'a> {
    pub tender_type: &'a TenderTypeId,
    pub amount: Money,
    pub total: Money,
    pub reference: Option<&'a str>,
    pub line: Option<LineNumber>,
}

/// Takes a tender. What is over is given back where the way of paying does that; money is paid out
/// only as exactly what is due.
pub(super) fn take(
    rules: &RegisterRules,
    basket: &mut Basket,
    offer: &Offer<'_>,
) -> Result<BasketEvent, Refusal> {
    let due = basket.transaction.totals.due;
    let rule = rules.tender(offer.tender_type).ok_or_else(|| {
        Refusal::new(RefusalCode::UnknownTender).with("tender", offer.tender_type)
    })?;
    if offer.total != due {
        return Err(Refusal::new(RefusalCode::TotalChanged).with("due", due.amount()));
    }
    if due.is_zero() && !rule.taken_when_nothing_due {
        return Err(RefusalCode::NothingDue.into());
    }
    let over = offer.amount.subtract(due).map_err(bad_amount)?;
    let change = match due.is_negative() {
        true if over.is_zero() && rule.gives_change => Money::zero(rules.currency),
        true => return Err(Refusal::new(RefusalCode::BadAmount).with("due", due.amount())),
        false if offer.amount.minor() <= 0 => return Err(RefusalCode::BadAmount.into()),
        false if over.minor() <= 0 => Money::zero(rules.currency),
        false if rule.gives_change => over,
        false => {
            return Err(Refusal::new(RefusalCode::TenderExceedsDue).with("due", due.amount()));
        }
    };
    if let Some(line) = offer.line {
        live_line(basket, line)?;
    }
    let tender = make(rules, basket, offer, change)?;
    let number = tender.number;
    basket.transaction.tenders.push(tender);
    settle(&mut basket.transaction).map_err(bad_amount)?;
    Ok(BasketEvent::TenderTaken { number, change, due: basket.transaction.totals.due })
}

fn make(
    rules: &RegisterRules,
    basket: &Basket,
    offer: &Offer<'_>,
    change: Money,
) -> Result<Tender, Refusal> {
    let tenders = &basket.transaction.tenders;
    if tenders.len() >= BASKET_TENDERS_MAX {
        return Err(Refusal::new(RefusalCode::BasketFull).with("lines", BASKET_TENDERS_MAX));
    }
    if offer.reference.is_some_and(|text| text.is_empty() || text.len() > REFERENCE_BYTES_MAX) {
        return Err(RefusalCode::BadAmount.into());
    }
    // What was shown may stand in the catalogue (a coupon sold or accounted for as an item).
    let catalogue = &basket.in_force.catalogue;
    let item = offer.reference.and_then(|code| catalogue.find(code, &rules.layouts).ok());
    Ok(Tender {
        number: tenders.last().map_or(1, |tender| tender.number + 1),
        tender_type: offer.tender_type.clone(),
        amount: offer.amount,
        change,
        reference: offer.reference.map(Arc::from),
        line: offer.line,
        item: item.as_ref().map(|found| found.item.id.clone()),
        department: item.as_ref().map(|found| found.item.department.clone()),
        voided: false,
    })
}

/// Hands a tender back.
pub(super) fn void(basket: &mut Basket, number: u32) -> Result<BasketEvent, Refusal> {
    let tender = basket
        .transaction
        .tenders
        .iter_mut()
        .find(|tender| tender.number == number && !tender.voided)
        .ok_or_else(|| Refusal::new(RefusalCode::NoSuchTender).with("number", number))?;
    tender.voided = true;
    settle(&mut basket.transaction).map_err(bad_amount)?;
    if basket.is_tender_begun() {
        paid_as_priced(basket)?;
    } else {
        // The price does not stand any more.
        basket.rules.clear();
        basket.digest = None;
    }
    Ok(BasketEvent::TenderVoided { number, due: basket.transaction.totals.due })
}

/// Whether each promotion in the price that is bound to ways of paying still has a tender of one
/// of them; otherwise a way of paying that it asks for.
pub(super) fn missing(basket: &Basket) -> Option<TenderTypeId> {
    let (set, applied) = (basket.promotions(), basket.pricing.iter());
    let used = applied.flat_map(|pricing| &pricing.applied);
    let bound = used.filter_map(|used| set.find(&used.promotion.id));
    let mut bound = bound.map(|(_, promotion)| &promotion.tenders);
    let is_paid = |tenders: &[TenderTypeId]| {
        let mut live = basket.transaction.live_tenders();
        tenders.is_empty() || live.any(|tender| tenders.contains(&tender.tender_type))
    };
    bound.find(|tenders| !is_paid(tenders)).and_then(|tenders| tenders.first().cloned())
}

/// Refuses a basket whose price is made for a way of paying that it is not paid by, also where that
/// price is nothing.
pub(super) fn paid_as_priced(basket: &Basket) -> Result<(), Refusal> {
    let Some(tender) = missing(basket) else { return Ok(()) };
    let total = basket.transaction.totals.total.amount();
    let refusal = Refusal::new(RefusalCode::TenderChangesTotal).with("tender", tender);
    Err(refusal.with("total", total))
}

/// Brings what was tendered, what is due and the change up to date.
pub(super) fn settle(transaction: &mut RetailTransaction) -> Result<(), MoneyError> {
    let currency = transaction.currency;
    let given = Money::sum(currency, transaction.live_tenders().map(|tender| tender.amount))?;
    let change = Money::sum(currency, transaction.live_tenders().map(|tender| tender.change))?;
    let totals = &mut transaction.totals;
    totals.tendered = given.subtract(change)?;
    totals.change = change;
    totals.due = totals.total.subtract(totals.tendered)?;
    Ok(())
}

fn bad_amount(_: MoneyError) -> Refusal {
    RefusalCode::BadAmount.into()
}
