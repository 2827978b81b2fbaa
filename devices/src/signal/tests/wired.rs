//! The driver on its thread, with lines that exist in this process alone.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::*;
use crate::worker::{self, Condition, Tasks};

const LIMIT: Duration = Duration::from_secs(20);

struct Wired {
    signal: SimulatedSignal,
    tasks: Tasks<SignalTask>,
    events: Receiver<SignalEvent>,
    conditions: Receiver<Condition>,
}

fn wired(settings: SignalSettings) -> Wired {
    let signal = SimulatedSignal::new(settings.lines.clone());
    let (heard, events) = channel();
    let (told, conditions) = channel();
    let driver = SignalDriver::new(settings, move |event| {
        let _ = heard.send(event);
    });
    let tell = move |condition, _: Option<&std::io::Error>| {
        let _ = told.send(condition);
    };
    let tasks = worker::start("signal", signal.connect(), driver, tell).unwrap();
    Wired { signal, tasks, events, conditions }
}

impl Wired {
    fn next(&self) -> SignalEvent {
        self.events.recv_timeout(LIMIT).unwrap()
    }

    fn set(&self, state: SignalState) {
        self.tasks.hand_in(SignalTask::Set(state)).unwrap();
    }

    fn until(&self, shown: impl Fn(Levels) -> bool) -> Duration {
        let began = Instant::now();
        while !shown(self.signal.levels()) {
            assert!(began.elapsed() < LIMIT, "{:?}", self.signal.levels());
            std::thread::yield_now();
        }
        began.elapsed()
    }

    fn condition(&self, awaited: Condition) {
        while self.conditions.recv_timeout(LIMIT).unwrap() != awaited {}
    }
}

fn all_low() -> SignalSettings {
    let mut settings = SignalSettings::default();
    let lines = &mut settings.lines;
    for line in [&mut lines.red, &mut lines.amber, &mut lines.green, &mut lines.door] {
        line.is_active_low = true;
    }
    settings
}

#[test]
fn lamps_follow_the_store_and_contacts_are_felt_whichever_level_they_are_active_at() {
    for settings in [SignalSettings::default(), all_low()] {
        let wired = wired(settings);
        assert_eq!(wired.next(), SignalEvent::Door { is_open: false }, "how it was found");
        assert_eq!(wired.next(), SignalEvent::Drawer { is_open: false });
        let selling = SignalState { sells: true, ..SignalState::default() };
        wired.set(selling);
        let took = wired.until(|levels| levels == Levels { green: true, ..Levels::default() });
        wired.set(SignalState { sells: false, broken: true, ..selling });
        wired.until(|levels| levels.red && !levels.green && levels.buzzer);
        wired.set(SignalState { stock_alert: true, ..selling });
        for is_on in [true, false, true, false] {
            wired.until(|levels| levels.amber == is_on && levels.green && !levels.red);
        }
        let began = Instant::now();
        wired.signal.open_door(true);
        assert_eq!(wired.next(), SignalEvent::Door { is_open: true });
        let felt = began.elapsed();
        assert!(felt >= Duration::from_millis(29), "it is given time to settle");
        wired.signal.shake(Input::Drawer);
        wired.signal.press_button();
        assert_eq!(wired.next(), SignalEvent::Button, "and nothing of what only shook");
        wired.signal.open_drawer(true);
        assert_eq!(wired.next(), SignalEvent::Drawer { is_open: true });
        println!("shown after {took:?}, felt after {felt:?}");
    }
}

#[test]
fn lines_that_go_and_come_back_show_what_they_are_to_show() {
    let wired = wired(SignalSettings::default());
    wired.condition(Condition::Ready);
    let selling = SignalState { sells: true, ..SignalState::default() };
    wired.set(selling);
    wired.until(|levels| levels.green);
    wired.signal.set_plugged_in(false);
    wired.condition(Condition::Absent);
    assert_eq!(wired.signal.levels(), Levels::default(), "nobody holds them");
    wired.set(SignalState { needs_care: true, ..selling });
    let began = Instant::now();
    wired.signal.set_plugged_in(true);
    wired.until(|levels| levels.green && levels.amber);
    println!("shown again {:?} after they came back", began.elapsed());
    wired.signal.press_button();
    while wired.next() != SignalEvent::Button {}
}
