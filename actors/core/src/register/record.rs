//! What is kept of promotions: with a basket in progress, so that it comes to what the customer
//! was told, and with one that is over, so that it can be made again.

use std::sync::Arc;

use serde_json::Value;

use super::basket::Basket;
use super::rules::{InForce, RegisterRules};
use crate::policy::promotions::{read, write, write_set};
use crate::promotion::PricingRules;
use crate::promotion::digest::digest;
use crate::promotion::rule::Promotion;
use crate::promotion::set::{Policy, PromotionIndex, PromotionSet};
use crate::transaction::SalePricing;

/// Promotions as their files write them.
pub(super) fn written(basket: &Basket, promotions: &[PromotionIndex]) -> Vec<Value> {
    let (set, currency) = (basket.promotions(), basket.transaction.currency);
    promotions.iter().filter_map(|index| Some(write(set.get(*index)?, currency))).collect()
}

/// What promotions made of a basket, where any were in force.
pub(super) fn sale_pricing(basket: &Basket) -> Option<SalePricing> {
    let set = basket.promotions();
    let pricing = basket.pricing.as_ref()?;
    Some(SalePricing {
        set: digest(set),
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
/// has begun, all that its price depends on.
pub(super) fn kept(basket: &Basket) -> Option<Value> {
    let (set, currency) = (basket.promotions(), basket.transaction.currency);
    let rules = match basket.rules.as_slice() {
        [] => {
            let applied = basket.pricing.iter().flat_map(|pricing| &pricing.applied);
            let found = applied.filter_map(|used| set.find(&used.promotion.id));
            found.map(|(_, promotion)| write(promotion, currency)).collect()
        }
        rules => rules.to_vec(),
    };
    if rules.is_empty() {
        return None;
    }
    let mut file =
        write_set(&PromotionSet::new(Vec::new(), set.policy(), set.base_points()), currency);
    file.as_object_mut()?.insert("promotions".to_owned(), Value::Array(rules));
    Some(file)
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
    if others.is_empty() {
        return in_force;
    }
    let promotions = Arc::new(set.with_besides(others));
    let taxes = in_force.rules.pricing.taxes.clone();
    let pricing = Arc::new(PricingRules { taxes, promotions });
    let rules = Arc::new(RegisterRules { pricing, ..RegisterRules::clone(&in_force.rules) });
    InForce { rules, ..in_force }
}
