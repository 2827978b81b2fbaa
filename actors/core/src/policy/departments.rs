//! The keys for goods without a code, of a policy.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value;

use super::reader::{Reader, Table};
use crate::promotion::rule::Text;
use crate::register::{DEPARTMENT_BYTES_MAX, DepartmentKey};

/// Most keys: more than fit on a screen.
const DEPARTMENTS_MAX: usize = 60;
/// Longest label, in characters: two lines of a key.
const LABEL_CHARS_MAX: usize = 40;
/// Longest name of a tax class, in characters.
const CLASS_CHARS_MAX: usize = 100;
/// Most that a limit can be, in major units.
const AMOUNT_MAX: i64 = 1_000_000_000;

pub(super) fn departments(reader: &mut Reader, value: &Value) -> Option<Vec<DepartmentKey>> {
    let keys = reader.list(value, DEPARTMENTS_MAX, department)?;
    reader.unique(value, Some("id"));
    Some(keys)
}

fn department(reader: &mut Reader, value: &Value) -> Option<DepartmentKey> {
    let keys = ["id", "label", "tax_class", "amount_min", "amount_max"];
    let table = reader.table(value, &keys)?;
    let id = reader.needed(table, "id", |reader, id| reader.text(id, DEPARTMENT_BYTES_MAX));
    let label = reader.needed(table, "label", label);
    let class =
        reader.optional(table, "tax_class", |reader, class| reader.text(class, CLASS_CHARS_MAX));
    let amount_min = limit(reader, table, "amount_min");
    let amount_max = limit(reader, table, "amount_max");
    if id.as_ref().is_some_and(|id| id.len() > DEPARTMENT_BYTES_MAX) {
        let reason = format!("the text is longer than {DEPARTMENT_BYTES_MAX} bytes");
        reader.key("id", |reader| reader.fault("text_too_long", reason));
        return None;
    }
    let (id, label) = (Arc::from(id?), label?);
    let tax_class = Arc::from(class.unwrap_or_default());
    Some(DepartmentKey { id, label, tax_class, amount_min, amount_max })
}

fn label(reader: &mut Reader, value: &Value) -> Option<Text> {
    let table = reader.table(value, &["zh", "en"])?;
    let mut text = |key: &str| {
        let text = reader.needed(table, key, |reader, text| reader.text(text, LABEL_CHARS_MAX));
        text.map(Arc::from)
    };
    let (zh, en) = (text("zh"), text("en"));
    Some(Text { zh: zh?, en: en? })
}

fn limit(reader: &mut Reader, table: &Table, key: &str) -> Option<Decimal> {
    reader.optional(table, key, |reader, limit| reader.decimal(limit, 0, AMOUNT_MAX))
}
