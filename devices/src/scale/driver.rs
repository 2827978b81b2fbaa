//! A scale at work.

use std::io;
use std::time::{Duration, Instant};

use super::confirm::Confirm;
use super::contract::{
    Reading, ReadingState, ScaleCommand, ScaleRefusal, ScaleSettings, ScaleTask, Trouble,
};
use super::protocol::{Frame, FrameDecoder, Said};
use crate::port::Port;
use crate::worker::{Condition, Driver, Rhythm};

/// How often a scale is asked: somebody who puts something down waits for the scale, not for us.
pub const POLL: Duration = Duration::from_millis(150);
/// After three polls without a frame it is silent, or talks nonsense.
const SILENT: Duration = Duration::from_millis(450);
/// An answer that is still coming is waited for so long: the longest frame on a line of 20 bytes a
/// second, twice over.
const SLOW_MAX: Duration = Duration::from_secs(3);
/// A scale that answers only at rest is asked again so seldom, lest it answer all of them.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// Goods come to rest sooner than this; a scale that says nothing for longer is said to wait.
const REST_USUAL: Duration = Duration::from_secs(2);
/// It gives up after seven seconds.
const REST_MAX: Duration = Duration::from_secs(8);
/// A reading that stays is told again, so that whoever hears it knows that it still holds.
const TELL: Duration = Duration::from_millis(800);
/// What waits in the system when a port is opened is old: so many reads of it are dropped, more
/// than a queue of USB reports holds.
const STALE_READS_MAX: usize = 100;

/// Drives a scale: asks for its weight, or listens to it, and tells every change of its reading,
/// and each reading again at least once a second. When the scale falls silent or is gone it tells
/// [`Trouble::Gone`]: no weight outlives its scale.
///
/// Besides `ready`, its condition is `scale_slow` (answers take longer than three polls),
/// `scale_waits` (one that answers only at rest has not answered), `scale_foreign_unit` and
/// `scale_fault`; nonsense and silence close its port, which is opened again.
pub struct ScaleDriver {
    settings: ScaleSettings,
    decoder: FrameDecoder,
    confirm: Confirm,
    on_reading: Box<dyn FnMut(Reading) + Send>,
    told: Option<(ReadingState, Instant)>,
    /// How it is; `Starting` until its first frame.
    condition: Condition,
    /// When the answer that is waited for was asked for.
    asked: Option<Instant>,
    polled_at: Instant,
    byte_at: Instant,
    frame_at: Instant,
    /// Whether nonsense came since the last frame.
    has_nonsense: bool,
    /// While a command is carried out: whether it was refused.
    refused: Option<bool>,
}

impl ScaleDriver {
    /// Drives a scale that is set up so.
    #[must_use]
    pub fn new(settings: ScaleSettings, on_reading: Box<dyn FnMut(Reading) + Send>) -> Self {
        let now = Instant::now();
        Self {
            settings,
            decoder: FrameDecoder::new(settings.protocol),
            confirm: Confirm::new(settings),
            on_reading,
            told: None,
            condition: Condition::Starting,
            asked: None,
            polled_at: now,
            byte_at: now,
            frame_at: now,
            has_nonsense: false,
            refused: None,
        }
    }

    fn tell(&mut self, reading: Reading) {
        let now = Instant::now();
        let is_known =
            self.told.is_some_and(|(state, at)| state == reading.state && now - at < TELL);
        if !is_known {
            self.told = Some((reading.state, now));
            (self.on_reading)(reading);
        }
    }

    /// A reading that no frame stands behind.
    fn tell_state(&mut self, state: ReadingState) {
        self.tell(Reading { state, raw: Vec::new() });
    }

    /// Asks for the weight, where it is told only when asked and no answer is on its way.
    fn ask(&mut self, port: &mut dyn Port) -> io::Result<()> {
        let protocol = self.settings.protocol;
        let now = Instant::now();
        let is_quiet = now - self.byte_at >= POLL;
        if let Some(asked) = self.asked {
            let has_begun = self.byte_at > asked;
            let is_waiting = protocol.waits_for_rest() && !has_begun && now - asked < ASK_AGAIN;
            if is_waiting || (has_begun && !is_quiet) {
                return Ok(());
            }
        }
        if protocol.poll().is_empty() && !is_quiet {
            return Ok(());
        }
        if let Some(rest) = self.decoder.idle() {
            self.hear(rest);
        }
        if !protocol.poll().is_empty() {
            port.write(protocol.poll())?;
            self.asked = Some(now);
            self.polled_at = now;
        }
        Ok(())
    }

    /// Hears what the scale says until it has answered, no longer than until the next poll.
    fn listen(&mut self, port: &mut dyn Port) -> io::Result<()> {
        let until = Instant::now() + POLL;
        let mut buffer = [0; 256];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let count = port.read(&mut buffer, left)?;
            if count == 0 {
                return Ok(());
            }
            self.byte_at = Instant::now();
            if self.take(port, buffer.get(..count).unwrap_or_default())? {
                return Ok(());
            }
        }
    }

    /// Takes bytes, and carries the conversation on. Whether the scale has answered.
    fn take(&mut self, port: &mut dyn Port, bytes: &[u8]) -> io::Result<bool> {
        let protocol = self.settings.protocol;
        let mut frames = self.decoder.push(bytes);
        if protocol.is_read_whole() {
            frames.extend(self.decoder.idle());
        }
        let mut is_answered = false;
        for frame in frames {
            match protocol.next(frame.said) {
                Some(next) => port.write(next)?,
                None => is_answered |= self.hear(frame),
            }
        }
        Ok(is_answered)
    }

    /// Hears a frame. Whether it is an answer.
    fn hear(&mut self, frame: Frame) -> bool {
        let said = frame.said;
        if let (Said::Refused, Some(refused)) = (said, &mut self.refused) {
            *refused = true;
            return true;
        }
        if let Some(reading) = self.confirm.judge(frame) {
            self.tell(reading);
        }
        match said {
            Said::Fault(Trouble::Nonsense) => {
                self.has_nonsense = true;
                return false;
            }
            Said::Fault(Trouble::BadCheck) | Said::Refused => self.has_nonsense = true,
            _ => self.work(said),
        }
        self.asked = None;
        true
    }

    /// The scale works as it should.
    fn work(&mut self, said: Said) {
        let now = Instant::now();
        let is_slow = now - self.asked.unwrap_or(self.frame_at) > SILENT;
        self.condition = match said {
            Said::Fault(trouble) => Condition::Faulty(trouble.code()),
            _ if is_slow && !self.settings.protocol.waits_for_rest() => {
                Condition::Needs(Trouble::Late.code())
            }
            _ => Condition::Ready,
        };
        self.frame_at = now;
        self.has_nonsense = false;
    }

    /// How the scale is after a turn of listening.
    fn verdict(&mut self) -> io::Result<Condition> {
        let now = Instant::now();
        let since_frame = now - self.frame_at;
        let may_move = self.settings.protocol.waits_for_rest() && self.byte_at < self.polled_at;
        if may_move && self.asked.is_some_and(|asked| now - asked >= POLL) {
            self.tell_state(ReadingState::Moving);
        }
        if since_frame < SILENT {
            return Ok(self.condition);
        }
        if self.has_nonsense {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the scale talks nonsense"));
        }
        let is_coming = self.byte_at > self.frame_at && now - self.byte_at < POLL;
        if is_coming && since_frame < SLOW_MAX {
            self.tell_state(ReadingState::Fault(Trouble::Late));
            self.condition = Condition::Needs(Trouble::Late.code());
            return Ok(self.condition);
        }
        let has_begun = self.condition != Condition::Starting;
        let may_wait = self.settings.protocol.waits_for_rest() && has_begun;
        if may_wait && since_frame < REST_USUAL {
            return Ok(self.condition);
        }
        if may_wait && since_frame < REST_MAX {
            self.condition = Condition::Needs("scale_waits");
            return Ok(self.condition);
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "the scale is silent"))
    }

    /// Sends a command, and hears for a moment whether it is refused.
    fn command(&mut self, port: &mut dyn Port, bytes: &[u8]) -> io::Result<bool> {
        self.decoder.forget();
        self.asked = None;
        self.refused = Some(false);
        let heard = port.write(bytes).and_then(|()| self.listen(port));
        let is_refused = self.refused.take().unwrap_or_default();
        heard.map(|()| is_refused)
    }
}

impl Driver for ScaleDriver {
    type Task = ScaleTask;

    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let mut buffer = [0; 256];
        for _ in 0..STALE_READS_MAX {
            if port.read(&mut buffer, Duration::ZERO)? == 0 {
                break;
            }
        }
        self.condition = Condition::Starting;
        self.has_nonsense = false;
        self.asked = None;
        self.frame_at = Instant::now();
        self.byte_at = self.frame_at;
        loop {
            let condition = self.look(port)?;
            if condition != Condition::Starting {
                return Ok(condition);
            }
        }
    }

    fn perform(&mut self, port: &mut dyn Port, task: ScaleTask) -> io::Result<Condition> {
        let ScaleTask { command, answer } = task;
        let Some(bytes) = self.settings.protocol.command(command) else {
            answer(Err(ScaleRefusal::Unknown));
            return Ok(self.condition);
        };
        // What was said before it is not what is said after it.
        self.confirm.forget();
        match self.command(port, &bytes) {
            Ok(true) => answer(Err(ScaleRefusal::Refused)),
            Ok(false) => answer(Ok(())),
            Err(error) => {
                answer(Err(ScaleRefusal::Absent));
                return Err(error);
            }
        }
        self.verdict()
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        self.ask(port)?;
        self.listen(port)?;
        self.verdict()
    }

    fn rhythm(&self) -> Rhythm {
        if self.settings.protocol.poll().is_empty() {
            return Rhythm::Listens;
        }
        Rhythm::Looks((self.polled_at + POLL).saturating_duration_since(Instant::now()))
    }

    fn refuse(&mut self, task: ScaleTask) {
        (task.answer)(Err(ScaleRefusal::Absent));
    }

    fn end(&mut self) {
        self.decoder.forget();
        self.confirm.forget();
        if !self.told.is_some_and(|(state, _)| state == ReadingState::Fault(Trouble::Gone)) {
            self.tell_state(ReadingState::Fault(Trouble::Gone));
        }
    }
}

impl ScaleTask {
    /// A task whose answer nobody waits for.
    #[must_use]
    pub fn unheard(command: ScaleCommand) -> Self {
        Self { command, answer: Box::new(|_| {}) }
    }
}
