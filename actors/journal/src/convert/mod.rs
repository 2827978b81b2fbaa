//! Between the domain's types and what stands in rows, by hand, both ways.

mod card;
mod people;
mod pricing;
mod sale;
mod stock;
mod tender;
#[cfg(test)]
mod tests;
mod till;
mod value;

use std::fmt::Display;

use hq_wire::facts::v1;
use store_core::Now;
use store_core::fact::Fact;

/// Why a body could not be read as a fact.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The body's version is not one this software knows.
    #[error("rows of version {0} are newer than this software")]
    UnknownVersion(u32),
    /// The body does not have the form of its kind.
    #[error(transparent)]
    Body(#[from] v1::BodyError),
    /// A field has a value that it may not have.
    #[error("the field {field} may not be {value:?}: {reason}")]
    BadField {
        /// Which.
        field: &'static str,
        /// What stands there.
        value: String,
        /// Why not.
        reason: String,
    },
}

/// Makes a closure that tells which field was wrong.
fn bad<E: Display>(field: &'static str, value: &str) -> impl FnOnce(E) -> ConvertError {
    let value = value.to_owned();
    move |reason| ConvertError::BadField { field, value, reason: reason.to_string() }
}

/// The wire form of a fact that was decided at `now`.
#[must_use]
pub fn to_wire(fact: &Fact, now: &Now) -> v1::Fact {
    match fact {
        Fact::OperatorSignedOn { workstation, operator } => {
            v1::Fact::OperatorSignedOn(people::signed(workstation, operator))
        }
        Fact::OperatorSignedOff { workstation, operator } => {
            v1::Fact::OperatorSignedOff(people::signed(workstation, operator))
        }
        Fact::OperatorChanged { workstation, operator, before, transaction } => {
            people::changed((workstation, operator), before, *transaction)
        }
        Fact::TimeSet { workstation, operator, approved_by, before, after } => {
            let at = (workstation.as_ref(), operator);
            people::time_set(at, approved_by.as_ref(), (*before, *after))
        }
        Fact::PermissionRefused { workstation, operator, permission, transaction } => {
            people::refused((workstation.as_ref(), operator), *permission, *transaction)
        }
        Fact::TenderTaken { transaction, workstation, operator, tender } => {
            tender::taken((*transaction, workstation, operator), tender)
        }
        Fact::TenderVoided { transaction, workstation, operator, number, card } => {
            tender::voided((*transaction, workstation, operator), *number, card.as_ref())
        }
        Fact::CardRequested { transaction, workstation, operator, request } => {
            let requested = card::requested_to_wire(*transaction, workstation, operator, request);
            v1::Fact::CardRequested(requested)
        }
        Fact::CardDeclined { transaction, workstation, operator, request, code, decision } => {
            tender::declined((*transaction, workstation, operator), request, (code, decision))
        }
        Fact::SaleCompleted(basket) => {
            v1::Fact::SaleCompleted(Box::new(sale::to_wire(basket, now)))
        }
        Fact::SaleAbandoned { transaction, reason } => tender::abandoned(transaction, reason, now),
        Fact::BasketSuspended { transaction, operator } => {
            tender::suspended(transaction, operator, now)
        }
        Fact::BasketRetrieved { transaction, workstation, operator } => {
            tender::retrieved((*transaction, workstation, operator))
        }
        Fact::SalePostVoided(void) => {
            v1::Fact::SalePostVoided(Box::new(sale::post_void_to_wire(void, now)))
        }
        Fact::StockMoved(movement) => v1::Fact::StockMoved(stock::movement_to_wire(movement)),
        Fact::SafetyStockSet(levels) => v1::Fact::SafetyStockSet(v1::SafetyStockSet {
            levels: levels.iter().map(stock::level_to_wire).collect(),
        }),
        Fact::Till(entry) => till::to_wire(entry),
        Fact::BusinessDayClosed(closed) => v1::Fact::BusinessDayClosed(till::day_to_wire(closed)),
    }
}

/// The fact in a body; nothing for the row that starts a stream, which the domain does not know.
///
/// # Errors
/// Where a field has a value that it may not have.
pub fn from_wire(body: v1::Fact) -> Result<Option<Fact>, ConvertError> {
    Ok(Some(match body {
        v1::Fact::StreamStarted(_) => return Ok(None),
        v1::Fact::OperatorSignedOn(body) => people::signed_on(&body)?,
        v1::Fact::OperatorSignedOff(body) => people::signed_off(&body)?,
        v1::Fact::OperatorChanged(body) => people::changed_from_wire(&body)?,
        v1::Fact::TimeSet(body) => people::time_set_from_wire(&body)?,
        v1::Fact::PermissionRefused(body) => people::refused_from_wire(&body)?,
        v1::Fact::TenderTaken(body) => tender::taken_from_wire(&body)?,
        v1::Fact::TenderVoided(body) => tender::voided_from_wire(&body)?,
        v1::Fact::CardRequested(body) => tender::requested_from_wire(&body)?,
        v1::Fact::CardDeclined(body) => tender::declined_from_wire(&body)?,
        v1::Fact::SaleCompleted(body) => Fact::SaleCompleted(Box::new(sale::from_wire(&body)?)),
        v1::Fact::SaleAbandoned(body) => tender::abandoned_from_wire(&body)?,
        v1::Fact::BasketSuspended(body) => tender::suspended_from_wire(&body)?,
        v1::Fact::BasketRetrieved(body) => tender::retrieved_from_wire(&body)?,
        v1::Fact::SalePostVoided(body) => {
            Fact::SalePostVoided(Box::new(sale::post_void_from_wire(&body)?))
        }
        v1::Fact::StockMoved(body) => Fact::StockMoved(stock::movement_from_wire(&body)?),
        v1::Fact::SafetyStockSet(body) => Fact::SafetyStockSet(
            body.levels.iter().map(stock::level_from_wire).collect::<Result<_, _>>()?,
        ),
        v1::Fact::TillOpened(body) => till::opened(&body)?,
        v1::Fact::TillLoan(body) => till::loan(&body)?,
        v1::Fact::TillPickup(body) => till::pickup(&body)?,
        v1::Fact::TillPaidIn(body) => till::paid_in(&body)?,
        v1::Fact::TillPaidOut(body) => till::paid_out(&body)?,
        v1::Fact::TillCounted(body) => till::counted(&body)?,
        v1::Fact::TillClosed(body) => till::closed(&body)?,
        v1::Fact::DrawerOpened(body) => till::drawer_opened(&body)?,
        v1::Fact::BusinessDayClosed(body) => Fact::BusinessDayClosed(till::day_from_wire(&body)?),
    }))
}
