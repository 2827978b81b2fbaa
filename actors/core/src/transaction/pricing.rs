use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TenderTypeId;
use crate::promotion::PromotionUse;
use crate::promotion::prompts::PromptId;
use crate::promotion::set::BasePoints;
use crate::{MemberId, Money, PromotionId};

/// What promotions made of a basket that is over, and all that it takes to make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePricing {
    /// Tells the set of promotions that was in force from every other.
    pub set: Arc<str>,
    /// Every promotion that was used, by id.
    pub promotions: Vec<PromotionUse>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon, by campaign.
    pub coupons_earned: Vec<Arc<str>>,
    /// What the cashier was told to say, in the order in which it was.
    pub prompts: Vec<PromptMade>,
    /// What was known of the customer.
    pub customer: Customer,
    /// Whether the retailer's order of priority decided, and not the least price.
    pub by_priority: bool,
    /// The points that everything earned.
    pub base_points: Option<BasePoints>,
    /// The promotions that touch the goods, as files of promotions write them.
    pub rules: Vec<Value>,
}

/// What is known of the customer, as far as prices depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The member's tier, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Arc<str>>,
    /// The points that the member has to spend.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub points: u64,
    /// Whether one of the chain's own people buys.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_employee: bool,
    /// The codes of the coupons that were shown, used or not, in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Arc<str>>,
    /// The way of paying that the price is made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tender: Option<TenderTypeId>,
}

const fn is_nought(points: &u64) -> bool {
    *points == 0
}

/// Something that the cashier was told to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptMade {
    /// Which.
    pub prompt: PromptId,
    /// The promotion that it is about.
    pub promotion: PromotionId,
    /// What the customer would have saved, when it was last shown.
    pub saving: Money,
    /// What came of it.
    pub outcome: PromptOutcome,
}

/// What came of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptOutcome {
    /// It was shown, and nothing was done about it.
    Shown,
    /// What it asked for was added while it stood.
    Taken,
    /// The customer did not want it.
    Declined,
}
