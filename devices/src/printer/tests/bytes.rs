use proptest::prelude::*;
use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};

use super::receipt::{COLUMNS, document, fonts, text_encoder};
use crate::printer::codec::{command, is_safe_pair};
use crate::printer::decode::{Decoder, Printed, paper_text, receipts};
use crate::printer::reply::{Reply, ReplyReader};
use crate::printer::{Encoder, Mode, PrintJobId};

fn plain(text: &str) -> ReceiptDocument {
    ReceiptDocument::new(vec![Element::Text {
        text: text.to_owned(),
        align: Align::Left,
        is_bold: false,
        size: TextSize::Normal,
    }])
}

fn decoded(bytes: &[u8]) -> Vec<Printed> {
    Decoder::default().push(bytes)
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
        0x1b, 0x40, 0x1b, 0x74, 0x00, // as after power on, ASCII
        0x1b, 0x70, 0x00, 0x19, 0xfa, // the drawer
        0x1b, 0x61, 0x01, 0x1b, 0x45, 0x01, 0x1d, 0x21, 0x11, // centred, bold, large
        0x1c, 0x26, b'A', 0xa4, 0xa4, 0x1c, 0x2e, 0x0a, // the text
        0x1d, 0x56, 0x42, 0x00, // the knife
        0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, b'"', b'!', b'!', b'!', // the mark of job 1
    ];
    assert_eq!(text_encoder().encode(&document, PrintJobId(1)), expected);
}

#[test]
fn text_comes_back_from_the_bytes_as_it_stands_on_the_screen() {
    let printed = decoded(&text_encoder().encode(&document(), PrintJobId(7)));
    let text = paper_text(&printed, COLUMNS);
    assert!(text.contains("鮮乳 936ml                                   190\n"), "{text}");
    assert!(text.contains("合計 TWD           1,574\n"), "{text}");
    assert!(text.contains("Cr?me br?l?e ??記"), "{text}");
    assert!(text.ends_with("=== cut ===\n"), "{text}");
    assert_eq!(printed.first(), Some(&Printed::DrawerPulse));
    assert_eq!(printed.last(), Some(&Printed::JobMark(command::mark_of(PrintJobId(7)))));
    assert_eq!(receipts(&printed).len(), 1);
}

#[test]
fn only_characters_that_every_printer_has_are_sent_as_text() {
    let text = |text: &str| {
        let bytes = text_encoder().encode(&plain(text), PrintJobId(0));
        paper_text(&decoded(&bytes), COLUMNS)
    };
    assert_eq!(text("一龜"), "一龜\n");
    assert_eq!(text("堃喆裏邨😀é"), "???????????\n");
    assert_eq!(text("（含稅）、９折。"), " (含稅) , 9 折. \n");
}

#[test]
fn a_row_that_the_printer_cannot_write_is_drawn_where_there_is_a_font() {
    let Some(fonts) = fonts() else {
        println!("skipped: no font is installed");
        return;
    };
    let encoder = Encoder::new(COLUMNS, Mode::Text, Some(fonts));
    let printed = decoded(&encoder.encode(&plain("堃記"), PrintJobId(0)));
    assert!(matches!(printed.first(), Some(Printed::Raster(_))), "{printed:?}");
    let printed = decoded(&encoder.encode(&plain("記"), PrintJobId(0)));
    assert!(matches!(printed.first(), Some(Printed::Text { .. })), "{printed:?}");
}

#[test]
fn a_drawn_receipt_is_as_wide_as_the_paper_and_has_no_text() {
    let Some(fonts) = fonts() else {
        println!("skipped: no font is installed");
        return;
    };
    let encoder = Encoder::new(COLUMNS, Mode::Raster, Some(fonts));
    let printed = decoded(&encoder.encode(&document(), PrintJobId(0)));
    let mut height = 0;
    for each in &printed {
        match each {
            Printed::Raster(dots) => {
                assert_eq!(dots.width_dots(), 576);
                assert!(dots.bytes().iter().any(|byte| *byte != 0));
                height += dots.height_dots();
            }
            Printed::Text { .. } | Printed::Unknown(_) => panic!("{each:?}"),
            Printed::Cut | Printed::DrawerPulse | Printed::JobMark(_) => {}
        }
    }
    // Twelve rows and two of double height.
    assert_eq!(height, 12 * 30 + 2 * 54);
}

#[test]
fn without_a_font_a_receipt_is_text() {
    let drawn = Encoder::new(COLUMNS, Mode::Raster, None).encode(&document(), PrintJobId(3));
    assert_eq!(drawn, text_encoder().encode(&document(), PrintJobId(3)));
}

#[test]
fn an_answer_is_found_between_others() {
    let mut reader = ReplyReader::default();
    let mark = *b"7\"7!";
    let bytes = [&[0x12, 0x37, 0x16, 0x37][..], &command::mark_reply(mark), &[0x32]].concat();
    let replies: Vec<Reply> = bytes.iter().filter_map(|byte| reader.push(*byte)).collect();
    let status = [0x12, 0x16, 0x32].map(Reply::Status);
    let mark = Reply::Mark(mark);
    assert_eq!(replies, [status[0], status[1], mark, status[2]]);
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
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic_and_cutting_them_changes_nothing(
        commands in prop::collection::vec(any_command(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = commands.concat();
        let whole = decoded(&bytes);
        let (front, back) = bytes.split_at(cut.index(bytes.len() + 1));
        let mut decoder = Decoder::default();
        let mut parts = decoder.push(front);
        parts.extend(decoder.push(back));
        prop_assert_eq!(whole.clone(), parts);
        let _ = paper_text(&whole, COLUMNS);
    }

    #[test]
    fn nothing_but_ascii_and_safe_big5_is_sent_as_text(text in "\\PC{0,40}") {
        let bytes = text_encoder().encode(&plain(&text), PrintJobId(0));
        let rows = bytes.get(5..bytes.len() - 11).unwrap();
        let mut rest = rows;
        while let [lead, after @ ..] = rest {
            rest = match (lead, after) {
                (0x1c, [0x26 | 0x2e, after @ ..]) => after,
                (0x0a | 0x20..=0x7e, after) => after,
                (lead, [trail, after @ ..]) if is_safe_pair(*lead, *trail) => after,
                _ => return Err(TestCaseError::fail(format!("{rows:02x?}"))),
            };
        }
    }

    #[test]
    fn a_mark_is_four_characters_that_a_printer_takes(id in any::<u64>()) {
        let mark = command::mark_of(PrintJobId(id));
        prop_assert!(mark.iter().all(|byte| (32..=126).contains(byte)));
        let next = command::mark_of(PrintJobId(id.wrapping_add(1)));
        prop_assert_ne!(mark, next);
    }

    #[test]
    fn any_answer_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut reader = ReplyReader::default();
        for byte in bytes {
            let _ = reader.push(byte);
        }
        reader.clear();
        let mark = command::mark_reply(*b"!!!!");
        prop_assert_eq!(
            mark.iter().filter_map(|byte| reader.push(*byte)).last(),
            Some(Reply::Mark(*b"!!!!"))
        );
    }
}
