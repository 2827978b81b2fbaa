//! What promotions do in a basket, and what is worth saying about it, as it stands in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::values::{LineNumber, Money, TextId};

/// A text in the store's languages.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "zh": "鮮乳第二件 8 折", "en": "Second milk 20 % off" }))]
pub struct Text {
    /// Traditional Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A promotion by id and name.
#[derive(Serialize, ToSchema)]
pub struct Named {
    /// Which.
    pub id: TextId,
    /// What it is called.
    pub name: Text,
}

/// What is known of the customer, as far as prices depend on it.
#[derive(Serialize, ToSchema)]
pub struct BasketContext {
    /// The member.
    pub member: Option<TextId>,
    /// The member's tier, as a code.
    pub tier: Option<String>,
    /// The points that the member has to spend.
    pub points: u64,
    /// Whether one of the chain's own people buys.
    pub employee: bool,
    /// The codes of the coupons that were shown, used or not.
    pub coupons: Vec<String>,
    /// The way of paying that the price is made for.
    pub tender: Option<TextId>,
}

/// What promotions do in a basket.
#[derive(Serialize, ToSchema)]
pub struct Pricing {
    /// Every promotion that is used, by id.
    pub applied: Vec<Applied>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon.
    pub coupons_earned: Vec<String>,
    /// What proves the price.
    pub certificate: Certificate,
}

/// A promotion that is used.
#[derive(Serialize, ToSchema)]
pub struct Applied {
    /// Which.
    pub id: TextId,
    /// What it is called.
    pub name: Text,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it takes off what is to pay.
    pub amount: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<String>,
}

/// What proves that no other combination of promotions costs less.
#[derive(Serialize, ToSchema)]
pub struct Certificate {
    /// Whether the total is proven to be the least.
    pub is_optimal: bool,
    /// No combination costs less than this.
    pub bound: Money,
    /// Whether the retailer's order of priority decided, so that nothing was searched for.
    pub by_priority: bool,
}

/// The next thing worth saying to the customer.
#[derive(Serialize, ToSchema)]
pub struct Prompt {
    /// Which; to be named where it is taken or declined.
    pub id: String,
    /// The promotion that lacks something.
    pub promotion: TextId,
    /// What that is called.
    pub name: Text,
    /// What to add to the basket.
    pub adds: Adds,
    /// The shelf price of what is added.
    pub cost: Money,
    /// The shelf price of what is added, less what the total changes by.
    pub saving: Money,
    /// What is to pay once it is added.
    pub total_after: Money,
    /// What to say.
    pub text: Text,
}

/// What a prompt asks for.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Adds {
    /// Some pieces of an item: one key takes them.
    Items {
        /// Which.
        item: TextId,
        /// A code that a register finds it by.
        code: String,
        /// Its name.
        description: String,
        /// How many.
        count: u32,
    },
    /// Goods for so much on the shelf: the customer chooses them.
    Amount {
        /// How much.
        amount: Money,
    },
}

/// What the basket costs with another way of paying.
#[derive(Serialize, ToSchema)]
pub struct TenderOffer {
    /// The way of paying.
    pub tender_type: TextId,
    /// What is saved by it.
    pub saving: Money,
    /// By what the total changes: the saving as a negative amount.
    pub difference: Money,
    /// What is to pay with it.
    pub total_after: Money,
    /// What to say.
    pub text: Text,
}

/// Why a basket costs what it costs.
#[derive(Serialize, ToSchema)]
pub struct Explanation {
    /// What is to pay for the goods that are bought, after promotions.
    pub total: Money,
    /// What is to pay: the total and all that stands beside it.
    pub to_pay: Money,
    /// What else makes it; absent where nothing does.
    #[schema(nullable = false)]
    pub beside: Option<Vec<BesideExplained>>,
    /// What would be to pay without any promotion.
    pub without_promotions: Money,
    /// Whether the total is proven to be the least.
    pub is_optimal: bool,
    /// No combination costs less than this.
    pub bound: Money,
    /// Whether the retailer's order of priority decided.
    pub by_priority: bool,
    /// Every line with its units.
    pub lines: Vec<LineExplained>,
    /// Every promotion that was used, by id.
    pub applied: Vec<AppliedExplained>,
    /// Every promotion that concerns the basket and was not used, by id.
    pub not_applied: Vec<NotApplied>,
}

/// What makes the amount to pay besides goods and promotions.
#[derive(Serialize, ToSchema)]
pub struct BesideExplained {
    /// What, as a stable code.
    pub code: String,
    /// How much it adds; negative where it takes off.
    pub amount: Money,
    /// In a sentence.
    pub text: Text,
}

/// The units of one line.
#[derive(Serialize, ToSchema)]
pub struct LineExplained {
    /// Its number in the basket.
    pub line: LineNumber,
    /// Which item.
    pub item: TextId,
    /// Its units, in their order within the line.
    pub units: Vec<UnitExplained>,
}

/// What became of one unit.
#[derive(Serialize, ToSchema)]
pub struct UnitExplained {
    /// What it costs before promotions.
    pub price: Money,
    /// What is booked for it.
    pub net: Money,
    /// The promotion of items that took it, also where it only qualifies.
    pub taken_by: Option<Named>,
    /// What each promotion took off it, in the order in which they were applied.
    pub parts: Vec<PartExplained>,
    /// The promotions that it helped without being lowered by them.
    pub counted_by: Vec<Named>,
    /// All of it in a sentence.
    pub text: Text,
}

/// What one promotion took off one unit.
#[derive(Serialize, ToSchema)]
pub struct PartExplained {
    /// Which.
    pub id: TextId,
    /// What it is called.
    pub name: Text,
    /// How much.
    pub amount: Money,
}

/// A promotion that was used.
#[derive(Serialize, ToSchema)]
pub struct AppliedExplained {
    /// Which.
    pub id: TextId,
    /// What it is called.
    pub name: Text,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what is to pay.
    pub amount: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<String>,
    /// In a sentence.
    pub text: Text,
    /// The best basket without it; none where the search for it was cut short.
    pub runner_up: Option<RunnerUp>,
}

/// The best basket without one promotion.
#[derive(Serialize, ToSchema)]
pub struct RunnerUp {
    /// What would be to pay.
    pub total: Money,
    /// How much more that is.
    pub worse: Money,
    /// The promotions that would be used and now are not.
    pub instead: Vec<Named>,
    /// In a sentence.
    pub text: Text,
}

/// A promotion that concerns the basket and was not used. Which fields are there besides depends on
/// the code.
#[derive(Serialize, ToSchema)]
pub struct NotApplied {
    /// Which.
    pub id: TextId,
    /// What it is called.
    pub name: Text,
    /// Why, as a stable code.
    pub code: String,
    /// The tiers of members that it is for.
    #[schema(nullable = false)]
    pub tiers: Option<Vec<String>>,
    /// The ways of paying that it is bound to.
    #[schema(nullable = false)]
    pub tenders: Option<Vec<TextId>>,
    /// The promotions that are used instead.
    #[schema(nullable = false)]
    pub by: Option<Vec<Named>>,
    /// How many units are missing at least.
    #[schema(nullable = false)]
    pub units: Option<u32>,
    /// What amount is missing, as the promotion measures it.
    #[schema(nullable = false)]
    pub amount: Option<Money>,
    /// How much more the basket would cost with it.
    #[schema(nullable = false)]
    pub worse: Option<Money>,
    /// In a sentence.
    pub text: Text,
}
