//! What recorded trade lacks: mixed tenders, over-tender, another country's cash, vouchers, tenders
//! that are handed back, commands that come twice, baskets put aside and sales undone. A generator
//! drives two registers of a real store and keeps a book of its own, by the rules' words alone; the
//! store's days and headquarters' must come to the same.

mod book;
mod day;
mod paying;

use serde_json::{Value, json};
use store_core::day::{Booking, Scope, SummaryFold};
use store_core::{BusinessDay, Currency};
use store_journal::{LedgerReads as _, Reader};

use super::Chain;
use super::until::until;
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::support;
use book::Book;
use day::Day;

/// Customers of a run; more where `STORE_TESTS_CUSTOMERS` says so.
const CUSTOMERS: usize = 60;
const STORE: &str = "s9";
/// Cash in coins of five; a dollar is 31.5.
const TENDERS: &str = concat!(
    r#"[{id="cash",kind="cash",gives_change=true,opens_drawer=true,"#,
    r#"rounding={step="5",rounding="half_up"}},"#,
    r#"{id="card",kind="card",gives_change=false,opens_drawer=false},"#,
    r#"{id="coupon",kind="voucher",gives_change=false,opens_drawer=false},"#,
    r#"{id="gift",kind="voucher",gives_change=false,keeps_excess=true,opens_drawer=false},"#,
    r#"{id="usd",kind="foreign",gives_change=true,opens_drawer=true,"#,
    r#"foreign={currency="USD",rate="31.5"}}]"#,
);

#[test]
fn mixed_tenders_come_to_the_same_in_the_book_the_store_and_headquarters() {
    let told = std::env::var("STORE_TESTS_CUSTOMERS").ok();
    let customers = told.and_then(|text| text.parse().ok()).unwrap_or(CUSTOMERS);
    let mut chain = Chain::start("tenders", &[]);
    let link = chain.hq.enrol(STORE);
    let store = chain.directory.path().join(STORE);
    let hub = Hub::start_with(
        &store,
        &[
            ("HUB_STORE__ID", STORE),
            ("HUB_LINK__FILE", link.to_str().unwrap()),
            ("HUB_LINK__RETRY_MAX_S", "1"),
            ("HUB_REGISTERS__COUNT", "2"),
            ("HUB_TENDERS", TENDERS),
        ],
    );
    let first = Browser::at_work(&hub);
    let registers = [first, Browser::at_work_at(&hub, "2")];
    let mut day = Day::new(support::seed(), registers);
    for customer in 0..customers {
        day.serve(customer);
    }
    let book = day.finish();
    println!("{customers} customers: {book:?}");
    let days = days_of(&store);
    assert_eq!(Book::of_days(days.iter().map(|(_, summary)| summary)), book, "the store's days");
    let sold = || chain.hq.get("/api/v1/totals")["all"]["transactions"].as_i64().unwrap_or(0);
    // A sale that was undone is none there.
    let standing = book.sales - book.post_voids;
    until("every sale is there", || sold() >= standing, || sold().to_string());
    for (day, own) in &days {
        let path = format!("/api/v1/days/{day}");
        let shown = day_at(&hub, &path);
        assert_eq!(&shown, own, "{path}");
        let path = format!("/api/v1/stores/{STORE}{}", path.trim_start_matches("/api/v1"));
        let at_hq = || chain.hq.get(&path);
        until("headquarters has the day", || at_hq() == *own, || format!("{}\n{own}", at_hq()));
    }
}

fn day_at(hub: &Hub, path: &str) -> Value {
    let browser = Browser::at_work_at(hub, "1");
    browser.get(path).json()
}

/// Every day of a journal, folded from its rows.
fn days_of(store: &std::path::Path) -> Vec<(BusinessDay, Value)> {
    let reader = Reader::open(store).unwrap();
    let days = reader.days().unwrap();
    let summary = |day: BusinessDay| {
        let mut fold = SummaryFold::new(Scope::Day(day), Currency::TWD);
        let add = &mut |row: &store_core::fact::CommittedFact| {
            if let Some(booking) = Booking::of(&row.fact) {
                fold.add(&booking);
            }
        };
        reader.day_facts(day, add).unwrap();
        (day, json!(fold.summary()))
    };
    days.into_iter().map(|record| summary(record.business_day)).collect()
}
