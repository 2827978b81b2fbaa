use proptest::prelude::*;
use rust_decimal::Decimal;

use super::golden::{chinese, english, header};
use super::sale::{america, money, plain, refund, rules, taiwan};
use crate::Currency;
use crate::receipt::{
    COLUMNS_MIN, Element, Frame, ReceiptDocument, Row, TextSize, layout, money_text, text_columns,
};
use crate::transaction::RetailTransaction;

fn printed(sale: &RetailTransaction, copy: Option<u32>) -> ReceiptDocument {
    let (header, labels, rules) = (&header(), &english(), &rules());
    let (return_code, is_post_void, is_training) = (None, false, false);
    let frame = Frame { header, labels, rules, copy, return_code, is_post_void, is_training };
    layout(sale, &frame)
}

#[test]
fn the_drawer_opens_first_and_only_for_cash_and_never_for_a_copy() {
    let first = printed(&taiwan(), None);
    assert_eq!(first.elements.first(), Some(&Element::DrawerPulse));
    assert!(!printed(&taiwan(), Some(1)).opens_drawer());
    let mut by_card = plain();
    by_card.tenders[0].tender_type = crate::transaction::TenderTypeId::new("card").unwrap();
    assert!(!printed(&by_card, None).opens_drawer());
    let mut handed_back = plain();
    handed_back.tenders[0].voided = true;
    assert!(!printed(&handed_back, None).opens_drawer());
}

#[test]
fn a_paper_of_training_opens_no_drawer() {
    let (header, labels, rules) = (&header(), &english(), &rules());
    let (copy, return_code, is_post_void) = (None, None, false);
    let is_training = true;
    let frame = Frame { header, labels, rules, copy, return_code, is_post_void, is_training };
    assert!(!layout(&taiwan(), &frame).opens_drawer());
}

#[test]
fn a_stored_document_comes_back_and_another_format_is_refused() {
    let document = printed(&taiwan(), Some(3));
    let json = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<ReceiptDocument>(&json).unwrap(), document);
    let other = json.replacen("\"format\":1", "\"format\":2", 1);
    assert_ne!(other, json);
    assert!(serde_json::from_str::<ReceiptDocument>(&other).is_err());
}

#[test]
fn both_languages_name_the_same_codes() {
    let (chinese, english) = (chinese(), english());
    assert!(chinese.units.keys().eq(english.units.keys()));
    assert!(chinese.reasons.keys().eq(english.reasons.keys()));
    assert!(chinese.tenders.keys().eq(english.tenders.keys()));
    assert!(chinese.tax_classes.keys().eq(english.tax_classes.keys()));
    for unit in ["piece", "kilogram", "litre", "gallon"] {
        assert!(chinese.units.contains_key(unit), "{unit}");
    }
}

#[test]
fn money_has_its_decimals_and_a_comma_at_every_thousand() {
    for (amount, currency, text) in [
        ("0", Currency::TWD, "0"),
        ("999", Currency::TWD, "999"),
        ("1000", Currency::TWD, "1,000"),
        ("-1234567", Currency::TWD, "-1,234,567"),
        ("-123", Currency::TWD, "-123"),
        ("1234.5", Currency::USD, "1,234.50"),
        ("0.05", Currency::USD, "0.05"),
        ("-100000", Currency::USD, "-100,000.00"),
        ("1.234", Currency::KWD, "1.234"),
    ] {
        assert_eq!(money_text(money(amount, currency)), text);
    }
}

/// The amounts at the right edge from the first line of goods to the total.
fn amounts(document: &ReceiptDocument) -> (Vec<Decimal>, Decimal) {
    let mut before = Vec::new();
    for element in &document.elements {
        let Element::Columns { left, right, size, .. } = element else {
            continue;
        };
        let Ok(amount) = right.replace(',', "").parse::<Decimal>() else {
            continue;
        };
        if *size == TextSize::Double {
            return (before, amount);
        }
        if !left.starts_with("Subtotal") {
            before.push(amount);
        }
    }
    panic!("no total");
}

#[test]
fn the_printed_amounts_add_up_to_the_total() {
    for sale in [taiwan(), america(), refund(), plain()] {
        let (parts, total) = amounts(&printed(&sale, None));
        assert_eq!(parts.iter().sum::<Decimal>(), total);
        assert_eq!(total, sale.totals.total.amount());
    }
}

#[test]
fn a_voided_line_is_not_printed() {
    assert!(!printed(&taiwan(), None).to_text(48).contains("看不見"));
}

#[test]
fn a_name_cannot_command_the_printer() {
    let mut sale = plain();
    sale.lines[0].description = "A\u{1b}p\0\u{19}B\u{202e}C{price}".into();
    let text = printed(&sale, None).to_text(48);
    assert!(text.contains("A p  BC{price}"), "{text}");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,80}", "[一-龥]{0,60}", "[a-z 牛奶（）]{0,80}", any::<String>()]
}

fn any_element() -> impl Strategy<Value = Element> {
    let size = prop_oneof![Just(TextSize::Normal), Just(TextSize::Double)];
    (any_text(), any_text(), size, any::<bool>(), 0_usize..200).prop_map(
        |(left, right, size, is_text, indent)| {
            if is_text {
                Element::Text {
                    text: left,
                    align: crate::receipt::Align::Right,
                    is_bold: false,
                    size,
                }
            } else {
                Element::Columns { left, right, indent, is_bold: false, size }
            }
        },
    )
}

fn visible(text: &str) -> String {
    text.chars().filter(|each| !each.is_whitespace() && !each.is_control()).collect()
}

proptest! {
    #[test]
    fn no_row_is_wider_than_the_paper(
        elements in prop::collection::vec(any_element(), 0..8),
        columns in 0_usize..100,
    ) {
        let document = ReceiptDocument::new(elements);
        let width = columns.max(COLUMNS_MIN);
        for row in document.rows(columns) {
            if let Row::Text { text, size, .. } = row {
                let factor = if size == TextSize::Double { 2 } else { 1 };
                prop_assert!(text_columns(&text) * factor <= width, "{text:?}");
                prop_assert!(!text.chars().any(char::is_control));
            }
        }
        for line in document.to_text(columns).lines() {
            prop_assert!(text_columns(line) <= width, "{line:?}");
        }
    }

    #[test]
    fn wrapping_loses_nothing(text in "[a-z一-龥 (),.]{0,200}", columns in 2_usize..60) {
        let rows = crate::receipt::width::wrap(&text, columns);
        prop_assert_eq!(visible(&rows.concat()), visible(&text));
    }
}
