//! Codes on paper, read back as a scanner reads them.

use store_core::receipt::{Element, ReceiptDocument, Row};

use super::receipt::{document, drawing, encoder};
use crate::printer::decode::{Decoder, Printed};
use crate::printer::{Bitmap, Code, Encoder, Mode, PrintJobId, sample};

const RETURN_CODES: &str =
    include_str!("../../../../actors/core/tests/golden/receipt/return-codes.txt");

fn with(element: Element) -> ReceiptDocument {
    let mut elements = document().elements;
    elements.insert(elements.len() - 1, element);
    ReceiptDocument::new(elements)
}

fn qr(text: &str) -> ReceiptDocument {
    with(Element::Qr { text: text.to_owned(), module_dots: 3 })
}

/// All that was drawn, bands put together again.
fn drawn(bytes: &[u8]) -> Bitmap {
    let mut paper = Bitmap::default();
    for printed in Decoder::default().push(bytes) {
        let Printed::Raster(dots) = printed else { continue };
        if paper.is_empty() {
            paper = Bitmap::new(dots.width_dots(), 0);
        }
        paper.append(&dots);
    }
    paper
}

/// The texts of the QR codes that a camera finds on the paper.
fn read(paper: &Bitmap) -> Vec<String> {
    let (width, height) = (paper.width_dots(), paper.height_dots());
    let grey = |x, y| if paper.is_black(x, y) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
}

fn encoders(columns: usize) -> Vec<Encoder> {
    [Mode::Raster, Mode::Big5].map(|mode| encoder(drawing(columns, mode))).into()
}

#[test]
fn a_return_code_is_read_from_58_and_80_mm_drawn_whole_or_between_text() {
    for columns in [32, 48] {
        for encoder in encoders(columns) {
            for code in RETURN_CODES.lines().chain(["https://shop.example/r/abcDEF_-012"]) {
                let bytes = encoder.encode(&qr(code), PrintJobId(1)).concat();
                assert_eq!(read(&drawn(&bytes)), [code], "{columns} columns");
            }
        }
    }
}

#[test]
fn a_code_with_a_blot_is_read_and_one_without_its_corner_is_not() {
    let bytes = encoder(drawing(32, Mode::Big5)).encode(&qr("RC1:ABC"), PrintJobId(1)).concat();
    let paper = drawn(&bytes);
    let (left, side) = ((384 - 87) / 2 + 12, 63);
    let blotted = |from: (usize, usize), size: usize| {
        let mut blotted = paper.clone();
        for y in from.1..from.1 + size {
            (from.0..from.0 + size).for_each(|x| blotted.blacken(x, y));
        }
        read(&blotted)
    };
    assert_eq!(blotted((left + side - 12, 12 + side - 9), 6), ["RC1:ABC"]);
    assert!(blotted((left, 12), 30).is_empty());
}

/// The bars of a row: how many dots each is wide, white and black in turn.
fn bars(paper: &Bitmap, y: usize) -> Vec<usize> {
    let dots: Vec<bool> = (0..paper.width_dots()).map(|x| paper.is_black(x, y)).collect();
    dots.chunk_by(|one, next| one == next).map(<[bool]>::len).collect()
}

#[test]
fn a_bar_code_begins_and_ends_as_its_standard_says() {
    for encoder in encoders(32) {
        let element = Element::Barcode { text: "1-42".to_owned(), height_dots: 48 };
        let bytes = encoder.encode(&ReceiptDocument::new(vec![element]), PrintJobId(1)).concat();
        let paper = drawn(&bytes);
        assert_eq!(paper.height_dots(), 48 + 6);
        let bars = bars(&paper, 20);
        // Start B, four characters, the check and the stop with its last bar, two dots a module.
        assert_eq!(bars[1..7], [4, 2, 2, 4, 2, 8]);
        assert_eq!(bars[bars.len() - 8..bars.len() - 1], [4, 6, 6, 2, 2, 2, 4]);
        let width: usize = bars[1..bars.len() - 1].iter().sum();
        assert_eq!(width, 2 * (11 * 6 + 13));
        assert_eq!(bars.len(), 6 * 6 + 7 + 2);
    }
}

#[test]
fn what_the_page_is_told_draws_the_very_paper() {
    let mut whole = qr("RC1:ABC");
    whole.elements.push(Element::Barcode { text: "1-42".to_owned(), height_dots: 48 });
    for columns in [32, 48] {
        let encoder = encoder(drawing(columns, Mode::Raster));
        let told = serde_json::to_string(&whole.rows(columns)).unwrap();
        let rows: Vec<Row> = serde_json::from_str(&told).unwrap();
        assert_eq!(encoder.paint(&rows), drawn(&encoder.encode(&whole, PrintJobId(1)).concat()));
    }
}

#[test]
fn the_sample_receipt_gives_both_its_qr_codes_back_on_58_and_80_mm() {
    for columns in [32, 48] {
        for encoder in encoders(columns) {
            let bytes = encoder.encode_parts(&sample::parts(&encoder), PrintJobId(1)).concat();
            let mut codes = read(&drawn(&bytes).enlarged(2));
            codes.sort();
            assert_eq!(codes, [sample::RIGHT_QR, sample::LEFT_QR], "{columns} columns");
        }
    }
}

#[test]
fn a_code_39_is_drawn_bar_by_bar_as_its_standard_says() {
    let code = Code::Code39 { text: "A".to_owned(), height_dots: 10 };
    let symbol = code.symbol(384).unwrap();
    // A star, the letter and a star, each twelve modules, with a gap between two.
    let bars = "100101101101".to_owned() + "0" + "110101001011" + "0" + "100101101101";
    let quiet = "0".repeat(10);
    assert_eq!(symbol.cells, [format!("{quiet}{bars}{quiet}")]);
    assert_eq!((symbol.cell_width_dots, symbol.cell_height_dots), (2, 10));
    let lower = Code::Code39 { text: "a".to_owned(), height_dots: 10 };
    assert!(lower.symbol(384).is_none(), "it has capital letters only");
    let long = Code::Code39 { text: "1".repeat(41), height_dots: 10 };
    assert!(long.symbol(576).is_none());
}
