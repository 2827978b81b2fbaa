//! What a promotion says: data, read from the chain's files and nowhere computed.
//!
//! How it is meant, to the cent, stands in `docs/promotions.md`; this file is the vocabulary.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use super::condition::{Coupon, Limits, Place, Share, When, Who, Width};
use crate::transaction::TenderTypeId;
use crate::{ItemId, PromotionId};

/// One promotion (促銷): who gets what off which goods, and how it goes with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Its id; never another promotion's.
    pub id: PromotionId,
    /// What receipts and screens call it.
    pub name: Text,
    /// What it does.
    pub rule: Rule,
    /// On which days and hours.
    pub when: When,
    /// In which stores and channels; also how wide it is.
    pub place: Place,
    /// For whom.
    pub who: Who,
    /// The coupon that has to be shown.
    pub coupon: Option<Coupon>,
    /// The ways of paying that it is bound to; none means any.
    pub tenders: Vec<TenderTypeId>,
    /// How often it may be used.
    pub limits: Limits,
    /// Most that one basket gets of it, in minor units.
    pub cap: Option<i64>,
    /// The member's points that each use costs.
    pub cost_points: u64,
    /// How it goes with others.
    pub combine: Combine,
    /// Of all promotions of one class at most one is used in a basket.
    pub class: Option<Arc<str>>,
    /// Which wider promotions it takes the place of, for the items that it covers.
    pub replaces: Replaces,
    /// Where the set follows the retailer's priorities: lower ones first.
    pub priority: u32,
}

/// A text in the store's languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Traditional Chinese.
    pub zh: Arc<str>,
    /// English.
    pub en: Arc<str>,
}

/// What a promotion does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Lowers the price of each unit that it takes.
    Each(Each),
    /// Lowers the price of groups of units.
    Group(Group),
    /// Lowers what is left of an order, or of a part of it, after the items' own promotions.
    Order(Order),
    /// Gives points or a coupon for the next visit; takes nothing off and uses nothing up.
    Reward(Reward),
    /// Nothing: for these items it only takes the place of others.
    NoPromotion(Selector),
}

/// A reduction of each unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    /// Which units.
    pub items: Selector,
    /// By how many units it takes; one of those that are reached holds for all of them, whichever
    /// comes out best. Never empty, ascending; a plain reduction has one, from 1.
    pub tiers: Vec<UnitTier>,
    /// What has to be spent besides.
    pub spend: Option<Spend>,
}

/// From so many units on, this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitTier {
    /// At least 1.
    pub from: u32,
    /// For each unit.
    pub award: UnitAward,
}

/// What becomes of a unit's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitAward {
    /// A part of it is taken off, rounded half up; free is all of it.
    PercentOff(BasisPoints),
    /// So much is taken off, in minor units for one of the item's unit.
    AmountOff(i64),
    /// It costs so much, in minor units for one of the item's unit, if it cost more.
    Price(i64),
}

/// Hundredths of a percent, 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasisPoints(pub u32);

/// A reduction of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What a group is made of. Never empty.
    pub slots: Vec<Slot>,
    /// What becomes of it.
    pub award: GroupAward,
    /// Whether all units of a group are of one item.
    pub same_item: bool,
    /// Who is favoured where units cost differently.
    pub favour: Favour,
    /// Which units of a group carry what is taken off.
    pub carried_by: CarriedBy,
    /// What has to be spent besides.
    pub spend: Option<Spend>,
}

/// A place in a group for some units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which units fit.
    pub items: Selector,
    /// How many each group needs; at least 1.
    pub count: u32,
    /// What becomes of each of them, where the group's award is by slot; none only qualifies.
    pub award: Option<UnitAward>,
    /// They only have to be in the basket: other promotions, and none, may take them.
    pub reusable: bool,
}

/// What becomes of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupAward {
    /// What the slots say.
    BySlot,
    /// All of it costs so much, in minor units, if it cost more.
    Price(i64),
    /// This part of every unit is taken off.
    PercentOff(BasisPoints),
    /// So much is taken off the group, at most all of it.
    AmountOff(i64),
    /// The cheapest units of the group get this.
    Cheapest {
        /// How many of them.
        count: u32,
        /// What.
        award: UnitAward,
    },
    /// The dearest units of the group get this.
    Dearest {
        /// How many of them.
        count: u32,
        /// What.
        award: UnitAward,
    },
}

/// Who is favoured where units cost differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Favour {
    /// The customer: whatever costs least.
    #[default]
    Customer,
    /// The retailer: the dearest go into groups first, the award falls on the cheapest of all.
    Retailer,
}

/// Which units of a group carry what is taken off: what a return of one of them is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CarriedBy {
    /// Those that the award falls on.
    #[default]
    Awarded,
    /// All of them, in proportion to their prices.
    All,
}

/// What has to be spent for a promotion of units or groups, without the units that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    /// On which goods.
    pub items: Selector,
    /// So much, in minor units.
    pub amount: i64,
    /// As measured.
    pub basis: Basis,
    /// Whether each such amount allows one use; otherwise it has to be spent once.
    pub is_repeatable: bool,
}

/// A reduction of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Of which goods.
    pub items: Selector,
    /// Only of those that no promotion of items has lowered.
    pub undiscounted_only: bool,
    /// What is counted.
    pub counts: Counts,
    /// How money is measured; the award always falls on what is to pay.
    pub basis: Basis,
    /// Never empty, ascending; one of those that are reached holds, whichever comes out best.
    pub tiers: Vec<OrderTier>,
    /// Whether an amount off is given for each time that the only tier is reached.
    pub is_repeatable: bool,
    /// Of promotions that cover the same goods lower ones come first, equal ones in any order.
    pub sequence: u32,
}

/// From so much on, this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderTier {
    /// Minor units, or units; nought for any.
    pub from: i64,
    /// What.
    pub award: OrderAward,
}

/// What becomes of an order's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderAward {
    /// A part of it is taken off, rounded half up once.
    PercentOff(BasisPoints),
    /// So much is taken off, in minor units, at most all of it.
    AmountOff(i64),
}

/// What a threshold counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Counts {
    /// Money, after the items' own promotions.
    #[default]
    Amount,
    /// Units.
    Quantity,
}

/// Whether tax counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Basis {
    /// What is to pay, with all tax.
    #[default]
    AfterTax,
    /// Without any tax.
    BeforeTax,
}

/// Something for the customer to come back with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// For which goods.
    pub items: Selector,
    /// What is counted, after all promotions.
    pub counts: Counts,
    /// So much is needed; nought for any.
    pub from: i64,
    /// What is given.
    pub award: RewardAward,
}

/// What a reward gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RewardAward {
    /// So many points, once.
    Points(u64),
    /// So many points for each unit.
    PointsPerUnit(u64),
    /// The set's own points for what the goods cost, so many times over; 2 doubles them.
    PointsTimes(u32),
    /// A coupon of this campaign for the next visit.
    Coupon(Arc<str>),
}

/// Which goods. Within a list any entry, of the lists that are not empty all.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Selector {
    /// By id.
    pub items: Vec<ItemId>,
    /// By brand.
    pub brands: Vec<Arc<str>>,
    /// By department, category or a path of categories (`a/b`), with all that is below.
    pub categories: Vec<Arc<str>>,
    /// By tag.
    pub tags: Vec<Arc<str>>,
    /// From this unit price on, in minor units.
    pub price_from: Option<i64>,
    /// Up to this unit price, in minor units.
    pub price_to: Option<i64>,
    /// Without these: any entry of any list.
    pub except: Exclusion,
}

/// What a selector leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Exclusion {
    /// By id.
    pub items: Vec<ItemId>,
    /// By brand.
    pub brands: Vec<Arc<str>>,
    /// By category, with all that is below.
    pub categories: Vec<Arc<str>>,
    /// By tag.
    pub tags: Vec<Arc<str>>,
}

/// How a promotion goes with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Combine {
    /// A unit that it takes has no other promotion of items; an order that it lowers no other of
    /// orders.
    #[default]
    Alone,
    /// Those that come on top may come on top of it; orders' promotions may be used together.
    WithOthers,
    /// It comes on top of what the units' other promotions left, if these go with others; of
    /// several, lower numbers first. Only for [`Each`] with one tier from 1.
    OnTop(u32),
    /// Where it is used there is no other promotion in the basket at all.
    Exclusive,
}

/// Which wider promotions a narrower one takes the place of, for the items that it covers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Replaces {
    /// None.
    #[default]
    Nothing,
    /// All wider ones of items; those of orders and rewards stay.
    Wider,
    /// These, if they are wider.
    These(Vec<PromotionId>),
}
