//! Everything that can be asked of a ledger, as one text that can be compared.

use std::fmt::Write as _;

use store_core::{CommandId, TransactionId};
use store_journal::LedgerReads;

use crate::bench::all_rows;
use crate::trade::{at, item, member, moment};

pub const WORKSTATIONS: [&str; 3] = ["1", "2", "3"];
pub const ITEMS: [&str; 3] = ["beef", "bread", "milk"];
pub const KEYS: [&str; 4] = ["a", "b", "c", "d"];

/// Ids that were ever given to a ledger, whatever became of them.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub transactions: Vec<TransactionId>,
    pub commands: Vec<CommandId>,
}

/// What a buyer said, in words: it does not show itself.
pub fn said(ledger: &impl LedgerReads, sale: TransactionId) -> Option<[Option<String>; 2]> {
    let wish = ledger.buyer(sale).unwrap()?;
    let carrier = wish.carrier.map(|carrier| carrier.as_str().to_owned());
    let donation = wish.donation.map(|code| code.as_str().to_owned());
    Some([carrier, donation])
}

/// All answers, one a line.
pub fn everything(ledger: &impl LedgerReads, seen: &Seen) -> String {
    promised(ledger, seen) + &beside(ledger, seen)
}

/// The rows and what is made of them.
pub fn promised(ledger: &impl LedgerReads, seen: &Seen) -> String {
    let mut text = String::new();
    let mut say = |what: &str, answer: &dyn std::fmt::Debug| {
        writeln!(text, "{what}: {answer:?}").unwrap();
    };
    say("head", &ledger.head().unwrap());
    say("streams", &ledger.streams().unwrap());
    for row in all_rows(ledger) {
        say("row", &row);
    }
    for id in &seen.commands {
        say("row of", &(id, ledger.row_of(*id).unwrap().map(|row| row.position)));
    }
    for id in &seen.transactions {
        say("transaction", &(id, ledger.transaction(*id).unwrap()));
    }
    for workstation in WORKSTATIONS.map(at) {
        say("register", &ledger.register(&workstation).unwrap());
        say("last number", &ledger.last_number(&workstation).unwrap());
    }
    for item in ITEMS.map(item) {
        say("stock", &(&item, ledger.stock(&item).unwrap()));
    }
    say("registers", &ledger.registers().unwrap());
    say("inventory", &ledger.inventory().unwrap());
    say("safety stock", &ledger.safety_stock().unwrap());
    let days = ledger.promotion_days().unwrap();
    for (promotion, day) in days.keys() {
        say("sold", &(promotion, ledger.promotion_sold(promotion, *day).unwrap()));
    }
    say("days of promotions", &days);
    say("sold to", &ledger.promotions_sold_to(&member()).unwrap());
    say("points", &ledger.points_spent(&member(), moment(1).business_day()).unwrap());
    say("coupons", &["FIVE", "SIX"].map(|code| ledger.is_coupon_used(code).unwrap()));
    for id in &seen.transactions {
        say("post-void", &ledger.post_void(*id).unwrap().map(|row| row.position));
    }
    say("alerts", &ledger.stock_alerts().unwrap());
    text
}

/// What stands beside the rows.
fn beside(ledger: &impl LedgerReads, seen: &Seen) -> String {
    let mut text = String::new();
    let mut say = |what: &str, answer: &dyn std::fmt::Debug| {
        writeln!(text, "{what}: {answer:?}").unwrap();
    };
    for id in &seen.transactions {
        say("buyer", &(id, said(ledger, *id)));
        say("ended", &(id, ledger.ended(*id).unwrap()));
        say("print jobs", &ledger.print_jobs(*id).unwrap());
        say("receipt", &ledger.print_job(*id, 0).unwrap());
    }
    for workstation in WORKSTATIONS.map(at) {
        say("draft", &ledger.draft(&workstation).unwrap());
        say("claim", &ledger.claim(&workstation).unwrap());
    }
    for key in KEYS {
        say("session", &ledger.session(key).unwrap());
        say("lock-out", &ledger.lockout(key).unwrap());
        say("setting", &(key, ledger.setting(key).unwrap()));
        say("operator", &ledger.operator(&key.parse().unwrap()).unwrap());
    }
    for state in ledger.streams().unwrap() {
        say("cursor", &ledger.cursor(state.head.stream).unwrap());
    }
    for id in &seen.transactions {
        say("draft of", &ledger.draft_of(*id).unwrap());
        say("aside", &ledger.suspended_basket(*id).unwrap());
    }
    say("suspended", &ledger.suspended().unwrap());
    say("drafts", &ledger.drafts().unwrap());
    say("open print jobs", &ledger.print_jobs_open().unwrap());
    say("operators", &ledger.operators().unwrap());
    say("claims", &ledger.claims().unwrap());
    say("sessions", &ledger.sessions().unwrap());
    text
}

/// Fails with the lines that differ, not with two long texts.
pub fn assert_same(left: &str, right: &str, when: &str) {
    let differing = left.lines().zip(right.lines()).find(|(left, right)| left != right);
    assert!(left == right, "{when}: {:#?}", differing.unwrap_or(("one is longer", "")));
}
