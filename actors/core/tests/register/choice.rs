//! A code that stands with more than one item.

use store_core::register::{BasketEvent, Command};
use store_core::{ItemId, LineNumber, RefusalCode};

use crate::till::{MILK, TEA, Till, pieces, reason, usd};

fn scan(item: Option<&str>, onto: Option<LineNumber>) -> Command {
    let item = item.map(|id| ItemId::new(id).unwrap());
    Command::ScanItem { code: TEA.to_owned(), onto, item }
}

fn key(item: Option<&str>) -> Command {
    let item = item.map(|id| ItemId::new(id).unwrap());
    Command::KeyItem { code: TEA.to_owned(), quantity: None, amount: None, item }
}

#[test]
fn the_cashier_chooses_among_the_items_of_a_code() {
    let mut till = Till::new();
    let before = till.scan(MILK).unwrap().view;
    let back = Command::ReturnItem {
        code: TEA.to_owned(),
        quantity: pieces(1),
        amount: None,
        reason: reason("refund"),
    };
    for command in [scan(None, None), key(None), scan(Some("1"), None), back] {
        let refused = till.run(command).unwrap_err();
        assert_eq!((refused.code, &*refused.details["code"]), (RefusalCode::AmbiguousCode, TEA));
        let choices: Vec<(&str, &str)> = refused
            .choices
            .iter()
            .map(|choice| (choice.item.as_str(), &*choice.description))
            .collect();
        assert_eq!(choices, [("T1", "GREEN TEA"), ("T2", "TEA BOX")]);
        assert_eq!(refused.choices[1].price, Some(usd("0.80")));
        assert_eq!(till.machine.view(till.now()).basket, before.basket);
    }
    let added = till.run(scan(Some("T2"), None)).unwrap();
    assert_eq!(added.outcome.event, BasketEvent::ItemAdded { line: LineNumber(2) });
    let line = added.view.basket.unwrap().lines.pop().unwrap();
    assert_eq!((line.item.as_str(), &*line.code), ("T2", TEA));
    assert_eq!((line.quantity, line.net), (pieces(6), usd("4.80")), "its own pack");
    // Onto a line only of the item that was chosen.
    let onto = Some(LineNumber(2));
    assert_eq!(till.run(scan(None, onto)).unwrap_err().code, RefusalCode::AmbiguousCode);
    assert_eq!(till.run(scan(Some("T1"), onto)).unwrap_err().code, RefusalCode::NoSuchLine);
    till.run(scan(Some("T2"), onto)).unwrap();
    let lines = till.run(key(Some("T1"))).unwrap().view.basket.unwrap().lines;
    assert_eq!((lines[1].quantity, lines[2].net), (pieces(12), usd("0.90")));
    // What was chosen is part of the command: the same id for another item is another command.
    let mut envelope = till.envelope(key(Some("T1")));
    till.send(envelope.clone()).unwrap();
    assert!(till.send(envelope.clone()).unwrap().repeated);
    envelope.command = key(Some("T2"));
    assert_eq!(till.send(envelope).unwrap_err().code, RefusalCode::CommandIdReused);
}
