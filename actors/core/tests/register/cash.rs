//! The till: opened, money in and out, counted, closed; and what may not be sold without one.

use std::sync::Arc;

use store_core::fact::Fact;
use store_core::register::{
    Answer, Command, InForce, RegisterInput, RegisterRules, Request, TillAnswer, TillAsk, TillNews,
};
use store_core::till::{
    Denomination, TenderSum, TillCommand, TillEvent, TillNumber, TillPolicy, TillRules,
};
use store_core::{BusinessDay, CommandId, Currency, Money, Refusal, RefusalCode};
use uuid::Uuid;

use crate::till::{MILK, Till, asked_by, operator, reason, tender_type, usd};

/// A register with tills.
pub fn with(policy: TillPolicy) -> Till {
    let mut till = Till::new();
    decide(&mut till, 1, TillRules { policy, is_blind: false });
    till
}

/// Headquarters decides what tills follow.
fn decide(till: &mut Till, revision: u64, rules: TillRules) {
    till.rules = Arc::new(RegisterRules { till: rules, ..RegisterRules::clone(&till.rules) });
    let (rules, catalogue) = (till.rules.clone(), till.catalogue.clone());
    till.feed(RegisterInput::InForceChanged(InForce { revision, catalogue, rules }));
}

#[test]
fn what_is_decided_of_tills_holds_from_the_next_opening() {
    let mut till = with(TillPolicy::Shared);
    open(&mut till, "10.00").unwrap();
    let other = TillRules { policy: TillPolicy::PerOperator, is_blind: true };
    decide(&mut till, 2, other);
    for _ in 0..2 {
        let view = till.machine.view(till.now()).till;
        assert_eq!((view.policy, view.is_blind), (TillPolicy::Shared, false));
        assert!(view.open.unwrap().expected.is_some());
        // Nor does a restart bring it about.
        till.restart();
        decide(&mut till, 2, other);
    }
    count(&mut till, &[("10.00", 1)]).unwrap();
    run(&mut till, TillCommand::Close).unwrap();
    open(&mut till, "10.00").unwrap();
    let view = till.machine.view(till.now()).till;
    assert_eq!((view.policy, view.is_blind), (TillPolicy::PerOperator, true));
    assert!(view.open.unwrap().expected.is_none());
    // A store without tills goes on with the one that is open until it is closed.
    decide(&mut till, 3, TillRules { policy: TillPolicy::None, is_blind: false });
    sell(&mut till, "cash", "2.50");
    count(&mut till, &[("10.00", 1)]).unwrap();
    run(&mut till, TillCommand::Close).unwrap();
    assert_eq!(refused(open(&mut till, "1.00")), RefusalCode::TillsNotUsed);
    sell(&mut till, "cash", "2.50");
}

fn ask(till: &mut Till, who: &str, command: TillCommand) -> TillAsk {
    let id = CommandId::new(Uuid::from_u128(u128::from(5000 + till.next_id())));
    TillAsk { id, operator: operator(who), approved_by: None, command: Some(command) }
}

pub fn send(till: &mut Till, ask: TillAsk) -> Result<TillAnswer, Refusal> {
    match till.ask(Request::Till(ask))? {
        Answer::Till(answer) => Ok(answer),
        other => panic!("what is done with a till is answered as such: {other:?}"),
    }
}

pub fn run(till: &mut Till, command: TillCommand) -> Result<TillAnswer, Refusal> {
    let ask = ask(till, "c1", command);
    send(till, ask)
}

pub fn open(till: &mut Till, float: &str) -> Result<TillAnswer, Refusal> {
    run(till, TillCommand::Open { float: usd(float) })
}

fn count(till: &mut Till, pieces: &[(&str, u32)]) -> Result<TillAnswer, Refusal> {
    let denominations = pieces.iter();
    let denominations =
        denominations.map(|(value, pieces)| Denomination { value: usd(value), pieces: *pieces });
    run(till, TillCommand::Count { denominations: denominations.collect(), others: Vec::new() })
}

pub fn expected(till: &Till, kind: &str) -> Money {
    let open = till.machine.view(till.now()).till.open.expect("a till is open");
    open.expected.expect("it is shown").sum(&tender_type(kind), Currency::USD)
}

pub fn sell(till: &mut Till, kind: &str, amount: &str) {
    till.transaction =
        store_core::TransactionId::new(Uuid::from_u128(u128::from(till.next_id()) + 70_000));
    till.version = 0;
    till.scan(MILK).unwrap();
    till.pay(kind, amount).unwrap();
    till.run(Command::Complete).unwrap();
}

pub fn refused(refusal: Result<TillAnswer, Refusal>) -> RefusalCode {
    refusal.expect_err("it is refused").code
}

#[test]
fn nothing_is_sold_before_the_till_is_open_and_what_is_sold_books_on_its_day() {
    let mut till = with(TillPolicy::Shared);
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::TillNotOpen);
    assert!(till.facts.is_empty());
    // The store's day is not the calendar's: it is after midnight.
    let day = BusinessDay::new(jiff::civil::date(2023, 11, 13));
    till.day = Ok(day);
    let opened = open(&mut till, "100.00").unwrap();
    assert_eq!((opened.kind, opened.till), ("till_opened", Some(TillNumber(1))));
    assert_eq!(opened.business_day, day);
    assert_eq!(till.told, [TillNews::Opened { business_day: day }]);
    sell(&mut till, "cash", "10.00");
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(sale.business_day, day);
    assert_eq!(expected(&till, "cash"), usd("102.50"));
}

#[test]
fn what_is_expected_is_the_float_and_what_came_less_what_went() {
    let mut till = with(TillPolicy::Shared);
    open(&mut till, "100.00").unwrap();
    run(&mut till, TillCommand::Loan { amount: usd("50.00"), reason: None }).unwrap();
    run(&mut till, TillCommand::Pickup { amount: usd("120.00") }).unwrap();
    let expense = reason("expense");
    run(&mut till, TillCommand::PaidIn { amount: usd("7.00"), reason: expense.clone() }).unwrap();
    run(&mut till, TillCommand::PaidOut { amount: usd("2.25"), reason: expense.clone() }).unwrap();
    run(&mut till, TillCommand::NoSale { reason: expense }).unwrap();
    sell(&mut till, "cash", "20.00");
    sell(&mut till, "card", "2.50");
    // Of a voucher's change the cash goes, and the voucher stays.
    sell(&mut till, "voucher", "5.00");
    assert_eq!(expected(&till, "cash"), usd("34.75"));
    assert_eq!(expected(&till, "card"), usd("2.50"));
    assert_eq!(expected(&till, "voucher"), usd("5.00"));
    // All of it is in the facts.
    let before = till.machine.view(till.now()).till;
    till.restart();
    let rules = till.rules.clone();
    let catalogue = till.catalogue.clone();
    till.feed(RegisterInput::InForceChanged(InForce { revision: 1, catalogue, rules }));
    assert_eq!(till.machine.view(till.now()).till, before);
}

#[test]
fn a_till_is_closed_as_it_was_counted_and_numbered_without_a_gap() {
    let mut till = with(TillPolicy::Shared);
    open(&mut till, "10.00").unwrap();
    sell(&mut till, "cash", "2.50");
    sell(&mut till, "coupon", "2.50");
    assert_eq!(refused(run(&mut till, TillCommand::Close)), RefusalCode::CountNeeded);
    count(&mut till, &[("10.00", 1), ("1.00", 2)]).unwrap();
    // What is sold after the count is not in it.
    sell(&mut till, "cash", "2.50");
    assert_eq!(refused(run(&mut till, TillCommand::Close)), RefusalCode::CountNeeded);
    count(&mut till, &[("10.00", 1), ("1.00", 4)]).unwrap();
    let closed = run(&mut till, TillCommand::Close).unwrap();
    let lines = closed.closing.expect("a close says what was there");
    let said: Vec<_> = lines
        .iter()
        .map(|line| (line.tender_type.as_str(), line.expected, line.over().unwrap()))
        .collect();
    let cash = ("cash", usd("15.00"), Some(usd("-1.00")));
    assert_eq!(said, [cash, ("coupon", usd("2.50"), None)]);
    assert_eq!(till.told.last(), Some(&TillNews::Closed { is_forced: false }));
    let new = store_core::TransactionId::new(Uuid::from_u128(99));
    (till.transaction, till.version) = (new, 0);
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::TillNotOpen);
    assert_eq!(open(&mut till, "0").unwrap().till, Some(TillNumber(2)));
}

#[test]
fn a_till_is_not_counted_and_not_closed_under_a_basket() {
    let mut till = with(TillPolicy::Shared);
    open(&mut till, "0").unwrap();
    till.scan(MILK).unwrap();
    assert_eq!(refused(count(&mut till, &[])), RefusalCode::BasketOpen);
    assert_eq!(refused(run(&mut till, TillCommand::Close)), RefusalCode::BasketOpen);
    assert_eq!(refused(open(&mut till, "0")), RefusalCode::TillOpen);
}

#[test]
fn whose_till_it_is_sells_from_it() {
    let mut till = with(TillPolicy::PerOperator);
    open(&mut till, "0").unwrap();
    let ask = Request::SignOn {
        id: CommandId::new(Uuid::from_u128(77)),
        operator: operator("c2"),
        name: "Lin".into(),
        instead_of: None,
    };
    till.ask(ask).unwrap();
    let envelope =
        till.envelope(Command::ScanItem { code: MILK.to_owned(), onto: None, item: None });
    let request = asked_by("c2", envelope);
    let refusal = till.ask(request).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::TillOfOther);
    assert_eq!(refusal.details.get("operator").map(String::as_str), Some("c1"));
}

#[test]
fn a_command_is_done_once_and_its_id_is_nobody_elses() {
    let mut till = with(TillPolicy::Shared);
    let opens = ask(&mut till, "c1", TillCommand::Open { float: usd("5.00") });
    let first = send(&mut till, opens.clone()).unwrap();
    let again = send(&mut till, opens.clone()).unwrap();
    assert!(!first.repeated && again.repeated);
    assert_eq!((again.till, till.facts.len()), (first.till, 1));
    let other = TillAsk { command: Some(TillCommand::Open { float: usd("6.00") }), ..opens };
    assert_eq!(refused(send(&mut till, other)), RefusalCode::CommandIdReused);
    assert_eq!(till.facts.len(), 1);
}

#[test]
fn bad_amounts_notes_reasons_and_states_are_refused_and_change_nothing() {
    let mut till = with(TillPolicy::Shared);
    let twd = Money::from_minor(5, Currency::TWD).unwrap();
    let expense = reason("expense");
    let float = |float| TillCommand::Open { float };
    assert_eq!(refused(run(&mut till, float(twd))), RefusalCode::BadAmount);
    assert_eq!(refused(run(&mut till, float(usd("-1.00")))), RefusalCode::BadAmount);
    assert_eq!(refused(run(&mut till, TillCommand::Close)), RefusalCode::TillNotOpen);
    till.day = Err(RefusalCode::DayClosing);
    assert_eq!(refused(open(&mut till, "0")), RefusalCode::DayClosing);
    till.day = Ok(BusinessDay::new(jiff::civil::date(2023, 11, 14)));
    open(&mut till, "0").unwrap();
    let facts = till.facts.len();
    let view = till.machine.view(till.now());
    for amount in [usd("0"), usd("-3.00"), twd] {
        let refusal = run(&mut till, TillCommand::Pickup { amount });
        assert_eq!(refused(refusal), RefusalCode::BadAmount);
        let refusal = run(&mut till, TillCommand::PaidIn { amount, reason: expense.clone() });
        assert_eq!(refused(refusal), RefusalCode::BadAmount);
    }
    let unknown = TillCommand::PaidOut { amount: usd("1.00"), reason: reason("whim") };
    assert_eq!(refused(run(&mut till, unknown)), RefusalCode::UnknownReason);
    for pieces in [&[("3.00", 1u32)] as &[_], &[("1.00", 1), ("1.00", 2)], &[("-1.00", 1)]] {
        assert_eq!(refused(count(&mut till, pieces)), RefusalCode::UnknownDenomination);
    }
    assert_eq!(refused(count(&mut till, &[("1.00", 2_000_000)])), RefusalCode::BadAmount);
    for (kind, code) in [("cash", RefusalCode::BadAmount), ("shells", RefusalCode::UnknownTender)] {
        let others = vec![TenderSum { tender_type: tender_type(kind), amount: usd("1.00") }];
        let counts = TillCommand::Count { denominations: Vec::new(), others };
        assert_eq!(refused(run(&mut till, counts)), code);
    }
    assert_eq!(till.facts.len(), facts);
    assert_eq!(till.machine.view(till.now()).till, view.till);
}

#[test]
fn only_who_works_here_touches_the_till() {
    let mut till = with(TillPolicy::Shared);
    let opens = ask(&mut till, "c2", TillCommand::Open { float: usd("0") });
    assert_eq!(refused(send(&mut till, opens)), RefusalCode::OtherOperatorSignedOn);
}

#[test]
fn a_till_that_could_not_be_written_is_not_open() {
    let mut till = with(TillPolicy::Shared);
    till.is_disk_full = true;
    assert_eq!(refused(open(&mut till, "0")), RefusalCode::DiskFull);
    assert_eq!(till.told, [TillNews::NotOpened]);
    till.is_disk_full = false;
    assert_eq!(open(&mut till, "0").unwrap().till, Some(TillNumber(1)));
}

#[test]
fn what_is_expected_is_not_shown_to_who_counts_blindly() {
    let mut till = with(TillPolicy::Shared);
    decide(&mut till, 2, TillRules { policy: TillPolicy::Shared, is_blind: true });
    open(&mut till, "10.00").unwrap();
    let open = till.machine.view(till.now()).till.open.unwrap();
    assert_eq!((open.expected, open.is_counted), (None, false));
    count(&mut till, &[("10.00", 1)]).unwrap();
    let closed = run(&mut till, TillCommand::Close).unwrap();
    assert_eq!(closed.closing.unwrap()[0].expected, usd("10.00"));
}

/// What the close of the day asks of a register.
fn force(till: &mut Till) -> Result<Answer, Refusal> {
    let id = CommandId::new(Uuid::from_u128(u128::from(9000 + till.next_id())));
    let ask = TillAsk { id, operator: operator("m1"), approved_by: None, command: None };
    till.ask(Request::Till(ask))
}

#[test]
fn a_forced_close_gives_up_what_lies_there_unpaid_and_leaves_what_is_paid_for() {
    let mut till = with(TillPolicy::Shared);
    open(&mut till, "10.00").unwrap();
    till.scan(MILK).unwrap();
    till.pay("cash", "1.00").unwrap();
    assert_eq!(force(&mut till).unwrap_err().code, RefusalCode::TenderTaken);
    till.run(Command::VoidTender { number: 1 }).unwrap();
    let Answer::Till(closed) = force(&mut till).unwrap() else { panic!("a close") };
    assert_eq!(closed.closing.unwrap()[0].counted, None);
    let [.., Fact::SaleAbandoned { reason, .. }, Fact::Till(entry)] = &till.facts[..] else {
        panic!("the basket is given up, then the till is closed")
    };
    assert_eq!(reason.as_str(), "day_closed");
    let TillEvent::Closed { closing } = &entry.event else { panic!("a close") };
    assert!(closing.is_forced && entry.operator == operator("m1"));
    assert!(till.machine.basket().is_none() && till.draft.is_none());
    // There is nothing left to force.
    assert!(matches!(force(&mut till), Ok(Answer::Register(_))));
}

#[test]
fn a_store_without_tills_sells_and_opens_its_drawer() {
    let mut till = with(TillPolicy::None);
    sell(&mut till, "cash", "2.50");
    assert_eq!(refused(open(&mut till, "0")), RefusalCode::TillsNotUsed);
    let opened = run(&mut till, TillCommand::NoSale { reason: reason("expense") }).unwrap();
    assert_eq!((opened.kind, opened.till), ("drawer_opened", None));
}
