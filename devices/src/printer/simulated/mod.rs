//! A printer at the other end of the bytes, whose paper can be looked at.

mod answers;
mod state;

use std::fs::OpenOptions;
use std::io;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use store_core::receipt::{COLUMN_DOTS, COLUMNS_MAX, COLUMNS_MIN};

use self::state::State;
use super::bitmap::Bitmap;
use super::codec::Charset;
use super::contract::PrinterStatus;
use super::decode::{Printed, paper_text};
use super::font::FontStack;
use super::paint::{self, Writing};
use super::profile::{DrawerPin, PrinterFamily};
use crate::simulated::SimulatedDevice;

/// Bytes of margin round the picture: 16 dots.
const MARGIN_BYTES: usize = 2;

/// What kind of printer is simulated.
#[derive(Clone, Default)]
pub struct SimulatedSettings {
    /// The language it understands.
    pub family: PrinterFamily,
    /// The Chinese letters that it has inside.
    pub charset: Charset,
    /// Columns of its paper; 48 for an 80 mm roll. Held to what receipts can be.
    pub columns: usize,
    /// Where the paper is kept, if it is to outlive the process: every byte that was printed, in
    /// order, behind what is there. It grows without end, as paper does.
    pub paper_file: Option<PathBuf>,
    /// Its letters for the picture; without them those that are built in.
    pub fonts: Option<Arc<FontStack>>,
    /// How many bytes a second it prints; a serial printer at 19,200 baud takes 1,920. Without it
    /// everything is on paper at once.
    pub bytes_per_s: Option<NonZeroU32>,
}

/// A printer at the other end of the bytes. Its clones are the same printer: one is plugged in
/// ([`crate::simulated::plug_in`]), the others look at its paper and lay hands on it.
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
    fonts: Arc<FontStack>,
}

impl SimulatedPrinter {
    /// A printer that is on, with paper and its cover closed.
    ///
    /// # Errors
    /// Where the paper file cannot be opened.
    pub fn new(settings: SimulatedSettings) -> io::Result<Self> {
        let open = |path: &PathBuf| OpenOptions::new().create(true).append(true).open(path);
        let paper_file = settings.paper_file.as_ref().map(open).transpose()?;
        let shared = Shared {
            state: Mutex::new(State::new(&settings, paper_file)),
            changed: Condvar::new(),
            columns: settings.columns.clamp(COLUMNS_MIN, COLUMNS_MAX),
            fonts: settings.fonts.unwrap_or_else(|| Arc::new(FontStack::built_in())),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Puts it into a state: takes its paper, opens its cover, jams its knife, switches it off, or
    /// mends it.
    pub fn set_status(&self, status: PrinterStatus) {
        self.change(|state| state.set_status(status));
    }

    /// Makes it say that it is well and has paper whatever is the matter, and lose what it is sent
    /// without a word: no paper, no mark.
    pub fn lies_about_paper(&self, lies: bool) {
        self.change(|state| state.lies = lies);
    }

    /// Makes it infinitely slow: it takes bytes and prints none, until the gate is opened.
    pub fn close_gate(&self) {
        self.change(|state| state.is_gate_open = false);
    }

    /// Lets it print what has gathered.
    pub fn open_gate(&self) {
        self.change(|state| state.is_gate_open = true);
    }

    /// Whether commands wait that are not printed.
    #[must_use]
    pub fn is_printing(&self) -> bool {
        self.shared.lock().is_printing()
    }

    /// Waits until commands wait that are not printed: what a test does after it closed the gate.
    pub fn wait_until_printing(&self) {
        let mut state = self.shared.lock();
        while !state.is_printing() {
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How the printer is, whatever it says.
    #[must_use]
    pub fn status(&self) -> PrinterStatus {
        self.shared.lock().status
    }

    /// Receipts that it cut off since it was made.
    #[must_use]
    pub fn receipts_printed(&self) -> u64 {
        self.shared.lock().receipts_printed
    }

    /// Times that it opened a drawer.
    #[must_use]
    pub fn drawer_pulses(&self) -> u64 {
        self.shared.lock().drawer_pulses
    }

    /// Times that it beeped.
    #[must_use]
    pub fn beeps(&self) -> u64 {
        self.shared.lock().beeps
    }

    /// Whether the drawer at this pin is open.
    #[must_use]
    pub fn is_drawer_open(&self, drawer: DrawerPin) -> bool {
        *self.shared.lock().drawer(drawer)
    }

    /// Opens the drawer at this pin with its key, or pushes it in.
    pub fn set_drawer(&self, drawer: DrawerPin, is_open: bool) {
        self.change(|state| *state.drawer(drawer) = is_open);
    }

    /// Pushes the drawers in.
    pub fn close_drawer(&self) {
        self.set_drawer(DrawerPin::Pin2, false);
        self.set_drawer(DrawerPin::Pin5, false);
    }

    /// The last receipts as rows of text, from the oldest kept to what is not cut off yet.
    #[must_use]
    pub fn paper_text(&self) -> String {
        paper_text(&self.shared.lock().paper(), self.shared.columns)
    }

    /// The last whole receipt as a picture, or nothing before the first.
    ///
    /// # Errors
    /// Where the receipt is longer than a PNG may be.
    pub fn paper_png(&self) -> Result<Option<Vec<u8>>, png::EncodingError> {
        self.last_receipt().map(|paper| paper.to_png(MARGIN_BYTES)).transpose()
    }

    /// The end of the roll as a picture: the last receipts, at most so many, with a broken line
    /// where each was cut, and what hangs out of the printer; nothing while the roll is new.
    ///
    /// # Errors
    /// Where it is longer than a PNG may be.
    pub fn roll_png(&self, receipts: usize) -> Result<Option<Vec<u8>>, png::EncodingError> {
        let pieces = self.shared.lock().roll(receipts);
        let mut roll = Bitmap::new(self.shared.columns * COLUMN_DOTS, 0);
        for piece in &pieces {
            roll.append(&self.picture(piece));
            if piece.last() == Some(&Printed::Cut) {
                roll.append(&paint::cut_line(self.shared.columns));
            }
        }
        (!roll.is_empty()).then(|| roll.to_png(MARGIN_BYTES)).transpose()
    }

    /// Another number whenever something else is on the paper.
    #[must_use]
    pub fn paper_revision(&self) -> u64 {
        self.shared.lock().printed
    }

    /// The last whole receipt as dots, or nothing before the first.
    #[must_use]
    pub fn last_receipt(&self) -> Option<Bitmap> {
        let receipt = self.shared.lock().last_receipt();
        receipt.map(|receipt| self.picture(&receipt))
    }

    fn picture(&self, receipt: &[Printed]) -> Bitmap {
        let columns = self.shared.columns;
        let mut paper = Bitmap::new(columns * COLUMN_DOTS, 0);
        for each in receipt {
            match each {
                Printed::Text { text, align, is_bold, size } => {
                    let writing = Writing { text, align: *align, is_bold: *is_bold, size: *size };
                    paper.append(&paint::text_row(&self.shared.fonts, columns, writing));
                }
                Printed::Raster(dots) => paper.append(dots),
                Printed::Code(code) => {
                    if let Some(symbol) = code.symbol(columns * COLUMN_DOTS) {
                        paper.append(&paint::symbol(columns, &symbol));
                    }
                }
                _ => {}
            }
        }
        paper
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.shared.lock();
        change(&mut state);
        state.work();
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// A thread that panicked while it held the lock left a state that is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SimulatedDevice for SimulatedPrinter {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut state = self.shared.lock();
        state.hear(bytes);
        state.say(out);
        self.shared.changed.notify_all();
    }

    fn tick(&mut self, out: &mut Vec<u8>) {
        let mut state = self.shared.lock();
        state.tick();
        state.say(out);
    }

    fn power_cut(&mut self) {
        self.change(State::power_cut);
    }
}
