//! What promotions make of a basket.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::set::PromotionIndex;
use crate::PromotionId;
use crate::transaction::TaxLine;

/// A basket with the best price that the promotions in force allow. All money is in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is to pay, with all tax.
    pub total: i64,
    /// What is booked: the units' net amounts.
    pub net: i64,
    /// The tax, by class in alphabetical order.
    pub taxes: Vec<TaxLine>,
    /// Every unit, in the order of the lines and within a line in the order of its units.
    pub units: Vec<UnitOutcome>,
    /// Every promotion that was used, by id.
    pub applied: Vec<Applied>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon, by campaign.
    pub coupons_earned: Vec<Arc<str>>,
    /// What proves it.
    pub certificate: Certificate,
}

/// What became of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitOutcome {
    /// The line's place in [`super::goods::Goods::lines`].
    pub line: usize,
    /// What it costs before promotions.
    pub price: i64,
    /// What each promotion took off its net amount, in the order in which they were applied.
    pub parts: Vec<Part>,
    /// What is booked for it.
    pub net: i64,
    /// The promotion of items that took it, also where it only qualifies, and the slot.
    pub taken_by: Option<(PromotionIndex, usize)>,
}

/// What one promotion took off one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub promotion: PromotionIndex,
    /// How much, as booked.
    pub amount: i64,
}

/// A promotion that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Which.
    pub promotion: PromotionId,
    /// Its place in the set.
    pub index: PromotionIndex,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what is to pay. Over all promotions it adds up to what they save; a
    /// difference that tax makes stands with the promotion that came last.
    pub amount: i64,
    /// The coupons that it uses up.
    pub coupons: Vec<Arc<str>>,
}

/// What proves that no other combination costs less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whether the total is proven to be the least; where priority decides, the one it makes.
    pub is_optimal: bool,
    /// No combination costs less than this; equal to the total where that is proven.
    pub bound: i64,
    /// How many partial combinations were looked at.
    pub nodes: u64,
    /// Whether the retailer's order of priority decided, so that nothing was searched for.
    pub by_priority: bool,
}
