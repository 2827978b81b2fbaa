use std::sync::Arc;

use csv::{ErrorKind, Position, Reader, ReaderBuilder, StringRecord};

use super::codes::{Codes, Collected, Listed};
use super::departments::departments;
use super::fields::{self, BarcodeField, DESCRIPTION_BYTES_MAX, NAME_BYTES_MAX};
use super::header::{Column, Header};
use super::import_error::{Duplicate, DuplicateKind, ImportError, ImportReason};
use super::intern::Interner;
use super::item::{Details, Item, Plu};
use super::search::SearchText;
use super::{Catalogue, ITEMS_MAX, digest, packs};
use crate::barcode::Gtin;
use crate::tax::{TaxMethod, TaxRate};
use crate::{Currency, ItemId, Unit};

/// Largest file, in MiB: a million rows of 200 bytes, with room.
const FILE_MIB_MAX: usize = 256;

/// Most rows that are named as bad: somebody who sees a hundred has seen enough.
const FAULTS_MAX: usize = 100;

/// Makes a catalogue of a CSV file. [`super::COLUMNS`] says what may stand in it; two other
/// families of files are recognised by their header.
///
/// # Errors
/// The first row that cannot be read, or a code that would mean two items: a catalogue is taken
/// whole or not at all.
pub fn import(csv: &[u8], currency: Currency) -> Result<Catalogue, ImportError> {
    read_file(csv, currency, 1).map_err(|faults| faults.first)
}

/// As [`import`], for somebody who mends the file.
///
/// # Errors
/// Every row that cannot be read, up to a hundred; codes that would mean two items are looked for
/// when all rows can be read.
pub fn import_all(csv: &[u8], currency: Currency) -> Result<Catalogue, Vec<ImportError>> {
    read_file(csv, currency, FAULTS_MAX)
        .map_err(|faults| [vec![faults.first], faults.others].concat())
}

/// What is wrong with a file: something is.
struct Faults {
    first: ImportError,
    others: Vec<ImportError>,
}

impl From<ImportError> for Faults {
    fn from(first: ImportError) -> Self {
        Self { first, others: Vec::new() }
    }
}

fn read_file(csv: &[u8], currency: Currency, faults_max: usize) -> Result<Catalogue, Faults> {
    let text = text_of(csv)?;
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut record = StringRecord::new();
    read(text, &mut reader, &mut record)?;
    let mut rows = Rows::new(text, Header::of(&record)?, currency);
    let mut faults: Option<Faults> = None;
    loop {
        let taken = match read(text, &mut reader, &mut record) {
            Ok(true) => rows.take(&record),
            Ok(false) => break,
            Err(error) => Err(error),
        };
        let Err(error) = taken else { continue };
        match &mut faults {
            Some(faults) => faults.others.push(error),
            None => faults = Some(error.into()),
        }
        if faults.as_ref().is_some_and(|faults| faults.others.len() + 1 >= faults_max) {
            break;
        }
    }
    match faults {
        Some(faults) => Err(faults),
        None => Ok(rows.finish(digest::digest(csv, currency))?),
    }
}

/// The text of a file, without a byte order mark.
fn text_of(csv: &[u8]) -> Result<&[u8], ImportError> {
    let whole = |reason| ImportError { line: 1, column: None, reason };
    if csv.len() > FILE_MIB_MAX << 20 {
        return Err(whole(ImportReason::FileTooLarge(FILE_MIB_MAX)));
    }
    if let Err(error) = std::str::from_utf8(csv) {
        let before = csv.get(..error.valid_up_to()).unwrap_or_default();
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        let line = u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1);
        return Err(ImportError { line, column: None, reason: ImportReason::NotUtf8 });
    }
    let text = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    if text.trim_ascii().is_empty() {
        return Err(whole(ImportReason::EmptyFile));
    }
    Ok(text)
}

/// The line on which the row stands whose text begins at `start` or behind the line breaks there.
/// The reader's own count is taken before it has skipped empty lines and the second half of CRLF.
#[must_use]
pub fn line_at(text: &[u8], start: usize) -> u64 {
    let (before, after) = text.split_at_checked(start).unwrap_or((text, &[]));
    let skipped = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let breaks = before.iter().chain(skipped).filter(|byte| **byte == b'\n').count();
    u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1)
}

fn start_of(position: Option<&Position>) -> usize {
    position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX))
}

fn read(
    text: &[u8],
    reader: &mut Reader<&[u8]>,
    record: &mut StringRecord,
) -> Result<bool, ImportError> {
    reader.read_record(record).map_err(|error| {
        let line = line_at(text, start_of(error.position()));
        let reason = match error.kind() {
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                ImportReason::FieldCount { expected: *expected_len, found: *len }
            }
            _ => ImportReason::NotCsv(error.to_string()),
        };
        ImportError { line, column: None, reason }
    })
}

/// What has been read so far.
struct Rows<'a> {
    text: &'a [u8],
    header: Header,
    currency: Currency,
    items: Vec<Item>,
    /// Where each item's row begins, for faults that show only when all are read.
    starts: Vec<u32>,
    collected: Collected,
    interner: Interner,
}

impl<'a> Rows<'a> {
    fn new(text: &'a [u8], header: Header, currency: Currency) -> Self {
        Self {
            text,
            header,
            currency,
            items: Vec::new(),
            starts: Vec::new(),
            collected: Collected::default(),
            interner: Interner::default(),
        }
    }

    fn take(&mut self, record: &StringRecord) -> Result<(), ImportError> {
        let start = start_of(record.position());
        self.item(record).map_err(|(column, reason)| {
            let column = column.and_then(|column| self.header.name(column));
            ImportError { line: line_at(self.text, start), column, reason }
        })?;
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
        Ok(())
    }

    fn item(&mut self, record: &StringRecord) -> Result<(), Fault> {
        let position = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        if self.items.len() >= ITEMS_MAX {
            return Err((None, ImportReason::TooManyItems(ITEMS_MAX)));
        }
        let row = Row { header: &self.header, record };
        let id = row.read(Column::Item, |field| Ok(ItemId::new(field)?))?;
        let description =
            row.read(Column::Description, |field| fields::text(field, DESCRIPTION_BYTES_MAX))?;
        if description.is_empty() {
            return Err((Some(Column::Description), ImportReason::EmptyField));
        }
        let (unit, sold_by) =
            row.read(Column::Unit, |word| row.header.unit(word).ok_or(ImportReason::UnknownUnit))?;
        let prices = row.read(Column::Price, |field| fields::prices(field, self.currency))?;
        let details = row.details(unit, self.currency, &mut self.interner)?;
        let before = self.items.last();
        let mut name = |column, before: Option<&Arc<str>>| {
            row.read(column, |field| fields::text(field, NAME_BYTES_MAX))
                .map(|name| self.interner.intern_after(name, before))
        };
        let department = name(Column::Department, before.map(|item| &item.department))?;
        let category = name(Column::Category, before.map(|item| &item.category))?;
        let brand = name(Column::Brand, before.map(|item| &item.brand))?;
        let tax_class = name(Column::TaxClass, before.map(|item| &item.tax_class))?;
        let tax_class = match row.own_tax(&tax_class)? {
            Some(rate) => self.interner.intern(&rate.class()),
            None => tax_class,
        };
        let plu =
            row.optional(Column::Plu, |field| Plu::parse(field).ok_or(ImportReason::BadPlu))?;
        self.collected.plus.extend(plu.map(|plu: Plu| Listed {
            code: plu.number(),
            item: position,
            pack: 1,
        }));
        let barcode = row.barcodes(position, &mut self.collected)?;
        self.items.push(Item {
            id,
            description: Arc::from(description),
            department,
            category,
            brand,
            tax_class,
            unit,
            sold_by,
            barcode,
            plu,
            currency: self.currency,
            prices,
            details,
        });
        Ok(())
    }

    fn finish(self, digest: String) -> Result<Catalogue, ImportError> {
        let Self { header, currency, mut items, starts, text, collected, .. } = self;
        items.shrink_to_fit();
        let codes = Codes::sorted(collected, &items).map_err(|duplicate| {
            let Duplicate { item, kind, code } = duplicate;
            let position = usize::try_from(item).unwrap_or(usize::MAX);
            let (column, reason) = match kind {
                DuplicateKind::Id => {
                    let id = items.get(position).map(|item| item.id.to_string());
                    (Column::Item, ImportReason::DuplicateItem(id.unwrap_or_default()))
                }
                DuplicateKind::Barcode => (Column::Barcodes, ImportReason::DuplicateBarcode(code)),
                DuplicateKind::Plu => (Column::Plu, ImportReason::DuplicatePlu(code)),
            };
            let start = starts.get(position).and_then(|start| usize::try_from(*start).ok());
            let line = line_at(text, start.unwrap_or_default());
            ImportError { line, column: header.name(column), reason }
        })?;
        let fault = |column: Column, (position, reason): (usize, ImportReason)| {
            let start = starts.get(position).and_then(|start| usize::try_from(*start).ok());
            let line = line_at(text, start.unwrap_or_default());
            ImportError { line, column: header.name(column), reason }
        };
        packs::resolve(&mut items, &codes).map_err(|bad| fault(Column::PackOf, bad))?;
        packs::check_deposits(&items, &codes).map_err(|bad| fault(Column::DepositItem, bad))?;
        let search = SearchText::of(&items);
        let departments = departments(&items);
        Ok(Catalogue { currency, digest, items, codes, search, departments })
    }
}

/// What is wrong with a row, and in which column.
type Fault = (Option<Column>, ImportReason);

/// One row, by the names of its columns.
struct Row<'a> {
    header: &'a Header,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// A field; nothing where the file has no such column.
    fn field(&self, column: Column) -> &'a str {
        let field = self.header.position(column).and_then(|position| self.record.get(position));
        field.unwrap_or_default().trim_matches(' ')
    }

    fn read<T>(
        &self,
        column: Column,
        parse: impl FnOnce(&'a str) -> Result<T, ImportReason>,
    ) -> Result<T, Fault> {
        parse(self.field(column)).map_err(|reason| (Some(column), reason))
    }

    fn optional<T>(
        &self,
        column: Column,
        parse: impl FnOnce(&'a str) -> Result<T, ImportReason>,
    ) -> Result<Option<T>, Fault> {
        if self.field(column).is_empty() {
            return Ok(None);
        }
        self.read(column, parse).map(Some)
    }

    /// The tax that the item has of its own, where it has no class.
    fn own_tax(&self, tax_class: &str) -> Result<Option<TaxRate>, Fault> {
        let flag = |field: &str| match field {
            "true" => Ok(TaxMethod::Inclusive),
            "false" => Ok(TaxMethod::Exclusive),
            _ => Err(ImportReason::BadFlag),
        };
        let method = self.optional(Column::TaxIncluded, flag)?;
        let method_or_usual = method.unwrap_or(TaxMethod::Inclusive);
        let rate = self.optional(Column::TaxRate, |field| {
            TaxRate::parse(field, method_or_usual).ok_or(ImportReason::BadTaxRate)
        })?;
        match (rate, method) {
            (Some(_), _) if !tax_class.is_empty() => {
                Err((Some(Column::TaxRate), ImportReason::TwoTaxes))
            }
            (None, Some(_)) => Err((Some(Column::TaxIncluded), ImportReason::TwoTaxes)),
            _ => Ok(rate),
        }
    }

    fn details(
        &self,
        unit: Unit,
        currency: Currency,
        interner: &mut Interner,
    ) -> Result<Option<Box<Details>>, Fault> {
        let tags: Result<Vec<Arc<str>>, Fault> = self.read(Column::Tags, |field| {
            fields::entries(field)?
                .map(|tag| Ok(interner.intern(fields::text(tag, NAME_BYTES_MAX)?)))
                .collect()
        });
        let amount = |field| fields::amount(field, currency);
        let quantity = |field| fields::quantity(field, unit);
        let details = Details {
            tags: tags?.into(),
            cost: self.optional(Column::Cost, amount)?,
            floor_price: self.optional(Column::FloorPrice, amount)?,
            safety_stock: self.optional(Column::SafetyStock, quantity)?,
            clear_at: self.optional(Column::ClearAt, quantity)?,
            pack_of: self.optional(Column::PackOf, |field| fields::pack_of(field, unit))?,
            age_min: self.optional(Column::AgeMin, fields::age)?,
            deposit_item: self.optional(Column::DepositItem, |field| Ok(ItemId::new(field)?))?,
            has_serial: self.read(Column::Serial, |field| fields::serial(field, unit))?,
            tare: self.optional(Column::Tare, |field| fields::tare(field, unit))?,
        };
        let lowest = details.safety_stock.map(crate::Quantity::thousandths);
        if details.clear_at.is_some_and(|at| lowest.is_none_or(|lowest| at.thousandths() <= lowest))
        {
            return Err((Some(Column::ClearAt), ImportReason::BadClearAt));
        }
        Ok(if details.is_empty() { None } else { Some(Box::new(details)) })
    }

    /// Collects the barcodes and answers with the first that means one piece.
    fn barcodes(&self, item: u32, collected: &mut Collected) -> Result<Option<Gtin>, Fault> {
        let mut first = None;
        self.read(Column::Barcodes, |field| {
            for entry in fields::entries(field)? {
                let (code, pack) = fields::barcode(entry)?;
                match code {
                    BarcodeField::Gtin(code) => {
                        first = first.or((pack == 1).then_some(code));
                        collected.gtins.push(Listed { code, item, pack });
                    }
                    BarcodeField::Plain(code) => {
                        collected.plain.push(Listed { code, item, pack });
                    }
                }
            }
            Ok(first)
        })
    }
}
