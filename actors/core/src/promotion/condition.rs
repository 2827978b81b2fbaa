//! When, where, for whom and how often a promotion may be used.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, Time, Weekday};

use crate::StoreId;

/// When a promotion is live. A basket keeps to the moment at which it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct When {
    /// From the beginning of this day.
    pub from: Option<Date>,
    /// To the end of this day.
    pub until: Option<Date>,
    /// On these days of the week; none means all.
    pub weekdays: Vec<Weekday>,
    /// In these hours, each from its first moment to before its second; none means all. A window
    /// whose second is not after its first goes over midnight and belongs to the day it began on.
    pub hours: Vec<(Time, Time)>,
}

/// Where a promotion is live. The narrowest list that is not empty says how wide it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// In these stores.
    pub stores: Vec<StoreId>,
    /// In the stores of these regions.
    pub regions: Vec<Arc<str>>,
    /// By these channels, such as `store` or `online`.
    pub channels: Vec<Arc<str>>,
}

/// How wide a promotion is; a narrower one may take the place of a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Width {
    /// The whole chain's.
    Chain,
    /// Some regions'.
    Region,
    /// Some stores'.
    Store,
}

impl Place {
    /// How wide it is.
    #[must_use]
    pub const fn width(&self) -> Width {
        match (self.stores.is_empty(), self.regions.is_empty()) {
            (false, _) => Width::Store,
            (true, false) => Width::Region,
            (true, true) => Width::Chain,
        }
    }
}

/// For whom a promotion is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Who {
    /// Everyone.
    #[default]
    Everyone,
    /// Members, of these tiers; of all where there is none.
    Members(Vec<Arc<str>>),
    /// The chain's own people.
    Employees,
}

/// The coupon that a promotion needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Coupon {
    /// This code, one use a basket.
    Code(Arc<str>),
    /// Codes that begin like this and go on, each of which is used once and never again.
    Unique(Arc<str>),
}

impl Coupon {
    /// Whether a code that is shown is this coupon, or one of these.
    #[must_use]
    pub fn fits(&self, shown: &str) -> bool {
        match self {
            Self::Code(code) => **code == *shown,
            Self::Unique(start) => shown.len() > start.len() && shown.starts_with(&**start),
        }
    }
}

/// How often a promotion may be used. A use is a unit of [`super::rule::Each`], a group of
/// [`super::rule::Group`], and of
/// [`super::rule::Order`] each time that it is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Limits {
    /// In one basket.
    pub per_basket: Option<u32>,
    /// By one member, ever.
    pub per_member: Option<u32>,
    /// In one store on one day.
    pub per_day: Option<u32>,
    /// In the whole chain, ever; a store has its share of it.
    pub total: Option<u32>,
    /// Money in the whole chain, ever, in minor units; a store has its share of it.
    pub budget: Option<i64>,
    /// What of `total` and `budget` each store may use.
    pub shares: BTreeMap<StoreId, Share>,
}

/// A store's part of a chain's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Share {
    /// Of `total`.
    pub total: u32,
    /// Of `budget`, in minor units.
    pub budget: i64,
}
