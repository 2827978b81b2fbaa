use serde::{Deserialize, Serialize};

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
        operator: String,
        /// Why, as a code.
        reason: String,
    },
}
