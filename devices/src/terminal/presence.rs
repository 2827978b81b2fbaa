use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::port::{Connect, Port};
use crate::worker::Condition;

/// How often it is looked whether a terminal is there. Rarely: one on the network may take a
/// single connection at a time, and some show each on their display.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The same for one that is not there, which no look can disturb.
const ABSENT_LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a terminal may take to let go of a look's connection, so that the next one is taken.
const LETTING_GO: Duration = Duration::from_secs(1);
/// Between two tries meanwhile.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// Whether a terminal is there, as its port and its last request tell.
pub(super) struct Presence {
    condition: Condition,
    looked: Option<Instant>,
}

impl Default for Presence {
    fn default() -> Self {
        Self { condition: Condition::Starting, looked: None }
    }
}

impl Presence {
    /// Takes what a request found.
    pub(super) fn heard(&mut self, condition: Condition, now: Instant) {
        self.condition = condition;
        self.looked = Some(now);
    }

    /// How it is by now. One that was silent stays so until it answers, or was away in between:
    /// that its port is there says nothing of what hangs on it.
    pub(super) fn look(&mut self, connect: &mut dyn Connect, now: Instant) -> Condition {
        let is_absent = self.condition == Condition::Absent;
        let every = if is_absent { ABSENT_LOOK_EVERY } else { LOOK_EVERY };
        if self.looked.is_none_or(|looked| now.saturating_duration_since(looked) >= every) {
            let condition = match (connect.is_there(), self.condition) {
                (false, _) => Condition::Absent,
                (true, Condition::Silent) => Condition::Silent,
                (true, _) => Condition::Ready,
            };
            self.heard(condition, now);
        }
        self.condition
    }

    /// Opens its port for a request, which no look is to cost.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn connect(&self, connect: &mut dyn Connect) -> io::Result<Box<dyn Port>> {
        loop {
            let connected = connect.connect();
            let is_letting_go = self.condition == Condition::Ready
                && self.looked.is_some_and(|looked| looked.elapsed() < LETTING_GO);
            if connected.is_ok() || !is_letting_go {
                return connected;
            }
            thread::sleep(TRY_EVERY);
        }
    }
}
