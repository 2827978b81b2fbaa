use serde::{Deserialize, Serialize};

use super::TillRules;
use super::count::CashCount;
use super::entry::{ClosingLine, TillClosing, TillEntry, TillEvent, TillNumber};
use super::sums::{TenderSums, cash};
use crate::fact::Fact;
use crate::transaction::RetailTransaction;
use crate::{BusinessDay, Money, MoneyError, Now, OperatorId, WorkstationId};

/// Why an entry does not follow those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TillError {
    /// A number was left out, or used twice.
    #[error("the till {found} was opened where {expected} is next")]
    Number {
        /// What comes next.
        expected: TillNumber,
        /// What stands there.
        found: TillNumber,
    },
    /// The till is open, or another one is.
    #[error("an entry of the till {0} where that one is not open")]
    NotOpen(TillNumber),
    /// The close says that something else should be there.
    #[error("the till {0} was closed with other sums than its entries make")]
    Sums(TillNumber),
    /// The sums are no money any more.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The count is none.
    #[error("a count that is refused: {0}")]
    Count(&'static str),
}

/// The tills of one register: the one that is open, and how many there were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Till {
    /// The last number that was opened; 0 before the first.
    pub last_number: TillNumber,
    /// The one that is open.
    pub open: Option<OpenTill>,
}

/// A till between its opening and its close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTill {
    /// Which.
    pub number: TillNumber,
    /// The day that is booked on, from its opening to its close.
    pub business_day: BusinessDay,
    /// Who opened it.
    pub operator: OperatorId,
    /// When.
    pub opened: Now,
    /// What it follows to its close; what is in force where nothing is said.
    #[serde(default)]
    pub rules: Option<TillRules>,
    /// What it was opened with.
    pub float: Money,
    /// What came from the safe.
    pub loans: Money,
    /// What went to the safe.
    pub pickups: Money,
    /// What came in otherwise.
    pub paid_in: Money,
    /// What went out otherwise.
    pub paid_out: Money,
    /// What sales brought, less what they gave back.
    pub trade: TenderSums,
    /// How many sales.
    pub sales: u64,
    /// The last count, as long as nothing went in or out since.
    pub count: Option<CashCount>,
}

impl OpenTill {
    fn new(
        entry: &TillEntry,
        number: TillNumber,
        (float, rules): (Money, Option<TillRules>),
        now: Now,
    ) -> Self {
        let nothing = Money::zero(float.currency());
        Self {
            number,
            business_day: entry.business_day,
            operator: entry.operator.clone(),
            opened: now,
            rules,
            float,
            loans: nothing,
            pickups: nothing,
            paid_in: nothing,
            paid_out: nothing,
            trade: TenderSums::default(),
            sales: 0,
            count: None,
        }
    }

    /// What should be in it: the float, what sales brought, and what came in less what went out
    /// otherwise.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn expected(&self) -> Result<TenderSums, MoneyError> {
        let mut expected = self.trade.clone();
        for amount in [self.float, self.loans, self.paid_in] {
            expected.add(&cash(), amount)?;
        }
        for amount in [self.pickups, self.paid_out] {
            expected.add(&cash(), amount.negated())?;
        }
        Ok(expected)
    }

    /// What a close of it says: every sum that is expected or was counted. Cash counts as nothing
    /// where there was a count and none in it; of other ways of paying only what somebody counted
    /// is held against what is expected.
    ///
    /// # Errors
    /// Where the sums are no money any more, or the count is refused.
    pub fn closing(&self, is_forced: bool) -> Result<TillClosing, TillError> {
        let expected = self.expected()?;
        let counted = self.count.as_ref().map(CashCount::sums).transpose();
        let counted = counted.map_err(|refusal| TillError::Count(refusal.code.as_str()))?;
        let mut all = expected.clone();
        for sum in counted.iter().flat_map(TenderSums::as_slice) {
            all.add(&sum.tender_type, Money::zero(sum.amount.currency()))?;
        }
        let lines = all.as_slice().iter().map(|sum| {
            let (kind, currency) = (&sum.tender_type, sum.amount.currency());
            let found = counted.as_ref().and_then(|counted| counted.get(kind, currency));
            let nothing = counted.is_some() && *kind == cash();
            ClosingLine {
                tender_type: kind.clone(),
                expected: expected.sum(kind, currency),
                counted: found.or(nothing.then_some(Money::zero(currency))),
            }
        });
        Ok(TillClosing { lines: lines.collect(), is_forced })
    }

    fn apply(&mut self, event: &TillEvent) -> Result<(), TillError> {
        match event {
            TillEvent::Loan { amount, .. } => self.loans = self.loans.add(*amount)?,
            TillEvent::Pickup { amount } => self.pickups = self.pickups.add(*amount)?,
            TillEvent::PaidIn { amount, .. } => self.paid_in = self.paid_in.add(*amount)?,
            TillEvent::PaidOut { amount, .. } => self.paid_out = self.paid_out.add(*amount)?,
            TillEvent::Counted { count } => {
                count.sums().map_err(|refusal| TillError::Count(refusal.code.as_str()))?;
                self.count = Some(count.clone());
                return Ok(());
            }
            TillEvent::DrawerOpened { .. }
            | TillEvent::Opened { .. }
            | TillEvent::Closed { .. } => return Ok(()),
        }
        self.count = None;
        Ok(())
    }
}

impl Till {
    /// What a fact makes of it; a fact of another register, or of none, leaves it as it is.
    ///
    /// # Errors
    /// Where the fact does not follow those before it.
    pub fn apply(
        &mut self,
        workstation: &WorkstationId,
        now: Now,
        fact: &Fact,
    ) -> Result<(), TillError> {
        match fact {
            Fact::Till(entry) if entry.workstation == *workstation => self.enter(now, entry),
            Fact::SaleCompleted(sale) if sale.workstation == *workstation => self.sell(sale),
            Fact::SalePostVoided(void) if void.workstation == *workstation => {
                self.take_back(&void.sale)
            }
            _ => Ok(()),
        }
    }

    /// What an entry of this register makes of it.
    ///
    /// # Errors
    /// Where the entry does not follow those before it.
    pub fn enter(&mut self, now: Now, entry: &TillEntry) -> Result<(), TillError> {
        let Some(number) = entry.till else {
            return Ok(());
        };
        if let TillEvent::Opened { float, rules } = entry.event {
            let expected = self.last_number.next();
            if number != expected {
                return Err(TillError::Number { expected, found: number });
            }
            if self.open.is_some() {
                return Err(TillError::NotOpen(number));
            }
            self.last_number = number;
            self.open = Some(OpenTill::new(entry, number, (float, rules), now));
            return Ok(());
        }
        let open = self.open.as_mut().filter(|open| open.number == number);
        let open = open.ok_or(TillError::NotOpen(number))?;
        if let TillEvent::Closed { closing } = &entry.event {
            if open.closing(closing.is_forced)? != *closing {
                return Err(TillError::Sums(number));
            }
            self.open = None;
            return Ok(());
        }
        open.apply(&entry.event)
    }

    /// What an undone sale makes of it: what was paid has gone back as it came.
    ///
    /// # Errors
    /// Where the sums are no money any more.
    pub fn take_back(&mut self, sale: &RetailTransaction) -> Result<(), TillError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        for tender in sale.live_tenders() {
            open.trade.give_back(tender)?;
        }
        open.count = None;
        Ok(())
    }

    /// What a sale of this register makes of it.
    ///
    /// # Errors
    /// Where the sums are no money any more.
    pub fn sell(&mut self, sale: &RetailTransaction) -> Result<(), TillError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        for tender in sale.live_tenders() {
            open.trade.take(tender)?;
        }
        open.sales = open.sales.saturating_add(1);
        open.count = None;
        Ok(())
    }
}
