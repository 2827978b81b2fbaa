use proptest::prelude::*;

use super::super::{
    FRAME_BYTES_MAX, FrameDecoder, Framing, IDLE_GAP, Scan, ScannerSettings, Symbology,
    UNFINISHED_GAP,
};
use super::codes;

fn decoder(framing: Framing) -> FrameDecoder {
    FrameDecoder::new(ScannerSettings { framing, prefix: String::new() })
}

#[test]
fn codes_end_by_suffix_or_by_silence() {
    let mut decoder = FrameDecoder::default();
    assert_eq!(decoder.patience(), None);
    assert!(decoder.push(b"]E0471008").is_empty());
    assert_eq!(decoder.patience(), Some(IDLE_GAP));
    let scans = decoder.push(b"8412584\r\n96385074\r123");
    assert_eq!(codes(&scans), ["4710088412584", "96385074"]);
    assert_eq!(scans[0].symbology, Some(Symbology::Ean13));
    assert_eq!(decoder.silence().map(|scan| scan.code).as_deref(), Some("123"));
    assert_eq!(decoder.silence(), None);
    assert_eq!(codes(&decoder.push(b"noise\x02ABC\x03")), ["ABC"]);
    assert_eq!(codes(&decoder.push(b"/ABC+12\t")), ["/ABC+12"]);
}

#[test]
fn a_code_that_is_too_long_is_dropped_whole_and_the_next_one_read() {
    let mut decoder = FrameDecoder::default();
    let longest = vec![b'1'; FRAME_BYTES_MAX];
    assert_eq!(decoder.push(&[&longest, b"\r".as_slice()].concat()).len(), 1);
    assert!(!decoder.is_unreadable());
    for _ in 0..1000 {
        assert!(decoder.push(&longest).is_empty());
    }
    assert!(decoder.push(b"\r").is_empty());
    assert!(decoder.is_unreadable());
    assert_eq!(codes(&decoder.push(b"4710088412584\r")), ["4710088412584"]);
    assert!(!decoder.is_unreadable());
}

#[test]
fn bytes_that_are_no_text_are_a_code_that_nothing_has() {
    let mut decoder = FrameDecoder::default();
    assert_eq!(codes(&decoder.push(b"47\xff\xfe12\r")), ["47\u{fffd}\u{fffd}12"]);
    assert!(decoder.is_unreadable());
}

#[test]
fn of_a_code_without_its_suffix_nothing_is_left_where_a_suffix_is_agreed() {
    let mut decoder = decoder(Framing::Suffix);
    assert!(decoder.push(b"471008").is_empty());
    assert_eq!(decoder.patience(), Some(UNFINISHED_GAP));
    assert_eq!(decoder.silence(), None);
    assert!(decoder.is_unreadable());
    assert_eq!(decoder.patience(), None);
    assert_eq!(codes(&decoder.push(b"4710088412584\r")), ["4710088412584"]);
}

#[test]
fn between_stx_and_etx_lines_are_the_codes_own_and_outside_is_noise() {
    let mut decoder = decoder(Framing::StxEtx);
    assert_eq!(codes(&decoder.push(b"12\r\x02A\rB\tC\x03\r\n34\r\x02D\x03")), ["A\rB\tC", "D"]);
    assert!(decoder.push(b"\x02half").is_empty());
    assert_eq!(decoder.silence(), None);
    assert!(decoder.is_unreadable());
    assert_eq!(codes(&decoder.push(b"rest\x03\x02E\x03")), ["E"]);
}

#[test]
fn silence_alone_leaves_lines_in_a_code() {
    let mut decoder = decoder(Framing::Silence);
    assert!(decoder.push(b"one\r\ntwo\r\n").is_empty());
    assert_eq!(decoder.silence().map(|scan| scan.code).as_deref(), Some("one\r\ntwo"));
}

#[test]
fn a_prefix_is_taken_off_before_the_identifier() {
    let settings = ScannerSettings { prefix: "~S".to_owned(), ..Default::default() };
    assert!(settings.is_possible());
    let mut decoder = FrameDecoder::new(settings);
    let scans = decoder.push(b"~S]d2010471008841258417261231\r4710088412584\r~S\r");
    assert_eq!(codes(&scans), ["010471008841258417261231", "4710088412584"]);
    assert_eq!(scans[0].symbology, Some(Symbology::Gs1DataMatrix));
    assert_eq!(scans[0].text(), "]d2010471008841258417261231");
    let long = ScannerSettings { prefix: "~".repeat(17), ..Default::default() };
    assert!(!long.is_possible());
}

#[test]
fn the_settings_are_read_as_they_are_written() {
    let text = r#"{"framing":"stx_etx","prefix":"~"}"#;
    let settings: ScannerSettings = serde_json::from_str(text).unwrap();
    assert_eq!(settings.framing, Framing::StxEtx);
    assert_eq!(serde_json::to_string(&settings).unwrap(), text);
    assert_eq!(serde_json::from_str::<ScannerSettings>("{}").unwrap(), ScannerSettings::default());
    assert!(serde_json::from_str::<ScannerSettings>(r#"{"sufix":"\n"}"#).is_err());
}

fn any_framing() -> impl Strategy<Value = Framing> {
    prop::sample::select(vec![
        Framing::SuffixOrSilence,
        Framing::Suffix,
        Framing::Silence,
        Framing::StxEtx,
    ])
}

proptest! {
    #[test]
    fn every_code_comes_through_however_it_is_cut(
        code in "[0-9A-Z/+.-]{1,60}",
        symbology in prop::sample::select(Symbology::ALL.to_vec()),
        framing in any_framing(),
        has_aim_id in any::<bool>(),
        cut in 0_usize..70,
    ) {
        let prefix = "~".to_owned();
        let mut decoder = FrameDecoder::new(ScannerSettings { framing, prefix });
        let aim_id = if has_aim_id { symbology.aim_id() } else { "" };
        let (front, back) = if framing == Framing::StxEtx { ("\x02", "\x03") } else { ("", "\r") };
        let sent = [front, "~", aim_id, &code, back].concat().into_bytes();
        let cut = cut.min(sent.len());
        let mut scans = decoder.push(&sent[..cut]);
        scans.extend(decoder.push(&sent[cut..]));
        if framing == Framing::Silence {
            scans.extend(decoder.silence());
        }
        prop_assert_eq!(scans, [Scan { code, symbology: has_aim_id.then_some(symbology) }]);
    }

    #[test]
    fn any_bytes_are_survived_and_cut_anywhere_give_the_same_codes(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        more in "[\\]A-Zd0-9\r\n\t\x02\x03]{0,200}",
        framing in any_framing(),
        cut in 0_usize..600,
    ) {
        let sent = [bytes, more.into_bytes()].concat();
        let cut = cut.min(sent.len());
        let (mut one, mut two) = (decoder(framing), decoder(framing));
        let whole = one.push(&sent);
        let parts = [two.push(&sent[..cut]), two.push(&sent[cut..])].concat();
        prop_assert_eq!(&whole, &parts);
        prop_assert_eq!(one.silence(), two.silence());
        prop_assert_eq!(one.patience(), None, "after silence nothing is held");
        for scan in whole {
            prop_assert!(!scan.code.is_empty() && scan.code.len() <= 3 * FRAME_BYTES_MAX);
        }
    }
}
