use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Edge, Input, Lamp, Levels, LineEvent, Lines, OutputCommand};
use crate::port::{Connect, FilePort, Port};

/// How long a button is held down that a page presses.
const PRESSED: Duration = Duration::from_millis(100);

/// Lamps, a buzzer and contacts for trying. Its clones are handles of the same. What is felt goes
/// through a pipe as the kernel's own records; what is shown is what came through the port.
#[derive(Clone)]
pub struct SimulatedSignal {
    lines: Arc<Lines>,
    state: Arc<Mutex<State>>,
}

struct State {
    began: Instant,
    /// The levels of the output lines, as long as somebody holds them.
    outputs: [bool; 4],
    /// What each input means: a door or a drawer is open, the button is held.
    inputs: [bool; 3],
    events: Option<io::PipeWriter>,
    is_plugged_in: bool,
    sequence: u32,
    line_sequences: [u32; 3],
}

impl SimulatedSignal {
    /// On lines such as the settings say.
    #[must_use]
    pub fn new(lines: Lines) -> Self {
        let state = State {
            began: Instant::now(),
            outputs: [false; 4],
            inputs: [false; 3],
            events: None,
            is_plugged_in: true,
            sequence: 0,
            line_sequences: [0; 3],
        };
        Self { lines: Arc::new(lines), state: Arc::new(Mutex::new(state)) }
    }

    /// What a driver's thread opens.
    pub fn connect(&self) -> impl Connect {
        let signal = self.clone();
        move || -> io::Result<Box<dyn Port>> { Ok(Box::new(signal.open()?)) }
    }

    /// What is on.
    #[must_use]
    pub fn levels(&self) -> Levels {
        let outputs = self.lock().outputs;
        let mut shown = [false; 4];
        for ((is_on, level), lamp) in shown.iter_mut().zip(outputs).zip(Lamp::ALL) {
            *is_on = self.lines.output(lamp).is_some_and(|line| line.turned(level));
        }
        shown.into()
    }

    /// What an input means now: a door or a drawer is open, the button is held.
    #[must_use]
    pub fn is_active(&self, input: Input) -> bool {
        self.lock().inputs.get(input as usize).copied().unwrap_or_default()
    }

    /// Whether its lines are there.
    #[must_use]
    pub fn is_plugged_in(&self) -> bool {
        self.lock().is_plugged_in
    }

    /// Opens the door or closes it.
    pub fn open_door(&self, is_open: bool) {
        self.lock().set(&self.lines, Input::Door, is_open, Duration::ZERO);
    }

    /// Opens the drawer or closes it.
    pub fn open_drawer(&self, is_open: bool) {
        self.lock().set(&self.lines, Input::Drawer, is_open, Duration::ZERO);
    }

    /// Presses the button and lets it go.
    pub fn press_button(&self) {
        let mut state = self.lock();
        // A finger takes its time: it began to press a while ago.
        state.press(&self.lines);
    }

    /// Shakes a contact without moving it.
    pub fn shake(&self, input: Input) {
        let mut state = self.lock();
        let before = state.inputs.get(input as usize).copied().unwrap_or_default();
        for is_active in [!before, before, !before, before] {
            state.set(&self.lines, input, is_active, Duration::ZERO);
        }
    }

    /// Takes the lines away, or brings them back.
    pub fn set_plugged_in(&self, is_plugged_in: bool) {
        let mut state = self.lock();
        state.is_plugged_in = is_plugged_in;
        if !is_plugged_in {
            state.events = None;
            state.outputs = self.lines_at_rest();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody holds the lines: resistors keep everything off.
    fn lines_at_rest(&self) -> [bool; 4] {
        Lamp::ALL.map(|lamp| self.lines.output(lamp).is_some_and(|line| line.turned(false)))
    }

    fn open(&self) -> io::Result<SimulatedPort> {
        let mut state = self.lock();
        if !state.is_plugged_in {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (reader, writer) = io::pipe()?;
        state.events = Some(writer);
        // As a real port does: how the contacts are comes as their first change.
        for (input, is_active) in Input::ALL.into_iter().zip(state.inputs) {
            state.tell(&self.lines, &[(input, is_active, Duration::ZERO)]);
        }
        let events = FilePort::of(OwnedFd::from(reader));
        Ok(SimulatedPort { events, state: self.state.clone() })
    }
}

impl State {
    fn set(&mut self, lines: &Lines, input: Input, is_active: bool, ago: Duration) {
        if let Some(held) = self.inputs.get_mut(input as usize).filter(|held| **held != is_active) {
            *held = is_active;
            self.tell(lines, &[(input, is_active, ago)]);
        }
    }

    fn press(&mut self, lines: &Lines) {
        let button = Input::Button;
        self.tell(lines, &[(button, true, PRESSED), (button, false, Duration::ZERO)]);
    }

    /// Writes records, all at once, as the kernel hands them out.
    fn tell(&mut self, lines: &Lines, changes: &[(Input, bool, Duration)]) {
        let mut records = Vec::new();
        for (input, is_active, ago) in changes {
            let Some(line) = lines.input(*input) else { continue };
            let since = self.began.elapsed().saturating_sub(*ago);
            self.sequence = self.sequence.wrapping_add(1);
            let counted = self.line_sequences.get_mut(*input as usize);
            let line_sequence = counted.map_or(0, |count| {
                *count = count.wrapping_add(1);
                *count
            });
            let event = LineEvent {
                timestamp_ns: u64::try_from(since.as_nanos()).unwrap_or_default(),
                edge: if line.turned(*is_active) { Edge::Rising } else { Edge::Falling },
                offset: *input as u32,
                sequence: self.sequence,
                line_sequence,
            };
            records.extend_from_slice(&event.record());
        }
        if let Some(events) = &mut self.events
            && events.write_all(&records).is_err()
        {
            // Nobody holds the lines any more.
            self.events = None;
        }
    }
}

struct SimulatedPort {
    events: FilePort,
    state: Arc<Mutex<State>>,
}

impl Port for SimulatedPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.is_plugged_in {
            return Err(io::ErrorKind::NotConnected.into());
        }
        for OutputCommand { place, is_high } in OutputCommand::read_all(bytes) {
            if let Some(level) = state.outputs.get_mut(usize::from(place)) {
                *level = is_high;
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.events.read(buffer, wait)
    }
}
