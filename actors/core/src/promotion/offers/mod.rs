//! What another way of paying would change.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::PricingContext;
use super::evaluate::evaluate;
use super::goods::Goods;
use super::outcome::Outcome;
use super::prompts::is_settled;
use super::rule::Text;
use super::scene::touches;
use super::set::PromotionSet;
use super::wording::{shown, tender, text};
use crate::Money;
use crate::transaction::TenderTypeId;

/// What the basket costs with another way of paying: 「刷卡:−NT$50」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderOffer {
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What is saved by it; more than nought.
    pub saving: Money,
    /// By what the total changes: the saving as a negative amount.
    pub difference: Money,
    /// What is to pay with it.
    pub total_after: Money,
    /// What to say.
    pub text: Text,
}

/// The ways of paying that would lower the total, those that save most first.
///
/// Only ways that are accepted and that a promotion names which matches something: no other is
/// priced. `nodes` bounds each price; what is not proven is not offered.
#[must_use]
pub fn tender_offers(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    outcome: &Outcome,
    accepted: &[TenderTypeId],
    nodes: u64,
) -> Vec<TenderOffer> {
    if !is_settled(outcome) {
        return Vec::new();
    }
    let is_bound = |tenders: &[TenderTypeId]| !tenders.is_empty();
    let bound = set.promotions().iter();
    let bound = bound.filter(|bound| is_bound(&bound.tenders) && touches(bound, goods));
    let named: BTreeSet<&TenderTypeId> = bound.flat_map(|promotion| &promotion.tenders).collect();
    let intended = context.tender_intended.as_ref();
    let is_other = |tender: &&TenderTypeId| Some(*tender) != intended && accepted.contains(tender);
    let others = named.into_iter().filter(is_other);
    let mut offers: Vec<TenderOffer> = others
        .filter_map(|tender| {
            let tender_intended = Some(tender.clone());
            let with = PricingContext { tender_intended, ..context.clone() };
            let after = evaluate(set, goods, &with, nodes).ok().filter(is_settled)?;
            offer(tender, outcome.total, &after, goods)
        })
        .collect();
    // Where two save the same they stay in the order of their codes.
    offers.sort_by_key(|offer| offer.difference.minor());
    offers
}

fn offer(way: &TenderTypeId, total: i64, after: &Outcome, goods: &Goods) -> Option<TenderOffer> {
    let saving = total.checked_sub(after.total).filter(|saving| *saving > 0)?;
    let saving = Money::from_minor(saving, goods.currency).ok()?;
    let difference = saving.negated();
    let (name, amount) = (tender(way), shown(difference));
    Some(TenderOffer {
        tender_type: way.clone(),
        saving,
        difference,
        total_after: Money::from_minor(after.total, goods.currency).ok()?,
        text: text(format!("{}:{amount}", name.zh), format!("with {}: {amount}", name.en)),
    })
}
