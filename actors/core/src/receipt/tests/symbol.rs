use crate::receipt::return_code::RETURN_CODE_CHARACTERS_MAX;
use crate::receipt::{
    COLUMN_DOTS, COLUMNS_MAX, COLUMNS_MIN, Element, ReceiptDocument, Row, Symbol,
};

fn drawn(element: Element, columns: usize) -> Vec<Row> {
    ReceiptDocument::new(vec![element]).rows(columns)
}

fn qr(text: &str, columns: usize) -> Vec<Row> {
    drawn(Element::Qr { text: text.to_owned(), module_dots: 3 }, columns)
}

fn barcode(text: &str, columns: usize) -> Vec<Row> {
    drawn(Element::Barcode { text: text.to_owned(), height_dots: 48 }, columns)
}

fn symbol(rows: &[Row]) -> &Symbol {
    match rows {
        [Row::Symbol(symbol)] => symbol,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_longest_return_code_prints_at_three_dots_a_module_on_every_roll() {
    let text = "A".repeat(RETURN_CODE_CHARACTERS_MAX);
    for columns in [COLUMNS_MIN, 32, 48] {
        let rows = qr(&text, columns);
        let symbol = symbol(&rows);
        // Version 9 has 53 modules, and four white ones on each side.
        assert_eq!((symbol.cells.len(), symbol.cell_width_dots), (61, 3));
        assert!(symbol.width_dots() <= columns * COLUMN_DOTS);
    }
    let rows = qr(&format!("{text}A"), 32);
    assert!(symbol(&rows).cells.len() > 61, "one more is a larger code");
}

#[test]
fn a_code_has_white_all_round_and_rows_of_one_length() {
    for rows in [qr("RC1:ABC", 32), barcode("1-42", 32)] {
        let symbol = symbol(&rows);
        let width = symbol.cells[0].len();
        for row in &symbol.cells {
            assert_eq!(row.len(), width);
            assert!(row.starts_with("0000") && row.ends_with("0000"), "{row}");
            assert!(row.bytes().all(|cell| matches!(cell, b'0' | b'1')));
        }
        assert_eq!(symbol.height_dots(), symbol.cells.len() * usize::from(symbol.cell_height_dots));
    }
}

#[test]
fn what_cannot_be_drawn_stands_there_as_text() {
    let rows = barcode("牛奶", 32);
    assert!(matches!(&rows[..], [Row::Text { text, .. }] if text == "牛奶"), "{rows:?}");
    let rows = barcode(&"7".repeat(29), 32);
    assert!(matches!(&rows[..], [Row::Text { .. }]), "{rows:?}");
    let rows = qr(&"x".repeat(5000), COLUMNS_MAX);
    assert!(matches!(&rows[0], Row::Text { .. }));
    assert!(rows.len() >= 5000 / COLUMNS_MAX);
}

#[test]
fn a_code_shrinks_before_it_is_given_up() {
    let text = "https://192.168.100.200:8443/r/".to_owned() + &"x".repeat(200);
    let rows = qr(&text, COLUMNS_MIN);
    let small = symbol(&rows);
    assert!(small.cell_width_dots < 3 && small.width_dots() <= COLUMNS_MIN * COLUMN_DOTS);
}
