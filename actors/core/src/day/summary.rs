//! What a business day came to: one fold for the store and for headquarters, each over what it
//! reads out of its own rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;

use super::booking::{Booking, CashBooking, LineBooking, SaleBooking, TillBooking};
use crate::tax::TaxMethod;
use crate::till::{ClosingLine, TillNumber};
use crate::transaction::TenderTypeId;
use crate::{BusinessDay, Currency, Money, OperatorId, WorkstationId};

/// Of what the sums are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of a day.
    Day(BusinessDay),
    /// One till, from its opening to its close.
    Till(WorkstationId, TillNumber),
}

/// What a day came to. Every list is sorted by its key. Sums of another currency than the day's
/// are left out: a store has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DaySummary {
    /// What the sales came to.
    pub total: Money,
    /// What was taken off.
    pub discount: Money,
    /// By way of paying; they come to the total together.
    pub tenders: Vec<TenderLine>,
    /// By tax class and rate.
    pub taxes: Vec<TaxSum>,
    /// By department, without tax that is added.
    pub departments: Vec<DepartmentSum>,
    /// By who sold.
    pub operators: Vec<OperatorSum>,
    /// By the local hour in which the sale began.
    pub hours: Vec<HourSum>,
    /// How often things happened.
    pub counts: Counts,
    /// Money that went in or out otherwise than by sales.
    pub cash: CashSums,
    /// The tills, by register and number.
    pub tills: Vec<TillSum>,
    /// Whether the day is closed.
    pub is_closed: bool,
}

/// A way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenderLine {
    /// Which.
    pub tender_type: TenderTypeId,
    /// How often.
    pub count: u64,
    /// What was handed over.
    pub taken: Money,
    /// What was given back of it.
    pub change: Money,
    /// What is left: taken less change.
    pub amount: Money,
}

/// The tax of one class and rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaxSum {
    /// The class.
    pub class: Arc<str>,
    /// In percent.
    pub percent: Decimal,
    /// Contained in the price or added to it.
    pub method: TaxMethod,
    /// What it is taken of.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DepartmentSum {
    /// Which.
    pub department: Arc<str>,
    /// Its lines.
    pub lines: u64,
    /// What they came to.
    pub net: Money,
}

/// Somebody who sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorSum {
    /// Who.
    pub operator: OperatorId,
    /// Their sales.
    pub sales: u64,
    /// What these came to.
    pub total: Money,
}

/// An hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HourSum {
    /// 0 to 23.
    pub hour: u8,
    /// Its sales.
    pub sales: u64,
    /// What these came to.
    pub total: Money,
}

/// How often things happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Sales.
    pub sales: u64,
    /// Lines that count.
    pub lines: u64,
    /// Lines that were taken out, in sales and in baskets that were given up.
    pub voided_lines: u64,
    /// Sales in which something came back.
    pub refunds: u64,
    /// Baskets that were given up.
    pub abandoned: u64,
    /// Times the drawer was opened without a sale.
    pub no_sales: u64,
    /// Times somebody asked for what they may not do.
    pub permissions_refused: u64,
}

/// Money that went in or out otherwise than by sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CashSums {
    /// What tills were opened with.
    pub floats: Money,
    /// From the safe.
    pub loans: Money,
    /// To the safe.
    pub pickups: Money,
    /// In for a reason.
    pub paid_in: Money,
    /// Out for a reason.
    pub paid_out: Money,
}

/// A till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TillSum {
    /// At which register.
    pub workstation: WorkstationId,
    /// Its number there.
    pub number: TillNumber,
    /// Who opened it.
    pub operator: OperatorId,
    /// What was expected and what was there; nothing while it is open.
    pub closing: Option<Vec<ClosingLine>>,
    /// Whether it was closed from elsewhere, uncounted.
    pub is_forced: bool,
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
        plus(&mut self.total, sale.total);
        plus(&mut self.discount, sale.discount);
        let nothing = Money::zero(self.currency);
        for line in &sale.lines {
            if line.is_voided {
                self.counts.voided_lines += 1;
                continue;
            }
            self.counts.lines += 1;
            count(
                self.departments.entry(line.department.clone()).or_insert((0, nothing)),
                line.net,
            );
        }
        for tax in &sale.taxes {
            let is_added = tax.method == TaxMethod::Exclusive;
            let key = (tax.class.clone(), tax.percent.normalize(), is_added);
            let (base, sum) = self.taxes.entry(key).or_insert((nothing, nothing));
            plus(base, tax.base);
            plus(sum, tax.tax);
        }
        for tender in &sale.tenders {
            let key = tender.tender_type.clone();
            let (times, taken, change) = self.tenders.entry(key).or_insert((0, nothing, nothing));
            *times += 1;
            plus(taken, tender.amount);
            plus(change, tender.change);
        }
        let operator = sale.operator.clone();
        count(self.operators.entry(operator).or_insert((0, nothing)), sale.total);
        count(self.hours.entry(sale.hour).or_insert((0, nothing)), sale.total);
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

fn count((times, sum): &mut (u64, Money), amount: Money) {
    *times += 1;
    plus(sum, amount);
}
