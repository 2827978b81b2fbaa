//! A display at work.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text::{DisplayLetters, DisplayLine};
use super::{Brightness, DisplayDialect, LINES};
use crate::port::Port;
use crate::worker::{Condition, Driver, Rhythm};

/// How often what is shown is sent again: a display that lost its power shows it again, and a cable
/// that was pulled out is noticed. Both lines take 50 ms of a line of 9,600 bits a second.
const AGAIN: Duration = Duration::from_millis(500);

/// A display as settings describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisplaySettings {
    /// What it obeys.
    pub dialect: DisplayDialect,
    /// The letters that it has.
    #[serde(default)]
    pub letters: DisplayLetters,
    /// How bright it is.
    #[serde(default)]
    pub brightness: Brightness,
}

/// What can be asked of a display. Nothing answers: what the display was sent is what it shows,
/// and what it cannot be sent now is shown when it is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisplayTask {
    /// Shows these lines from now on.
    Show {
        /// The upper one and the lower one.
        lines: [DisplayLine; LINES],
    },
    /// Sets how bright it is.
    SetBrightness(Brightness),
}

/// Drives a customer display. It never reads: no display answers. The only sign of one that is gone
/// is that its port takes nothing.
pub struct DisplayDriver {
    settings: DisplaySettings,
    /// What is shown, as bytes.
    shown: [Vec<u8>; LINES],
}

impl DisplayDriver {
    /// Drives a display that is set up so; it shows nothing yet.
    #[must_use]
    pub fn new(settings: DisplaySettings) -> Self {
        let blank = || settings.letters.encode(&DisplayLine::default());
        Self { settings, shown: [blank(), blank()] }
    }

    fn keep(&mut self, task: DisplayTask) {
        match task {
            DisplayTask::Show { lines } => {
                self.shown = lines.map(|line| self.settings.letters.encode(&line));
            }
            DisplayTask::SetBrightness(brightness) => self.settings.brightness = brightness,
        }
    }

    fn show(&self, port: &mut dyn Port) -> io::Result<Condition> {
        port.write(&self.settings.dialect.show(&self.shown))?;
        Ok(Condition::Ready)
    }
}

impl Driver for DisplayDriver {
    type Task = DisplayTask;

    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let DisplaySettings { dialect, brightness, .. } = self.settings;
        port.write(&dialect.init())?;
        port.write(&dialect.brightness(brightness))?;
        self.show(port)
    }

    fn perform(&mut self, port: &mut dyn Port, task: DisplayTask) -> io::Result<Condition> {
        let sets_brightness = matches!(task, DisplayTask::SetBrightness(_));
        self.keep(task);
        if sets_brightness {
            port.write(&self.settings.dialect.brightness(self.settings.brightness))?;
        }
        self.show(port)
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        self.show(port)
    }

    fn rhythm(&self) -> Rhythm {
        Rhythm::Looks(AGAIN)
    }

    /// A display that is not there shows it when it is back.
    fn refuse(&mut self, task: DisplayTask) {
        self.keep(task);
    }
}
