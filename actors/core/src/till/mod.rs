//! The till (錢箱): the money at a register, from the float it is opened with to its close.
//!
//! What should be in it is never counted along: it is folded from facts, so that a restart, a
//! report and headquarters come to the same.

mod command;
mod count;
mod entry;
mod fold;
mod sums;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use command::TillCommand;
pub(crate) use command::known;
pub use count::{CashCount, Denomination, denominations};
pub use entry::{ClosingLine, DEVICE_TRIAL, TillClosing, TillEntry, TillEvent, TillNumber};
pub use fold::{OpenTill, Till, TillError};
pub use sums::{CASH, TenderSum, TenderSums};

/// Whose the money at a register is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillPolicy {
    /// There are no tills: a register sells as it is.
    None,
    /// A till is open before anything is sold, and whoever works at the register sells from it.
    #[default]
    Shared,
    /// The same, but only who opened a till sells from it.
    PerOperator,
}

/// What tills follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TillRules {
    /// Whose the money at a register is.
    pub policy: TillPolicy,
    /// Whether who counts is not shown what should be there.
    pub is_blind: bool,
}
