use proptest::prelude::*;

use super::layout::verifier_digit;
use super::*;
use crate::{Currency, Quantity, Unit};

fn grams() -> VariableMeasureLayout {
    let value = LabelValue::Weight { decimals: 3, unit: Unit::Kilogram };
    VariableMeasureLayout::new(21, 5, false, 5, value).unwrap()
}

fn kilograms(thousandths: i64) -> Measure {
    Measure::Weight(Quantity::from_thousandths(thousandths, Unit::Kilogram).unwrap())
}

fn usd(text: &str, layouts: &[VariableMeasureLayout]) -> Result<Symbol, BarcodeError> {
    read(text, layouts, Currency::USD)
}

fn gtin(text: &str) -> Gtin {
    Gtin::parse(text).unwrap()
}

fn labelled(item_code: &str, measure: Measure) -> Symbol {
    Symbol::VariableMeasure { item_code: item_code.to_owned(), measure }
}

#[test]
fn check_digits_are_those_of_the_standard() {
    let vectors = [
        ("629104150021", 3),
        ("03600029145", 2),
        ("9638507", 4),
        ("0952123454321", 3),
        ("471234567890", 0),
    ];
    for (body, expected) in vectors {
        assert_eq!(check_digit(body), Some(expected), "{body}");
        let whole = format!("{body}{expected}");
        assert_eq!(gtin(&whole).number(), whole.parse::<u64>().unwrap());
    }
    assert_eq!(check_digit("12a"), None);
}

#[test]
fn an_article_is_one_number_however_it_was_read() {
    assert_eq!(gtin("036000291452"), gtin("0036000291452"));
    assert_eq!(gtin("036000291452"), gtin("00036000291452"));
    assert_eq!(gtin("4712345678900").to_string(), "4712345678900");
    assert_eq!(gtin("96385074").to_string(), "96385074");
    assert_eq!(gtin("036000291452").to_string(), "0036000291452");
    assert_eq!(gtin("10952123454321").to_string(), "10952123454321");
    assert_eq!(gtin("4712345678900").to_14_digits(), "04712345678900");
}

#[test]
fn what_is_no_article_number_is_refused() {
    for text in ["", "123", "12345678901", "47123456789OO", "00000000", "４712345678"] {
        assert_eq!(Gtin::parse(text), Err(BarcodeError::NotGtin), "{text}");
    }
    assert_eq!(Gtin::parse("4712345678901"), Err(BarcodeError::BadCheckDigit));
}

#[test]
fn verifier_digits_are_those_of_the_standard() {
    for (value, expected) in [("1250", 3), ("2875", 9), ("01250", 7), ("14685", 6)] {
        assert_eq!(verifier_digit(value), Some(expected), "{value}");
    }
    assert_eq!(verifier_digit("125"), None);
}

#[test]
fn a_label_is_read_by_the_stores_layout() {
    assert_eq!(usd("2112345012506", &[grams()]), Ok(labelled("12345", kilograms(1250))));
    let priced = [VariableMeasureLayout::default()];
    assert_eq!(usd("2112345012506", &priced), Ok(labelled("12345", Measure::Price(1250))));
    assert_eq!(usd("2112345012506", &[]), Ok(Symbol::Gtin(gtin("2112345012506"))));
    assert_eq!(usd("2112345012507", &priced), Err(BarcodeError::BadCheckDigit));
    // A case whose number begins with the same digits is no label.
    let case = format!("2112345012506{}", check_digit("2112345012506").unwrap());
    assert_eq!(usd(&case, &priced), Ok(Symbol::Gtin(gtin(&case))));
}

#[test]
fn a_label_with_a_verifier_digit_guards_its_price() {
    let value = LabelValue::Price { decimals: Some(2) };
    let layouts = [VariableMeasureLayout::new(23, 5, true, 4, value).unwrap()];
    let whole = |body: &str| format!("{body}{}", check_digit(body).unwrap());
    let right = whole("231234531250");
    assert_eq!(usd(&right, &layouts), Ok(labelled("12345", Measure::Price(1250))));
    assert_eq!(usd(&whole("231234541250"), &layouts), Err(BarcodeError::BadCheckDigit));
    // Two decimals in a currency without any: only where they are noughts.
    assert_eq!(read(&right, &layouts, Currency::TWD), Err(BarcodeError::BadMeasure));
    let round = whole(&format!("2312345{}1200", verifier_digit("1200").unwrap()));
    assert_eq!(read(&round, &layouts, Currency::TWD), Ok(labelled("12345", Measure::Price(12))));
}

#[test]
fn a_layout_that_cannot_be_is_refused() {
    let price = LabelValue::Price { decimals: None };
    let layout = VariableMeasureLayout::new;
    assert_eq!(layout(30, 5, false, 5, price), Err(LayoutError::BadPrefix));
    assert_eq!(layout(21, 5, false, 6, price), Err(LayoutError::BadLength));
    assert_eq!(layout(21, 250, true, 250, price), Err(LayoutError::BadLength));
    assert_eq!(layout(21, 6, true, 3, price), Err(LayoutError::BadVerifier));
    let pieces = LabelValue::Weight { decimals: 0, unit: Unit::Piece };
    assert_eq!(layout(21, 5, false, 5, pieces), Err(LayoutError::BadValue));
    assert_eq!(layout(2, 5, false, 5, price).unwrap().prefix(), 2);
}

#[test]
fn a_layout_comes_from_settings() {
    let text = r#"{"prefix":22,"item_digits":5,"value_digits":5,
        "value":{"kind":"weight","decimals":3,"unit":"kilogram"}}"#;
    let layout: VariableMeasureLayout = serde_json::from_str(text).unwrap();
    let again = serde_json::from_str(&serde_json::to_string(&layout).unwrap()).unwrap();
    assert_eq!(layout, again);
    assert_eq!(layout.prefix(), 22);
    let wrong = text.replace("22", "47");
    assert!(serde_json::from_str::<VariableMeasureLayout>(&wrong).is_err());
}

#[test]
fn what_readers_and_keyboards_add_is_taken_off() {
    let milk = Ok(Symbol::Gtin(gtin("4712345678900")));
    for text in [
        "]E04712345678900",
        " 4712345678900\r\n",
        "4 712345 678900",
        "４７１２３４５６７８９００",
        "]C04712345678900",
    ] {
        assert_eq!(usd(text, &[]), milk, "{text}");
    }
    assert_eq!(usd("]E096385074", &[]), Ok(Symbol::Gtin(gtin("96385074"))));
    assert_eq!(usd("96385074", &[]), Ok(Symbol::Gtin(gtin("96385074"))));
    assert_eq!(usd("COUPON 7", &[]), Ok(Symbol::Other("COUPON 7".to_owned())));
    assert_eq!(usd("4011", &[]), Ok(Symbol::Other("4011".to_owned())));
}

#[test]
fn what_is_no_code_is_refused() {
    assert_eq!(usd("  \n", &[]), Err(BarcodeError::Empty));
    assert_eq!(usd("]E0", &[]), Err(BarcodeError::Empty));
    assert_eq!(usd(&"9".repeat(65), &[]), Err(BarcodeError::TooLong));
    assert_eq!(usd("47\u{0}12", &[]), Err(BarcodeError::BadCharacter));
}

#[test]
fn element_strings_are_read() {
    let apple = gtin("09521234543213");
    let plain = Ok(Symbol::Gtin(apple));
    assert_eq!(usd("]C1010952123454321310ABC123\u{1d}17261231", &[]), plain);
    assert_eq!(usd("\u{1d}0109521234543213", &[]), plain);
    assert_eq!(usd("(01)09521234543213(10)ABC123", &[]), plain);
    let code = "09521234543213";
    let weighed = Ok(labelled(code, kilograms(1250)));
    let priced = Ok(labelled(code, Measure::Price(1999)));
    assert_eq!(usd("01095212345432133103001250", &[]), weighed);
    assert_eq!(usd("(01)09521234543213(3103)001250", &[]), weighed);
    assert_eq!(usd("0109521234543213 3103001250 39221999", &[]), priced);
    assert_eq!(usd("]e0010952123454321310A\u{1d}39221999\u{1d}3103001250", &[]), priced);
    assert_eq!(usd("]C100123456789012345675", &[]), {
        Ok(Symbol::Other("00123456789012345675".to_owned()))
    });
}

#[test]
fn broken_element_strings_are_refused() {
    assert_eq!(usd("]C10109521234543214", &[]), Err(BarcodeError::BadCheckDigit));
    assert_eq!(usd("]C101095212345432", &[]), Err(BarcodeError::BadElementString));
    assert_eq!(usd("]C101095212345432133103", &[]), Err(BarcodeError::BadElementString));
    assert_eq!(usd("]C10109521234543213392x1999", &[]), Err(BarcodeError::BadElementString));
    assert_eq!(usd("]C101095212345432133105001251", &[]), Err(BarcodeError::BadMeasure));
}

proptest! {
    #[test]
    fn a_number_with_its_check_digit_is_read_and_with_any_other_is_not(
        length in prop::sample::select(vec![7_usize, 11, 12, 13]),
        digits in prop::collection::vec(0_u8..10, 13),
        wrong in 1_u8..10,
    ) {
        let body: String = digits[..length].iter().map(|digit| char::from(b'0' + digit)).collect();
        prop_assume!(body.bytes().any(|digit| digit != b'0'));
        let check = check_digit(&body).unwrap();
        let read = gtin(&format!("{body}{check}"));
        prop_assert_eq!(read.to_14_digits(), format!("{body:0>13}{check}"));
        prop_assert_eq!(read.to_string().parse(), Ok(read), "as it is printed it is read again");
        let misread = format!("{body}{}", (check + wrong) % 10);
        prop_assert_eq!(Gtin::parse(&misread), Err(BarcodeError::BadCheckDigit));
    }

    #[test]
    fn one_misread_digit_never_goes_unnoticed(
        number in 1_u64..1_000_000_000_000, place in 0_usize..13, other in 1_u8..10,
    ) {
        let body = format!("{number:012}");
        let whole = format!("{body}{}", check_digit(&body).unwrap());
        let mut bytes = whole.into_bytes();
        bytes[place] = b'0' + (bytes[place] - b'0' + other) % 10;
        let misread = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(Gtin::parse(&misread).ok(), None, "{}", misread);
    }

    #[test]
    fn a_label_says_the_item_and_the_price_that_were_printed(
        item in 0_u32..100_000, cents in 0_u32..100_000,
    ) {
        let body = format!("21{item:05}{cents:05}");
        let label = format!("{body}{}", check_digit(&body).unwrap());
        let read = usd(&label, &[VariableMeasureLayout::default()]);
        let expected = labelled(&format!("{item:05}"), Measure::Price(i64::from(cents)));
        prop_assert_eq!(read, Ok(expected));
    }

    #[test]
    fn whatever_a_scanner_sends_is_read_or_refused(
        text in "\\PC{0,70}", more in "[0-9()\u{1d}\\]]{0,50}",
    ) {
        for code in [text, more] {
            let _ = usd(&code, &[VariableMeasureLayout::default(), grams()]);
        }
    }
}
