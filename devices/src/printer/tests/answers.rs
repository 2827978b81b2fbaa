//! What printers say: as real ones were seen to, cut anywhere, and between other things.

use proptest::prelude::*;

use crate::printer::codec::{command, star};
use crate::printer::reply::{PrinterState, Reply, ReplyReader, asked};
use crate::printer::{PrinterFamily, PrinterStatus};

fn read(family: PrinterFamily, bytes: &[u8]) -> Vec<Reply> {
    let mut reader = ReplyReader::new(family);
    bytes.iter().flat_map(|byte| reader.push(*byte)).collect()
}

fn state(status: PrinterStatus, is_drawer_high: bool) -> PrinterState {
    PrinterState { status, is_drawer_high }
}

#[test]
fn four_answers_say_how_a_printer_is() {
    use PrinterStatus::{CoverOpen, Cutter, Error, Offline, Online, PaperLow, PaperOut};
    for (answers, status, is_drawer_high) in [
        ([0x12, 0x12, 0x12, 0x12], Online, false),
        ([0x16, 0x12, 0x12, 0x12], Online, true),
        ([0x12, 0x12, 0x12, 0x1e], PaperLow, false),
        ([0x1a, 0x16, 0x12, 0x12], CoverOpen, false),
        ([0x1a, 0x32, 0x12, 0x7e], PaperOut, false),
        ([0x1a, 0x52, 0x1a, 0x12], Cutter, false),
        ([0x1a, 0x52, 0x32, 0x12], Error, false),
        ([0x1a, 0x12, 0x12, 0x12], Offline, false),
        ([0x1e, 0x16, 0x12, 0x12], CoverOpen, true),
    ] {
        assert_eq!(asked(answers), state(status, is_drawer_high), "{answers:02x?}");
        let replies = answers.map(Reply::Status);
        assert_eq!(read(PrinterFamily::EscPos, &answers), replies);
    }
}

#[test]
fn what_is_told_unasked_is_understood() {
    use PrinterStatus::{CoverOpen, Cutter, Error, Offline, Online, PaperLow, PaperOut};
    for (bytes, status, is_drawer_high) in [
        ([0x10, 0x00, 0x00, 0x00], Online, false),
        ([0x14, 0x00, 0x00, 0x00], Online, true),
        ([0x10, 0x00, 0x03, 0x00], PaperLow, false),
        ([0x38, 0x00, 0x00, 0x00], CoverOpen, false),
        ([0x18, 0x00, 0x0f, 0x00], PaperOut, false),
        ([0x18, 0x08, 0x00, 0x00], Cutter, false),
        ([0x18, 0x20, 0x00, 0x0f], Error, false),
        ([0x1c, 0x00, 0x00, 0x00], Offline, true),
    ] {
        let wanted = Reply::State(state(status, is_drawer_high));
        assert_eq!(read(PrinterFamily::EscPos, &bytes), [wanted], "{bytes:02x?}");
    }
}

#[test]
fn answers_marks_and_what_nobody_asked_for_are_told_apart() {
    let mark = *b"7\"7!";
    let told = [0x10, 0x00, 0x03, 0x00];
    let bytes = [
        &[0x12, 0x37, 0x16, 0x37][..],
        &command::mark_reply(mark),
        &told,
        &[0x32, 0x00],
        // Half of what was told, then an answer.
        &told[..2],
        &[0x12],
    ]
    .concat();
    let expected = [
        Reply::Status(0x12),
        Reply::Status(0x16),
        Reply::Mark(mark),
        Reply::State(state(PrinterStatus::PaperLow, false)),
        Reply::Status(0x32),
        Reply::InTurn,
        Reply::InTurn,
        Reply::Status(0x12),
    ];
    assert_eq!(read(PrinterFamily::EscPos, &bytes), expected);
}

#[test]
fn stars_state_and_its_count_of_print_ends_are_understood() {
    use PrinterStatus::{CoverOpen, Cutter, Error, Offline, Online, PaperLow, PaperOut};
    for (bits, status, is_drawer_high) in [
        ([0x00, 0x00, 0x00, 0x00], Online, false),
        ([0x04, 0x00, 0x00, 0x00], Online, true),
        ([0x00, 0x00, 0x00, 0x04], PaperLow, false),
        ([0x28, 0x00, 0x00, 0x00], CoverOpen, false),
        ([0x08, 0x00, 0x00, 0x0c], PaperOut, false),
        ([0x08, 0x08, 0x00, 0x00], Cutter, false),
        ([0x08, 0x20, 0x00, 0x00], Error, false),
        ([0x08, 0x00, 0x00, 0x00], Offline, false),
    ] {
        let seven = [&[0x0f, 0x06][..], &bits, &[0x00]].concat();
        let nine = [&[0x23, 0x06][..], &bits, &[0x00; 3]].concat();
        let with_mark = [&nine[..], &star::mark_reply(*b"!~", 7)].concat();
        let wanted = Reply::State(state(status, is_drawer_high));
        assert_eq!(read(PrinterFamily::Star, &seven), [wanted]);
        let mark = Reply::Mark([b'!', b'~', 0, 0]);
        assert_eq!(read(PrinterFamily::Star, &with_mark), [wanted, mark]);
    }
}

fn families() -> impl Strategy<Value = PrinterFamily> {
    prop_oneof![Just(PrinterFamily::EscPos), Just(PrinterFamily::Star)]
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_the_next_whole_answer_is_found(
        family in families(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut reader = ReplyReader::new(family);
        for byte in bytes {
            let _ = reader.push(byte);
            prop_assert!(reader.held() < 33, "bounded");
        }
        let (mark, wanted) = match family {
            PrinterFamily::EscPos => (command::mark_reply(*b"!!!!").to_vec(), *b"!!!!"),
            PrinterFamily::Star => (star::mark_reply(*b"!!", 0).to_vec(), [b'!', b'!', 0, 0]),
        };
        // What half a frame takes of the first is left of the second, or of one after.
        let marks = mark.repeat(8);
        let found: Vec<Reply> = marks.iter().flat_map(|byte| reader.push(*byte)).collect();
        prop_assert!(found.contains(&Reply::Mark(wanted)), "{:?}", found);
    }

    #[test]
    fn no_answer_is_lost_between_whole_ones(
        family in families(),
        picks in prop::collection::vec(0..4_usize, 1..40),
    ) {
        let frames: Vec<Vec<u8>> = match family {
            PrinterFamily::EscPos => vec![
                vec![0x12], vec![0x14, 0, 3, 0], command::mark_reply(*b"abcd").to_vec(), vec![0],
            ],
            PrinterFamily::Star => vec![
                vec![0x23, 0x06, 0, 0, 0, 0, 0, 0, 0],
                star::mark_reply([0x1b, 0x1d], 0x1b).to_vec(),
                vec![0x0f, 0x06, 0x28, 0, 0, 0, 0],
                vec![0x23, 0x86, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ],
        };
        let bytes: Vec<u8> = picks.iter().flat_map(|pick| frames[*pick].clone()).collect();
        prop_assert_eq!(read(family, &bytes).len(), picks.len());
    }
}
