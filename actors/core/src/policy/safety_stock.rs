use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part};
use crate::safety_stock::{SafetyStockLevel, level_with_default_clearing};
use crate::{ItemId, Quantity, Unit};

/// Most levels: one for each item of the largest catalogue.
const LEVELS_MAX: usize = 300_000;

/// The columns of the file from which headquarters makes the part; the unit is the catalogue's.
pub const SAFETY_STOCK_COLUMNS: [&str; 3] = ["item", "safety_stock", "clear_at"];

const UNITS: [(&str, Unit); 4] = [
    ("piece", Unit::Piece),
    ("kilogram", Unit::Kilogram),
    ("litre", Unit::Litre),
    ("gallon", Unit::Gallon),
];

/// The levels at which somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyStock(pub Vec<SafetyStockLevel>);

impl SafetyStock {
    /// Reads `{"levels": [{"item", "unit", "safety_stock", "clear_at"}]}`, quantities in quotes;
    /// the alert clears one unit higher where `clear_at` is missing.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(Part::SafetyStock);
        let levels = levels(&mut reader, value);
        reader.finish(levels.map(Self))
    }
}

fn levels(reader: &mut Reader, value: &Value) -> Option<Vec<SafetyStockLevel>> {
    let table = reader.table(value, &["levels"])?;
    let list = reader.required(table, "levels")?;
    reader.key("levels", |reader| {
        let levels = reader.list(list, LEVELS_MAX, level)?;
        reader.unique(list, Some("item"));
        Some(levels)
    })
}

fn level(reader: &mut Reader, value: &Value) -> Option<SafetyStockLevel> {
    let table = reader.table(value, &["item", "unit", "safety_stock", "clear_at"])?;
    let mut field = |key: &str| reader.required(table, key);
    let (item, unit, at) = (field("item"), field("unit"), field("safety_stock"));
    let item = item.and_then(|item| reader.key("item", |reader| reader.id(item, ItemId::new)));
    let unit = unit.and_then(|unit| reader.key("unit", |reader| reader.word(unit, &UNITS)));
    let unit = unit?;
    let at = at.and_then(|at| reader.key("safety_stock", |reader| quantity(reader, at, unit)));
    let clear_at = match table.get("clear_at") {
        Some(clear_at) => Some(reader.key("clear_at", |reader| quantity(reader, clear_at, unit))?),
        None => None,
    };
    let level = level_with_default_clearing(item?, at?);
    let Some(clear_at) = clear_at else { return Some(level) };
    if clear_at.thousandths() <= level.safety_stock.thousandths() {
        reader.key("clear_at", |reader| {
            reader.fault("bad_clear_at", "the alert has to clear above the safety stock");
        });
        return None;
    }
    Some(SafetyStockLevel { clear_at, ..level })
}

fn quantity(reader: &mut Reader, value: &Value, unit: Unit) -> Option<Quantity> {
    let Some(text) = value.as_str() else {
        reader.fault("bad_quantity", "a quantity is expected here, in quotes");
        return None;
    };
    match Quantity::parse(text, unit) {
        Ok(quantity) if !quantity.is_negative() => return Some(quantity),
        Ok(_) => reader.fault("bad_quantity", "the quantity is negative"),
        Err(error) => reader.fault("bad_quantity", error.to_string()),
    }
    None
}
