//! The deposit that goes with its goods.

use serde_json::json;
use store_core::promotion::evaluate::NODES_TILL;
use store_core::promotion::explain::{Beside, explain_basket};
use store_core::register::{Command, LineView};
use store_core::{LineNumber, RefusalCode};

use crate::promotions::{follow, name};
use crate::sales::discount;
use crate::till::{COLA, MILK, Till, pieces, reason, usd};

const GOODS: LineNumber = LineNumber(1);
const DEPOSIT: LineNumber = LineNumber(2);

fn lines(till: &Till) -> Vec<LineView> {
    till.machine.view(till.now()).basket.unwrap().lines
}

#[test]
fn a_deposit_follows_its_goods() {
    let mut till = Till::new();
    till.scan(COLA).unwrap();
    let shown = lines(&till);
    assert_eq!((shown[1].item.as_str(), shown[1].deposit_of), ("D1", Some(GOODS)));
    assert_eq!((shown[0].net, shown[1].net), (usd("1.10"), usd("0.25")));
    // Onto the line, another quantity, and that taken back.
    let more = Command::ScanItem { code: COLA.to_owned(), onto: Some(GOODS), item: None };
    till.run(more).unwrap();
    assert_eq!((lines(&till)[1].quantity, lines(&till)[1].net), (pieces(2), usd("0.50")));
    till.run(Command::SetQuantity { line: GOODS, quantity: pieces(6) }).unwrap();
    assert_eq!(lines(&till)[1].net, usd("1.50"));
    till.run(Command::Undo).unwrap();
    assert_eq!((lines(&till)[0].quantity, lines(&till)[1].quantity), (pieces(2), pieces(2)));
    // Taken out together, and put back together.
    till.run(Command::VoidLine { line: GOODS }).unwrap();
    assert!(lines(&till).iter().all(|line| line.voided));
    till.restart();
    till.run(Command::Undo).unwrap();
    assert!(lines(&till).iter().all(|line| !line.voided));
    for _ in 0..2 {
        till.run(Command::Undo).unwrap();
    }
    assert!(lines(&till).iter().all(|line| line.voided), "one undo takes both");
    assert_eq!(till.run(Command::Undo).unwrap_err().code, RefusalCode::NothingToUndo);
}

#[test]
fn a_deposit_is_not_changed_alone_and_not_lowered() {
    let mut till = Till::new();
    till.scan(COLA).unwrap();
    let before = lines(&till);
    for command in [
        Command::VoidLine { line: DEPOSIT },
        Command::SetQuantity { line: DEPOSIT, quantity: pieces(3) },
        Command::NameSerial { line: DEPOSIT, serial: "1".to_owned() },
        discount("0.10", Some(DEPOSIT)),
    ] {
        let refused = till.run(command).unwrap_err();
        assert_eq!((refused.code, &*refused.details["line"]), (RefusalCode::DepositFollows, "1"));
        assert_eq!(lines(&till), before);
    }
    // What is taken off the whole basket is taken off the goods.
    till.run(discount("1.00", None)).unwrap();
    assert_eq!((lines(&till)[0].net, lines(&till)[1].net), (usd("0.10"), usd("0.25")));
    assert_eq!(
        till.run(discount("0.20", None)).unwrap_err().code,
        RefusalCode::DiscountExceedsAmount
    );
}

#[test]
fn goods_that_come_back_give_their_deposit_back() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let back = Command::ReturnItem {
        code: COLA.to_owned(),
        quantity: pieces(2),
        amount: None,
        reason: reason("refund"),
    };
    till.run(back).unwrap();
    let shown = lines(&till);
    assert_eq!((shown[1].net, shown[2].net), (usd("-2.20"), usd("-0.50")));
    assert_eq!((shown[2].kind, shown[2].deposit_of), (shown[1].kind, Some(LineNumber(2))));
    let basket = till.machine.basket().unwrap();
    assert_eq!(basket.transaction.lines[2].return_reason, Some(reason("refund")));
    assert_eq!(basket.transaction.totals.due, usd("-0.20"));
}

#[test]
fn promotions_leave_a_deposit_alone_unless_one_is_about_it() {
    let tenth = json!({ "id": "all", "name": name("all"),
        "order": { "award": { "percent_off": 10 } } });
    let mut till = Till::new();
    follow(&mut till, &json!({ "promotions": [tenth] }));
    till.scan(COLA).unwrap();
    assert_eq!((lines(&till)[0].net, lines(&till)[1].net), (usd("0.99"), usd("0.25")));
    let bottles = json!({ "id": "bottles", "name": name("bottles"),
        "each": { "items": { "items": ["D1"] }, "award": { "amount_off": "0.20" } } });
    let mut till = Till::new();
    follow(&mut till, &json!({ "promotions": [bottles] }));
    till.scan(COLA).unwrap();
    assert_eq!((lines(&till)[0].net, lines(&till)[1].net), (usd("1.10"), usd("0.05")));
}

#[test]
fn an_explanation_names_the_deposits_beside_the_goods() {
    let tenth = json!({ "id": "all", "name": name("all"),
        "order": { "award": { "percent_off": 10 } } });
    let mut till = Till::new();
    follow(&mut till, &json!({ "promotions": [tenth] }));
    till.scan(COLA).unwrap();
    let request = till.machine.explanation_ask().unwrap().request;
    let told = explain_basket(&request, NODES_TILL).unwrap();
    let beside: Vec<_> = told.beside.iter().map(|one| (one.code, one.amount)).collect();
    assert_eq!(beside, [(Beside::Deposits, usd("0.25"))]);
    assert_eq!((told.total, told.to_pay), (usd("0.99"), usd("1.24")));
}
