//! What a fact brings to the sums of its day, read from its text: the same that a store makes of
//! the fact itself, so that both answer the same day summary.

use std::sync::Arc;

use hq_wire::facts::v1::{self, Fact, Sale, TillPlace};
use store_core::day::{Booking, CashBooking, LineBooking, SaleBooking, TenderBooking, TillBooking};
use store_core::tax::{TaxMethod, TaxRate};
use store_core::till::{ClosingLine, TillClosing, TillNumber};
use store_core::transaction::{TaxLine, TenderTypeId};
use store_core::{BusinessDay, Currency, Money, OperatorId, WorkstationId};

use super::Unreadable;
use super::sale::local_hour;

/// What a fact brings; nothing where it concerns no day's sums.
///
/// # Errors
/// Where a field has a value that it may not have.
pub fn booking(fact: &Fact) -> Result<Option<Booking>, Unreadable> {
    Ok(Some(match fact {
        Fact::SaleCompleted(sale) => Booking::Sale(Box::new(sale_of(sale)?)),
        Fact::SalePostVoided(void) => Booking::PostVoided {
            workstation: workstation(&void.workstation)?,
            sale: Box::new(sale_of(&void.sale)?),
        },
        Fact::SaleAbandoned(abandoned) => {
            let basket = &abandoned.basket;
            let voided = basket.lines.iter().filter(|line| line.voided.is_some());
            Booking::Abandoned {
                business_day: day(&basket.business_day)?,
                workstation: workstation(&basket.workstation)?,
                voided_lines: voided.count() as u64,
            }
        }
        Fact::TillOpened(it) => entry(&it.at, CashBooking::Opened(money(&it.amount)?))?,
        Fact::TillLoan(it) => entry(&it.at, CashBooking::Loan(money(&it.amount)?))?,
        Fact::TillPickup(it) => entry(&it.at, CashBooking::Pickup(money(&it.amount)?))?,
        Fact::TillPaidIn(it) => entry(&it.at, CashBooking::PaidIn(money(&it.amount)?))?,
        Fact::TillPaidOut(it) => entry(&it.at, CashBooking::PaidOut(money(&it.amount)?))?,
        Fact::TillCounted(it) => entry(&it.at, CashBooking::Counted)?,
        Fact::TillClosed(it) => entry(&it.at, CashBooking::Closed(closing(it)?))?,
        Fact::DrawerOpened(it) => entry(&it.at, CashBooking::DrawerOpened)?,
        Fact::BusinessDayClosed(it) => Booking::Closed(day(&it.business_day)?),
        Fact::PermissionRefused(it) => {
            Booking::PermissionRefused(it.workstation.as_deref().map(workstation).transpose()?)
        }
        _ => return Ok(None),
    }))
}

/// The day that a fact is booked on, as the store's journal has it; nothing where it is booked on
/// none.
///
/// # Errors
/// Where that is no day.
pub fn booked_on(fact: &Fact) -> Result<Option<BusinessDay>, Unreadable> {
    let text = match fact {
        Fact::SaleCompleted(sale) => &sale.business_day,
        Fact::SalePostVoided(void) => &void.sale.business_day,
        Fact::SaleAbandoned(abandoned) => &abandoned.basket.business_day,
        Fact::TillOpened(it)
        | Fact::TillLoan(it)
        | Fact::TillPickup(it)
        | Fact::TillPaidIn(it)
        | Fact::TillPaidOut(it) => &it.at.business_day,
        Fact::TillCounted(it) => &it.at.business_day,
        Fact::TillClosed(it) => &it.at.business_day,
        Fact::DrawerOpened(it) => &it.at.business_day,
        Fact::BusinessDayClosed(it) => &it.business_day,
        _ => return Ok(None),
    };
    day(text).map(Some)
}

fn sale_of(sale: &Sale) -> Result<SaleBooking, Unreadable> {
    let lines = sale.lines.iter().map(|line| {
        Ok(LineBooking {
            department: Arc::from(line.department.as_str()),
            net: money(&line.net)?,
            is_return: line.kind == v1::LineKind::Return,
            is_voided: line.voided.is_some(),
        })
    });
    let tenders = sale.tenders.iter().filter(|tender| !tender.voided).map(|tender| {
        Ok(TenderBooking {
            tender_type: tender_type(&tender.tender_type)?,
            amount: money(&tender.amount)?,
            change: money(&tender.change)?,
        })
    });
    let currency = Currency::new(&sale.currency)
        .map_err(|error| Unreadable::field("currency", &sale.currency, error))?;
    let rounding = sale.totals.rounding.as_ref().map(money).transpose()?;
    Ok(SaleBooking {
        business_day: day(&sale.business_day)?,
        workstation: workstation(&sale.workstation)?,
        operator: operator(&sale.operator)?,
        hour: u8::try_from(local_hour(&sale.opened)).unwrap_or_default(),
        total: money(&sale.totals.total)?,
        discount: money(&sale.totals.discount)?,
        rounding: rounding.unwrap_or(Money::zero(currency)),
        lines: lines.collect::<Result<_, Unreadable>>()?,
        taxes: sale.totals.taxes.iter().map(tax).collect::<Result<_, _>>()?,
        tenders: tenders.collect::<Result<_, Unreadable>>()?,
    })
}

fn tax(wire: &v1::TaxLine) -> Result<TaxLine, Unreadable> {
    let method = match wire.method {
        v1::TaxMethod::Inclusive => TaxMethod::Inclusive,
        v1::TaxMethod::Exclusive => TaxMethod::Exclusive,
    };
    let rate = TaxRate::parse(&wire.percent, method);
    let rate =
        rate.ok_or_else(|| Unreadable::field("percent", &wire.percent, "not a percentage"))?;
    Ok(TaxLine {
        class: Arc::from(wire.class.as_str()),
        method,
        percent: rate.percent,
        base: money(&wire.base)?,
        tax: money(&wire.tax)?,
    })
}

fn entry(at: &TillPlace, entry: CashBooking) -> Result<Booking, Unreadable> {
    Ok(Booking::Till(TillBooking {
        business_day: day(&at.business_day)?,
        workstation: workstation(&at.workstation)?,
        till: at.till.map(TillNumber),
        operator: operator(&at.operator)?,
        entry,
    }))
}

fn closing(wire: &v1::TillClosed) -> Result<TillClosing, Unreadable> {
    let lines = wire.lines.iter().map(|line| {
        Ok(ClosingLine {
            tender_type: tender_type(&line.tender_type)?,
            expected: money(&line.expected)?,
            counted: line.counted.as_ref().map(money).transpose()?,
        })
    });
    let lines = lines.collect::<Result<_, Unreadable>>()?;
    Ok(TillClosing { lines, is_forced: wire.forced })
}

fn money(wire: &v1::Money) -> Result<Money, Unreadable> {
    let currency = Currency::new(&wire.currency)
        .map_err(|error| Unreadable::field("currency", &wire.currency, error))?;
    Money::parse(&wire.amount, currency)
        .map_err(|error| Unreadable::field("amount", &wire.amount, error))
}

fn day(text: &str) -> Result<BusinessDay, Unreadable> {
    let day = text.parse().map_err(|error| Unreadable::field("business_day", text, error));
    day.map(|day: jiff::civil::Date| BusinessDay::new(day))
}

fn workstation(text: &str) -> Result<WorkstationId, Unreadable> {
    WorkstationId::new(text).map_err(|error| Unreadable::field("workstation", text, error))
}

fn operator(text: &str) -> Result<OperatorId, Unreadable> {
    OperatorId::new(text).map_err(|error| Unreadable::field("operator", text, error))
}

fn tender_type(text: &str) -> Result<TenderTypeId, Unreadable> {
    TenderTypeId::new(text).map_err(|error| Unreadable::field("tender_type", text, error))
}
