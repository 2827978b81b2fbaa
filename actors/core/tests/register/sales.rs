use store_core::fact::Fact;
use store_core::register::{BasketEvent, Command, ModifierRequest, Phase};
use store_core::{LineNumber, RefusalCode, TransactionId, TransactionNumber};
use uuid::Uuid;

use crate::till::{BEEF, FUEL, MILK, SOAP, Till, kilograms, pieces, reason, usd};

const LINE: LineNumber = LineNumber(1);

#[test]
fn a_cash_sale_gives_change_takes_the_next_number_and_is_one_fact() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    let paid = till.pay("cash", "10").unwrap();
    assert_eq!(
        paid.outcome.event,
        BasketEvent::TenderTaken { number: 1, change: usd("5.51"), due: usd("0") }
    );
    let done = till.run(Command::Complete).unwrap();
    assert_eq!(
        done.outcome.event,
        BasketEvent::SaleCompleted {
            number: TransactionNumber(42),
            total: usd("4.49"),
            change: usd("5.51"),
        }
    );
    assert_eq!(done.view.phase, Phase::Idle);
    let sales = till.facts.iter().filter(|fact| matches!(fact, Fact::SaleCompleted(_)));
    assert_eq!(sales.count(), 1);
    assert!(till.draft.is_none(), "an ended basket leaves no draft");
}

#[test]
fn a_repeated_command_gets_its_first_outcome_and_changes_nothing() {
    let mut till = Till::new();
    let scan = till.envelope(Command::ScanItem { code: MILK.to_owned(), onto: None, item: None });
    let first = till.send(scan.clone()).unwrap();
    till.scan(SOAP).unwrap();
    let again = till.send(scan).unwrap();
    assert!(again.repeated);
    assert_eq!(again.outcome, first.outcome);
    assert_eq!(again.view.basket.unwrap().lines.len(), 2);
}

#[test]
fn a_repeated_command_gets_its_first_outcome_after_a_restart_and_after_the_end() {
    let mut till = Till::new();
    let scan = till.envelope(Command::ScanItem { code: MILK.to_owned(), onto: None, item: None });
    let first = till.send(scan.clone()).unwrap();
    till.restart();
    assert_eq!(till.send(scan.clone()).unwrap().outcome, first.outcome);
    till.version = 1;
    till.pay("cash", "2.50").unwrap();
    let complete = till.envelope(Command::Complete);
    let done = till.send(complete.clone()).unwrap();
    for _ in 0..2 {
        assert_eq!(till.send(scan.clone()).unwrap().outcome, first.outcome);
        let again = till.send(complete.clone()).unwrap();
        assert!(again.repeated);
        assert_eq!(again.outcome, done.outcome);
        till.restart();
    }
    assert!(till.machine.basket().is_none(), "a late scan opens nothing");
    assert!(till.looks_up > 1, "the journal is asked before a basket opens");
}

#[test]
fn a_command_id_with_another_body_is_refused() {
    let mut till = Till::new();
    let scan = till.envelope(Command::ScanItem { code: MILK.to_owned(), onto: None, item: None });
    till.send(scan.clone()).unwrap();
    let mut other = scan;
    other.command = Command::ScanItem { code: SOAP.to_owned(), onto: None, item: None };
    assert_eq!(till.send(other).unwrap_err().code, RefusalCode::CommandIdReused);
}

#[test]
fn scanning_onto_a_line_adds_a_piece_to_it() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let added = till
        .run(Command::ScanItem { code: MILK.to_owned(), onto: Some(LINE), item: None })
        .unwrap();
    let basket = added.view.basket.unwrap();
    assert_eq!(basket.lines.len(), 1);
    assert_eq!(basket.lines[0].quantity, pieces(2));
    assert_eq!(basket.totals.total, usd("5.00"));
}

#[test]
fn weighed_and_keyed_lines_cost_what_was_said() {
    let mut till = Till::new();
    till.run(Command::WeighItem { code: BEEF.to_owned(), weight: kilograms(333), scale: None })
        .unwrap();
    let fuel = store_core::Quantity::from_thousandths(11_422, store_core::Unit::Gallon).unwrap();
    let keyed = Command::KeyItem {
        code: FUEL.to_owned(),
        quantity: Some(fuel),
        amount: Some(usd("25.80")),
        item: None,
    };
    let keyed = till.run(keyed).unwrap();
    let basket = keyed.view.basket.unwrap();
    assert_eq!(basket.lines[0].net, usd("2.66"), "0.333 kg at 8.00, half up");
    assert_eq!(basket.totals.total, usd("28.46"));
}

#[test]
fn undo_takes_back_one_change_after_the_other() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(Command::SetQuantity { line: LINE, quantity: pieces(3) }).unwrap();
    till.run(discount("1.00", Some(LINE))).unwrap();
    let undone = till.run(Command::Undo).unwrap();
    assert_eq!(undone.view.basket.unwrap().totals.total, usd("7.50"));
    let undone = till.run(Command::Undo).unwrap();
    assert_eq!(undone.view.basket.unwrap().totals.total, usd("2.50"));
    let undone = till.run(Command::Undo).unwrap();
    let basket = undone.view.basket.unwrap();
    assert!(basket.lines[0].voided && !basket.can_undo);
    assert_eq!(basket.totals.total, usd("0"));
    assert_eq!(till.run(Command::Undo).unwrap_err().code, RefusalCode::NothingToUndo);
}

pub fn discount(amount: &str, line: Option<LineNumber>) -> Command {
    Command::ModifyPrice {
        line,
        modifier: ModifierRequest::AmountOff { amount: usd(amount) },
        reason: reason("damaged"),
    }
}

#[test]
fn a_basket_discount_is_shared_out_to_the_cent() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    let view = till.run(discount("1.00", None)).unwrap().view.basket.unwrap();
    let net: i64 = view.lines.iter().map(|line| line.net.minor()).sum();
    assert_eq!(net, 349);
    assert_eq!(view.totals.total, usd("3.49"));
}

#[test]
fn several_tenders_pay_one_sale_and_one_can_be_handed_back() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.pay("coupon", "0.50").unwrap();
    till.pay("card", "1.00").unwrap();
    assert_eq!(till.scan(SOAP).unwrap_err().code, RefusalCode::TenderBegun);
    till.run(Command::VoidTender { number: 2 }).unwrap();
    let paid = till.pay("cash", "5.00").unwrap();
    assert_eq!(paid.view.basket.unwrap().totals.change, usd("3.00"));
    till.run(Command::Complete).unwrap();
}

#[test]
fn a_refund_is_paid_out_exactly() {
    let mut till = Till::new();
    let back = Command::ReturnItem {
        code: MILK.to_owned(),
        quantity: pieces(1),
        amount: None,
        reason: reason("refund"),
    };
    let view = till.run(back).unwrap().view.basket.unwrap();
    assert_eq!(view.totals.due, usd("-2.50"));
    assert_eq!(till.pay("cash", "-3.00").unwrap_err().code, RefusalCode::BadAmount);
    till.pay("cash", "-2.50").unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn a_line_of_nothing_is_noted_and_completes_without_money() {
    let mut till = Till::new();
    let note = Command::KeyItem {
        code: SOAP.to_owned(),
        quantity: Some(pieces(0)),
        amount: Some(usd("0")),
        item: None,
    };
    till.run(note).unwrap();
    assert_eq!(till.pay("cash", "1.00").unwrap_err().code, RefusalCode::NothingDue);
    till.run(Command::Complete).unwrap();
}

#[test]
fn an_abandoned_basket_is_a_fact_and_the_next_one_opens() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    assert!(matches!(till.facts.last(), Some(Fact::SaleAbandoned { .. })));
    till.transaction = TransactionId::new(Uuid::from_u128(2));
    till.version = 0;
    till.scan(SOAP).unwrap();
    till.pay("cash", "1.99").unwrap();
    let done = till.run(Command::Complete).unwrap();
    let BasketEvent::SaleCompleted { number, .. } = done.outcome.event else { panic!() };
    assert_eq!(number, TransactionNumber(42), "an abandoned basket takes no number");
}
