//! Whose money lies in a drawer, and what: tills that others sell from, vouchers, foreign cash, and
//! a till that is closed with the day.

use store_core::fact::Fact;
use store_core::register::{Answer, Command, Request, TillAsk, TillNews};
use store_core::till::{Denomination, TenderSum, TillCommand, TillNumber, TillPolicy};
use store_core::transaction::{ForeignRate, TenderKind, TenderRule};
use store_core::{CommandId, Currency, Money, RefusalCode, TransactionId};
use uuid::Uuid;

use crate::cash::{expected, open, refused, run, sell, with};
use crate::till::{MILK, Till, asked_by, operator, tender_type, usd};

fn change(till: &mut Till, before: &str, next: &str, takes_payment: bool) -> RefusalCode {
    let id = CommandId::new(Uuid::from_u128(u128::from(8000 + till.next_id())));
    let (operator, before) = (operator(next), operator(before));
    let name = "Lin".into();
    let changed = till.ask(Request::ChangeOperator { id, operator, name, before, takes_payment });
    changed.map_or_else(|refusal| refusal.code, |_| RefusalCode::NothingDue)
}

/// Nothing was refused.
const DONE: RefusalCode = RefusalCode::NothingDue;

fn by(till: &mut Till, who: &str, command: Command) -> RefusalCode {
    let envelope = till.envelope(command);
    let answer = till.ask(asked_by(who, envelope));
    match answer {
        Ok(_) => {
            till.version = till.machine.basket().map_or(0, |basket| basket.version);
            DONE
        }
        Err(refusal) => refusal.code,
    }
}

fn cash(till: &Till, amount: &str) -> Command {
    let total = till.machine.basket().unwrap().transaction.totals.due;
    let (tender_type, amount) = (tender_type("cash"), usd(amount));
    Command::Tender { tender_type, amount, total, reference: None, line: None }
}

#[test]
fn what_is_paid_lies_in_the_till_of_whoever_took_it() {
    let mut till = with(TillPolicy::PerOperator);
    open(&mut till, "0").unwrap();
    till.scan(MILK).unwrap();
    assert_eq!(change(&mut till, "c1", "c2", false), DONE);
    // The basket is theirs, the till is not: they put it aside until they have one of their own.
    let paid = cash(&till, "2.50");
    assert_eq!(by(&mut till, "c2", paid), RefusalCode::TillOfOther);
    assert_eq!(by(&mut till, "c2", Command::Complete), RefusalCode::TillOfOther);
    assert_eq!(change(&mut till, "c2", "c1", false), DONE);
    let part = cash(&till, "1.00");
    assert_eq!(by(&mut till, "c1", part), DONE);
    // Half paid, and they are gone.
    assert_eq!(change(&mut till, "c1", "c2", false), RefusalCode::PaymentOfAnother);
    assert_eq!(change(&mut till, "c1", "m1", true), DONE);
    till.restart();
    assert_eq!(change(&mut till, "c1", "m1", true), DONE);
    let rest = cash(&till, "1.50");
    assert_eq!(by(&mut till, "m1", rest), DONE);
    assert_eq!(by(&mut till, "m1", Command::Complete), DONE);
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(sale.operator, operator("m1"));
    assert!(sale.approvals.iter().all(|one| one.approved_by == operator("m1")));
    assert!(!sale.approvals.is_empty(), "that they took a payment over stands in the sale");
    assert_eq!(expected(&till, "cash"), usd("2.50"));
}

#[test]
fn a_voucher_whose_rest_lapsed_lies_in_the_till_with_all_that_it_says() {
    let rule = TenderRule { keeps_excess: true, ..TenderRule::exact(tender_type("gift")) };
    let mut till = with(TillPolicy::Shared).with_tenders(vec![rule]);
    open(&mut till, "0").unwrap();
    sell(&mut till, "gift", "5.00");
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(sale.tenders[0].amount, usd("2.50"));
    assert_eq!(expected(&till, "gift"), usd("5.00"), "the slip in the drawer");
    let others = vec![TenderSum { tender_type: tender_type("gift"), amount: usd("5.00") }];
    run(&mut till, TillCommand::Count { denominations: Vec::new(), others }).unwrap();
    let lines = run(&mut till, TillCommand::Close).unwrap().closing.unwrap();
    let gift = lines.iter().find(|line| line.tender_type == tender_type("gift")).unwrap();
    assert_eq!(gift.over().unwrap(), Some(usd("0")));
}

#[test]
fn foreign_cash_is_counted_in_its_own_currency_under_its_way_of_paying() {
    let jpy = |minor| Money::from_minor(minor, Currency::JPY).unwrap();
    let rate = ForeignRate { currency: Currency::JPY, rate: "0.0067".parse().unwrap() };
    let yen = TenderRule {
        kind: TenderKind::Foreign,
        gives_change: true,
        foreign: Some(rate),
        ..TenderRule::exact(tender_type("yen"))
    };
    let local = TenderRule { gives_change: true, ..TenderRule::exact(tender_type("cash")) };
    let mut till = with(TillPolicy::Shared).with_tenders(vec![local, yen]);
    open(&mut till, "10.00").unwrap();
    till.scan(MILK).unwrap();
    let (total, amount) = (usd("2.50"), jpy(1000));
    let tender_type_yen = tender_type("yen");
    let paid = Command::Tender {
        tender_type: tender_type_yen.clone(),
        amount,
        total,
        reference: None,
        line: None,
    };
    till.run(paid).unwrap();
    till.run(Command::Complete).unwrap();
    let note = |value| Denomination { value, pieces: 1 };
    let of = |amount| vec![TenderSum { tender_type: tender_type_yen.clone(), amount }];
    let dollars = || vec![note(usd("5.00"))];
    let mut foreign = dollars();
    foreign.push(note(jpy(1000)));
    for (denominations, others) in [(foreign, Vec::new()), (dollars(), of(usd("6.70")))] {
        let counts = TillCommand::Count { denominations, others };
        assert_eq!(refused(run(&mut till, counts)), RefusalCode::BadAmount);
    }
    let counts = TillCommand::Count { denominations: dollars(), others: of(jpy(1000)) };
    run(&mut till, counts).unwrap();
    let lines = run(&mut till, TillCommand::Close).unwrap().closing.unwrap();
    let yen = lines.iter().find(|line| line.tender_type == tender_type_yen).unwrap();
    assert_eq!((yen.expected, yen.over().unwrap()), (jpy(1000), Some(jpy(0))));
    assert_eq!(lines.len(), 2, "nothing stands there twice");
}

#[test]
fn a_close_that_is_tried_again_closes_also_what_was_opened_since() {
    let mut till = with(TillPolicy::Shared);
    let id = CommandId::new(Uuid::from_u128(9999));
    let ask = TillAsk { id, operator: operator("m1"), approved_by: None, command: None };
    open(&mut till, "10.00").unwrap();
    till.scan(MILK).unwrap();
    assert!(matches!(till.ask(Request::Till(ask.clone())), Ok(Answer::Till(_))));
    assert_eq!(till.told.last(), Some(&TillNews::Closed { is_forced: true }));
    // The day could not be closed, because of another register, and somebody opened anew.
    let Answer::Till(again) = till.ask(Request::Till(ask.clone())).unwrap() else { panic!() };
    assert!(again.repeated);
    open(&mut till, "20.00").unwrap();
    till.transaction = TransactionId::new(Uuid::from_u128(98));
    till.version = 0;
    till.scan(MILK).unwrap();
    let Answer::Till(closed) = till.ask(Request::Till(ask)).unwrap() else { panic!("a close") };
    assert_eq!((closed.repeated, closed.till), (false, Some(TillNumber(2))));
    assert!(till.machine.basket().is_none());
    assert!(till.machine.view(till.now()).till.open.is_none());
    let mut ids = till.ids.clone();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), till.ids.len(), "no two promises have one id");
}
