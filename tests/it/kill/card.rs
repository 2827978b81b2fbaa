//! A store that is killed while a card is with the terminal.

use devices::terminal::{SimulatedTerminal, Trick};
use serde_json::{Value, json};
use store_core::JournalSequence;
use store_core::fact::RowPosition;
use store_journal::{LedgerReads as _, Reader};

use super::{LOOK_INTERVAL, wait};
use crate::api::basket::{Basket, COMMANDS, WATER, cash, scan};
use crate::api::browser::{Browser, twd};
use crate::api::hub::Hub;
use crate::support;

fn start(store: &std::path::Path, terminal: &SimulatedTerminal) -> Hub {
    let address = terminal.address();
    let devices =
        format!("[{{id=\"t1\",kind=\"card_terminal\",port=\"tcp:{address}\",registers=[1]}}]");
    Hub::start_with(store, &[("HUB_DEVICES", &devices)])
}

fn register(browser: &Browser) -> Value {
    browser.get("/api/v1/register").json()
}

/// The register once the terminal is through with what it was asked.
fn settled(browser: &Browser) -> Value {
    loop {
        let view = register(browser);
        if view["phase"] != "awaiting_card" && view["phase"] != "committing" {
            return view;
        }
        wait(LOOK_INTERVAL);
    }
}

fn card(amount: i64, due: i64) -> Value {
    json!({
        "type": "tender", "tender_type": "card", "amount": twd(amount), "total": twd(due),
    })
}

fn kinds(store: &std::path::Path) -> Vec<String> {
    let journal = Reader::open(store).unwrap();
    let stream = journal.head().unwrap().stream;
    let first = RowPosition { stream, sequence: JournalSequence(0) };
    journal.rows(first, 1_000).unwrap().into_iter().map(|row| row.kind).collect()
}

#[test]
fn a_card_on_its_way_when_the_store_is_killed_is_unknown_and_never_sent_again() {
    let data = support::temp_dir("kill-card");
    let store = data.path().join("store");
    let terminal = SimulatedTerminal::start().unwrap();
    let hub = start(&store, &terminal);
    let browser = Browser::at_work(&hub);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    basket.must(&browser, &cash(&twd(5), &twd(15)));
    terminal.will([Trick::Silent]);
    let answer = basket.must(&browser, &card(10, 15 - 5));
    let request = answer["outcome"]["event"]["request"].clone();
    while terminal.requests().is_empty() {
        wait(LOOK_INTERVAL);
    }
    assert!(kinds(&store).contains(&"card_requested".to_owned()), "before its first byte");
    drop(hub);
    let hub = start(&store, &terminal);
    let browser = browser.moved(&hub);
    let view = register(&browser);
    assert_eq!(view["phase"], "card_unknown");
    assert_eq!(view["basket"]["card"]["request"], request);
    assert_eq!(view["basket"]["tenders"][0]["amount"], twd(5), "what was paid is there");
    for refused in [scan(WATER), json!({ "type": "complete" }), cash(&twd(10), &twd(10))] {
        let reply = basket.send(&browser, &refused);
        assert_eq!((reply.status, reply.code()), (409, "card_unknown".to_owned()));
    }
    let other = Basket::new().send(&browser, &scan(WATER));
    assert_eq!(other.code(), "other_basket_open", "nothing else is sold here");
    assert_eq!(terminal.requests().len(), 1);
    basket.must(&browser, &json!({ "type": "inquire_card", "request": request }));
    let view = settled(&browser);
    assert_eq!(view["basket"]["tenders"][1]["card"]["by"], "inquiry");
    assert_eq!(view["basket"]["totals"]["due"], twd(0));
    basket.version = view["basket"]["version"].as_u64().unwrap();
    basket.must(&browser, &json!({ "type": "complete" }));
    assert_eq!(terminal.requests().len(), 1, "one request, whatever happened");
    drop(hub);
    store_journal::verify(&store, true).unwrap();
}

#[test]
fn a_card_is_taken_declined_and_given_back_by_the_terminal() {
    let data = support::temp_dir("card");
    let store = data.path().join("store");
    let terminal = SimulatedTerminal::start().unwrap();
    let hub = start(&store, &terminal);
    let browser = Browser::at_work(&hub);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    terminal.will([Trick::Decline, Trick::Approve, Trick::Approve]);
    let mut step = |command: &Value| {
        basket.must(&browser, command);
        let view = settled(&browser);
        basket.version = view["basket"]["version"].as_u64().unwrap();
        view
    };
    let view = step(&card(15, 15));
    assert_eq!((&view["phase"], &view["basket"]["tenders"]), (&json!("selling"), &json!([])));
    let view = step(&card(15, 15));
    assert_eq!(view["basket"]["tenders"][0]["card"]["last_four"], "1111");
    let view = step(&json!({ "type": "void_tender", "number": 1 }));
    assert_eq!(view["basket"]["tenders"][0]["voided"], true);
    let view = step(&cash(&twd(100), &twd(15)));
    assert_eq!(view["basket"]["totals"]["change"], twd(85));
    basket.must(&browser, &json!({ "type": "complete" }));
    drop(hub);
    let expected = [
        "card_requested",
        "card_declined",
        "card_requested",
        "tender_taken",
        "card_requested",
        "tender_voided",
        "tender_taken",
        "sale_completed",
    ];
    let kinds = kinds(&store);
    let paid: Vec<_> = kinds.iter().filter(|kind| expected.contains(&kind.as_str())).collect();
    assert_eq!(paid, expected);
    let text = std::fs::read(store.join("journal.db")).unwrap();
    let number = b"411111******";
    assert!(!text.windows(number.len()).any(|part| part == number), "no card number is kept");
}

#[test]
fn a_sale_that_a_terminal_took_money_for_is_not_undone_and_the_cashier_is_told_what_to_do() {
    let data = support::temp_dir("card-paid");
    let terminal = SimulatedTerminal::start().unwrap();
    let hub = start(&data.path().join("store"), &terminal);
    let browser = Browser::at_work(&hub);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    basket.must(&browser, &card(15, 15));
    basket.version = settled(&browser)["basket"]["version"].as_u64().unwrap();
    basket.must(&browser, &json!({ "type": "complete" }));
    basket.version = 0;
    let void = json!({ "type": "post_void", "reason": "mistake" });
    for (language, instead) in [("en", "as a return"), ("zh-TW", "退貨")] {
        let body = basket.envelope(&void).to_string();
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        let reply = browser.send("POST", COMMANDS, &headers, Some(body.as_bytes()));
        assert_eq!((reply.status, reply.code().as_str()), (409, "card_paid"));
        let said = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(said.contains(instead), "{said}");
    }
    assert_eq!(terminal.requests().len(), 1, "nothing is given back by itself");
}
