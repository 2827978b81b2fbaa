//! The price list as the replay needs it, read by itself: what adds up the input may not share
//! the hub's own catalogue import.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use store_core::Unit;

use super::ReplayError;

/// What the quantity of a file's line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoldBy {
    /// Things.
    Each,
    /// Pieces that carry a label with their own price.
    Weighed,
    /// Thousandths of a gallon.
    Volume,
}

impl SoldBy {
    /// The unit of such an item in the hub's catalogue. A labelled piece is a piece: the file
    /// counts pieces and its unit price is for one.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Each | Self::Weighed => Unit::Piece,
            Self::Volume => Unit::Gallon,
        }
    }
}

/// One item of the price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedItem {
    /// Its codes, the first to be entered where the file has none; a code of a whole pack is not
    /// among them. Without any its PLU or its id is typed.
    pub codes: Vec<String>,
    /// The number that its price labels carry; empty where it has none.
    pub plu: String,
    /// Its department, `UNKNOWN` where the list has none.
    pub department: String,
    /// What its quantities count.
    pub sold_by: SoldBy,
    /// The price of one unit, in minor units; `None` where the list has none.
    pub unit_price: Option<i64>,
}

/// The department of an item that has none, as the control totals name it.
pub const DEPARTMENT_UNKNOWN: &str = "UNKNOWN";

/// All items by their id.
#[derive(Clone, Debug, Default)]
pub struct PriceList {
    items: HashMap<String, PricedItem>,
}

#[derive(Deserialize)]
struct Row {
    item: String,
    ean: String,
    plu: Option<String>,
    department: Option<String>,
    category: Option<String>,
    unit: Option<String>,
    unit_price: Option<String>,
    base_price: Option<String>,
}

impl PriceList {
    /// Reads a catalogue with either header of the trade data.
    ///
    /// # Errors
    /// [`ReplayError::Read`], or [`ReplayError::BadLine`] with the line that does not parse.
    pub fn open(path: &Path) -> Result<Self, ReplayError> {
        let read = |source| ReplayError::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(read)?;
        Self::read(file).map_err(|(line, reason)| ReplayError::BadLine {
            path: path.to_owned(),
            line,
            reason,
        })
    }

    /// Reads a catalogue from its text.
    ///
    /// # Errors
    /// The line that does not parse, and why.
    pub fn read(text: impl Read) -> Result<Self, (u64, String)> {
        let mut reader = csv::Reader::from_reader(text);
        let mut items = HashMap::new();
        let headers = reader.headers().map_err(|fault| (1, fault.to_string()))?;
        // The synthetic year has no departments: there the category takes their place.
        let has_departments = headers.iter().any(|name| name == "department");
        for row in reader.deserialize::<Row>() {
            let row = row.map_err(|fault| {
                (fault.position().map_or(1, csv::Position::line), fault.to_string())
            })?;
            let line = items.len() as u64 + 2;
            let id = row.item.clone();
            items.insert(id, row.priced(has_departments).map_err(|reason| (line, reason))?);
        }
        Ok(Self { items })
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&PricedItem> {
        self.items.get(id)
    }

    /// Every item with its id, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &PricedItem)> {
        self.items.iter()
    }

    /// The item's department; `UNKNOWN` for an item that is not in the list.
    #[must_use]
    pub fn department(&self, id: &str) -> &str {
        self.item(id).map_or(DEPARTMENT_UNKNOWN, |item| &item.department)
    }
}

impl Row {
    fn priced(self, has_departments: bool) -> Result<PricedItem, String> {
        let sold_by = match self.unit.as_deref() {
            Some("weighed") => SoldBy::Weighed,
            Some("volume") => SoldBy::Volume,
            // The synthetic year writes the package here: `500 ml bottle`.
            _ => SoldBy::Each,
        };
        let department = if has_departments { self.department } else { self.category };
        let department = department.unwrap_or_default();
        let department = match department.trim() {
            "" => DEPARTMENT_UNKNOWN.to_owned(),
            name => name.to_owned(),
        };
        let price = self.unit_price.or(self.base_price).unwrap_or_default();
        let unit_price = match price.trim() {
            "" => None,
            text => Some(cents(text).ok_or_else(|| format!("`{text}` is not a price"))?),
        };
        // Several stand one behind the other; `4710000000000*6` means six pieces.
        let codes = self.ean.split(';').map(str::trim);
        let codes = codes.filter(|code| !code.is_empty() && !code.contains('*'));
        let codes = codes.map(str::to_owned).collect();
        let plu = self.plu.unwrap_or_default().trim().to_owned();
        Ok(PricedItem { codes, plu, department, sold_by, unit_price })
    }
}

/// Both sources write their prices with two decimals.
fn cents(text: &str) -> Option<i64> {
    let price = Decimal::from_str_exact(text).ok()?.checked_mul(Decimal::ONE_HUNDRED)?;
    let whole = price.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    (whole == price).then(|| i64::try_from(whole).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "item,ean,plu,description,department,category,brand,unit,unit_price\n\
        1,0400000000017,,FUEL,FUEL,X,B,volume,2.29\n\
        2,0400000000024,00001,HAM,,MEAT,B,weighed,3.10\n";

    #[test]
    fn both_headers_are_read() {
        let real = PriceList::read(REAL.as_bytes()).unwrap();
        assert_eq!(real.item("1").unwrap().sold_by, SoldBy::Volume);
        assert_eq!(real.item("1").unwrap().unit_price, Some(229));
        assert_eq!(real.department("2"), "UNKNOWN", "an empty department has no name");
        assert_eq!(real.department("3"), "UNKNOWN", "nor has an item that is not there");
        let synthetic =
            "item,ean,description,category,unit,base_price\nA-1,045,Lager,Beer,can,4.99";
        let synthetic = PriceList::read(synthetic.as_bytes()).unwrap();
        assert_eq!(synthetic.department("A-1"), "Beer");
        assert_eq!(synthetic.item("A-1").unwrap().sold_by, SoldBy::Each);
    }

    #[test]
    fn a_bad_price_is_named_with_its_line() {
        let text = REAL.replace("3.10", "3.101");
        let (line, reason) = PriceList::read(text.as_bytes()).unwrap_err();
        assert_eq!((line, reason.as_str()), (3, "`3.101` is not a price"));
    }
}
