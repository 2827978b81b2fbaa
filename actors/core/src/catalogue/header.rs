use csv::StringRecord;

use super::SoldBy;
use super::import_error::{ImportError, ImportReason};
use crate::Unit;

/// A column of a catalogue file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The item's id: 1 to 64 bytes, unique. Required.
    Item,
    /// Its barcodes, separated by `;`. `4710000000000*6` means a pack of six.
    Barcodes,
    /// Its price look-up code, 1 to 6 digits.
    Plu,
    /// What the receipt calls it, at most 200 bytes. Required.
    Description,
    /// The upper level of the categories.
    Department,
    /// The level below.
    Category,
    /// The brand.
    Brand,
    /// Words that promotions choose it by, separated by `;`.
    Tags,
    /// `piece`, `labelled_piece` (each piece bears a label with its own price), `kilogram`,
    /// `litre` or `gallon`. Required.
    Unit,
    /// The price of one unit in the store's currency; nothing where there is none. Later prices
    /// stand behind it with their first day: `59;55@2026-12-01;59@2026-12-24`. Required.
    Price,
    /// A key of the store's tax table; nothing means the table's default.
    TaxClass,
    /// What one unit costs the store.
    Cost,
    /// The lowest price at which one unit may be sold.
    FloorPrice,
    /// Somebody is told when the stock falls to this, in units.
    SafetyStock,
    /// The alert goes away when the stock rises to this; more than the safety stock.
    ClearAt,
    /// The item's own tax in percent, in the place of a tax class.
    TaxRate,
    /// Whether the price contains that tax: `true`, which holds if nothing is said, or `false`.
    TaxIncluded,
    /// `ITEM*6`: the item is six pieces of that item, sold by a barcode and a price of its own.
    /// Price, cost and floor price are six times that item's where its own are empty; its stock is
    /// its own.
    PackOf,
    /// Sold only to people of at least so many years: 1 to 99.
    AgeMin,
    /// The item that is the deposit on one of it: added, changed and taken out with it. Both are
    /// counted in pieces, and a deposit has none itself.
    DepositItem,
    /// `required` where each piece bears a number that has to be named before payment.
    Serial,
    /// What the packing of goods that are weighed weighs, in kilograms: taken off what a scale
    /// says.
    Tare,
}

/// The columns of our own files, in the order in which they are best written. The header names
/// those that are there, in any order; all but `item`, `description`, `unit` and `price` may be
/// missing. The text is UTF-8 with or without a byte order mark; lines end in LF or CRLF.
pub const COLUMNS: [(&str, Column); 22] = [
    ("item", Column::Item),
    ("barcodes", Column::Barcodes),
    ("plu", Column::Plu),
    ("description", Column::Description),
    ("department", Column::Department),
    ("category", Column::Category),
    ("brand", Column::Brand),
    ("tags", Column::Tags),
    ("unit", Column::Unit),
    ("price", Column::Price),
    ("tax_class", Column::TaxClass),
    ("cost", Column::Cost),
    ("floor_price", Column::FloorPrice),
    ("safety_stock", Column::SafetyStock),
    ("clear_at", Column::ClearAt),
    ("tax_rate", Column::TaxRate),
    ("tax_included", Column::TaxIncluded),
    ("pack_of", Column::PackOf),
    ("age_min", Column::AgeMin),
    ("deposit_item", Column::DepositItem),
    ("serial", Column::Serial),
    ("tare", Column::Tare),
];

/// A family of files: which names its columns have.
struct Format {
    columns: &'static [(&'static str, Column)],
    /// Columns that are there and say nothing that a store needs.
    ignored: &'static [&'static str],
    required: &'static [&'static str],
    units: &'static [(&'static str, Unit, SoldBy)],
}

const OWN: Format = Format {
    columns: &COLUMNS,
    ignored: &[],
    required: &["item", "description", "unit", "price"],
    units: &[
        ("piece", Unit::Piece, SoldBy::Piece),
        ("labelled_piece", Unit::Piece, SoldBy::Weight),
        ("kilogram", Unit::Kilogram, SoldBy::Weight),
        ("litre", Unit::Litre, SoldBy::Volume),
        ("gallon", Unit::Gallon, SoldBy::Volume),
    ],
};

/// The best sellers of a supermarket: what is weighed there mostly comes in pieces with labels of
/// their own, what is sold by volume is fuel by the gallon.
const SUPERMARKET: Format = Format {
    columns: &[
        ("item", Column::Item),
        ("ean", Column::Barcodes),
        ("plu", Column::Plu),
        ("description", Column::Description),
        ("department", Column::Department),
        ("category", Column::Category),
        ("brand", Column::Brand),
        ("unit", Column::Unit),
        ("unit_price", Column::Price),
        ("tax_class", Column::TaxClass),
    ],
    ignored: &["manufacturer", "lines_2017", "revenue_2017"],
    required: &["item", "ean", "description", "unit", "unit_price"],
    units: &[
        ("each", Unit::Piece, SoldBy::Piece),
        ("weighed", Unit::Kilogram, SoldBy::Weight),
        ("volume", Unit::Gallon, SoldBy::Volume),
    ],
};

/// The synthetic grocery: one level of names higher than ours, and its unit is the pack's size.
const GROCERY: Format = Format {
    columns: &[
        ("item", Column::Item),
        ("ean", Column::Barcodes),
        ("description", Column::Description),
        ("category", Column::Department),
        ("type", Column::Category),
        ("brand_level", Column::Brand),
        ("base_price", Column::Price),
    ],
    ignored: &["unit", "weight_g"],
    required: &["item", "ean", "description", "base_price"],
    units: &[],
};

/// Where the columns of one file stand.
pub(super) struct Header {
    names: Vec<String>,
    positions: [Option<usize>; COLUMNS.len()],
    units: &'static [(&'static str, Unit, SoldBy)],
}

impl Header {
    /// Recognises the family of a file by its columns.
    ///
    /// # Errors
    /// Where a column is missing, unknown or there twice.
    pub(super) fn of(record: &StringRecord) -> Result<Self, ImportError> {
        let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        let has = |wanted: &str| names.iter().any(|name| name == wanted);
        let format = if has("unit_price") {
            SUPERMARKET
        } else if has("base_price") {
            GROCERY
        } else {
            OWN
        };
        let fault = |name: &str, reason| ImportError {
            line: 1,
            column: Some(name.chars().take(64).collect()),
            reason,
        };
        let mut positions = [None; COLUMNS.len()];
        for (position, name) in names.iter().enumerate() {
            if names.iter().take(position).any(|earlier| earlier == name) {
                return Err(fault(name, ImportReason::DuplicateColumn));
            }
            if format.ignored.contains(&name.as_str()) {
                continue;
            }
            let known = format.columns.iter().find(|(known, _)| known == name);
            let (_, column) = known.ok_or_else(|| fault(name, ImportReason::UnknownColumn))?;
            if let Some(place) = positions.get_mut(*column as usize) {
                *place = Some(position);
            }
        }
        if let Some(missing) = format.required.iter().find(|required| !has(required)) {
            return Err(fault(missing, ImportReason::MissingColumn));
        }
        Ok(Self { names, positions, units: format.units })
    }

    /// Where a column stands.
    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.positions.get(column as usize).copied().flatten()
    }

    /// What the column is called in this file.
    pub(super) fn name(&self, column: Column) -> Option<String> {
        self.names.get(self.position(column)?).cloned()
    }

    /// What a word in the unit column means; in a file without units everything is pieces.
    pub(super) fn unit(&self, word: &str) -> Option<(Unit, SoldBy)> {
        if self.units.is_empty() {
            return Some((Unit::Piece, SoldBy::Piece));
        }
        let known = self.units.iter().find(|(known, ..)| *known == word);
        known.map(|(_, unit, sold_by)| (*unit, *sold_by))
    }
}
