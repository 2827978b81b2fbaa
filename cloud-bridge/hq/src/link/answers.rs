//! What stores ask of headquarters, and what they are answered.

use std::time::Duration;

use hq_wire::link::v1::{Place, Query, Reply, Topic};
use serde::Deserialize;
use serde_json::{Value, json};

use tokio::runtime::Handle;
use tokio::time::timeout;

use super::Publisher;
use super::turns::{Queued, Turns, TurnsMax};
use crate::database::Database;
use crate::store::{HqStore, Scope, StoreError};
use crate::view::StockView;

/// How long an answer is worth something: a cashier waits for 800 ms.
const EXPIRY: Duration = Duration::from_secs(5);

/// Queries that wait or are answered: a store has two registers that ask, or ten. Two at a time,
/// so that whoever looks at the page has a connection to the database too.
const QUERIES_MAX: TurnsMax = TurnsMax { of_one: 8, of_all: 64, at_once: 2 };
/// How long a query waits for its turn: later nobody waits for the answer.
const TURN_TIMEOUT: Duration = Duration::from_millis(600);

/// Answers stores.
#[derive(Clone)]
pub(super) struct Answers {
    database: Database,
    publisher: Publisher,
    turns: Turns,
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
    /// Answers from this database.
    pub fn new(database: Database, publisher: Publisher) -> Self {
        Self { database, publisher, turns: Turns::at_most(&QUERIES_MAX) }
    }

    /// Answers one query; at once that it cannot where there are too many, for a store that hears
    /// nothing waits in vain.
    pub fn answer(&self, runtime: &Handle, place: Place, name: String, query: Query) {
        let Query { id, body } = query;
        let Some(queued) = self.turns.queue(&place.store) else {
            return self.publish(&place, name, id, Err("hq_busy"));
        };
        let answers = self.clone();
        runtime.spawn(async move {
            let answer = answers.found(queued, name.clone(), body).await;
            answers.publish(&place, name, id, answer);
        });
    }

    async fn found(&self, queued: Queued, name: String, body: Value) -> Answer {
        let Ok(_turn) = timeout(TURN_TIMEOUT, queued.turn()).await else {
            return Err("hq_busy");
        };
        let found = self.database.ask(move |store| answered(store, &name, body)).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "answering a store");
            Err("hq_unavailable")
        })
    }

    fn publish(&self, place: &Place, name: String, id: String, answer: Answer) {
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

fn answered(store: &mut HqStore, name: &str, body: Value) -> Result<Answer, StoreError> {
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
    use std::sync::mpsc::channel;

    use super::*;
    use crate::store::StoreAt;

    #[tokio::test(start_paused = true)]
    async fn a_store_that_asks_too_much_is_told_so_at_once_and_others_are_answered() {
        let store = HqStore::open(&StoreAt::Memory).unwrap();
        let database = Database::of(&store).unwrap();
        let answers = Answers::new(database.clone(), Publisher::default());
        let ask = |store: &str, id: &str| {
            let place = Place { chain: "c".to_owned(), store: store.to_owned() };
            let query = Query { id: id.to_owned(), body: json!({ "item": "A" }) };
            answers.answer(&Handle::current(), place, "stock".to_owned(), query);
        };
        // Every connection to the database is taken until this is dropped.
        let (release, held) = channel::<()>();
        let held = std::sync::Arc::new(std::sync::Mutex::new(held));
        for _ in 0..4 {
            let (database, held) = (database.clone(), held.clone());
            tokio::spawn(async move {
                let hold = move |_: &mut HqStore| {
                    let _ = held.lock().unwrap_or_else(|it| it.into_inner()).recv();
                    Ok(())
                };
                database.ask(hold).await.unwrap();
            });
        }
        tokio::task::yield_now().await;
        (0..QUERIES_MAX.of_one).for_each(|number| ask("s", &format!("q{number}")));
        assert!(answers.publisher.passing().is_empty());
        ask("s", "too much");
        ask("t", "another's");
        let said = |(topic, payload): (String, Vec<u8>)| {
            let reply: Reply = serde_json::from_slice(&payload).unwrap();
            (topic, reply.id, reply.refused)
        };
        let refused = Some("hq_busy".to_owned());
        let first = answers.publisher.passing().into_iter().map(said).collect::<Vec<_>>();
        assert_eq!(first, [("v1/c/s/answer/stock".to_owned(), "too much".to_owned(), refused)]);
        drop(release);
        let all = QUERIES_MAX.of_one + 2;
        while answers.publisher.passing().len() < all {
            tokio::task::yield_now().await;
        }
        let of_other = answers.publisher.passing().into_iter().map(said);
        let of_other = of_other.filter(|(topic, ..)| topic.starts_with("v1/c/t/"));
        assert_eq!(of_other.map(|(_, _, refused)| refused).collect::<Vec<_>>(), [None]);
    }

    #[test]
    fn thousandths_are_written_as_people_write_them() {
        for (value, text) in
            [(0, "0"), (1000, "1"), (1250, "1.25"), (-500, "-0.5"), (10_000, "10"), (7, "0.007")]
        {
            assert_eq!(thousandths(value), text);
        }
    }
}
