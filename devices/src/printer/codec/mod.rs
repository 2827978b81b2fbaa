//! A receipt as a printer's bytes. Pure.

mod code;
mod collector;
pub mod command;
mod language;
pub mod star;

use std::sync::Arc;

use store_core::receipt::{Align, COLUMN_DOTS, Element, ReceiptDocument, Row, Symbol, TextSize};

use super::bitmap::Bitmap;
use super::contract::PrintJobId;
use super::font::FontStack;
use super::paint::{self, BLANK_DOTS, Writing};
use super::settings::{Mode, PrinterSettings};

pub use crate::charset::Charset;
use code::QR_BYTES_MAX;
pub use code::{Code, beside};
#[cfg(test)]
pub(super) use collector::Collector;

/// Rows of dots sent at once. A printer that lost the rest of a band takes what follows for its
/// dots, and a drawer's pulse waits for the end of one: small bands make both short.
const BAND_DOTS: usize = 48;
/// More than stands before the dots of a band or the text of a code.
const HEADER_BYTES: usize = 16;
/// One thing on the paper, from which bytes are made: what a receipt's elements become for paper
/// of a known width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A row of a receipt.
    Row(Row),
    /// A code in the middle.
    Code(Code),
    /// Two codes side by side in the middle, always sent as dots.
    Pair([Code; 2]),
}

/// Makes bytes of receipts for one printer.
#[derive(Clone)]
pub struct Encoder {
    settings: PrinterSettings,
    fonts: Arc<FontStack>,
    columns: usize,
}

impl Encoder {
    /// An encoder for a printer. Without fonts letters are drawn with those that are built in.
    #[must_use]
    pub fn new(settings: PrinterSettings, fonts: Option<Arc<FontStack>>) -> Self {
        let columns = settings.profile.columns();
        let fonts = fonts.unwrap_or_else(|| Arc::new(FontStack::built_in()));
        Self { settings, fonts, columns }
    }

    /// The bytes of a job, in pieces that are whole commands: between two of them a printer may be
    /// asked how it is. They end in what the printer confirms the job by.
    #[must_use]
    pub fn encode(&self, document: &ReceiptDocument, job: PrintJobId) -> Vec<Vec<u8>> {
        self.encode_parts(&self.parts(document), job)
    }

    /// The same of parts, for papers that are no receipt.
    #[must_use]
    pub fn encode_parts(&self, parts: &[Part], job: PrintJobId) -> Vec<Vec<u8>> {
        let PrinterSettings { family, profile, mode, .. } = &self.settings;
        let mut bytes = Pieces::default();
        bytes.say(&family.init(profile));
        match mode {
            Mode::Raster => self.raster(&mut bytes, parts),
            Mode::Big5 | Mode::Gb18030 => self.text(&mut bytes, parts),
        }
        bytes.say(&family.end_of_job(profile, command::mark_of(job)));
        bytes.0
    }

    /// As many bytes of nothing as complete any command of this printer's that was cut off in the
    /// middle: they are white dots to one that waits for the rest of a band, and a printer that
    /// waits for nothing passes over them.
    #[must_use]
    pub fn padding(&self) -> Vec<u8> {
        vec![0x00; (BAND_DOTS * self.dots() / 8).max(QR_BYTES_MAX) + HEADER_BYTES]
    }

    /// A receipt's parts on this printer's paper, with the logo above them.
    #[must_use]
    pub fn parts(&self, document: &ReceiptDocument) -> Vec<Part> {
        let mut parts = Vec::new();
        for element in &document.elements {
            let code = Code::of(element).filter(|code| code.symbol(self.dots()).is_some());
            if let Some(code) = code {
                parts.push(Part::Code(code));
            } else {
                let rows = ReceiptDocument::new(vec![element.clone()]).rows(self.columns);
                parts.extend(rows.into_iter().map(Part::Row));
            }
        }
        parts
    }

    const fn dots(&self) -> usize {
        self.columns * COLUMN_DOTS
    }

    fn raster(&self, bytes: &mut Pieces, parts: &[Part]) {
        let mut has_logo = false;
        for some in parts.split_inclusive(is_act) {
            let mut paper = Bitmap::new(self.dots(), 0);
            // Below the pulse that a receipt begins with: the drawer is not to wait for a picture.
            if !has_logo && !some.iter().all(is_act) {
                has_logo = true;
                self.settings.logo.iter().for_each(|logo| paper.append_centred(logo));
            }
            paper.append(&self.paint_parts(some));
            self.send(bytes, &paper);
            some.last().into_iter().for_each(|part| self.act(bytes, part));
        }
    }

    /// Rows as dots, as wide as the paper: what a printer puts on it, and a page may show. A
    /// letter that no font has is a box.
    #[must_use]
    pub fn paint(&self, rows: &[Row]) -> Bitmap {
        let mut paper = Bitmap::new(self.dots(), 0);
        rows.iter().for_each(|row| self.paint_row(&mut paper, row));
        paper.calmed()
    }

    /// The same of parts.
    #[must_use]
    pub fn paint_parts(&self, parts: &[Part]) -> Bitmap {
        let mut paper = Bitmap::new(self.dots(), 0);
        for part in parts {
            match part {
                Part::Row(row) => self.paint_row(&mut paper, row),
                Part::Code(_) | Part::Pair(_) => match self.symbol(part) {
                    Some(symbol) => paper.append(&paint::symbol(self.columns, &symbol)),
                    None => {
                        let rows = self.texts(part);
                        rows.iter().for_each(|row| self.paint_row(&mut paper, row));
                    }
                },
            }
        }
        paper.calmed()
    }

    fn paint_row(&self, paper: &mut Bitmap, row: &Row) {
        match row {
            Row::Text { text, align, is_bold, size } => {
                let writing = Writing { text, align: *align, is_bold: *is_bold, size: *size };
                paper.append(&paint::text_row(&self.fonts, self.columns, writing));
            }
            Row::Symbol(symbol) => paper.append(&paint::symbol(self.columns, symbol)),
            Row::Rule => paper.append(&paint::rule(self.columns)),
            Row::Blank => paper.append_white(BLANK_DOTS),
            Row::Cut | Row::DrawerPulse => {}
        }
    }

    fn symbol(&self, part: &Part) -> Option<Symbol> {
        match part {
            Part::Row(_) => None,
            Part::Code(code) => code.symbol(self.dots()),
            Part::Pair([left, right]) => {
                let half = self.dots() / 2;
                beside(&left.symbol(half)?, &right.symbol(half)?, self.dots())
            }
        }
    }

    /// What stands in the place of codes that cannot be drawn.
    fn texts(&self, part: &Part) -> Vec<Row> {
        let codes = match part {
            Part::Row(_) => &[][..],
            Part::Code(code) => std::slice::from_ref(code),
            Part::Pair(codes) => codes,
        };
        let elements = codes.iter().map(|code| Element::Text {
            text: code.text().to_owned(),
            align: Align::Centre,
            is_bold: false,
            size: TextSize::Normal,
        });
        ReceiptDocument::new(elements.collect()).rows(self.columns)
    }

    fn text(&self, bytes: &mut Pieces, parts: &[Part]) {
        if self.charset().is_some() {
            bytes.say(&command::CODE_PAGE_437);
        }
        let mut style = Style::default();
        let mut has_logo = false;
        for part in parts {
            if !has_logo && !is_act(part) {
                has_logo = true;
                if let Some(logo) = &self.settings.logo {
                    let mut paper = Bitmap::new(self.dots(), 0);
                    paper.append_centred(logo);
                    self.send(bytes, &paper);
                }
            }
            self.text_part(bytes, part, &mut style);
        }
    }

    fn text_part(&self, bytes: &mut Pieces, part: &Part, style: &mut Style) {
        let family = self.settings.family;
        match part {
            Part::Row(Row::Text { text, align, is_bold, size }) => {
                let wanted = Style { align: *align, is_bold: *is_bold, size: *size };
                self.text_row(bytes, text, wanted, style);
            }
            Part::Row(Row::Rule) => {
                bytes.say(&style.change(Style::default(), family));
                bytes.say(&vec![b'-'; self.columns]);
                bytes.say(&[command::LINE_FEED]);
            }
            Part::Row(Row::Symbol(symbol)) => self.symbol_dots(bytes, symbol, style),
            Part::Row(Row::Blank) => bytes.say(&[command::LINE_FEED]),
            Part::Row(Row::Cut | Row::DrawerPulse) => self.act(bytes, part),
            Part::Code(code) if self.settings.native_symbols && self.is_native(code) => {
                let centred = Style { align: Align::Centre, ..Style::default() };
                bytes.say(&style.change(centred, family));
                family.code(code).iter().for_each(|commands| bytes.say(commands));
            }
            Part::Code(_) | Part::Pair(_) => match self.symbol(part) {
                Some(symbol) => self.symbol_dots(bytes, &symbol, style),
                None => {
                    let rows = self.texts(part).into_iter().map(Part::Row);
                    rows.for_each(|row| self.text_part(bytes, &row, style));
                }
            },
        }
    }

    fn is_native(&self, code: &Code) -> bool {
        code.is_native(&self.settings.profile)
    }

    fn symbol_dots(&self, bytes: &mut Pieces, symbol: &Symbol, style: &mut Style) {
        bytes.say(&style.change(Style::default(), self.settings.family));
        self.send(bytes, &paint::symbol_cropped(self.columns, symbol));
    }

    fn charset(&self) -> Option<Charset> {
        self.settings.mode.charset(&self.settings.profile)
    }

    fn text_row(&self, bytes: &mut Pieces, text: &str, wanted: Style, style: &mut Style) {
        let family = self.settings.family;
        let Some(encoded) = crate::charset::encode(self.charset(), text) else {
            bytes.say(&style.change(Style::default(), family));
            let Style { align, is_bold, size } = wanted;
            let writing = Writing { text, align, is_bold, size };
            self.send(bytes, &paint::text_row(&self.fonts, self.columns, writing));
            return;
        };
        bytes.say(&style.change(wanted, family));
        // ASCII keeps one byte in Chinese mode too, so a row needs to change only once.
        let is_chinese = encoded.iter().any(|byte| *byte >= 0x80);
        if is_chinese {
            bytes.say(&command::CHINESE_ON);
        }
        bytes.say(&encoded);
        if is_chinese {
            bytes.say(&command::CHINESE_OFF);
        }
        bytes.say(&[command::LINE_FEED]);
    }

    fn act(&self, bytes: &mut Pieces, part: &Part) {
        let PrinterSettings { family, profile, drawer, .. } = &self.settings;
        match part {
            Part::Row(Row::Cut) => bytes.say(&family.cut(profile)),
            Part::Row(Row::DrawerPulse) if profile.drawers > 0 => {
                bytes.say(&family.drawer_pulse(*drawer));
            }
            _ => {}
        }
    }

    fn send(&self, bytes: &mut Pieces, paper: &Bitmap) {
        for band in paper.clone().calmed().bands(BAND_DOTS) {
            bytes.say(&self.settings.family.raster(&band));
        }
    }
}

fn is_act(part: &Part) -> bool {
    matches!(part, Part::Row(Row::Cut | Row::DrawerPulse))
}

/// Commands in pieces of about [`PIECE_BYTES`].
#[derive(Default)]
struct Pieces(Vec<Vec<u8>>);

/// Bytes that are worth a write of their own: a tenth of a second at 9,600 baud.
const PIECE_BYTES: usize = 1024;

impl Pieces {
    fn say(&mut self, command: &[u8]) {
        match self.0.last_mut() {
            Some(last) if last.len() + command.len() <= PIECE_BYTES => {
                last.extend_from_slice(command);
            }
            _ if command.is_empty() => {}
            _ => self.0.push(command.to_vec()),
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    align: Align,
    is_bold: bool,
    size: TextSize,
}

impl Style {
    fn change(&mut self, wanted: Self, family: super::PrinterFamily) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.align != wanted.align {
            bytes.extend(family.align(wanted.align));
        }
        if self.is_bold != wanted.is_bold {
            bytes.extend(family.bold(wanted.is_bold));
        }
        if self.size != wanted.size {
            bytes.extend(family.size(wanted.size));
        }
        *self = wanted;
        bytes
    }
}
