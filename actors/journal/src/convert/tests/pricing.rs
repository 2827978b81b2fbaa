//! Whatever promotions may have made of a sale.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use store_core::promotion::PromotionUse;
use store_core::promotion::prompts::PromptId;
use store_core::promotion::rule::Text;
use store_core::promotion::set::BasePoints;
use store_core::transaction::{
    AppliedPromotion, Customer, PromptMade, PromptOutcome, SalePricing, TenderTypeId,
};
use store_core::{MemberId, PromotionId};

use super::facts::{id, money, text};

pub fn applied() -> impl Strategy<Value = AppliedPromotion> {
    (id(PromotionId::new), text(), text())
        .prop_map(|(id, zh, en)| AppliedPromotion { id, name: Text { zh, en } })
}

fn promotion_use() -> impl Strategy<Value = PromotionUse> {
    let counts = (any::<u32>(), any::<u32>());
    (applied(), counts, money(), money(), vec(text(), 0..2)).prop_map(
        |(promotion, (uses, units), amount, sales, coupons)| PromotionUse {
            promotion,
            uses,
            units,
            amount,
            sales,
            coupons,
        },
    )
}

fn prompt() -> impl Strategy<Value = PromptMade> {
    let outcome = prop::sample::select(vec![
        PromptOutcome::Shown,
        PromptOutcome::Taken,
        PromptOutcome::Declined,
    ]);
    (text(), id(PromotionId::new), money(), outcome).prop_map(
        |(prompt, promotion, saving, outcome)| PromptMade {
            prompt: PromptId::new(&prompt),
            promotion,
            saving,
            outcome,
        },
    )
}

fn customer() -> impl Strategy<Value = Customer> {
    let who = (option::of(id(MemberId::new)), option::of(text()), any::<u64>(), any::<bool>());
    (who, vec(text(), 0..3), option::of(id(TenderTypeId::new))).prop_map(
        |((member, tier, points, is_employee), coupons, tender)| Customer {
            member,
            tier,
            points,
            is_employee,
            coupons,
            tender,
        },
    )
}

/// Base points are written as money of the sale, so `per_amount` is any amount that money may be.
pub fn pricing() -> impl Strategy<Value = SalePricing> {
    let points = (any::<u64>(), any::<u64>(), vec(text(), 0..2));
    let base = option::of((1..=1_000_000_i64, any::<u64>()));
    let rules = vec(text().prop_map(|id| json!({ "id": &*id, "order": { "from": "9" } })), 0..2);
    let rest = (customer(), any::<bool>(), base, rules);
    (text(), vec(promotion_use(), 0..3), points, vec(prompt(), 0..3), rest).prop_map(
        |(set, promotions, (points_earned, points_spent, coupons_earned), prompts, rest)| {
            let (customer, by_priority, base, rules) = rest;
            SalePricing {
                set: Arc::clone(&set),
                promotions,
                points_earned,
                points_spent,
                coupons_earned,
                prompts,
                customer,
                by_priority,
                base_points: base.map(|(per_amount, points)| BasePoints { per_amount, points }),
                rules,
            }
        },
    )
}
