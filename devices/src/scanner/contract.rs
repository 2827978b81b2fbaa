use serde::{Deserialize, Serialize};
pub use store_core::barcode::Symbology;

/// One code that was read, free of everything that framed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// The code.
    pub code: String,
    /// What kind, where the scanner said so.
    pub symbology: Option<Symbology>,
}

impl Scan {
    /// Takes an AIM identifier (`]`, a letter, a letter or digit) off the front of what was read,
    /// if one is there and something is left behind it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (symbology, code) =
            Symbology::split(text).filter(|(_, code)| !code.is_empty()).unwrap_or((None, text));
        Self { code: code.to_owned(), symbology }
    }

    /// The code as the hub's commands take it: with the identifier of what kind it is in front.
    #[must_use]
    pub fn text(&self) -> String {
        [self.symbology.map_or("", Symbology::aim_id), &self.code].concat()
    }
}
