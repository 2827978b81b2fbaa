use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;
use super::codec::Charset;
use super::profile::{DrawerPin, PrinterFamily, PrinterProfile};

/// How text gets onto the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Drawn here and sent as dots: the same on every printer, and any character that a font has.
    #[default]
    Raster,
    /// Sent as ASCII and Big5 for the printer's own font: fast, and right only on a printer with
    /// Traditional Chinese inside. A row that it cannot write is sent as dots.
    #[serde(alias = "text")]
    Big5,
    /// The same for a printer with Simplified Chinese inside.
    Gb18030,
}

impl Mode {
    /// The set of characters that text is sent in to a printer of this kind; ASCII alone where
    /// there is none.
    pub(super) const fn charset(self, profile: &PrinterProfile) -> Option<Charset> {
        match self {
            Self::Big5 if profile.has_big5 => Some(Charset::Big5),
            Self::Gb18030 if profile.has_gb18030 => Some(Charset::Gb18030),
            _ => None,
        }
    }
}

/// What the drawer's contact says; it depends on how the drawer is wired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerSense {
    /// The contact is high while the drawer is open.
    #[default]
    HighIsOpen,
    /// The contact is low while the drawer is open.
    LowIsOpen,
}

impl DrawerSense {
    /// Whether the drawer is open at this level of the contact.
    #[must_use]
    pub const fn is_open(self, is_high: bool) -> bool {
        is_high == matches!(self, Self::HighIsOpen)
    }
}

/// One printer as the store has it.
#[derive(Clone, Debug)]
pub struct PrinterSettings {
    /// The language it is spoken to in.
    pub family: PrinterFamily,
    /// What it can do.
    pub profile: PrinterProfile,
    /// How text gets onto its paper.
    pub mode: Mode,
    /// The drawer that a receipt opens.
    pub drawer: DrawerPin,
    /// What the drawers' contact says.
    pub drawer_sense: DrawerSense,
    /// Printed above every document, in the middle.
    pub logo: Option<Arc<Bitmap>>,
    /// Whether codes are left to the printer where it has them, in the modes that send text: a
    /// tenth of the bytes, and drawn a little differently by each model.
    pub native_symbols: bool,
    /// How long a printer that is well may leave the end of a job unconfirmed; the time that its
    /// bytes take on their line and its rows on the paper comes on top.
    pub confirm_timeout: Duration,
}

/// A motor that starts, a knife that cuts, and as much again.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(3);

impl Default for PrinterSettings {
    fn default() -> Self {
        Self {
            family: PrinterFamily::EscPos,
            profile: PrinterProfile::default(),
            mode: Mode::Raster,
            drawer: DrawerPin::Pin2,
            drawer_sense: DrawerSense::HighIsOpen,
            logo: None,
            native_symbols: true,
            confirm_timeout: CONFIRM_TIMEOUT,
        }
    }
}
