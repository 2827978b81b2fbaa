use std::sync::Arc;

use crate::fact::Fact;
use crate::till::{TillClosing, TillEntry, TillEvent, TillNumber};
use crate::transaction::{LineKind, RetailTransaction, TaxLine, TenderTypeId};
use crate::{BusinessDay, Money, Now, OperatorId, WorkstationId};

/// What a fact brings to the sums of its day. The store makes it of its facts, headquarters of what
/// it received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booking {
    /// A sale.
    Sale(Box<SaleBooking>),
    /// A sale was undone as a whole: its sums are taken away again.
    PostVoided {
        /// Where.
        workstation: WorkstationId,
        /// The sale.
        sale: Box<SaleBooking>,
    },
    /// A basket that was given up.
    Abandoned {
        /// The day.
        business_day: BusinessDay,
        /// Where.
        workstation: WorkstationId,
        /// How many of its lines had been taken out.
        voided_lines: u64,
    },
    /// Something at a till.
    Till(TillBooking),
    /// The day is over.
    Closed(BusinessDay),
    /// Somebody asked for what they may not do: on whichever day it is.
    PermissionRefused(Option<WorkstationId>),
}

/// What a sale brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleBooking {
    /// The day.
    pub business_day: BusinessDay,
    /// Where.
    pub workstation: WorkstationId,
    /// By whom.
    pub operator: OperatorId,
    /// The local hour in which it began, 0 to 23.
    pub hour: u8,
    /// What was to pay.
    pub total: Money,
    /// What was taken off.
    pub discount: Money,
    /// What was paid more than that, or less, because cash is rounded.
    pub rounding: Money,
    /// Its lines, voided ones too.
    pub lines: Vec<LineBooking>,
    /// Its taxes.
    pub taxes: Vec<TaxLine>,
    /// The tenders that count.
    pub tenders: Vec<TenderBooking>,
}

/// What a line brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineBooking {
    /// The department.
    pub department: Arc<str>,
    /// What is booked.
    pub net: Money,
    /// Whether it came back.
    pub is_return: bool,
    /// Whether it was taken out, and counts only as that.
    pub is_voided: bool,
}

/// What a tender brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenderBooking {
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What was handed over.
    pub amount: Money,
    /// What was given back of it.
    pub change: Money,
}

/// What an entry of a till brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillBooking {
    /// The day.
    pub business_day: BusinessDay,
    /// Where.
    pub workstation: WorkstationId,
    /// Which till.
    pub till: Option<TillNumber>,
    /// By whom.
    pub operator: OperatorId,
    /// What.
    pub entry: CashBooking,
}

/// Money that goes in or out otherwise than by a sale, and the drawer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CashBooking {
    /// The float.
    Opened(Money),
    /// From the safe.
    Loan(Money),
    /// To the safe.
    Pickup(Money),
    /// In for a reason.
    PaidIn(Money),
    /// Out for a reason.
    PaidOut(Money),
    /// A count.
    Counted,
    /// The close.
    Closed(TillClosing),
    /// The drawer, without a sale.
    DrawerOpened,
}

impl Booking {
    /// What a fact brings; nothing where it concerns no day's sums.
    #[must_use]
    pub fn of(fact: &Fact) -> Option<Self> {
        match fact {
            Fact::SaleCompleted(sale) => Some(Self::Sale(Box::new(SaleBooking::of(sale)))),
            Fact::SalePostVoided(void) => Some(Self::PostVoided {
                workstation: void.workstation.clone(),
                sale: Box::new(SaleBooking::of(&void.sale)),
            }),
            Fact::SaleAbandoned { transaction, .. } => {
                let voided = transaction.lines.iter().filter(|line| line.voided.is_some());
                Some(Self::Abandoned {
                    business_day: transaction.business_day,
                    workstation: transaction.workstation.clone(),
                    voided_lines: voided.count() as u64,
                })
            }
            Fact::Till(entry) => Some(Self::Till(TillBooking::of(entry))),
            Fact::BusinessDayClosed(closed) => Some(Self::Closed(closed.business_day)),
            Fact::PermissionRefused { workstation, .. } => {
                Some(Self::PermissionRefused(workstation.clone()))
            }
            _ => None,
        }
    }
}

impl SaleBooking {
    fn of(sale: &RetailTransaction) -> Self {
        let lines = sale.lines.iter().map(|line| LineBooking {
            department: line.department.clone(),
            net: line.net,
            is_return: line.kind == LineKind::Return,
            is_voided: line.voided.is_some(),
        });
        let tenders = sale.live_tenders().map(|tender| TenderBooking {
            tender_type: tender.tender_type.clone(),
            amount: tender.amount,
            change: tender.change,
        });
        Self {
            business_day: sale.business_day,
            workstation: sale.workstation.clone(),
            operator: sale.operator.clone(),
            hour: hour(sale.opened),
            total: sale.totals.total,
            discount: sale.totals.discount,
            rounding: sale.totals.rounding.unwrap_or(Money::zero(sale.currency)),
            lines: lines.collect(),
            taxes: sale.totals.taxes.clone(),
            tenders: tenders.collect(),
        }
    }
}

/// The local hour of a moment.
fn hour(now: Now) -> u8 {
    u8::try_from(now.local().hour()).unwrap_or(0)
}

impl TillBooking {
    fn of(entry: &TillEntry) -> Self {
        Self {
            business_day: entry.business_day,
            workstation: entry.workstation.clone(),
            till: entry.till,
            operator: entry.operator.clone(),
            entry: match &entry.event {
                TillEvent::Opened { float, .. } => CashBooking::Opened(*float),
                TillEvent::Loan { amount, .. } => CashBooking::Loan(*amount),
                TillEvent::Pickup { amount } => CashBooking::Pickup(*amount),
                TillEvent::PaidIn { amount, .. } => CashBooking::PaidIn(*amount),
                TillEvent::PaidOut { amount, .. } => CashBooking::PaidOut(*amount),
                TillEvent::Counted { .. } => CashBooking::Counted,
                TillEvent::Closed { closing } => CashBooking::Closed(closing.clone()),
                TillEvent::DrawerOpened { .. } => CashBooking::DrawerOpened,
            },
        }
    }
}
