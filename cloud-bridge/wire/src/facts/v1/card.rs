use serde::{Deserialize, Serialize};

use super::Money;

/// What is kept of a request that a payment terminal carried out. Never a card's number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardSlip {
    /// Which request, a UUID.
    pub request: String,
    /// Which terminal.
    pub terminal: String,
    /// Whose card, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The last four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_four: Option<String>,
    /// The bank's approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// The number of the terminal's slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Who said so.
    #[serde(flatten)]
    pub decision: CardDecision,
}

/// Who said what became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum CardDecision {
    /// The terminal, in its answer.
    Terminal,
    /// The terminal, when it was asked later.
    Inquiry,
    /// Somebody who looked.
    Person {
        /// Who, by id.
        person: String,
        /// Why, as a code.
        reason: String,
    },
}

/// Something is about to be asked of a payment terminal: `card_requested`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRequested {
    /// The basket.
    pub transaction: String,
    /// Where.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// Which request, a UUID.
    pub request: String,
    /// What.
    #[serde(flatten)]
    pub kind: CardRequestKind,
    /// The way of paying.
    pub tender_type: String,
    /// How much.
    pub amount: Money,
    /// Which terminal.
    pub terminal: String,
    /// What the terminal was given to know the request by.
    pub reference: String,
}

/// What a terminal is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CardRequestKind {
    /// To take the amount.
    Sale,
    /// To give back what an earlier request took.
    Reversal {
        /// The tender that is voided by it.
        tender: u32,
        /// The earlier request, a UUID.
        of: String,
        /// The number of its slip.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
        /// Its approval.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approval: Option<String>,
    },
}

/// A request to a terminal was not carried out: `card_declined`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDeclined {
    /// The basket.
    pub transaction: String,
    /// Where.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// Which request, a UUID.
    pub request: String,
    /// Why, as a code.
    pub code: String,
    /// Who said so.
    #[serde(flatten)]
    pub decision: CardDecision,
}
