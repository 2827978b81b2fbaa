use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::codec::{Encoder, command};
use super::contract::{PrintError, PrintFault, PrintJob};
use super::font::FontStack;
use super::job::{Job, JobSize, Progress, Rules};
use super::link::{ANSWER_TIMEOUT, Link};
use super::profile::DrawerPin;
use super::settings::PrinterSettings;
use crate::port::Port;
use crate::worker::{Condition, Driver, Rhythm};

/// Whoever asked for something is told here what became of it, on the printer's thread.
pub type PrintReply = Box<dyn FnOnce(Result<(), PrintError>) + Send>;

/// What can be asked of a printer.
pub enum PrinterTask {
    /// Prints a job, and answers when the printer says that it is on paper.
    Print {
        /// The job.
        job: PrintJob,
        /// Told how it ended: once, whatever happens to the printer.
        reply: PrintReply,
    },
    /// Gives a drawer's pulse at once, whatever is being printed. It was given when it has left;
    /// whether the drawer came out, its contact says.
    OpenDrawer {
        /// Which drawer.
        drawer: DrawerPin,
        /// Told whether the pulse has left. Nothing of it can be on paper.
        reply: PrintReply,
    },
    /// Beeps, where the printer can.
    Beep,
}

/// Jobs that wait behind the one under way at most; more are refused untouched.
const JOBS_MAX: usize = 16;
/// How often a printer with nothing to do is listened to: its changes are known so soon after it
/// tells of them, or with the next question.
const LISTEN_EVERY: Duration = Duration::from_millis(25);
/// Dots of a row of text, one below the other.
const ROW_DOTS: usize = 24;
/// How long its port is waited at while a job is under way; a drawer's pulse waits as long.
const LISTEN_WAIT: Duration = Duration::from_millis(5);

/// A receipt printer at work. A job is refused before its first byte leaves where the printer has
/// a fault, and ends as unknown where anything goes wrong after that: it is never sent twice.
///
/// A printer that was interrupted may still wait for the rest of a command. So the first job after
/// a start, and after one that was not confirmed, begins with as many bytes of nothing as complete
/// it.
pub struct PrinterDriver {
    settings: PrinterSettings,
    encoder: Encoder,
    on_drawer: Box<dyn FnMut(bool) + Send>,
    link: Link,
    job: Option<Job>,
    waiting: VecDeque<(PrintJob, PrintReply)>,
    is_drawer_open: Option<bool>,
    /// Whether the printer may be in the middle of a command.
    is_in_doubt: bool,
}

impl PrinterDriver {
    /// A driver for a printer with these settings. Without fonts letters are drawn with those that
    /// are built in. `on_drawer` hears whether a drawer is open, once that is known and at every
    /// change.
    #[must_use]
    pub fn new(
        settings: PrinterSettings,
        fonts: Option<Arc<FontStack>>,
        on_drawer: Box<dyn FnMut(bool) + Send>,
    ) -> Self {
        Self {
            encoder: Encoder::new(settings.clone(), fonts),
            link: Link::new(settings.family),
            settings,
            on_drawer,
            job: None,
            waiting: VecDeque::new(),
            is_drawer_open: None,
            is_in_doubt: true,
        }
    }

    fn turn(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let is_waiting = self.job.as_ref().is_some_and(|job| !job.is_sending());
        self.link.hear(port, if is_waiting { LISTEN_WAIT } else { Duration::ZERO })?;
        let limit = self.job.as_ref().and_then(Job::silence_limit).unwrap_or(ANSWER_TIMEOUT);
        self.link.keep_asking(port, limit)?;
        self.advance(port)?;
        self.watch_drawer();
        Ok(self.condition())
    }

    fn advance(&mut self, port: &mut dyn Port) -> io::Result<()> {
        if self.job.is_none() && !self.waiting.is_empty() {
            // The printer answers while its bytes are made.
            let answers = self.link.answers_after_now();
            self.link.ask(port)?;
            let next = self.waiting.pop_front();
            let bytes_per_s = port.bytes_per_s();
            self.job = next.map(|(job, reply)| self.prepared(&job, bytes_per_s, answers, reply));
        }
        let Some(job) = &mut self.job else { return Ok(()) };
        match job.advance(port, &mut self.link)? {
            Progress::UnderWay => {}
            Progress::Begun => self.is_in_doubt = true,
            Progress::Over { is_done } => {
                self.job = None;
                self.is_in_doubt &= !is_done;
            }
        }
        Ok(())
    }

    fn prepared(&self, job: &PrintJob, bytes_per_s: u32, answers: u64, reply: PrintReply) -> Job {
        let pieces = self.encoder.encode(&job.document, job.id);
        let padding = self.is_in_doubt.then(|| self.encoder.padding());
        let logo = self.settings.logo.as_ref().map_or(0, |logo| logo.height_dots() / ROW_DOTS);
        let size = JobSize {
            bytes: pieces.iter().map(Vec::len).sum(),
            padding_bytes: padding.as_ref().map_or(0, Vec::len),
            rows: job.document.rows(self.settings.profile.columns()).len() + logo,
        };
        let rules = Rules::new(&self.settings, size, bytes_per_s);
        Job::new(command::mark_of(job.id), padding, pieces, rules, answers, reply)
    }

    fn open_drawer(&mut self, port: &mut dyn Port, drawer: DrawerPin) -> Result<(), PrintError> {
        let PrinterSettings { family, profile, .. } = &self.settings;
        let needed = if drawer == DrawerPin::Pin2 { 1 } else { 2 };
        if profile.drawers < needed {
            return Err(PrintError::untouched(PrintFault::Failed));
        }
        // A pulse in its turn would wait in a printer with a fault, and open the drawer when
        // somebody mends that.
        let fault = self.link.state.and_then(|state| state.status.fault());
        if let Some(fault) = fault.filter(|_| !profile.has_real_time_pulse) {
            return Err(PrintError::untouched(fault));
        }
        let pulse = family.drawer_pulse_at_once(profile, drawer);
        let written = port.write(&pulse);
        written.map_err(|error| PrintError::untouched(PrintFault::Offline).because(error))
    }

    fn watch_drawer(&mut self) {
        let Some(state) = self.link.state else { return };
        let is_open = self.settings.drawer_sense.is_open(state.is_drawer_high);
        if self.is_drawer_open != Some(is_open) {
            self.is_drawer_open = Some(is_open);
            (self.on_drawer)(is_open);
        }
    }

    fn condition(&self) -> Condition {
        self.link.state.map_or(Condition::Starting, |state| state.status.condition())
    }

    /// Tells all who wait that there is no printer.
    fn lose(&mut self, error: Option<&io::Error>) {
        if let Some(job) = self.job.take() {
            job.lose(error);
        }
        for (_, reply) in self.waiting.drain(..) {
            reply(Err(PrintError::untouched(PrintFault::Offline)));
        }
    }

    fn losing<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome {
            self.lose(Some(error));
        }
        outcome
    }
}

impl Driver for PrinterDriver {
    type Task = PrinterTask;

    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        self.link.clear();
        port.discard_input()?;
        let began = Instant::now();
        self.link.ask(port)?;
        while self.link.answers == 0 {
            let left = ANSWER_TIMEOUT.saturating_sub(began.elapsed());
            self.link.hear(port, left)?;
            self.link.keep_asking(port, ANSWER_TIMEOUT)?;
        }
        port.write(&self.settings.family.automatic_status(&self.settings.profile))?;
        self.watch_drawer();
        Ok(self.condition())
    }

    fn perform(&mut self, port: &mut dyn Port, task: PrinterTask) -> io::Result<Condition> {
        match task {
            PrinterTask::Print { reply, .. } if self.waiting.len() >= JOBS_MAX => {
                reply(Err(PrintError::untouched(PrintFault::Failed)));
            }
            PrinterTask::Print { job, reply } => self.waiting.push_back((job, reply)),
            PrinterTask::OpenDrawer { drawer, reply } => {
                let opened = self.open_drawer(port, drawer);
                let error = opened.as_ref().err().and_then(|error| error.source.as_ref());
                let gone = error.map(|error| io::Error::new(error.kind(), error.to_string()));
                reply(opened);
                self.losing(gone.map_or(Ok(()), Err))?;
                self.link.hurry();
            }
            PrinterTask::Beep => {
                let beep = self.settings.family.beep(&self.settings.profile);
                let written = port.write(&beep);
                self.losing(written)?;
            }
        }
        Ok(self.condition())
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let turned = self.turn(port);
        self.losing(turned)
    }

    fn rhythm(&self) -> Rhythm {
        let is_busy = self.job.is_some() || !self.waiting.is_empty();
        Rhythm::Looks(if is_busy { Duration::ZERO } else { LISTEN_EVERY })
    }

    fn refuse(&mut self, task: PrinterTask) {
        match task {
            PrinterTask::Print { reply, .. } | PrinterTask::OpenDrawer { reply, .. } => {
                reply(Err(PrintError::untouched(PrintFault::Offline)));
            }
            PrinterTask::Beep => {}
        }
    }

    fn end(&mut self) {
        self.lose(None);
        self.link.clear();
    }
}

/// A hub that stops in the middle of a job still tells whoever asked for it.
impl Drop for PrinterDriver {
    fn drop(&mut self) {
        self.lose(None);
    }
}
