//! Patterns, rules, contacts and records, each without anything that runs.

use proptest::prelude::*;

use super::*;

fn blink(ms: &[u32], repeat: Option<u32>) -> Pattern {
    Pattern::blink(ms.to_vec(), repeat).unwrap()
}

#[test]
fn a_pattern_is_on_and_off_for_as_long_as_it_says() {
    let forever = blink(&[300, 200], None);
    for (at, expected) in [
        (0, (true, Some(300))),
        (299, (true, Some(1))),
        (300, (false, Some(200))),
        (500, (true, Some(300))),
        (5_000_000, (true, Some(300))),
    ] {
        assert_eq!(forever.at(at), expected, "{at}");
    }
    let twice = blink(&[300, 200], Some(2));
    assert_eq!(twice.at(799), (true, Some(1)));
    assert_eq!(twice.at(1_000), (false, None), "it is over");
    assert_eq!((Pattern::On.at(7), Pattern::Off.at(7)), ((true, None), (false, None)));
}

#[test]
fn patterns_are_written_as_settings_write_them_and_bounded() {
    let patterns = [
        ("\"on\"", Some(Pattern::On)),
        ("\"off\"", Some(Pattern::Off)),
        ("[300,200]", Some(blink(&[300, 200], None))),
        ("{\"ms\":[300,200],\"repeat\":3}", Some(blink(&[300, 200], Some(3)))),
        ("\"dim\"", None),
        ("[]", None),
        ("[300]", None),
        ("[300,0]", None),
        ("[300,70000]", None),
        ("{\"ms\":[300,200],\"repeat\":0}", None),
    ];
    for (text, expected) in patterns {
        let read: Result<Pattern, _> = serde_json::from_str(text);
        assert_eq!(read.as_ref().ok(), expected.as_ref(), "{text}");
        if let Ok(pattern) = read {
            assert_eq!(serde_json::to_string(&pattern).unwrap(), text);
        }
    }
    assert_eq!(Pattern::blink(vec![100; 34], None), Err(PatternError::Steps));
}

fn shown(state: SignalState) -> [Pattern; 4] {
    Rules::default().patterns(state)
}

#[test]
fn green_sells_amber_wants_a_hand_red_is_broken_and_short_stock_blinks() {
    let [on, off] = [Pattern::On, Pattern::Off];
    let state = SignalState { sells: true, ..SignalState::default() };
    assert_eq!(shown(state), [off.clone(), off.clone(), on.clone(), off.clone()]);
    let alert = SignalState { stock_alert: true, ..state };
    let [_, amber, green, _] = shown(alert);
    assert!(matches!(amber, Pattern::Blink { .. }) && green == on);
    let care = SignalState { needs_care: true, ..alert };
    assert_eq!(shown(care)[1], on, "what matters more has the lamp");
    let broken = SignalState { broken: true, sells: false, ..care };
    let [red, amber, green, buzzer] = shown(broken);
    assert_eq!((red, amber, green), (on.clone(), on, off.clone()));
    assert!(matches!(buzzer, Pattern::Blink { repeat: Some(3), .. }));
    assert_eq!(shown(SignalState::default()), [off.clone(), off.clone(), off.clone(), off]);
}

#[test]
fn an_alert_follows_the_pattern_that_was_set_on_the_lamp_that_was_set() {
    let text = r#"
        lines.buzzer = { name = "" }
        lines.red = { name = "GPIO5", is_active_low = true }
        rules.stock_alert = { green = [100, 100] }
    "#;
    let settings: SignalSettings = toml::from_str(text).unwrap();
    settings.check().unwrap();
    assert_eq!(settings.lines.output(Lamp::Buzzer), None);
    assert_eq!(settings.lines.inputs().count(), 3, "the others are as they were");
    let state = SignalState { sells: true, stock_alert: true, ..SignalState::default() };
    let [_, amber, green, _] = settings.rules.patterns(state);
    assert_eq!((amber, green), (Pattern::Off, blink(&[100, 100], None)));
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let with = |text: &str| toml::from_str::<SignalSettings>(text).unwrap().check();
    assert_eq!(with("debounce_ms = 51"), Err(SettingsError::Debounce(51)));
    let twice = with("lines.red = { name = \"GPIO23\" }");
    assert_eq!(twice, Err(SettingsError::Twice("GPIO23".to_owned())));
    let long = with(&format!("lines.red = {{ name = \"{}\" }}", "x".repeat(32)));
    assert!(matches!(long, Err(SettingsError::Name(_))));
    assert_eq!(with("lines.red = { name = \"\" }\nlines.amber = { name = \"\" }"), Ok(()));
}

#[test]
fn a_lamp_that_goes_on_blinking_does_not_begin_again() {
    let mut sequencer = Sequencer::default();
    let all = [Pattern::Off, blink(&[300, 200], None), Pattern::On, Pattern::Off];
    sequencer.set(all.clone(), 1_000);
    sequencer.set(all, 1_350);
    let turn = sequencer.turn(1_350);
    let levels = Levels { green: true, ..Levels::default() };
    assert_eq!(turn, Turn { levels, wake_in_ms: Some(150) });
    assert!(sequencer.turn(1_500).levels.amber);
}

#[test]
fn a_contact_that_shakes_counts_once_and_one_that_only_shook_not_at_all() {
    let mut door = Debouncer::new(30);
    assert_eq!((door.changed(false, 0), door.look(29), door.look(30)), (None, None, Some(false)));
    for at in [100, 103, 106, 109] {
        assert_eq!(door.changed(at % 2 == 0, at), None, "it shakes");
    }
    assert_eq!(door.due_ms(), None, "it is as it was");
    for (at, level) in [(200, true), (203, false), (206, true)] {
        assert_eq!(door.changed(level, at), None);
    }
    assert_eq!(door.due_ms(), Some(236));
    assert_eq!((door.look(235), door.look(236), door.look(300)), (None, Some(true), None));
    assert_eq!(door.changed(false, 400), None);
    assert_eq!(door.changed(true, 500), Some(false), "it was closed in between");
}

#[test]
fn a_record_of_the_kernel_is_read_byte_by_byte() {
    // As an x86-64 or a Raspberry Pi hands it out: line 23 rose, the 7th change, its 3rd.
    let mut record = [0_u8; RECORD_BYTES];
    record[..8].copy_from_slice(&[0x15, 0xcd, 0x5b, 0x07, 0, 0, 0, 0]);
    record[8..12].copy_from_slice(&[1, 0, 0, 0]);
    record[12..16].copy_from_slice(&[23, 0, 0, 0]);
    record[16..20].copy_from_slice(&[7, 0, 0, 0]);
    record[20..24].copy_from_slice(&[3, 0, 0, 0]);
    if cfg!(target_endian = "big") {
        return;
    }
    let event = LineEvent {
        timestamp_ns: 123_456_789,
        edge: Edge::Rising,
        offset: 23,
        sequence: 7,
        line_sequence: 3,
    };
    assert_eq!(LineEvent::read(&record), Some(event));
    assert_eq!(event.record(), record);
    let placed = gpio::placed(&record, 0).unwrap();
    assert_eq!(LineEvent::read(&placed), Some(LineEvent { offset: 0, ..event }));
    record[8] = 3;
    assert_eq!(LineEvent::read(&record), None, "nothing that happens to a line");
}

#[test]
fn a_line_that_is_active_when_low_is_turned() {
    let lines = Lines::default();
    let button = lines.input(Input::Button).unwrap();
    assert!(button.turned(false) && !button.turned(true));
    let door = lines.input(Input::Door).unwrap();
    assert!(door.turned(true) && !door.turned(false));
    let named: Vec<_> = lines.outputs().map(|(_, line)| line.name.clone()).collect();
    assert_eq!(named, ["GPIO17", "GPIO27", "GPIO22", "GPIO18"]);
}

fn event() -> impl Strategy<Value = LineEvent> {
    (any::<u64>(), any::<bool>(), any::<u32>(), any::<u32>(), any::<u32>()).prop_map(
        |(timestamp_ns, rises, offset, sequence, line_sequence)| LineEvent {
            timestamp_ns,
            edge: if rises { Edge::Rising } else { Edge::Falling },
            offset,
            sequence,
            line_sequence,
        },
    )
}

proptest! {
    #[test]
    fn records_are_read_as_they_were_written_however_they_come(
        events in prop::collection::vec(event(), 0..8),
        cut in 1_usize..100,
    ) {
        let bytes: Vec<u8> = events.iter().flat_map(LineEvent::record).collect();
        let mut decoder = EventDecoder::default();
        let read: Vec<_> = bytes.chunks(cut).flat_map(|part| decoder.push(part)).collect();
        prop_assert_eq!(read, events);
    }

    #[test]
    fn any_contact_settles_on_its_last_level_and_never_twice_on_the_same(
        changes in prop::collection::vec((any::<bool>(), 0_u64..60), 1..50),
    ) {
        let mut contact = Debouncer::new(30);
        let (mut now, mut settled) = (0, Vec::new());
        for (level, later) in &changes {
            now += later;
            settled.extend(contact.changed(*level, now));
        }
        settled.extend(contact.look(now + 30));
        prop_assert_eq!(contact.settled(), changes.last().map(|(level, _)| *level));
        prop_assert!(settled.windows(2).all(|two| two[0] != two[1]), "{:?}", settled);
    }

    #[test]
    fn any_pattern_wakes_whoever_plays_it_exactly_when_it_changes(
        ms in prop::collection::vec(20_u32..1_000, 1..5),
        repeat in prop::option::of(1_u32..4),
    ) {
        let steps: Vec<u32> = ms.iter().flat_map(|step| [*step, step + 7]).collect();
        let pattern = Pattern::blink(steps, repeat).unwrap();
        let mut now = 0;
        for _ in 0..40 {
            let (is_on, wake) = pattern.at(now);
            let Some(wake) = wake else { break };
            prop_assert!(wake > 0);
            prop_assert_eq!(pattern.at(now + wake - 1).0, is_on);
            now += wake;
            // The end of the last round is none of a lamp that is off by then.
            let (then, next) = pattern.at(now);
            prop_assert!(then != is_on || (next.is_none() && !then));
        }
    }
}
