//! What stands on paper, as it stands in JSON.

use serde::Serialize;
use utoipa::ToSchema;

/// The language of a receipt.
#[derive(Serialize, ToSchema)]
pub enum ReceiptLanguage {
    /// Chinese as in Taiwan.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Where a text stands on its row.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How large a text is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// One column for a Latin letter, two for a Chinese one.
    Normal,
    /// Twice as wide and twice as high.
    Double,
}

/// A code that a machine reads.
#[derive(Serialize, ToSchema)]
pub struct Symbol {
    /// From top to bottom: `1` is black, `0` is white.
    pub cells: Vec<String>,
    /// Dots that a cell is wide.
    pub cell_width_dots: u16,
    /// Dots that a cell is high.
    pub cell_height_dots: u16,
}

/// A row of a receipt, or what the printer does there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "row")]
pub enum ReceiptRow {
    /// A text that fits.
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
    /// A code that a machine reads, in the middle.
    Symbol {
        /// From top to bottom: `1` is black, `0` is white.
        cells: Vec<String>,
        /// Dots that a cell is wide.
        cell_width_dots: u16,
        /// Dots that a cell is high.
        cell_height_dots: u16,
    },
    /// A line across the paper.
    Rule,
    /// An empty row.
    Blank,
    /// The printer cuts.
    Cut,
    /// The drawer opens.
    DrawerPulse,
}
