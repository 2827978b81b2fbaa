//! Displays: bytes as the makers document them, and screens over pseudo-terminals.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::port::PortAddress;
use crate::simulated::{Fault, Plug, Socket, plug_in};
use crate::worker::{Condition, Tasks, start};

const LIMIT: Duration = Duration::from_secs(20);

fn settings(dialect: DisplayDialect, letters: DisplayLetters) -> DisplaySettings {
    DisplaySettings { dialect, letters, brightness: Brightness::Full }
}

#[test]
fn the_bytes_of_each_dialect() {
    use DisplayDialect::{Cd5220, Epson, LogicControls};
    let lines = [b"TOTAL".to_vec(), b"123".to_vec()];
    let upper = b"TOTAL               ";
    let lower = b"123                 ";
    let expected: [(DisplayDialect, Vec<u8>); 3] = [
        (Cd5220, [b"\x1bQA", &upper[..], b"\r\x1bQB", lower, b"\r"].concat()),
        (Epson, [b"\x1f\x24\x01\x01", &upper[..], b"\x1f\x24\x01\x02", lower].concat()),
        (LogicControls, [b"\x10\x00", &upper[..], b"\x10\x14", lower].concat()),
    ];
    for (dialect, bytes) in expected {
        assert_eq!(dialect.show(&lines), bytes, "{dialect:?}");
    }
    let init: [&[u8]; 3] =
        [b"\x1b\x40\x0c\x1b\x5f\x00", b"\x1b\x40\x1f\x01\x1f\x43\x00", b"\x1f\x11\x14"];
    assert_eq!(DisplayDialect::ALL.map(DisplayDialect::init), init);
    let clear: [&[u8]; 3] = [b"\x0c", b"\x0c", b"\x1f"];
    assert_eq!(DisplayDialect::ALL.map(DisplayDialect::clear), clear);
    for (brightness, step, level) in [
        (Brightness::Quarter, 1, 0x20),
        (Brightness::Half, 2, 0x40),
        (Brightness::ThreeQuarters, 3, 0x60),
        (Brightness::Full, 4, 0xff),
    ] {
        assert_eq!(Cd5220.brightness(brightness), [0x0c, 0x1b, 0x2a, step]);
        assert_eq!(Epson.brightness(brightness), [0x1f, 0x58, step]);
        assert_eq!(LogicControls.brightness(brightness), [0x04, level]);
    }
}

#[test]
fn settings_name_dialects() {
    let settings: DisplaySettings =
        serde_json::from_str(r#"{"dialect":"logic_controls","letters":"big5"}"#).unwrap();
    assert_eq!(settings.brightness, Brightness::Full);
    assert_eq!(settings.dialect, DisplayDialect::LogicControls);
}

#[test]
fn a_line_is_twenty_columns_and_halves_no_character() {
    assert_eq!(fit("123", 5), "123  ");
    assert_eq!(fit("123456", 5), "12345");
    assert_eq!(fit("茶葉蛋", 5), "茶葉 ");
    assert_eq!(fit("a\u{301}\u{7}b", 3), "ab ");
    assert_eq!(fit("茶", 1), " ");
    assert_eq!(fit("", 0), "");
}

#[test]
fn a_display_without_the_letters_shows_the_latin() {
    let line = |text: &str, latin: &str| DisplayLine { text: text.into(), latin: latin.into() };
    let shown = |letters: DisplayLetters, line| letters.decode(&letters.encode(&line));
    let tea = || line("茶葉蛋（大） 13", "TEA EGG 13");
    assert_eq!(shown(DisplayLetters::Big5, tea()), "茶葉蛋 (大)  13     ");
    assert_eq!(shown(DisplayLetters::Ascii, tea()), "TEA EGG 13          ");
    // 堃 is standard Big5, 喆 is not.
    assert_eq!(shown(DisplayLetters::Big5, line("喆 1", "ZHE 1")).trim_end(), "ZHE 1");
    assert_eq!(shown(DisplayLetters::Ascii, line("é", "café 蛋")).trim_end(), "caf? ??");
    let strange = line("\u{1b}@\u{c}ok\r", "");
    assert_eq!(shown(DisplayLetters::Ascii, strange).trim_end(), "@ok");
}

#[test]
fn what_a_display_does_not_know_leaves_what_it_shows() {
    for dialect in DisplayDialect::ALL {
        let mut screen = Screen::new(dialect);
        screen.write(&dialect.init());
        assert!(!screen.has_cursor(), "{dialect:?}");
        screen.write(&dialect.show(&[b"A".to_vec(), b"B".to_vec()]));
        let shown = screen.lines(DisplayLetters::Ascii);
        screen.write(b"\x1b\x00\x00\x07\x1b\x00");
        assert_eq!(screen.lines(DisplayLetters::Ascii), shown, "{dialect:?}");
    }
    // Whole lines once sent, a CD5220 obeys nothing but to be cleared.
    let mut screen = Screen::new(DisplayDialect::Cd5220);
    screen.write(b"\x1bQAhello\r\x1b*\x01x");
    assert_eq!(screen.brightness(), Brightness::Full);
    assert_eq!(screen.lines(DisplayLetters::Ascii)[0].trim_end(), "hello");
    screen.write(b"\x0c\x1b*\x01x");
    assert_eq!(screen.brightness(), Brightness::Quarter);
    assert_eq!(screen.lines(DisplayLetters::Ascii)[0].trim_end(), "x");
}

proptest! {
    #[test]
    fn what_is_sent_is_what_is_shown(
        dialect in prop::sample::select(DisplayDialect::ALL.to_vec()),
        letters in prop::sample::select(vec![DisplayLetters::Ascii, DisplayLetters::Big5]),
        texts in prop::array::uniform2("[ -~茶葉蛋牛奶許功蓋（）、é\u{7}]{0,30}"),
        latin in "[ -~]{0,30}",
        before in prop::collection::vec(any::<u8>(), 0..60),
        brightness in prop::sample::select(Brightness::ALL.to_vec()),
        cut in 0..100_usize,
    ) {
        let lines = texts.map(|text| {
            letters.encode(&DisplayLine { text, latin: latin.clone() })
        });
        prop_assert!(lines.iter().all(|line| line.len() == COLUMNS));
        let mut screen = Screen::new(dialect);
        screen.write(&before);
        // What was begun is ended: a line, or a command of four bytes.
        screen.write(b"\r\0\0\0\0\x0c");
        let sent = [dialect.init(), dialect.brightness(brightness), dialect.show(&lines)];
        let sent = sent.concat();
        let (first, second) = sent.split_at(cut.min(sent.len()));
        screen.write(first);
        screen.write(second);
        let expected = lines.each_ref().map(|line| letters.decode(line));
        prop_assert_eq!(screen.lines(letters), expected.clone());
        prop_assert_eq!(screen.brightness(), brightness);
        // Shown again, nothing else is seen.
        screen.write(&dialect.show(&lines));
        prop_assert_eq!(screen.lines(letters), expected);
    }
}

struct Pole {
    display: SimulatedDisplay,
    plug: Plug,
    tasks: Tasks<DisplayTask>,
    conditions: Receiver<Condition>,
    _directory: tempfile::TempDir,
}

impl Pole {
    fn new(dialect: DisplayDialect) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = Socket::Serial { link: directory.path().join("pole"), baud: Some(9_600) };
        let display = SimulatedDisplay::new(dialect, DisplayLetters::Big5);
        let plug = plug_in(&socket, display.clone()).unwrap();
        let driver = DisplayDriver::new(settings(dialect, DisplayLetters::Big5));
        let (told, conditions) = mpsc::channel();
        let tell = move |condition, _: Option<&std::io::Error>| {
            let _ = told.send(condition);
        };
        let address: PortAddress = plug.address().parse().unwrap();
        let tasks = start("pole", address, driver, tell).unwrap();
        let pole = Self { display, plug, tasks, conditions, _directory: directory };
        pole.hears(Condition::Ready);
        pole
    }

    fn show(&self, upper: &str, lower: &str) {
        let lines = [upper.into(), lower.into()];
        assert!(self.tasks.hand_in(DisplayTask::Show { lines }).is_ok());
    }

    /// How long it took to show this.
    fn shows(&self, upper: &str, lower: &str) -> Duration {
        let began = Instant::now();
        let wanted = [fit(upper, COLUMNS), fit(lower, COLUMNS)];
        while self.display.lines() != wanted {
            assert!(began.elapsed() < LIMIT, "{:?} is shown", self.display.lines());
            thread::yield_now();
        }
        began.elapsed()
    }

    fn hears(&self, wanted: Condition) -> Duration {
        let began = Instant::now();
        while self.conditions.recv_timeout(LIMIT).unwrap() != wanted {}
        began.elapsed()
    }
}

#[test]
fn a_display_comes_back_from_every_fault_with_what_is_to_be_shown() {
    for dialect in DisplayDialect::ALL {
        let pole = Pole::new(dialect);
        pole.show("茶葉蛋 x 2", "26");
        let time = pole.shows("茶葉蛋 x 2", "26");
        println!("{dialect:?}: shown after {time:?}");
        let brightness = DisplayTask::SetBrightness(Brightness::Half);
        assert!(pole.tasks.hand_in(brightness).is_ok());
        for (count, fault) in Fault::ALL.into_iter().enumerate() {
            pole.plug.set_fault(fault);
            let mut told = None;
            if fault == Fault::Unplugged {
                told = Some(pole.hears(Condition::Absent));
            }
            let lower = count.to_string();
            pole.show("牛奶", &lower);
            if fault == Fault::WrongSettings {
                // Nobody is told: it is for whoever reads the display to see.
                let told = pole.conditions.recv_timeout(Duration::from_millis(700));
                assert_eq!(told, Err(mpsc::RecvTimeoutError::Timeout));
                assert_ne!(pole.display.lines()[1], fit(&lower, COLUMNS));
            }
            pole.plug.set_fault(Fault::None);
            let back = pole.shows("牛奶", &lower);
            if fault == Fault::Unplugged {
                pole.hears(Condition::Ready);
            }
            println!("{dialect:?} {fault:?}: told after {told:?}, back after {back:?}");
        }
        pole.display.restart();
        let back = pole.shows("牛奶", "6");
        println!("{dialect:?}: shown again {back:?} after it lost its power");
        let gone = Pole::new(dialect);
        gone.plug.set_fault(Fault::Unplugged);
        gone.hears(Condition::Absent);
        assert!(gone.tasks.hand_in(DisplayTask::SetBrightness(Brightness::Half)).is_ok());
        gone.show("meanwhile", "");
        gone.plug.set_fault(Fault::None);
        gone.shows("meanwhile", "");
        assert_eq!(gone.display.brightness(), Brightness::Half, "{dialect:?}");
    }
}
