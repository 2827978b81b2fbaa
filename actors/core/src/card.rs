//! What passes between a register and a payment terminal, as the store keeps it: never a card's
//! number, only what a slip shows of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::transaction::TenderTypeId;
use crate::{CardRequestId, Money, OperatorId, ReasonCode, TerminalId};

/// Digits of a request's id that go to the terminal: as many as its frame has room for.
const REFERENCE_DIGITS: usize = 18;

impl CardRequestId {
    /// What the terminal keeps of the request, and gives back with its answer.
    #[must_use]
    pub fn reference(self) -> String {
        let digits = self.uuid().simple().to_string();
        digits.get(digits.len() - REFERENCE_DIGITS..).unwrap_or(&digits).to_ascii_uppercase()
    }
}

/// What is asked of a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRequest {
    /// Which request.
    pub id: CardRequestId,
    /// What.
    pub kind: CardRequestKind,
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// How much, positive in both kinds.
    pub amount: Money,
    /// Of which terminal.
    pub terminal: TerminalId,
}

/// What a terminal is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CardRequestKind {
    /// To take the amount.
    Sale,
    /// To give back what an earlier request took.
    Reversal {
        /// The tender that is voided by it.
        tender: u32,
        /// The earlier request.
        of: CardRequestId,
        /// The number of its slip, by which the terminal knows it.
        receipt: Option<Arc<str>>,
        /// Its approval, likewise.
        approval: Option<Arc<str>>,
    },
}

impl CardRequestKind {
    /// As it stands on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Reversal { .. } => "reversal",
        }
    }

    /// Whether something is given back.
    #[must_use]
    pub const fn is_reversal(&self) -> bool {
        matches!(self, Self::Reversal { .. })
    }

    /// Whether it is about a slip by which no terminal finds it.
    #[must_use]
    pub const fn names_no_slip(&self) -> bool {
        matches!(self, Self::Reversal { receipt: None, approval: None, .. })
    }
}

/// What a terminal said of a request that it carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardApproval {
    /// Whose card, as a code: `visa`, `jcb` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Arc<str>>,
    /// The last four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_four: Option<Arc<str>>,
    /// The bank's approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Arc<str>>,
    /// The number of the terminal's slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Arc<str>>,
}

/// Who said what became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum CardDecision {
    /// The terminal, in its answer.
    Terminal,
    /// The terminal, when it was asked later.
    Inquiry,
    /// Somebody who looked: at the terminal's slips, at the bank.
    Person {
        /// Who.
        #[serde(rename = "person")]
        operator: OperatorId,
        /// Why they think so.
        reason: ReasonCode,
    },
}

/// What is kept of a request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardSlip {
    /// Which request.
    pub request: CardRequestId,
    /// Which terminal.
    pub terminal: TerminalId,
    /// What it said.
    #[serde(flatten)]
    pub approval: CardApproval,
    /// Who said so.
    #[serde(flatten)]
    pub decision: CardDecision,
}

/// What came back from a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardAnswer {
    /// It was carried out.
    Approved(CardApproval),
    /// It was not, and will not be; the code says why.
    Declined(Arc<str>),
    /// Nobody knows; the code says why.
    Unknown(&'static str),
}
