//! The rules and folds that the journal on disk and the simulated one share: pure, fed with what
//! was looked up, answering with what is to be written.

mod register;
mod stock;

use store_core::fact::Fact;
use store_core::invariants::check_sale;

use crate::{Draft, WriteError};

pub use register::{register_after, workstation};
pub use stock::{StockSource, StockUpdate, stock_after};

/// Refuses a fact that could not be verified later.
pub fn check_fact(fact: &Fact) -> Result<(), WriteError> {
    match fact {
        Fact::SaleCompleted(sale) => {
            check_sale(sale).map_err(|violation| WriteError::Rejected(violation.to_string()))
        }
        Fact::SaleAbandoned { transaction, .. } if transaction.number.is_some() => {
            Err(WriteError::Rejected(format!(
                "basket {} was abandoned and has a number",
                transaction.id
            )))
        }
        _ => Ok(()),
    }
}

/// Whether a fact helps to close the day, so that the room kept for that may be used.
pub const fn is_closing(fact: &Fact) -> bool {
    matches!(fact, Fact::OperatorSignedOff { .. } | Fact::SaleAbandoned { .. })
}

/// Refuses a basket in progress that is behind the stored one or belongs to the past.
pub fn check_draft(
    draft: &Draft,
    stored_version: Option<u64>,
    has_ended: bool,
) -> Result<(), WriteError> {
    if has_ended {
        let text = format!("basket {} is over and has no draft any more", draft.transaction);
        return Err(WriteError::Rejected(text));
    }
    match stored_version {
        Some(stored) if stored > draft.version => Err(WriteError::Rejected(format!(
            "version {} of basket {} is behind the stored version {stored}",
            draft.version, draft.transaction
        ))),
        _ => Ok(()),
    }
}
