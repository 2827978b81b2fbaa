//! Receipts are found by what a customer remembers of them.

use store_core::{OperatorId, TransactionId, TransactionNumber};
use store_journal::{FoundReceipt, LedgerReads as _, ReceiptQuery};

use uuid::Uuid;

use crate::bench::Bench;
use crate::trade::{Trade, at};

super::on_both!(
    each_thing_that_is_said_finds_the_receipts_that_have_it,
    what_is_voided_or_given_up_is_not_found,
    an_undone_sale_is_found_and_said_to_be_one,
    pages_follow_one_another_without_a_gap,
);

fn asking(change: impl FnOnce(&mut ReceiptQuery)) -> ReceiptQuery {
    let mut query = ReceiptQuery { limit: 100, ..ReceiptQuery::default() };
    change(&mut query);
    query
}

fn found<B: Bench>(bench: &mut B, query: &ReceiptQuery) -> Vec<FoundReceipt> {
    bench.ledger().receipts(query).unwrap()
}

/// The registers and numbers that a query finds.
fn numbers<B: Bench>(bench: &mut B, change: impl FnOnce(&mut ReceiptQuery)) -> Vec<String> {
    let found = found(bench, &asking(change));
    found.iter().map(|receipt| format!("{}-{}", receipt.workstation, receipt.number)).collect()
}

/// Milk at one register, bread and then milk by card at the other; answers the moment of the last.
fn sold<B: Bench>(bench: &mut B, trade: &mut Trade) -> i64 {
    for workstation in ["1", "2"] {
        bench.append(&trade.sign_on(workstation)).unwrap();
    }
    bench.append(&trade.sale("1", 1)).unwrap();
    let bread = trade.basket("2", "bread", 3);
    bench.append(&trade.completed(bread, 1)).unwrap();
    let mut by_card = trade.basket("2", "milk", 7);
    by_card.tenders[0].reference = Some("9999".into());
    by_card.tenders[1].reference = Some("************4242".into());
    by_card.operator = OperatorId::new("c2").unwrap();
    let last = trade.completed(by_card, 2);
    let moment = last.now.wall.as_millisecond();
    bench.append(&last).unwrap();
    moment
}

fn each_thing_that_is_said_finds_the_receipts_that_have_it<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let last_ms = sold(&mut bench, &mut trade);
    let all = ["2-2", "2-1", "1-1"];
    assert_eq!(numbers(&mut bench, |_| {}), all);
    let is = |bench: &mut B, change: fn(&mut ReceiptQuery), expected: &[&str]| {
        assert_eq!(numbers(bench, change), expected);
    };
    is(&mut bench, |query| query.number = Some(TransactionNumber(1)), &["2-1", "1-1"]);
    is(&mut bench, |query| query.workstation = Some(at("2")), &["2-2", "2-1"]);
    is(&mut bench, |query| query.item = Some("milk".to_owned()), &["2-2", "1-1"]);
    is(&mut bench, |query| query.item = Some("4710088412584".to_owned()), &all);
    is(&mut bench, |query| query.total_minor = Some(35 * 3 - 5), &["2-1"]);
    is(&mut bench, |query| query.card = Some("4242".to_owned()), &["2-2"]);
    is(&mut bench, |query| query.card = Some("9999".to_owned()), &[]);
    is(&mut bench, |query| query.operator = OperatorId::new("c2").ok(), &["2-2"]);
    assert_eq!(numbers(&mut bench, |query| query.from_ms = Some(last_ms)), ["2-2"]);
    assert_eq!(numbers(&mut bench, |query| query.to_ms = Some(last_ms)), ["2-1", "1-1"]);
    let milk_at_two = |query: &mut ReceiptQuery| {
        (query.workstation, query.item) = (Some(at("2")), Some("milk".to_owned()));
    };
    assert_eq!(numbers(&mut bench, milk_at_two), ["2-2"]);
    let first = found(&mut bench, &asking(|query| query.number = Some(TransactionNumber(2))));
    assert_eq!((first[0].lines, first[0].wall_ms), (1, last_ms));
    assert_eq!(first[0].total.minor(), 35 * 7 - 5);
    bench.reopen();
    assert_eq!(numbers(&mut bench, |_| {}), all);
    let (one, nobody) = (first[0].transaction, TransactionId::new(Uuid::nil()));
    assert_eq!(numbers(&mut bench, |query| query.transaction = Some(one)), ["2-2"]);
    assert_eq!(numbers(&mut bench, |query| query.transaction = Some(nobody)), [""; 0]);
}

fn what_is_voided_or_given_up_is_not_found<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    bench.append(&trade.sign_on("1")).unwrap();
    let given_up = trade.basket("1", "bread", 1);
    bench.append(&trade.abandoned(given_up)).unwrap();
    assert_eq!(numbers(&mut bench, |_| {}), [""; 0]);
    let mut sale = trade.basket("1", "milk", 2);
    sale.lines[1].item = crate::trade::item("wine");
    bench.append(&trade.completed(sale, 1)).unwrap();
    assert_eq!(numbers(&mut bench, |query| query.item = Some("wine".to_owned())), [""; 0]);
    assert_eq!(numbers(&mut bench, |query| query.item = Some("milk".to_owned())), ["1-1"]);
}

fn pages_follow_one_another_without_a_gap<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    bench.append(&trade.sign_on("1")).unwrap();
    for number in 1..=7 {
        bench.append(&trade.sale("1", number)).unwrap();
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let query = ReceiptQuery { before, limit: 3, ..ReceiptQuery::default() };
        let page = found(&mut bench, &query);
        let Some(last) = page.last() else { break };
        before = Some(last.position);
        seen.extend(page.iter().map(|receipt| receipt.number.0));
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
}

fn an_undone_sale_is_found_and_said_to_be_one<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    bench.append(&trade.sign_on("1")).unwrap();
    let sales = [trade.sale("1", 1), trade.sale("1", 2)];
    for sale in &sales {
        bench.append(sale).unwrap();
    }
    bench.append(&trade.undone(&sales[0], "1")).unwrap();
    let found = found(&mut bench, &asking(|_| {}));
    let undone: Vec<_> = found.iter().map(|one| (one.number.0, one.is_undone)).collect();
    assert_eq!(undone, [(2, false), (1, true)]);
}
