use std::io;
use std::time::{Duration, Instant};

use super::profile::PrinterFamily;
use super::reply::{self, PrinterState, Reply, ReplyReader};
use crate::port::Port;

/// How often a printer is asked how it is, whether or not it tells by itself.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long a printer with nothing to do may take to answer: four bytes on the slowest line, ten
/// times over.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);

/// The conversation with a printer: one reader for all that it says, and one question at a time.
pub(super) struct Link {
    family: PrinterFamily,
    reader: ReplyReader,
    /// The question that waits for its answer, since when, with the answers of ESC/POS so far.
    asked: Option<(Instant, Vec<u8>)>,
    /// When it was last asked.
    looked: Option<Instant>,
    /// What it last said of itself.
    pub(super) state: Option<PrinterState>,
    /// Counts the questions that were answered.
    pub(super) answers: u64,
    /// The mark that came last, and has not been taken.
    pub(super) mark: Option<[u8; 4]>,
    /// Questions in turn that have no answer. Answers do not say which question they are to, but
    /// come in its turn; a port that is closed loses none of those that wait in the printer.
    pub(super) turns_owed: u32,
    /// The longest that a job takes to come out of those that such questions stand behind.
    pub(super) owed_printing: Duration,
    /// When the last such answer came, since that was forgotten.
    pub(super) turn_came: Option<Instant>,
}

impl Link {
    pub(super) const fn new(family: PrinterFamily) -> Self {
        Self {
            family,
            reader: ReplyReader::new(family),
            asked: None,
            looked: None,
            state: None,
            answers: 0,
            mark: None,
            // Nobody knows what a hub asked that was killed.
            turns_owed: 1,
            owed_printing: Duration::ZERO,
            turn_came: None,
        }
    }

    /// Forgets what was said: the port is another.
    pub(super) fn clear(&mut self) {
        let Self { turns_owed, owed_printing, .. } = *self;
        *self = Self { turns_owed, owed_printing, ..Self::new(self.family) };
    }

    /// Whether every question in turn was answered; then nothing is owed to paper either.
    pub(super) const fn has_all_turns(&mut self) -> bool {
        if self.turns_owed == 0 {
            self.owed_printing = Duration::ZERO;
        }
        self.turns_owed == 0
    }

    pub(super) const fn family(&self) -> PrinterFamily {
        self.family
    }

    /// Whether an answer is waited for.
    pub(super) const fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Asks with the next turn.
    pub(super) const fn hurry(&mut self) {
        self.looked = None;
    }

    /// Takes what has come, waiting so long for a first byte.
    pub(super) fn hear(&mut self, port: &mut dyn Port, wait: Duration) -> io::Result<()> {
        let mut buffer = [0; 64];
        let count = port.read(&mut buffer, wait)?;
        for byte in buffer.iter().take(count) {
            for reply in self.reader.push(*byte) {
                self.take(reply);
            }
        }
        Ok(())
    }

    fn take(&mut self, reply: Reply) {
        match reply {
            Reply::Mark(mark) => self.mark = Some(mark),
            Reply::InTurn => {
                self.turns_owed = self.turns_owed.saturating_sub(1);
                self.turn_came = Some(Instant::now());
            }
            Reply::State(state) => {
                self.state = Some(state);
                if self.family == PrinterFamily::Star && self.asked.take().is_some() {
                    self.answers += 1;
                }
            }
            Reply::Status(status) => {
                let Some((_, answers)) = &mut self.asked else { return };
                answers.push(status);
                if let [a, b, c, d] = answers.as_slice() {
                    self.state = Some(reply::asked([*a, *b, *c, *d]));
                    self.answers += 1;
                    self.asked = None;
                }
            }
        }
    }

    /// Asks how it is, unless an answer is waited for.
    pub(super) fn ask(&mut self, port: &mut dyn Port) -> io::Result<()> {
        if self.asked.is_none() {
            let now = Instant::now();
            self.asked = Some((now, Vec::new()));
            self.looked = Some(now);
            port.write(self.family.status())?;
        }
        Ok(())
    }

    /// Asks where it is time to.
    ///
    /// # Errors
    /// Of the kind `TimedOut` where the last question was not answered within the limit.
    pub(super) fn keep_asking(&mut self, port: &mut dyn Port, limit: Duration) -> io::Result<()> {
        match &self.asked {
            Some((since, _)) if since.elapsed() > limit => Err(silent()),
            Some(_) => Ok(()),
            None if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) => {
                self.ask(port)
            }
            None => Ok(()),
        }
    }
}

fn silent() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the printer does not answer")
}
