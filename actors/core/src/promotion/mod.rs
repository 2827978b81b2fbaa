//! What a basket costs: the seam between the basket and the promotions.
//!
//! A basket and a [`PricingContext`] go in, a [`PricedBasket`] comes out. What promotions mean,
//! to the cent, stands in `docs/promotions.md`.

mod arith;
mod assortment;
mod condition;
pub mod digest;
pub mod evaluate;
pub mod explain;
pub mod goods;
pub mod guard;
mod index;
mod live;
pub mod offers;
pub mod outcome;
mod price;
pub mod prompts;
pub mod refund;
pub mod rehearse;
pub mod rule;
mod scene;
mod select;
pub mod set;
mod solve;
#[cfg(test)]
mod tests;
pub mod uses;
mod wording;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::tax::TaxTable;
use crate::transaction::{AppliedPromotion, LineItem, PriceModifier, TenderTypeId};
use crate::{Currency, MemberId, Money, Now, PromotionId};

pub use outcome::Certificate;
use price::evaluated;
pub use price::price;
pub use prompts::Prompt;

/// What the price may depend on besides the basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingContext {
    /// When the basket opened.
    pub now: Now,
    /// The day whose promotions are in force; not that of `now` under a clock that is not trusted.
    pub day_in_force: Date,
    /// The way of paying that the customer means to use.
    pub tender_intended: Option<TenderTypeId>,
    /// Who buys, where that was said.
    pub member: Option<Member>,
    /// Whether one of the chain's own people buys.
    pub is_employee: bool,
    /// By which channel; the store itself if none is named.
    pub channel: Option<Arc<str>>,
    /// The codes of the coupons that were shown.
    pub coupons: Vec<Arc<str>>,
    /// What has been used of the promotions that are limited, this basket's own part left out.
    pub used: BTreeMap<PromotionId, Used>,
}

/// What has been used of a limited promotion, by sales and by baskets whose tenders have begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Used {
    /// How often this member has used it.
    pub by_member: u32,
    /// How often it was used in this store on this business day.
    pub today: u32,
    /// How often it was used in this store, ever.
    pub ever: u32,
    /// What it gave in this store, ever, in minor units.
    pub budget: i64,
}

impl PricingContext {
    /// A basket of which nothing is known but when it opened and which day's prices it has.
    #[must_use]
    pub const fn anonymous(now: Now, day_in_force: Date) -> Self {
        Self {
            now,
            day_in_force,
            tender_intended: None,
            member: None,
            is_employee: false,
            channel: None,
            coupons: Vec::new(),
            used: BTreeMap::new(),
        }
    }
}

/// A customer who said who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// The tier of membership, as a stable code; none where the chain has no tiers.
    pub tier: Option<Arc<str>>,
    /// Points to spend.
    pub points: u64,
}

/// A basket to be priced.
#[derive(Clone, Debug)]
pub struct PricingRequest {
    /// The rules that were in force when it opened.
    pub rules: Arc<PricingRules>,
    /// The lines, voided ones included.
    pub lines: Vec<LineItem>,
    /// What promotions ask of each line's item besides; a line without any has neither.
    pub attributes: Vec<GoodsAttributes>,
    /// What the cashier took off the whole basket.
    pub basket_modifiers: Vec<PriceModifier>,
    /// The currency of all of it.
    pub currency: Currency,
    /// What else counts.
    pub context: PricingContext,
    /// Partial combinations that the search for its price may look at. The price follows from the
    /// request alone: whoever asks again with the same gets the same.
    pub nodes_max: u64,
}

/// A basket with its prices.
#[derive(Clone, Debug)]
pub struct PricedBasket {
    /// The lines as they came, with modifiers and net amounts.
    pub lines: Vec<LineItem>,
    /// The basket's own modifiers, with the amounts they come to.
    pub basket_modifiers: Vec<PriceModifier>,
    /// Shelf, discount, net, tax and total; tenders are the register's.
    pub totals: crate::transaction::Totals,
    /// What the promotions did.
    pub pricing: Pricing,
    /// What they looked at for it; nothing where there are none.
    pub evaluated: Option<Arc<Evaluated>>,
}

/// What a price was made of: whoever has more to say about a basket goes on from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// The basket as promotions see it.
    pub goods: goods::Goods,
    /// What else counted, what had been used included.
    pub context: PricingContext,
    /// What came of it.
    pub outcome: outcome::Outcome,
}

/// What promotions ask of an item and a line does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsAttributes {
    /// Its brand.
    pub brand: Arc<str>,
    /// Its tags.
    pub tags: Arc<[Arc<str>]>,
}

impl Default for GoodsAttributes {
    fn default() -> Self {
        Self { brand: Arc::from(""), tags: Arc::from([]) }
    }
}

/// What promotions did in a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Every promotion that was used, by id.
    pub applied: Vec<PromotionUse>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon, by campaign.
    pub coupons_earned: Vec<Arc<str>>,
    /// What proves the price.
    pub certificate: Certificate,
}

/// What one promotion did in a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionUse {
    /// Which.
    pub promotion: AppliedPromotion,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what is to pay.
    pub amount: Money,
    /// What the units that it took or lowered cost net, after all promotions.
    pub sales: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<Arc<str>>,
}

/// The rules that prices follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingRules {
    /// The tax of every class.
    pub taxes: TaxTable,
    /// The promotions of the store.
    pub promotions: Arc<set::PromotionSet>,
}
