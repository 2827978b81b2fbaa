//! Bytes, as the documents of the makers and scales that were listened to have them.

use proptest::prelude::*;

use super::super::confirm::Confirm;
use super::super::protocol::{Frame, FrameDecoder, Said, ScaleProtocol, Shown};
use super::super::{
    Reading, ReadingState, ScaleCommand, ScaleSettings, Trouble, Weight, contract::RAW_BYTES_MAX,
};
use crate::port::PortAddress;

fn grams(grams: i64, is_net: bool) -> Said {
    Said::Weight { milligrams: grams * 1_000, is_net }
}

fn read(protocol: ScaleProtocol, bytes: &[u8]) -> Vec<Said> {
    let mut decoder = FrameDecoder::new(protocol);
    let mut frames = decoder.push(bytes);
    frames.extend(decoder.idle());
    frames.into_iter().map(|frame| frame.said).collect()
}

const NONSENSE: Said = Said::Fault(Trouble::Nonsense);
const FOREIGN: Said = Said::Fault(Trouble::ForeignUnit);
const BAD_CHECK: Said = Said::Fault(Trouble::BadCheck);

#[test]
fn a_toledo_8217_says() {
    for (bytes, said) in [
        (&b"\x02\x30\x30\x2e\x30\x30\x30\x0d"[..], grams(0, false)),
        (b"\x02\x30\x31\x2e\x32\x35\x30\x0d", grams(1_250, false)),
        (b"\x02\x30\x30\x2e\x37\x35\x30\x4e\x0d", grams(750, true)),
        (b"\x02\x3f\x21\x0d", Said::Moving),
        (b"\x02\x3f\x22\x0d", Said::OverCapacity),
        (b"\x02\x3f\x24\x0d", Said::UnderZero),
        (b"\x02\x3f\x28\x0d", Said::Fault(Trouble::Scale)),
        (b"\x02\x3f\x62\x0d", Said::Refused),
        (b"\x02\x3f\xa1\x0d", NONSENSE),
        (b"\x02\x45\x0d", NONSENSE),
        (b"\x02012.50\x0d", FOREIGN),
        (b"\x0201.20\x0d", NONSENSE),
        (b"\x02123456789.000\x0d", NONSENSE),
        // One that was cut off does not take the next with it.
        (b"\x0201.\x0201.250\x0d", NONSENSE),
        // The seventh bit of a line that has parity where none is expected.
        (b"\x02\x30\xb1\x2e\xb2\x35\x30\x8d", NONSENSE),
    ] {
        assert_eq!(read(ScaleProtocol::Toledo8217, bytes).first(), Some(&said), "{bytes:x?}");
    }
}

#[test]
fn an_sma_scale_says() {
    let seen = b"\x0a\x20\x31\x47\x20\x20\x20\x20\x20\x20\x20\x31\x2e\x32\x35\x30\x6b\x67\x5f\x0d";
    assert_eq!(read(ScaleProtocol::Sma, seen), [grams(1_250, false)]);
    for (text, said) in [
        ("\nZ1G       0.000kg_\r", grams(0, false)),
        ("\nZ1G       0.005kg_\r", NONSENSE),
        ("\n 1N       0.750kg_\r", grams(750, true)),
        ("\n 1GM      1.250kg_\r", Said::Moving),
        ("\nO1G  ----------kg_\r", Said::OverCapacity),
        ("\nU1G  ----------kg_\r", Said::UnderZero),
        ("\nE1G  ----------kg_\r", Said::Fault(Trouble::Scale)),
        ("\n 1G  ----------kg_\r", NONSENSE),
        ("\n 1G      -0.250kg_\r", grams(-250, false)),
        ("\n 1G       1.250lb_\r", FOREIGN),
        ("\n 1G        1250g__\r", grams(1_250, false)),
        ("\n 1G      1.250kg_\r", NONSENSE),
        ("\n?\r", Said::Refused),
    ] {
        assert_eq!(read(ScaleProtocol::Sma, text.as_bytes()), [said], "{text:?}");
    }
}

#[test]
fn cas_scales_say() {
    for (bytes, said) in [
        (&b"ST,GS,1\x80,   1.250 kg\r\n"[..], grams(1_250, false)),
        (b"ST,NT,1\x80,   0.750 kg\r\n", grams(750, true)),
        (b"US,GS,1\x80,   1.250 kg\r\n", Said::Moving),
        (b"OL,GS,1\x80,         kg\r\n", Said::OverCapacity),
        (b"ST,GS,1\x80,-  0.250 kg\r\n", grams(-250, false)),
        (b"ST,GS,1\x80,   1.250 lb\r\n", FOREIGN),
        (b"ST,GS,1\x80,   1.2?0 kg\r\n", NONSENSE),
        // Device and lamps may be any bytes, line ends too.
        (b"ST,GS,\r\n,   1.250 kg\r\n", grams(1_250, false)),
    ] {
        assert_eq!(read(ScaleProtocol::CasStream, bytes), [said], "{bytes:x?}");
    }
    for (body, said) in [
        ("S 01.250kg", grams(1_250, false)),
        ("S 001250kg", grams(1_250, false)),
        ("S   1250 g", grams(1_250, false)),
        ("U 01.250kg", Said::Moving),
        ("S-00.250kg", Said::UnderZero),
        ("SF00.000kg", Said::OverCapacity),
        ("S 01.250lb", FOREIGN),
    ] {
        let check = body.bytes().fold(0, |check, byte| check ^ byte);
        let frame = [b"\x01\x02", body.as_bytes(), &[check, 3, 4]].concat();
        let answer = [&[0x06][..], &frame].concat();
        assert_eq!(read(ScaleProtocol::CasEcr, &answer), [Said::Ready, said], "{body}");
        let wrong = [b"\x01\x02", body.as_bytes(), &[check ^ 1, 3, 4]].concat();
        assert_eq!(read(ScaleProtocol::CasEcr, &wrong), [BAD_CHECK], "{body}");
    }
}

#[test]
fn dibal_and_dialog_06_say() {
    let said = read(ScaleProtocol::Dibal, b"9900031600000004\r\n");
    assert_eq!(said, [grams(316, false)]);
    assert_eq!(read(ScaleProtocol::Dibal, b"9900031700000004\r\n"), [BAD_CHECK]);
    assert_eq!(read(ScaleProtocol::Dibal, b"9910000000000001\r\n"), [Said::Fault(Trouble::Scale)]);
    let dialog = |bytes: &[u8]| read(ScaleProtocol::Dialog06, bytes);
    let frame = b"\x0202\x1b3\x1b01250\x1b001000\x1b001250\x03";
    assert_eq!(dialog(frame), [grams(1_250, false)]);
    assert_eq!(dialog(b"\x0202\x1b3\x1b01250\x1b001000\x1b001350\x03"), [BAD_CHECK]);
    assert_eq!(dialog(b"\x06"), [Said::Ready]);
    assert_eq!(dialog(b"\x15"), [Said::Refused]);
    for (reason, said) in [
        ("20", Said::Moving),
        ("21", Said::Unmoved),
        ("30", Said::TooLight),
        ("31", Said::UnderZero),
        ("32", Said::OverCapacity),
        ("11", Said::Fault(Trouble::Scale)),
    ] {
        assert_eq!(dialog(format!("\x0209\x1b{reason}\x03").as_bytes()), [said], "{reason}");
    }
}

#[test]
fn a_usb_scale_says() {
    for (report, said) in [
        ([3, 4, 2, 0, 0xe2, 0x04], grams(1_250, false)),
        ([3, 4, 2, 0xff, 0xe2, 0x04], grams(125, false)),
        ([3, 4, 3, 0xfd, 0xe2, 0x04], grams(1_250, false)),
        ([3, 2, 2, 0, 0, 0], grams(0, false)),
        ([3, 2, 2, 0, 1, 0], NONSENSE),
        ([3, 3, 2, 0, 0xe2, 0x04], Said::Moving),
        ([3, 5, 2, 0, 0, 0], Said::UnderZero),
        ([3, 6, 2, 0, 0, 0], Said::OverCapacity),
        ([3, 1, 2, 0, 0, 0], Said::Fault(Trouble::Scale)),
        ([3, 4, 0x0b, 0xff, 0xe2, 0x04], FOREIGN),
        ([3, 4, 0x0c, 0xfe, 0xe2, 0x04], FOREIGN),
        ([3, 4, 2, 3, 4, 2], NONSENSE),
        ([3, 4, 2, 0x80, 4, 2], NONSENSE),
        ([3, 9, 2, 0, 4, 2], NONSENSE),
    ] {
        assert_eq!(read(ScaleProtocol::UsbHid, &report), [said], "{report:x?}");
    }
}

#[test]
fn what_a_scale_is_sent() {
    use ScaleProtocol::{CasEcr, CasStream, Dialog06, Dibal, Sma, Toledo8217, UsbHid};
    let polls = ScaleProtocol::ALL.map(ScaleProtocol::poll);
    let expected: [&[u8]; 7] = [
        b"W",
        b"\nW\r",
        b"",
        b"\x05",
        b"98000001\r\n",
        b"\x04\x02\x30\x31\x1b\x30\x30\x31\x30\x30\x30\x1b\x03",
        b"",
    ];
    assert_eq!(polls, expected);
    assert_eq!(CasEcr.next(Said::Ready), Some(&b"\x11"[..]));
    assert_eq!(Dialog06.next(Said::Ready), Some(&b"\x04\x05"[..]));
    assert_eq!(Dialog06.next(Said::Refused), Some(&b"\x04\x02\x30\x38\x03"[..]));
    let tare = ScaleCommand::Tare(Some(Weight::from_grams(250)));
    let clear = ScaleCommand::Tare(Some(Weight::ZERO));
    for (protocol, command, bytes) in [
        (Toledo8217, ScaleCommand::Zero, Some(&b"Z"[..])),
        (Toledo8217, ScaleCommand::Tare(None), Some(b"T")),
        (Toledo8217, clear, Some(b"C")),
        (Toledo8217, tare, None),
        (Sma, ScaleCommand::Zero, Some(b"\nZ\r")),
        (Sma, tare, Some(b"\nT     0.250kg_\r")),
        (Sma, ScaleCommand::Tare(Some(Weight::from_milligrams(1))), None),
        (CasStream, ScaleCommand::Zero, Some(b"ZE\r\n")),
        (Dibal, ScaleCommand::Zero, None),
        (UsbHid, ScaleCommand::Zero, None),
    ] {
        assert_eq!(protocol.command(command).as_deref(), bytes, "{protocol:?} {command:?}");
    }
}

#[test]
fn settings_name_protocols_and_their_lines() {
    let names = ScaleProtocol::ALL.map(|protocol| serde_json::to_string(&protocol).unwrap());
    let expected = ["toledo_8217", "sma", "cas_stream", "cas_ecr", "dibal", "dialog_06", "usb_hid"];
    assert_eq!(names, expected.map(|name| format!("\"{name}\"")));
    let line = ScaleProtocol::Toledo8217.usual_line();
    let address: PortAddress = "serial:/dev/scale@9600,7E1".parse().unwrap();
    assert!(matches!(address, PortAddress::Serial { line: named, .. } if named == line));
}

#[test]
fn a_weight_is_sold_to_the_gram_and_never_rounded() {
    let kilograms = |milligrams| Weight::from_milligrams(milligrams).quantity();
    assert_eq!(kilograms(1_250_000).unwrap().thousandths(), 1_250);
    assert!(kilograms(1_250_100).is_err());
    assert!(kilograms(i64::MAX).is_err());
}

fn settings(protocol: ScaleProtocol) -> ScaleSettings {
    ScaleSettings { protocol, min_g: 10, max_g: 15_000 }
}

fn judged(protocol: ScaleProtocol, bytes: &[u8]) -> Vec<Reading> {
    let (mut decoder, mut confirm) =
        (FrameDecoder::new(protocol), Confirm::new(settings(protocol)));
    let frames = decoder.push(bytes);
    frames.into_iter().filter_map(|frame| confirm.judge(frame)).collect()
}

#[test]
fn what_no_check_proves_is_said_twice_before_it_sells() {
    let stable = ReadingState::Stable { weight: Weight::from_grams(1_250), is_net: false };
    for protocol in ScaleProtocol::ALL {
        let frame = protocol.frame(Shown::Weight { grams: 1_250, is_net: false });
        let readings = judged(protocol, &frame.repeat(2));
        let first = if protocol.is_checked() { stable } else { ReadingState::Moving };
        let states: Vec<ReadingState> = readings.iter().map(|reading| reading.state).collect();
        assert_eq!(states, [first, stable], "{protocol:?}");
        assert!(readings.iter().all(|reading| reading.raw == frame), "{protocol:?}");
    }
}

#[test]
fn what_may_not_be_sold_is_not_stable() {
    let state = |grams: i64, is_net: bool| {
        let mut confirm = Confirm::new(settings(ScaleProtocol::Dibal));
        let said = Said::Weight { milligrams: grams * 1_000, is_net };
        confirm.judge(Frame { said, raw: Vec::new() }).unwrap().state.code()
    };
    assert_eq!([0, 9, 10].map(|g| state(g, false)), ["zero", "too_light", "stable"]);
    assert_eq!([15_000, 15_001].map(|g| state(g, true)), ["stable", "over_capacity"]);
    assert_eq!(state(-5, true), "under_zero");
}

#[test]
fn a_scale_that_says_each_weight_once_is_remembered_until_it_moves() {
    let mut confirm = Confirm::new(settings(ScaleProtocol::Dialog06));
    let mut state =
        |said| confirm.judge(Frame { said, raw: vec![1] }).map(|reading| reading.state.code());
    assert_eq!(state(Said::Unmoved), Some("moving"), "what lies there is not known");
    assert_eq!(state(grams(500, false)), Some("stable"));
    assert_eq!(state(Said::Ready), None);
    assert_eq!(state(Said::Unmoved), Some("stable"));
    assert_eq!(state(Said::Moving), Some("moving"));
    assert_eq!(state(Said::Unmoved), Some("moving"));
}

fn any_protocol() -> impl Strategy<Value = ScaleProtocol> {
    prop::sample::select(ScaleProtocol::ALL.to_vec())
}

/// Frames, pieces of frames, what frames are made of, and anything.
fn any_bytes() -> impl Strategy<Value = (ScaleProtocol, Vec<u8>)> {
    let letters = b"\x01\x02\x03\x04\x06\x15\x1b\r\n 0123456789.,-?NSTUGOLkg_z".to_vec();
    any_protocol().prop_flat_map(move |protocol| {
        let frame = (0..20_000_u32, any::<bool>())
            .prop_map(move |(grams, is_net)| protocol.frame(Shown::Weight { grams, is_net }));
        let piece = (frame.clone(), 0..30_usize)
            .prop_map(|(frame, length)| frame[..length.min(frame.len())].to_vec());
        let letters = prop::collection::vec(prop::sample::select(letters.clone()), 0..40);
        let bytes = prop::collection::vec(any::<u8>(), 0..80);
        let parts = prop_oneof![frame, piece, letters, bytes];
        let stream = prop::collection::vec(parts, 0..8).prop_map(|parts| parts.concat());
        (Just(protocol), stream)
    })
}

proptest! {
    #[test]
    fn a_simulated_scale_is_understood(
        protocol in any_protocol(),
        grams in 1..15_000_u32,
        is_net in any::<bool>(),
    ) {
        let says_net = matches!(
            protocol,
            ScaleProtocol::Toledo8217 | ScaleProtocol::Sma | ScaleProtocol::CasStream
        );
        let frame = protocol.frame(Shown::Weight { grams, is_net });
        prop_assert_eq!(
            read(protocol, &frame),
            [self::grams(i64::from(grams), is_net && says_net)]
        );
        let moving = protocol.frame(Shown::Moving { grams });
        let said = read(protocol, &moving);
        prop_assert!(!matches!(said[..], [Said::Weight { .. }]), "{:?}", said);
    }

    #[test]
    fn any_bytes_are_survived_and_cutting_them_changes_nothing(
        (protocol, bytes) in any_bytes(),
        cuts in prop::collection::vec(0..200_usize, 0..6),
    ) {
        let mut whole = FrameDecoder::new(protocol);
        let mut expected = whole.push(&bytes);
        expected.extend(whole.idle());
        let mut decoder = FrameDecoder::new(protocol);
        let mut frames = Vec::new();
        let mut rest = bytes.as_slice();
        for cut in cuts {
            let (piece, left) = rest.split_at(cut.min(rest.len()));
            frames.extend(decoder.push(piece));
            rest = left;
        }
        frames.extend(decoder.push(rest));
        frames.extend(decoder.idle());
        prop_assert!(frames.iter().all(|frame| frame.raw.len() <= RAW_BYTES_MAX));
        prop_assert!(frames.iter().map(|frame| frame.raw.len()).sum::<usize>() <= bytes.len());
        prop_assert_eq!(frames, expected);
        // The next frame is understood, whatever came before the silence.
        let frame = protocol.frame(Shown::Weight { grams: 1_250, is_net: false });
        let said: Vec<Said> = decoder.push(&frame).into_iter().map(|frame| frame.said).collect();
        prop_assert_eq!(said, [grams(1_250, false)]);
    }

    #[test]
    fn one_byte_gone_wrong_never_makes_another_weight(
        protocol in any_protocol(),
        grams in 10..15_000_u32,
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let frame = protocol.frame(Shown::Weight { grams, is_net: false });
        let mut wrong = frame.clone();
        *at.get_mut(&mut wrong) ^= flip;
        let right = ReadingState::Stable { weight: Weight::from_grams(grams), is_net: false };
        for stream in [
            [wrong.as_slice(), &frame, &frame].concat(),
            [frame.as_slice(), &wrong, &frame, &frame].concat(),
        ] {
            for reading in judged(protocol, &stream) {
                let is_stable = matches!(reading.state, ReadingState::Stable { .. });
                prop_assert!(!is_stable || reading.state == right, "{:?}", reading);
            }
        }
    }
}
