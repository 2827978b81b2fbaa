//! What a buyer says about the invoice: the company's number goes to headquarters with the sale,
//! what is a person's goes nowhere and can be erased.

use std::path::Path;

use serde_json::json;

use super::Chain;
use super::until::until;
use crate::api::basket::{Basket, WATER, cash, scan};
use crate::api::browser::{Browser, twd};
use crate::api::hub::Hub;

const STORE: &str = "s8";
const BAN: &str = "04595252";
/// Nobody's; such as nothing else in these files could be by chance.
const CARRIER: &str = "/ZQX+.-7";
const DONATION: &str = "9753108";

#[test]
fn what_is_a_persons_goes_nowhere_and_is_erased_where_it_is() {
    let mut chain = Chain::start("buyer", &[]);
    let link = chain.hq.enrol(STORE);
    let store = chain.directory.path().join(STORE);
    let variables = [
        ("HUB_STORE__ID", STORE),
        ("HUB_LINK__FILE", link.to_str().unwrap()),
        ("HUB_LINK__RETRY_MAX_S", "1"),
        ("HUB_LOG__LEVEL", "debug"),
    ];
    let mut hub = Hub::start_with(&store, &variables);
    let browser = Browser::at_work(&hub);
    let by_company = sell(&browser, &json!({ "ban": BAN, "carrier": CARRIER }));
    let by_person = sell(&browser, &json!({ "carrier": CARRIER, "donation": DONATION }));
    // Scanned as if it were goods it is refused, and stands nowhere either.
    let bad = Basket::new().send(&browser, &scan(CARRIER));
    assert_eq!((bad.status, bad.code().as_str()), (422, "scanned_carrier"));
    let receipt = browser.get(&format!("/api/v1/transactions/{by_company}/receipt")).json();
    assert!(receipt["text"].as_str().unwrap().contains(BAN), "{receipt}");
    let sold = || chain.hq.get("/api/v1/totals")["all"]["transactions"].as_i64().unwrap_or(0);
    until("both sales are at headquarters", || sold() == 2, || sold().to_string());
    let at_hq = chain.hq.text(&format!("/api/v1/sales/{STORE}/{by_company}"));
    assert!(at_hq.contains(BAN), "{at_hq}");

    let figures = browser.get("/metrics");
    let log = store.with_extension("log");
    let elsewhere = [chain.hq.directory.as_path(), log.as_path()];
    for said in [CARRIER, DONATION] {
        assert!(!has(&figures.body, said), "a figure names a person");
        for place in elsewhere {
            assert_eq!(named_in(place, said), None, "{said} is elsewhere");
        }
    }
    let paths = [&by_company, &by_person].map(|id| format!("/api/v1/transactions/{id}/buyer"));
    assert_eq!(browser.get(&paths[0]).json(), json!({ "carrier": CARRIER }));
    let both = json!({ "carrier": CARRIER, "donation": DONATION });
    assert_eq!(browser.get(&paths[1]).json(), both);
    for path in &paths {
        assert_eq!(browser.send("DELETE", path, &[], None).status, 204);
        assert_eq!(
            (browser.get(path).status, browser.get(path).code().as_str()),
            (404, "not_found")
        );
        assert_eq!(browser.send("DELETE", path, &[], None).status, 404);
    }
    assert!(hub.stop().success());
    for said in [CARRIER, DONATION] {
        assert_eq!(named_in(&store, said), None, "erased, bytes and all");
    }
    store_journal::verify(&store, true).unwrap();
}

/// Sells a bottle of water to this buyer; the sale's id.
fn sell(browser: &Browser, buyer: &serde_json::Value) -> String {
    let mut basket = Basket::new();
    for _ in 0..12 {
        basket.must(browser, &scan(WATER));
    }
    let mut command = buyer.clone();
    command["type"] = json!("name_buyer");
    let answer = basket.must(browser, &command);
    assert_eq!(answer["view"]["basket"]["buyer"], *buyer);
    basket.must(browser, &cash(&twd(180), &twd(180)));
    basket.must(browser, &json!({ "type": "complete" }));
    basket.id
}

fn has(bytes: &[u8], said: &str) -> bool {
    bytes.windows(said.len()).any(|part| part == said.as_bytes())
}

/// The first file at or below a path that has it.
fn named_in(path: &Path, said: &str) -> Option<std::path::PathBuf> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return entries.into_iter().find_map(|entry| named_in(&entry, said));
    }
    has(&std::fs::read(path).unwrap_or_default(), said).then(|| path.to_owned())
}
