//! What a printer makes of its bytes. Pure: the simulator prints with it, tests read with it.

use store_core::receipt::{Align, TextSize, text_columns};

use super::bitmap::Bitmap;

/// Most bytes of one picture: a metre of the widest paper has 1.1 MB of dots. What claims to be
/// larger is taken for text, as a printer does that has lost its place.
const RASTER_BYTES_MAX: usize = 2_000_000;
/// Most characters of one row before it is printed without being told to.
const ROW_CHARACTERS_MAX: usize = 512;

/// One thing that a printer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// It printed a row of text; an empty one is a feed of one row.
    Text {
        /// The text.
        text: String,
        /// Where it stands.
        align: Align,
        /// Whether it is bold.
        is_bold: bool,
        /// Its size.
        size: TextSize,
    },
    /// It printed dots.
    Raster(Bitmap),
    /// It cut the paper.
    Cut,
    /// It opened the drawer.
    DrawerPulse,
    /// It came to a job's mark, and answers it.
    JobMark([u8; 4]),
    /// It met a command that this subset does not have, and passed over its first two bytes.
    Unknown([u8; 2]),
}

/// Reads bytes as they come, cut anywhere.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    waiting: Vec<u8>,
    row: String,
    align: Align,
    is_bold: bool,
    size: TextSize,
    is_chinese: bool,
}

enum Step {
    More,
    Take(usize, Command),
}

enum Command {
    Pass,
    Init,
    Feed(usize),
    Align(Align),
    Bold(bool),
    Size(TextSize),
    Chinese(bool),
    Character(char),
    Raster(Bitmap),
    Act(Printed),
}

impl Decoder {
    /// Takes bytes; answers what the printer does because of them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Printed> {
        self.waiting.extend_from_slice(bytes);
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        let mut printed = Vec::new();
        while let Step::Take(length, command) = step(rest, self.is_chinese) {
            self.carry_out(command, &mut printed);
            rest = rest.get(length.max(1)..).unwrap_or_default();
        }
        self.waiting = rest.to_vec();
        printed
    }

    fn carry_out(&mut self, command: Command, printed: &mut Vec<Printed>) {
        match command {
            Command::Pass => {}
            Command::Init => *self = Self::default(),
            Command::Align(align) => self.align = align,
            Command::Bold(is_bold) => self.is_bold = is_bold,
            Command::Size(size) => self.size = size,
            Command::Chinese(is_chinese) => self.is_chinese = is_chinese,
            Command::Character(character) => {
                self.row.push(character);
                if self.row.chars().count() >= ROW_CHARACTERS_MAX {
                    self.end_row(printed);
                }
            }
            Command::Feed(rows) => {
                for _ in 0..rows {
                    self.end_row(printed);
                }
            }
            Command::Raster(bitmap) => {
                self.flush(printed);
                printed.push(Printed::Raster(bitmap));
            }
            Command::Act(act) => {
                self.flush(printed);
                printed.push(act);
            }
        }
    }

    fn flush(&mut self, printed: &mut Vec<Printed>) {
        if !self.row.is_empty() {
            self.end_row(printed);
        }
    }

    fn end_row(&mut self, printed: &mut Vec<Printed>) {
        printed.push(Printed::Text {
            text: std::mem::take(&mut self.row),
            align: self.align,
            is_bold: self.is_bold,
            size: self.size,
        });
    }
}

fn step(rest: &[u8], is_chinese: bool) -> Step {
    match rest {
        [] | [0x10 | 0x1b | 0x1c | 0x1d] => Step::More,
        [0x0a, ..] => Step::Take(1, Command::Feed(1)),
        [0x10, after @ ..] => real_time(after),
        [0x1b, after @ ..] => escape(after),
        [0x1c, after @ ..] => field(after),
        [0x1d, after @ ..] => group(after),
        [0x00..=0x1f | 0x7f, ..] => Step::Take(1, Command::Pass),
        [byte @ 0x20..=0x7e, ..] => Step::Take(1, Command::Character(char::from(*byte))),
        [0x81..=0xfe] if is_chinese => Step::More,
        [lead @ 0x81..=0xfe, trail, ..] if is_chinese => {
            Step::Take(2, Command::Character(chinese(*lead, *trail)))
        }
        [_, ..] => Step::Take(1, Command::Character(char::REPLACEMENT_CHARACTER)),
    }
}

fn chinese(lead: u8, trail: u8) -> char {
    let pair = [lead, trail];
    let (text, _) = encoding_rs::BIG5.decode_without_bom_handling(&pair);
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn real_time(after: &[u8]) -> Step {
    match after {
        [0x14] | [0x04] => Step::More,
        // Answered when it arrived; here it only has to be passed over.
        [0x04, _, ..] => Step::Take(3, Command::Pass),
        [0x14, arguments @ ..] if arguments.len() < 3 => Step::More,
        [0x14, 0x01, ..] => Step::Take(5, Command::Act(Printed::DrawerPulse)),
        _ => Step::Take(1, Command::Pass),
    }
}

fn escape(after: &[u8]) -> Step {
    match after {
        [] => Step::More,
        [0x40, ..] => Step::Take(2, Command::Init),
        [0x32, ..] => Step::Take(2, Command::Pass),
        [0x45 | 0x61 | 0x64 | 0x74 | 0x33 | 0x21 | 0x2d | 0x52] => Step::More,
        [0x45, n, ..] => Step::Take(3, Command::Bold(n & 1 == 1)),
        [0x61, n, ..] => Step::Take(3, Command::Align(align(*n))),
        [0x64, n, ..] => Step::Take(3, Command::Feed(usize::from(*n))),
        [0x74 | 0x33 | 0x21 | 0x2d | 0x52, _, ..] => Step::Take(3, Command::Pass),
        [0x70, arguments @ ..] if arguments.len() < 3 => Step::More,
        [0x70, ..] => Step::Take(5, Command::Act(Printed::DrawerPulse)),
        [other, ..] => unknown(0x1b, *other),
    }
}

const fn align(n: u8) -> Align {
    match n {
        1 | 0x31 => Align::Centre,
        2 | 0x32 => Align::Right,
        _ => Align::Left,
    }
}

fn field(after: &[u8]) -> Step {
    match after {
        [] => Step::More,
        [0x26, ..] => Step::Take(2, Command::Chinese(true)),
        [0x2e, ..] => Step::Take(2, Command::Chinese(false)),
        [0x21 | 0x2d] | [0x53] | [0x53, _] => Step::More,
        [0x21 | 0x2d, _, ..] => Step::Take(3, Command::Pass),
        [0x53, ..] => Step::Take(4, Command::Pass),
        [other, ..] => unknown(0x1c, *other),
    }
}

fn group(after: &[u8]) -> Step {
    match after {
        [] | [0x21 | 0x42 | 0x56 | 0x61 | 0x72 | 0x49] => Step::More,
        [0x21, n, ..] => {
            let size = if n & 0x77 == 0 { TextSize::Normal } else { TextSize::Double };
            Step::Take(3, Command::Size(size))
        }
        [0x42 | 0x61 | 0x72 | 0x49, _, ..] => Step::Take(3, Command::Pass),
        [0x56, 0x41 | 0x42] => Step::More,
        [0x56, 0x41 | 0x42, _, ..] => Step::Take(4, Command::Act(Printed::Cut)),
        [0x56, _, ..] => Step::Take(3, Command::Act(Printed::Cut)),
        [0x28, arguments @ ..] => parenthesis(arguments),
        [0x76, arguments @ ..] => raster(arguments),
        [other, ..] => unknown(0x1d, *other),
    }
}

/// `GS ( x`: its length is written in it, so any can be passed over.
fn parenthesis(arguments: &[u8]) -> Step {
    let [name, low, high, body @ ..] = arguments else {
        return Step::More;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    let Some(body) = body.get(..length) else {
        return Step::More;
    };
    let command = match (name, body) {
        (0x48, [0x30, 0x30, a, b, c, d]) => Command::Act(Printed::JobMark([*a, *b, *c, *d])),
        _ => Command::Pass,
    };
    Step::Take(5 + length, command)
}

fn raster(arguments: &[u8]) -> Step {
    let [0x30, _, width_low, width_high, height_low, height_high, dots @ ..] = arguments else {
        let is_begun = arguments.first().is_none_or(|byte| *byte == 0x30) && arguments.len() < 6;
        return if is_begun { Step::More } else { unknown(0x1d, 0x76) };
    };
    let width = usize::from(u16::from_le_bytes([*width_low, *width_high]));
    let length = width * usize::from(u16::from_le_bytes([*height_low, *height_high]));
    if length > RASTER_BYTES_MAX {
        return unknown(0x1d, 0x76);
    }
    dots.get(..length).map_or(Step::More, |dots| {
        Step::Take(8 + length, Command::Raster(Bitmap::from_bytes(width, dots)))
    })
}

const fn unknown(first: u8, second: u8) -> Step {
    Step::Take(2, Command::Act(Printed::Unknown([first, second])))
}

/// The rows of text on paper of so many columns, a picture as its size, a cut as a row of its own.
#[must_use]
pub fn paper_text(printed: &[Printed], columns: usize) -> String {
    let mut out = String::new();
    for each in printed {
        match each {
            Printed::Text { text, align, size, .. } => {
                let factor = if *size == TextSize::Double { 2 } else { 1 };
                let free = columns.saturating_sub(text_columns(text) * factor);
                let margin = match align {
                    Align::Left => 0,
                    Align::Centre => free / 2,
                    Align::Right => free,
                };
                out.extend(std::iter::repeat_n(' ', margin));
                out.push_str(text);
            }
            Printed::Raster(dots) => {
                out.push_str(&format!("[{} x {} dots]", dots.width_dots(), dots.height_dots()));
            }
            Printed::Cut => out.push_str("=== cut ==="),
            Printed::DrawerPulse | Printed::JobMark(_) | Printed::Unknown(_) => continue,
        }
        out.push('\n');
    }
    out
}

/// What was printed, receipt by receipt: each ends behind its cut and the mark after it. What
/// follows the last cut is left out, for it is no whole receipt.
#[must_use]
pub fn receipts(printed: &[Printed]) -> Vec<Vec<Printed>> {
    let mut receipts: Vec<Vec<Printed>> = Vec::new();
    let mut open = Vec::new();
    for each in printed {
        if let (Printed::JobMark(_), true, Some(last)) =
            (each, open.is_empty(), receipts.last_mut())
        {
            last.push(each.clone());
            continue;
        }
        open.push(each.clone());
        if *each == Printed::Cut {
            receipts.push(std::mem::take(&mut open));
        }
    }
    receipts
}
