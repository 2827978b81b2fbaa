//! What a printer makes of its bytes. Pure: the simulator prints with it, tests read with it.

mod esc_pos;
mod star;
mod text;

use store_core::receipt::{Align, TextSize};

use super::bitmap::Bitmap;
use super::codec::{Charset, Code};
use super::profile::{DrawerPin, PrinterFamily};

pub use text::{paper_text, receipts};

/// Most bytes of one picture: a metre of the widest paper has 1.1 MB of dots. What claims to be
/// larger is taken for text, as a printer does that has lost its place.
const RASTER_BYTES_MAX: usize = 2_000_000;
/// Most characters of one row before it is printed without being told to.
const ROW_CHARACTERS_MAX: usize = 512;
/// Most bytes of a code that ends in a mark rather than having its length said.
const CODE_BYTES_MAX: usize = 255;

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
    /// It drew a code by itself.
    Code(Code),
    /// It cut the paper.
    Cut,
    /// It opened a drawer.
    DrawerPulse(DrawerPin),
    /// It beeped.
    Beep,
    /// It came to a job's mark, and answers it.
    JobMark([u8; 4]),
    /// It came to a question that stands in turn, and answers it.
    AskedInTurn,
    /// It was told whether to tell of changes by itself.
    AutomaticStatus(bool),
    /// It began again as after power on.
    Started,
    /// It met a command that this subset does not have, and passed over its first two bytes.
    Unknown([u8; 2]),
}

/// Reads bytes as they come, cut anywhere.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    family: PrinterFamily,
    charset: Charset,
    waiting: Vec<u8>,
    row: String,
    align: Align,
    is_bold: bool,
    size: TextSize,
    is_chinese: bool,
    code_height: u8,
    qr_text: String,
    qr_dots: u8,
}

/// What comes next in the bytes.
enum Step {
    /// The rest of it has not come.
    More,
    /// So many bytes are this.
    Take(usize, Command),
}

enum Command {
    /// Nothing that is kept.
    Pass,
    /// A question or an order that was carried out when it arrived: it never reaches the paper.
    RealTime,
    Init,
    Feed(usize),
    Align(Align),
    Bold(bool),
    Size(TextSize),
    Chinese(bool),
    Character(char),
    Pair(u8, u8),
    Raster(Bitmap),
    CodeHeight(u8),
    /// A code as high as was said before.
    Bars(Bars, String),
    /// A code and its height.
    BarsOf(Bars, String, u8),
    QrDots(u8),
    QrText(String),
    QrPrint,
    Act(Printed),
}

#[derive(Clone, Copy)]
enum Bars {
    Code39,
    Ean,
    Code128,
}

impl Bars {
    const fn code(self, text: String, height_dots: u8) -> Code {
        match self {
            Self::Code39 => Code::Code39 { text, height_dots },
            Self::Ean => Code::Ean { digits: text, height_dots },
            Self::Code128 => Code::Code128 { text, height_dots },
        }
    }
}

impl Decoder {
    /// A decoder of what is sent to a printer of this family, with such letters inside.
    #[must_use]
    pub fn new(family: PrinterFamily, charset: Charset) -> Self {
        Self { family, charset, ..Self::default() }
    }

    /// The power was cut: what it had in its memory is gone.
    pub(super) fn forget(&mut self) {
        *self = Self::new(self.family, self.charset);
    }

    /// Takes bytes; answers what the printer does because of them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Printed> {
        let mut all = Vec::new();
        self.push_each(bytes, |_, printed| all.extend(printed));
        all
    }

    /// The same, command by command with its bytes. Those that were carried out when they arrived
    /// are left out.
    pub(super) fn push_each(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8], Vec<Printed>)) {
        self.waiting.extend_from_slice(bytes);
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        while let Step::Take(length, command) = self.step(rest) {
            let (taken, after) = rest.split_at_checked(length.max(1)).unwrap_or((rest, &[]));
            rest = after;
            if !matches!(command, Command::RealTime) {
                let mut printed = Vec::new();
                self.carry_out(command, &mut printed);
                each(taken, printed);
            }
        }
        self.waiting = rest.to_vec();
    }

    fn step(&self, rest: &[u8]) -> Step {
        let step = match self.family {
            PrinterFamily::EscPos => esc_pos::step(rest),
            PrinterFamily::Star => star::step(rest),
        };
        step.unwrap_or_else(|| match rest {
            [] => Step::More,
            [0x0a, ..] => Step::Take(1, Command::Feed(1)),
            [0x00..=0x1f | 0x7f, ..] => Step::Take(1, Command::Pass),
            [byte @ 0x20..=0x7e, ..] => Step::Take(1, Command::Character(char::from(*byte))),
            [0x81..=0xfe] if self.is_chinese => Step::More,
            [lead @ 0x81..=0xfe, trail, ..] if self.is_chinese => {
                Step::Take(2, Command::Pair(*lead, *trail))
            }
            [_, ..] => Step::Take(1, Command::Character(char::REPLACEMENT_CHARACTER)),
        })
    }

    fn carry_out(&mut self, command: Command, printed: &mut Vec<Printed>) {
        match command {
            Command::Pass | Command::RealTime => {}
            Command::Init => {
                self.forget();
                printed.push(Printed::Started);
            }
            Command::Align(align) => self.align = align,
            Command::Bold(is_bold) => self.is_bold = is_bold,
            Command::Size(size) => self.size = size,
            Command::Chinese(is_chinese) => self.is_chinese = is_chinese,
            Command::Character(character) => self.write(character, printed),
            Command::Pair(lead, trail) => self.write(self.charset.decode(lead, trail), printed),
            Command::Feed(rows) => (0..rows).for_each(|_| self.end_row(printed)),
            Command::CodeHeight(dots) => self.code_height = dots,
            Command::QrDots(dots) => self.qr_dots = dots,
            Command::QrText(text) => self.qr_text = text,
            Command::QrPrint => {
                let code = Code::Qr { text: self.qr_text.clone(), module_dots: self.qr_dots };
                self.act(Printed::Code(code), printed);
            }
            Command::Bars(bars, text) => {
                self.act(Printed::Code(bars.code(text, self.code_height)), printed);
            }
            Command::BarsOf(bars, text, height_dots) => {
                self.act(Printed::Code(bars.code(text, height_dots)), printed);
            }
            Command::Raster(bitmap) => self.act(Printed::Raster(bitmap), printed),
            Command::Act(act) => self.act(act, printed),
        }
    }

    fn write(&mut self, character: char, printed: &mut Vec<Printed>) {
        self.row.push(character);
        if self.row.chars().count() >= ROW_CHARACTERS_MAX {
            self.end_row(printed);
        }
    }

    fn act(&mut self, act: Printed, printed: &mut Vec<Printed>) {
        if !self.row.is_empty() {
            self.end_row(printed);
        }
        printed.push(act);
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

const fn unknown(first: u8, second: u8) -> Step {
    Step::Take(2, Command::Act(Printed::Unknown([first, second])))
}

const fn align(n: u8) -> Align {
    match n {
        1 | 0x31 => Align::Centre,
        2 | 0x32 => Align::Right,
        _ => Align::Left,
    }
}

/// Dots behind a header of so many bytes, the first two of which are the command's.
fn raster(header: usize, start: [u8; 2], size: [u8; 4], dots: &[u8]) -> Step {
    let [width_low, width_high, height_low, height_high] = size;
    let width = usize::from(u16::from_le_bytes([width_low, width_high]));
    let length = width * usize::from(u16::from_le_bytes([height_low, height_high]));
    if length > RASTER_BYTES_MAX {
        return unknown(start[0], start[1]);
    }
    dots.get(..length).map_or(Step::More, |dots| {
        Step::Take(header + length, Command::Raster(Bitmap::from_bytes(width, dots)))
    })
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
