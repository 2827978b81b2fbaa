//! Codes that a printer draws by itself.

use escpos::printer::Printer;
use escpos::utils::{
    BarcodeFont, BarcodeHeight, BarcodeOption, BarcodePosition, BarcodeWidth, Protocol,
};
use store_core::receipt::{Element, ReceiptDocument};

use super::bytes::{decoded, shown};
use super::receipt::{document, encoder, text};
use crate::printer::codec::Collector;
use crate::printer::decode::{Decoder, Printed};
use crate::printer::{Code, Encoder, Part, PrintJobId, PrinterProfile, PrinterSettings};

fn bytes_of(code: &Code) -> Vec<u8> {
    let bytes = text_encoder().encode_parts(&[Part::Code(code.clone())], PrintJobId(0)).concat();
    // Between what every job begins with, the middle, and the mark.
    bytes[8 + 3..bytes.len() - 11].to_vec()
}

fn text_encoder() -> Encoder {
    encoder(text())
}

#[test]
fn the_bytes_of_a_qr_code_are_these() {
    let code = Code::Qr { text: "AB".to_owned(), module_dots: 4 };
    let expected = b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x04\x1d(k\x03\x001E1\
        \x1d(k\x05\x001P0AB\x1d(k\x03\x001Q0";
    assert_eq!(bytes_of(&code), expected);
}

#[test]
fn the_bytes_of_bar_codes_are_these() {
    let code39 = Code::Code39 { text: "/ABC1234".to_owned(), height_dots: 64 };
    assert_eq!(bytes_of(&code39), b"\x1dw\x02\x1dh\x40\x1dH\x00\x1dk\x45\x08/ABC1234");
    let ean = Code::Ean { digits: "4710000000004".to_owned(), height_dots: 64 };
    assert_eq!(bytes_of(&ean), b"\x1dw\x02\x1dh\x40\x1dH\x00\x1dk\x43\x0d4710000000004");
    let short = Code::Ean { digits: "12345670".to_owned(), height_dots: 64 };
    assert_eq!(bytes_of(&short), b"\x1dw\x02\x1dh\x40\x1dH\x00\x1dk\x44\x0812345670");
    let code128 = Code::Code128 { text: "1-42".to_owned(), height_dots: 48 };
    assert_eq!(bytes_of(&code128), b"\x1dw\x02\x1dh\x30\x1dH\x00\x1dk\x49\x06{B1-42");
    for code in [code39, ean, short, code128] {
        assert_eq!(Decoder::default().push(&bytes_of(&code)), [Printed::Code(code)]);
    }
}

/// The crate writes the older form, which a NUL ends: both print the same.
#[test]
fn both_forms_of_a_bar_code_are_understood_as_the_crate_escpos_writes_them() {
    let option = BarcodeOption::new(
        BarcodeWidth::S,
        BarcodeHeight::XS,
        BarcodeFont::A,
        BarcodePosition::None,
    );
    let collector = Collector::default();
    let mut printer = Printer::new(collector.clone(), Protocol::default(), None);
    printer.code39_option("AB-1", option.clone()).unwrap();
    printer.ean13_option("4710000000004", option).unwrap().print().unwrap();
    let bytes = collector.take();
    assert!(bytes.windows(8).any(|some| some == b"\x1dk\x04AB-1\x00"), "{bytes:02x?}");
    let expected = [
        Code::Code39 { text: "AB-1".to_owned(), height_dots: 51 },
        Code::Ean { digits: "4710000000004".to_owned(), height_dots: 51 },
    ];
    assert_eq!(Decoder::default().push(&bytes), expected.map(Printed::Code));
}

fn with_codes() -> ReceiptDocument {
    let mut document = document();
    let end = document.elements.len() - 1;
    let qr = Element::Qr { text: "RC1:0123456789ABCDEF".repeat(3), module_dots: 4 };
    let bars = Element::Barcode { text: "1-42".to_owned(), height_dots: 48 };
    document.elements.splice(end..end, [qr, bars]);
    // Rows that have to be drawn would hide what is measured.
    document
        .elements
        .retain(|it| !matches!(it, Element::Columns { left, .. } if left.contains('è')));
    document
}

#[test]
fn a_receipt_with_codes_is_a_tenth_where_the_printer_draws_them() {
    let native = decoded(&text_encoder(), &with_codes(), 0);
    assert!(shown(&native).contains("[QR: RC1:"), "{}", shown(&native));
    assert!(shown(&native).contains("[Code 128: 1-42]"), "{}", shown(&native));
    let length = |native_symbols| {
        let settings = PrinterSettings { native_symbols, ..text() };
        encoder(settings).encode(&with_codes(), PrintJobId(0)).concat().len()
    };
    println!("{} bytes with native codes, {} with dots", length(true), length(false));
    assert!(length(true) * 10 < length(false));
}

#[test]
fn a_code_that_cannot_be_is_its_text() {
    let wrong = Code::Ean { digits: "4710000000006".to_owned(), height_dots: 48 };
    let parts = [Part::Code(wrong.clone()), Part::Pair([wrong.clone(), wrong])];
    let bytes = text_encoder().encode_parts(&parts, PrintJobId(0)).concat();
    let paper = shown(&Decoder::default().push(&bytes));
    assert_eq!(paper.matches("4710000000006").count(), 3, "{paper}");
    assert!(text_encoder().paint_parts(&parts).height_dots() >= 3 * 30);
}

#[test]
fn what_a_printer_cannot_draw_as_it_was_meant_is_sent_as_dots() {
    let shown = |code: Code, profile: PrinterProfile| {
        let encoder = encoder(PrinterSettings { profile, ..text() });
        let parts = [Part::Code(code)];
        let bytes = encoder.encode_parts(&parts, PrintJobId(0)).concat();
        shown(&Decoder::default().push(&bytes))
    };
    let narrow = PrinterProfile::named("epson_57").unwrap();
    let basic = PrinterProfile::named("basic_80").unwrap();
    let qr = |text: &str| Code::Qr { text: text.to_owned(), module_dots: 4 };
    let long = Code::Code39 { text: "10411ZZ123456780001".to_owned(), height_dots: 64 };
    for (code, profile) in [
        (qr("AB"), basic),
        (qr("統一發票"), PrinterProfile::default()),
        (Code::Qr { text: "a".repeat(300), module_dots: 8 }, narrow),
        (long.clone(), narrow),
        (long, PrinterProfile::default()),
    ] {
        let paper = shown(code.clone(), profile);
        assert!(paper.contains("dots]"), "{code:?}: {paper}");
    }
}
