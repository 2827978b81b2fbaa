//! The edges: what is just allowed, and what is just too much.

use store_core::fact::Fact;
use store_core::register::{Command, ModifierRequest, Request, UNDO_DEPTH_MAX};
use store_core::transaction::{BASKET_LINES_MAX, BASKET_TENDERS_MAX};
use store_core::{
    CommandId, Currency, LineNumber, Money, Quantity, RefusalCode, TransactionId, Unit,
};
use uuid::Uuid;

use crate::sales::discount;
use crate::till::{
    BEEF, BEER, FUEL, HAM, MILK, SOAP, Till, kilograms, operator, pieces, reason, tender_type, usd,
};

const LINE: LineNumber = LineNumber(1);

fn returned(code: &str, quantity: Quantity, amount: Option<Money>, why: &str) -> Command {
    Command::ReturnItem { code: code.to_owned(), quantity, amount, reason: reason(why) }
}

fn key(code: &str, quantity: Option<Quantity>, amount: Option<Money>) -> Command {
    Command::KeyItem { code: code.to_owned(), quantity, amount, item: None }
}

fn weigh(code: &str, weight: Quantity) -> Command {
    Command::WeighItem { code: code.to_owned(), weight, scale: None }
}

fn onto(code: &str) -> Command {
    Command::ScanItem { code: code.to_owned(), onto: Some(LINE), item: None }
}

fn lower(line: Option<LineNumber>, modifier: ModifierRequest, why: &str) -> Command {
    Command::ModifyPrice { line, modifier, reason: reason(why) }
}

fn tender(kind: &str, amount: Money, total: &str) -> Command {
    Command::Tender {
        tender_type: tender_type(kind),
        amount,
        total: usd(total),
        reference: None,
        line: None,
    }
}

/// Each on a basket with this one line.
fn refused_after(first: &Command, refused: &[(Command, &str)]) {
    for (command, code) in refused {
        let mut till = Till::new();
        till.run(first.clone()).unwrap();
        let refusal = till.run(command.clone()).unwrap_err();
        assert_eq!(refusal.code.as_str(), *code, "{command:?}");
    }
}

#[test]
fn what_comes_back_is_neither_changed_nor_lowered_nor_added_to() {
    let back = returned(MILK, pieces(1), None, "refund");
    let percent = ModifierRequest::PercentOff { percent: 10.into() };
    refused_after(
        &back,
        &[
            (onto(MILK), "no_such_line"),
            (Command::SetQuantity { line: LINE, quantity: pieces(2) }, "bad_quantity"),
            (lower(Some(LINE), percent.clone(), "damaged"), "no_such_line"),
            (lower(None, percent, "damaged"), "discount_exceeds_amount"),
            (Command::Complete, "not_paid"),
            (tender("coupon", usd("-2.50"), "-2.50"), "bad_amount"),
            (tender("cash", usd("2.50"), "-2.50"), "bad_amount"),
            (returned(MILK, pieces(1), None, "no_reason"), "unknown_reason"),
            (returned(MILK, pieces(0), None, "refund"), "bad_quantity"),
            (returned(MILK, pieces(-1), None, "refund"), "bad_quantity"),
            (returned(BEEF, pieces(1), None, "refund"), "bad_quantity"),
            (returned(MILK, kilograms(1), Some(usd("1")), "refund"), "bad_quantity"),
            (returned(MILK, pieces(1), Some(usd("-1")), "refund"), "bad_amount"),
        ],
    );
    let mut till = Till::new();
    till.run(returned(BEEF, pieces(1), Some(usd("4.00")), "refund")).unwrap();
    let line = &till.machine.basket().unwrap().transaction.lines[0];
    assert_eq!((line.quantity, line.net), (pieces(-1), usd("-4.00")));
    assert_eq!(line.return_reason, Some(reason("refund")));
    till.pay("cash", "-4.00").unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn amounts_of_another_currency_are_refused() {
    let foreign = Money::from_minor(1, Currency::TWD).unwrap();
    let scan = Command::ScanItem { code: MILK.to_owned(), onto: None, item: None };
    refused_after(
        &scan,
        &[
            (key(MILK, None, Some(foreign)), "bad_amount"),
            (returned(MILK, pieces(1), Some(foreign), "refund"), "bad_amount"),
            (
                lower(Some(LINE), ModifierRequest::AmountOff { amount: foreign }, "damaged"),
                "bad_amount",
            ),
            (
                lower(Some(LINE), ModifierRequest::NewUnitPrice { price: foreign }, "damaged"),
                "bad_amount",
            ),
            (tender("cash", foreign, "2.50"), "bad_amount"),
        ],
    );
}

#[test]
fn a_modifier_needs_a_reason_a_line_and_an_amount() {
    let scan = Command::ScanItem { code: MILK.to_owned(), onto: None, item: None };
    let off = |amount: &str| ModifierRequest::AmountOff { amount: usd(amount) };
    let price = |price: &str| ModifierRequest::NewUnitPrice { price: usd(price) };
    refused_after(
        &scan,
        &[
            (lower(Some(LINE), off("1"), "whim"), "unknown_reason"),
            (lower(Some(LINE), off("-1"), "damaged"), "bad_amount"),
            (lower(Some(LINE), price("-1"), "damaged"), "bad_amount"),
            (lower(Some(LINE), price("2.51"), "damaged"), "bad_amount"),
            (lower(None, price("1"), "damaged"), "bad_amount"),
            (lower(Some(LineNumber(2)), off("1"), "damaged"), "no_such_line"),
        ],
    );
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(lower(Some(LINE), price("2.50"), "damaged")).unwrap();
    till.run(lower(Some(LINE), price("0"), "damaged")).unwrap();
    assert_eq!(
        till.run(discount("0.01", Some(LINE))).unwrap_err().code.as_str(),
        "discount_exceeds_amount"
    );
    till.run(Command::Complete).unwrap();
}

#[test]
fn a_line_takes_twenty_modifiers_and_a_basket_as_many() {
    for line in [Some(LINE), None] {
        let mut till = Till::new();
        till.scan(MILK).unwrap();
        for _ in 0..20 {
            till.run(discount("0.01", line)).unwrap();
        }
        assert_eq!(
            till.run(discount("0.01", line)).unwrap_err().code,
            RefusalCode::DiscountExceedsAmount
        );
    }
}

#[test]
fn units_and_quantities_fit_the_item() {
    let scan = Command::ScanItem { code: MILK.to_owned(), onto: None, item: None };
    let gallons = Quantity::one(Unit::Gallon);
    refused_after(
        &scan,
        &[
            (onto(BEER), "no_such_line"),
            (weigh(BEEF, gallons), "bad_quantity"),
            (weigh(BEEF, kilograms(0)), "bad_quantity"),
            (weigh(BEEF, kilograms(-1)), "bad_quantity"),
            (weigh(MILK, pieces(1)), "bad_quantity"),
            (key(BEEF, Some(pieces(1)), None), "bad_quantity"),
            (key(BEEF, Some(gallons), Some(usd("1"))), "bad_quantity"),
            (key(BEEF, None, None), "weight_needed"),
            (key(FUEL, None, None), "weight_needed"),
            (Command::SetQuantity { line: LINE, quantity: kilograms(1) }, "bad_quantity"),
            (Command::SetQuantity { line: LINE, quantity: pieces(10_000) }, "bad_quantity"),
        ],
    );
    let mut till = Till::new();
    till.run(key(BEEF, None, Some(usd("4.20")))).unwrap();
    till.run(key(MILK, Some(pieces(9_999)), None)).unwrap();
    till.run(key(BEEF, Some(kilograms(500)), None)).unwrap();
    let lines = &till.machine.basket().unwrap().transaction.lines;
    let nets: Vec<i64> = lines.iter().map(|line| line.net.minor()).collect();
    assert_eq!(nets, [420, 2_499_750, 400]);
    assert_eq!(lines[0].quantity, pieces(1), "a pre-packed piece whose price was keyed");
}

#[test]
fn nothing_is_added_to_a_line_whose_amount_was_keyed_or_printed() {
    refused_after(&key(MILK, None, Some(usd("1"))), &[(onto(MILK), "no_such_line")]);
    let label = Command::ScanItem { code: HAM.to_owned(), onto: None, item: None };
    let set = Command::SetQuantity { line: LINE, quantity: pieces(2) };
    refused_after(&label, &[(onto(MILK), "no_such_line"), (set, "bad_quantity")]);
}

#[test]
fn a_basket_is_full_at_its_limit_and_not_before() {
    let mut till = Till::new();
    for _ in 0..BASKET_LINES_MAX {
        till.scan(MILK).unwrap();
    }
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::BasketFull);
    for number in 1..=BASKET_TENDERS_MAX {
        let paid = till.pay("coupon", "0.01").unwrap();
        let tenders = paid.view.basket.unwrap().tenders;
        assert_eq!(tenders.last().unwrap().number as usize, number);
    }
    assert_eq!(till.pay("coupon", "0.01").unwrap_err().code, RefusalCode::BasketFull);
}

#[test]
fn twenty_changes_can_be_taken_back() {
    let mut till = Till::new();
    for _ in 0..=UNDO_DEPTH_MAX {
        till.scan(MILK).unwrap();
    }
    for _ in 0..UNDO_DEPTH_MAX {
        till.run(Command::Undo).unwrap();
    }
    assert_eq!(till.run(Command::Undo).unwrap_err().code, RefusalCode::NothingToUndo);
    let basket = till.machine.basket().unwrap();
    assert_eq!(basket.transaction.live_lines().count(), 1, "the first is out of reach");
}

#[test]
fn a_tender_stands_until_it_is_handed_back() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let named = |reference: &str, line| Command::Tender {
        tender_type: tender_type("coupon"),
        amount: usd("0.50"),
        total: usd("2.50"),
        reference: Some(reference.to_owned()),
        line,
    };
    for (command, code) in [
        (named("", None), RefusalCode::BadAmount),
        (named(&"x".repeat(65), None), RefusalCode::BadAmount),
        (named("x", Some(LineNumber(2))), RefusalCode::NoSuchLine),
    ] {
        assert_eq!(till.run(command).unwrap_err().code, code);
    }
    till.run(named(&"x".repeat(64), Some(LINE))).unwrap();
    let abandon = Command::Abandon { reason: reason("changed_mind") };
    assert_eq!(till.run(abandon.clone()).unwrap_err().code, RefusalCode::TenderTaken);
    for command in [
        Command::VoidLine { line: LINE },
        discount("1", Some(LINE)),
        Command::SetQuantity { line: LINE, quantity: pieces(2) },
    ] {
        assert_eq!(till.run(command).unwrap_err().code, RefusalCode::TenderBegun);
    }
    till.run(Command::VoidTender { number: 1 }).unwrap();
    let again = till.run(Command::VoidTender { number: 1 }).unwrap_err();
    assert_eq!(again.code, RefusalCode::NoSuchTender);
    till.run(abandon).unwrap();
}

#[test]
fn a_basket_of_voided_lines_is_empty_and_one_with_a_coupon_is_not() {
    let mut till = Till::new();
    till.scan(SOAP).unwrap();
    till.run(Command::VoidLine { line: LINE }).unwrap();
    assert_eq!(till.run(Command::Complete).unwrap_err().code, RefusalCode::BasketEmpty);
    assert_eq!(
        till.run(Command::VoidLine { line: LINE }).unwrap_err().code,
        RefusalCode::NoSuchLine,
        "it is voided already"
    );
    till.scan(SOAP).unwrap();
    till.pay("cash", "5").unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!() };
    assert_eq!(sale.lines.iter().map(|line| line.line.0).collect::<Vec<_>>(), [1, 2]);
    // The exact money makes no change.
    assert_eq!((sale.totals.tendered, sale.totals.change), (usd("1.99"), usd("3.01")));
}

#[test]
fn who_signed_on_may_do_so_again_and_who_did_not_has_nothing_to_sign_off() {
    let mut till = Till::new();
    let id = |number| CommandId::new(Uuid::from_u128(number));
    let on = |number, who: &str| Request::SignOn {
        id: id(number),
        operator: operator(who),
        name: who.into(),
        instead_of: None,
    };
    let off = |number, who: &str| Request::SignOff { id: id(number), operator: operator(who) };
    till.ask(on(1, "c1")).unwrap();
    till.ask(off(2, "c2")).unwrap();
    assert!(till.facts.is_empty(), "neither promises anything");
    till.ask(off(3, "c1")).unwrap();
    till.ask(on(4, "c2")).unwrap();
    assert_eq!(till.facts.len(), 2);
    till.transaction = TransactionId::new(Uuid::from_u128(7));
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::OtherOperatorSignedOn);
    till.ask(off(5, "c2")).unwrap();
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::NotSignedOn);
}

#[test]
fn the_same_id_for_another_version_is_another_command() {
    let mut till = Till::new();
    let mut scan =
        till.envelope(Command::ScanItem { code: MILK.to_owned(), onto: None, item: None });
    till.send(scan.clone()).unwrap();
    scan.version = 1;
    assert_eq!(till.send(scan).unwrap_err().code, RefusalCode::CommandIdReused);
}

#[test]
fn the_exact_amount_is_taken_by_every_way_of_paying() {
    for kind in ["cash", "card", "coupon", "voucher"] {
        let mut till = Till::new();
        till.scan(MILK).unwrap();
        let paid = till.pay(kind, "2.50").unwrap().view.basket.unwrap();
        assert_eq!((paid.totals.due, paid.totals.change), (usd("0"), usd("0")), "{kind}");
        till.run(Command::Complete).unwrap();
    }
}

#[test]
fn where_nothing_is_due_only_a_voucher_is_taken_and_all_of_it_comes_back() {
    let note = key(SOAP, Some(pieces(0)), Some(usd("0")));
    for kind in ["cash", "card", "coupon"] {
        refused_after(&note, &[(tender(kind, usd("1"), "0"), "nothing_due")]);
    }
    let mut till = Till::new();
    let opened = till.run(tender("voucher", usd("1"), "0")).unwrap().view.basket.unwrap();
    assert_eq!((opened.totals.tendered, opened.totals.change), (usd("0"), usd("1")));
    till.run(Command::Complete).unwrap();
}
