//! Goods that are sold only to people of some age.

use store_core::register::{BasketEvent, Command};
use store_core::{LineNumber, RefusalCode};

use crate::till::{MILK, Till, WHISKY};

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
