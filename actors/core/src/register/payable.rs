//! What a customer is likely to hand over: what pays for all of the rest, and the next notes that
//! cover it. The screens have a key for each, so that nobody types what everybody gives.

use rust_decimal::Decimal;
use serde::Serialize;

use super::rules::RegisterRules;
use crate::rounding::Rounding;
use crate::till::denominations;
use crate::transaction::{ForeignRate, TenderKind, TenderRule, TenderTypeId};
use crate::{Currency, Money, MoneyError};

/// Most amounts of one way of paying: two rows of keys.
const QUICK_MAX: usize = 6;
/// Most notes of one kind that somebody hands over: with more they look for a larger one.
const PIECES_MAX: i64 = 4;

/// What pays for the rest in notes and coins, in one way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayableView {
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What pays for all of it and leaves nothing to give back, by the rule for part of a coin;
    /// none in another currency, whose coins nobody takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Money>,
    /// Decimals of the amounts that are handed over.
    pub scale: u32,
    /// What covers it with few notes, in the currency that is handed over, the least first.
    pub quick: Vec<Money>,
}

/// What may be handed over for what is due, for every way of paying in notes and coins.
pub(super) fn payable(rules: &RegisterRules, due: Money) -> Vec<PayableView> {
    if due.is_zero() {
        return Vec::new();
    }
    let in_notes = rules.tenders.iter().filter(|rule| rule.kind.is_rounded());
    in_notes.filter_map(|rule| of_rule(rule, due, rules.currency).ok()).collect()
}

fn of_rule(rule: &TenderRule, due: Money, currency: Currency) -> Result<PayableView, MoneyError> {
    let is_cash = rule.kind == TenderKind::Cash;
    let exact = if is_cash { Some(rule.in_coins(due)?) } else { None };
    let least = match &rule.foreign {
        Some(foreign) => abroad(foreign, due)?,
        None => exact.unwrap_or(due),
    };
    let mut quick = Vec::new();
    if least.minor() > 0 && rule.gives_change {
        let offered = offered(rule, least);
        let comes_back = |amount: &Money| {
            let local = rule.foreign.map_or(Ok(*amount), |rate| rate.local(*amount, currency));
            local.and_then(|local| local.subtract(due)).and_then(|over| rule.in_coins(over))
        };
        let is_taken = |amount: &Money| {
            Some(*amount) != exact
                && rule.change_max.is_none_or(|most| {
                    comes_back(amount).is_ok_and(|change| change.amount() <= most)
                })
        };
        quick = offered.into_iter().filter(is_taken).take(QUICK_MAX).collect();
    }
    let scale = rule.foreign.map_or(currency, |foreign| foreign.currency).scale();
    Ok(PayableView { tender_type: rule.id.clone(), exact, scale, quick })
}

/// The least amount of another currency that counts for what is due.
fn abroad(foreign: &ForeignRate, due: Money) -> Result<Money, MoneyError> {
    let amount = due.amount().checked_div(foreign.rate).ok_or(MoneyError::TooLarge)?;
    let scale = foreign.currency.scale();
    let up = amount.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::AwayFromZero);
    let least = Money::rounded(up, foreign.currency, Rounding::HalfUp)?;
    // The quotient may have been cut.
    if foreign.local(least, due.currency())?.minor() < due.minor() {
        return Money::from_minor(least.minor() + 1, foreign.currency);
    }
    Ok(least)
}

/// Amounts that cover what is due, the least first: those that the rule names, else a few notes of
/// one kind.
fn offered(rule: &TenderRule, least: Money) -> Vec<Money> {
    let currency = least.currency();
    let named = |amount: &Decimal| Money::exact(*amount, currency).ok();
    let mut amounts: Vec<Money> = if rule.quick_amounts.is_empty() {
        denominations(currency).into_iter().filter_map(|note| few(note, least)).collect()
    } else {
        rule.quick_amounts
            .iter()
            .filter_map(named)
            .filter(|amount| amount.minor() >= least.minor())
            .collect()
    };
    amounts.sort_by_key(|amount| amount.minor());
    amounts.dedup();
    amounts
}

/// So many of a note as cover it, where that is a few.
fn few(note: Money, least: Money) -> Option<Money> {
    let pieces = least.minor().checked_add(note.minor() - 1)? / note.minor();
    let amount = pieces.checked_mul(note.minor())?;
    (pieces <= PIECES_MAX).then(|| Money::from_minor(amount, note.currency()).ok())?
}

#[cfg(test)]
mod tests;
