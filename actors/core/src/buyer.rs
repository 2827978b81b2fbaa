//! What a buyer says about the invoice: the number of a company, the carrier that it goes to, the
//! cause that it is given to. All of it is checked here, without asking anybody; whether such a
//! thing exists only the tax authority's platform knows.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Refusal, RefusalCode};

/// Digits of a company's number.
const BAN_DIGITS: usize = 8;
/// What each digit of a company's number counts for.
const BAN_WEIGHTS: [u32; BAN_DIGITS] = [1, 2, 1, 2, 1, 2, 4, 1];
/// The digit whose product may count as one more where it is a seven, as its two digits make ten.
const BAN_SEVEN_AT: usize = 6;
/// The sum of a company's number is a multiple of this.
const BAN_MODULUS: u32 = 5;
/// Characters of a mobile barcode after its slash.
const MOBILE_LENGTH: usize = 7;
/// Letters, then digits, of the number of a citizen's certificate.
const CERTIFICATE: (usize, usize) = (2, 14);
/// Digits of a cause's code.
const DONATION_DIGITS: std::ops::RangeInclusive<usize> = 3..=7;

/// What somebody gave of themselves: stored and compared, but never shown by `Debug`, so that it
/// stands in no log and in no message of a test.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(Arc<str>);

impl Personal {
    /// Takes any text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is left of it where it may not be kept: that there was something.
    #[must_use]
    pub fn forgotten() -> Self {
        Self::new("")
    }

    /// Whether it may be the same as what is kept, as far as that tells.
    #[must_use]
    pub fn fits(&self, kept: &Self) -> bool {
        kept.0.is_empty() || self == kept
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// What is wrong with something that a buyer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuyerError {
    /// Not eight digits, or not with this sum.
    #[error("this is no company's number")]
    Ban,
    /// Neither a mobile barcode nor the number of a citizen's certificate.
    #[error("this is no carrier")]
    Carrier,
    /// Not three to seven digits.
    #[error("this is no donation code")]
    Donation,
}

impl From<BuyerError> for Refusal {
    fn from(error: BuyerError) -> Self {
        Self::new(match error {
            BuyerError::Ban => RefusalCode::BadBan,
            BuyerError::Carrier => RefusalCode::BadCarrier,
            BuyerError::Donation => RefusalCode::BadDonation,
        })
    }
}

/// A company's number (統一編號), whose check digit holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ban(Arc<str>);

impl Ban {
    /// Takes eight digits, with blanks around them.
    ///
    /// # Errors
    /// [`BuyerError::Ban`] where they are not eight, or not with this sum.
    pub fn new(text: &str) -> Result<Self, BuyerError> {
        let text = text.trim();
        let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(10)).collect();
        let digits = digits.filter(|digits| digits.len() == BAN_DIGITS).ok_or(BuyerError::Ban)?;
        let products = digits.iter().zip(BAN_WEIGHTS).map(|(digit, weight)| digit * weight);
        let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
        let is_seven = digits.get(BAN_SEVEN_AT) == Some(&7);
        let holds = |sum: u32| sum.is_multiple_of(BAN_MODULUS);
        // Nought is a multiple of everything, and nobody's number.
        let is_ban = sum > 0 && (holds(sum) || (is_seven && holds(sum + 1)));
        if is_ban { Ok(Self(Arc::from(text))) } else { Err(BuyerError::Ban) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Ban {
    type Err = BuyerError;

    fn from_str(text: &str) -> Result<Self, BuyerError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Ban {
    type Error = BuyerError;

    fn try_from(text: String) -> Result<Self, BuyerError> {
        Self::new(&text)
    }
}

impl From<Ban> for String {
    fn from(ban: Ban) -> Self {
        ban.0.as_ref().to_owned()
    }
}

/// What kind of thing a carrier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarrierKind {
    /// The barcode that a telephone shows (手機條碼).
    MobileBarcode,
    /// A citizen's digital certificate (自然人憑證).
    Certificate,
}

/// Where an invoice goes instead of onto paper (載具).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Personal", into = "Personal")]
pub struct Carrier(Personal);

impl Carrier {
    /// Takes a mobile barcode or the number of a certificate, in letters of either case.
    ///
    /// # Errors
    /// [`BuyerError::Carrier`] where it is neither.
    pub fn new(text: &str) -> Result<Self, BuyerError> {
        let text = text.trim().to_ascii_uppercase();
        match kind_of(&text) {
            Some(_) => Ok(Self(Personal::new(&text))),
            None => Err(BuyerError::Carrier),
        }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> CarrierKind {
        kind_of(self.as_str()).unwrap_or(CarrierKind::MobileBarcode)
    }

    /// As it is read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<Personal> for Carrier {
    type Error = BuyerError;

    fn try_from(text: Personal) -> Result<Self, BuyerError> {
        Self::new(text.as_str())
    }
}

impl From<Carrier> for Personal {
    fn from(carrier: Carrier) -> Self {
        carrier.0
    }
}

fn kind_of(text: &str) -> Option<CarrierKind> {
    let is_mobile = |code: &str| {
        let fits = |one: u8| matches!(one, b'0'..=b'9' | b'A'..=b'Z' | b'.' | b'+' | b'-');
        code.len() == MOBILE_LENGTH && code.bytes().all(fits)
    };
    if text.strip_prefix('/').is_some_and(is_mobile) {
        return Some(CarrierKind::MobileBarcode);
    }
    let (letters, digits) = text.split_at_checked(CERTIFICATE.0)?;
    let is_certificate = letters.bytes().all(|one| one.is_ascii_uppercase())
        && digits.len() == CERTIFICATE.1
        && digits.bytes().all(|one| one.is_ascii_digit());
    is_certificate.then_some(CarrierKind::Certificate)
}

/// The cause that an invoice is given to, by its code (愛心碼).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Personal", into = "Personal")]
pub struct DonationCode(Personal);

impl DonationCode {
    /// Takes three to seven digits, with blanks around them.
    ///
    /// # Errors
    /// [`BuyerError::Donation`] for anything else.
    pub fn new(text: &str) -> Result<Self, BuyerError> {
        let text = text.trim();
        let is_code =
            DONATION_DIGITS.contains(&text.len()) && text.bytes().all(|one| one.is_ascii_digit());
        if is_code { Ok(Self(Personal::new(text))) } else { Err(BuyerError::Donation) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<Personal> for DonationCode {
    type Error = BuyerError;

    fn try_from(text: Personal) -> Result<Self, BuyerError> {
        Self::new(text.as_str())
    }
}

impl From<DonationCode> for Personal {
    fn from(code: DonationCode) -> Self {
        code.0
    }
}

/// What is kept of a buyer beside the journal, where it can be erased: it is about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyerWish {
    /// Where the invoice goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// Whom it is given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub donation: Option<DonationCode>,
}

impl BuyerWish {
    /// Whether nothing was said.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.carrier.is_none() && self.donation.is_none()
    }

    /// Whether it goes together with a company's number. What a company buys it cannot give away,
    /// and a citizen's certificate is a person's; a mobile barcode may be a company's.
    ///
    /// # Errors
    /// `donation_with_ban`, `certificate_with_ban`.
    pub fn check(&self, ban: Option<&Ban>) -> Result<(), Refusal> {
        if ban.is_none() {
            return Ok(());
        }
        if self.donation.is_some() {
            return Err(RefusalCode::DonationWithBan.into());
        }
        match self.carrier.as_ref().map(Carrier::kind) {
            Some(CarrierKind::Certificate) => Err(RefusalCode::CertificateWithBan.into()),
            Some(CarrierKind::MobileBarcode) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
