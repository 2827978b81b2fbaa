//! The store's business day (營業日): one for all registers, from the first till that is opened to
//! its close, also after midnight.

mod booking;
mod machine;
mod summary;
mod sums;
#[cfg(test)]
mod tests;
mod till_report;

pub use booking::{Booking, CashBooking, LineBooking, SaleBooking, TenderBooking, TillBooking};
pub use machine::{CloseAsk, DayEffect, DayInput, DayMachine, DayState};
pub use summary::{Scope, SummaryFold};
pub use sums::{
    CashSums, Counts, DaySummary, DepartmentSum, HourSum, OperatorSum, TaxSum, TenderLine, TillSum,
};
pub use till_report::{ByAt, TillReport, TillReportFold};

use crate::{BusinessDay, OperatorId, WorkstationId};

/// A business day is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayClosed {
    /// Which.
    pub business_day: BusinessDay,
    /// By whom.
    pub operator: OperatorId,
    /// Who allowed it, where the operator may not by themselves.
    pub approved_by: Option<OperatorId>,
    /// The registers whose tills were closed with it, uncounted.
    pub forced: Vec<WorkstationId>,
}
