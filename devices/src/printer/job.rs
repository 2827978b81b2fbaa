use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::codec::command;
use super::contract::{Paper, PrintError, PrintFault};
use super::driver::PrintReply;
use super::link::Link;
use super::profile::{Confirmation, PrinterFamily};
use super::settings::PrinterSettings;
use crate::port::Port;

/// How long a printer at work may take to answer: its answers stand behind what the system holds
/// back for a slow line. Between these, and in between by the job's size.
const BUSY_TIMEOUT_MIN: Duration = Duration::from_secs(2);
const BUSY_TIMEOUT_MAX: Duration = Duration::from_secs(10);
/// Bytes a second that the system's own buffers empty at.
const BUSY_BYTES_PER_S: u64 = 5_000;
/// How long a row takes to get onto paper, at the 50 mm a second of the slowest printers.
const ROW_TIME: Duration = Duration::from_millis(100);
/// How long a printer that is well is silent once it has answered all that it will: a part of a
/// receipt takes less.
const SETTLED: Duration = Duration::from_secs(1);

/// A job on its way: asked about, sent piece by piece, confirmed.
pub(super) struct Job {
    mark: [u8; 4],
    /// As many bytes of nothing as complete any command, for a printer that may be in the middle
    /// of one.
    padding: Option<Vec<u8>>,
    pieces: VecDeque<Vec<u8>>,
    length: u64,
    rules: Rules,
    stage: Stage,
    /// Whether a byte of it may have left.
    has_left: bool,
    reply: Option<PrintReply>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// The printer is asked how it is: until so many questions were answered.
    Checking { answers: u64 },
    /// Answers to earlier questions in turn may still come, so that nobody could tell which is to
    /// this job's: the printer is asked once more, until it has said all that it has to say.
    Settling { since: Instant },
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
        padding: Option<Vec<u8>>,
        pieces: Vec<Vec<u8>>,
        rules: Rules,
        answers: u64,
        reply: PrintReply,
    ) -> Self {
        let length = padding.iter().chain(&pieces).map(|piece| piece.len() as u64).sum();
        let stage = Stage::Checking { answers };
        let (pieces, reply) = (pieces.into(), Some(reply));
        Self { mark, padding, pieces, length, rules, stage, has_left: false, reply }
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
    pub(super) fn advance(&mut self, port: &mut dyn Port, link: &mut Link) -> io::Result<Progress> {
        match self.stage {
            Stage::Checking { answers } if link.answers < answers => {
                link.ask(port)?;
                Ok(Progress::UnderWay)
            }
            Stage::Checking { .. } | Stage::Settling { .. } => {
                if let Some(fault) = link.fault() {
                    return Ok(self.fail(PrintError::untouched(fault)));
                }
                if !self.is_settled(port, link)? {
                    return Ok(Progress::UnderWay);
                }
                link.mark = None;
                self.stage = Stage::Sending;
                self.padding.take().into_iter().for_each(|nothing| self.pieces.push_front(nothing));
                Ok(Progress::Begun)
            }
            Stage::Sending => {
                if let Some(fault) = link.fault() {
                    let (paper, source) = (self.paper(), None);
                    return Ok(self.fail(PrintError { fault, paper, source }));
                }
                if let Some(piece) = self.pieces.pop_front() {
                    self.has_left = true;
                    if self.pieces.is_empty() && self.is_confirmed_in_turn() {
                        link.turns_owed = link.turns_owed.saturating_add(1);
                        link.owed_printing = link.owed_printing.max(self.rules.printing);
                    }
                    port.write(&piece)?;
                } else {
                    let at_once = self.rules.confirmation == Confirmation::AtOnce;
                    let answers = at_once.then(|| link.answers_after_now());
                    self.stage = Stage::Confirming { since: Instant::now(), answers };
                }
                Ok(Progress::UnderWay)
            }
            Stage::Confirming { since, answers } => self.confirm(port, link, since, answers),
        }
    }

    fn is_confirmed_in_turn(&self) -> bool {
        self.rules.confirmation == Confirmation::InTurn
    }

    /// Whether the next answer to a question in turn is to this job's own. Where that cannot be
    /// found out the job is sent all the same, and is done only once every answer has come.
    fn is_settled(&mut self, port: &mut dyn Port, link: &mut Link) -> io::Result<bool> {
        if !self.is_confirmed_in_turn() {
            return Ok(true);
        }
        if link.has_all_turns() {
            return Ok(true);
        }
        let Stage::Settling { since } = self.stage else {
            self.stage = Stage::Settling { since: Instant::now() };
            link.turn_came = None;
            link.turns_owed = link.turns_owed.saturating_add(1);
            // What would complete half a command goes before the question. It prints nothing.
            if let Some(nothing) = self.padding.take() {
                port.write(&nothing)?;
            }
            port.write(&command::STATUS_IN_TURN)?;
            return Ok(false);
        };
        match link.turn_came {
            // Between two answers a job may have to get onto paper. After that it has come to the
            // last question: what is owed still was lost.
            Some(came) if came.elapsed() > self.rules.settled + link.owed_printing => {
                link.turns_owed = 0;
            }
            None if since.elapsed() > self.rules.patience => return Ok(true),
            _ => {}
        }
        Ok(link.has_all_turns())
    }

    fn confirm(
        &mut self,
        port: &mut dyn Port,
        link: &mut Link,
        since: Instant,
        answers: Option<u64>,
    ) -> io::Result<Progress> {
        if link.is_marked(self.mark) {
            return Ok(self.done());
        }
        if let Some(fault) = link.fault() {
            return Ok(self.fail(PrintError::unknown(fault)));
        }
        if since.elapsed() > self.rules.patience {
            return Ok(self.fail(PrintError::unknown(PrintFault::Failed)));
        }
        match answers {
            Some(answers) if link.answers >= answers => return Ok(self.done()),
            Some(_) => link.ask(port)?,
            None if self.is_confirmed_in_turn() && link.turns_owed == 0 => {
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

/// How a job ends.
pub(super) struct Rules {
    pub(super) confirmation: Confirmation,
    /// How long its end may stay unconfirmed once the system has taken all of it.
    pub(super) patience: Duration,
    /// How long it takes to come out, at the least speed.
    printing: Duration,
    /// How long a printer is silent that has nothing to print and has answered all that it was
    /// asked.
    pub(super) settled: Duration,
}

impl Rules {
    /// For a job of so many bytes and rows of paper, and so many that may go before it, at a line
    /// that carries so much.
    pub(super) fn new(settings: &PrinterSettings, size: JobSize, bytes_per_s: u32) -> Self {
        let line = |bytes: usize| {
            let ms = bytes.saturating_mul(1_000) / usize::try_from(bytes_per_s.max(1)).unwrap_or(1);
            Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX))
        };
        let confirmation = match (settings.profile.confirmation, settings.family) {
            // Star has no question that stands in turn but its mark.
            (Confirmation::InTurn, PrinterFamily::Star) => Confirmation::Mark,
            (confirmation, _) => confirmation,
        };
        let paper = ROW_TIME * u32::try_from(size.rows).unwrap_or(u32::MAX);
        let printing = line(size.bytes + size.padding_bytes) + paper;
        let patience = settings.confirm_timeout + printing;
        Self { confirmation, patience, printing, settled: SETTLED + line(size.padding_bytes) }
    }
}

/// How large a job is.
pub(super) struct JobSize {
    pub(super) bytes: usize,
    pub(super) padding_bytes: usize,
    /// Rows of its paper.
    pub(super) rows: usize,
}

impl Link {
    /// How many answers there will be once a question has been answered that is asked from now on.
    pub(super) fn answers_after_now(&self) -> u64 {
        self.answers + 1 + u64::from(self.is_asking())
    }

    fn fault(&self) -> Option<PrintFault> {
        self.state.and_then(|state| state.status.fault())
    }

    fn is_marked(&self, mark: [u8; 4]) -> bool {
        let [a, b, ..] = mark;
        match self.family() {
            PrinterFamily::EscPos => self.mark == Some(mark),
            PrinterFamily::Star => self.mark == Some([a, b, 0, 0]),
        }
    }
}
