use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::contract::{Paper, PrintError, PrintFault};
use super::driver::PrintReply;
use super::link::Link;
use super::profile::{Confirmation, PrinterFamily};
use crate::port::Port;

/// How long a printer at work may take to answer: its answers stand behind what the system holds
/// back for a slow line. Between these, and in between by the job's size.
const BUSY_TIMEOUT_MIN: Duration = Duration::from_secs(2);
const BUSY_TIMEOUT_MAX: Duration = Duration::from_secs(10);
/// Bytes a second that the system's own buffers empty at.
const BUSY_BYTES_PER_S: u64 = 5_000;
/// Bytes a second of the slowest line, 9,600 baud: a job may take so long before its end is missed.
const SLOWEST_BYTES_PER_S: u64 = 960;

/// A job on its way: asked about, sent piece by piece, confirmed.
pub(super) struct Job {
    mark: [u8; 4],
    pieces: VecDeque<Vec<u8>>,
    length: u64,
    stage: Stage,
    /// Whether a byte of it may have left.
    has_left: bool,
    reply: Option<PrintReply>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// The printer is asked how it is: until so many questions were answered.
    Checking { answers: u64 },
    /// Some of it has left, or is about to.
    Sending,
    /// All of it has left.
    Confirming {
        since: Instant,
        /// Questions answered once the printer has said how it was behind the job; where that is
        /// what confirms it.
        answers: Option<u64>,
    },
}

/// What a job has come to.
pub(super) enum Progress {
    /// It goes on.
    UnderWay,
    /// It has just begun to leave.
    Begun,
    /// It is over, and whoever asked was told. Whether it was printed.
    Over { is_done: bool },
}

impl Job {
    /// A job that is sent once so many questions were answered.
    pub(super) fn new(
        mark: [u8; 4],
        pieces: Vec<Vec<u8>>,
        answers: u64,
        reply: PrintReply,
    ) -> Self {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        let stage = Stage::Checking { answers };
        Self { mark, pieces: pieces.into(), length, stage, has_left: false, reply: Some(reply) }
    }

    /// How long the printer may keep silent now.
    pub(super) fn silence_limit(&self) -> Option<Duration> {
        let is_begun = !matches!(self.stage, Stage::Checking { .. });
        let busy = BUSY_TIMEOUT_MIN + Duration::from_secs(self.length / BUSY_BYTES_PER_S);
        is_begun.then(|| busy.min(BUSY_TIMEOUT_MAX))
    }

    /// Whether pieces are left to be sent, so that nothing is waited for.
    pub(super) const fn is_sending(&self) -> bool {
        matches!(self.stage, Stage::Sending)
    }

    /// Goes on as far as it can without waiting.
    ///
    /// # Errors
    /// Where the port is gone; the job is not over then.
    pub(super) fn advance(
        &mut self,
        port: &mut dyn Port,
        link: &mut Link,
        rules: Rules,
    ) -> io::Result<Progress> {
        match self.stage {
            Stage::Checking { answers } if link.answers < answers => {
                link.ask(port)?;
                Ok(Progress::UnderWay)
            }
            Stage::Checking { .. } => {
                if let Some(fault) = link.fault() {
                    return Ok(self.fail(PrintError::untouched(fault)));
                }
                link.forget_confirmations();
                self.stage = Stage::Sending;
                Ok(Progress::Begun)
            }
            Stage::Sending => {
                if let Some(fault) = link.fault() {
                    let (paper, source) = (self.paper(), None);
                    return Ok(self.fail(PrintError { fault, paper, source }));
                }
                if let Some(piece) = self.pieces.pop_front() {
                    self.has_left = true;
                    port.write(&piece)?;
                } else {
                    let at_once = rules.confirmation == Confirmation::AtOnce;
                    let answers = at_once.then(|| link.answers_after_now());
                    self.stage = Stage::Confirming { since: Instant::now(), answers };
                }
                Ok(Progress::UnderWay)
            }
            Stage::Confirming { since, answers } => self.confirm(port, link, rules, since, answers),
        }
    }

    fn confirm(
        &mut self,
        port: &mut dyn Port,
        link: &mut Link,
        rules: Rules,
        since: Instant,
        answers: Option<u64>,
    ) -> io::Result<Progress> {
        if link.is_marked(self.mark) {
            return Ok(self.done());
        }
        if let Some(fault) = link.fault() {
            return Ok(self.fail(PrintError::unknown(fault)));
        }
        let patience = rules.timeout + Duration::from_secs(self.length / SLOWEST_BYTES_PER_S);
        if since.elapsed() > patience {
            return Ok(self.fail(PrintError::unknown(PrintFault::Failed)));
        }
        match answers {
            Some(answers) if link.answers >= answers => return Ok(self.done()),
            Some(_) => link.ask(port)?,
            None if rules.confirmation == Confirmation::InTurn && link.is_turn_over => {
                let answers = Some(link.answers_after_now());
                self.stage = Stage::Confirming { since, answers };
            }
            None => {}
        }
        Ok(Progress::UnderWay)
    }

    /// The port is gone, or the printer silent.
    pub(super) fn lose(mut self, error: Option<&io::Error>) {
        let paper = self.paper();
        let source = error.map(|error| io::Error::new(error.kind(), error.to_string()));
        self.fail(PrintError { fault: PrintFault::Offline, paper, source });
    }

    const fn paper(&self) -> Paper {
        if self.has_left { Paper::Unknown } else { Paper::Untouched }
    }

    fn done(&mut self) -> Progress {
        self.answer(Ok(()));
        Progress::Over { is_done: true }
    }

    fn fail(&mut self, error: PrintError) -> Progress {
        self.answer(Err(error));
        Progress::Over { is_done: false }
    }

    fn answer(&mut self, outcome: Result<(), PrintError>) {
        if let Some(reply) = self.reply.take() {
            reply(outcome);
        }
    }
}

/// How a printer's jobs end.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) confirmation: Confirmation,
    pub(super) timeout: Duration,
}

impl Link {
    /// How many answers there will be once a question has been answered that is asked from now on.
    pub(super) fn answers_after_now(&self) -> u64 {
        self.answers + 1 + u64::from(self.is_asking())
    }

    fn fault(&self) -> Option<PrintFault> {
        self.state.and_then(|state| state.status.fault())
    }

    fn forget_confirmations(&mut self) {
        self.mark = None;
        self.is_turn_over = false;
    }

    fn is_marked(&self, mark: [u8; 4]) -> bool {
        let [a, b, ..] = mark;
        match self.family() {
            PrinterFamily::EscPos => self.mark == Some(mark),
            PrinterFamily::Star => self.mark == Some([a, b, 0, 0]),
        }
    }
}
