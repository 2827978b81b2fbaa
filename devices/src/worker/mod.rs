//! A device at work: one thread that opens its port, hands it to its driver, and begins again when
//! the device is gone. It keeps nobody waiting: whoever asks something of a device hands a task in
//! and is told what became of it.

#[cfg(test)]
mod tests;

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::port::{Connect, Port};

/// The pause after a port could not be opened. It doubles up to [`RETRY_MAX`].
const RETRY_MIN: Duration = Duration::from_millis(100);
/// The longest pause: what was plugged in again is to work within two seconds.
const RETRY_MAX: Duration = Duration::from_secs(1);
/// Tasks that wait for a device at most; more are refused at once.
const TASKS_MAX: usize = 16;

/// How a driver spends its time between tasks.
#[derive(Clone, Copy, Debug)]
pub enum Rhythm {
    /// It listens: its look waits at the port, a tenth of a second at most.
    Listens,
    /// It looks after its device so often, and waits for tasks in between.
    Looks(Duration),
}

/// How a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Its port is being opened for the first time.
    Starting,
    /// It works.
    Ready,
    /// It works, and wants a hand soon: a code such as `paper_low`.
    Needs(&'static str),
    /// It answers and cannot work: a code such as `paper_out`.
    Faulty(&'static str),
    /// Its port is there, and nothing that answers as it should.
    Silent,
    /// It is not plugged in, or its port cannot be opened.
    Absent,
}

impl Condition {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Needs(code) | Self::Faulty(code) => code,
            Self::Silent => "silent",
            Self::Absent => "absent",
        }
    }

    /// How a device is whose port brought this: one that does not answer as it should, or one that
    /// is gone.
    #[must_use]
    pub fn after(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::InvalidData => Self::Silent,
            _ => Self::Absent,
        }
    }

    /// Whether it does its work.
    #[must_use]
    pub const fn works(self) -> bool {
        matches!(self, Self::Ready | Self::Needs(_))
    }
}

/// What a driver does with an open port. An error of the kind `TimedOut` or `InvalidData` says that
/// the device does not answer as it should, any other that it is gone; either way the port is
/// closed and opened again.
pub trait Driver: Send + 'static {
    /// What can be asked of it.
    type Task: Send + 'static;

    /// The port has just been opened: finds out whether the device is there, and sets it up.
    ///
    /// # Errors
    /// Where the port is gone or the device is silent.
    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition>;

    /// Carries a task out, and tells whoever asked. A task that fails has been answered too.
    ///
    /// # Errors
    /// As [`Driver::begin`].
    fn perform(&mut self, port: &mut dyn Port, task: Self::Task) -> io::Result<Condition>;

    /// Looks after the device while nothing is asked of it.
    ///
    /// # Errors
    /// As [`Driver::begin`].
    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition>;

    /// How it spends its time.
    fn rhythm(&self) -> Rhythm;

    /// Tells whoever asked for a task that there is no device to carry it out.
    fn refuse(&mut self, task: Self::Task);

    /// The port is closed: half a frame is forgotten.
    fn end(&mut self) {}
}

/// Hands tasks to a device's thread. The thread ends when its last handle is gone.
pub struct Tasks<T>(SyncSender<T>);

impl<T> Clone for Tasks<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Tasks<T> {
    /// Hands a task in; gives it back where too many wait already.
    ///
    /// # Errors
    /// The task.
    pub fn hand_in(&self, task: T) -> Result<(), T> {
        self.0.try_send(task).map_err(|error| match error {
            TrySendError::Full(task) | TrySendError::Disconnected(task) => task,
        })
    }
}

/// Starts a device's thread. `tell` hears of every change of its condition, with what the system
/// said where the port is the trouble.
///
/// # Errors
/// Where the system has no thread to give.
pub fn start<D: Driver>(
    name: &str,
    connect: impl Connect,
    driver: D,
    tell: impl FnMut(Condition, Option<&io::Error>) + Send + 'static,
) -> io::Result<Tasks<D::Task>> {
    let (tasks, waiting) = mpsc::sync_channel(TASKS_MAX);
    let worker = Worker { connect, driver, tell, waiting, condition: None, is_over: false };
    // The name is for whoever looks at the process; the system takes 15 characters of it.
    thread::Builder::new().name(name.to_owned()).spawn(move || worker.run())?;
    Ok(Tasks(tasks))
}

struct Worker<C, D: Driver, F> {
    connect: C,
    driver: D,
    tell: F,
    waiting: Receiver<D::Task>,
    condition: Option<Condition>,
    is_over: bool,
}

impl<C: Connect, D: Driver, F: FnMut(Condition, Option<&io::Error>)> Worker<C, D, F> {
    fn run(mut self) {
        self.say(Condition::Starting, None);
        let mut pause = RETRY_MIN;
        while !self.is_over {
            let began = Instant::now();
            if let Err(error) = self.session() {
                self.say(Condition::after(&error), Some(&error));
                self.driver.end();
                // One that worked for a while is likely to be back at once.
                if began.elapsed() > RETRY_MAX {
                    pause = RETRY_MIN;
                }
                self.rest(pause);
                pause = (pause * 2).min(RETRY_MAX);
            }
        }
    }

    /// One port, from its opening to its end.
    fn session(&mut self) -> io::Result<()> {
        let mut port = self.connect.connect()?;
        let condition = self.driver.begin(port.as_mut())?;
        self.say(condition, None);
        while let Some(task) = self.next_task() {
            let condition = match task {
                Some(task) => self.driver.perform(port.as_mut(), task)?,
                None => self.driver.look(port.as_mut())?,
            };
            self.say(condition, None);
        }
        self.is_over = true;
        Ok(())
    }

    /// What is to be done next: a task, or a look; nothing where nobody is left to ask.
    fn next_task(&self) -> Option<Option<D::Task>> {
        match self.driver.rhythm() {
            Rhythm::Listens => match self.waiting.try_recv() {
                Ok(task) => Some(Some(task)),
                Err(TryRecvError::Empty) => Some(None),
                Err(TryRecvError::Disconnected) => None,
            },
            Rhythm::Looks(every) => match self.waiting.recv_timeout(every) {
                Ok(task) => Some(Some(task)),
                Err(RecvTimeoutError::Timeout) => Some(None),
                Err(RecvTimeoutError::Disconnected) => None,
            },
        }
    }

    /// Refuses what is asked of a device that is not there.
    fn rest(&mut self, pause: Duration) {
        let until = Instant::now() + pause;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.waiting.recv_timeout(left) {
                Ok(task) => self.driver.refuse(task),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => {
                    self.is_over = true;
                    return;
                }
            }
        }
    }

    fn say(&mut self, condition: Condition, error: Option<&io::Error>) {
        if self.condition != Some(condition) {
            self.condition = Some(condition);
            (self.tell)(condition, error);
        }
    }
}
