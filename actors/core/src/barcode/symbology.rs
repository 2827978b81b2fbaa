use serde::{Deserialize, Serialize};

/// What kind of code was read, as far as a scanner says so: the AIM identifier (`]`, a letter, a
/// modifier) that it can be told to send before each code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symbology {
    /// EAN-13, UPC-E, and UPC-A as an EAN-13 that begins with 0.
    Ean13,
    /// EAN-8.
    Ean8,
    /// Code 39: carriers and proofs of Taiwan's electronic invoices.
    Code39,
    /// Code 93.
    Code93,
    /// Code 128 of no agreed meaning.
    Code128,
    /// GS1-128.
    Gs1Code128,
    /// GS1 `DataBar`.
    DataBar,
    /// Codabar: libraries, parcels, blood.
    Codabar,
    /// Interleaved 2 of 5: cartons.
    Itf,
    /// PDF417: licences, boarding passes.
    Pdf417,
    /// Data Matrix of no agreed meaning.
    DataMatrix,
    /// GS1 Data Matrix: medicines, fresh food.
    Gs1DataMatrix,
    /// QR code, a GS1 Digital Link among them.
    Qr,
    /// QR code of GS1 element strings.
    Gs1Qr,
    /// `DotCode` of no agreed meaning.
    DotCode,
    /// GS1 `DotCode`.
    Gs1DotCode,
    /// Aztec: tickets.
    Aztec,
}

impl Symbology {
    /// Every one.
    pub const ALL: [Self; 17] = [
        Self::Ean13,
        Self::Ean8,
        Self::Code39,
        Self::Code93,
        Self::Code128,
        Self::Gs1Code128,
        Self::DataBar,
        Self::Codabar,
        Self::Itf,
        Self::Pdf417,
        Self::DataMatrix,
        Self::Gs1DataMatrix,
        Self::Qr,
        Self::Gs1Qr,
        Self::DotCode,
        Self::Gs1DotCode,
        Self::Aztec,
    ];

    /// The identifier that a scanner sends before the code, if it is told to; of several that
    /// differ in check digits and the like the usual one.
    #[must_use]
    pub const fn aim_id(self) -> &'static str {
        match self {
            Self::Ean13 => "]E0",
            Self::Ean8 => "]E4",
            Self::Code39 => "]A0",
            Self::Code93 => "]G0",
            Self::Code128 => "]C0",
            Self::Gs1Code128 => "]C1",
            Self::DataBar => "]e0",
            Self::Codabar => "]F0",
            Self::Itf => "]I0",
            Self::Pdf417 => "]L0",
            Self::DataMatrix => "]d1",
            Self::Gs1DataMatrix => "]d2",
            Self::Qr => "]Q1",
            Self::Gs1Qr => "]Q3",
            Self::DotCode => "]J0",
            Self::Gs1DotCode => "]J1",
            Self::Aztec => "]z0",
        }
    }

    /// What an identifier stands for, whatever its modifier says of check digits; nothing for one
    /// that tills do not meet.
    #[must_use]
    pub const fn from_aim_id(id: &str) -> Option<Self> {
        let [b']', letter, modifier] = id.as_bytes() else { return None };
        if !modifier.is_ascii_alphanumeric() {
            return None;
        }
        Some(match (letter, modifier) {
            (b'E', b'4') => Self::Ean8,
            (b'E', b'0' | b'3') => Self::Ean13,
            (b'A', _) => Self::Code39,
            (b'G', _) => Self::Code93,
            (b'C', b'1') => Self::Gs1Code128,
            (b'C', _) => Self::Code128,
            (b'e', _) => Self::DataBar,
            (b'F', _) => Self::Codabar,
            (b'I', _) => Self::Itf,
            (b'L', _) => Self::Pdf417,
            (b'd', b'2') => Self::Gs1DataMatrix,
            (b'd', _) => Self::DataMatrix,
            (b'Q', b'3') => Self::Gs1Qr,
            (b'Q', _) => Self::Qr,
            (b'J', b'1') => Self::Gs1DotCode,
            (b'J', _) => Self::DotCode,
            (b'z', _) => Self::Aztec,
            _ => return None,
        })
    }

    /// Takes an AIM identifier off the front of what was read, if one is there: what it stands
    /// for, where tills know it, and the code behind it.
    #[must_use]
    pub fn split(text: &str) -> Option<(Option<Self>, &str)> {
        let is_id = matches!(text.as_bytes(), [b']', letter, modifier, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric());
        let (id, code) = text.split_at_checked(3).filter(|_| is_id)?;
        Some((Self::from_aim_id(id), code))
    }

    /// Whether the code is GS1 element strings.
    #[must_use]
    pub const fn is_gs1(self) -> bool {
        matches!(
            self,
            Self::Gs1Code128 | Self::DataBar | Self::Gs1DataMatrix | Self::Gs1Qr | Self::Gs1DotCode
        )
    }
}
