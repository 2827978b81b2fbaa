//! Between the domain's types and what stands in rows, by hand, both ways.

mod card;
mod pricing;
mod sale;
mod stock;
#[cfg(test)]
mod tests;
mod till;
mod value;

use std::fmt::Display;

use hq_wire::facts::v1;
use store_core::fact::Fact;
use store_core::till::TillEvent;
use store_core::{Now, OperatorId, WorkstationId};

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
            v1::Fact::OperatorSignedOn(signed(workstation, operator))
        }
        Fact::OperatorSignedOff { workstation, operator } => {
            v1::Fact::OperatorSignedOff(signed(workstation, operator))
        }
        Fact::OperatorChanged { workstation, operator, before, transaction } => {
            v1::Fact::OperatorChanged(v1::OperatorChanged {
                workstation: workstation.to_string(),
                operator: operator.to_string(),
                before: before.to_string(),
                transaction: transaction.map(|id| id.to_string()),
            })
        }
        Fact::TimeSet { workstation, operator, approved_by, before, after } => {
            v1::Fact::TimeSet(v1::TimeSet {
                workstation: workstation.as_ref().map(ToString::to_string),
                operator: operator.to_string(),
                approved_by: approved_by.as_ref().map(ToString::to_string),
                before_ms: before.as_millisecond(),
                after_ms: after.as_millisecond(),
            })
        }
        Fact::PermissionRefused { workstation, operator, permission, transaction } => {
            v1::Fact::PermissionRefused(v1::PermissionRefused {
                workstation: workstation.as_ref().map(ToString::to_string),
                operator: operator.to_string(),
                permission: permission.to_string(),
                transaction: transaction.map(|id| id.to_string()),
            })
        }
        Fact::TenderTaken { transaction, workstation, operator, tender } => {
            v1::Fact::TenderTaken(Box::new(v1::TenderTaken {
                transaction: transaction.to_string(),
                workstation: workstation.to_string(),
                operator: operator.to_string(),
                tender: sale::tender_to_wire(tender),
            }))
        }
        Fact::TenderVoided { transaction, workstation, operator, number, card } => {
            v1::Fact::TenderVoided(v1::TenderVoided {
                transaction: transaction.to_string(),
                workstation: workstation.to_string(),
                operator: operator.to_string(),
                number: *number,
                card: card.as_ref().map(card::slip_to_wire),
            })
        }
        Fact::CardRequested { transaction, workstation, operator, request } => {
            let requested = card::requested_to_wire(*transaction, workstation, operator, request);
            v1::Fact::CardRequested(requested)
        }
        Fact::CardDeclined { transaction, workstation, operator, request, code, decision } => {
            v1::Fact::CardDeclined(v1::CardDeclined {
                transaction: transaction.to_string(),
                workstation: workstation.to_string(),
                operator: operator.to_string(),
                request: request.to_string(),
                code: code.to_string(),
                decision: card::decision_to_wire(decision),
            })
        }
        Fact::SaleCompleted(basket) => {
            v1::Fact::SaleCompleted(Box::new(sale::to_wire(basket, now)))
        }
        Fact::SaleAbandoned { transaction, reason } => {
            v1::Fact::SaleAbandoned(Box::new(v1::SaleAbandoned {
                basket: sale::to_wire(transaction, now),
                reason: reason.to_string(),
            }))
        }
        Fact::BasketSuspended { transaction, operator } => {
            v1::Fact::BasketSuspended(Box::new(v1::BasketSuspended {
                basket: sale::to_wire(transaction, now),
                operator: operator.to_string(),
            }))
        }
        Fact::BasketRetrieved { transaction, workstation, operator } => {
            v1::Fact::BasketRetrieved(v1::BasketRetrieved {
                transaction: transaction.to_string(),
                workstation: workstation.to_string(),
                operator: operator.to_string(),
            })
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

fn signed(workstation: &WorkstationId, operator: &OperatorId) -> v1::OperatorSigned {
    v1::OperatorSigned { workstation: workstation.to_string(), operator: operator.to_string() }
}

/// The fact in a body; nothing for the row that starts a stream, which the domain does not know.
///
/// # Errors
/// Where a field has a value that it may not have.
pub fn from_wire(body: v1::Fact) -> Result<Option<Fact>, ConvertError> {
    Ok(Some(match body {
        v1::Fact::StreamStarted(_) => return Ok(None),
        v1::Fact::OperatorSignedOn(body) => Fact::OperatorSignedOn {
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
        },
        v1::Fact::OperatorSignedOff(body) => Fact::OperatorSignedOff {
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
        },
        v1::Fact::OperatorChanged(body) => Fact::OperatorChanged {
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
            before: value::id("before", &body.before)?,
            transaction: value::optional_id("transaction", body.transaction.as_deref())?,
        },
        v1::Fact::TimeSet(body) => Fact::TimeSet {
            workstation: value::optional_id("workstation", body.workstation.as_deref())?,
            operator: value::id("operator", &body.operator)?,
            approved_by: value::optional_id("approved_by", body.approved_by.as_deref())?,
            before: value::wall("before_ms", body.before_ms)?,
            after: value::wall("after_ms", body.after_ms)?,
        },
        v1::Fact::PermissionRefused(body) => Fact::PermissionRefused {
            workstation: value::optional_id("workstation", body.workstation.as_deref())?,
            operator: value::id("operator", &body.operator)?,
            permission: value::permission(&body.permission)?,
            transaction: value::optional_id("transaction", body.transaction.as_deref())?,
        },
        v1::Fact::TenderTaken(body) => Fact::TenderTaken {
            transaction: value::id("transaction", &body.transaction)?,
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
            tender: sale::tender_from_wire(&body.tender)?,
        },
        v1::Fact::TenderVoided(body) => Fact::TenderVoided {
            transaction: value::id("transaction", &body.transaction)?,
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
            number: body.number,
            card: body.card.as_ref().map(card::slip_from_wire).transpose()?,
        },
        v1::Fact::CardRequested(body) => Fact::CardRequested {
            transaction: value::id("transaction", &body.transaction)?,
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
            request: card::requested_from_wire(&body)?,
        },
        v1::Fact::CardDeclined(body) => Fact::CardDeclined {
            transaction: value::id("transaction", &body.transaction)?,
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
            request: value::id("request", &body.request)?,
            code: std::sync::Arc::from(body.code.as_str()),
            decision: card::decision_from_wire(&body.decision)?,
        },
        v1::Fact::SaleCompleted(body) => Fact::SaleCompleted(Box::new(sale::from_wire(&body)?)),
        v1::Fact::SaleAbandoned(body) => Fact::SaleAbandoned {
            transaction: Box::new(sale::from_wire(&body.basket)?),
            reason: value::id("reason", &body.reason)?,
        },
        v1::Fact::BasketSuspended(body) => Fact::BasketSuspended {
            transaction: Box::new(sale::from_wire(&body.basket)?),
            operator: value::id("operator", &body.operator)?,
        },
        v1::Fact::BasketRetrieved(body) => Fact::BasketRetrieved {
            transaction: value::id("transaction", &body.transaction)?,
            workstation: value::id("workstation", &body.workstation)?,
            operator: value::id("operator", &body.operator)?,
        },
        v1::Fact::SalePostVoided(body) => {
            Fact::SalePostVoided(Box::new(sale::post_void_from_wire(&body)?))
        }
        v1::Fact::StockMoved(body) => Fact::StockMoved(stock::movement_from_wire(&body)?),
        v1::Fact::SafetyStockSet(body) => Fact::SafetyStockSet(
            body.levels.iter().map(stock::level_from_wire).collect::<Result<_, _>>()?,
        ),
        v1::Fact::TillOpened(body) => {
            let rules = till::rules(&body)?;
            till::moved(&body, |float| Ok(TillEvent::Opened { float, rules }))?
        }
        v1::Fact::TillLoan(body) => till::moved(&body, |amount| {
            let reason = body.reason.is_some().then(|| till::reason(&body)).transpose()?;
            Ok(TillEvent::Loan { amount, reason })
        })?,
        v1::Fact::TillPickup(body) => {
            till::moved(&body, |amount| Ok(TillEvent::Pickup { amount }))?
        }
        v1::Fact::TillPaidIn(body) => till::moved(&body, |amount| {
            Ok(TillEvent::PaidIn { amount, reason: till::reason(&body)? })
        })?,
        v1::Fact::TillPaidOut(body) => till::moved(&body, |amount| {
            Ok(TillEvent::PaidOut { amount, reason: till::reason(&body)? })
        })?,
        v1::Fact::TillCounted(body) => till::counted(&body)?,
        v1::Fact::TillClosed(body) => till::closed(&body)?,
        v1::Fact::DrawerOpened(body) => till::drawer_opened(&body)?,
        v1::Fact::BusinessDayClosed(body) => Fact::BusinessDayClosed(till::day_from_wire(&body)?),
    }))
}
