//! Codes that a machine reads: drawn here as cells of dots, or by the printer itself.

use barcoders::sym::code39::Code39;
use barcoders::sym::ean8::EAN8;
use barcoders::sym::ean13::EAN13;
use escpos::printer::Printer;
use escpos::utils::{Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use store_core::receipt::{Element, ReceiptDocument, Row, Symbol};

use super::collector::Collector;
use crate::printer::profile::PrinterProfile;

/// White modules on both sides of a bar code; the paper's own margin adds to them.
const QUIET_MODULES: usize = 10;
/// Widest narrow bar, in dots: a quarter of a millimetre, which every scanner reads.
const MODULE_DOTS_MAX: usize = 2;
/// Most characters of a code in bars: what fits on 80 mm with bars of one dot.
const BARS_CHARACTERS_MAX: usize = 40;
/// Most bytes of a QR code that a printer draws: with more its modules are too small for 58 mm.
pub(super) const QR_BYTES_MAX: usize = 500;
/// Longest text that a QR code of a receipt still corrects fifteen parts of a hundred of.
const QR_SAFE_BYTES_MAX: usize = 150;

/// A code by its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A QR code.
    Qr {
        /// What a scanner reads.
        text: String,
        /// Dots of a module; fewer where the paper is too narrow.
        module_dots: u8,
    },
    /// Code 39: capital letters, digits and `-. $/+%`.
    Code39 {
        /// What a scanner reads.
        text: String,
        /// Dots that it is high.
        height_dots: u8,
    },
    /// An EAN-13 or EAN-8.
    Ean {
        /// Thirteen or eight digits, the check among them.
        digits: String,
        /// Dots that it is high.
        height_dots: u8,
    },
    /// Code 128.
    Code128 {
        /// What a scanner reads, in ASCII.
        text: String,
        /// Dots that it is high.
        height_dots: u8,
    },
}

/// How much of a QR code may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QrLevel {
    Low,
    Medium,
}

impl QrLevel {
    pub(super) const fn of(text: &str) -> Self {
        if text.len() <= QR_SAFE_BYTES_MAX { Self::Medium } else { Self::Low }
    }
}

impl Code {
    /// The code that an element of a receipt is, if it is one.
    #[must_use]
    pub fn of(element: &Element) -> Option<Self> {
        match element {
            Element::Qr { text, module_dots } => {
                Some(Self::Qr { text: text.clone(), module_dots: *module_dots })
            }
            Element::Barcode { text, height_dots } => {
                Some(Self::Code128 { text: text.clone(), height_dots: *height_dots })
            }
            _ => None,
        }
    }

    /// What a scanner reads.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Qr { text, .. } | Self::Code39 { text, .. } | Self::Code128 { text, .. } => text,
            Self::Ean { digits, .. } => digits,
        }
    }

    /// The code as cells of dots; nothing where its text has no such code or the paper is too
    /// narrow for it.
    #[must_use]
    pub fn symbol(&self, paper_dots: usize) -> Option<Symbol> {
        match self {
            Self::Qr { text, module_dots } => {
                drawn(Element::Qr { text: text.clone(), module_dots: *module_dots }, paper_dots)
            }
            Self::Code128 { text, height_dots } => {
                let element = Element::Barcode { text: text.clone(), height_dots: *height_dots };
                drawn(element, paper_dots)
            }
            Self::Code39 { text, height_dots } => {
                let is_short = !text.is_empty() && text.len() <= BARS_CHARACTERS_MAX;
                let bars = is_short.then(|| Code39::new(text).ok())??;
                bars_symbol(&bars.encode(), *height_dots, paper_dots)
            }
            Self::Ean { digits, height_dots } => {
                let bars = if digits.len() == 8 {
                    EAN8::new(digits).ok()?.encode()
                } else {
                    EAN13::new(digits).ok()?.encode()
                };
                bars_symbol(&bars, *height_dots, paper_dots)
            }
        }
    }

    /// Whether the printer draws it by itself as it was meant: its kind is known there, its text
    /// can be, and it fits on the paper.
    pub(super) fn is_native(&self, profile: &PrinterProfile) -> bool {
        let paper_dots = profile.columns() * store_core::receipt::COLUMN_DOTS;
        let is_ascii = self.text().bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let is_known = match self {
            Self::Qr { text, .. } => profile.has_qr && text.len() <= QR_BYTES_MAX,
            Self::Code39 { .. } => profile.has_code39,
            Self::Ean { .. } => profile.has_ean,
            Self::Code128 { .. } => profile.has_code128 && !self.text().contains('{'),
        };
        // What cannot be drawn here at the size that was asked for is not left to the printer: it
        // would print nothing, or something too small.
        let fits = self.symbol(paper_dots).is_some_and(|symbol| match self {
            // The printer's own may be the next size: a quarter wider at most.
            Self::Qr { module_dots, .. } => {
                symbol.cell_width_dots == u16::from(*module_dots)
                    && symbol.width_dots() * 5 / 4 <= paper_dots
            }
            // Six bars of two dots, three of five, and the gap; two characters frame the text.
            Self::Code39 { text, .. } => (text.len() + 2) * (6 * 2 + 3 * 5 + 2) <= paper_dots,
            Self::Ean { .. } => usize::from(symbol.cell_width_dots) == MODULE_DOTS_MAX,
            // A start, a check, and a stop with its last bar.
            Self::Code128 { text, .. } => ((text.len() + 3) * 11 + 2) * 2 <= paper_dots,
        });
        is_ascii && is_known && fits
    }

    /// The ESC/POS commands that draw it, in the middle where the row is set so.
    pub(super) fn esc_pos(&self) -> Option<Vec<u8>> {
        match self {
            Self::Qr { text, module_dots } => {
                let level = match QrLevel::of(text) {
                    QrLevel::Low => QRCodeCorrectionLevel::L,
                    QrLevel::Medium => QRCodeCorrectionLevel::M,
                };
                let option = QRCodeOption::new(QRCodeModel::Model2, *module_dots, level);
                let collector = Collector::default();
                let mut printer = Printer::new(collector.clone(), Protocol::default(), None);
                printer.qrcode_option(text, option).ok()?.print().ok()?;
                Some(collector.take())
            }
            // Its narrow bars are two dots, its wide ones five.
            Self::Code39 { text, height_dots } => bars(0x45, text.as_bytes(), *height_dots),
            Self::Ean { digits, height_dots } => {
                let kind = if digits.len() == 8 { 0x44 } else { 0x43 };
                bars(kind, digits.as_bytes(), *height_dots)
            }
            Self::Code128 { text, height_dots } => {
                bars(0x49, &[b"{B", text.as_bytes()].concat(), *height_dots)
            }
        }
    }
}

/// Two codes side by side, the lower one with white below: no printer draws two on one band by
/// itself. Nothing where they do not fit.
#[must_use]
pub fn beside(left: &Symbol, right: &Symbol, paper_dots: usize) -> Option<Symbol> {
    if left.width_dots() + right.width_dots() > paper_dots {
        return None;
    }
    let rows = left.height_dots().max(right.height_dots());
    let cells = (0..rows).map(|y| dots_row(left, y) + &dots_row(right, y)).collect();
    Some(Symbol { cells, cell_width_dots: 1, cell_height_dots: 1 })
}

fn dots_row(symbol: &Symbol, y: usize) -> String {
    let row = y.checked_div(usize::from(symbol.cell_height_dots)).unwrap_or(0);
    let Some(cells) = symbol.cells.get(row) else {
        return "0".repeat(symbol.width_dots());
    };
    let width = usize::from(symbol.cell_width_dots);
    cells.chars().flat_map(|cell| std::iter::repeat_n(cell, width)).collect()
}

fn drawn(element: Element, paper_dots: usize) -> Option<Symbol> {
    let columns = paper_dots / store_core::receipt::COLUMN_DOTS;
    ReceiptDocument::new(vec![element]).rows(columns).into_iter().find_map(|row| match row {
        Row::Symbol(symbol) => Some(symbol),
        _ => None,
    })
}

fn bars_symbol(bars: &[u8], height_dots: u8, paper_dots: usize) -> Option<Symbol> {
    let dots = (paper_dots / bars.len().max(1)).min(MODULE_DOTS_MAX);
    let cell_width_dots = u16::try_from(dots).ok().filter(|dots| *dots > 0)?;
    let free = (paper_dots / dots).saturating_sub(bars.len()) / 2;
    let quiet = || std::iter::repeat_n('0', free.min(QUIET_MODULES));
    let bars = bars.iter().map(|bar| if *bar == 1 { '1' } else { '0' });
    let cells = quiet().chain(bars).chain(quiet()).collect();
    let cell_height_dots = u16::from(height_dots.max(1));
    Some(Symbol { cells: vec![cells], cell_width_dots, cell_height_dots })
}

/// Width, height, no letters, and the code with its length: the form that has no end mark, so that
/// any text is safe in it.
fn bars(kind: u8, text: &[u8], height_dots: u8) -> Option<Vec<u8>> {
    let length = u8::try_from(text.len()).ok()?;
    let mut bytes = vec![0x1d, 0x77, 0x02, 0x1d, 0x68, height_dots.max(1), 0x1d, 0x48, 0x00];
    bytes.extend([0x1d, 0x6b, kind, length]);
    bytes.extend(text);
    Some(bytes)
}
