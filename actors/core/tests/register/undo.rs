//! The last action taken back by one key, payment too.

use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::register::{BasketEvent, Circumstances, Command};
use store_core::{LineNumber, RefusalCode};

use crate::card::approval;
use crate::till::{MILK, SOAP, Till, usd};

#[test]
fn where_payment_has_begun_the_last_tender_is_taken_back() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    till.pay("cash", "1.00").unwrap();
    let view = till.pay("voucher", "2.00").unwrap().view.basket.unwrap();
    assert!(view.can_undo);
    let undone = till.run(Command::Undo).unwrap();
    let event = BasketEvent::TenderVoided { number: 2, due: usd("3.49") };
    assert_eq!(undone.outcome.event, event);
    assert!(matches!(till.facts.last(), Some(Fact::TenderVoided { number: 2, card: None, .. })));
    till.restart();
    till.run(Command::Undo).unwrap();
    assert!(matches!(till.facts.last(), Some(Fact::TenderVoided { number: 1, .. })));
    // Then the lines again, and no fact for them.
    let facts = till.facts.len();
    let view = till.run(Command::Undo).unwrap().view.basket.unwrap();
    assert!(view.lines[1].voided);
    assert_eq!((view.totals.due, till.facts.len()), (usd("2.50"), facts));
    till.pay("cash", "2.50").unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn what_a_terminal_took_is_not_undone_by_a_key() {
    let mut till = Till::new().with_terminal();
    till.scan(MILK).unwrap();
    till.pay("card", "2.50").unwrap();
    till.answer_card(approval());
    assert!(!till.machine.view(till.now()).basket.unwrap().can_undo);
    let (facts, before) = (till.facts.len(), till.machine.view(till.now()).basket);
    let refused = till.run(Command::Undo).unwrap_err();
    assert_eq!((refused.code, &*refused.details["number"]), (RefusalCode::UndoAtTerminal, "1"));
    assert_eq!((till.facts.len(), till.machine.view(till.now()).basket), (facts, before));
}

#[test]
fn taking_a_tender_back_needs_what_handing_it_back_needs() {
    let (before, paid) = (
        Circumstances::default(),
        Circumstances { is_tender_begun: true, ..Circumstances::default() },
    );
    assert_eq!(Command::Undo.permission_at(before), Permission::Sell);
    assert_eq!(Command::Undo.permission_at(paid), Permission::VoidTender);
    let void = Command::VoidLine { line: LineNumber(1) };
    assert_eq!(void.permission_at(paid), void.permission());
}
