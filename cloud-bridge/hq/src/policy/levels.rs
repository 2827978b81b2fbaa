//! `safety_stock.csv`, as the part of a bundle that it becomes.

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use serde_json::{Map, Value, json};
use store_core::ItemId;
use store_core::catalogue::{Catalogue, line_at};
use store_core::policy::SAFETY_STOCK_COLUMNS;

use super::directory::FileFault;

const FILE: &str = "safety_stock.csv";
const FAULTS_MAX: usize = 100;

/// The part, and the line of each of its levels.
#[derive(Debug)]
pub(super) struct Levels {
    pub value: Value,
    pub lines: Vec<u64>,
}

fn fault(line: u64, code: &'static str, reason: impl Into<String>) -> FileFault {
    FileFault { file: FILE.to_owned(), line, code, reason: reason.into() }
}

/// Reads the file; the unit of a level is the catalogue's.
pub(super) fn read(csv: &[u8], catalogue: Option<&Catalogue>) -> Result<Levels, Vec<FileFault>> {
    let Some(catalogue) = catalogue else {
        let reason = "there is no catalogue that the items could be in: push one with it";
        return Err(vec![fault(1, "no_catalogue", reason)]);
    };
    let text = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut record = StringRecord::new();
    let mut columns: Option<Vec<usize>> = None;
    let (mut levels, mut lines, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    while faults.len() < FAULTS_MAX {
        let line = |at: Option<u64>| {
            line_at(text, usize::try_from(at.unwrap_or_default()).unwrap_or(usize::MAX))
        };
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = line(error.position().map(csv::Position::byte));
                let (code, reason) = match error.kind() {
                    ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        let reason =
                            format!("the row has {len} fields and the header {expected_len}");
                        ("field_count", reason)
                    }
                    _ => ("not_csv", error.to_string()),
                };
                faults.push(fault(line, code, reason));
                continue;
            }
        }
        let line = line(record.position().map(csv::Position::byte));
        match &columns {
            None => columns = Some(header(&record).map_err(|fault| vec![fault])?),
            Some(columns) => match level(&record, columns, catalogue) {
                Ok(level) => {
                    levels.push(level);
                    lines.push(line);
                }
                Err((code, reason)) => faults.push(fault(line, code, reason)),
            },
        }
    }
    if columns.is_none() {
        faults.push(fault(1, "empty_file", "the file is empty"));
    }
    if faults.is_empty() {
        Ok(Levels { value: json!({ "levels": levels }), lines })
    } else {
        Err(faults)
    }
}

/// Where the columns stand, in the order of [`SAFETY_STOCK_COLUMNS`]; the last may be missing.
fn header(record: &StringRecord) -> Result<Vec<usize>, FileFault> {
    let names: Vec<&str> = record.iter().map(str::trim).collect();
    for (position, name) in names.iter().enumerate() {
        let shown: String = name.chars().take(64).collect();
        if !SAFETY_STOCK_COLUMNS.contains(name) {
            return Err(fault(1, "unknown_column", format!("the column {shown:?} is not known")));
        }
        if names.iter().take(position).any(|earlier| earlier == name) {
            return Err(fault(1, "duplicate_column", format!("the column {shown} stands twice")));
        }
    }
    let position = |wanted: &str| names.iter().position(|name| *name == wanted);
    let [item, at, clear_at] = SAFETY_STOCK_COLUMNS.map(position);
    let missing = |name: &str| fault(1, "missing_column", format!("the column {name} is missing"));
    let item = item.ok_or_else(|| missing("item"))?;
    let at = at.ok_or_else(|| missing("safety_stock"))?;
    Ok([item, at].into_iter().chain(clear_at).collect())
}

fn level(
    record: &StringRecord,
    columns: &[usize],
    catalogue: &Catalogue,
) -> Result<Value, (&'static str, String)> {
    let fields = columns.iter().map(|at| record.get(*at).unwrap_or_default().trim());
    let mut level: Map<String, Value> = SAFETY_STOCK_COLUMNS
        .iter()
        .zip(fields)
        .filter(|(name, field)| **name != "clear_at" || !field.is_empty())
        .map(|(name, field)| ((*name).to_owned(), Value::from(field)))
        .collect();
    let id = level.get("item").and_then(Value::as_str).unwrap_or_default();
    let id = ItemId::new(id).map_err(|error| ("bad_id", error.to_string()))?;
    let item = catalogue.item(&id);
    let item = item.ok_or_else(|| ("unknown_item", format!("the catalogue has no item {id}")))?;
    level.insert("unit".to_owned(), Value::from(item.unit.code()));
    Ok(Value::Object(level))
}
