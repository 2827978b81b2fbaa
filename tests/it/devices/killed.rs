//! A hub that is killed while receipts are on their way to printers that live on.

use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

use serde_json::json;
use store_journal::{LedgerReads as _, PrintState, Reader};

use super::counter::Counter;
use super::pause;
use crate::api::basket::{Basket, COMMANDS, WATER, cash, scan};
use crate::api::browser::Browser;
use crate::support;

/// Kills, unless `STORE_TESTS_PRINT_KILLS` says how many.
const KILLS: usize = 6;
/// Sales of each register between two kills, at most: what gathers has to be printed in the end.
const SALES_MAX: usize = 10;
/// A kill comes within this time after the registers began to sell.
const MOMENT_MS_MAX: u64 = 1_200;
/// A receipt takes about a tenth of a second, so that the printer is nearly always at one.
const BYTES_PER_S: u32 = 12_000;

fn kills() -> usize {
    let told = std::env::var("STORE_TESTS_PRINT_KILLS").ok();
    told.and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

/// Sells until the hub dies or enough is sold.
fn sell_on(browser: &Browser) {
    for _ in 0..SALES_MAX {
        if sell_one(browser).is_none() {
            return;
        }
    }
}

/// Sells a bottle; nothing where the hub died.
fn sell_one(browser: &Browser) -> Option<()> {
    let mut basket = Basket::new();
    let mut send = |command| {
        let reply = browser.try_post(COMMANDS, &basket.envelope(&command))?;
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        basket.follow(&reply);
        Some(reply.json())
    };
    let due = send(scan(WATER))?["view"]["basket"]["totals"]["due"].clone();
    send(cash(&due, &due))?;
    send(json!({ "type": "complete" })).map(drop)
}

/// Finishes what was in the basket when the hub died.
fn tidy_up(browser: &Browser) {
    let view = browser.get("/api/v1/register").json();
    let open = &view["basket"];
    let Some(id) = open["transaction_id"].as_str() else { return };
    let mut basket = Basket { id: id.to_owned(), version: open["version"].as_u64().unwrap() };
    let due = &open["totals"]["due"];
    if due["amount"] != "0" {
        basket.must(browser, &cash(due, due));
    }
    basket.must(browser, &json!({ "type": "complete" }));
}

/// Sells at both registers, kills the hub in the middle, and starts it again. Answers how many
/// receipts were being printed.
fn round(mut counter: Counter, moment: Duration) -> (Counter, usize) {
    let Counter { hub, first, second, .. } = &mut counter;
    thread::scope(|scope| {
        for browser in [&*first, &*second] {
            scope.spawn(move || sell_on(browser));
        }
        pause(moment);
        hub.kill();
    });
    let open = Reader::open(&counter.store).unwrap().print_jobs_open().unwrap();
    let printing = open.iter().filter(|job| job.state == PrintState::Printing).count();
    let counter = counter.kill();
    tidy_up(&counter.first);
    tidy_up(&counter.second);
    (counter, printing)
}

/// Rounds of one store, whose registers print in front or at two printers.
fn rounds(name: &str, front: &str, back: &str) {
    let mut seed = support::seed();
    let mut counter = Counter::open_with(name, front, back, NonZeroU32::new(BYTES_PER_S));
    let (mut kills, mut met) = (0, 0);
    // A few that meet no receipt on its way do not count.
    while kills < self::kills() || met == 0 {
        let moment = Duration::from_millis(support::draw(&mut seed) % MOMENT_MS_MAX);
        let printing;
        (counter, printing) = round(counter, moment);
        kills += 1;
        met += printing;
        assert!(kills < 10 * self::kills().max(1), "no kill meets a receipt on its way");
    }
    let checked = counter.close(met);
    println!("{kills} kills met {met} receipts on their way: {checked:?}");
    assert_eq!(checked.unknown, met, "what was on its way, and nothing else");
}

#[test]
fn killed_while_two_registers_print_at_one_printer_every_receipt_is_once_or_on_the_list() {
    rounds("kill-one-printer", "[1,2]", "[]");
}

#[test]
fn killed_while_two_registers_print_at_their_own_every_receipt_is_once_or_on_the_list() {
    rounds("kill-two-printers", "[1]", "[2]");
}
