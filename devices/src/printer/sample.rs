//! A receipt to try a printer with: Chinese, discounts, and a code of every kind that a receipt in
//! Taiwan bears. What is read back of its codes is known.

use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};

use super::codec::{Code, Encoder, Part};

/// The invoice's period, number and random code, as its bar code has them.
pub const BAR_CODE: &str = "11412AB123456781234";
/// What the left one of the two QR codes reads.
pub const LEFT_QR: &str = "AB12345678114112612340000059A000005DC0000000012345675SAMPLE";
/// What the right one reads.
pub const RIGHT_QR: &str = "**:milk:1:190:tea:2:45";

/// Dots of a module of the two codes: both fit on the narrowest paper.
const PAIR_MODULE_DOTS: u8 = 4;
/// Dots that the bar code is high: 8 mm.
const BAR_HEIGHT_DOTS: u8 = 64;

/// The receipt without its codes.
#[must_use]
pub fn document() -> ReceiptDocument {
    let mut elements = vec![
        title("幸福超市 信義店", TextSize::Double),
        title("臺北市信義區市府路1號", TextSize::Normal),
        Element::Feed { rows: 1 },
        columns("交易序號 1-42", "2026-11-26 10:05", 0),
        Element::Rule,
    ];
    for (goods, amount) in [("鮮乳 936ml", "190"), ("堃記 茶葉蛋", "26"), ("Crème brûlée", "85")]
    {
        elements.push(columns(goods, amount, 0));
    }
    elements.extend([
        columns("第二件六折", "-34", 2),
        columns("折價券", "-20", 2),
        Element::Rule,
        columns("小計 (3)", "247", 0),
        Element::Columns {
            left: "合計 TWD".to_owned(),
            right: "247".to_owned(),
            indent: 0,
            is_bold: true,
            size: TextSize::Double,
        },
        columns("現金", "500", 0),
        columns("找零", "253", 0),
        title("謝謝光臨", TextSize::Normal),
    ]);
    ReceiptDocument::new(elements)
}

/// The whole of it for a printer's paper: the codes below the text, then the knife.
#[must_use]
pub fn parts(encoder: &Encoder) -> Vec<Part> {
    let mut parts = encoder.parts(&document());
    let qr = |text: &str| Code::Qr { text: text.to_owned(), module_dots: PAIR_MODULE_DOTS };
    let bars = Code::Code39 { text: BAR_CODE.to_owned(), height_dots: BAR_HEIGHT_DOTS };
    parts.push(Part::Code(bars));
    parts.push(Part::Pair([qr(LEFT_QR), qr(RIGHT_QR)]));
    parts.extend(encoder.parts(&ReceiptDocument::new(vec![Element::Cut])));
    parts
}

fn title(text: &str, size: TextSize) -> Element {
    Element::Text { text: text.to_owned(), align: Align::Centre, is_bold: true, size }
}

fn columns(left: &str, right: &str, indent: usize) -> Element {
    Element::Columns {
        left: left.to_owned(),
        right: right.to_owned(),
        indent,
        is_bold: false,
        size: TextSize::Normal,
    }
}
