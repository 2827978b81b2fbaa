//! Version 1 of the bodies of journal rows.
//!
//! All money is text with exactly the currency's decimals, all quantities are text with their
//! unit, all percentages are text, all ids of people are ids. JSON is compact: no white space, no
//! field for what is absent.

mod card;
mod line;
mod pricing;
mod sale;
mod stock;
mod stream;
mod till;
mod value;

use serde::{Deserialize, Serialize};

pub use card::{CardDecision, CardDeclined, CardRequestKind, CardRequested, CardSlip};
pub use line::{BasketRetrieved, BasketSuspended, SalePostVoided};
pub use pricing::{
    AppliedPromotion, BasePoints, Pricing, PricingContext, PromotionUse, PromptMade, PromptOutcome,
    Text,
};
pub use sale::{
    Approval, EntryMethod, ForeignCash, LineItem, LineKind, ModifierMethod, PriceModifier,
    PriceSource, Sale, SaleAbandoned, TaxLine, TaxMethod, Tender, TenderTaken, TenderVoided,
    Totals, VoidedLine, Weighing,
};
pub use stock::{MovementKind, SafetyStockLevel, SafetyStockSet, StockMoved};
pub use stream::{Parent, StreamCause, StreamStarted};
pub use till::{
    BusinessDayClosed, ClosingLine, Denomination, DrawerOpened, TenderSum, TillClosed, TillCounted,
    TillMoved, TillPlace, TillRules,
};
pub use value::{Moment, Money, Quantity};

/// The number of this version, as it stands in a row's `body_version`.
pub const VERSION: u32 = 1;

/// Somebody signed on or off at a register; the row's kind says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSigned {
    /// Where.
    pub workstation: String,
    /// Who, by id.
    pub operator: String,
}

/// Somebody took a register over from somebody else: `operator_changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorChanged {
    /// Where.
    pub workstation: String,
    /// Who works there now, by id.
    pub operator: String,
    /// Who worked there before, by id.
    pub before: String,
    /// The basket that went along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
}

/// Somebody set the store's time by hand: `time_set`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSet {
    /// Where, if at a register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workstation: Option<String>,
    /// Who, by id.
    pub operator: String,
    /// Who approved it, by id, where they may not alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// What time it was until then, in milliseconds since 1970.
    pub before_ms: i64,
    /// What time it is, in milliseconds since 1970.
    pub after_ms: i64,
}

/// Somebody asked for what they may not do: `permission_refused`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRefused {
    /// Where, if at a register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workstation: Option<String>,
    /// Who, by id.
    pub operator: String,
    /// What they lack, as a code.
    pub permission: String,
    /// The basket that it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
}

/// The body of a row, by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `stream_started`: the first row of every stream.
    StreamStarted(StreamStarted),
    /// `operator_signed_on`.
    OperatorSignedOn(OperatorSigned),
    /// `operator_signed_off`.
    OperatorSignedOff(OperatorSigned),
    /// `operator_changed`.
    OperatorChanged(OperatorChanged),
    /// `time_set`.
    TimeSet(TimeSet),
    /// `permission_refused`.
    PermissionRefused(PermissionRefused),
    /// `tender_taken`.
    TenderTaken(Box<TenderTaken>),
    /// `tender_voided`.
    TenderVoided(TenderVoided),
    /// `card_requested`.
    CardRequested(CardRequested),
    /// `card_declined`.
    CardDeclined(CardDeclined),
    /// `sale_completed`.
    SaleCompleted(Box<Sale>),
    /// `sale_abandoned`.
    SaleAbandoned(Box<SaleAbandoned>),
    /// `basket_suspended`.
    BasketSuspended(Box<BasketSuspended>),
    /// `basket_retrieved`.
    BasketRetrieved(BasketRetrieved),
    /// `sale_post_voided`.
    SalePostVoided(Box<SalePostVoided>),
    /// `stock_moved`.
    StockMoved(StockMoved),
    /// `safety_stock_set`.
    SafetyStockSet(SafetyStockSet),
    /// `till_opened`.
    TillOpened(TillMoved),
    /// `till_loan`.
    TillLoan(TillMoved),
    /// `till_pickup`.
    TillPickup(TillMoved),
    /// `till_paid_in`.
    TillPaidIn(TillMoved),
    /// `till_paid_out`.
    TillPaidOut(TillMoved),
    /// `till_counted`.
    TillCounted(TillCounted),
    /// `till_closed`.
    TillClosed(TillClosed),
    /// `drawer_opened`.
    DrawerOpened(DrawerOpened),
    /// `business_day_closed`.
    BusinessDayClosed(BusinessDayClosed),
}

/// Why a body could not be read or written.
#[derive(Debug)]
pub enum BodyError {
    /// No such kind in this version.
    UnknownKind(String),
    /// The text is not a body of that kind.
    Malformed(serde_json::Error),
}

impl std::fmt::Display for BodyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKind(kind) => write!(f, "version 1 has no rows of kind {kind:?}"),
            Self::Malformed(_) => f.write_str("the body does not have the form of its kind"),
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::UnknownKind(_) => None,
            Self::Malformed(source) => Some(source),
        }
    }
}

impl From<serde_json::Error> for BodyError {
    fn from(source: serde_json::Error) -> Self {
        Self::Malformed(source)
    }
}

impl Fact {
    /// Every kind of this version.
    pub const KINDS: [&'static str; 26] = [
        "stream_started",
        "operator_signed_on",
        "operator_signed_off",
        "operator_changed",
        "time_set",
        "permission_refused",
        "tender_taken",
        "tender_voided",
        "card_requested",
        "card_declined",
        "sale_completed",
        "sale_abandoned",
        "basket_suspended",
        "basket_retrieved",
        "sale_post_voided",
        "stock_moved",
        "safety_stock_set",
        "till_opened",
        "till_loan",
        "till_pickup",
        "till_paid_in",
        "till_paid_out",
        "till_counted",
        "till_closed",
        "drawer_opened",
        "business_day_closed",
    ];

    /// The kind, as it stands in the row.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::StreamStarted(_) => "stream_started",
            Self::OperatorSignedOn(_) => "operator_signed_on",
            Self::OperatorSignedOff(_) => "operator_signed_off",
            Self::OperatorChanged(_) => "operator_changed",
            Self::TimeSet(_) => "time_set",
            Self::PermissionRefused(_) => "permission_refused",
            Self::TenderTaken(_) => "tender_taken",
            Self::TenderVoided(_) => "tender_voided",
            Self::CardRequested(_) => "card_requested",
            Self::CardDeclined(_) => "card_declined",
            Self::SaleCompleted(_) => "sale_completed",
            Self::SaleAbandoned(_) => "sale_abandoned",
            Self::BasketSuspended(_) => "basket_suspended",
            Self::BasketRetrieved(_) => "basket_retrieved",
            Self::SalePostVoided(_) => "sale_post_voided",
            Self::StockMoved(_) => "stock_moved",
            Self::SafetyStockSet(_) => "safety_stock_set",
            Self::TillOpened(_) => "till_opened",
            Self::TillLoan(_) => "till_loan",
            Self::TillPickup(_) => "till_pickup",
            Self::TillPaidIn(_) => "till_paid_in",
            Self::TillPaidOut(_) => "till_paid_out",
            Self::TillCounted(_) => "till_counted",
            Self::TillClosed(_) => "till_closed",
            Self::DrawerOpened(_) => "drawer_opened",
            Self::BusinessDayClosed(_) => "business_day_closed",
        }
    }

    /// Reads a body of a kind.
    ///
    /// # Errors
    /// Where the kind is not one of this version's or the text is not of that kind.
    pub fn read(kind: &str, body: &str) -> Result<Self, BodyError> {
        let from = serde_json::Error::into;
        match kind {
            "stream_started" => serde_json::from_str(body).map(Self::StreamStarted).map_err(from),
            "operator_signed_on" => {
                serde_json::from_str(body).map(Self::OperatorSignedOn).map_err(from)
            }
            "operator_signed_off" => {
                serde_json::from_str(body).map(Self::OperatorSignedOff).map_err(from)
            }
            "operator_changed" => {
                serde_json::from_str(body).map(Self::OperatorChanged).map_err(from)
            }
            "time_set" => serde_json::from_str(body).map(Self::TimeSet).map_err(from),
            "permission_refused" => {
                serde_json::from_str(body).map(Self::PermissionRefused).map_err(from)
            }
            "tender_taken" => serde_json::from_str(body).map(Self::TenderTaken).map_err(from),
            "tender_voided" => serde_json::from_str(body).map(Self::TenderVoided).map_err(from),
            "card_requested" => serde_json::from_str(body).map(Self::CardRequested).map_err(from),
            "card_declined" => serde_json::from_str(body).map(Self::CardDeclined).map_err(from),
            "sale_completed" => serde_json::from_str(body).map(Self::SaleCompleted).map_err(from),
            "sale_abandoned" => serde_json::from_str(body).map(Self::SaleAbandoned).map_err(from),
            "basket_suspended" => {
                serde_json::from_str(body).map(Self::BasketSuspended).map_err(from)
            }
            "basket_retrieved" => {
                serde_json::from_str(body).map(Self::BasketRetrieved).map_err(from)
            }
            "sale_post_voided" => {
                serde_json::from_str(body).map(Self::SalePostVoided).map_err(from)
            }
            "stock_moved" => serde_json::from_str(body).map(Self::StockMoved).map_err(from),
            "safety_stock_set" => {
                serde_json::from_str(body).map(Self::SafetyStockSet).map_err(from)
            }
            "till_opened" => serde_json::from_str(body).map(Self::TillOpened).map_err(from),
            "till_loan" => serde_json::from_str(body).map(Self::TillLoan).map_err(from),
            "till_pickup" => serde_json::from_str(body).map(Self::TillPickup).map_err(from),
            "till_paid_in" => serde_json::from_str(body).map(Self::TillPaidIn).map_err(from),
            "till_paid_out" => serde_json::from_str(body).map(Self::TillPaidOut).map_err(from),
            "till_counted" => serde_json::from_str(body).map(Self::TillCounted).map_err(from),
            "till_closed" => serde_json::from_str(body).map(Self::TillClosed).map_err(from),
            "drawer_opened" => serde_json::from_str(body).map(Self::DrawerOpened).map_err(from),
            "business_day_closed" => {
                serde_json::from_str(body).map(Self::BusinessDayClosed).map_err(from)
            }
            unknown => Err(BodyError::UnknownKind(unknown.to_owned())),
        }
    }

    /// Writes the body as compact JSON.
    ///
    /// # Errors
    /// Never for values of these types; the serialiser's signature has an error.
    pub fn write(&self) -> Result<String, BodyError> {
        let body = match self {
            Self::StreamStarted(body) => serde_json::to_string(body),
            Self::OperatorSignedOn(body) | Self::OperatorSignedOff(body) => {
                serde_json::to_string(body)
            }
            Self::OperatorChanged(body) => serde_json::to_string(body),
            Self::TimeSet(body) => serde_json::to_string(body),
            Self::PermissionRefused(body) => serde_json::to_string(body),
            Self::TenderTaken(body) => serde_json::to_string(body),
            Self::TenderVoided(body) => serde_json::to_string(body),
            Self::CardRequested(body) => serde_json::to_string(body),
            Self::CardDeclined(body) => serde_json::to_string(body),
            Self::SaleCompleted(body) => serde_json::to_string(body),
            Self::SaleAbandoned(body) => serde_json::to_string(body),
            Self::BasketSuspended(body) => serde_json::to_string(body),
            Self::BasketRetrieved(body) => serde_json::to_string(body),
            Self::SalePostVoided(body) => serde_json::to_string(body),
            Self::StockMoved(body) => serde_json::to_string(body),
            Self::SafetyStockSet(body) => serde_json::to_string(body),
            Self::TillOpened(body)
            | Self::TillLoan(body)
            | Self::TillPickup(body)
            | Self::TillPaidIn(body)
            | Self::TillPaidOut(body) => serde_json::to_string(body),
            Self::TillCounted(body) => serde_json::to_string(body),
            Self::TillClosed(body) => serde_json::to_string(body),
            Self::DrawerOpened(body) => serde_json::to_string(body),
            Self::BusinessDayClosed(body) => serde_json::to_string(body),
        };
        Ok(body?)
    }
}
