//! Baskets that are put aside, and go on at this register or another.

use store_core::fact::Fact;
use store_core::register::{BasketEvent, Command, CommandEnvelope, Phase};
use store_core::{BusinessDay, RefusalCode, TransactionId};
use uuid::Uuid;

use crate::till::{BEER, MILK, SOAP, Till};

/// A basket of milk that the first till has put aside, and the second till, which looks at it.
fn aside() -> (Till, Till, CommandEnvelope) {
    let mut first = Till::new();
    first.scan(MILK).unwrap();
    let suspend = first.envelope(Command::Suspend);
    let done = first.send(suspend.clone()).unwrap();
    assert_eq!(done.outcome.event, BasketEvent::BasketSuspended);
    assert_eq!((done.view.basket, done.view.phase), (None, Phase::Idle));
    let mut second = Till::beside(&first, "2");
    (second.transaction, second.version) = (first.transaction, first.version);
    (first, second, suspend)
}

fn codes(till: &mut Till, command: Command) -> RefusalCode {
    till.run(command).unwrap_err().code
}

#[test]
fn a_basket_put_aside_goes_on_at_another_register_as_it_was() {
    let (mut first, mut second, _) = aside();
    let Some(Fact::BasketSuspended { transaction, operator }) = first.facts.last() else {
        panic!("{:?}", first.facts)
    };
    assert_eq!((transaction.lines.len(), operator.as_str()), (1, "c1"));
    let back = second.run(Command::Retrieve).unwrap();
    let basket = back.view.basket.unwrap();
    assert_eq!((basket.lines.len(), basket.version), (1, 3));
    assert!(matches!(second.facts.last(), Some(Fact::BasketRetrieved { workstation, .. })
        if workstation.as_str() == "2"));
    second.scan(SOAP).unwrap();
    second.pay("cash", "10").unwrap();
    second.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = second.facts.last() else { panic!() };
    assert_eq!((sale.workstation.as_str(), sale.lines.len()), ("2", 2));
    // The first register sells something else meanwhile.
    (first.transaction, first.version) = (TransactionId::new(Uuid::from_u128(2)), 0);
    first.scan(BEER).unwrap();
}

#[test]
fn only_one_register_gets_it() {
    let (mut first, mut second, _) = aside();
    let held = first.store.borrow().aside.clone();
    second.run(Command::Retrieve).unwrap();
    assert_eq!(codes(&mut first, Command::Retrieve), RefusalCode::NotSuspended);
    // Both looked before either wrote: the writer decides.
    first.store.borrow_mut().aside = held;
    first.loses_races = true;
    assert_eq!(codes(&mut first, Command::Retrieve), RefusalCode::NotSuspended);
    assert!(first.machine.basket().is_none());
    first.loses_races = false;
    first.run(Command::Retrieve).unwrap();
}

#[test]
fn late_twins_are_answered_wherever_the_basket_is() {
    let (mut first, mut second, suspend) = aside();
    let again = first.send(suspend.clone()).unwrap();
    assert!(again.repeated);
    second.run(Command::Retrieve).unwrap();
    let again = first.send(suspend.clone()).unwrap();
    assert!(again.repeated, "also while another register has it");
    let otherwise = CommandEnvelope { command: Command::Complete, ..suspend };
    assert_eq!(first.send(otherwise).unwrap_err().code, RefusalCode::CommandIdReused);
    let retrieve = second.envelope(Command::Undo);
    assert_eq!(retrieve.version, 3);
    first.version = 3;
    assert_eq!(codes(&mut first, Command::Undo), RefusalCode::OpenElsewhere);
    assert_eq!(codes(&mut second, Command::Retrieve), RefusalCode::NotSuspended, "it is here");
}

#[test]
fn what_lies_aside_is_not_worked_on_and_not_opened_again() {
    let (mut first, mut second, _) = aside();
    assert_eq!(codes(&mut first, Command::Undo), RefusalCode::BasketSuspended);
    assert_eq!(first.scan(SOAP).unwrap_err().code, RefusalCode::BasketSuspended);
    second.version = 1;
    let refused = second.run(Command::Retrieve).unwrap_err();
    assert_eq!(
        (refused.code, refused.details["version"].as_str()),
        (RefusalCode::BasketChanged, "2")
    );
    (second.transaction, second.version) = (TransactionId::new(Uuid::from_u128(7)), 0);
    assert_eq!(codes(&mut second, Command::Retrieve), RefusalCode::NotSuspended);
    second.scan(SOAP).unwrap();
    (second.transaction, second.version) = (first.transaction, 2);
    assert_eq!(codes(&mut second, Command::Retrieve), RefusalCode::OtherBasketOpen);
}

#[test]
fn what_was_paid_is_handed_back_first_and_nothing_is_no_basket() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.pay("cash", "1").unwrap();
    assert_eq!(codes(&mut till, Command::Suspend), RefusalCode::TenderTaken);
    till.run(Command::VoidTender { number: 1 }).unwrap();
    till.run(Command::Undo).unwrap();
    assert_eq!(codes(&mut till, Command::Suspend), RefusalCode::BasketEmpty);
}

#[test]
fn it_is_booked_on_the_day_on_which_it_goes_on_and_keeps_its_price() {
    let mut first = Till::new();
    first.scan(BEER).unwrap();
    first.run(Command::Suspend).unwrap();
    let mut second = Till::beside(&first, "2");
    (second.transaction, second.version) = (first.transaction, first.version);
    // Two days later the beer is dearer.
    second.wall_s += 2 * 86_400;
    second.run(Command::Retrieve).unwrap();
    let basket = second.machine.basket().unwrap().transaction.clone();
    assert_eq!(basket.business_day, second.now().business_day());
    assert_ne!(basket.business_day, BusinessDay::new(first.now().date()));
    assert_eq!(basket.totals.total, first_total(&first));
    // A restart changes nothing of it.
    second.restart();
    assert_eq!(second.machine.basket().unwrap().transaction, basket);
}

fn first_total(till: &Till) -> store_core::Money {
    let Some(Fact::BasketSuspended { transaction, .. }) = till.facts.last() else { panic!() };
    transaction.totals.total
}
