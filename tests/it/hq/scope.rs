//! Whoever reads a part of the chain finds nothing of the rest: not in any answer, not in a sum,
//! not in what only counts.

use std::fs;
use std::path::Path;

use hq::ingest::read;
use hq::store::{HqStore, Scope, StoreAt};
use hq_wire::facts::v1::{Fact, PromptOutcome, StreamCause};
use serde_json::{Value, json};

use super::journal::{CHAIN, Journal, pricing, prompt, sale, used};
use super::running::{Hq, PASSWORD, command};
use crate::web::client::{Browser, read_until};

const DAY: &str = "2026-11-24";

/// A store's trade, with words that no other store's has.
struct Trade {
    store: &'static str,
    item: &'static str,
    net: i64,
    first: Journal,
    second: Journal,
}

/// S-1 and S-2 sell, each goes on from a backup, runs low and sends something unreadable.
fn trades() -> [Trade; 2] {
    [("S-1", "northern", 2, 1), ("S-2", "southern", 5, 3)].map(|(store, item, pieces, salt)| {
        let mut first = Journal::new(store, salt);
        first.set_level(item, "5", "9");
        first.count(item, "4", "piece");
        first.push(&priced(store, salt, (item, pieces)));
        first.push_text(&format!("{item}_landed"), 1, "{}");
        let second = first.forked(salt + 1, StreamCause::Restored);
        Trade { store, item, net: pieces * 9, first, second }
    })
}

/// A sale in which a promotion of the whole chain was used, and one that no other store has.
fn priced(store: &str, number: u64, (item, pieces): (&str, i64)) -> Fact {
    let mut sale = sale(store, number, 9, &[(item, pieces)]);
    let own = own_promotion(store, item);
    let prompts =
        vec![prompt(EVERYWHERE, PromptOutcome::Taken), prompt(&own, PromptOutcome::Shown)];
    let uses = vec![used(EVERYWHERE, 1, pieces), used(&own, 2, pieces)];
    sale.pricing = Some(pricing(uses, prompts));
    Fact::SaleCompleted(Box::new(sale))
}

/// A promotion of every store.
const EVERYWHERE: &str = "everywhere";

/// A promotion of one store alone.
pub fn own_promotion(store: &str, item: &str) -> String {
    format!("{item} of {store}/1")
}

/// Puts trade, forks, alerts, policy and what was kept aside into a headquarters.
pub fn fill(directory: &Path) {
    let mut hq = HqStore::open(&StoreAt::File(directory.join("hq.db"))).unwrap();
    for trade in trades() {
        hq.ingest(&[trade.first.birth("b1"), trade.first.all(), trade.second.all()], 1000).unwrap();
    }
    hq.ingest(&[read(CHAIN, "v1/chain/nobody/nothing", b"x")], 1000).unwrap();
    assert_eq!(hq.aside(&Scope::All, None).unwrap().len(), 3);
    let policy = directory.join("policy");
    fs::create_dir(&policy).unwrap();
    let reasons = "price = [\"damaged\"]\nreturn = [\"defective\"]\nabandon = [\"left\"]\n";
    fs::write(policy.join("reasons.toml"), reasons).unwrap();
    for store in ["S-1", "S-2"] {
        let words = ["policy", "push", policy.to_str().unwrap(), "--store", store];
        let pushed = command(directory, &words).output().unwrap();
        assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    }
}

/// What tells of a store's trade wherever it stands.
fn words_of(trade: &Trade) -> Vec<String> {
    let streams = [&trade.first, &trade.second].map(|journal| journal.stream.to_string());
    [trade.store.to_owned(), trade.item.to_owned()].into_iter().chain(streams).collect()
}

fn assert_clean(path: &str, text: &str, other: &Trade) {
    for word in words_of(other) {
        assert!(!text.contains(&word), "{path} tells of {word}: {text}");
    }
}

#[test]
fn every_answer_and_every_sum_is_of_what_is_seen_alone() {
    let hq = Hq::start_with(&[], fill);
    hq.set_up_people();
    let [north, south] = trades();
    let mut administrator = hq.browser_of("a1");
    let of_all = administrator.get(&format!("/api/v1/chain?day={DAY}")).json();
    assert_eq!((&of_all["totals"][0]["net"], &of_all["aside_count"]), (&json!(63), &json!(3)));
    for (who, own, other) in [("r1", &north, &south), ("s2", &south, &north)] {
        let mut browser = hq.browser_of(who);
        let view = seen(&mut browser, own, other);
        assert_eq!(view["totals"][0]["net"], own.net);
        assert_eq!((&view["totals"][0]["sales"], &view["aside_count"]), (&json!(1), &json!(1)));
        assert_eq!((&view["alert_count"], view["forks"].as_array().unwrap().len()), (&json!(1), 1));
        let asked = json!({ "store": other.store, "name": "verify" });
        let id = administrator.post("/api/v1/commands", &asked).json()["id"].clone();
        let path = format!("/api/v1/commands/{}", id.as_str().unwrap());
        assert_eq!(administrator.get(&path).status, 200);
        assert_eq!(browser.get(&path).code(), "not_found");
    }
}

/// Reads everything, and answers the view of the chain.
fn seen(browser: &mut Browser, own: &Trade, other: &Trade) -> Value {
    let store = own.store;
    let promotion = own_promotion(store, own.item).replace(' ', "%20");
    for path in [
        "/api/v1/totals".to_owned(),
        "/api/v1/streams".to_owned(),
        "/api/v1/forks".to_owned(),
        "/api/v1/aside".to_owned(),
        "/api/v1/policy".to_owned(),
        format!("/api/v1/chain?day={DAY}"),
        format!("/api/v1/stores/{store}?day={DAY}"),
        format!("/api/v1/stores/{store}/stock"),
        format!("/api/v1/sales?store={store}"),
        format!("/api/v1/promotions?day={DAY}&days=7"),
        format!("/api/v1/promotions?day={DAY}&store={store}"),
        format!("/api/v1/promotions/one?promotion={promotion}&day={DAY}"),
    ] {
        let answer = browser.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains(own.store), "{path} says nothing: {text}");
        assert_clean(&path, &text, other);
    }
    let totals = browser.get("/api/v1/totals").json();
    assert_eq!(
        (&totals["all"]["net"], &totals["all"]["transactions"]),
        (&json!(own.net), &json!(1))
    );
    let of_all = browser.get(&format!("/api/v1/promotions/one?promotion={EVERYWHERE}&day={DAY}"));
    let of_all = of_all.json();
    let sums = &of_all["totals"][0]["sums"];
    let counts = ["baskets", "uses", "units", "discount", "shown", "taken"];
    let counts = counts.map(|count| sums[count].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 2, 1, 1, 1], "of what is seen alone: {of_all}");
    assert_eq!(of_all["stores"].as_array().unwrap().len(), 1, "{of_all}");
    // A promotion of a store that is not seen is as one that there is not.
    let nothing = json!({ "totals": [], "stores": [], "days": [] });
    let others = own_promotion(other.store, other.item).replace(' ', "%20");
    for id in [others.as_str(), "nothing"] {
        let found = browser.get(&format!("/api/v1/promotions/one?promotion={id}&day={DAY}"));
        assert_eq!(found.json(), nothing, "{id}");
    }
    let sale = browser.get(&format!("/api/v1/sales?store={}", own.store)).json();
    let id = sale[0]["transaction"].as_str().unwrap().to_owned();
    let elsewhere = browser.get(&format!("/api/v1/sales/{}/{id}", other.store));
    assert_eq!(elsewhere.code(), "no_such_store");
    let mut stream = browser.stream(&format!("/api/v1/live?day={DAY}"));
    read_until(&mut stream, "event: view");
    let live = read_until(&mut stream, "\n\n");
    assert_clean("the live view", &live, other);
    let view: Value = serde_json::from_str(live.trim().strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(view["totals"][0]["net"], own.net, "live");
    assert_eq!(view["promotions"].as_array().unwrap().len(), 2, "live");
    browser.get(&format!("/api/v1/chain?day={DAY}")).json()
}

#[test]
fn what_happens_elsewhere_moves_no_count_of_theirs() {
    let hq = Hq::start_with(&[], fill);
    hq.set_up_people();
    let (mut north, mut south) = (hq.browser_of("r1"), hq.browser_of("s2"));
    let revision = |browser: &mut Browser| {
        let view = browser.get("/api/v1/chain").json();
        (view["revision"].as_u64().unwrap(), view["aside_count"].clone())
    };
    let before = (revision(&mut north), revision(&mut south));
    let mut database = HqStore::open(&StoreAt::File(hq.directory().join("hq.db"))).unwrap();
    let bad = ["S-2", "nobody"].map(|store| read(CHAIN, &format!("v1/chain/{store}/status"), b"x"));
    database.ingest(&bad, 2000).unwrap();
    let mut trade = Journal::new("S-2", 9);
    trade.sell(9, 9, &[("southern", 1)]);
    database.ingest(&[trade.all()], 2000).unwrap();
    assert_eq!(revision(&mut north), before.0, "nothing happened in the north");
    let after = revision(&mut south);
    assert!(after.0 > before.1.0, "{after:?}");
    assert_eq!(after.1, json!(2), "of the south alone");
    // Somebody who sees more from now on sees the whole of it.
    let user = json!({ "name": "n", "role": "store", "scope": ["S-1", "S-2"] });
    let mut administrator = hq.browser_of("a1");
    let changed = administrator.ask("PUT", "/api/v1/users/s2", Some(&user.to_string()));
    assert_eq!(changed.status, 200, "{}", changed.text());
    let mut both = hq.browser();
    assert_eq!(super::running::try_password(&mut both, "s2", PASSWORD).status, 201);
    assert_eq!(both.get("/api/v1/chain").json()["aside_count"], json!(3));
}
