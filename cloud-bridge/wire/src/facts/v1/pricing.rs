use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Money;

/// What promotions made of a sale, and all that it takes to make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Tells the set of promotions that was in force from every other.
    pub set: String,
    /// The promotions that were used, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<PromotionUse>,
    /// Points that the customer earns.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub points_earned: u64,
    /// Points that the promotions cost.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons_earned: Vec<String>,
    /// What the cashier was told to say, and what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<PromptMade>,
    /// What was known of the customer.
    pub context: PricingContext,
    /// Whether the retailer's order of priority decided, and not the least price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_priority: bool,
    /// The points that everything earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_points: Option<BasePoints>,
    /// The promotions that touch the goods, as files of promotions write them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Value>,
}

const fn is_nought(points: &u64) -> bool {
    *points == 0
}

/// One promotion that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionUse {
    /// Which, by id.
    pub promotion: String,
    /// What it was called.
    pub name: Text,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what was to pay.
    pub amount: Money,
    /// The net amount of the units that it took or lowered, after all promotions.
    pub sales: Money,
    /// The coupons that it used up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
}

/// A text in the store's languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Traditional Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The promotion that lowered a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedPromotion {
    /// Which, by id.
    pub id: String,
    /// What it was called.
    pub name: Text,
}

/// Something that the cashier was told to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptMade {
    /// Which, as a stable text.
    pub prompt: String,
    /// The promotion that it was about, by id.
    pub promotion: String,
    /// What the customer would have saved.
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

/// What was known of the customer when the price was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricingContext {
    /// The member, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The member's tier, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The points that the member had to spend.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub points: u64,
    /// Whether one of the chain's own people bought.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub employee: bool,
    /// The codes of the coupons that were shown, used or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
    /// The way of paying that the price was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tender: Option<String>,
}

/// The points that everything earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasePoints {
    /// For each full amount of this.
    pub per_amount: Money,
    /// So many points.
    pub points: u64,
}
