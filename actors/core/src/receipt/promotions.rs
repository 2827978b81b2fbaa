//! What promotions did, on paper: under the lines that they lowered, or, where they lowered an
//! order, once below the subtotal.

use super::document::Element;
use super::labels::{ReceiptLabels, filled};
use super::layout::{columns, money_text};
use crate::promotion::PromotionUse;
use crate::transaction::{AppliedPromotion, PriceModifier, RetailTransaction};
use crate::{Money, PromotionId};

/// A promotion's name in the receipt's language.
pub(super) fn name(promotion: &AppliedPromotion, labels: &ReceiptLabels) -> String {
    let name = &promotion.name;
    filled(&labels.promotion, &[("zh", &name.zh), ("en", &name.en)])
}

/// The name of one that lowered an order; with the whole amount where the row's is another.
pub(super) fn name_with_amount(
    used: &PromotionUse,
    borne: Money,
    labels: &ReceiptLabels,
) -> String {
    let name = name(&used.promotion, labels);
    if used.amount == borne {
        return name;
    }
    let amount = money_text(used.amount.negated());
    filled(&labels.promotion_with_tax, &[("name", &name), ("amount", &amount)])
}

/// Whether a line's modifier is its share of what a promotion took off an order.
pub(super) fn is_of_order(modifier: &PriceModifier, sale: &RetailTransaction) -> bool {
    modifier.promotion.as_ref().is_some_and(|promotion| lowers_order(&promotion.id, sale))
}

fn lowers_order(promotion: &PromotionId, sale: &RetailTransaction) -> bool {
    let rules = sale.pricing.iter().flat_map(|pricing| &pricing.rules);
    let mut own = rules.filter(|rule| rule["id"].as_str() == Some(promotion.as_str()));
    own.any(|rule| rule.get("order").is_some())
}

/// What promotions took off orders, by promotion in the order of the sale's own list: what it
/// took off what is to pay, and the part of it that the lines bear, which is less where tax is
/// added. Lines of amounts that cannot be added are left out; a sale has none.
pub(super) fn of_order(sale: &RetailTransaction) -> Vec<(&PromotionUse, Money)> {
    let used = sale.pricing.iter().flat_map(|pricing| &pricing.promotions);
    let orders = used.filter(|used| lowers_order(&used.promotion.id, sale));
    orders
        .filter_map(|used| {
            let shares = sale.live_lines().flat_map(|line| &line.modifiers).filter(|modifier| {
                modifier.promotion.as_ref().is_some_and(|one| one.id == used.promotion.id)
            });
            let amount = Money::sum(sale.currency, shares.map(|share| share.amount)).ok()?;
            Some((used, amount))
        })
        .collect()
}

/// What the customer comes back with, and what they gave for it.
pub(super) fn earned(
    elements: &mut Vec<Element>,
    sale: &RetailTransaction,
    labels: &ReceiptLabels,
) {
    let Some(pricing) = &sale.pricing else { return };
    let points = [
        (pricing.points_spent, &labels.points_spent),
        (pricing.points_earned, &labels.points_earned),
    ];
    for (points, label) in points.into_iter().filter(|(points, _)| *points > 0) {
        let text = filled(label, &[("n", &points.to_string())]);
        elements.push(columns(text, String::new()));
    }
    for campaign in &pricing.coupons_earned {
        let text = filled(&labels.coupon_earned, &[("campaign", campaign)]);
        elements.push(columns(text, String::new()));
    }
}
