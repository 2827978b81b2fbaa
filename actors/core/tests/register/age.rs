//! Goods that are sold only to people of some age.

use std::sync::Arc;

use store_core::catalogue::import;
use store_core::register::{BasketEvent, Command};
use store_core::till::{TillCommand, TillPolicy};
use store_core::{BusinessDay, Currency, LineNumber, RefusalCode};

use crate::cash::{run, with};
use crate::till::{CSV, MILK, Till, WHISKY, usd};

#[test]
fn payment_waits_until_the_cashier_has_seen_how_old_the_customer_is() {
    let mut till = Till::new();
    let view = till.scan(MILK).unwrap().view;
    assert_eq!(view.basket.unwrap().age, None);
    let age = till.scan(WHISKY).unwrap().view.basket.unwrap().age.unwrap();
    assert_eq!((age.age, age.born_by.as_str()), (18, "2005-11-14"));
    let refused = till.pay("cash", "30").unwrap_err();
    assert_eq!(refused.code, RefusalCode::AgeCheckNeeded);
    assert_eq!(refused.details["born_by"], "2005-11-14");
    let facts = till.facts.len();
    let young = till.run(Command::ConfirmAge { age: 17 }).unwrap_err();
    assert_eq!(young.code, RefusalCode::AgeCheckNeeded);
    till.restart();
    assert_eq!(till.pay("cash", "30").unwrap_err().code, RefusalCode::AgeCheckNeeded);
    let seen = till.run(Command::ConfirmAge { age: 18 }).unwrap();
    assert_eq!(seen.outcome.event, BasketEvent::AgeConfirmed { age: 18 });
    assert_eq!(seen.view.basket.unwrap().age, None);
    // It is seen once for the basket, also over a restart.
    till.restart();
    till.scan(WHISKY).unwrap();
    assert_eq!(till.facts.len(), facts);
    till.pay("cash", "50").unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn goods_that_are_taken_out_ask_for_nothing() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.scan(WHISKY).unwrap();
    let view = till.run(Command::VoidLine { line: LineNumber(2) }).unwrap().view;
    assert_eq!(view.basket.unwrap().age, None);
    till.pay("cash", "30").unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn nobody_is_a_day_older_because_the_till_books_on_tomorrow() {
    let mut till = with(TillPolicy::Shared);
    till.day = Ok(BusinessDay::new(jiff::civil::date(2023, 11, 15)));
    run(&mut till, TillCommand::Open { float: usd("0") }).unwrap();
    let age = till.scan(WHISKY).unwrap().view.basket.unwrap().age.unwrap();
    assert_eq!(age.born_by, "2005-11-14");
}

#[test]
fn goods_that_ask_for_an_age_only_since_they_are_being_paid_for_can_still_be_sold() {
    let mut till = Till::new();
    let with_age = till.catalogue.clone();
    // It asks for none yet.
    let before = CSV.replace("piece,20,,18", "piece,20,,");
    assert_ne!(before, CSV);
    till.catalogue = Arc::new(import(before.as_bytes(), Currency::USD).unwrap());
    till.restart();
    till.scan(WHISKY).unwrap();
    till.pay("cash", "1.00").unwrap();
    till.catalogue = with_age;
    till.restart();
    let due = till.machine.basket().unwrap().transaction.totals.clone();
    assert_eq!(till.pay("cash", "50").unwrap_err().code, RefusalCode::AgeCheckNeeded);
    let facts = till.facts.len();
    till.run(Command::ConfirmAge { age: 18 }).unwrap();
    assert_eq!(till.facts.len(), facts);
    assert_eq!(till.machine.basket().unwrap().transaction.totals, due, "nothing is priced anew");
    till.restart();
    till.pay("cash", "50").unwrap();
    till.run(Command::Complete).unwrap();
}
