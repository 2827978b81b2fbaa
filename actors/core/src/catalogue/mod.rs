//! What the store sells.
//!
//! A [`Catalogue`] is read once, shared by every register and never changed: new prices are a new
//! catalogue. It is made by [`import`] from CSV; `header` documents the columns.

mod codes;
mod departments;
mod digest;
mod fields;
mod header;
mod import;
mod import_error;
mod initials;
mod intern;
mod item;
mod packs;
mod readings;
mod search;
#[cfg(test)]
mod tests;

use std::fmt;

pub use departments::{Category, Department};
pub use header::{COLUMNS, Column};
pub use import::{import, import_all, line_at};
pub use import_error::{ImportError, ImportReason};
pub use item::{DatedPrice, Found, Item, PackOf, Plu, SharedCode, SoldBy};

use jiff::civil::Date;

use crate::barcode::{self, BarcodeError, Gtin, Measure, Symbol, VariableMeasureLayout};
use crate::{Currency, ItemId, Refusal, RefusalCode};
use codes::{Codes, Listed};
use search::SearchText;

/// Most items of one catalogue: a hypermarket has 300,000; three times that.
pub const ITEMS_MAX: usize = 1_000_000;

/// The items of a store and every code that finds them.
pub struct Catalogue {
    currency: Currency,
    digest: String,
    /// In the order of the file.
    items: Vec<Item>,
    codes: Codes,
    search: SearchText,
    departments: Vec<Department>,
}

impl Catalogue {
    /// A catalogue without items.
    #[must_use]
    pub fn empty(currency: Currency) -> Self {
        Self {
            currency,
            digest: digest::digest(&[], currency),
            items: Vec::new(),
            codes: Codes::default(),
            search: SearchText::of(&[]),
            departments: Vec::new(),
        }
    }

    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is nothing to sell.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The currency of every price in it.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Names the text and the currency it was made of, in 32 hexadecimal digits: equal inputs have
    /// equal digests. It tells catalogues apart and proves nothing against forgery.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every item, in the order of the file.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.items.iter()
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.at(self.codes.by_id(&self.items, id.as_str()))
    }

    /// What a code stands for, as a scanner sent it or a cashier keyed it: a barcode, a label that
    /// carries its price or weight, an item's id, a price look-up code, in this order.
    ///
    /// # Errors
    /// [`RefusalCode::UnknownBarcode`], [`RefusalCode::BadCheckDigit`] where the digits look like
    /// an article number that was misread, or [`RefusalCode::AmbiguousCode`] where it stands for
    /// several items; all name the `code`.
    pub fn find(
        &self,
        code: &str,
        layouts: &[VariableMeasureLayout],
    ) -> Result<Found<'_>, Refusal> {
        match *self.candidates(code, layouts)? {
            [found] => Ok(found),
            _ => Err(refused(RefusalCode::AmbiguousCode, code)),
        }
    }

    /// As [`Catalogue::find`], where somebody may have chosen among the items of a code.
    ///
    /// # Errors
    /// The same; [`RefusalCode::AmbiguousCode`] brings the choices with their prices on a day, and
    /// so it is refused where the chosen item is none of them.
    pub fn find_chosen(
        &self,
        code: &str,
        chosen: Option<&ItemId>,
        layouts: &[VariableMeasureLayout],
        day: Date,
    ) -> Result<Found<'_>, Refusal> {
        let candidates = self.candidates(code, layouts)?;
        let found = match (chosen, &*candidates) {
            (None, [found]) => Some(*found),
            (None, _) => None,
            (Some(id), several) => several.iter().find(|one| one.item.id == *id).copied(),
        };
        found.ok_or_else(|| Refusal {
            choices: candidates.iter().map(|one| one.item.choice(day)).collect(),
            ..refused(RefusalCode::AmbiguousCode, code)
        })
    }

    /// Every code that stands with more than one item: whoever scans it is asked which.
    #[must_use]
    pub fn shared_codes(&self) -> Vec<SharedCode> {
        self.codes.shared(&self.items)
    }

    /// Whether something is sold by a code.
    #[must_use]
    pub fn sells(&self, code: &str, layouts: &[VariableMeasureLayout]) -> bool {
        self.candidates(code, layouts).is_ok()
    }

    /// All that a code stands for: never nothing.
    fn candidates(
        &self,
        code: &str,
        layouts: &[VariableMeasureLayout],
    ) -> Result<Vec<Found<'_>>, Refusal> {
        let cleaned =
            barcode::clean(code).map_err(|_| refused(RefusalCode::UnknownBarcode, code))?;
        let text = cleaned.text.clone();
        let listed = self.barcode(&text);
        if !listed.is_empty() {
            return Ok(listed);
        }
        let symbol = barcode::read_cleaned(cleaned, layouts, self.currency);
        let found = match &symbol {
            Ok(Symbol::Gtin(gtin)) => self.listed(self.codes.by_gtin(*gtin)),
            Ok(Symbol::VariableMeasure { item_code, measure }) => {
                self.measured(item_code, *measure)
            }
            Ok(Symbol::Other(_)) | Err(_) => Vec::new(),
        };
        let found = if found.is_empty() { self.keyed(&text) } else { found };
        if !found.is_empty() {
            return Ok(found);
        }
        Err(match symbol {
            Err(BarcodeError::BadCheckDigit) => refused(RefusalCode::BadCheckDigit, code),
            _ => refused(RefusalCode::UnknownBarcode, code),
        })
    }

    /// The items that a text means, best first: the one whose code it is, those with a code that
    /// begins with it, those whose name begins with it, those whose name contains all its words,
    /// and those whose pinyin or zhuyin initials it is, every reading of a character taken; the
    /// equal ones in the order of the file. Width and case say nothing.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Item> {
        let text = search::folded(text.trim());
        if text.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut positions = self.codes.by_prefix(&self.items, &text, limit);
        self.search.find(&text, limit, &mut positions);
        positions.into_iter().filter_map(|position| self.at(Some(position))).collect()
    }

    /// The departments, in the order in which the file first names them; what has none last.
    #[must_use]
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// Some items of a department, or of one category of it, from the one at a place on; none
    /// where there is no such department.
    #[must_use]
    pub fn page(
        &self,
        department: &str,
        category: Option<&str>,
        from: usize,
        limit: usize,
    ) -> Vec<&Item> {
        let found = self.departments.iter().find(|one| *one.name == *department);
        let positions = found.into_iter().flat_map(|one| one.positions(category));
        positions.skip(from).take(limit).filter_map(|position| self.at(Some(position))).collect()
    }

    /// How much memory the names and initials take that are searched, in bytes.
    #[must_use]
    pub fn search_bytes(&self) -> usize {
        self.search.bytes()
    }

    fn at(&self, position: Option<u32>) -> Option<&Item> {
        self.items.get(usize::try_from(position?).ok()?)
    }

    fn listed<C>(&self, listed: &[Listed<C>]) -> Vec<Found<'_>> {
        let found = listed.iter().filter_map(|one| {
            self.at(Some(one.item)).map(|item| Found { item, pack: one.pack, measure: None })
        });
        found.collect()
    }

    /// By a code as it is listed: the number of an article, or another code of the store's own.
    fn barcode(&self, text: &str) -> Vec<Found<'_>> {
        let article = Gtin::parse(text).map(|gtin| self.codes.by_gtin(gtin)).unwrap_or_default();
        if article.is_empty() {
            return self.listed(self.codes.by_plain(text));
        }
        self.listed(article)
    }

    /// By what a person keys.
    fn keyed(&self, text: &str) -> Vec<Found<'_>> {
        if let Some(item) = self.at(self.codes.by_id(&self.items, text)) {
            return vec![Found { item, pack: 1, measure: None }];
        }
        self.listed(Plu::parse(text).map(|plu| self.codes.by_plu(plu)).unwrap_or_default())
    }

    /// By the item's digits on a label: a price look-up code, or all of a GTIN.
    fn measured(&self, item_code: &str, measure: Measure) -> Vec<Found<'_>> {
        let by_plu = Plu::parse(item_code).map(|plu| self.codes.by_plu(plu)).unwrap_or_default();
        let mut found = self.listed(by_plu);
        if found.is_empty() {
            found = self.barcode(item_code);
        }
        if found.is_empty() {
            found = self.keyed(item_code);
        }
        found.iter_mut().for_each(|one| one.measure = Some(measure));
        found
    }
}

/// A code that is not taken, as far as it can be shown.
fn refused(refusal: RefusalCode, code: &str) -> Refusal {
    let shown = code.trim().chars().filter(|each| !each.is_control());
    let shown: String = shown.take(barcode::CODE_CHARS_MAX).collect();
    Refusal::new(refusal).with("code", shown)
}

impl fmt::Debug for Catalogue {
    /// Without the items: there may be hundreds of thousands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue")
            .field("currency", &self.currency)
            .field("digest", &self.digest)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}
