use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::card::CardSlip;
use crate::{ItemId, LineNumber, Money, TextIdError};

/// A way of paying, as a stable code: `cash`, `coupon`, `card` …
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenderTypeId(crate::ReasonCode);

impl TenderTypeId {
    /// Takes a code of 1 to 64 bytes.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn new(text: &str) -> Result<Self, TextIdError> {
        crate::ReasonCode::new(text).map(Self)
    }

    /// A code that stands in the source and is known to be well formed.
    #[must_use]
    pub fn from_static(text: &'static str) -> Self {
        Self(crate::ReasonCode::from_static(text))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for TenderTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for TenderTypeId {
    type Error = TextIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<TenderTypeId> for String {
    fn from(id: TenderTypeId) -> Self {
        id.0.into()
    }
}

/// Something that was paid with (付款方式).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// 1, 2, 3 … within the transaction.
    pub number: u32,
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What was handed over; negative where money was paid out.
    pub amount: Money,
    /// What was given back of it.
    pub change: Money,
    /// What was shown: a coupon's code, a slip's number. Never a card number.
    pub reference: Option<Arc<str>>,
    /// The line it was given for, where it is tied to one.
    pub line: Option<LineNumber>,
    /// The catalogue's entry of the reference, where it has one.
    pub item: Option<ItemId>,
    /// That item's department.
    pub department: Option<Arc<str>>,
    /// What a voucher is worth, where that is more than was due and the rest lapses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<Money>,
    /// The money of another country that was handed over; `amount` is what it counts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignCash>,
    /// What a terminal said of a card or a telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSlip>,
    /// Whether it was handed back before completion.
    pub voided: bool,
}

/// Money of another country, at a stated rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignCash {
    /// What was handed over, in its own currency.
    pub amount: Money,
    /// What one of its major units counts for, in major units of the store's currency.
    pub rate: Decimal,
}
