//! What is kept of promotions: with a basket in progress, so that it comes to what the customer
//! was told, and with one that is over, so that it can be made again.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::basket::Basket;
use super::rules::{InForce, RegisterRules};
use crate::ItemId;
use crate::policy::promotions::{read, write, write_set};
use crate::promotion::PricingRules;
use crate::promotion::digest::digest;
use crate::promotion::rule::{Promotion, Rule, Selector};
use crate::promotion::set::{Policy, PromotionIndex};
use crate::transaction::SalePricing;

/// Promotions as their files write them, as far as they concern a basket: of the items that they
/// name only its own, of the shares of limits only this store's. A chain's lists must not make
/// every sale as long as themselves.
pub(super) fn written(basket: &Basket, promotions: &[PromotionIndex]) -> Vec<Value> {
    let (set, currency) = (basket.promotions(), basket.transaction.currency);
    let items: BTreeSet<&ItemId> = basket.transaction.lines.iter().map(|line| &line.item).collect();
    let write_one = |index: &PromotionIndex| {
        let mut promotion = set.get(*index)?.clone();
        promotion.limits.shares.retain(|store, _| *store == basket.transaction.store);
        selectors(&mut promotion).into_iter().for_each(|selector| shorten(selector, &items));
        Some(write(&promotion, currency))
    };
    promotions.iter().filter_map(write_one).collect()
}

fn selectors(promotion: &mut Promotion) -> Vec<&mut Selector> {
    match &mut promotion.rule {
        Rule::Each(each) => {
            let spend = each.spend.as_mut().map(|spend| &mut spend.items);
            std::iter::once(&mut each.items).chain(spend).collect()
        }
        Rule::Group(group) => {
            let spend = group.spend.as_mut().map(|spend| &mut spend.items);
            group.slots.iter_mut().map(|slot| &mut slot.items).chain(spend).collect()
        }
        Rule::Order(order) => vec![&mut order.items],
        Rule::Reward(reward) => vec![&mut reward.items],
        Rule::NoPromotion(items) => vec![items],
    }
}

/// The same for these items. A list that had entries keeps one: without any it would mean all.
fn shorten(selector: &mut Selector, items: &BTreeSet<&ItemId>) {
    let mut own: Vec<ItemId> =
        selector.items.iter().filter(|item| items.contains(item)).cloned().collect();
    if own.is_empty() {
        own.extend(selector.items.first().cloned());
    }
    selector.items = own;
    selector.except.items.retain(|item| items.contains(item));
}

/// What promotions made of a basket, where any were in force.
pub(super) fn sale_pricing(basket: &Basket) -> Option<SalePricing> {
    let set = basket.promotions();
    let pricing = basket.pricing.as_ref()?;
    Some(SalePricing {
        set: basket.digest.clone().unwrap_or_else(|| digest(set)),
        promotions: pricing.applied.clone(),
        points_earned: pricing.points_earned,
        points_spent: pricing.points_spent,
        coupons_earned: pricing.coupons_earned.clone(),
        prompts: basket.prompts_made.clone(),
        customer: basket.customer.clone(),
        by_priority: set.policy() == Policy::Priority,
        base_points: set.base_points(),
        rules: basket.rules.clone(),
    })
}

/// What a draft keeps of the promotions, as a file of them: those that are used, and where payment
/// has begun, all that its price depends on, with how all are put together and what earns points.
pub(super) fn kept(basket: &Basket) -> Option<Value> {
    if !basket.has_promotions() {
        return None;
    }
    let set = basket.promotions();
    let applied = basket.pricing.iter().flat_map(|pricing| &pricing.applied);
    let mut ids: BTreeSet<&str> = applied.map(|used| used.promotion.id.as_str()).collect();
    ids.extend(basket.rules.iter().filter_map(|rule| rule["id"].as_str()));
    let found = set.promotions().iter().filter(|one| ids.contains(one.id.as_str()));
    let kept = set.with(found.cloned().collect());
    Some(write_set(&kept, basket.transaction.currency))
}

/// The rules that a basket's price was made by: once payment has begun no others than those that
/// were live in it then, whatever came into force since.
pub(super) fn priced_by(basket: &Basket) -> Arc<PricingRules> {
    let pricing = &basket.in_force.rules.pricing;
    if !basket.is_tender_begun() || !basket.has_promotions() {
        return pricing.clone();
    }
    let kept: BTreeSet<&str> = basket.rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    let set = &pricing.promotions;
    let found = set.promotions().iter().filter(|one| kept.contains(one.id.as_str()));
    let promotions = Arc::new(set.with(found.cloned().collect()));
    Arc::new(PricingRules { taxes: pricing.taxes.clone(), promotions })
}

/// What is in force, with the promotions that a basket had used when it was written down: also
/// where they are others by now, or gone. All others are those in force now. What a newer hub wrote
/// and this one cannot read is not kept.
pub(super) fn reopened(kept: &Value, in_force: InForce) -> InForce {
    let Ok(read) = read(kept, in_force.rules.currency) else { return in_force };
    let set = &in_force.rules.pricing.promotions;
    let is_other =
        |promotion: &&Promotion| set.find(&promotion.id).is_none_or(|(_, own)| own != *promotion);
    let others: Vec<Promotion> = read.set.promotions().iter().filter(is_other).cloned().collect();
    let (policy, points) = (read.set.policy(), read.set.base_points());
    let is_same = (policy, points) == (set.policy(), set.base_points());
    if others.is_empty() && is_same {
        return in_force;
    }
    let promotions = Arc::new(set.with_besides(others).under(policy, points));
    let taxes = in_force.rules.pricing.taxes.clone();
    let pricing = Arc::new(PricingRules { taxes, promotions });
    let rules = Arc::new(RegisterRules { pricing, ..RegisterRules::clone(&in_force.rules) });
    InForce { rules, ..in_force }
}
