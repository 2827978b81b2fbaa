//! What a business day came to: one fold for the store and for headquarters, each over what it
//! reads out of its own rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::booking::{Booking, CashBooking, LineBooking, SaleBooking, TillBooking};
use super::sums::{
    CashSums, Counts, DaySummary, DepartmentSum, HourSum, OperatorSum, TaxSum, TenderLine, TillSum,
};
use crate::tax::TaxMethod;
use crate::till::TillNumber;
use crate::transaction::TenderTypeId;
use crate::{BusinessDay, Currency, Money, OperatorId, WorkstationId};
use rust_decimal::Decimal;

/// Of what the sums are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of a day.
    Day(BusinessDay),
    /// One till, from its opening to its close.
    Till(WorkstationId, TillNumber),
}

/// Adds bookings up, in the order of their rows.
#[derive(Clone, Debug)]
pub struct SummaryFold {
    scope: Scope,
    /// The day that was booked on last: what names no day belongs to it.
    current: Option<BusinessDay>,
    /// The tills that are open, by register.
    open: BTreeMap<WorkstationId, TillNumber>,
    currency: Currency,
    total: Money,
    discount: Money,
    rounding: Money,
    tenders: BTreeMap<TenderTypeId, (u64, Money, Money)>,
    taxes: BTreeMap<(Arc<str>, Decimal, bool), (Money, Money)>,
    departments: BTreeMap<Arc<str>, (u64, Money)>,
    operators: BTreeMap<OperatorId, (u64, Money)>,
    hours: BTreeMap<u8, (u64, Money)>,
    counts: Counts,
    cash: CashSums,
    tills: BTreeMap<(WorkstationId, TillNumber), TillSum>,
    is_closed: bool,
}

impl SummaryFold {
    /// Nothing yet, in a currency.
    #[must_use]
    pub fn new(scope: Scope, currency: Currency) -> Self {
        let nothing = Money::zero(currency);
        Self {
            scope,
            current: None,
            open: BTreeMap::new(),
            currency,
            total: nothing,
            discount: nothing,
            rounding: nothing,
            tenders: BTreeMap::new(),
            taxes: BTreeMap::new(),
            departments: BTreeMap::new(),
            operators: BTreeMap::new(),
            hours: BTreeMap::new(),
            counts: Counts::default(),
            cash: CashSums {
                floats: nothing,
                loans: nothing,
                pickups: nothing,
                paid_in: nothing,
                paid_out: nothing,
            },
            tills: BTreeMap::new(),
            is_closed: false,
        }
    }

    /// Adds the next booking, if it belongs to what is summed.
    pub fn add(&mut self, booking: &Booking) {
        match booking {
            Booking::Sale(sale) => {
                self.current = Some(sale.business_day);
                if self.is_of(sale.business_day, &sale.workstation) {
                    self.add_sale(sale);
                }
            }
            Booking::PostVoided { workstation, sale } => {
                self.current = Some(sale.business_day);
                if self.is_of(sale.business_day, workstation) {
                    self.counts.post_voids += 1;
                    self.add_sums(sale, 0, Money::negated);
                }
            }
            Booking::Abandoned { business_day, workstation, voided_lines } => {
                self.current = Some(*business_day);
                if self.is_of(*business_day, workstation) {
                    self.counts.abandoned += 1;
                    self.counts.voided_lines += voided_lines;
                }
            }
            Booking::Till(booking) => self.add_entry(booking),
            Booking::Closed(day) => {
                self.is_closed |= self.scope == Scope::Day(*day);
                self.current = Some(*day);
            }
            Booking::PermissionRefused(workstation) => {
                let is_mine = match (&self.scope, workstation) {
                    (Scope::Day(day), _) => self.current == Some(*day),
                    (Scope::Till(..), Some(workstation)) => self.is_at_till(workstation),
                    (Scope::Till(..), None) => false,
                };
                self.counts.permissions_refused += u64::from(is_mine);
            }
        }
    }

    fn is_of(&self, day: BusinessDay, workstation: &WorkstationId) -> bool {
        match &self.scope {
            Scope::Day(mine) => *mine == day,
            Scope::Till(..) => self.is_at_till(workstation),
        }
    }

    fn is_at_till(&self, workstation: &WorkstationId) -> bool {
        match &self.scope {
            Scope::Till(mine, number) => {
                mine == workstation && self.open.get(workstation) == Some(number)
            }
            Scope::Day(_) => false,
        }
    }

    fn add_sale(&mut self, sale: &SaleBooking) {
        self.counts.sales += 1;
        self.counts.refunds += u64::from(sale.lines.iter().any(LineBooking::comes_back));
        let voided = sale.lines.iter().filter(|line| line.is_voided).count() as u64;
        self.counts.voided_lines += voided;
        self.counts.lines += sale.lines.len() as u64 - voided;
        self.add_sums(sale, 1, |amount| amount);
    }

    /// Adds a sale's sums as often as it counts: once, or not at all where it is undone and its
    /// amounts are taken away.
    fn add_sums(&mut self, sale: &SaleBooking, times: u64, sign: fn(Money) -> Money) {
        plus(&mut self.total, sign(sale.total));
        plus(&mut self.discount, sign(sale.discount));
        plus(&mut self.rounding, sign(sale.rounding));
        let nothing = Money::zero(self.currency);
        for line in sale.lines.iter().filter(|line| !line.is_voided) {
            let sum = self.departments.entry(line.department.clone()).or_insert((0, nothing));
            count(sum, times, sign(line.net));
        }
        for tax in &sale.taxes {
            let is_added = tax.method == TaxMethod::Exclusive;
            let key = (tax.class.clone(), tax.percent.normalize(), is_added);
            let (base, sum) = self.taxes.entry(key).or_insert((nothing, nothing));
            plus(base, sign(tax.base));
            plus(sum, sign(tax.tax));
        }
        for tender in &sale.tenders {
            let key = tender.tender_type.clone();
            let (often, taken, change) = self.tenders.entry(key).or_insert((0, nothing, nothing));
            *often += times;
            plus(taken, sign(tender.amount));
            plus(change, sign(tender.change));
        }
        let operator = self.operators.entry(sale.operator.clone()).or_insert((0, nothing));
        count(operator, times, sign(sale.total));
        count(self.hours.entry(sale.hour).or_insert((0, nothing)), times, sign(sale.total));
    }

    fn add_entry(&mut self, booking: &TillBooking) {
        self.current = Some(booking.business_day);
        if let (CashBooking::Opened(_), Some(number)) = (&booking.entry, booking.till) {
            self.open.insert(booking.workstation.clone(), number);
        }
        if self.is_of(booking.business_day, &booking.workstation) {
            self.add_cash(booking);
        }
        if matches!(booking.entry, CashBooking::Closed(_)) {
            self.open.remove(&booking.workstation);
        }
    }

    fn add_cash(&mut self, booking: &TillBooking) {
        match &booking.entry {
            CashBooking::Opened(float) => {
                plus(&mut self.cash.floats, *float);
                let Some(number) = booking.till else { return };
                let till = TillSum {
                    workstation: booking.workstation.clone(),
                    number,
                    operator: booking.operator.clone(),
                    closing: None,
                    is_forced: false,
                };
                self.tills.insert((booking.workstation.clone(), number), till);
            }
            CashBooking::Loan(amount) => plus(&mut self.cash.loans, *amount),
            CashBooking::Pickup(amount) => plus(&mut self.cash.pickups, *amount),
            CashBooking::PaidIn(amount) => plus(&mut self.cash.paid_in, *amount),
            CashBooking::PaidOut(amount) => plus(&mut self.cash.paid_out, *amount),
            CashBooking::Counted => {}
            CashBooking::Closed(closing) => {
                let key = booking.till.map(|number| (booking.workstation.clone(), number));
                if let Some(till) = key.and_then(|key| self.tills.get_mut(&key)) {
                    till.closing = Some(closing.lines.clone());
                    till.is_forced = closing.is_forced;
                }
            }
            CashBooking::DrawerOpened => self.counts.no_sales += 1,
        }
    }

    /// What all of it comes to.
    #[must_use]
    pub fn summary(self) -> DaySummary {
        let tenders = self.tenders.into_iter().map(|(tender_type, (count, taken, change))| {
            // Both stand within the range of money; so does what lies between them.
            let amount = taken.subtract(change).unwrap_or(taken);
            TenderLine { tender_type, count, taken, change, amount }
        });
        let taxes = self.taxes.into_iter().map(|((class, percent, is_added), (base, tax))| {
            let method = if is_added { TaxMethod::Exclusive } else { TaxMethod::Inclusive };
            TaxSum { class, percent, method, base, tax }
        });
        let departments = self.departments.into_iter();
        let departments =
            departments.map(|(department, (lines, net))| DepartmentSum { department, lines, net });
        let operators = self.operators.into_iter();
        let operators =
            operators.map(|(operator, (sales, total))| OperatorSum { operator, sales, total });
        let hours = self.hours.into_iter();
        let hours = hours.map(|(hour, (sales, total))| HourSum { hour, sales, total });
        DaySummary {
            total: self.total,
            discount: self.discount,
            rounding: self.rounding,
            tenders: tenders.collect(),
            taxes: taxes.collect(),
            departments: departments.collect(),
            operators: operators.collect(),
            hours: hours.collect(),
            counts: self.counts,
            cash: self.cash,
            tills: self.tills.into_values().collect(),
            is_closed: self.is_closed,
        }
    }
}

impl LineBooking {
    const fn comes_back(&self) -> bool {
        self.is_return && !self.is_voided
    }
}

/// Adds an amount of the same currency; another one is left out.
fn plus(sum: &mut Money, amount: Money) {
    *sum = sum.add(amount).unwrap_or(*sum);
}

fn count((often, sum): &mut (u64, Money), times: u64, amount: Money) {
    *often += times;
    plus(sum, amount);
}
