use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use super::SimulatedSettings;
use super::answers;
use crate::printer::codec::{command, star};
use crate::printer::contract::PrinterStatus;
use crate::printer::decode::{Decoder, Printed};
use crate::printer::profile::{DrawerPin, PrinterFamily};

/// Receipts kept in memory: what a screen shows; the file has them all.
const RECEIPTS_MAX: usize = 64;
/// Bytes that its buffer holds: more than any hub sends before it is confirmed. What comes on top
/// is lost.
const BUFFER_BYTES_MAX: usize = 8_000_000;
/// Bytes that it looks back at for what it does at once: the longest such order.
const RECENT_BYTES: usize = 5;

/// A printer, apart from its cable.
pub(super) struct State {
    family: PrinterFamily,
    pub(super) status: PrinterStatus,
    pub(super) lies: bool,
    pub(super) is_gate_open: bool,
    drawers: [bool; 2],
    pub(super) drawer_pulses: u64,
    pub(super) beeps: u64,
    decoder: Decoder,
    recent: VecDeque<u8>,
    /// Its buffer: commands with their bytes, and what they print.
    waiting: VecDeque<(Vec<u8>, Vec<Printed>)>,
    waiting_bytes: usize,
    pace: Option<Pace>,
    open: Vec<Printed>,
    receipts: VecDeque<Vec<Printed>>,
    pub(super) receipts_printed: u64,
    /// Counts what came onto the paper.
    pub(super) printed: u64,
    paper_file: Option<File>,
    print_ends: u8,
    is_telling: bool,
    /// What it last told by itself.
    told: Vec<u8>,
    replies: Vec<u8>,
}

/// How fast it prints, and how many bytes it may print now.
struct Pace {
    bytes_per_s: NonZeroU32,
    since: Instant,
    allowance: u128,
}

impl Pace {
    /// Whether so many bytes may be printed by now; they are counted then.
    fn allows(&mut self, bytes: usize) -> bool {
        let elapsed = self.since.elapsed();
        // What is less than a byte's time stays for the next look.
        if elapsed >= Duration::from_millis(1) {
            let each = u128::from(self.bytes_per_s.get());
            self.allowance += elapsed.as_micros() * each;
            self.since = Instant::now();
        }
        let needed = bytes as u128 * 1_000_000;
        let is_allowed = needed <= self.allowance;
        if is_allowed {
            self.allowance -= needed;
        }
        is_allowed
    }

    /// It stood still: that time is not made up for.
    fn rest(&mut self) {
        self.since = Instant::now();
        self.allowance = 0;
    }
}

impl State {
    pub(super) fn new(settings: &SimulatedSettings, paper_file: Option<File>) -> Self {
        let pace = settings.bytes_per_s.map(|bytes_per_s| Pace {
            bytes_per_s,
            since: Instant::now(),
            allowance: 0,
        });
        Self {
            family: settings.family,
            status: PrinterStatus::Online,
            lies: false,
            is_gate_open: true,
            drawers: [false; 2],
            drawer_pulses: 0,
            beeps: 0,
            decoder: Decoder::new(settings.family, settings.charset),
            recent: VecDeque::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            pace,
            open: Vec::new(),
            receipts: VecDeque::new(),
            receipts_printed: 0,
            printed: 0,
            paper_file,
            print_ends: 0,
            is_telling: false,
            told: Vec::new(),
            replies: Vec::new(),
        }
    }

    pub(super) fn set_status(&mut self, status: PrinterStatus) {
        self.status = status;
        if status == PrinterStatus::Offline {
            self.power_cut();
        }
    }

    pub(super) fn power_cut(&mut self) {
        self.waiting.clear();
        self.waiting_bytes = 0;
        self.replies.clear();
        self.recent.clear();
        self.decoder.forget();
        self.is_telling = false;
    }

    /// Whether a job waits, or a part of one; a setting that waits is none.
    pub(super) fn is_printing(&self) -> bool {
        let is_of_job = |printed: &Printed| !matches!(printed, Printed::AutomaticStatus(_));
        self.waiting.iter().any(|(_, printed)| printed.iter().any(is_of_job))
    }

    pub(super) fn drawer(&mut self, drawer: DrawerPin) -> &mut bool {
        let [pin_2, pin_5] = &mut self.drawers;
        match drawer {
            DrawerPin::Pin2 => pin_2,
            DrawerPin::Pin5 => pin_5,
        }
    }

    pub(super) fn paper(&self) -> Vec<Printed> {
        self.receipts.iter().flatten().chain(&self.open).cloned().collect()
    }

    /// The last receipts, at most so many, and what is not cut off yet.
    pub(super) fn roll(&self, receipts: usize) -> Vec<Vec<Printed>> {
        let before = self.receipts.len().saturating_sub(receipts);
        let open = (!self.open.is_empty()).then_some(&self.open);
        self.receipts.iter().skip(before).chain(open).cloned().collect()
    }

    pub(super) fn last_receipt(&self) -> Option<Vec<Printed>> {
        self.receipts.back().cloned()
    }

    /// Takes bytes; what it does at once, it does wherever the order stands, even in the middle of
    /// a picture.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        if self.status == PrinterStatus::Offline {
            return;
        }
        for byte in bytes {
            self.recent.push_back(*byte);
            if self.recent.len() > RECENT_BYTES {
                self.recent.pop_front();
            }
            self.do_at_once();
        }
        let Self { decoder, waiting, waiting_bytes, .. } = self;
        decoder.push_each(bytes, |command, printed| {
            if *waiting_bytes + command.len() <= BUFFER_BYTES_MAX {
                *waiting_bytes += command.len();
                waiting.push_back((command.to_vec(), printed));
            }
        });
        self.work();
    }

    fn do_at_once(&mut self) {
        let recent = self.recent.make_contiguous();
        match (self.family, &*recent) {
            (PrinterFamily::EscPos, [.., 0x10, 0x04, n @ 1..=4]) => {
                let n = *n;
                let answer = answers::status_byte(n, self.said(), self.is_contact_high());
                self.replies.push(answer);
            }
            (PrinterFamily::EscPos, [0x10, 0x14, 0x01, pin @ 0..=1, 1..=8]) => {
                let pin = if *pin == 0 { DrawerPin::Pin2 } else { DrawerPin::Pin5 };
                self.kick(pin);
            }
            (PrinterFamily::Star, [.., 0x1b, 0x06, 0x01]) => {
                let frame = answers::star_state(self.said(), self.is_contact_high());
                self.replies.extend(frame);
            }
            _ => {}
        }
    }

    fn kick(&mut self, drawer: DrawerPin) {
        *self.drawer(drawer) = true;
        self.drawer_pulses += 1;
    }

    const fn is_contact_high(&self) -> bool {
        self.drawers[0] || self.drawers[1]
    }

    /// How it says that it is.
    const fn said(&self) -> PrinterStatus {
        if self.lies { PrinterStatus::Online } else { self.status }
    }

    pub(super) fn tick(&mut self) {
        if self.status == PrinterStatus::Offline {
            return;
        }
        self.work();
        let state = match self.family {
            PrinterFamily::EscPos => {
                answers::automatic(self.said(), self.is_contact_high()).to_vec()
            }
            PrinterFamily::Star => {
                answers::star_state(self.said(), self.is_contact_high()).to_vec()
            }
        };
        if self.is_telling && state != self.told {
            self.replies.extend(&state);
            self.told = state;
        }
    }

    /// What it has to say, while it is on.
    pub(super) fn say(&mut self, out: &mut Vec<u8>) {
        if self.status == PrinterStatus::Offline {
            self.replies.clear();
        }
        out.append(&mut self.replies);
    }

    /// Prints what waits, if nothing keeps it from printing.
    pub(super) fn work(&mut self) {
        if self.lies {
            self.swallow();
            return;
        }
        while self.is_gate_open && self.status.fault().is_none() {
            let Some((command, _)) = self.waiting.front() else { break };
            let length = command.len();
            if self.pace.as_mut().is_some_and(|pace| !pace.allows(length)) {
                return;
            }
            let Some((command, printed)) = self.waiting.pop_front() else { break };
            self.waiting_bytes -= length;
            // The file comes first: what is answered must be on paper. A printer that cannot keep
            // its paper is broken.
            if let Some(file) = &mut self.paper_file
                && file.write_all(&command).is_err()
            {
                self.set_status(PrinterStatus::Offline);
                return;
            }
            printed.into_iter().for_each(|printed| self.keep(printed));
        }
        self.pace.iter_mut().for_each(Pace::rest);
    }

    /// Its motor turns, and nothing comes out.
    fn swallow(&mut self) {
        for (_, printed) in std::mem::take(&mut self.waiting) {
            if printed.contains(&Printed::AskedInTurn) {
                self.replies.push(0x00);
            }
        }
        self.waiting_bytes = 0;
    }

    fn keep(&mut self, printed: Printed) {
        match printed {
            Printed::JobMark(mark) if self.family == PrinterFamily::Star => {
                let [a, b, ..] = mark;
                self.print_ends = self.print_ends.wrapping_add(1);
                self.replies.extend(star::mark_reply([a, b], self.print_ends));
            }
            Printed::JobMark(mark) => self.replies.extend(command::mark_reply(mark)),
            Printed::AskedInTurn => {
                let is_low = self.status == PrinterStatus::PaperLow;
                self.replies.push(if is_low { 0x03 } else { 0x00 });
            }
            Printed::DrawerPulse(drawer) => self.kick(drawer),
            Printed::Beep => self.beeps += 1,
            Printed::Started => self.is_telling = false,
            Printed::AutomaticStatus(is_on) => {
                // It tells at once how it is.
                self.is_telling = is_on;
                self.told.clear();
            }
            Printed::Cut => {
                self.printed += 1;
                self.receipts_printed += 1;
                self.open.push(Printed::Cut);
                self.receipts.push_back(std::mem::take(&mut self.open));
                if self.receipts.len() > RECEIPTS_MAX {
                    self.receipts.pop_front();
                }
            }
            Printed::Text { .. } | Printed::Raster(_) | Printed::Code(_) | Printed::Unknown(_) => {
                self.printed += 1;
                self.open.push(printed);
            }
        }
    }
}
