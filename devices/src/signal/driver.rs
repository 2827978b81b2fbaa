use std::io;
use std::time::{Duration, Instant};

use super::{
    Debouncer, Edge, EventDecoder, Input, LineEvent, OutputCommand, RECORD_BYTES, Sequencer,
    SignalSettings, SignalState,
};
use crate::port::Port;
use crate::worker::{Condition, Driver, Rhythm};

/// How long lines are listened to at most before it is asked whether something else is to be
/// shown: shorter than anybody notices.
const LISTEN_MAX: Duration = Duration::from_millis(50);
/// Records that are taken at once: as many as the kernel keeps for three lines.
const RECORDS_AT_ONCE: usize = 48;

/// What was felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalEvent {
    /// The door is open, or no longer.
    Door {
        /// Whether it is open.
        is_open: bool,
    },
    /// The drawer is open, or no longer.
    Drawer {
        /// Whether it is open.
        is_open: bool,
    },
    /// The button was pressed.
    Button,
}

/// What can be asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalTask {
    /// To show how the store is.
    Set(SignalState),
}

/// The driver of lamps, buzzer and contacts. What goes through its port are the kernel's records
/// one way and [`OutputCommand`]s the other.
pub struct SignalDriver<F> {
    settings: SignalSettings,
    heard: F,
    began: Instant,
    sequencer: Sequencer,
    /// What the lines of this port were last told.
    told: [Option<bool>; 4],
    decoder: EventDecoder,
    inputs: [Debouncer; 3],
}

impl<F: FnMut(SignalEvent) + Send + 'static> SignalDriver<F> {
    /// One that tells what it feels. Nothing is on until it is told how the store is.
    pub fn new(settings: SignalSettings, heard: F) -> Self {
        let debouncer = Debouncer::new(settings.debounce_ms);
        Self {
            settings,
            heard,
            began: Instant::now(),
            sequencer: Sequencer::default(),
            told: [None; 4],
            decoder: EventDecoder::default(),
            inputs: [debouncer.clone(), debouncer.clone(), debouncer],
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Tells the lines what differs from what they were told; answers when to look again.
    fn show(&mut self, port: &mut dyn Port) -> io::Result<Option<u64>> {
        let turn = self.sequencer.turn(self.now_ms());
        let levels = turn.levels.all();
        for (place, line) in self.settings.lines.outputs() {
            let at = usize::from(place);
            let level = levels.get(at).is_some_and(|is_on| line.turned(*is_on));
            if let Some(told) = self.told.get_mut(at).filter(|told| **told != Some(level)) {
                port.write(&OutputCommand { place, is_high: level }.bytes())?;
                *told = Some(level);
            }
        }
        Ok(turn.wake_in_ms)
    }

    /// How long to listen: until a lamp or a contact has its turn.
    fn patience(&self, wake_in_ms: Option<u64>) -> Duration {
        let now = self.now_ms();
        let due = self.inputs.iter().filter_map(Debouncer::due_ms);
        let due = due.map(|due| due.saturating_sub(now)).chain(wake_in_ms).min();
        due.map_or(LISTEN_MAX, |ms| Duration::from_millis(ms.max(1)).min(LISTEN_MAX))
    }

    fn listen(&mut self, port: &mut dyn Port, patience: Duration) -> io::Result<()> {
        let mut buffer = [0; RECORDS_AT_ONCE * RECORD_BYTES];
        let count = port.read(&mut buffer, patience)?;
        let events = self.decoder.push(buffer.get(..count).unwrap_or_default());
        self.feel(&events);
        let now = self.now_ms();
        for input in Input::ALL {
            let settled = self.contact(input).and_then(|contact| contact.look(now));
            self.settle(input, settled);
        }
        Ok(())
    }

    /// The times of events are the kernel's, which count from another moment than ours: the last
    /// of those that came together is now, and the others were so long before it.
    fn feel(&mut self, events: &[LineEvent]) {
        let now = self.now_ms();
        let last = events.iter().map(|event| event.timestamp_ns).max().unwrap_or_default();
        for event in events {
            let ago_ms = last.saturating_sub(event.timestamp_ns) / 1_000_000;
            let Some(input) =
                usize::try_from(event.offset).ok().and_then(|at| Input::ALL.get(at).copied())
            else {
                continue;
            };
            let Some(line) = self.settings.lines.input(input) else { continue };
            let is_active = line.turned(event.edge == Edge::Rising);
            let at_ms = now.saturating_sub(ago_ms);
            let contact = self.contact(input);
            let settled = contact.and_then(|contact| contact.changed(is_active, at_ms));
            self.settle(input, settled);
        }
    }

    fn contact(&mut self, input: Input) -> Option<&mut Debouncer> {
        self.inputs.get_mut(input as usize)
    }

    /// A contact has settled: that is an event, but for a button that is let go.
    fn settle(&mut self, input: Input, settled: Option<bool>) {
        let Some(is_active) = settled else { return };
        match input {
            Input::Door => (self.heard)(SignalEvent::Door { is_open: is_active }),
            Input::Drawer => (self.heard)(SignalEvent::Drawer { is_open: is_active }),
            Input::Button if is_active => (self.heard)(SignalEvent::Button),
            Input::Button => {}
        }
    }
}

impl<F: FnMut(SignalEvent) + Send + 'static> Driver for SignalDriver<F> {
    type Task = SignalTask;

    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        // The lines are new: nobody knows how they were left.
        self.told = [None; 4];
        self.show(port)?;
        Ok(Condition::Ready)
    }

    fn perform(&mut self, port: &mut dyn Port, task: SignalTask) -> io::Result<Condition> {
        self.take(task);
        self.show(port)?;
        Ok(Condition::Ready)
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let wake_in_ms = self.show(port)?;
        let patience = self.patience(wake_in_ms);
        self.listen(port, patience)?;
        Ok(Condition::Ready)
    }

    fn rhythm(&self) -> Rhythm {
        Rhythm::Listens
    }

    fn refuse(&mut self, task: SignalTask) {
        // It is shown once the lines are there.
        self.take(task);
    }

    fn end(&mut self) {
        self.decoder.clear();
    }
}

impl<F: FnMut(SignalEvent) + Send + 'static> SignalDriver<F> {
    fn take(&mut self, SignalTask::Set(state): SignalTask) {
        let now = self.now_ms();
        self.sequencer.set(self.settings.rules.patterns(state), now);
    }
}
