//! What one till came to, as it stands on its X and its Z report.

use super::booking::Booking;
use super::summary::{Scope, SummaryFold};
use super::sums::DaySummary;
use crate::fact::{CommittedFact, Fact};
use crate::till::{ClosingLine, Till, TillClosing, TillEvent, TillNumber};
use crate::{BusinessDay, Currency, Now, OperatorId, WorkstationId};

/// Somebody at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByAt {
    /// Who.
    pub operator: OperatorId,
    /// When.
    pub at: Now,
}

/// A till between its opening and now (X), or its close (Z).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillReport {
    /// At which register.
    pub workstation: WorkstationId,
    /// Which of its tills.
    pub number: TillNumber,
    /// The day that it books on.
    pub business_day: BusinessDay,
    /// Its opening.
    pub opened: ByAt,
    /// Its close; none while it is open.
    pub closed: Option<ByAt>,
    /// Whether it was closed from elsewhere, uncounted.
    pub is_forced: bool,
    /// What should be in it, and at the close what was, by way of paying and currency.
    pub lines: Vec<ClosingLine>,
    /// What it took in, and how often things happened.
    pub summary: DaySummary,
}

/// Makes a till's report of the facts of its day, in their order.
#[derive(Clone, Debug)]
pub struct TillReportFold {
    workstation: WorkstationId,
    number: TillNumber,
    sums: SummaryFold,
    till: Till,
    opened: Option<(BusinessDay, ByAt)>,
    closed: Option<(ByAt, TillClosing)>,
    is_sound: bool,
}

impl TillReportFold {
    /// Of one till of a register, in the store's currency.
    #[must_use]
    pub fn new(workstation: WorkstationId, number: TillNumber, currency: Currency) -> Self {
        let sums = SummaryFold::new(Scope::Till(workstation.clone(), number), currency);
        let before = TillNumber(number.0.saturating_sub(1));
        let till = Till { last_number: before, open: None };
        Self { workstation, number, sums, till, opened: None, closed: None, is_sound: true }
    }

    /// Adds the next fact, if it belongs to the till.
    pub fn add(&mut self, row: &CommittedFact) {
        if let Some(booking) = Booking::of(&row.fact) {
            self.sums.add(&booking);
        }
        if let Fact::Till(entry) = &row.fact {
            if entry.workstation != self.workstation || entry.till != Some(self.number) {
                return;
            }
            let by = ByAt { operator: entry.operator.clone(), at: row.now };
            match &entry.event {
                TillEvent::Opened { .. } => self.opened = Some((entry.business_day, by)),
                TillEvent::Closed { closing } => self.closed = Some((by, closing.clone())),
                _ => {}
            }
        }
        self.is_sound &= self.till.apply(&self.workstation, row.now, &row.fact).is_ok();
    }

    /// The report; none where the till is not among the facts, or they do not follow each other.
    #[must_use]
    pub fn report(self) -> Option<TillReport> {
        let (business_day, opened) = self.opened.filter(|_| self.is_sound)?;
        let (closed, closing) = match (self.closed, &self.till.open) {
            (Some((by, closing)), _) => (Some(by), closing),
            // A count that was made before is nothing of an X report: nobody has closed yet.
            (None, Some(open)) => {
                let mut closing = open.closing(false).ok()?;
                closing.lines.iter_mut().for_each(|line| line.counted = None);
                (None, closing)
            }
            (None, None) => return None,
        };
        Some(TillReport {
            workstation: self.workstation,
            number: self.number,
            business_day,
            opened,
            closed,
            is_forced: closing.is_forced,
            lines: closing.lines,
            summary: self.sums.summary(),
        })
    }
}
