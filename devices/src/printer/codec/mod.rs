//! A receipt as ESC/POS bytes. Pure.

mod big5;
pub mod command;

use std::sync::Arc;

use store_core::receipt::{
    Align, COLUMN_DOTS, COLUMNS_MAX, COLUMNS_MIN, ReceiptDocument, Row, TextSize,
};

use super::bitmap::Bitmap;
use super::contract::PrintJobId;
use super::font::FontStack;
use super::paint::{self, BLANK_DOTS, Writing};

pub use big5::is_safe_pair;

/// Rows of dots sent at once: what the smallest buffers of 80 mm printers hold several times.
const BAND_DOTS: usize = 240;

/// How text gets onto the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Drawn here and sent as dots: the same on every printer, and any character that a font has.
    /// Without a font it falls back to [`Mode::Text`].
    #[default]
    Raster,
    /// Sent as ASCII and Big5 for the printer's own font: fast, and right only on a printer with
    /// Traditional Chinese inside. A row that it cannot write is sent as dots; without a font its
    /// strange characters become question marks.
    Text,
}

/// Makes bytes of receipts for one kind of printer.
#[derive(Clone)]
pub struct Encoder {
    columns: usize,
    mode: Mode,
    fonts: Option<Arc<FontStack>>,
}

impl Encoder {
    /// An encoder for paper of so many columns of 12 dots: 48 on an 80 mm roll (576 dots), 32 on a
    /// 58 mm roll (384 dots).
    #[must_use]
    pub fn new(columns: usize, mode: Mode, fonts: Option<Arc<FontStack>>) -> Self {
        Self { columns: columns.clamp(COLUMNS_MIN, COLUMNS_MAX), mode, fonts }
    }

    /// The bytes of a job. They end in a mark that the printer answers when what stands before it
    /// is on paper.
    #[must_use]
    pub fn encode(&self, document: &ReceiptDocument, job: PrintJobId) -> Vec<u8> {
        let mut bytes = command::INIT.to_vec();
        let rows = document.rows(self.columns);
        match (self.mode, &self.fonts) {
            (Mode::Raster, Some(_)) => self.raster(&mut bytes, &rows),
            _ => self.text(&mut bytes, &rows),
        }
        bytes.extend(command::job_mark(command::mark_of(job)));
        bytes
    }

    fn raster(&self, bytes: &mut Vec<u8>, rows: &[Row]) {
        for part in rows.split_inclusive(|row| matches!(row, Row::Cut | Row::DrawerPulse)) {
            send(bytes, &self.paint(part));
            if let Some(row) = part.last() {
                act(bytes, row);
            }
        }
    }

    /// The rows as dots, as wide as the paper: what a printer puts on it, and a page may show. A
    /// letter that no font has is a box.
    #[must_use]
    pub fn paint(&self, rows: &[Row]) -> Bitmap {
        let mut paper = Bitmap::new(self.columns * COLUMN_DOTS, 0);
        for row in rows {
            match row {
                Row::Text { text, align, is_bold, size } => {
                    let writing = Writing { text, align: *align, is_bold: *is_bold, size: *size };
                    paper.append(&paint::text_row(self.fonts.as_deref(), self.columns, writing));
                }
                Row::Symbol(symbol) => paper.append(&paint::symbol(self.columns, symbol)),
                Row::Rule => paper.append(&paint::rule(self.columns)),
                Row::Blank => paper.append_white(BLANK_DOTS),
                Row::Cut | Row::DrawerPulse => {}
            }
        }
        paper
    }

    fn text(&self, bytes: &mut Vec<u8>, rows: &[Row]) {
        bytes.extend(command::CODE_PAGE_437);
        let mut style = Style::default();
        for row in rows {
            match row {
                Row::Text { text, align, is_bold, size } => {
                    let wanted = Style { align: *align, is_bold: *is_bold, size: *size };
                    self.text_row(bytes, text, wanted, &mut style);
                }
                Row::Rule => {
                    style.change(Style::default(), bytes);
                    bytes.extend(std::iter::repeat_n(b'-', self.columns));
                    bytes.push(command::LINE_FEED);
                }
                // No printer draws codes like another, and some not at all: they are sent as dots.
                Row::Symbol(symbol) => {
                    style.change(Style::default(), bytes);
                    send(bytes, &paint::symbol_cropped(self.columns, symbol));
                }
                Row::Blank => bytes.push(command::LINE_FEED),
                Row::Cut | Row::DrawerPulse => act(bytes, row),
            }
        }
    }

    fn text_row(&self, bytes: &mut Vec<u8>, text: &str, wanted: Style, style: &mut Style) {
        if let (None, Some(fonts)) = (big5::encode(text), &self.fonts) {
            style.change(Style::default(), bytes);
            let Style { align, is_bold, size } = wanted;
            let writing = Writing { text, align, is_bold, size };
            send(bytes, &paint::text_row(Some(fonts), self.columns, writing));
            return;
        }
        style.change(wanted, bytes);
        let encoded = big5::encode(text).unwrap_or_else(|| big5::encode_lossy(text));
        // ASCII keeps one byte in Chinese mode too, so a row needs to change only once.
        let is_chinese = encoded.iter().any(|byte| *byte >= 0x80);
        if is_chinese {
            bytes.extend(command::CHINESE_ON);
        }
        bytes.extend(encoded);
        if is_chinese {
            bytes.extend(command::CHINESE_OFF);
        }
        bytes.push(command::LINE_FEED);
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    align: Align,
    is_bold: bool,
    size: TextSize,
}

impl Style {
    fn change(&mut self, wanted: Self, bytes: &mut Vec<u8>) {
        if self.align != wanted.align {
            bytes.extend(command::align(wanted.align));
        }
        if self.is_bold != wanted.is_bold {
            bytes.extend(command::bold(wanted.is_bold));
        }
        if self.size != wanted.size {
            bytes.extend(command::size(wanted.size));
        }
        *self = wanted;
    }
}

fn act(bytes: &mut Vec<u8>, row: &Row) {
    match row {
        Row::Cut => bytes.extend(command::FEED_AND_CUT),
        Row::DrawerPulse => bytes.extend(command::DRAWER_PULSE),
        Row::Text { .. } | Row::Symbol(_) | Row::Rule | Row::Blank => {}
    }
}

fn send(bytes: &mut Vec<u8>, paper: &Bitmap) {
    for band in paper.bands(BAND_DOTS) {
        let [width_low, width_high] = length(band.width_bytes());
        let [height_low, height_high] = length(band.height_dots());
        bytes.extend(command::RASTER);
        bytes.extend([width_low, width_high, height_low, height_high]);
        bytes.extend(band.bytes());
    }
}

/// Both numbers are bounded far below 65,536, by the columns of paper and the rows of a band.
fn length(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}
