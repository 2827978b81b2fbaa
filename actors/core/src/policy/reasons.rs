use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part};
use crate::ReasonCode;
use crate::register::{ReasonCodes, card_reasons, cash_reasons};

/// Most reasons of one kind: a cashier chooses from a screen.
const REASONS_MAX: usize = 50;

/// Reads `{"price": […], "return": […], "abandon": […], "cash": […], "card": […]}`; the last two
/// may be missing.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read(value: &Value) -> Result<ReasonCodes, Vec<Fault>> {
    let mut reader = Reader::new(Part::Reasons);
    let reasons = reasons(&mut reader, value);
    reader.finish(reasons)
}

fn reasons(reader: &mut Reader, value: &Value) -> Option<ReasonCodes> {
    let table = reader.table(value, &["price", "return", "abandon", "cash", "card"])?;
    let mut codes = |key: &str| {
        let list = reader.required(table, key)?;
        reader.key(key, |reader| {
            let codes =
                reader.list(list, REASONS_MAX, |reader, code| reader.id(code, ReasonCode::new))?;
            reader.unique(list, None);
            Some(codes)
        })
    };
    let (price, returns, abandon) = (codes("price"), codes("return"), codes("abandon"));
    let cash = if table.contains_key("cash") { codes("cash") } else { Some(cash_reasons()) };
    let card = if table.contains_key("card") { codes("card") } else { Some(card_reasons()) };
    if abandon.as_ref().is_some_and(Vec::is_empty) {
        reader.key("abandon", |reader| {
            reader.fault("no_reason", "without a reason no basket could be given up: name one");
        });
    }
    let (price, returns, abandon) = (price?, returns?, abandon?);
    Some(ReasonCodes { price, returns, abandon, cash: cash?, card: card? })
}
