//! The kernel's records of what happened on a line, `struct gpio_v2_line_event`: 48 bytes in the
//! machine's own order of bytes, and what lines are told.

/// A record: a time (8 bytes), what happened (4), the line's place (4), two counts (4 each), and
/// 24 bytes that mean nothing yet.
pub const RECORD_BYTES: usize = 48;

const RISING: u32 = 1;
const FALLING: u32 = 2;

/// Which way a line changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// To high.
    Rising,
    /// To low.
    Falling,
}

/// One change of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineEvent {
    /// When, on a clock that only runs forward.
    pub timestamp_ns: u64,
    /// What.
    pub edge: Edge,
    /// Which line.
    pub offset: u32,
    /// Counts the changes of all lines of a request.
    pub sequence: u32,
    /// Counts those of this line: a gap is a change that the kernel had no room for.
    pub line_sequence: u32,
}

impl LineEvent {
    /// Its record.
    #[must_use]
    pub fn record(&self) -> [u8; RECORD_BYTES] {
        let edge = if self.edge == Edge::Rising { RISING } else { FALLING };
        let words = [edge, self.offset, self.sequence, self.line_sequence];
        let bytes = self.timestamp_ns.to_ne_bytes().into_iter();
        let bytes = bytes.chain(words.into_iter().flat_map(u32::to_ne_bytes));
        let mut record = [0; RECORD_BYTES];
        for (place, byte) in record.iter_mut().zip(bytes) {
            *place = byte;
        }
        record
    }

    /// Reads one; nothing where what happened is none of the changes that there are.
    #[must_use]
    pub fn read(record: &[u8; RECORD_BYTES]) -> Option<Self> {
        let (time, rest) = record.split_first_chunk::<8>()?;
        let (edge, rest) = rest.split_first_chunk::<4>()?;
        let (offset, rest) = rest.split_first_chunk::<4>()?;
        let (sequence, rest) = rest.split_first_chunk::<4>()?;
        let (line_sequence, _) = rest.split_first_chunk::<4>()?;
        let edge = match u32::from_ne_bytes(*edge) {
            RISING => Edge::Rising,
            FALLING => Edge::Falling,
            _ => return None,
        };
        Some(Self {
            timestamp_ns: u64::from_ne_bytes(*time),
            edge,
            offset: u32::from_ne_bytes(*offset),
            sequence: u32::from_ne_bytes(*sequence),
            line_sequence: u32::from_ne_bytes(*line_sequence),
        })
    }
}

/// Makes records out of bytes, however they come in.
#[derive(Debug, Default)]
pub struct EventDecoder {
    /// Less than a record.
    held: Vec<u8>,
}

impl EventDecoder {
    /// Takes bytes in and gives the events that they complete. A record of something else is
    /// passed over.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<LineEvent> {
        self.held.extend_from_slice(bytes);
        let (records, rest) = self.held.as_chunks::<RECORD_BYTES>();
        let events = records.iter().filter_map(LineEvent::read).collect();
        let read = self.held.len() - rest.len();
        self.held.drain(..read);
        events
    }

    /// Forgets half a record.
    pub fn clear(&mut self) {
        self.held.clear();
    }
}

/// What an output line is told: two bytes, its place in the settings and its level. The kernel
/// takes levels by an `ioctl`, not by bytes: these are what goes through a [`crate::port::Port`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputCommand {
    /// The line's place in the settings.
    pub place: u8,
    /// Whether it is to be high.
    pub is_high: bool,
}

impl OutputCommand {
    /// Its bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 2] {
        [self.place, self.is_high as u8]
    }

    /// Reads as many as there are.
    #[must_use]
    pub fn read_all(bytes: &[u8]) -> Vec<Self> {
        let (pairs, _) = bytes.as_chunks::<2>();
        pairs.iter().map(|[place, level]| Self { place: *place, is_high: *level != 0 }).collect()
    }
}
