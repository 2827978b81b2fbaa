use serde::{Deserialize, Serialize};

use super::document::{Align, Element, ReceiptDocument, TextSize};
use super::symbol::{COLUMN_DOTS, Symbol};
use super::width::{printable, text_columns, wrap};

/// Narrowest paper in columns: half of a 58 mm roll's 32, as double-width text has it.
pub const COLUMNS_MIN: usize = 16;
/// Widest paper in columns: a 4 inch label printer has 69, a screen some more.
pub const COLUMNS_MAX: usize = 128;

/// One row of paper, or one thing the printer does, for a given width: what printers draw and what
/// the page shows are these very rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "row")]
pub enum Row {
    /// A text that fits.
    Text {
        /// The text; double-sized ones take two columns for each of theirs.
        text: String,
        /// Where it stands.
        align: Align,
        /// Whether it is bold.
        is_bold: bool,
        /// Its size.
        size: TextSize,
    },
    /// A code that a machine reads, in the middle.
    Symbol(Symbol),
    /// A line across the paper.
    Rule,
    /// An empty row.
    Blank,
    /// Feeds and cuts.
    Cut,
    /// Opens the drawer.
    DrawerPulse,
}

impl ReceiptDocument {
    /// The document's rows on paper that is `columns` wide (held between [`COLUMNS_MIN`] and
    /// [`COLUMNS_MAX`]). No text is wider than the paper, and none holds a control character.
    #[must_use]
    pub fn rows(&self, columns: usize) -> Vec<Row> {
        self.rows_where(columns, |size| size)
    }

    /// The rows, each in the size that `shown` makes of its own.
    fn rows_where(&self, columns: usize, shown: impl Fn(TextSize) -> TextSize) -> Vec<Row> {
        let columns = columns.clamp(COLUMNS_MIN, COLUMNS_MAX);
        let mut rows = Vec::new();
        for element in &self.elements {
            match element {
                Element::Text { text, align, is_bold, size } => {
                    let style = Style { align: *align, is_bold: *is_bold, size: shown(*size) };
                    let wrapped = wrap(&printable(text), room(columns, style.size));
                    rows.extend(wrapped.into_iter().map(|text| style.row(text)));
                }
                Element::Columns { left, right, indent, is_bold, size } => {
                    let style = Style { align: Align::Left, is_bold: *is_bold, size: shown(*size) };
                    let room = room(columns, style.size);
                    columns_rows(&mut rows, [left, right], *indent, room, style);
                }
                Element::Qr { text, module_dots } => {
                    let symbol = Symbol::qr(text, *module_dots, columns * COLUMN_DOTS);
                    symbol_rows(&mut rows, symbol, text, columns);
                }
                Element::Barcode { text, height_dots } => {
                    let symbol = Symbol::barcode(text, *height_dots, columns * COLUMN_DOTS);
                    symbol_rows(&mut rows, symbol, text, columns);
                }
                Element::Rule => rows.push(Row::Rule),
                Element::Feed { rows: count } => {
                    rows.extend(std::iter::repeat_n(Row::Blank, usize::from(*count)));
                }
                Element::Cut => rows.push(Row::Cut),
                Element::DrawerPulse => rows.push(Row::DrawerPulse),
            }
        }
        rows
    }

    /// The document as monospace text for a screen: every row ends in a line feed, none is wider
    /// than `columns`; large text is shown in the normal size, and codes and what only a printer
    /// does are left out.
    #[must_use]
    pub fn to_text(&self, columns: usize) -> String {
        let columns = columns.clamp(COLUMNS_MIN, COLUMNS_MAX);
        let mut out = String::new();
        for row in self.rows_where(columns, |_| TextSize::Normal) {
            match row {
                Row::Text { text, align, .. } => {
                    let free = columns.saturating_sub(text_columns(&text));
                    let margin = match align {
                        Align::Left => 0,
                        Align::Centre => free / 2,
                        Align::Right => free,
                    };
                    out.extend(std::iter::repeat_n(' ', margin));
                    out.push_str(&text);
                }
                Row::Rule => out.extend(std::iter::repeat_n('-', columns)),
                Row::Blank => {}
                Row::Symbol(_) | Row::Cut | Row::DrawerPulse => continue,
            }
            out.push('\n');
        }
        out
    }
}

#[derive(Clone, Copy)]
struct Style {
    align: Align,
    is_bold: bool,
    size: TextSize,
}

impl Style {
    const fn row(self, text: String) -> Row {
        Row::Text { text, align: self.align, is_bold: self.is_bold, size: self.size }
    }
}

const fn room(columns: usize, size: TextSize) -> usize {
    match size {
        TextSize::Normal => columns,
        TextSize::Double => columns / 2,
    }
}

fn symbol_rows(rows: &mut Vec<Row>, symbol: Option<Symbol>, text: &str, columns: usize) {
    if let Some(symbol) = symbol {
        rows.push(Row::Symbol(symbol));
        return;
    }
    let style = Style { align: Align::Centre, is_bold: false, size: TextSize::Normal };
    rows.extend(wrap(&printable(text), columns).into_iter().map(|text| style.row(text)));
}

fn columns_rows(
    rows: &mut Vec<Row>,
    [left, right]: [&str; 2],
    indent: usize,
    room: usize,
    style: Style,
) {
    let indent = indent.min(room / 4);
    let margin = " ".repeat(indent);
    let right = printable(right);
    let left = wrap(&printable(left), room - indent);
    let (last, before) =
        left.split_last().map_or(("", &[] as &[String]), |(last, before)| (last.as_str(), before));
    rows.extend(before.iter().map(|text| style.row(format!("{margin}{text}"))));
    let used = indent + text_columns(last);
    let needed = text_columns(&right);
    // One space at least between the two; else the right text goes below, at its own edge.
    if needed == 0 {
        rows.push(style.row(format!("{margin}{last}")));
    } else if used + 1 + needed <= room {
        let gap = " ".repeat(room - used - needed);
        rows.push(style.row(format!("{margin}{last}{gap}{right}")));
    } else {
        rows.push(style.row(format!("{margin}{last}")));
        let at_right = Style { align: Align::Right, ..style };
        rows.extend(wrap(&right, room).into_iter().map(|text| at_right.row(text)));
    }
}
