//! Where a scan goes, by what was scanned: the one place that tells goods from everything else
//! that customers and cashiers hold in front of a scanner.

#[cfg(test)]
mod tests;

use super::symbol::{clean_as, read_marked};
use super::{
    BarcodeError, Marks, MemberCard, SCAN_BYTES_MAX, Symbol, Symbology, VariableMeasureLayout,
};
use crate::Currency;
use crate::buyer::{Carrier, DonationCode, Personal};
use crate::receipt::return_code::RETURN_CODE_PREFIX;

/// What a badge begins with, and how many letters and digits follow.
const BADGE: (&str, usize) = ("SB", 16);
/// Characters of the Code 39 of an invoice's proof: period, number, random code.
const PROOF_CHARS: usize = 19;
/// Characters of the left QR code of a proof before its first colon.
const PROOF_QR_CHARS: usize = 77;
/// What the right QR code of a proof begins with.
const PROOF_SECOND: &str = "**";
/// Most digits of a register's number: a store has fewer than a thousand.
const REGISTER_DIGITS_MAX: usize = 3;
/// Most digits of a receipt's number: what the journal can count.
const RECEIPT_DIGITS_MAX: usize = 18;
/// What GS1 begins the numbers of coupons with, in an EAN-13 symbol.
const COUPON_ARTICLES: &str = "99";
/// The elements that are a coupon's: its number worldwide, and its code in North America.
const COUPON_ELEMENTS: [&str; 2] = ["255", "8110"];

/// What a store knows that codes alone do not say.
#[derive(Clone, Copy)]
pub struct ScanRules<'a> {
    /// How the store's labels carry a price or a weight.
    pub layouts: &'a [VariableMeasureLayout],
    /// What prices are in.
    pub currency: Currency,
    /// Whether the store sells something by a code: that is goods, whatever else it looks like.
    pub is_sold: &'a dyn Fn(&str) -> bool,
    /// Whether a text is a coupon's code here.
    pub is_coupon: &'a dyn Fn(&str) -> bool,
    /// How its members' cards look.
    pub member_cards: &'a [MemberCard],
}

impl ScanRules<'_> {
    /// A store that sells nothing yet, and whose coupons and members' cards look like nothing in
    /// particular: they are scanned where they are asked for.
    #[must_use]
    pub const fn plain(currency: Currency) -> Self {
        Self {
            layouts: &[],
            currency,
            is_sold: &|_| false,
            is_coupon: &|_| false,
            member_cards: &[],
        }
    }
}

/// What the proof of an electronic invoice says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvoiceProof {
    /// Its Code 39, or the left of its QR codes.
    Named {
        /// The invoice's number: two letters, eight digits.
        number: String,
        /// The four digits that were drawn for it.
        random: String,
    },
    /// The right of its QR codes, which names nothing: the left one is meant.
    SecondHalf,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// Goods, or a code that only the catalogue knows.
    Item {
        /// What the code says.
        symbol: Symbol,
        /// What it says about the very piece.
        marks: Marks,
    },
    /// Where the customer's invoice goes: a telephone's barcode or a certificate's number.
    Carrier(Carrier),
    /// Whom the invoice is given to: only where the scanner said that it is a Code 39, because
    /// three to seven digits are a price look-up code too.
    Donation(DonationCode),
    /// The proof of an invoice: something is to be taken back, or looked up.
    InvoiceProof(InvoiceProof),
    /// A coupon.
    Coupon(String),
    /// A member's card.
    Member(String),
    /// The printed number of a receipt: its register and its number.
    ReceiptNumber(String),
    /// What a receipt says of itself to a machine; nothing of it is believed before its signature
    /// was checked.
    ReturnCode(String),
    /// A cashier's badge: a secret, to be shown and kept nowhere. Whether it is anybody's the hub
    /// knows.
    Badge(Personal),
    /// Nothing that can be read, and why.
    Unknown(BarcodeError),
}

/// Says what was scanned, by its shape. A badge is one whatever else it could be; then whatever the
/// store sells by a code is goods. Another text that could be several things is the one that is
/// least likely by chance.
///
/// `symbology` is what the scanner said apart from the text; an identifier in front of the text
/// says the same.
#[must_use]
pub fn scanned(text: &str, symbology: Option<Symbology>, rules: &ScanRules<'_>) -> Scanned {
    if text.len() > SCAN_BYTES_MAX {
        return Scanned::Unknown(BarcodeError::TooLong);
    }
    let (symbology, code) = match Symbology::split(text.trim()) {
        Some((said, rest)) => (symbology.or(said), rest.trim()),
        None => (symbology, text.trim()),
    };
    if is_badge(code) {
        return Scanned::Badge(Personal::new(&code.to_ascii_uppercase()));
    }
    let is_sold = (rules.is_sold)(text);
    let shaped = || of_shape(code, symbology).or_else(|| of_store(code, rules));
    let other = if is_sold { None } else { shaped() };
    other.unwrap_or_else(|| goods(code, symbology, rules, is_sold))
}

/// What has a shape of its own.
fn of_shape(code: &str, symbology: Option<Symbology>) -> Option<Scanned> {
    if code.starts_with(RETURN_CODE_PREFIX) {
        return Some(Scanned::ReturnCode(code.to_owned()));
    }
    if let Some(proof) = proof(code) {
        return Some(Scanned::InvoiceProof(proof));
    }
    if let Ok(carrier) = Carrier::new(code) {
        return Some(Scanned::Carrier(carrier));
    }
    let donation = DonationCode::new(code).ok();
    donation.filter(|_| symbology == Some(Symbology::Code39)).map(Scanned::Donation)
}

/// What this store has agreed on.
fn of_store(code: &str, rules: &ScanRules<'_>) -> Option<Scanned> {
    if (rules.is_coupon)(code) {
        return Some(Scanned::Coupon(code.to_owned()));
    }
    if rules.member_cards.iter().any(|card| card.fits(code)) {
        return Some(Scanned::Member(code.to_owned()));
    }
    is_receipt_number(code).then(|| Scanned::ReceiptNumber(code.to_owned()))
}

/// A register and a number, as a receipt bears them: `1-42`.
fn is_receipt_number(code: &str) -> bool {
    code.split_once('-').is_some_and(|(workstation, number)| {
        (1..=REGISTER_DIGITS_MAX).contains(&workstation.len())
            && (1..=RECEIPT_DIGITS_MAX).contains(&number.len())
            && is_digits(workstation)
            && is_digits(number)
    })
}

fn goods(
    code: &str,
    symbology: Option<Symbology>,
    rules: &ScanRules<'_>,
    is_sold: bool,
) -> Scanned {
    let cleaned = match clean_as(code, symbology) {
        Ok(cleaned) => cleaned,
        Err(error) => return Scanned::Unknown(error),
    };
    let text = cleaned.text.clone();
    let is_gs1 = cleaned.is_gs1;
    match read_marked(cleaned, rules.layouts, rules.currency) {
        // By its number alone, whatever lot stands beside it.
        Ok((Symbol::Gtin(gtin), _)) if !is_sold && is_coupon_article(&gtin.to_string()) => {
            Scanned::Coupon(gtin.to_string())
        }
        Ok((Symbol::Other(_), _)) if is_gs1 && is_coupon_message(&text) => Scanned::Coupon(text),
        Ok((symbol, marks)) => Scanned::Item { symbol, marks },
        // It may still be a code of the store's own.
        Err(BarcodeError::BadCheckDigit) if !is_gs1 => {
            Scanned::Item { symbol: Symbol::Other(text), marks: Marks::default() }
        }
        Err(error) => Scanned::Unknown(error),
    }
}

fn is_coupon_article(shown: &str) -> bool {
    shown.len() == 13 && shown.starts_with(COUPON_ARTICLES)
}

fn is_coupon_message(text: &str) -> bool {
    let text = text.trim_start_matches('(');
    COUPON_ELEMENTS.iter().any(|identifier| text.starts_with(identifier))
}

/// Wider than what is made: whatever looks like a badge is kept secret as one.
fn is_badge(code: &str) -> bool {
    let front = code.get(..BADGE.0.len()).filter(|front| front.eq_ignore_ascii_case(BADGE.0));
    let rest = front.and_then(|front| code.get(front.len()..));
    rest.is_some_and(|rest| {
        rest.len() == BADGE.1 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn proof(code: &str) -> Option<InvoiceProof> {
    if code.starts_with(PROOF_SECOND) {
        return Some(InvoiceProof::SecondHalf);
    }
    if code.len() == PROOF_CHARS {
        let (period, rest) = code.split_at_checked(5)?;
        let (number, random) = rest.split_at_checked(10)?;
        let month = period.get(3..)?.parse::<u8>().ok()?;
        let is_period = is_digits(period) && (2..=12).contains(&month) && month.is_multiple_of(2);
        return (is_period && is_digits(random)).then(|| named(number, random)).flatten();
    }
    let (front, _) = code.split_once(':')?;
    let (number, rest) = front.split_at_checked(10)?;
    let (date, rest) = rest.split_at_checked(7)?;
    let (random, rest) = rest.split_at_checked(4)?;
    let (amounts, rest) = rest.split_at_checked(16)?;
    let (companies, _secret) = rest.split_at_checked(16)?;
    let is_proof = front.len() == PROOF_QR_CHARS
        && [date, random, companies].into_iter().all(is_digits)
        && amounts.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_proof.then(|| named(number, random)).flatten()
}

fn named(number: &str, random: &str) -> Option<InvoiceProof> {
    let (track, digits) = number.split_at_checked(2)?;
    let is_number = track.bytes().all(|byte| byte.is_ascii_uppercase()) && is_digits(digits);
    is_number.then(|| InvoiceProof::Named { number: number.to_owned(), random: random.to_owned() })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
