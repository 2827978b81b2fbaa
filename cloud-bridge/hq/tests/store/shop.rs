//! A store that keeps its own books beside its journal: what it makes of its rows itself.

use hq_wire::facts::v1::{self, Fact, TillPlace};
use store_core::day::{
    Booking, CashBooking, DaySummary, LineBooking, SaleBooking, Scope, SummaryFold, TenderBooking,
    TillBooking,
};
use store_core::till::{TillClosing, TillNumber};
use store_core::transaction::TenderTypeId;
use store_core::{BusinessDay, Currency, Money, OperatorId, WorkstationId};

use crate::journal::{Journal, sale, twd};

/// Something that happens on a day.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A sale of so many pieces; its number makes its id.
    Sell {
        number: u64,
        pieces: i64,
    },
    /// That sale is undone.
    Undo {
        number: u64,
        pieces: i64,
    },
    /// A basket is given up.
    GiveUp {
        number: u64,
    },
    OpenTill(u64),
    CloseTill(u64),
    Loan(i64),
    NoSale,
    CloseDay,
    /// On whichever day it is.
    Refuse,
}

/// A row as the store reads it.
#[derive(Clone)]
pub struct Own {
    /// The day that it is booked on.
    pub day: Option<BusinessDay>,
    /// What it brings.
    pub booking: Booking,
    /// Of a sale, and of its undoing, the number: each counts once.
    pub number: Option<u64>,
}

/// A store's journal, and the same as the store reads it: one for each row that concerns a day.
#[derive(Clone)]
pub struct Shop {
    pub journal: Journal,
    pub own: Vec<Option<Own>>,
}

pub fn day(number: i8) -> BusinessDay {
    BusinessDay::new(jiff::civil::date(2026, 11, number))
}

fn money(amount: i64) -> Money {
    Money::parse(&amount.to_string(), Currency::new("TWD").unwrap()).unwrap()
}

impl Shop {
    pub fn new(store: &str, salt: u64) -> Self {
        Self { journal: Journal::new(store, salt), own: vec![None] }
    }

    /// The store goes on in another stream, from a backup that has this one's first rows.
    pub fn restored(&self, rows: usize, salt: u64) -> Self {
        let mut before = self.journal.clone();
        before.rows.truncate(rows);
        Self { journal: before.forked(salt, v1::StreamCause::Restored), own: vec![None] }
    }

    pub fn act(&mut self, day: BusinessDay, deed: &Deed) {
        let (fact, booking) = self.told(day, deed);
        self.journal.push(&fact);
        let is_of_day = !matches!(deed, Deed::Refuse);
        let number = match deed {
            Deed::Sell { number, .. } | Deed::Undo { number, .. } => Some(*number),
            _ => None,
        };
        self.own.push(Some(Own { day: is_of_day.then_some(day), booking, number }));
    }

    pub fn act_all(&mut self, day: BusinessDay, deeds: &[Deed]) {
        deeds.iter().for_each(|deed| self.act(day, deed));
    }

    /// What it says to others, and what it knows itself.
    fn told(&self, day: BusinessDay, deed: &Deed) -> (Fact, Booking) {
        let workstation = || WorkstationId::new("1").unwrap();
        match *deed {
            Deed::Sell { number, pieces } => {
                let (sale, booking) = self.sold(day, number, pieces);
                (Fact::SaleCompleted(Box::new(sale)), Booking::Sale(Box::new(booking)))
            }
            Deed::Undo { number, pieces } => {
                let (sale, booking) = self.sold(day, number, pieces);
                let void = v1::SalePostVoided {
                    sale,
                    workstation: "1".to_owned(),
                    operator: "m1".to_owned(),
                    approved_by: None,
                    reason: "mistake".to_owned(),
                };
                let sale = Box::new(booking);
                let booking = Booking::PostVoided { workstation: workstation(), sale };
                (Fact::SalePostVoided(Box::new(void)), booking)
            }
            Deed::GiveUp { number } => {
                let (basket, _) = self.sold(day, number, 1);
                let reason = "changed_mind".to_owned();
                let fact = Fact::SaleAbandoned(Box::new(v1::SaleAbandoned { basket, reason }));
                let (business_day, workstation) = (day, workstation());
                (fact, Booking::Abandoned { business_day, workstation, voided_lines: 0 })
            }
            Deed::CloseDay => {
                let fact = Fact::BusinessDayClosed(v1::BusinessDayClosed {
                    business_day: day.to_string(),
                    operator: "m1".to_owned(),
                    approved_by: None,
                    forced: Vec::new(),
                });
                (fact, Booking::Closed(day))
            }
            Deed::Refuse => {
                let fact = Fact::PermissionRefused(v1::PermissionRefused {
                    workstation: Some("1".to_owned()),
                    operator: "c1".to_owned(),
                    permission: "post_void".to_owned(),
                    transaction: None,
                });
                (fact, Booking::PermissionRefused(Some(workstation())))
            }
            Deed::OpenTill(till) | Deed::CloseTill(till) => at_till(day, Some(till), deed),
            Deed::Loan(_) | Deed::NoSale => at_till(day, None, deed),
        }
    }

    fn sold(&self, day: BusinessDay, number: u64, pieces: i64) -> (v1::Sale, SaleBooking) {
        let mut sale = sale(&self.journal.place.store, number, 9, &[("a1", pieces)]);
        sale.business_day = day.to_string();
        let booking = SaleBooking {
            business_day: day,
            workstation: WorkstationId::new("1").unwrap(),
            operator: OperatorId::new("c1").unwrap(),
            hour: 9,
            total: money(pieces * 9),
            discount: money(pieces),
            rounding: money(0),
            lines: vec![LineBooking {
                department: "department a".into(),
                net: money(pieces * 9),
                is_return: false,
                is_voided: false,
            }],
            taxes: Vec::new(),
            tenders: vec![TenderBooking {
                tender_type: TenderTypeId::new("cash").unwrap(),
                amount: money(pieces * 9 + 1),
                change: money(1),
            }],
        };
        (sale, booking)
    }
}

fn at_till(day: BusinessDay, till: Option<u64>, deed: &Deed) -> (Fact, Booking) {
    let at = TillPlace {
        workstation: "1".to_owned(),
        operator: "c1".to_owned(),
        approved_by: None,
        business_day: day.to_string(),
        till,
    };
    let moved = |at, amount| v1::TillMoved { at, amount: twd(amount), reason: None, rules: None };
    let (fact, entry) = match deed {
        Deed::OpenTill(_) => (Fact::TillOpened(moved(at, 100)), CashBooking::Opened(money(100))),
        Deed::CloseTill(_) => {
            let closed = v1::TillClosed { at, lines: Vec::new(), forced: true };
            let closing = TillClosing { lines: Vec::new(), is_forced: true };
            (Fact::TillClosed(closed), CashBooking::Closed(closing))
        }
        Deed::Loan(amount) => {
            (Fact::TillLoan(moved(at, *amount)), CashBooking::Loan(money(*amount)))
        }
        _ => {
            let opened = v1::DrawerOpened { at, reason: "change".to_owned() };
            (Fact::DrawerOpened(opened), CashBooking::DrawerOpened)
        }
    };
    let booking = TillBooking {
        business_day: day,
        workstation: WorkstationId::new("1").unwrap(),
        till: till.map(TillNumber),
        operator: OperatorId::new("c1").unwrap(),
        entry,
    };
    (fact, Booking::Till(booking))
}

/// What the store itself makes of a day: all from the first to the last row that is booked on it.
pub fn own_summary(rows: &[Option<Own>], day: BusinessDay) -> Option<DaySummary> {
    let (first, last) = between(rows, day)?;
    Some(folded(rows[first..=last].iter().flatten(), day))
}

/// Where the first and the last row stand that are booked on a day.
pub fn between(rows: &[Option<Own>], day: BusinessDay) -> Option<(usize, usize)> {
    let is_on = |row: &Option<Own>| row.as_ref().is_some_and(|row| row.day == Some(day));
    Some((rows.iter().position(is_on)?, rows.iter().rposition(is_on)?))
}

pub fn folded<'a>(rows: impl Iterator<Item = &'a Own>, day: BusinessDay) -> DaySummary {
    let mut fold = SummaryFold::new(Scope::Day(day), Currency::new("TWD").unwrap());
    rows.for_each(|row| fold.add(&row.booking));
    fold.summary()
}

/// A count of a till: it says which day it is, and brings nothing.
pub fn counted(business_day: BusinessDay) -> Booking {
    Booking::Till(TillBooking {
        business_day,
        workstation: WorkstationId::new("1").unwrap(),
        till: None,
        operator: OperatorId::new("c1").unwrap(),
        entry: CashBooking::Counted,
    })
}
