//! Payment through a terminal.

use serde::Serialize;
use utoipa::ToSchema;

use super::values::{Id, Money, TextId};

/// What is kept of a request that a terminal carried out: never a card's number.
#[derive(Serialize, ToSchema)]
pub struct CardSlip {
    /// Which request.
    pub request: Id,
    /// Which terminal.
    pub terminal: TextId,
    /// Whose card.
    #[schema(nullable = false)]
    pub scheme: Option<String>,
    /// The last four digits.
    #[schema(nullable = false)]
    pub last_four: Option<String>,
    /// The bank's approval.
    #[schema(nullable = false)]
    pub approval: Option<String>,
    /// The number of the terminal's slip.
    #[schema(nullable = false)]
    pub receipt: Option<String>,
    /// Who said so.
    pub by: CardDecider,
    /// Which person, where one did.
    #[schema(nullable = false)]
    pub person: Option<TextId>,
    /// Why they thought so.
    #[schema(nullable = false)]
    pub reason: Option<TextId>,
}

/// Who says what became of a request to a terminal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardDecider {
    /// The terminal, in its answer.
    Terminal,
    /// The terminal, when it was asked later.
    Inquiry,
    /// Somebody who looked.
    Person,
}

/// A request to a terminal.
#[derive(Serialize, ToSchema)]
pub struct CardRequest {
    /// Which.
    pub request: Id,
    /// Whether something is taken or given back.
    pub kind: CardRequestKind,
    /// The way of paying.
    pub tender_type: TextId,
    /// How much.
    pub amount: Money,
    /// Which terminal.
    pub terminal: TextId,
    /// What the terminal shows of the request.
    pub reference: String,
    /// Where it stands.
    pub state: CardRequestState,
    /// Why it is unknown.
    #[schema(nullable = false)]
    pub code: Option<String>,
}

/// What a terminal is asked to do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardRequestKind {
    /// To take the amount.
    Sale,
    /// To give it back.
    Reversal,
}

/// Where a request to a terminal stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardRequestState {
    /// The terminal was asked and has not answered.
    Awaiting,
    /// Nobody knows: somebody has to inquire, or to say.
    Unknown,
}
