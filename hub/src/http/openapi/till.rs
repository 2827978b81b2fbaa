//! What a terminal asks of its register's till, and what it is answered, as they stand in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::register::RegisterView;
use super::values::{Id, Money, TextId};

/// A till of a register.
#[derive(Serialize, ToSchema)]
pub struct TillView {
    /// Whose the money at a register is.
    pub policy: TillPolicy,
    /// Whether who counts is not shown what should be there.
    pub is_blind: bool,
    /// The one that is open.
    pub open: Option<OpenTill>,
}

/// Whose the money at a register is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TillPolicy {
    /// There are no tills: a register sells as it is.
    None,
    /// A till is open before anything is sold, and whoever works at the register sells from it.
    Shared,
    /// The same, but only who opened a till sells from it.
    PerOperator,
}

/// A till that is open.
#[derive(Serialize, ToSchema)]
pub struct OpenTill {
    /// Its number at this register: 1, 2, 3 …; its Z report has the same.
    pub number: u64,
    /// The day that is booked on.
    #[schema(format = "date")]
    pub business_day: String,
    /// Who opened it.
    pub operator: TextId,
    /// When, with the store's offset.
    #[schema(format = "date-time")]
    pub opened: String,
    /// What it was opened with.
    pub float: Money,
    /// Whether it has been counted since anything last went in or out.
    pub is_counted: bool,
    /// What should be in it, by way of paying and currency; absent where that is not shown.
    #[schema(nullable = false)]
    pub expected: Option<Vec<TenderSum>>,
}

/// A sum of one way of paying in one currency.
#[derive(Serialize, ToSchema)]
pub struct TenderSum {
    /// The way of paying.
    pub tender_type: TextId,
    /// How much, in its own currency.
    pub amount: Money,
}

/// Something that is to be done with a till: the same id with the same command gets the first
/// outcome again, also after a restart of the hub.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "command_id": "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e41",
    "command": { "type": "open", "float": { "amount": "3000", "currency": "TWD" } }
}))]
pub struct TillEnvelope {
    /// Made by the terminal.
    pub command_id: Id,
    /// What.
    pub command: TillCommand,
}

/// What a cashier does with a till.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TillCommand {
    /// Opens it.
    Open {
        /// What lies in it.
        float: Money,
    },
    /// Puts money from the safe into it.
    Loan {
        /// How much.
        amount: Money,
        /// Why, if anybody wants to say.
        reason: Option<TextId>,
    },
    /// Takes money out of it to the safe.
    Pickup {
        /// How much.
        amount: Money,
    },
    /// Puts money into it that is not for goods.
    PaidIn {
        /// How much.
        amount: Money,
        /// Why.
        reason: TextId,
    },
    /// Pays money out of it that is not for goods.
    PaidOut {
        /// How much.
        amount: Money,
        /// Why.
        reason: TextId,
    },
    /// Says what is in it.
    Count {
        /// Notes and coins of the store's currency, none of them twice.
        denominations: Vec<Denomination>,
        /// What lies in it besides, by way of paying; foreign cash in its own currency.
        #[schema(required = false)]
        others: Vec<TenderSum>,
    },
    /// Closes it as it was counted.
    Close,
    /// Opens the drawer without a sale.
    NoSale {
        /// Why.
        reason: TextId,
    },
}

/// How many of one note or coin there are.
#[derive(Serialize, ToSchema)]
pub struct Denomination {
    /// What one is worth.
    pub value: Money,
    /// How many.
    pub pieces: u32,
}

/// The answer to what was done with a till.
#[derive(Serialize, ToSchema)]
pub struct TillAnswer {
    /// The command.
    pub command_id: Id,
    /// Whether it had been carried out before and nothing was done now.
    pub repeated: bool,
    /// The kind of fact that it became: `till_opened`, `till_closed` …
    pub kind: String,
    /// Which till; nothing where the store has none.
    pub till: Option<u64>,
    /// The day that it is booked on.
    #[schema(format = "date")]
    pub business_day: String,
    /// At a close: what was expected and what was there.
    #[schema(nullable = false)]
    pub closing: Option<Vec<ClosingLine>>,
    /// The register as it is now.
    pub view: RegisterView,
}

/// One way of paying at a close.
#[derive(Serialize, ToSchema)]
pub struct ClosingLine {
    /// Which.
    pub tender_type: TextId,
    /// What should be there.
    pub expected: Money,
    /// What was there; nothing where nobody counted it.
    pub counted: Option<Money>,
}
