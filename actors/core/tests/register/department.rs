//! Goods without a code.

use store_core::fact::Fact;
use store_core::inventory::stock_changes;
use store_core::permission::Permission;
use store_core::register::Command;
use store_core::{LineNumber, Money, Quantity, RefusalCode};

use crate::till::{MILK, Till, kilograms, pieces, reason, usd};

fn key(amount: Money, quantity: Option<Quantity>) -> Command {
    Command::KeyDepartment { department: "DELI".to_owned(), amount, quantity, reason: None }
}

#[test]
fn a_key_sells_goods_of_its_department_at_the_keyed_price() {
    let mut till = Till::new();
    let view = till.run(key(usd("3.20"), Some(pieces(3)))).unwrap().view.basket.unwrap();
    assert_eq!((&*view.lines[0].description, view.lines[0].net), ("熟食 Deli", usd("9.60")));
    assert!(view.lines[0].by_department);
    let again = Command::SetQuantity { line: LineNumber(1), quantity: pieces(2) };
    let view = till.run(again).unwrap().view.basket.unwrap();
    assert_eq!(view.lines[0].net, usd("6.40"));
    // And some of it comes back.
    let back = Command::KeyDepartment {
        department: "DELI".to_owned(),
        amount: usd("1.40"),
        quantity: None,
        reason: Some(reason("refund")),
    };
    assert_eq!(back.permission(), Permission::OverridePrice, "they say what is paid out");
    assert_eq!(key(usd("1"), None).permission(), Permission::Sell);
    till.run(back).unwrap();
    till.scan(MILK).unwrap();
    till.pay("cash", "7.50").unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("no sale") };
    let of = |line: usize| (&*sale.lines[line].department, sale.lines[line].net);
    assert_eq!((of(0), of(1)), (("DELI", usd("6.40")), ("DELI", usd("-1.40"))));
    // Nobody counts what has no code.
    let moved = stock_changes(&Fact::SaleCompleted(sale.clone()));
    assert!(moved.iter().map(|(item, _)| item.as_str()).eq(["1"]));
}

#[test]
fn a_price_or_a_department_that_is_none_is_refused() {
    let mut till = Till::new();
    let before = till.scan(MILK).unwrap().view.basket;
    let other = Command::KeyDepartment {
        department: "BAKERY".to_owned(),
        amount: usd("3"),
        quantity: None,
        reason: None,
    };
    let unreasoned = Command::KeyDepartment {
        department: "DELI".to_owned(),
        amount: usd("3"),
        quantity: None,
        reason: Some(reason("why_not")),
    };
    let twd = Money::parse("3", store_core::Currency::TWD).unwrap();
    for (command, code) in [
        (other, RefusalCode::UnknownDepartment),
        (unreasoned, RefusalCode::UnknownReason),
        (key(usd("0.99"), None), RefusalCode::AmountOutOfRange),
        (key(usd("50.01"), None), RefusalCode::AmountOutOfRange),
        (key(usd("0"), None), RefusalCode::BadAmount),
        (key(usd("-3"), None), RefusalCode::BadAmount),
        (key(twd, None), RefusalCode::BadAmount),
        (key(usd("3"), Some(pieces(0))), RefusalCode::BadQuantity),
        (key(usd("3"), Some(pieces(-1))), RefusalCode::BadQuantity),
        (key(usd("3"), Some(kilograms(500))), RefusalCode::BadQuantity),
    ] {
        assert_eq!(till.run(command.clone()).unwrap_err().code, code, "{command:?}");
        assert_eq!(till.machine.view(till.now()).basket, before);
    }
    let refused = till.run(key(usd("60"), None)).unwrap_err();
    assert_eq!((&*refused.details["least"], &*refused.details["most"]), ("1", "50"));
    for amount in ["1", "50"] {
        till.run(key(usd(amount), None)).unwrap();
    }
}
