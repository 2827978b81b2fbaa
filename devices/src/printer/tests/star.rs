//! Star's bytes.

use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};

use super::bytes::{plain, shown};
use super::receipt::{document, encoder, text};
use crate::printer::codec::{Charset, star};
use crate::printer::decode::{Decoder, Printed};
use crate::printer::{
    Code, DrawerPin, Mode, PrintJobId, PrinterFamily, PrinterProfile, PrinterSettings,
};

fn settings(mode: Mode) -> PrinterSettings {
    let profile = PrinterProfile::named("star_80").unwrap();
    PrinterSettings { family: PrinterFamily::Star, profile, mode, ..text() }
}

fn decoded(bytes: &[u8]) -> Vec<Printed> {
    Decoder::new(PrinterFamily::Star, Charset::Big5).push(bytes)
}

#[test]
fn the_bytes_of_a_small_receipt_are_these() {
    let document = ReceiptDocument::new(vec![
        Element::DrawerPulse,
        Element::Text {
            text: "A".to_owned(),
            align: Align::Centre,
            is_bold: true,
            size: TextSize::Double,
        },
        Element::Cut,
    ]);
    let expected: &[u8] = &[
        0x1b, 0x40, 0x1b, 0x1e, 0x61, 0x01, // as after power on, telling of changes
        0x1b, 0x07, 0x14, 0x14, 0x07, // the drawer
        0x1b, 0x1d, 0x61, 0x01, 0x1b, 0x45, 0x1b, 0x69, 0x01, 0x01, // centred, bold, large
        b'A', 0x0a, // the text
        0x1b, 0x64, 0x33, // the knife
        0x1b, 0x1d, 0x03, 0x01, b'"', b'!', // the mark of job 1
    ];
    let bytes = encoder(settings(Mode::Big5)).encode(&document, PrintJobId(1)).concat();
    assert_eq!(bytes, expected);
    assert_eq!(star::drawer_pulse(DrawerPin::Pin5), [0x1a]);
    assert_eq!(star::STATUS, [0x1b, 0x06, 0x01]);
    assert_eq!(star::bold(false), [0x1b, 0x46]);
    assert_eq!(star::size(TextSize::Normal), [0x1b, 0x69, 0x00, 0x00]);
}

#[test]
fn dots_have_stars_own_frame() {
    let document = ReceiptDocument::new(vec![Element::Feed { rows: 1 }]);
    let bytes = encoder(settings(Mode::Raster)).encode(&document, PrintJobId(1)).concat();
    assert_eq!(bytes[6..15], [0x1b, 0x1d, 0x53, 0x01, 72, 0, 30, 0, 0]);
    assert_eq!(bytes.len(), 15 + 72 * 30 + 6);
}

#[test]
fn codes_have_stars_own_commands() {
    let qr = Code::Qr { text: "AB".to_owned(), module_dots: 4 };
    let expected = b"\x1b\x1dyS0\x02\x1b\x1dyS1\x01\x1b\x1dyS2\x04\
        \x1b\x1dyD1\x00\x02\x00AB\x1b\x1dyP\n";
    assert_eq!(star::code(&qr).unwrap(), expected);
    let code = Code::Code39 { text: "AB".to_owned(), height_dots: 48 };
    assert_eq!(star::code(&code).unwrap(), b"\x1bb411\x30AB\x1e");
    let ean = Code::Ean { digits: "4710000000004".to_owned(), height_dots: 48 };
    assert_eq!(star::code(&ean).unwrap(), b"\x1bb311\x304710000000004\x1e");
    for code in [qr, code, ean] {
        let printed = decoded(&star::code(&code).unwrap());
        assert_eq!(printed.first(), Some(&Printed::Code(code)));
    }
}

#[test]
fn a_receipt_comes_back_from_the_bytes() {
    for mode in [Mode::Raster, Mode::Big5] {
        let bytes = encoder(settings(mode)).encode(&document(), PrintJobId(7)).concat();
        let printed = decoded(&bytes);
        assert!(printed.contains(&Printed::Cut));
        assert!(printed.contains(&Printed::DrawerPulse(DrawerPin::Pin2)));
        assert_eq!(printed.last(), Some(&Printed::JobMark([b'(', b'!', 0, 0])));
        assert!(!printed.iter().any(|it| matches!(it, Printed::Unknown(_))), "{printed:?}");
    }
    // Its Chinese is drawn: which letters it has inside is not known.
    let bytes = encoder(settings(Mode::Big5)).encode(&plain("中"), PrintJobId(7)).concat();
    assert_eq!(shown(&decoded(&bytes)), "[576 x 30 dots]\n");
}
