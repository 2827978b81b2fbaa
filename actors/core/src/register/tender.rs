//! Taking money and giving it back.

use std::sync::Arc;

use super::basket::Basket;
use super::entered::live_line;
use super::event::BasketEvent;
use super::rules::RegisterRules;
use crate::till::CASH;
use crate::transaction::{
    BASKET_TENDERS_MAX, Excess, ForeignCash, RetailTransaction, Tender, TenderKind, TenderRule,
    TenderTypeId,
};
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

/// What a tender counts for, in the store's currency, and what comes of what is over.
struct Counted {
    amount: Money,
    change: Money,
    /// What the part in cash is rounded by, where this tender pays for all of the rest.
    rounding: Option<Money>,
    face: Option<Money>,
    foreign: Option<ForeignCash>,
}

/// A tender that may be taken, and what it rounds.
pub(super) struct Offered {
    pub tender: Tender,
    rounding: Option<Money>,
}

/// What is handed over as a tender. What is over is given back where the way of paying does that;
/// money is paid out only as exactly what is due.
pub(super) fn offered(
    rules: &RegisterRules,
    basket: &Basket,
    offer: &Offer<'_>,
) -> Result<Offered, Refusal> {
    let counted = counted(rules, basket, offer)?;
    if let Some(line) = offer.line {
        live_line(basket, line)?;
    }
    let rounding = counted.rounding;
    Ok(Offered { tender: make(rules, basket, offer, counted)?, rounding })
}

/// Takes a tender.
pub(super) fn take(basket: &mut Basket, offered: Offered) -> Result<BasketEvent, Refusal> {
    let Offered { tender, rounding } = offered;
    let (number, change) = (tender.number, tender.change);
    basket.transaction.tenders.push(tender);
    // Where nothing was due any more, what was paid before stays rounded as it was.
    let before = basket.transaction.totals.rounding;
    let by = match (before, rounding) {
        (Some(before), Some(rounding)) => Some(before.add(rounding).map_err(bad_amount)?),
        (before, rounding) => before.or(rounding),
    };
    basket.transaction.totals.rounding = by.filter(|by| !by.is_zero());
    settle(&mut basket.transaction).map_err(bad_amount)?;
    Ok(BasketEvent::TenderTaken { number, change, due: basket.transaction.totals.due })
}

/// What an offer counts for, or why it is not taken.
fn counted(rules: &RegisterRules, basket: &Basket, offer: &Offer<'_>) -> Result<Counted, Refusal> {
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
    let foreign = rule.foreign.map(|foreign| (foreign, offer.amount));
    let amount = match &foreign {
        Some((foreign, amount)) => foreign.local(*amount, rules.currency).map_err(bad_amount)?,
        None => offer.amount,
    };
    let foreign = foreign.map(|(foreign, amount)| ForeignCash { amount, rate: foreign.rate });
    let counted = weighed(rules, rule, due, amount)?;
    Ok(Counted { foreign, ..counted })
}

/// An amount of the store's currency against what is due.
fn weighed(
    rules: &RegisterRules,
    rule: &TenderRule,
    due: Money,
    amount: Money,
) -> Result<Counted, Refusal> {
    let named_due = |code, due: Money| Refusal::new(code).with("due", due.amount());
    let nothing = Money::zero(due.currency());
    let exact = Counted { amount, change: nothing, rounding: None, face: None, foreign: None };
    let in_coins = rule.in_coins(due).map_err(bad_amount)?;
    let is_cash = rule.kind == TenderKind::Cash;
    // What of it notes and coins can pay: all of it, where it is not in cash.
    let payable = if is_cash { in_coins } else { due };
    let over = amount.subtract(payable).map_err(bad_amount)?;
    let rounded = |by: Money| (!by.is_zero()).then_some(by);
    if due.is_negative() {
        let is_paid_out = over.is_zero() && rule.gives_change && rule.foreign.is_none();
        let by = payable.subtract(due).map_err(bad_amount)?;
        let paid_out = Counted { rounding: rounded(by), ..exact };
        return if is_paid_out {
            Ok(paid_out)
        } else {
            Err(named_due(RefusalCode::BadAmount, payable))
        };
    }
    // Less than half a coin is paid with nothing.
    let is_nothing_to_pay = payable.is_zero() && !due.is_zero() && amount.is_zero();
    if amount.minor() <= 0 && !is_nothing_to_pay {
        return Err(RefusalCode::BadAmount.into());
    }
    if is_cash && rule.in_coins(amount).map_err(bad_amount)? != amount {
        return Err(RefusalCode::NotInCoins.into());
    }
    if over.is_negative() {
        return Ok(exact);
    }
    if over.is_zero() {
        return Ok(Counted {
            rounding: rounded(payable.subtract(due).map_err(bad_amount)?),
            ..exact
        });
    }
    match rule.excess() {
        Excess::Refused => Err(named_due(RefusalCode::TenderExceedsDue, due)),
        Excess::Kept => Ok(Counted { amount: due, face: Some(amount), ..exact }),
        Excess::Change => {
            let change = change(rules, rule, over).map_err(bad_amount)?;
            if rule.change_max.is_some_and(|most| change.amount() > most) {
                return Err(
                    Refusal::new(RefusalCode::ChangeTooLarge).with("change", change.amount())
                );
            }
            let left = amount.subtract(change).map_err(bad_amount)?;
            let by = left.subtract(due).map_err(bad_amount)?;
            Ok(Counted { change, rounding: rounded(by), ..exact })
        }
    }
}

/// What comes back of what is over: in the coins that there are, also of what is no cash itself.
fn change(rules: &RegisterRules, rule: &TenderRule, over: Money) -> Result<Money, MoneyError> {
    if rule.kind.is_rounded() {
        return rule.in_coins(over);
    }
    let cash = TenderTypeId::from_static(CASH);
    match rules.tender(&cash) {
        Some(cash) => cash.in_coins(over),
        None => TenderRule::exact(cash).in_coins(over),
    }
}

fn make(
    rules: &RegisterRules,
    basket: &Basket,
    offer: &Offer<'_>,
    counted: Counted,
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
        amount: counted.amount,
        change: counted.change,
        reference: offer.reference.map(Arc::from),
        line: offer.line,
        item: item.as_ref().map(|found| found.item.id.clone()),
        department: item.as_ref().map(|found| found.item.department.clone()),
        face: counted.face,
        foreign: counted.foreign,
        card: None,
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
    // Only what pays for all of the rest is rounded, and that is open again.
    basket.transaction.totals.rounding = None;
    settle(&mut basket.transaction).map_err(bad_amount)?;
    if basket.is_tender_begun() {
        paid_as_priced(basket)?;
    }
    reopen(basket);
    Ok(BasketEvent::TenderVoided { number, due: basket.transaction.totals.due })
}

/// Where no tender stands the price does not stand any more.
pub(super) fn reopen(basket: &mut Basket) {
    if !basket.is_tender_begun() {
        basket.rules.clear();
        basket.digest = None;
    }
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
    let payable = totals.rounding.map_or(Ok(totals.total), |by| totals.total.add(by))?;
    totals.due = payable.subtract(totals.tendered)?;
    Ok(())
}

fn bad_amount(_: MoneyError) -> Refusal {
    RefusalCode::BadAmount.into()
}
