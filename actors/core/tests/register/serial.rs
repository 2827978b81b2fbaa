//! Goods that bear a number each.

use store_core::fact::Fact;
use store_core::register::{BasketEvent, Command};
use store_core::{LineNumber, RefusalCode};

use crate::till::{MILK, PHONE, Till, pieces, usd};

fn name(line: u32, serial: &str) -> Command {
    Command::NameSerial { line: LineNumber(line), serial: serial.to_owned() }
}

#[test]
fn payment_waits_for_the_number_of_every_piece() {
    let mut till = Till::new();
    assert_eq!(till.scan(MILK).unwrap().view.basket.unwrap().serial, None);
    let asked = till.scan(PHONE).unwrap().view.basket.unwrap().serial.unwrap();
    assert_eq!((asked.line, &*asked.description), (LineNumber(2), "PHONE"));
    till.scan(PHONE).unwrap();
    let refused = till.pay("cash", "300").unwrap_err();
    assert_eq!((refused.code, &*refused.details["line"]), (RefusalCode::SerialNeeded, "2"));
    let named = till.run(name(2, " IMEI-1 ")).unwrap();
    assert_eq!(named.outcome.event, BasketEvent::SerialNamed { line: LineNumber(2) });
    assert_eq!(named.view.basket.unwrap().serial.unwrap().line, LineNumber(3));
    till.restart();
    assert_eq!(till.pay("cash", "300").unwrap_err().details["line"], "3");
    assert_eq!(till.run(name(3, "IMEI-1")).unwrap_err().code, RefusalCode::SerialTwice);
    till.run(name(3, "IMEI-2")).unwrap();
    // One that was misread is named again.
    till.run(name(2, "IMEI-3")).unwrap();
    till.pay("cash", "200.50").unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("no sale") };
    let serials = sale.lines.iter().map(|line| line.serial.as_deref());
    assert!(serials.eq([None, Some("IMEI-3"), Some("IMEI-2")]));
}

#[test]
fn a_number_that_is_none_is_refused() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.scan(PHONE).unwrap();
    for (line, serial, code) in [
        (1, "IMEI-1", RefusalCode::BadSerial),
        (2, "  ", RefusalCode::BadSerial),
        (2, PHONE, RefusalCode::BadSerial),
        (2, "a\tb", RefusalCode::BadSerial),
        (2, &*"9".repeat(65), RefusalCode::BadSerial),
        (9, "IMEI-1", RefusalCode::NoSuchLine),
    ] {
        assert_eq!(till.run(name(line, serial)).unwrap_err().code, code, "{line} {serial}");
    }
    till.run(name(2, "IMEI-1")).unwrap();
    till.run(Command::Undo).unwrap();
    assert_eq!(till.pay("cash", "300").unwrap_err().code, RefusalCode::SerialNeeded);
    // Goods that are taken out ask for nothing, and what they bore may be named again.
    till.run(name(2, "IMEI-1")).unwrap();
    till.run(Command::VoidLine { line: LineNumber(2) }).unwrap();
    till.scan(PHONE).unwrap();
    till.run(name(3, "IMEI-1")).unwrap();
    till.pay("cash", "101.50").unwrap();
}

#[test]
fn such_goods_are_entered_one_by_one() {
    let mut till = Till::new();
    till.scan(PHONE).unwrap();
    let two = Some(pieces(2));
    let onto = Some(LineNumber(1));
    for command in [
        Command::SetQuantity { line: LineNumber(1), quantity: pieces(2) },
        Command::KeyItem { code: PHONE.to_owned(), quantity: two, amount: None, item: None },
        Command::ScanItem { code: PHONE.to_owned(), onto, item: None },
    ] {
        assert_eq!(till.run(command).unwrap_err().code, RefusalCode::OneByOne);
    }
    assert_eq!(till.machine.basket().unwrap().transaction.totals.total, usd("99.00"));
}
