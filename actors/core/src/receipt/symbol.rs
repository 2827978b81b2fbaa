//! Codes that machines read, as cells of dots.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Dots of a column of text: the printers' own font A is 12 × 24 dots.
pub const COLUMN_DOTS: usize = 12;
/// White cells round a QR code: its standard asks for four.
const QR_QUIET: usize = 4;
/// White cells on both sides of a bar code: its standard asks for ten.
const BARCODE_QUIET: usize = 10;
/// Most characters of a bar code: at one dot a bar these are as wide as 58 mm paper.
const BARCODE_CHARACTERS_MAX: usize = 28;
/// Widest bar of one module, in dots: a quarter of a millimetre, which every scanner reads.
const BARCODE_MODULE_DOTS: usize = 2;

/// A code as the printer draws it and the page shows it: cells, each so many dots wide and high.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Symbol {
    /// From top to bottom, each as long as the others: `1` is black, `0` is white. What has to
    /// stay white round the code is part of it.
    pub cells: Vec<String>,
    /// Dots that a cell is wide.
    pub cell_width_dots: u16,
    /// Dots that a cell is high.
    pub cell_height_dots: u16,
}

impl Symbol {
    /// Dots that it is wide.
    #[must_use]
    pub fn width_dots(&self) -> usize {
        self.cells.first().map_or(0, String::len) * usize::from(self.cell_width_dots)
    }

    /// Dots that it is high.
    #[must_use]
    pub fn height_dots(&self) -> usize {
        self.cells.len() * usize::from(self.cell_height_dots)
    }

    /// A QR code with modules of `module_dots`, or of fewer where the paper is too narrow for it.
    /// Nothing where the text is longer than a code, or than the paper is wide.
    pub(super) fn qr(text: &str, module_dots: u8, paper_dots: usize) -> Option<Self> {
        let code = safest(text)?;
        let side = code.width();
        let modules = code.into_colors();
        let white = |count| std::iter::repeat_n('0', count);
        let all_white: String = white(side + 2 * QR_QUIET).collect();
        let row = |modules: &[Color]| -> String {
            let modules = modules.iter().map(|module| module.select('1', '0'));
            white(QR_QUIET).chain(modules).chain(white(QR_QUIET)).collect()
        };
        let quiet = || std::iter::repeat_n(all_white.clone(), QR_QUIET);
        let cells: Vec<String> =
            quiet().chain(modules.chunks(side.max(1)).map(row)).chain(quiet()).collect();
        let dots = (paper_dots / cells.len().max(1)).min(usize::from(module_dots));
        let dots = u16::try_from(dots).ok().filter(|dots| *dots > 0)?;
        Some(Self { cells, cell_width_dots: dots, cell_height_dots: dots })
    }

    /// A bar code (Code 128) as high as is said. Nothing where it has no such characters or the
    /// paper is too narrow.
    pub(super) fn barcode(text: &str, height_dots: u8, paper_dots: usize) -> Option<Self> {
        let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !is_printable || text.is_empty() || text.len() > BARCODE_CHARACTERS_MAX {
            return None;
        }
        // The letter names the set of characters: C has two digits in one, B all of ASCII.
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let set = if is_digits && text.len().is_multiple_of(2) { '\u{106}' } else { '\u{181}' };
        let bars = Code128::new(format!("{set}{text}")).ok()?.encode();
        let quiet = || std::iter::repeat_n('0', BARCODE_QUIET);
        let bars = bars.iter().map(|bar| if *bar == 1 { '1' } else { '0' });
        let cells: String = quiet().chain(bars).chain(quiet()).collect();
        let dots = (paper_dots / cells.len()).min(BARCODE_MODULE_DOTS);
        let cell_width_dots = u16::try_from(dots).ok().filter(|dots| *dots > 0)?;
        let cell_height_dots = u16::from(height_dots.max(1));
        Some(Self { cells: vec![cells], cell_width_dots, cell_height_dots })
    }
}

/// The smallest code that holds the text, with as much against damage as that size has room for.
fn safest(text: &str) -> Option<QrCode> {
    let smallest = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let Version::Normal(_) = smallest.version() else { return Some(smallest) };
    let safer = [EcLevel::H, EcLevel::Q, EcLevel::M].into_iter();
    let mut safer =
        safer.filter_map(|level| QrCode::with_version(text, smallest.version(), level).ok());
    Some(safer.next().unwrap_or(smallest))
}
