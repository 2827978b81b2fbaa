use store_core::receipt::{Align, COLUMN_DOTS, Symbol, TextSize, char_columns, text_columns};

use super::bitmap::Bitmap;
use super::font::{Cell, FontStack};

/// Dots of a row of text: the printers' own font A is 12 × 24.
const ROW_DOTS: u16 = 24;
/// Dots of a column of text, as a cell's width is counted.
const COLUMN_WIDTH: u16 = 12;
const _: () = assert!(COLUMN_WIDTH as usize == COLUMN_DOTS);
/// White dots below a row, so that rows stand 30 apart as the printers' own do.
const LEADING_DOTS: usize = 6;
/// Dots of an empty row.
pub(super) const BLANK_DOTS: usize = ROW_DOTS as usize + LEADING_DOTS;

/// A text and how it is written.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) text: &'a str,
    pub(super) align: Align,
    pub(super) is_bold: bool,
    pub(super) size: TextSize,
}

/// Dots of a stroke of the line that shows where the knife went, and of the gap behind it.
const CUT_STROKE_DOTS: usize = 8;
/// White dots above and below that line.
const CUT_MARGIN_DOTS: usize = 30;

/// Where a receipt was cut off, as a picture of the roll shows it.
pub(super) fn cut_line(columns: usize) -> Bitmap {
    let width = columns * COLUMN_DOTS;
    let mut paper = Bitmap::new(width, 2 * CUT_MARGIN_DOTS);
    for x in (0..width).filter(|x| (x / CUT_STROKE_DOTS).is_multiple_of(2)) {
        paper.blacken(x, CUT_MARGIN_DOTS);
    }
    paper
}

/// One row of text as dots. A character that no font has is a box as large as it would be.
pub(super) fn text_row(fonts: &FontStack, columns: usize, writing: Writing<'_>) -> Bitmap {
    let factor: u16 = match writing.size {
        TextSize::Normal => 1,
        TextSize::Double => 2,
    };
    let (width, height) = (COLUMN_WIDTH * factor, ROW_DOTS * factor);
    let paper_width = columns * COLUMN_DOTS;
    let mut paper = Bitmap::new(paper_width, usize::from(height) + LEADING_DOTS);
    let written = text_columns(writing.text) * usize::from(width);
    let free = paper_width.saturating_sub(written);
    let mut x = match writing.align {
        Align::Left => 0,
        Align::Centre => free / 2,
        Align::Right => free,
    };
    for character in writing.text.chars() {
        let columns = u16::try_from(char_columns(character)).unwrap_or(0);
        if columns == 0 {
            continue;
        }
        let width = width * columns;
        let cell = Cell { x, y: 0, width, height, is_bold: writing.is_bold };
        if character != ' ' && !fonts.draw(character, &mut paper, cell) {
            draw_box(&mut paper, cell);
        }
        x += usize::from(width);
    }
    paper
}

/// A line across the paper, two dots thick, as high as a row of text.
pub(super) fn rule(columns: usize) -> Bitmap {
    let mut paper = Bitmap::new(columns * COLUMN_DOTS, BLANK_DOTS);
    for x in 0..paper.width_dots() {
        paper.blacken(x, BLANK_DOTS / 2 - 1);
        paper.blacken(x, BLANK_DOTS / 2);
    }
    paper
}

/// A code in the middle of the paper, with white below it as below a row of text.
pub(super) fn symbol(columns: usize, symbol: &Symbol) -> Bitmap {
    symbol_on(columns * COLUMN_DOTS, left_of(columns, symbol), symbol)
}

/// The same without the white to its right: a third less to send, and nothing else on the paper.
pub(super) fn symbol_cropped(columns: usize, symbol: &Symbol) -> Bitmap {
    let left = left_of(columns, symbol);
    symbol_on((left + symbol.width_dots()).min(columns * COLUMN_DOTS), left, symbol)
}

fn left_of(columns: usize, symbol: &Symbol) -> usize {
    (columns * COLUMN_DOTS).saturating_sub(symbol.width_dots()) / 2
}

fn symbol_on(width_dots: usize, left: usize, symbol: &Symbol) -> Bitmap {
    let mut paper = Bitmap::new(width_dots, symbol.height_dots() + LEADING_DOTS);
    let (width, height) =
        (usize::from(symbol.cell_width_dots), usize::from(symbol.cell_height_dots));
    for (row, cells) in symbol.cells.iter().enumerate() {
        for (column, _) in cells.bytes().enumerate().filter(|(_, cell)| *cell == b'1') {
            for y in row * height..(row + 1) * height {
                for x in 0..width {
                    paper.blacken(left + column * width + x, y);
                }
            }
        }
    }
    paper
}

fn draw_box(paper: &mut Bitmap, cell: Cell) {
    let (left, right) = (cell.x + 2, cell.x + usize::from(cell.width) - 2);
    let (top, bottom) = (cell.y + 4, cell.y + usize::from(cell.height) - 2);
    for x in left..right {
        paper.blacken(x, top);
        paper.blacken(x, bottom - 1);
    }
    for y in top..bottom {
        paper.blacken(left, y);
        paper.blacken(right - 1, y);
    }
}
