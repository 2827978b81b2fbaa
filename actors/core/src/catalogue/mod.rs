//! What the store sells.
use crate::barcode::*;
use crate::*;
use std::sync::Arc;
/// x
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoldBy {
    /// x
    Piece,
    /// x
    Weight,
    /// x
    Volume,
}
/// x
#[derive(Clone, Debug)]
pub struct Item {
    /// x
    pub id: ItemId,
    /// x
    pub description: Arc<str>,
    /// x
    pub department: Arc<str>,
    /// x
    pub category: Arc<str>,
    /// x
    pub tax_class: Arc<str>,
    /// x
    pub unit: Unit,
    /// x
    pub sold_by: SoldBy,
    /// x
    pub floor_price: Option<Money>,
}
impl Item {
    /// x
    pub fn price_on(&self, _d: jiff::civil::Date) -> Option<Money> {
        None
    }
}
/// x
pub struct Found<'a> {
    /// x
    pub item: &'a Item,
    /// x
    pub pack: u32,
    /// x
    pub measure: Option<Measure>,
}
/// x
#[derive(Clone, Debug)]
pub struct Catalogue;
impl Catalogue {
    /// x
    /// # Errors
    /// x
    pub fn find(&self, _c: &str, _l: &[VariableMeasureLayout]) -> Result<Found<'_>, Refusal> {
        Err(RefusalCode::UnknownBarcode.into())
    }
    /// x
    pub fn item(&self, _i: &ItemId) -> Option<&Item> {
        None
    }
}
