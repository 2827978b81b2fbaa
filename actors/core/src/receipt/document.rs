use serde::{Deserialize, Serialize};

/// The format that [`ReceiptDocument::new`] writes. A stored document of another format is not
/// read, because a receipt that is half understood is worse than none.
pub const DOCUMENT_FORMAT: u32 = 1;

/// Where a text stands on its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How large a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// One column for a Latin letter.
    #[default]
    Normal,
    /// Twice as wide and twice as high.
    Double,
}

/// One thing on the paper, or one thing the printer does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "element")]
pub enum Element {
    /// A text that is wrapped where it is longer than the paper is wide.
    Text {
        /// The text, without line breaks.
        text: String,
        /// Where it stands.
        #[serde(default)]
        align: Align,
        /// Whether it is bold.
        #[serde(default)]
        is_bold: bool,
        /// Its size.
        #[serde(default)]
        size: TextSize,
    },
    /// A text at the left edge and another at the right edge of the same row. Only the left one is
    /// wrapped, and the right one stands on its last row.
    Columns {
        /// At the left edge.
        left: String,
        /// At the right edge.
        right: String,
        /// Columns that the left text is set in, on each of its rows.
        #[serde(default)]
        indent: usize,
        /// Whether both are bold.
        #[serde(default)]
        is_bold: bool,
        /// The size of both.
        #[serde(default)]
        size: TextSize,
    },
    /// A QR code in the middle of the paper. Where it cannot be drawn its text stands there.
    Qr {
        /// What a scanner reads.
        text: String,
        /// Dots of one module; fewer where the paper is too narrow.
        module_dots: u8,
    },
    /// A bar code (Code 128) in the middle of the paper. Where it cannot be drawn its text stands
    /// there.
    Barcode {
        /// What a scanner reads, in ASCII.
        text: String,
        /// Dots that it is high.
        height_dots: u8,
    },
    /// A line across the paper.
    Rule,
    /// Empty rows.
    Feed {
        /// How many.
        rows: u8,
    },
    /// Feeds to the knife and cuts.
    Cut,
    /// Opens the cash drawer.
    DrawerPulse,
}

/// A receipt as it is stored in a print job: what is on it, free of any printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DocumentText", into = "DocumentText")]
pub struct ReceiptDocument {
    /// From top to bottom.
    pub elements: Vec<Element>,
}

impl ReceiptDocument {
    /// A document of these elements.
    #[must_use]
    pub const fn new(elements: Vec<Element>) -> Self {
        Self { elements }
    }

    /// The same without what opens the cash drawer: it was opened already.
    #[must_use]
    pub fn without_drawer(mut self) -> Self {
        self.elements.retain(|element| *element != Element::DrawerPulse);
        self
    }

    /// Whether printing it opens the cash drawer.
    #[must_use]
    pub fn opens_drawer(&self) -> bool {
        self.elements.contains(&Element::DrawerPulse)
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentText {
    format: u32,
    elements: Vec<Element>,
}

#[derive(Debug, thiserror::Error)]
#[error("a receipt of format {0} cannot be read, only {DOCUMENT_FORMAT}")]
struct UnknownFormat(u32);

impl TryFrom<DocumentText> for ReceiptDocument {
    type Error = UnknownFormat;

    fn try_from(text: DocumentText) -> Result<Self, Self::Error> {
        if text.format == DOCUMENT_FORMAT {
            Ok(Self::new(text.elements))
        } else {
            Err(UnknownFormat(text.format))
        }
    }
}

impl From<ReceiptDocument> for DocumentText {
    fn from(document: ReceiptDocument) -> Self {
        Self { format: DOCUMENT_FORMAT, elements: document.elements }
    }
}
