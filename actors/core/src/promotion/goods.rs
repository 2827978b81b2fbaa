//! What promotions know of a basket.

use std::sync::Arc;

use crate::tax::TaxRate;
use crate::{Currency, ItemId, LineNumber, Quantity};

/// Most units of one basket: a pallet of everything; it bounds every search.
pub const UNITS_MAX: u32 = 20_000;

/// What is bought, as promotions see it: the lines that count, goods that come back left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// The currency of every amount.
    pub currency: Currency,
    /// The lines, in any order: the price does not depend on it.
    pub lines: Vec<GoodsLine>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsLine {
    /// Its number in the basket.
    pub line: LineNumber,
    /// Which item.
    pub item: ItemId,
    /// Its brand.
    pub brand: Arc<str>,
    /// Its department.
    pub department: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// Its tags.
    pub tags: Arc<[Arc<str>]>,
    /// How much. A whole number of pieces is so many units; anything else is one unit.
    pub quantity: Quantity,
    /// The price of one, in minor units: what price ranges look at.
    pub unit_price: i64,
    /// What the line costs before promotions, in minor units, never negative. Pieces share it by
    /// the largest remainder, the first ones first.
    pub amount: i64,
    /// The tax class.
    pub tax_class: Arc<str>,
    /// Its tax.
    pub tax: TaxRate,
    /// A cashier changed the price: no promotion of items takes it, those of orders do.
    pub is_fixed: bool,
}
