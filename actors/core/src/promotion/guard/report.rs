use serde::Serialize;

use super::sentences;
use crate::promotion::rule::Text;
use crate::{ItemId, Money, PromotionId};

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardReport {
    /// How many promotions were looked at.
    pub promotions: usize,
    /// How many items were.
    pub items: usize,
    /// How many of them have a cost.
    pub items_with_cost: usize,
    /// How many of them have a lowest price.
    pub items_with_floor_price: usize,
    /// Whether it was checked that nothing sells below cost; not without costs.
    pub is_cost_checked: bool,
    /// Whether it was checked that nothing sells below its lowest price; not without any.
    pub is_floor_price_checked: bool,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
}

impl GuardReport {
    /// What has to be said of the checks that did not run.
    #[must_use]
    pub fn not_checked(&self) -> Vec<Text> {
        let mut texts = Vec::new();
        if !self.is_cost_checked {
            texts.push(sentences::cost_not_checked());
        }
        if !self.is_floor_price_checked {
            texts.push(sentences::floor_not_checked());
        }
        texts
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It costs money.
    Error,
    /// It is hardly meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// What was found, as a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// A basket is sold for less than its goods cost the store.
    BelowCost,
    /// A unit is sold for less than the lowest price of its item.
    BelowFloorPrice,
    /// It never fires: no item on sale matches.
    NoItemMatches,
    /// It never fires: its last day is over.
    Over,
    /// It never fires: no day is within its dates and weekdays.
    NoSuchDay,
    /// It never fires: a limit is nought, or lower than what one use needs.
    LimitTooLow,
    /// It never fires: it lowers no price that there is.
    LowersNothing,
    /// It never fires: what has to be spent or bought is more than a basket may hold.
    OutOfReach,
    /// Another one is always at least as good.
    Shadowed,
    /// A narrower one holds for all of its goods.
    ReplacedEverywhere,
    /// It replaces nothing of what it says that it does.
    ReplacesNothing,
    /// Promotions of orders that cover partly the same goods are never used together.
    OrdersNotTogether,
    /// Promotions of the same goods have the same priority, so that their ids decide.
    SamePriority,
    /// Of a class only one is used, though their goods and times overlap.
    SameClass,
    /// Where this one is used, no other is.
    ExclusiveAmongOthers,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// What.
    pub code: FindingCode,
    /// The promotions, the one that it is about first.
    pub promotions: Vec<PromotionId>,
    /// In a sentence.
    pub text: Text,
    /// A basket that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basket: Option<ExampleBasket>,
}

/// A basket that shows a finding, as the engine prices it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleBasket {
    /// When it is bought, local time: `2026-11-28T12:00:00`.
    pub at: String,
    /// The tier of the member who buys it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The coupons shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
    /// How it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tender: Option<String>,
    /// What is in it.
    pub lines: Vec<ExampleLine>,
    /// What is to pay.
    pub total: Money,
    /// What is booked, without the tax that is added.
    pub net: Money,
    /// What the goods cost the store, where that is known of all of them.
    pub cost: Option<Money>,
}

/// A line of an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleLine {
    /// Which item.
    pub item: ItemId,
    /// Its name.
    pub description: String,
    /// How many units.
    pub count: u32,
    /// The price of one on the shelf.
    pub unit_price: Money,
    /// What is booked for the line.
    pub net: Money,
    /// The least that is booked for one of its units.
    pub lowest: Money,
    /// What one costs the store.
    pub cost: Option<Money>,
    /// The lowest price at which one may be sold.
    pub floor_price: Option<Money>,
}
