//! One demonstration from its first start to a fresh one.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use hub::replay::client::Connection;
use serde_json::{Value, json};
use ureq::http::Method;

use super::page::Page;
use super::running::{Demo, LAGER_NET, sell_a_lager};
use crate::chain::until::until;
use crate::support;

/// A machine that is busy with other tests is given ten times what is promised.
const CLOSED_AFTER_MAX: Duration = Duration::from_secs(20);

/// Asks a store to begin or end its trade, as the switch on the page does.
fn switch(page: &Page, store: &str, on: bool) {
    let body = json!({"store": store, "name": "background_trade", "body": {"on": on}});
    let asked = page.browser.send(&Method::POST, "/api/v1/commands", &body).unwrap();
    assert!(asked.is_success(), "{asked:?}");
}

fn trade_of(view: &Value, store: &str) -> Option<bool> {
    Page::store(view, store)?["trade"].as_bool()
}

/// Promotions were in force when the week was sold: headquarters says which sold best, and where,
/// and the limit of the chain is dealt out to its stores.
fn promotions_sold(demo: &Demo) {
    let page = Page::open(&demo.headquarters);
    let get = |path: &str| -> Value { page.browser.get(path).unwrap().read(path).unwrap() };
    let found = get("/api/v1/promotions?days=9");
    let brought = |id: &str| {
        let mut all = found.as_array().unwrap().iter();
        let one = all.find(|one| one["promotion"] == id).unwrap_or_else(|| panic!("{id}: {found}"));
        one["sums"]["baskets"].as_u64().unwrap()
    };
    for id in ["milk-second", "herbs-three", "coffee-yogurt", "fifty"] {
        assert!(brought(id) > 5, "{id}: {found}");
    }
    let one = get("/api/v1/promotions/one?promotion=milk-second&days=9");
    assert_eq!(one["stores"].as_array().unwrap().len(), 3, "{one}");
    let policy = get("/api/v1/policy");
    assert_eq!(policy[0]["parts"][0][0], "promotions.json", "{policy}");
    assert_eq!(policy.as_array().unwrap().len(), 1, "{policy}");
}

/// Everything on the first store's counter works by its real driver, and what was sold is on the
/// paper, and the drawer came out.
fn counter_works(register: &Connection) {
    let read = |path: &str| -> Value { register.get(path).unwrap().read(path).unwrap() };
    let board = || read("/api/v1/devices");
    let kinds = |board: &Value| -> BTreeSet<String> {
        let all = board.as_array().unwrap().iter();
        all.map(|device| device["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&board()).len(), 7, "{}", board());
    let work = || board().as_array().unwrap().iter().all(|device| device["works"] == true);
    until("every device works", work, || board().to_string());
    let simulators = || read("/api/v1/simulators");
    let has_printed = || {
        let all = simulators();
        let mut all = all.as_array().unwrap().iter();
        let printer = &all.find(|one| one["id"] == "printer-1").unwrap()["printer"];
        printer["receipts"].as_u64() >= Some(1) && printer["drawers"][0] == true
    };
    until("the receipt and the drawer are out", has_printed, || simulators().to_string());
}

#[test]
fn a_chain_starts_sells_moves_closes_and_goes_on_with_what_it_has() {
    let scratch = support::temp_dir("demo");
    let data = scratch.path().join("chain");
    let demo = Demo::start(&data, &[]);
    for file in ["headquarters-user.json", "links/store-mitte.toml"] {
        let mode = std::fs::metadata(data.join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }

    // There is a week to compare with, and nothing moves by itself.
    let before = demo.trade();
    assert_eq!(before.stores.len(), 3);
    assert!(before.all.transactions > 500, "{}", before.all.transactions);
    promotions_sold(&demo);
    let mut page = Page::open(&demo.headquarters);
    page.until("three stores, online and without trade", |view| {
        let quiet = |store: &Value| store["online"] == true && store["trade"] == false;
        let stores = view["stores"].as_array()?;
        (stores.len() == 3 && stores.iter().all(quiet)).then_some(())
    });

    // A person sells at each store, and the page shows it.
    for store in &demo.stores {
        page.until_sale(&sell_a_lager(&store.register()));
    }
    let after = demo.trade();
    assert_eq!(after.all.transactions, before.all.transactions + 3);
    assert_eq!(after.all.net, before.all.net + 3 * LAGER_NET);

    // Trade is switched on at one store, goes on there and nowhere else, and ends.
    let switched_ms = jiff::Timestamp::now().as_millisecond();
    switch(&page, "pankow", true);
    page.until("three sales of the trade", |view| {
        let sales = view["last_sales"].as_array()?;
        let of_trade = sales.iter().filter(|sale| {
            sale["store"] == "pankow"
                && sale["workstation"] == "2"
                && sale["ended_ms"].as_i64() >= Some(switched_ms)
        });
        let is_on = trade_of(view, "pankow") == Some(true);
        (is_on && of_trade.count() >= 3).then_some(())
    });
    switch(&page, "pankow", false);
    page.until("its end", |view| (trade_of(view, "pankow") == Some(false)).then_some(()));

    // It closes with a page and registers looking on, and goes on with what it has.
    let (headquarters, stores) = (demo.headquarters.clone(), demo.stores.clone());
    let (status, took) = demo.interrupt();
    println!("closed after {} ms", took.as_millis());
    assert!(status.success(), "{status}");
    assert!(took < CLOSED_AFTER_MAX, "{took:?}");
    let again = Demo::start(&data, &[]);
    assert_eq!(again.headquarters.password, headquarters.password);
    let people = |stores: &[super::running::Printed]| -> Vec<_> {
        stores.iter().map(|it| (it.manager_pin.clone(), it.cashier_pin.clone())).collect()
    };
    assert_eq!(people(&again.stores), people(&stores));
    let kept = again.trade();
    assert!(kept.all.transactions >= after.all.transactions + 3, "with the trade's");
    let mut page = Page::open(&again.headquarters);
    let register = again.stores[0].register();
    page.until_sale(&sell_a_lager(&register));
    counter_works(&register);
    again.interrupt();

    // A fresh start knows nothing of it.
    let fresh = Demo::start(&data, &["--fresh"]);
    assert_ne!(fresh.headquarters.password, headquarters.password);
    assert_ne!(people(&fresh.stores), people(&stores));
    assert!(fresh.trade().all.transactions < kept.all.transactions);
}
