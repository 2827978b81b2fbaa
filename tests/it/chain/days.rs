//! What a business day came to is the same at the store and at headquarters.

use serde_json::json;
use store_core::Currency;
use store_core::day::{Booking, Scope, SummaryFold};
use store_journal::{LedgerReads as _, Reader};

use super::Chain;
use super::sales::until_acknowledged;

#[test]
fn headquarters_answers_the_stores_own_day_summary() {
    let mut chain = Chain::start("days", &[]);
    let mut shop = chain.open("s1");
    shop.sell(7);
    until_acknowledged(&shop);
    let reader = Reader::open(&shop.directory).unwrap();
    let day = reader.days().unwrap().first().expect("something is booked").business_day;
    // The store's day, which is not headquarters' own at every hour.
    let shown = chain.hq.get(&format!("/api/v1/stores/s1?day={day}"));
    let currency = Currency::new(shown["totals"][0]["currency"].as_str().unwrap());
    let mut fold = SummaryFold::new(Scope::Day(day), currency.unwrap());
    reader
        .day_facts(day, &mut |row| {
            if let Some(booking) = Booking::of(&row.fact) {
                fold.add(&booking);
            }
        })
        .unwrap();
    let own = json!(fold.summary());
    assert!(own["counts"]["sales"].as_u64().unwrap() > 0);
    assert_eq!(chain.hq.get(&format!("/api/v1/stores/s1/days/{day}")), own);
}
