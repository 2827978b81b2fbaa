use proptest::prelude::*;

use super::serial::{FRAME_BYTES_MAX, FrameDecoder};
use super::wedge::{
    CODE_KEYS_MAX, CODE_KEYS_MIN, Decoded, KEY_GAP_MS_MAX, Key, KeyEvent, SimulatedWedgeScanner,
    WedgeDecoder, WedgeScanner, WedgeSettings,
};
use super::{BarcodeScanner as _, Scan, Symbology};

fn scanned(code: &str, symbology: Option<Symbology>) -> Decoded {
    Decoded::Scan(Scan { code: code.to_owned(), symbology })
}

fn decoded(settings: &WedgeSettings, keys: &[KeyEvent]) -> Vec<Decoded> {
    let mut decoder = WedgeDecoder::new(settings.clone());
    let mut decoded: Vec<Decoded> = keys.iter().flat_map(|key| decoder.push(*key)).collect();
    decoded.extend(decoder.idle());
    decoded
}

#[test]
fn a_scan_in_the_middle_of_typing_is_told_apart() {
    let typed = |text: &str| -> Vec<KeyEvent> {
        text.chars().map(|c| KeyEvent { key: Key::Character(c), gap_ms: 120 }).collect()
    };
    let scanner = SimulatedWedgeScanner::default();
    let keys = [typed("12"), scanner.keys("4710088412584", Symbology::Ean13), typed("3")].concat();
    let decoded = decoded(&scanner.settings, &keys);
    let typed = |c| Decoded::Typed(vec![Key::Character(c)]);
    let scan = scanned("4710088412584", None);
    assert_eq!(decoded, [typed('1'), typed('2'), scan, typed('3')]);
}

#[test]
fn the_gap_decides_at_its_limit() {
    for (gap_ms, is_scan) in [(KEY_GAP_MS_MAX - 1, true), (KEY_GAP_MS_MAX, false)] {
        let scanner = SimulatedWedgeScanner { key_gap_ms: gap_ms, ..Default::default() };
        let keys = scanner.keys("4710088412584", Symbology::Ean13);
        let decoded = decoded(&scanner.settings, &keys);
        assert_eq!(decoded.contains(&scanned("4710088412584", None)), is_scan, "{gap_ms} ms");
    }
}

#[test]
fn five_fast_keys_are_typing_and_six_are_a_code() {
    let scanner = SimulatedWedgeScanner::default();
    let of = |code| decoded(&scanner.settings, &scanner.keys(code, Symbology::Code39));
    assert!(matches!(of("12345").as_slice(), [Decoded::Typed(keys)] if keys.len() == 6));
    assert_eq!(of("123456"), [scanned("123456", None)]);
}

#[test]
fn a_wedge_is_a_scanner() {
    let wedge = SimulatedWedgeScanner { sends_aim_id: true, ..Default::default() };
    let keys = [
        wedge.keys("/ABC123", Symbology::Code39),
        vec![KeyEvent { key: Key::Enter, gap_ms: 900 }],
        wedge.keys("96385074", Symbology::Ean8),
    ];
    let mut scanner = WedgeScanner::new(keys.concat().into_iter(), wedge.settings);
    let mut next = || scanner.next_scan().unwrap().map(|scan| (scan.code, scan.symbology));
    assert_eq!(next(), Some(("/ABC123".to_owned(), Some(Symbology::Code39))));
    assert_eq!(next(), Some(("96385074".to_owned(), Some(Symbology::Ean8))));
    assert_eq!(next(), None);
}

#[test]
fn serial_codes_end_by_suffix_or_by_silence() {
    let mut decoder = FrameDecoder::default();
    let codes = |scans: Vec<Scan>| scans.into_iter().map(|scan| scan.code).collect::<Vec<_>>();
    assert!(codes(decoder.push(b"]E0471008")).is_empty());
    assert_eq!(codes(decoder.push(b"8412584\r\n96385074\r123")), ["4710088412584", "96385074"]);
    assert_eq!(decoder.idle().map(|scan| scan.code).as_deref(), Some("123"));
    assert_eq!(decoder.idle(), None);
    assert_eq!(codes(decoder.push(b"noise\x02ABC\x03")), ["ABC"]);
    let overlong = vec![b'1'; FRAME_BYTES_MAX + 1];
    assert!(codes(decoder.push(&overlong)).is_empty());
    assert_eq!(codes(decoder.push(b"\r4710088412584\r")), ["4710088412584"]);
}

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        8 => any::<char>().prop_map(Key::Character),
        8 => prop::char::range('0', '9').prop_map(Key::Character),
        2 => Just(Key::Enter),
        1 => Just(Key::Tab),
    ]
}

fn any_symbology() -> impl Strategy<Value = Symbology> {
    prop::sample::select(vec![
        Symbology::Ean13,
        Symbology::Ean8,
        Symbology::Code39,
        Symbology::Code128,
        Symbology::Gs1Code128,
        Symbology::DataBar,
        Symbology::Qr,
    ])
}

fn any_settings() -> impl Strategy<Value = WedgeSettings> {
    ("[~#]{0,2}", prop::sample::select(vec![Key::Enter, Key::Tab]))
        .prop_map(|(prefix, suffix)| WedgeSettings { prefix, suffix })
}

proptest! {
    #[test]
    fn every_code_comes_through(
        code in "[0-9A-Z/+.-]{6,60}",
        symbology in any_symbology(),
        settings in any_settings(),
        key_gap_ms in 0..KEY_GAP_MS_MAX,
        sends_aim_id in any::<bool>(),
    ) {
        let scanner = SimulatedWedgeScanner { settings, key_gap_ms, sends_aim_id };
        let keys = scanner.keys(&code, symbology);
        let expected = scanned(&code, sends_aim_id.then_some(symbology));
        prop_assert_eq!(decoded(&scanner.settings, &keys), [expected]);
    }

    #[test]
    fn slow_typing_is_never_a_code(
        keys in prop::collection::vec((any_key(), KEY_GAP_MS_MAX..10_000), 0..80),
    ) {
        let events: Vec<KeyEvent> =
            keys.iter().map(|(key, gap_ms)| KeyEvent { key: *key, gap_ms: *gap_ms }).collect();
        let mut typed = Vec::new();
        for each in decoded(&WedgeSettings::default(), &events) {
            match each {
                Decoded::Typed(keys) => typed.extend(keys),
                Decoded::Scan(scan) => prop_assert!(false, "{:?}", scan),
            }
        }
        prop_assert_eq!(typed, keys.iter().map(|(key, _)| *key).collect::<Vec<_>>());
    }

    #[test]
    fn no_key_is_lost_or_doubled(
        keys in prop::collection::vec((any_key(), 0_u32..60), 0..300),
    ) {
        let events: Vec<KeyEvent> =
            keys.iter().map(|(key, gap_ms)| KeyEvent { key: *key, gap_ms: *gap_ms }).collect();
        let mut out = 0;
        for each in decoded(&WedgeSettings::default(), &events) {
            out += match each {
                Decoded::Typed(keys) => keys.len(),
                Decoded::Scan(scan) => {
                    let aim_keys = if scan.symbology.is_some() { 3 } else { 0 };
                    let keys = scan.code.chars().count() + aim_keys;
                    prop_assert!((CODE_KEYS_MIN..=CODE_KEYS_MAX).contains(&keys));
                    keys + 1
                }
            };
        }
        prop_assert_eq!(out, events.len());
    }

    #[test]
    fn any_bytes_at_a_serial_port_are_survived(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..10),
    ) {
        let mut decoder = FrameDecoder::default();
        for chunk in &chunks {
            for scan in decoder.push(chunk) {
                prop_assert!(!scan.code.is_empty());
            }
        }
    }
}
