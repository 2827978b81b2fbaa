//! Sales that are undone as a whole.

use store_core::card::{CardAnswer, CardApproval};
use store_core::fact::Fact;
use store_core::inventory::{StockChange, stock_changes};
use store_core::register::{BasketEvent, Command, CommandEnvelope};
use store_core::{RefusalCode, TransactionId, TransactionNumber};
use uuid::Uuid;

use crate::till::{MILK, SOAP, Till, pieces, reason, usd};

fn sold() -> Till {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.pay("cash", "10").unwrap();
    till.run(Command::Complete).unwrap();
    till.version = 0;
    till
}

fn void() -> Command {
    Command::PostVoid { reason: reason("changed_mind") }
}

#[test]
fn a_sale_of_today_is_undone_once_at_any_register() {
    let sale = sold();
    let mut till = Till::beside(&sale, "2");
    let envelope = till.envelope(void());
    let done = till.send(envelope.clone()).unwrap();
    let BasketEvent::SalePostVoided { number, total } = done.outcome.event else { panic!() };
    assert_eq!((number, total), (TransactionNumber(42), usd("2.50")));
    let Some(Fact::SalePostVoided(undone)) = till.facts.last() else { panic!() };
    assert_eq!(undone.workstation.as_str(), "2");
    let back = stock_changes(till.facts.last().unwrap());
    assert_eq!(back[0].1, StockChange::By(pieces(1)));
    // The same again is the same; another one is too late.
    let again = till.send(envelope.clone()).unwrap();
    assert!(again.repeated);
    let other = Command::PostVoid { reason: reason("mistake") };
    let reused = till.send(CommandEnvelope { command: other, ..envelope }).unwrap_err();
    assert_eq!(reused.code, RefusalCode::CommandIdReused);
    till.version = 0;
    assert_eq!(till.run(void()).unwrap_err().code, RefusalCode::AlreadyPostVoided);
    assert_eq!(till.facts.len(), 1);
}

#[test]
fn what_cannot_be_undone_is_refused_and_changes_nothing() {
    let mut till = sold();
    let facts = till.facts.len();
    let refused = |till: &mut Till, command| till.run(command).unwrap_err().code;
    let unknown = Command::PostVoid { reason: reason("why_not") };
    assert_eq!(refused(&mut till, unknown), RefusalCode::UnknownReason);
    till.version = 1;
    assert_eq!(refused(&mut till, void()), RefusalCode::BasketChanged);
    till.version = 0;
    till.wall_s += 86_400;
    assert_eq!(refused(&mut till, void()), RefusalCode::PostVoidTooLate);
    till.wall_s -= 86_400;
    let sale = till.transaction;
    till.transaction = TransactionId::new(Uuid::from_u128(2));
    assert_eq!(refused(&mut till, void()), RefusalCode::UnknownSale);
    till.scan(SOAP).unwrap();
    assert_eq!(refused(&mut till, void()), RefusalCode::BasketOpen);
    (till.transaction, till.version) = (sale, 0);
    assert_eq!(refused(&mut till, void()), RefusalCode::BasketOpen, "another one is open");
    assert_eq!(till.facts.len(), facts);
}

#[test]
fn a_basket_that_was_given_up_is_no_sale() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    till.version = 0;
    assert_eq!(till.run(void()).unwrap_err().code, RefusalCode::UnknownSale);
}

#[test]
fn what_a_terminal_took_is_not_undone_as_a_whole() {
    let mut till = Till::new().with_terminal();
    till.scan(MILK).unwrap();
    till.pay("cash", "1.00").unwrap();
    till.pay("card", "1.50").unwrap();
    till.answer_card(CardAnswer::Approved(CardApproval::default()));
    till.run(Command::Complete).unwrap();
    till.version = 0;
    let (facts, view) = (till.facts.len(), till.machine.view(till.now()));
    let refused = till.run(void()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::CardPaid);
    assert_eq!(refused.details["tender"], "card");
    assert_eq!((till.facts.len(), till.machine.view(till.now())), (facts, view));
    // A card that was given back before the sale was done is no reason.
    (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(7)), 0);
    till.scan(MILK).unwrap();
    till.pay("card", "2.50").unwrap();
    let receipt = Some("000001".into());
    till.answer_card(CardAnswer::Approved(CardApproval { receipt, ..CardApproval::default() }));
    till.run(Command::VoidTender { number: 1 }).unwrap();
    till.answer_card(CardAnswer::Approved(CardApproval::default()));
    till.pay("cash", "2.50").unwrap();
    till.run(Command::Complete).unwrap();
    till.version = 0;
    till.run(void()).unwrap();
}
