use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::barcode::{Gtin, Measure};
use crate::{Choice, Currency, ItemId, Money, Quantity, Unit};

/// How the amount to charge for an item comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoldBy {
    /// By the piece.
    Piece,
    /// By weight. Where the item's unit is the piece, each piece bears a label with its own price.
    Weight,
    /// By volume, as fuel.
    Volume,
}

/// A price look-up code: what a cashier keys for goods that bear no barcode. Leading noughts say
/// nothing, `04011` on a label is `4011` on the list, but it is shown as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plu {
    number: NonZeroU32,
    width: u8,
}

impl Plu {
    /// Takes 1 to 6 digits, not all of them noughts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let width = u8::try_from(text.len()).ok()?;
        let is_code = width <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_code)?;
        Some(Self { number, width })
    }

    /// The code without its leading noughts.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number.get()
    }
}

impl fmt::Display for Plu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::from(self.width);
        write!(f, "{:0width$}", self.number)
    }
}

/// A price and the first day on which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedPrice {
    /// From this day on; the earliest date there is where it held always.
    pub from: Date,
    /// For one unit.
    pub price: Money,
}

/// The prices of one item, without the currency that all of a catalogue share: most items have
/// one price and no date, and 300,000 of them have to fit into a small computer.
#[derive(Clone, Debug)]
pub(super) enum Prices {
    None,
    Always(i64),
    /// In order of their dates.
    Dated(Box<[(Date, i64)]>),
}

/// What few items have.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    pub tags: Arc<[Arc<str>]>,
    pub cost: Option<Money>,
    pub floor_price: Option<Money>,
    pub safety_stock: Option<Quantity>,
    pub clear_at: Option<Quantity>,
    pub pack_of: Option<PackOf>,
    pub age_min: Option<u8>,
    pub deposit_item: Option<ItemId>,
    pub has_serial: bool,
    pub tare: Option<Quantity>,
}

/// What a pack is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackOf {
    /// Of which item.
    pub item: ItemId,
    /// How many pieces of it.
    pub pieces: u32,
}

impl Details {
    pub(super) fn is_empty(&self) -> bool {
        let Self { tags, cost, floor_price, safety_stock, clear_at, pack_of, .. } = self;
        tags.is_empty()
            && cost.is_none()
            && floor_price.is_none()
            && safety_stock.is_none()
            && clear_at.is_none()
            && pack_of.is_none()
            && self.age_min.is_none()
            && self.deposit_item.is_none()
            && !self.has_serial
            && self.tare.is_none()
    }
}

/// Something that the store sells (商品).
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id; never another item's.
    pub id: ItemId,
    /// What the receipt calls it.
    pub description: Arc<str>,
    /// The department, the upper level of the categories; may be empty.
    pub department: Arc<str>,
    /// The category within the department; may be empty.
    pub category: Arc<str>,
    /// The brand; may be empty.
    pub brand: Arc<str>,
    /// The tax class, a key of the store's tax table; may be empty. An item with its own tax is
    /// of the class that says its rate.
    pub tax_class: Arc<str>,
    /// What a quantity of it counts; its price is for one of these.
    pub unit: Unit,
    /// How the amount to charge comes about.
    pub sold_by: SoldBy,
    /// The first of its barcodes that means one piece of it.
    pub barcode: Option<Gtin>,
    /// Its price look-up code.
    pub plu: Option<Plu>,
    pub(super) currency: Currency,
    pub(super) prices: Prices,
    pub(super) details: Option<Box<Details>>,
}

impl Item {
    /// The price on a day: the one with the latest start that is not after it.
    #[must_use]
    pub fn price_on(&self, date: Date) -> Option<Money> {
        let minor = match &self.prices {
            Prices::None => return None,
            Prices::Always(minor) => *minor,
            Prices::Dated(prices) => {
                let begun = prices.partition_point(|(from, _)| *from <= date);
                prices.get(begun.checked_sub(1)?)?.1
            }
        };
        Money::from_minor(minor, self.currency).ok()
    }

    /// As somebody chooses it among those with the same code.
    #[must_use]
    pub fn choice(&self, day: Date) -> Choice {
        let (item, description) = (self.id.clone(), self.description.clone());
        Choice { item, description, price: self.price_on(day) }
    }

    /// Every price it has or will have, in order of their dates.
    pub fn prices(&self) -> impl Iterator<Item = DatedPrice> {
        let (always, dated): (Option<i64>, &[(Date, i64)]) = match &self.prices {
            Prices::None => (None, &[]),
            Prices::Always(minor) => (Some(*minor), &[]),
            Prices::Dated(prices) => (None, prices),
        };
        let always = always.map(|minor| (Date::MIN, minor));
        always.into_iter().chain(dated.iter().copied()).filter_map(|(from, minor)| {
            let price = Money::from_minor(minor, self.currency).ok()?;
            Some(DatedPrice { from, price })
        })
    }

    /// Words that promotions and lists choose it by.
    #[must_use]
    pub fn tags(&self) -> &[Arc<str>] {
        self.details.as_ref().map_or(&[], |details| &details.tags)
    }

    /// The same words, shared: every line of a basket carries them at every scan.
    #[must_use]
    pub fn shared_tags(&self) -> Arc<[Arc<str>]> {
        self.details.as_ref().map(|details| details.tags.clone()).unwrap_or_default()
    }

    /// What one unit costs the store.
    #[must_use]
    pub fn cost(&self) -> Option<Money> {
        self.details.as_ref()?.cost
    }

    /// The lowest price at which one unit may be sold.
    #[must_use]
    pub fn floor_price(&self) -> Option<Money> {
        self.details.as_ref()?.floor_price
    }

    /// The stock at or below which somebody is told.
    #[must_use]
    pub fn safety_stock(&self) -> Option<Quantity> {
        self.details.as_ref()?.safety_stock
    }

    /// The stock at or above which the alert goes away, where that is stated.
    #[must_use]
    pub fn clear_at(&self) -> Option<Quantity> {
        self.details.as_ref()?.clear_at
    }

    /// What it is made of, where it is a pack.
    #[must_use]
    pub fn pack_of(&self) -> Option<&PackOf> {
        self.details.as_ref()?.pack_of.as_ref()
    }

    /// How old whoever buys it has to be, in years.
    #[must_use]
    pub fn age_min(&self) -> Option<u8> {
        self.details.as_ref()?.age_min
    }

    /// The item that is the deposit on one of it.
    #[must_use]
    pub fn deposit_item(&self) -> Option<&ItemId> {
        self.details.as_ref()?.deposit_item.as_ref()
    }

    /// Whether each piece bears a number that has to be named.
    #[must_use]
    pub fn has_serial(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.has_serial)
    }

    /// What its packing weighs, to be taken off what a scale says.
    #[must_use]
    pub fn tare(&self) -> Option<Quantity> {
        self.details.as_ref()?.tare
    }

    /// A code that finds it, the most familiar first: barcode, price look-up code, id.
    #[must_use]
    pub fn main_code(&self) -> String {
        match (self.barcode, self.plu) {
            (Some(barcode), _) => barcode.to_string(),
            (None, Some(plu)) => plu.to_string(),
            (None, None) => self.id.to_string(),
        }
    }
}

/// What a code stands for.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The item.
    pub item: &'a Item,
    /// How many pieces of it one reading means; 1 unless the barcode is that of a pack.
    pub pack: u32,
    /// What the label itself says.
    pub measure: Option<Measure>,
}

/// A code that stands with more than one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedCode {
    /// The code, as it is printed or keyed.
    pub code: String,
    /// The items, in the order of the file.
    pub items: Vec<ItemId>,
}
