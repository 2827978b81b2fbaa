use proptest::prelude::*;
use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};

use super::receipt::{COLUMNS, document, drawing, encoder, text, text_encoder};
use crate::printer::codec::{Charset, command};
use crate::printer::decode::{Decoder, Printed, paper_text, receipts};
use crate::printer::{
    Bitmap, DrawerPin, Encoder, Mode, PrintJobId, PrinterFamily, PrinterProfile, PrinterSettings,
};

pub fn plain(text: &str) -> ReceiptDocument {
    ReceiptDocument::new(vec![Element::Text {
        text: text.to_owned(),
        align: Align::Left,
        is_bold: false,
        size: TextSize::Normal,
    }])
}

pub fn decoded(encoder: &Encoder, document: &ReceiptDocument, job: u64) -> Vec<Printed> {
    Decoder::default().push(&encoder.encode(document, PrintJobId(job)).concat())
}

pub fn shown(printed: &[Printed]) -> String {
    paper_text(printed, COLUMNS)
}

#[test]
fn the_bytes_of_a_small_receipt_are_these() {
    let document = ReceiptDocument::new(vec![
        Element::DrawerPulse,
        Element::Text {
            text: "A中".to_owned(),
            align: Align::Centre,
            is_bold: true,
            size: TextSize::Double,
        },
        Element::Cut,
    ]);
    let expected: &[u8] = &[
        0x1b, 0x40, 0x1d, 0x61, 0x0f, // as after power on, telling of changes
        0x1b, 0x74, 0x00, // ASCII
        0x1b, 0x70, 0x00, 0x19, 0xfa, // the drawer
        0x1b, 0x61, 0x01, 0x1b, 0x45, 0x01, 0x1d, 0x21, 0x11, // centred, bold, large
        0x1c, 0x26, b'A', 0xa4, 0xa4, 0x1c, 0x2e, 0x0a, // the text
        0x1d, 0x56, 0x42, 0x00, // the knife
        0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, b'"', b'!', b'!', b'!', // the mark of job 1
    ];
    assert_eq!(text_encoder().encode(&document, PrintJobId(1)).concat(), expected);

    let gb18030 = PrinterSettings { mode: Mode::Gb18030, ..text() };
    let bytes = encoder(gb18030).encode(&plain("中"), PrintJobId(1)).concat();
    assert!(bytes.windows(7).any(|some| some == b"\x1c\x26\xd6\xd0\x1c\x2e\x0a"), "{bytes:02x?}");
}

#[test]
fn the_bytes_of_every_order_and_question_are_these() {
    assert_eq!(command::STATUS, *b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04");
    assert_eq!(command::STATUS_IN_TURN, *b"\x1d\x72\x01");
    assert_eq!(command::AUTOMATIC_STATUS_ON, *b"\x1d\x61\x0f");
    assert_eq!(command::drawer_pulse(DrawerPin::Pin5), *b"\x1b\x70\x01\x19\xfa");
    assert_eq!(command::drawer_pulse_at_once(DrawerPin::Pin2), *b"\x10\x14\x01\x00\x01");
    assert_eq!(command::drawer_pulse_at_once(DrawerPin::Pin5), *b"\x10\x14\x01\x01\x01");
    assert_eq!(command::BEEP, *b"\x1bB\x02\x02");
    assert_eq!(command::BEEP_EPSON, *b"\x1b(A\x04\x00\x30\x31\x01\x0a");
    let align = [Align::Left, Align::Centre, Align::Right].map(command::align);
    assert_eq!(align, [*b"\x1ba\x00", *b"\x1ba\x01", *b"\x1ba\x02"]);
    assert_eq!(command::size(TextSize::Normal), *b"\x1d\x21\x00");
    assert_eq!(command::bold(false), *b"\x1bE\x00");
}

#[test]
fn dots_are_sent_in_bands_with_their_size() {
    let logo = Bitmap::from_bytes(2, &[0xaa; 2 * 50]);
    let settings =
        PrinterSettings { logo: Some(std::sync::Arc::new(logo)), ..drawing(16, Mode::Raster) };
    let document = ReceiptDocument::new(vec![Element::Feed { rows: 1 }]);
    let bytes = encoder(settings).encode(&document, PrintJobId(0)).concat();
    let head = [0x1b, 0x40, 0x1d, 0x61, 0x0f, 0x1d, 0x76, 0x30, 0x00, 24, 0, 48, 0];
    assert_eq!(bytes[..13], head);
    let row = [&[0; 11][..], &[0xaa; 2], &[0; 11]].concat();
    assert_eq!(bytes[13..13 + 24], row, "the logo stands in the middle");
    let next = 13 + 24 * 48;
    assert_eq!(bytes[next..next + 8], [0x1d, 0x76, 0x30, 0x00, 24, 0, 32, 0]);
    assert_eq!(bytes.len(), next + 8 + 24 * 32 + 11);
}

#[test]
fn a_printer_without_a_knife_feeds_its_paper_out() {
    let profile = PrinterProfile::named("generic_58").unwrap();
    let bytes = encoder(PrinterSettings { profile, ..text() })
        .encode(&ReceiptDocument::new(vec![Element::Cut]), PrintJobId(0))
        .concat();
    assert_eq!(bytes, b"\x1b@\x1bt\x00\n\n\n\n\n\x1dr\x01");
}

#[test]
fn text_comes_back_from_the_bytes_as_it_stands_on_the_screen() {
    let printed = decoded(&text_encoder(), &document(), 7);
    let text = shown(&printed);
    assert!(text.contains("鮮乳 936ml                                   190\n"), "{text}");
    assert!(text.contains("合計 TWD           1,574\n"), "{text}");
    assert!(text.ends_with("=== cut ===\n"), "{text}");
    assert_eq!(printed.last(), Some(&Printed::JobMark(command::mark_of(PrintJobId(7)))));
    assert!(printed.contains(&Printed::DrawerPulse(DrawerPin::Pin2)));
    assert_eq!(receipts(&printed).len(), 1);
}

#[test]
fn only_characters_that_every_printer_has_are_sent_as_text_and_the_others_are_drawn() {
    let rows = |mode, text: &str| {
        let settings = PrinterSettings { mode, ..text_settings() };
        let encoder = encoder(settings.clone());
        let charset = mode.charset(&settings.profile).unwrap_or_default();
        let bytes = encoder.encode(&plain(text), PrintJobId(0)).concat();
        shown(&Decoder::new(settings.family, charset).push(&bytes))
    };
    assert_eq!(rows(Mode::Big5, "一龜"), "一龜\n");
    assert_eq!(rows(Mode::Big5, "（含稅）、９折。"), " (含稅) , 9 折. \n");
    assert_eq!(rows(Mode::Gb18030, "（含税）、９折。"), "（含税）、９折。\n");
    for strange in ["堃", "喆", "裏", "邨", "😀", "é"] {
        assert_eq!(rows(Mode::Big5, strange), "[576 x 30 dots]\n", "{strange}");
    }
    for strange in ["稅", "鎔", "€", "·", "😀"] {
        assert_eq!(rows(Mode::Gb18030, strange), "[576 x 30 dots]\n", "{strange}");
    }
}

fn text_settings() -> PrinterSettings {
    text()
}

#[test]
fn a_printer_without_chinese_gets_chinese_drawn() {
    let profile = PrinterProfile { has_big5: false, ..PrinterProfile::default() };
    let encoder = encoder(PrinterSettings { profile, ..text() });
    assert_eq!(shown(&decoded(&encoder, &plain("記"), 0)), "[576 x 30 dots]\n");
    assert_eq!(shown(&decoded(&encoder, &plain("No. 1-42"), 0)), "No. 1-42\n");
}

#[test]
fn a_drawn_receipt_is_as_wide_as_the_paper_and_has_no_text_with_or_without_a_font() {
    for fonts in [None, Some(super::receipt::fonts())] {
        let encoder = Encoder::new(PrinterSettings::default(), fonts);
        let mut height = 0;
        for each in decoded(&encoder, &document(), 0) {
            match each {
                Printed::Raster(dots) => {
                    assert_eq!(dots.width_dots(), 576);
                    assert!(dots.bytes().iter().any(|byte| *byte != 0));
                    height += dots.height_dots();
                }
                Printed::Text { .. } | Printed::Unknown(_) => panic!("{each:?}"),
                _ => {}
            }
        }
        // Twelve rows and two of double height.
        assert_eq!(height, 12 * 30 + 2 * 54);
    }
}

#[test]
fn the_font_that_is_built_in_draws_its_letters_in_their_cells() {
    let encoder = Encoder::new(PrinterSettings::default(), None);
    let drawn = |text: &str| encoder.paint(&plain(text).rows(COLUMNS));
    let one = drawn("1");
    let black: Vec<(usize, usize)> = (0..30)
        .flat_map(|y| (0..576).map(move |x| (x, y)))
        .filter(|(x, y)| one.is_black(*x, *y))
        .collect();
    assert!(black.iter().all(|(x, y)| *x < 12 && *y < 24), "{black:?}");
    assert!(black.len() > 20, "it is there");
    assert_ne!(drawn("一"), drawn("二"));
    assert_ne!(drawn("堃"), drawn("\u{20000}"), "not a box");
}

fn any_command() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        prop::sample::select(vec![0x1b_u8, 0x1c, 0x1d, 0x10])
            .prop_flat_map(|first| (Just(first), prop::collection::vec(0_u8..0x80, 0..10)))
            .prop_map(|(first, rest)| [vec![first], rest].concat()),
        Just(b"\x1dv0\x00\xff\xff\xff\xff".to_vec()),
        Just(b"\x1dv0\x00\x00\x00\x05\x00".to_vec()),
        Just(command::CHINESE_ON.to_vec()),
        Just(b"\x1dv0\x00\x02\x00\x03\x00ABCDEF".to_vec()),
        Just(command::job_mark(*b"!!!!").to_vec()),
        Just(b"\x1b\x1dS\x01\x02\x00\x02\x00\x00ABCD".to_vec()),
        Just(b"\x1b\x1dyD1\x00\x03\x00abc\x1b\x1dyP".to_vec()),
        Just(b"\x1b\x62\x34\x31\x31\x30A\x1e\x1dk\x04A\x00".to_vec()),
        Just(b"\x1d(k\x06\x00\x31\x50\x30abc\x1d(k\x03\x00\x31\x51\x30".to_vec()),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic_and_cutting_them_changes_nothing(
        commands in prop::collection::vec(any_command(), 0..40),
        cut in any::<prop::sample::Index>(),
        is_star in any::<bool>(),
    ) {
        let bytes = commands.concat();
        let family = if is_star { PrinterFamily::Star } else { PrinterFamily::EscPos };
        let decoder = || Decoder::new(family, Charset::Big5);
        let whole = decoder().push(&bytes);
        let (front, back) = bytes.split_at(cut.index(bytes.len() + 1));
        let mut in_parts = decoder();
        let mut parts = in_parts.push(front);
        parts.extend(in_parts.push(back));
        prop_assert_eq!(whole.clone(), parts);
        let _ = paper_text(&whole, COLUMNS);
    }

    #[test]
    fn nothing_but_ascii_and_safe_pairs_is_sent_as_text(
        text in "\\PC{0,40}",
        is_big5 in any::<bool>(),
    ) {
        let (mode, charset) =
            if is_big5 { (Mode::Big5, Charset::Big5) } else { (Mode::Gb18030, Charset::Gb18030) };
        let encoder = encoder(PrinterSettings { mode, ..text_settings() });
        let bytes = encoder.encode(&plain(&text), PrintJobId(0)).concat();
        let rows = bytes.get(8..bytes.len() - 11).unwrap();
        let mut rest = rows;
        while let [lead, after @ ..] = rest {
            rest = match (lead, after) {
                (0x1d, [0x76, 0x30, 0, w, 0, h, 0, dots @ ..]) => {
                    &dots[usize::from(*w) * usize::from(*h)..]
                }
                (0x1c, [0x26 | 0x2e, after @ ..]) => after,
                (0x0a | 0x20..=0x7e, after) => after,
                (lead, [trail, after @ ..]) if charset.is_safe_pair(*lead, *trail) => after,
                _ => return Err(TestCaseError::fail(format!("{rows:02x?}"))),
            };
        }
    }

    #[test]
    fn no_dots_of_ours_are_a_question(dots in prop::collection::vec(
        prop::sample::select(vec![0x10_u8, 0x04, 0x05, 0x14, 0x01, 0x00, 0xff]), 0..400,
    )) {
        let calm = Bitmap::from_bytes(2, &dots).calmed();
        let is_question = |two: &[u8]| matches!(two, [0x10, 0x04 | 0x05 | 0x14]);
        prop_assert!(!calm.bytes().windows(2).any(is_question));
        prop_assert_eq!(calm.clone().calmed(), calm);
    }

    #[test]
    fn a_mark_is_four_characters_that_a_printer_takes(id in any::<u64>()) {
        let mark = command::mark_of(PrintJobId(id));
        prop_assert!(mark.iter().all(|byte| (32..=126).contains(byte)));
        let next = command::mark_of(PrintJobId(id.wrapping_add(1)));
        prop_assert_ne!(mark, next);
    }
}
