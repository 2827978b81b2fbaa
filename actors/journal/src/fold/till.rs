use store_core::fact::Fact;
use store_core::till::{OpenTill, Till, TillEvent};
use store_core::{BusinessDay, Now, RefusalCode, WorkstationId};

use crate::WriteError;

/// The workstation whose till a fact changes.
pub fn till_workstation(fact: &Fact) -> Option<&WorkstationId> {
    match fact {
        Fact::Till(entry) => entry.till.map(|_| &entry.workstation),
        Fact::SaleCompleted(sale) => Some(&sale.workstation),
        Fact::SalePostVoided(void) => Some(&void.workstation),
        _ => None,
    }
}

/// The till after a fact, and the one that the fact closed.
pub fn till_after(
    mut till: Till,
    workstation: &WorkstationId,
    now: Now,
    fact: &Fact,
) -> Result<(Till, Option<OpenTill>), WriteError> {
    let before = till.open.clone();
    let applied = till.apply(workstation, now, fact);
    applied.map_err(|error| WriteError::Rejected(format!("at register {workstation} {error}")))?;
    let closed = if till.open.is_none() { before } else { None };
    Ok((till, closed))
}

/// A business day as far as it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange<P> {
    /// The first row that is booked on it.
    pub first: P,
    /// The last.
    pub last: P,
    /// The row that closed it.
    pub closed: Option<P>,
}

/// The day that a fact is booked on.
pub const fn booked_on(fact: &Fact) -> Option<BusinessDay> {
    match fact {
        Fact::SaleCompleted(sale) => Some(sale.business_day),
        Fact::SalePostVoided(void) => Some(void.sale.business_day),
        Fact::SaleAbandoned { transaction, .. } => Some(transaction.business_day),
        Fact::Till(entry) => Some(entry.business_day),
        Fact::BusinessDayClosed(closed) => Some(closed.business_day),
        _ => None,
    }
}

/// A day after a fact that is booked on it, which is told whether a till of it is still open.
/// Nothing of a till is booked on a day that is over, and no day is closed twice; nor is one before
/// its tills, which could not be closed any more then.
pub fn day_after<P: Copy>(
    before: Option<DayRange<P>>,
    has_open_till: bool,
    position: P,
    fact: &Fact,
) -> Result<DayRange<P>, WriteError> {
    let mut range = before.unwrap_or(DayRange { first: position, last: position, closed: None });
    if range.closed.is_some() && matches!(fact, Fact::Till(_) | Fact::BusinessDayClosed(_)) {
        let day = booked_on(fact).map_or_else(String::new, |day| day.to_string());
        return Err(WriteError::Rejected(format!("the business day {day} is closed")));
    }
    range.last = position;
    if has_open_till && matches!(fact, Fact::BusinessDayClosed(_)) {
        return Err(WriteError::Declined(RefusalCode::TillsOpen));
    }
    if matches!(fact, Fact::BusinessDayClosed(_)) {
        range.closed = Some(position);
    }
    Ok(range)
}

/// Whether an entry of a till is needed to close the day.
pub const fn closes_till(fact: &Fact) -> bool {
    match fact {
        Fact::Till(entry) => {
            matches!(entry.event, TillEvent::Counted { .. } | TillEvent::Closed { .. })
        }
        Fact::BusinessDayClosed(_) => true,
        _ => false,
    }
}
