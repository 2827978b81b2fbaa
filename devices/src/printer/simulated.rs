use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use store_core::receipt::{COLUMN_DOTS, COLUMNS_MAX, COLUMNS_MIN};

use super::bitmap::Bitmap;
use super::codec::{Encoder, command};
use super::contract::PrinterStatus;
use super::decode::{Decoder, Printed, paper_text};
use super::driver::{DrawerSense, EscPosPrinter, Transport};
use super::font::FontStack;
use super::paint::{self, Writing};

/// Receipts kept in memory: what a screen shows; the file has them all.
const RECEIPTS_MAX: usize = 64;
/// How often a printer with a pace prints a little more, in milliseconds.
const PACE_STEP_MS: u32 = 20;
/// Bytes of margin round the picture: 16 dots.
const MARGIN_BYTES: usize = 2;

/// What kind of printer is simulated.
#[derive(Clone, Default)]
pub struct SimulatedSettings {
    /// Columns of its paper; 48 for an 80 mm roll. Held to what receipts can be.
    pub columns: usize,
    /// Where the paper is kept, if it is to outlive the process: every byte that was printed, in
    /// order, behind what is there. It grows without end, as paper does.
    pub paper_file: Option<PathBuf>,
    /// Its letters for the picture; without them each is a box.
    pub fonts: Option<Arc<FontStack>>,
    /// How many bytes a second it takes and prints; a serial printer at 19,200 baud takes 1,920.
    /// Without it everything is on paper at once.
    pub bytes_per_s: Option<NonZeroU32>,
}

/// A printer at the other end of the bytes. Its clones are the same printer.
///
/// It answers status requests at once, prints what it understands, and answers a job's mark when
/// it comes to it. What it was sent while its gate was closed or while it had a fault waits in its
/// buffer and is printed afterwards, as on a real one; power off empties the buffer.
#[derive(Clone)]
pub struct SimulatedPrinter {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    columns: usize,
    fonts: Option<Arc<FontStack>>,
    bytes_per_s: Option<NonZeroU32>,
}

struct State {
    status: PrinterStatus,
    is_gate_open: bool,
    is_drawer_open: bool,
    waiting: Vec<u8>,
    replies: VecDeque<u8>,
    last_two: [u8; 2],
    decoder: Decoder,
    open: Vec<Printed>,
    receipts: VecDeque<Vec<Printed>>,
    receipts_printed: u64,
    drawer_pulses: u64,
    paper_file: Option<File>,
    /// Counts what a reader may want to look at, so that none is missed between two reads.
    changes: u64,
}

/// The cable to a [`SimulatedPrinter`].
pub struct SimulatedPort {
    shared: Arc<Shared>,
    changes_seen: u64,
}

impl SimulatedPrinter {
    /// A printer that is on, with paper and its cover closed.
    ///
    /// # Errors
    /// Where the paper file cannot be opened.
    pub fn new(settings: SimulatedSettings) -> io::Result<Self> {
        let open = |path| OpenOptions::new().create(true).append(true).open(path);
        let state = State {
            status: PrinterStatus::Online,
            is_gate_open: true,
            is_drawer_open: false,
            waiting: Vec::new(),
            replies: VecDeque::new(),
            last_two: [0; 2],
            decoder: Decoder::default(),
            open: Vec::new(),
            receipts: VecDeque::new(),
            receipts_printed: 0,
            drawer_pulses: 0,
            paper_file: settings.paper_file.map(open).transpose()?,
            changes: 0,
        };
        let shared = Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            columns: settings.columns.clamp(COLUMNS_MIN, COLUMNS_MAX),
            fonts: settings.fonts,
            bytes_per_s: settings.bytes_per_s,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A cable to it.
    #[must_use]
    pub fn port(&self) -> SimulatedPort {
        let changes_seen = self.shared.lock().changes;
        SimulatedPort { shared: Arc::clone(&self.shared), changes_seen }
    }

    /// The driver of a real printer, at the end of a cable to this one.
    #[must_use]
    pub fn driver(&self, encoder: Encoder) -> EscPosPrinter<SimulatedPort> {
        EscPosPrinter::new(self.port(), encoder, DrawerSense::HighIsOpen)
    }

    /// Puts it into a state: takes its paper, opens its cover, pulls its plug, or mends it.
    pub fn set_status(&self, status: PrinterStatus) {
        self.change(|state| {
            state.status = status;
            if status == PrinterStatus::Offline {
                state.waiting.clear();
                state.replies.clear();
                state.decoder = Decoder::default();
            }
        });
    }

    /// Makes it infinitely slow: it takes bytes and prints none, until the gate is opened.
    pub fn close_gate(&self) {
        self.change(|state| state.is_gate_open = false);
    }

    /// Lets it print what has gathered.
    pub fn open_gate(&self) {
        self.change(|state| state.is_gate_open = true);
    }

    /// Whether bytes wait that are not printed.
    #[must_use]
    pub fn is_printing(&self) -> bool {
        !self.shared.lock().waiting.is_empty()
    }

    /// Waits until bytes wait that are not printed: what a test does after it closed the gate.
    pub fn wait_until_printing(&self) {
        let mut state = self.shared.lock();
        while state.waiting.is_empty() {
            state = self.shared.wait(state);
        }
    }

    /// How the printer is.
    #[must_use]
    pub fn status(&self) -> PrinterStatus {
        self.shared.lock().status
    }

    /// Receipts that it cut off since it was made.
    #[must_use]
    pub fn receipts_printed(&self) -> u64 {
        self.shared.lock().receipts_printed
    }

    /// Times that it opened the drawer.
    #[must_use]
    pub fn drawer_pulses(&self) -> u64 {
        self.shared.lock().drawer_pulses
    }

    /// Pushes the drawer in.
    pub fn close_drawer(&self) {
        self.change(|state| state.is_drawer_open = false);
    }

    /// The last receipts as rows of text, from the oldest kept to what is not cut off yet.
    #[must_use]
    pub fn paper_text(&self) -> String {
        let state = self.shared.lock();
        let printed: Vec<Printed> =
            state.receipts.iter().flatten().chain(&state.open).cloned().collect();
        paper_text(&printed, self.shared.columns)
    }

    /// The last whole receipt as a picture, or nothing before the first.
    ///
    /// # Errors
    /// Where the receipt is longer than a PNG may be.
    pub fn paper_png(&self) -> Result<Option<Vec<u8>>, png::EncodingError> {
        let receipt = self.shared.lock().receipts.back().cloned();
        receipt.map(|receipt| self.picture(&receipt).to_png(MARGIN_BYTES)).transpose()
    }

    fn picture(&self, receipt: &[Printed]) -> Bitmap {
        let columns = self.shared.columns;
        let fonts = self.shared.fonts.as_deref();
        let mut paper = Bitmap::new(columns * COLUMN_DOTS, 0);
        for each in receipt {
            match each {
                Printed::Text { text, align, is_bold, size } => {
                    let writing = Writing { text, align: *align, is_bold: *is_bold, size: *size };
                    paper.append(&paint::text_row(fonts, columns, writing));
                }
                Printed::Raster(dots) => paper.append(dots),
                Printed::Cut | Printed::DrawerPulse | Printed::JobMark(_) | Printed::Unknown(_) => {
                }
            }
        }
        paper
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.shared.lock();
        change(&mut state);
        state.work();
        state.changes += 1;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// A thread that panicked while it held the lock left a state that is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Answers status requests in what arrives, wherever they stand: a printer does so too, even
    /// in the middle of a picture.
    fn hear(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let ([0x10, 0x04], 1..=4) = (self.last_two, *byte) {
                let answer = self.status_byte(*byte);
                self.replies.push_back(answer);
            }
            let [_, last] = self.last_two;
            self.last_two = [last, *byte];
        }
    }

    const fn status_byte(&self, n: u8) -> u8 {
        let drawer = if self.is_drawer_open { 0x04 } else { 0x00 };
        0x12 | match (n, self.status) {
            (1, PrinterStatus::Online | PrinterStatus::PaperLow) => drawer,
            (1, _) => drawer | 0x08,
            (2, PrinterStatus::CoverOpen) => 0x04,
            (2, PrinterStatus::PaperOut) => 0x20,
            (4, PrinterStatus::PaperOut) => 0x6c,
            (4, PrinterStatus::PaperLow) => 0x0c,
            _ => 0x00,
        }
    }

    /// Prints what waits, if nothing keeps it from printing.
    fn work(&mut self) {
        if !self.is_gate_open || self.status.fault().is_some() || self.waiting.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.waiting);
        // The file comes first: what is answered must be on paper. A printer that cannot keep its
        // paper is broken.
        if let Some(file) = &mut self.paper_file
            && file.write_all(&bytes).is_err()
        {
            self.status = PrinterStatus::Offline;
            return;
        }
        for printed in self.decoder.push(&bytes) {
            self.keep(printed);
        }
    }

    fn keep(&mut self, printed: Printed) {
        match printed {
            Printed::JobMark(mark) => self.replies.extend(command::mark_reply(mark)),
            Printed::DrawerPulse => {
                self.is_drawer_open = true;
                self.drawer_pulses += 1;
            }
            Printed::Cut => {
                self.receipts_printed += 1;
                self.open.push(Printed::Cut);
                self.receipts.push_back(std::mem::take(&mut self.open));
                if self.receipts.len() > RECEIPTS_MAX {
                    self.receipts.pop_front();
                }
            }
            Printed::Text { .. } | Printed::Raster(_) | Printed::Unknown(_) => {
                self.open.push(printed);
            }
        }
    }

    fn plugged(&self) -> io::Result<()> {
        if self.status == PrinterStatus::Offline {
            return Err(io::Error::new(io::ErrorKind::NotConnected, "the printer is off"));
        }
        Ok(())
    }
}

const fn is_question(bytes: &[u8]) -> bool {
    matches!(bytes, [0x10, 0x04, _])
}

impl SimulatedPort {
    fn take(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.shared.lock();
        state.plugged()?;
        state.hear(bytes);
        // A question that stands alone is answered and gone; it does not reach the paper.
        if !is_question(bytes) {
            state.waiting.extend_from_slice(bytes);
        }
        state.work();
        self.shared.changed.notify_all();
        Ok(())
    }
}

impl Transport for SimulatedPort {
    /// A printer with a pace takes the bytes as it prints them, so that a plug pulled in the
    /// middle leaves half a receipt on the paper.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(pace) = self.shared.bytes_per_s.filter(|_| !is_question(bytes)) else {
            return self.take(bytes);
        };
        let steps_per_s = 1000 / PACE_STEP_MS;
        let step = usize::try_from(pace.get() / steps_per_s).unwrap_or(usize::MAX).max(1);
        for some in bytes.chunks(step) {
            thread::sleep(Duration::from_millis(PACE_STEP_MS.into()));
            self.take(some)?;
        }
        Ok(())
    }

    /// Waits without a limit of time, and returns nothing when somebody changed the printer.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.shared.lock();
        loop {
            state.plugged()?;
            if !state.replies.is_empty() {
                let mut count = 0;
                for place in buffer {
                    let Some(byte) = state.replies.pop_front() else {
                        break;
                    };
                    *place = byte;
                    count += 1;
                }
                return Ok(count);
            }
            if self.changes_seen != state.changes {
                self.changes_seen = state.changes;
                return Ok(0);
            }
            state = self.shared.wait(state);
        }
    }

    fn discard_input(&mut self) -> io::Result<()> {
        let mut state = self.shared.lock();
        state.plugged()?;
        state.replies.clear();
        Ok(())
    }
}
