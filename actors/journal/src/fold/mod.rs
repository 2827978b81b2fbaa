//! The rules and folds that the journal on disk and the simulated one share: pure, fed with what
//! was looked up, answering with what is to be written.

mod promotions;
mod register;
mod stock;
mod till;

use store_core::TransactionId;
use store_core::fact::Fact;
use store_core::invariants::check_sale;
use store_core::transaction::RetailTransaction;

use crate::{Append, Draft, JournalRow, Suspended, WriteError, Written};

pub use promotions::{DayOfPromotion, PromotionTally, after, points_of, uses_of};
pub use register::{register_after, workstation};
pub use stock::{StockSource, StockUpdate, stock_after};
pub use till::{DayRange, booked_on, closes_till, day_after, till_after, till_workstation};

/// Refuses a fact that could not be verified later.
pub fn check_fact(fact: &Fact) -> Result<(), WriteError> {
    match fact {
        Fact::SaleCompleted(sale) => check_sold(sale),
        Fact::SalePostVoided(void) => check_sold(&void.sale),
        Fact::SaleAbandoned { transaction, .. } if transaction.number.is_some() => {
            Err(WriteError::Rejected(format!(
                "basket {} was abandoned and has a number",
                transaction.id
            )))
        }
        _ => Ok(()),
    }
}

fn check_sold(sale: &RetailTransaction) -> Result<(), WriteError> {
    check_sale(sale).map_err(|violation| WriteError::Rejected(violation.to_string()))
}

/// The basket that a promise puts aside.
pub fn suspended(append: &Append, draft: &Draft) -> Result<Suspended, WriteError> {
    let Fact::BasketSuspended { transaction, operator } = &append.fact else {
        let text = format!("a row of kind {} puts no basket aside", append.fact.kind());
        return Err(WriteError::Rejected(text));
    };
    Ok(Suspended {
        draft: draft.clone(),
        operator: operator.clone(),
        wall_ms: append.now.wall.as_millisecond(),
        utc_offset_s: append.now.utc_offset_s,
        lines: u32::try_from(transaction.live_lines().count()).unwrap_or(u32::MAX),
        total: transaction.totals.total,
    })
}

/// Whether a fact helps to close the day, so that the room kept for that may be used. A basket
/// that was partly paid for cannot be abandoned before what was paid is handed back.
pub const fn is_closing(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::OperatorSignedOff { .. } | Fact::SaleAbandoned { .. } | Fact::TenderVoided { .. }
    ) || closes_till(fact)
}

/// The outcome of a write whose id stands in a row already: the first one's. The same id for
/// something else is no repetition, and nobody may be told that it happened.
pub fn repeated(
    there: &JournalRow,
    kind: &str,
    transaction: Option<TransactionId>,
) -> Result<Written, WriteError> {
    if there.kind != kind || there.transaction != transaction {
        return Err(WriteError::Rejected(format!("the id {} belongs to another row", there.id)));
    }
    Ok(Written::Committed { position: there.position, digest: there.digest, repeated: true })
}

/// The kind of the row that starts a stream.
pub const STREAM_STARTED: &str = "stream_started";

/// Refuses a basket in progress that is behind the stored one, a version and where it is open, is
/// open at another workstation, or belongs to the past.
pub fn check_draft(
    draft: &Draft,
    stored: Option<(u64, &str)>,
    has_ended: bool,
) -> Result<(), WriteError> {
    if has_ended {
        let text = format!("basket {} is over or lies aside and has no draft", draft.transaction);
        return Err(WriteError::Rejected(text));
    }
    match stored {
        Some((_, elsewhere)) if elsewhere != draft.workstation.as_str() => {
            let text = format!("basket {} is open at workstation {elsewhere}", draft.transaction);
            Err(WriteError::Rejected(text))
        }
        Some((stored, _)) if stored > draft.version => Err(WriteError::Rejected(format!(
            "version {} of basket {} is behind the stored version {stored}",
            draft.version, draft.transaction
        ))),
        _ => Ok(()),
    }
}
