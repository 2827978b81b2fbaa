//! A scan at the register, by what was scanned.

use std::sync::Arc;

use serde_json::json;
use store_core::barcode::MemberCard;
use store_core::buyer::Personal;
use store_core::catalogue::import;
use store_core::register::{BasketEvent, BasketView, Command, Phase, RegisterRules};
use store_core::{Currency, LineNumber, MemberId, RefusalCode};

use crate::promotions::{follow, name, next_basket};
use crate::till::{MILK, PHONE, Till, pieces, reason, usd};

/// Ten per cent off the soap with the coupon TEN, half of the milk with one of U- and more.
fn till() -> Till {
    let mut till = Till::new();
    let member_cards = vec![MemberCard { prefix: "29900".to_owned(), characters: 13 }];
    till.rules = Arc::new(RegisterRules { member_cards, ..RegisterRules::clone(&till.rules) });
    let each = |item: &str, percent: u8| {
        let items = json!({ "items": [item] });
        json!({ "items": items, "award": { "percent_off": percent } })
    };
    let offers = json!({ "promotions": [
        { "id": "ten", "name": name("ten"), "coupon": { "code": "TEN" }, "each": each("2", 10) },
        { "id": "half", "name": name("half"), "coupon": { "unique": "U-" }, "each": each("1", 50) },
    ] });
    follow(&mut till, &offers);
    till
}

fn view(till: &Till) -> BasketView {
    till.machine.view(till.now()).basket.expect("a basket is open")
}

/// The milk of the tests as element strings with more behind.
fn milk(more: &str) -> String {
    format!("]d2010{MILK}{more}")
}

#[test]
fn a_coupon_between_goods_is_shown_and_no_goods() {
    let mut till = till();
    till.scan(MILK).unwrap();
    let shown = till.scan("]C0U-77").unwrap();
    assert_eq!(shown.outcome.event, BasketEvent::CouponShown { code: "U-77".to_owned() });
    assert_eq!((view(&till).lines.len(), view(&till).totals.due), (1, usd("1.25")));
    assert_eq!(till.scan("U-77").unwrap_err().code, RefusalCode::CouponUsed);
    till.run(Command::Undo).unwrap();
    assert_eq!(view(&till).totals.due, usd("2.50"));
    // A coupon of GS1's that no promotion takes is refused as that, and not as unknown goods.
    let unknown = till.scan("9901234567899").unwrap_err();
    assert_eq!((unknown.code, &*unknown.details["code"]), {
        (RefusalCode::CouponUnknown, "9901234567899")
    });
    // The first thing that a customer shows may open the basket.
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    next_basket(&mut till);
    till.scan("TEN").unwrap();
    assert_eq!(&*view(&till).context.coupons[0], "TEN");
}

#[test]
fn a_members_card_between_goods_names_the_member() {
    let mut till = till();
    till.scan(MILK).unwrap();
    till.scan("2990012345679").unwrap();
    let context = view(&till).context;
    assert_eq!(context.member.unwrap().as_str(), "2990012345679");
    assert_eq!(view(&till).lines.len(), 1);
    // What somebody said of the member since is not lost to a second scan.
    let member = MemberId::new("2990012345679").unwrap();
    till.run(Command::NameMember { member, tier: Some("gold".to_owned()), points: Some(7) })
        .unwrap();
    till.scan("2990012345679").unwrap();
    assert_eq!(view(&till).context.tier.as_deref(), Some("gold"));
}

#[test]
fn what_the_store_sells_by_a_code_is_goods() {
    let mut till = Till::new();
    // Where no goods have it, it is a donation code.
    let csv = format!("{}X1,8999,,CANDLE,GENERAL,piece,3.00,,,,\n", crate::till::CSV);
    till.catalogue = Arc::new(import(csv.as_bytes(), Currency::USD).unwrap());
    till.restart();
    let sold = till.scan("]A08999").unwrap();
    assert_eq!(sold.outcome.event, BasketEvent::ItemAdded { line: LineNumber(1) });
    let line = view(&till).lines.pop().unwrap();
    assert_eq!((line.item.as_str(), &*line.code), ("X1", "8999"), "kept as any scanner reads it");
    // Of element strings the kind is kept: it alone says what they are.
    till.scan(&milk("10LOT-1")).unwrap();
    assert_eq!(&*view(&till).lines[1].code, milk("10LOT-1"));
}

#[test]
fn what_a_buyer_said_by_mistake_is_taken_back_and_not_the_goods_before_it() {
    let mut till = till();
    till.scan(MILK).unwrap();
    let carrier = Some(Personal::new("/17MEWYP"));
    till.run(Command::NameBuyer { ban: None, carrier, donation: None }).unwrap();
    till.run(Command::Undo).unwrap();
    assert!(view(&till).buyer.is_none() && !view(&till).lines[0].voided);
    till.run(Command::Undo).unwrap();
    assert!(view(&till).lines[0].voided);
}

#[test]
fn what_is_no_goods_is_refused_as_what_it_is_and_said_nowhere() {
    let mut till = till();
    till.scan(MILK).unwrap();
    let before = till.machine.view(till.now());
    for (code, refusal) in [
        ("/17MEWYP", RefusalCode::ScannedCarrier),
        ("]A0TP03000001234567", RefusalCode::ScannedCarrier),
        ("]A08999", RefusalCode::ScannedDonation),
        ("SB0123456789ABCDEF", RefusalCode::BadgeNotWanted),
        ("]A0sb0123456789abcdef", RefusalCode::BadgeNotWanted),
        ("1-42", RefusalCode::ScannedReceipt),
        ("RC1:ABCDEFGH", RefusalCode::ScannedReceipt),
        ("11512XF000012349876", RefusalCode::ScannedInvoice),
        ("**", RefusalCode::ScannedInvoice),
        ("8999", RefusalCode::UnknownBarcode),
    ] {
        let refused = till.scan(code).unwrap_err();
        assert_eq!(refused.code, refusal, "{code}");
        let says = format!("{:?}", refused.details);
        let is_secret = refusal != RefusalCode::UnknownBarcode;
        assert!(!is_secret || says == "{}", "{code} stands in {says}");
        assert_eq!(till.machine.view(till.now()), before, "{code}");
    }
    // Nor does it open a basket.
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    next_basket(&mut till);
    assert_eq!(till.scan("/17MEWYP").unwrap_err().code, RefusalCode::ScannedCarrier);
    assert_eq!(till.machine.phase(), Phase::Idle);
}

#[test]
fn a_piece_past_its_date_is_not_sold() {
    // The store's day is 2023-11-14.
    let mut till = till();
    for fresh in ["17231114", "17231130", "15231101", "10LOT-1"] {
        let sold = till.scan(&milk(fresh)).unwrap();
        assert!(matches!(sold.outcome.event, BasketEvent::ItemAdded { .. }), "{fresh}");
    }
    let refused = till.scan(&milk("10LOT-1\u{1d}17231113")).unwrap_err();
    let says = (&*refused.details["item"], &*refused.details["date"]);
    assert_eq!((refused.code, says), (RefusalCode::GoodsExpired, ("MILK 1L", "2023-11-13")));
    // By a link too, and also where it would join a line.
    let link = format!("https://id.gs1.org/01/{MILK}?17=231113");
    let onto = Some(LineNumber(1));
    let joined = till.run(Command::ScanItem { code: link, onto, item: None }).unwrap_err();
    assert_eq!(joined.code, RefusalCode::GoodsExpired);
    // Nor three of them at once.
    let (code, quantity) = (milk("17231113"), Some(pieces(3)));
    let keyed = till.run(Command::KeyItem { code, quantity, amount: None, item: None });
    assert_eq!(keyed.unwrap_err().code, RefusalCode::GoodsExpired);
    assert_eq!(view(&till).lines.len(), 4);
}

#[test]
fn a_code_that_says_which_piece_it_is_on_names_it() {
    let mut till = till();
    let phone = |serial: &str| format!("]d2010{PHONE}21{serial}");
    let added = till.scan(&phone("IMEI-1")).unwrap();
    let basket = added.view.basket.unwrap();
    assert_eq!((basket.serial, basket.lines[0].serial.as_deref()), (None, Some("IMEI-1")));
    // The same piece cannot be sold twice, and nothing is left of the attempt.
    assert_eq!(till.scan(&phone("IMEI-1")).unwrap_err().code, RefusalCode::SerialTwice);
    assert_eq!(view(&till).lines.len(), 1);
    till.scan(&phone("IMEI-2")).unwrap();
    // It is taken back as a whole.
    till.run(Command::Undo).unwrap();
    assert!(view(&till).lines[1].voided && view(&till).serial.is_none());
    till.scan(&phone("IMEI-2")).unwrap();
    till.pay("cash", "198").unwrap();
    // Read apart from the goods, as the box bears several codes: the number is the element's.
    let mut boxed = Till::new();
    boxed.scan(&format!("]E0{PHONE}")).unwrap();
    let name = |serial: String| Command::NameSerial { line: LineNumber(1), serial };
    for goods in [PHONE.to_owned(), format!("]E0{PHONE}"), format!("]d2010{PHONE}"), "P1".into()] {
        let refused = boxed.run(name(goods.clone())).unwrap_err();
        assert_eq!(refused.code, RefusalCode::BadSerial, "{goods}");
    }
    boxed.run(name(phone("IMEI-9"))).unwrap();
    assert_eq!(view(&boxed).lines[0].serial.as_deref(), Some("IMEI-9"));
    // Goods whose numbers are of no concern are sold all the same.
    let mut other = Till::new();
    let milk = other.scan(&milk("21S-9")).unwrap().view.basket.unwrap();
    assert_eq!((milk.lines[0].serial.as_deref(), milk.lines[0].quantity), (None, pieces(1)));
}
