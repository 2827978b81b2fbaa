use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::barcode::{CODE_CHARS_MAX, Gtin, Measure, check_digit, read};
use crate::{Quantity, Unit};

const TWD: Currency = Currency::TWD;

fn of(text: &str) -> Scanned {
    scanned(text, None, &ScanRules::plain(TWD))
}

fn marked(symbol: Symbol, marks: Marks) -> Scanned {
    Scanned::Item { symbol, marks }
}

fn item(symbol: Symbol) -> Scanned {
    marked(symbol, Marks::default())
}

fn gtin(text: &str) -> Symbol {
    Symbol::Gtin(Gtin::parse(text).unwrap())
}

fn weighed(item_code: &str, grams: i64) -> Symbol {
    let weight = Quantity::from_thousandths(grams, Unit::Kilogram).unwrap();
    Symbol::VariableMeasure { item_code: item_code.to_owned(), measure: Measure::Weight(weight) }
}

#[test]
fn goods_are_goods_however_they_are_marked() {
    let milk = gtin("4710088412584");
    for text in ["4710088412584", "]E04710088412584", " 4710088412584\r\n", "04710088412584"] {
        assert_eq!(of(text), item(milk.clone()), "{text}");
    }
    for text in [
        "]d2010471008841258417261231\u{1d}10L/1\u{1d}21S-9",
        "]C1010471008841258410L/1\u{1d}21S-9\u{1d}17261231",
        "]Q3010471008841258410L/1\u{1d}1726123121S-9",
        "(01)04710088412584(10)L/1(17)261231(21)S-9",
        "https://id.gs1.org/01/04710088412584/10/L%2F1/21/S-9?17=261231",
        "HTTPS://SHOP.EXAMPLE/some/path/01/4710088412584/10/L%2f1/21/S-9?utm=x&17=261231#top",
        "]Q1http://shop.example/01/4710088412584?10=L%2F1&21=S-9&17=261231",
    ] {
        let marks = Marks {
            lot: Some("L/1".to_owned()),
            serial: Some("S-9".to_owned()),
            best_before: None,
            expires: Some(date(2026, 12, 31)),
        };
        assert_eq!(of(text), marked(milk.clone(), marks), "{text}");
    }
    let apart = scanned(
        "0104710088412584150202003103001250",
        Some(Symbology::DataBar),
        &ScanRules::plain(TWD),
    );
    // The month's last day, here of a short month: 2002-02-28.
    let marks = Marks { best_before: Some(date(2002, 2, 28)), ..Marks::default() };
    assert_eq!(apart, marked(weighed("04710088412584", 1250), marks));
    let label = check_digit("211234501250").unwrap();
    let layouts = [VariableMeasureLayout::default()];
    let rules = ScanRules { layouts: &layouts, ..ScanRules::plain(TWD) };
    let measure = Measure::Price(1250);
    assert_eq!(
        scanned(&format!("211234501250{label}"), None, &rules),
        item(Symbol::VariableMeasure { item_code: "12345".to_owned(), measure })
    );
}

#[test]
fn the_register_sells_what_a_digital_link_names() {
    let link = "https://id.gs1.org/01/09521234543213/10/ABC?3103=001250&17=261231";
    assert_eq!(read(link, &[], TWD), Ok(weighed("09521234543213", 1250)));
    let priced = "https://id.gs1.org/01/09521234543213?3922=19900";
    let measure = Measure::Price(199);
    let item_code = "09521234543213".to_owned();
    assert_eq!(read(priced, &[], TWD), Ok(Symbol::VariableMeasure { item_code, measure }));
    let wrong = "https://id.gs1.org/01/09521234543214";
    assert_eq!(read(wrong, &[], TWD), Err(BarcodeError::BadCheckDigit));
    let long = format!("https://id.gs1.org/01/09521234543213?x={}", "y".repeat(500));
    assert_eq!(read(&long, &[], TWD), Err(BarcodeError::TooLong));
    for other in ["https://shop.example/", "https://x/01/123", "ftp://x/01/09521234543213"] {
        assert_eq!(of(other), item(Symbol::Other(other.to_owned())), "{other}");
    }
}

#[test]
fn a_medicines_data_matrix_is_longer_than_other_codes_may_be() {
    let code =
        format!("]d20104710088412584172612311{}\u{1d}21{}", "0LOT456789012345678", "7".repeat(20));
    let long = format!("{code}\u{1d}240{}", "A".repeat(30));
    assert!(long.len() > CODE_CHARS_MAX);
    assert_eq!(read(&long, &[], TWD), Ok(gtin("4710088412584")));
    assert_eq!(of(&"7".repeat(CODE_CHARS_MAX + 1)), Scanned::Unknown(BarcodeError::TooLong));
    let message = format!("]d20104710088412584240{}", "A".repeat(300));
    assert_eq!(of(&message), Scanned::Unknown(BarcodeError::TooLong));
}

#[test]
fn what_customers_show_of_themselves_is_no_goods() {
    let carrier = |text: &str| Scanned::Carrier(Carrier::new(text).unwrap());
    assert_eq!(of("/17MEWYP"), carrier("/17MEWYP"));
    assert_eq!(of("]A0/A.B-+12\r"), carrier("/A.B-+12"));
    assert_eq!(of("TP03012345678901"), carrier("TP03012345678901"));
    assert_eq!(of("/17MEWY"), item(Symbol::Other("/17MEWY".to_owned())));
    assert_eq!(of("]A08999"), Scanned::Donation(DonationCode::new("8999").unwrap()));
    assert_eq!(of("4011"), item(Symbol::Other("4011".to_owned())), "a price look-up code");
    let member_cards = [MemberCard { prefix: "29900".to_owned(), characters: 13 }];
    let rules = ScanRules {
        is_coupon: &|code| code.starts_with("CP-"),
        member_cards: &member_cards,
        ..ScanRules::plain(TWD)
    };
    assert_eq!(scanned("]C0CP-7", None, &rules), Scanned::Coupon("CP-7".to_owned()));
    let member = scanned("2990012345679", None, &rules);
    assert_eq!(member, Scanned::Member("2990012345679".to_owned()));
    let coupon = format!("990123456789{}", check_digit("990123456789").unwrap());
    assert_eq!(of(&coupon), Scanned::Coupon(coupon.clone()));
    let worldwide = "]C125547100880000171234";
    assert_eq!(of(worldwide), Scanned::Coupon(worldwide[3..].to_owned()));
    // Whatever a store sells by such a code is goods.
    let sells = ScanRules { is_sold: &|_| true, ..rules };
    for code in ["CP-7", "2990012345679", &coupon, "1-42", "]A08999", "/17MEWYP"] {
        assert!(matches!(scanned(code, None, &sells), Scanned::Item { .. }), "{code}");
    }
    // But no badge: what opens a register is nothing to be shown in a basket.
    assert!(matches!(scanned("SB0123456789ABCDEF", None, &sells), Scanned::Badge(_)));
}

#[test]
fn a_receipts_own_bar_code_names_it() {
    assert_eq!(of("]C01-42"), Scanned::ReceiptNumber("1-42".to_owned()));
    for other in ["-42", "1-", "1-4x", "1-1234567890123456789", "42", "A-42", "0912-345678"] {
        assert_eq!(of(other), item(Symbol::Other(other.to_owned())), "{other}");
    }
}

#[test]
fn the_proof_of_an_invoice_names_it_by_either_of_its_codes() {
    let proof = |number: &str, random: &str| {
        let (number, random) = (number.to_owned(), random.to_owned());
        Scanned::InvoiceProof(InvoiceProof::Named { number, random })
    };
    assert_eq!(of("11512XF000012349876"), proof("XF00001234", "9876"));
    assert_eq!(of("]A010404UZ176908720122"), proof("UZ17690872", "0122"));
    let odd = "11511XF000012349876";
    assert_eq!(of(odd), item(Symbol::Other(odd.to_owned())), "no period ends in November");
    let left = "XF000012341151123987600000064000000690000000012345675CamotDNRUN8bVyY5S1BhFQ==\
                :**********:2:2:1:乾電池:1:60:";
    assert_eq!(of(left), proof("XF00001234", "9876"));
    assert_eq!(of("**口罩:1:45"), Scanned::InvoiceProof(InvoiceProof::SecondHalf));
    assert_eq!(of("**"), Scanned::InvoiceProof(InvoiceProof::SecondHalf));
}

#[test]
fn a_receipt_that_comes_back_and_a_badge_are_told_apart() {
    assert_eq!(of("RC1:ABCDEF"), Scanned::ReturnCode("RC1:ABCDEF".to_owned()));
    let badge = of("sb0123456789abcdef");
    assert_eq!(badge, Scanned::Badge(Personal::new("SB0123456789ABCDEF")));
    assert!(!format!("{badge:?}").contains("0123"), "a secret stands in no log");
    assert!(matches!(of("SB0123456789ABCDE"), Scanned::Item { .. }));
}

#[test]
fn what_cannot_be_read_says_why() {
    assert_eq!(of("  "), Scanned::Unknown(BarcodeError::Empty));
    assert_eq!(of("47\u{7}12"), Scanned::Unknown(BarcodeError::BadCharacter));
    assert_eq!(of("]C101095212345432"), Scanned::Unknown(BarcodeError::BadElementString));
    assert_eq!(of(&"A".repeat(4097)), Scanned::Unknown(BarcodeError::TooLong));
    assert_eq!(of(&format!("RC1:{}", "A".repeat(4096))), Scanned::Unknown(BarcodeError::TooLong));
    let own = of("4710088412585");
    assert_eq!(own, item(Symbol::Other("4710088412585".to_owned())), "perhaps the store's own");
}

proptest! {
    #[test]
    fn any_text_is_something(
        text in "\\PC{0,100}",
        likely in "(\\]d2|\\]C1|https://x/|\\*\\*|/|SB|RC1:)?[0-9A-Z()%/:?=&\u{1d}\\]]{0,120}",
        symbology in prop::option::of(prop::sample::select(Symbology::ALL.to_vec())),
    ) {
        let layouts = [VariableMeasureLayout::default()];
        let rules = ScanRules { layouts: &layouts, ..ScanRules::plain(TWD) };
        for text in [text, likely] {
            if let Scanned::Item { symbol: Symbol::Other(code), .. } =
                scanned(&text, symbology, &rules)
            {
                prop_assert!(!code.is_empty() && code.len() <= SCAN_BYTES_MAX);
            }
        }
    }

    #[test]
    fn a_link_and_its_elements_say_the_same(
        body in 1_u64..10_000_000_000_000,
        lot in "[0-9A-Z./-]{1,20}",
        day in 1_u8..29,
        has_weight in any::<bool>(),
        grams in 1_u32..1_000_000,
    ) {
        let body = format!("{body:013}");
        let article = format!("{body}{}", check_digit(&body).unwrap());
        let escaped = lot.replace('/', "%2F");
        let weight = if has_weight { format!("3103{grams:06}") } else { String::new() };
        let day = 1200 + u32::from(day);
        let elements = format!("]d201{article}1726{day}{weight}10{lot}");
        let query = if has_weight { format!("&3103={grams:06}") } else { String::new() };
        let link = format!("https://x.example/01/{article}/10/{escaped}?17=26{day}{query}");
        prop_assert_eq!(of(&link), of(&elements));
        prop_assert!(!matches!(of(&link), Scanned::Unknown(_)));
    }
}
