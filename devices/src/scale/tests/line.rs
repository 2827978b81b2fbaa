//! Scales over pseudo-terminals.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::super::{
    Reading, ReadingState, ScaleCommand, ScaleDriver, ScaleProtocol, ScaleRefusal, ScaleSettings,
    ScaleTask, SimulatedScale, Trouble, Weight,
};
use crate::port::PortAddress;
use crate::simulated::{Plug, Socket, plug_in};
use crate::worker::{Condition, Tasks, start};

pub const LIMIT: Duration = Duration::from_secs(20);

/// A counter with a scale on it, and what is heard of it.
pub struct Counter {
    pub scale: SimulatedScale,
    pub plug: Plug,
    pub tasks: Tasks<ScaleTask>,
    events: Receiver<Event>,
    pub condition: Condition,
    pub state: ReadingState,
    /// Every weight that could have been sold since the list was taken, in grams.
    pub sold: Vec<i64>,
    _directory: tempfile::TempDir,
}

enum Event {
    Condition(Condition),
    Reading(Reading),
}

impl Counter {
    pub fn new(protocol: ScaleProtocol) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = Socket::Serial { link: directory.path().join("scale"), baud: Some(9_600) };
        let scale = SimulatedScale::new(protocol);
        let plug = plug_in(&socket, scale.clone()).unwrap();
        let (told, events) = mpsc::channel();
        let readings = told.clone();
        let on_reading = move |reading| {
            let _ = readings.send(Event::Reading(reading));
        };
        let settings = ScaleSettings { protocol, min_g: 10, max_g: 15_000 };
        let driver = ScaleDriver::new(settings, Box::new(on_reading));
        let address: PortAddress = plug.address().parse().unwrap();
        let tell = move |condition, _: Option<&std::io::Error>| {
            let _ = told.send(Event::Condition(condition));
        };
        let tasks = start("scale", address, driver, tell).unwrap();
        Self {
            scale,
            plug,
            tasks,
            events,
            condition: Condition::Starting,
            state: ReadingState::Fault(Trouble::Gone),
            sold: Vec::new(),
            _directory: directory,
        }
    }

    /// Takes in what is heard, until this holds. How long it took.
    pub fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> Duration {
        let began = Instant::now();
        while !holds(self) {
            assert!(
                began.elapsed() < LIMIT,
                "{what}: {:?}, {:?} still",
                self.condition,
                self.state
            );
            match self.events.recv_timeout(Duration::from_millis(100)) {
                Ok(Event::Condition(condition)) => self.condition = condition,
                Ok(Event::Reading(reading)) => self.read(reading),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("{what}: the scale's thread ended"),
            }
        }
        began.elapsed()
    }

    fn read(&mut self, reading: Reading) {
        self.state = reading.state;
        if let ReadingState::Stable { weight, .. } = reading.state {
            assert!(!reading.raw.is_empty(), "a weight is kept with its frame");
            self.sold.push(weight.milligrams() / 1_000);
        }
    }

    pub fn shows(&self, grams: u32) -> bool {
        let wanted = Weight::from_grams(grams);
        self.condition == Condition::Ready
            && matches!(self.state, ReadingState::Stable { weight, .. } if weight == wanted)
    }

    pub fn ask(&mut self, command: ScaleCommand) -> Result<(), ScaleRefusal> {
        let (answer, answered) = mpsc::channel();
        let answer = Box::new(move |result| answer.send(result).unwrap());
        assert!(self.tasks.hand_in(ScaleTask { command, answer }).is_ok());
        answered.recv_timeout(LIMIT).unwrap()
    }
}

#[test]
fn every_scale_says_what_lies_on_it() {
    for protocol in ScaleProtocol::ALL {
        let mut counter = Counter::new(protocol);
        let is = |code: &'static str| move |counter: &Counter| counter.state.code() == code;
        let empty = if protocol == ScaleProtocol::Dialog06 { "too_light" } else { "zero" };
        counter.wait("an empty scale", is(empty));
        // Long enough that one which answers only at rest is missed by a poll.
        counter.scale.set_settling(60);
        counter.scale.set_load(1_252);
        counter.wait("what is put down moves", is("moving"));
        let time = counter.wait("and comes to rest", |counter| counter.shows(1_250));
        println!("{protocol:?}: at rest {time:?} after it moved");
        assert_eq!(counter.sold.iter().find(|sold| **sold != 1_250), None, "{protocol:?}");
        counter.scale.set_moving(true);
        counter.wait("a draught", is("moving"));
        counter.scale.set_moving(false);
        // Dibal's states beyond a weight are not documented: it cannot say which.
        let is_dibal = protocol == ScaleProtocol::Dibal;
        counter.scale.set_over_capacity(true);
        counter.wait("over", is(if is_dibal { "scale_fault" } else { "over_capacity" }));
        counter.scale.set_over_capacity(false);
        counter.scale.set_under_zero(true);
        counter.wait("under", is(if is_dibal { "scale_fault" } else { "under_zero" }));
        counter.scale.set_under_zero(false);
        counter.scale.set_load(5);
        counter.wait("less than may be sold", is("too_light"));
    }
}

#[test]
fn a_reading_that_stays_is_told_again_within_a_second() {
    let mut counter = Counter::new(ScaleProtocol::Toledo8217);
    counter.scale.set_load(500);
    counter.wait("at rest", |counter| counter.shows(500));
    for _ in 0..3 {
        let sold = counter.sold.len();
        let time = counter.wait("told again", |counter| counter.sold.len() > sold);
        println!("told again after {time:?}");
        assert!(time < Duration::from_secs(2));
    }
}

#[test]
fn commands_are_carried_out_where_the_protocol_has_them() {
    use ScaleProtocol::{CasStream, Dibal, Sma, Toledo8217};
    for protocol in [Toledo8217, Sma, CasStream] {
        let mut counter = Counter::new(protocol);
        counter.scale.set_load(250);
        counter.wait("a dish", |counter| counter.shows(250));
        assert_eq!(counter.ask(ScaleCommand::Tare(None)), Ok(()), "{protocol:?}");
        counter.wait("nothing but the dish", |counter| counter.state == ReadingState::Zero);
        counter.scale.set_load(750);
        counter.wait("net", |counter| {
            let weight = Weight::from_grams(500);
            counter.state == ReadingState::Stable { weight, is_net: true }
        });
        assert_eq!(counter.ask(ScaleCommand::Zero), Ok(()));
        counter.wait("zero", |counter| counter.state == ReadingState::Zero);
    }
    let mut counter = Counter::new(Sma);
    counter.scale.set_load(250);
    counter.wait("at rest", |counter| counter.shows(250));
    let tare = ScaleCommand::Tare(Some(Weight::from_grams(50)));
    assert_eq!(counter.ask(tare), Ok(()));
    counter.wait("less the tare", |counter| counter.shows(200));
    let mut counter = Counter::new(Dibal);
    counter.wait("there", |counter| counter.condition == Condition::Ready);
    assert_eq!(counter.ask(ScaleCommand::Zero), Err(ScaleRefusal::Unknown));
    counter.plug.set_fault(crate::simulated::Fault::Unplugged);
    counter.wait("gone", |counter| counter.condition == Condition::Absent);
    assert_eq!(counter.ask(ScaleCommand::Zero), Err(ScaleRefusal::Absent));
}
