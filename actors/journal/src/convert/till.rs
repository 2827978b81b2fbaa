use hq_wire::facts::v1;
use store_core::day::DayClosed;
use store_core::fact::Fact;
use store_core::till::{
    CashCount, ClosingLine, Denomination, TenderSum, TillClosing, TillEntry, TillEvent, TillNumber,
    TillPolicy, TillRules,
};
use store_core::transaction::TenderTypeId;
use store_core::{BusinessDay, Money, ReasonCode};

use super::value::{id, money, money_to_wire};
use super::{ConvertError, bad};

pub fn to_wire(entry: &TillEntry) -> v1::Fact {
    let moved = |amount: Money, reason: Option<&ReasonCode>| v1::TillMoved {
        at: place_to_wire(entry),
        amount: money_to_wire(amount),
        reason: reason.map(ToString::to_string),
        rules: None,
    };
    match &entry.event {
        TillEvent::Opened { float, rules } => v1::Fact::TillOpened(v1::TillMoved {
            rules: rules.map(rules_to_wire),
            ..moved(*float, None)
        }),
        TillEvent::Loan { amount, reason } => v1::Fact::TillLoan(moved(*amount, reason.as_ref())),
        TillEvent::Pickup { amount } => v1::Fact::TillPickup(moved(*amount, None)),
        TillEvent::PaidIn { amount, reason } => v1::Fact::TillPaidIn(moved(*amount, Some(reason))),
        TillEvent::PaidOut { amount, reason } => {
            v1::Fact::TillPaidOut(moved(*amount, Some(reason)))
        }
        TillEvent::Counted { count } => v1::Fact::TillCounted(v1::TillCounted {
            at: place_to_wire(entry),
            denominations: count.denominations.iter().map(denomination_to_wire).collect(),
            others: count.others.iter().map(sum_to_wire).collect(),
        }),
        TillEvent::Closed { closing } => v1::Fact::TillClosed(v1::TillClosed {
            at: place_to_wire(entry),
            lines: closing.lines.iter().map(line_to_wire).collect(),
            forced: closing.is_forced,
        }),
        TillEvent::DrawerOpened { reason } => v1::Fact::DrawerOpened(v1::DrawerOpened {
            at: place_to_wire(entry),
            reason: reason.to_string(),
        }),
    }
}

/// What tills follow, as the wire says it.
const POLICIES: [(&str, TillPolicy); 3] = [
    ("none", TillPolicy::None),
    ("shared", TillPolicy::Shared),
    ("per_operator", TillPolicy::PerOperator),
];

fn rules_to_wire(rules: TillRules) -> v1::TillRules {
    let named = POLICIES.iter().find(|(_, policy)| *policy == rules.policy);
    let policy = named.map_or("shared", |(name, _)| name).to_owned();
    v1::TillRules { policy, blind: rules.is_blind }
}

/// What a till follows that is opened.
fn rules(wire: &v1::TillMoved) -> Result<Option<TillRules>, ConvertError> {
    let Some(rules) = &wire.rules else { return Ok(None) };
    let known = POLICIES.iter().find(|(name, _)| *name == rules.policy);
    let (_, policy) = known.ok_or("there is none like it").map_err(bad("policy", &rules.policy))?;
    Ok(Some(TillRules { policy: *policy, is_blind: rules.blind }))
}

fn place_to_wire(entry: &TillEntry) -> v1::TillPlace {
    v1::TillPlace {
        workstation: entry.workstation.to_string(),
        operator: entry.operator.to_string(),
        approved_by: entry.approved_by.as_ref().map(ToString::to_string),
        business_day: entry.business_day.to_string(),
        till: entry.till.map(|number| number.0),
    }
}

fn denomination_to_wire(one: &Denomination) -> v1::Denomination {
    v1::Denomination { value: money_to_wire(one.value), pieces: one.pieces }
}

fn sum_to_wire(sum: &TenderSum) -> v1::TenderSum {
    v1::TenderSum { tender_type: sum.tender_type.to_string(), amount: money_to_wire(sum.amount) }
}

fn line_to_wire(line: &ClosingLine) -> v1::ClosingLine {
    v1::ClosingLine {
        tender_type: line.tender_type.to_string(),
        expected: money_to_wire(line.expected),
        counted: line.counted.map(money_to_wire),
    }
}

/// Of a row of money that went in or out the reason, where the kind has one.
fn reason(wire: &v1::TillMoved) -> Result<ReasonCode, ConvertError> {
    id("reason", wire.reason.as_deref().unwrap_or_default())
}

fn moved(
    wire: &v1::TillMoved,
    event: impl FnOnce(Money) -> Result<TillEvent, ConvertError>,
) -> Result<Fact, ConvertError> {
    entry(&wire.at, event(money("amount", &wire.amount)?)?)
}

pub fn opened(wire: &v1::TillMoved) -> Result<Fact, ConvertError> {
    let rules = rules(wire)?;
    moved(wire, |float| Ok(TillEvent::Opened { float, rules }))
}

pub fn loan(wire: &v1::TillMoved) -> Result<Fact, ConvertError> {
    let reason = wire.reason.is_some().then(|| reason(wire)).transpose()?;
    moved(wire, |amount| Ok(TillEvent::Loan { amount, reason }))
}

pub fn pickup(wire: &v1::TillMoved) -> Result<Fact, ConvertError> {
    moved(wire, |amount| Ok(TillEvent::Pickup { amount }))
}

pub fn paid_in(wire: &v1::TillMoved) -> Result<Fact, ConvertError> {
    moved(wire, |amount| Ok(TillEvent::PaidIn { amount, reason: reason(wire)? }))
}

pub fn paid_out(wire: &v1::TillMoved) -> Result<Fact, ConvertError> {
    moved(wire, |amount| Ok(TillEvent::PaidOut { amount, reason: reason(wire)? }))
}

pub fn counted(wire: &v1::TillCounted) -> Result<Fact, ConvertError> {
    let denominations = wire
        .denominations
        .iter()
        .map(|one| Ok(Denomination { value: money("value", &one.value)?, pieces: one.pieces }));
    let others = wire.others.iter().map(|sum| {
        Ok(TenderSum {
            tender_type: tender_type(&sum.tender_type)?,
            amount: money("amount", &sum.amount)?,
        })
    });
    let count = CashCount {
        denominations: denominations.collect::<Result<_, ConvertError>>()?,
        others: others.collect::<Result<_, ConvertError>>()?,
    };
    entry(&wire.at, TillEvent::Counted { count })
}

pub fn closed(wire: &v1::TillClosed) -> Result<Fact, ConvertError> {
    let lines = wire.lines.iter().map(|line| {
        Ok(ClosingLine {
            tender_type: tender_type(&line.tender_type)?,
            expected: money("expected", &line.expected)?,
            counted: line.counted.as_ref().map(|it| money("counted", it)).transpose()?,
        })
    });
    let lines = lines.collect::<Result<_, ConvertError>>()?;
    let closing = TillClosing { lines, is_forced: wire.forced };
    entry(&wire.at, TillEvent::Closed { closing })
}

pub fn drawer_opened(wire: &v1::DrawerOpened) -> Result<Fact, ConvertError> {
    entry(&wire.at, TillEvent::DrawerOpened { reason: id("reason", &wire.reason)? })
}

fn entry(at: &v1::TillPlace, event: TillEvent) -> Result<Fact, ConvertError> {
    Ok(Fact::Till(Box::new(TillEntry {
        workstation: id("workstation", &at.workstation)?,
        operator: id("operator", &at.operator)?,
        approved_by: at.approved_by.as_deref().map(|it| id("approved_by", it)).transpose()?,
        business_day: day(&at.business_day)?,
        till: at.till.map(TillNumber),
        event,
    })))
}

pub fn day_to_wire(closed: &DayClosed) -> v1::BusinessDayClosed {
    v1::BusinessDayClosed {
        business_day: closed.business_day.to_string(),
        operator: closed.operator.to_string(),
        approved_by: closed.approved_by.as_ref().map(ToString::to_string),
        forced: closed.forced.iter().map(ToString::to_string).collect(),
    }
}

pub fn day_from_wire(wire: &v1::BusinessDayClosed) -> Result<DayClosed, ConvertError> {
    let forced = wire.forced.iter().map(|workstation| id("forced", workstation));
    Ok(DayClosed {
        business_day: day(&wire.business_day)?,
        operator: id("operator", &wire.operator)?,
        approved_by: wire.approved_by.as_deref().map(|it| id("approved_by", it)).transpose()?,
        forced: forced.collect::<Result<_, _>>()?,
    })
}

fn tender_type(text: &str) -> Result<TenderTypeId, ConvertError> {
    TenderTypeId::new(text).map_err(bad("tender_type", text))
}

fn day(text: &str) -> Result<BusinessDay, ConvertError> {
    id("business_day", text).map(BusinessDay::new)
}
