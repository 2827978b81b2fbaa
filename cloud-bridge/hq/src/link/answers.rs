//! What stores ask of headquarters, and what they are answered.

use std::time::Duration;

use hq_wire::link::v1::{Place, Query, Reply, Topic};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Publisher;
use crate::database::Database;
use crate::store::{HqStore, Scope, StoreError};
use crate::view::StockView;

/// How long an answer is worth something: a cashier waits for 800 ms.
const EXPIRY: Duration = Duration::from_secs(5);

/// Answers stores.
#[derive(Clone)]
pub(super) struct Answers {
    pub database: Database,
    pub publisher: Publisher,
}

#[derive(Deserialize)]
struct OfItem {
    item: String,
}

#[derive(Deserialize)]
struct OfTransaction {
    transaction: String,
}

impl Answers {
    /// Answers one query.
    pub async fn answer(&self, place: Place, name: String, query: Query) {
        let Query { id, body } = query;
        let (asked, whose) = (name.clone(), place.store.clone());
        let found = self.database.ask(move |store| answered(store, &whose, &asked, body)).await;
        let answer = found.unwrap_or_else(|error| {
            tracing::warn!(%error, "answering a store");
            Err("hq_unavailable")
        });
        let reply = match answer {
            Ok(body) => Reply { id, refused: None, body },
            Err(code) => Reply { id, refused: Some(code.to_owned()), body: Value::Null },
        };
        // What goes out here always has a JSON form.
        let payload = serde_json::to_vec(&reply).unwrap_or_default();
        self.publisher.pass(place.topic(&Topic::Answer(name)), payload, EXPIRY);
    }
}

type Answer = Result<Value, &'static str>;

fn answered(
    store: &mut HqStore,
    _whose: &str,
    name: &str,
    body: Value,
) -> Result<Answer, StoreError> {
    match name {
        "stock" => match serde_json::from_value(body) {
            Ok(OfItem { item }) => Ok(Ok(stock(store, &item)?)),
            Err(_) => Ok(Err("malformed")),
        },
        "receipt" => match serde_json::from_value(body) {
            Ok(OfTransaction { transaction }) => Ok(receipt(store, &transaction)?),
            Err(_) => Ok(Err("malformed")),
        },
        _ => Ok(Err("unknown_query")),
    }
}

/// Where an item is on a shelf.
fn stock(store: &mut HqStore, item: &str) -> Result<Value, StoreError> {
    let names = store.stores()?;
    let name_of = |id: &str| names.iter().find(|one| one.store == id).map(|one| one.name.clone());
    let line = |shelf: StockView| {
        let name = name_of(&shelf.store).filter(|name| !name.is_empty());
        json!({
            "name": name.unwrap_or_else(|| shelf.store.clone()),
            "store": shelf.store,
            "on_hand": thousandths(shelf.on_hand_thousandths),
            "unit": shelf.unit,
        })
    };
    let found = store.stock_of_item(&Scope::All, item)?;
    Ok(json!({ "stores": found.into_iter().map(line).collect::<Vec<_>>() }))
}

/// The fact of a completed sale of any store.
fn receipt(store: &mut HqStore, transaction: &str) -> Result<Answer, StoreError> {
    let Some(found) = store.receipt(transaction)? else { return Ok(Err("not_found")) };
    Ok(serde_json::to_value(&found).map_err(|_| "hq_unavailable"))
}

/// Thousandths as decimal text, without needless noughts.
fn thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
    let text = format!("{sign}{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn thousandths_are_written_as_people_write_them() {
        for (value, text) in
            [(0, "0"), (1000, "1"), (1250, "1.25"), (-500, "-0.5"), (10_000, "10"), (7, "0.007")]
        {
            assert_eq!(thousandths(value), text);
        }
    }
}
