use serde::{Deserialize, Serialize};

use super::Money;

/// Which till, by whom, and the day that it is booked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillPlace {
    /// At which register.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// Who allowed it, by id, where the operator may not by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// `YYYY-MM-DD`.
    pub business_day: String,
    /// The till's number at this register; absent where the store has no tills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub till: Option<u64>,
}

/// Money went into a till or out of it, otherwise than by a sale: `till_opened` (the float),
/// `till_loan`, `till_pickup`, `till_paid_in`, `till_paid_out`; the row's kind says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillMoved {
    /// Where and by whom.
    #[serde(flatten)]
    pub at: TillPlace,
    /// How much.
    pub amount: Money,
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of `till_opened` what the till follows to its close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<TillRules>,
}

/// What a till follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillRules {
    /// `shared` or `per_operator`.
    pub policy: String,
    /// Whether who counts is not shown what should be there.
    pub blind: bool,
}

/// Somebody counted a till: `till_counted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillCounted {
    /// Where and by whom.
    #[serde(flatten)]
    pub at: TillPlace,
    /// Notes and coins.
    pub denominations: Vec<Denomination>,
    /// What lay in it besides, by way of paying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<TenderSum>,
}

/// How many of one note or coin there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denomination {
    /// What one is worth.
    pub value: Money,
    /// How many.
    pub pieces: u32,
}

/// A sum of one way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderSum {
    /// The way of paying.
    pub tender_type: String,
    /// How much, in its own currency.
    pub amount: Money,
}

/// A till is over: `till_closed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillClosed {
    /// Where and by whom.
    #[serde(flatten)]
    pub at: TillPlace,
    /// What was expected and what was there, by way of paying and currency.
    pub lines: Vec<ClosingLine>,
    /// Closed from elsewhere, uncounted, because the day was closed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub forced: bool,
}

/// One way of paying at a close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingLine {
    /// Which.
    pub tender_type: String,
    /// What should have been there.
    pub expected: Money,
    /// What was there; absent where nobody counted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Money>,
}

/// The drawer was opened without a sale: `drawer_opened`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerOpened {
    /// Where and by whom.
    #[serde(flatten)]
    pub at: TillPlace,
    /// Why, as a code.
    pub reason: String,
}

/// A business day is over: `business_day_closed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessDayClosed {
    /// `YYYY-MM-DD`.
    pub business_day: String,
    /// By whom, by id.
    pub operator: String,
    /// Who allowed it, by id, where the operator may not by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The registers whose tills were closed with it, uncounted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forced: Vec<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(it: &bool) -> bool {
    !*it
}
