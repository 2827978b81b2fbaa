//! Tills and business days: numbered without a gap, folded as the domain folds them, and closed
//! once.

use store_core::day::DayClosed;
use store_core::fact::Fact;
use store_core::till::{CashCount, Till, TillClosing, TillEntry, TillEvent, TillNumber};
use store_core::{BusinessDay, RefusalCode};
use store_journal::{Append, LedgerReads, WriteError};

use crate::bench::{Bench, is_rejected, placed};
use crate::trade::{Trade, at, cashier, moment, twd};

super::on_both!(
    a_till_is_the_fold_of_its_rows_also_after_a_start,
    what_does_not_follow_is_rejected_and_leaves_nothing,
    a_day_is_what_lies_between_its_first_row_and_its_close,
    no_day_is_closed_before_its_tills,
);

fn today() -> BusinessDay {
    moment(1).business_day()
}

fn entry(trade: &mut Trade, number: u64, event: TillEvent) -> Append {
    trade.append(Fact::Till(Box::new(TillEntry {
        workstation: at("1"),
        operator: cashier(),
        approved_by: None,
        business_day: today(),
        till: Some(TillNumber(number)),
        event,
    })))
}

fn opened(trade: &mut Trade, number: u64) -> Append {
    entry(trade, number, TillEvent::Opened { float: twd(1000), rules: None })
}

/// The close that the till's own sums make.
fn closed<B: Bench>(bench: &mut B, trade: &mut Trade) -> Append {
    let till = bench.ledger().till(&at("1")).unwrap().open.unwrap();
    let closing = till.closing(false).unwrap();
    entry(trade, till.number.0, TillEvent::Closed { closing })
}

fn day_closed(trade: &mut Trade) -> Append {
    trade.append(Fact::BusinessDayClosed(DayClosed {
        business_day: today(),
        operator: cashier(),
        approved_by: None,
        forced: Vec::new(),
    }))
}

fn a_till_is_the_fold_of_its_rows_also_after_a_start<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let pickup = entry(&mut trade, 1, TillEvent::Pickup { amount: twd(300) });
    let count = entry(&mut trade, 1, TillEvent::Counted { count: CashCount::default() });
    for append in [opened(&mut trade, 1), trade.sale("1", 1), pickup, trade.sale("2", 1), count] {
        placed(&bench.append(&append));
    }
    bench.reopen();
    let stored = bench.ledger().till(&at("1")).unwrap();
    let mut folded = Till::default();
    for row in bench.rows() {
        if let Some(row) = row.committed().unwrap() {
            folded.apply(&at("1"), row.now, &row.fact).unwrap();
        }
    }
    assert_eq!(stored, folded);
    let open = stored.open.unwrap();
    assert_eq!((open.sales, open.pickups), (1, twd(300)), "the other register's sale is its own");
    let close = closed(&mut bench, &mut trade);
    placed(&bench.append(&close));
    placed(&bench.append(&opened(&mut trade, 2)));
    let tills = bench.ledger().tills_of(today()).unwrap();
    let said: Vec<_> = tills.iter().map(|it| (it.till.number.0, it.is_closed)).collect();
    assert_eq!(said, [(1, true), (2, false)]);
    bench.verify();
}

fn what_does_not_follow_is_rejected_and_leaves_nothing<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    placed(&bench.append(&opened(&mut trade, 1)));
    let before = bench.head();
    let wrong = TillClosing { lines: Vec::new(), is_forced: false };
    for append in [
        // A number left out, the same one twice, another till's entry, sums that are not its own.
        opened(&mut trade, 3),
        opened(&mut trade, 1),
        entry(&mut trade, 2, TillEvent::Pickup { amount: twd(1) }),
        entry(&mut trade, 1, TillEvent::Closed { closing: wrong }),
    ] {
        let outcome = bench.append(&append);
        assert!(is_rejected(&outcome), "{:?}: {outcome:?}", append.fact);
    }
    assert_eq!(bench.head(), before);
    bench.verify();
}

fn no_day_is_closed_before_its_tills<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    placed(&bench.append(&opened(&mut trade, 1)));
    let close = closed(&mut bench, &mut trade);
    placed(&bench.append(&close));
    placed(&bench.append(&opened(&mut trade, 2)));
    let before = bench.head();
    let outcome = bench.append(&day_closed(&mut trade));
    assert_eq!(outcome, Err(WriteError::Declined(RefusalCode::TillsOpen)));
    assert_eq!(bench.head(), before);
    let close = closed(&mut bench, &mut trade);
    placed(&bench.append(&close));
    placed(&bench.append(&day_closed(&mut trade)));
    bench.verify();
}

fn a_day_is_what_lies_between_its_first_row_and_its_close<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    placed(&bench.append(&trade.sign_on("1")));
    placed(&bench.append(&opened(&mut trade, 1)));
    placed(&bench.append(&trade.sale("1", 1)));
    let close = closed(&mut bench, &mut trade);
    // Closing is possible on a full disk, and nothing else of a till is.
    bench.set_disk_full(true);
    let loan = TillEvent::Loan { amount: twd(1), reason: None };
    assert!(bench.append(&entry(&mut trade, 1, loan)).is_err());
    placed(&bench.append(&close));
    placed(&bench.append(&day_closed(&mut trade)));
    bench.set_disk_full(false);
    for append in [day_closed(&mut trade), opened(&mut trade, 2)] {
        assert!(is_rejected(&bench.append(&append)), "the day is over");
    }
    bench.reopen();
    let days = bench.ledger().days().unwrap();
    let said: Vec<_> = days.iter().map(|day| (day.business_day, day.is_closed)).collect();
    assert_eq!(said, [(today(), true)]);
    let mut kinds = Vec::new();
    bench.ledger().day_facts(today(), &mut |row| kinds.push(row.fact.kind())).unwrap();
    let all = ["till_opened", "sale_completed", "till_closed", "business_day_closed"];
    assert_eq!(kinds, all);
    bench.verify();
}
