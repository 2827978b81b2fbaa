//! The ways of paying of a policy.

use serde_json::Value;

use super::reader::{Reader, Table};
use crate::transaction::{CashRounding, ForeignRate, TenderKind, TenderRule, TenderTypeId};
use crate::{Currency, Rounding};

/// Most ways of paying.
const TENDERS_MAX: usize = 50;
/// Most amounts with a key of their own.
const QUICK_MAX: usize = 12;
/// Most that a rate, a step or an amount in such a list can be.
const NUMBER_MAX: i64 = 1_000_000_000;

const KINDS: [(&str, TenderKind); 5] = [
    ("cash", TenderKind::Cash),
    ("card", TenderKind::Card),
    ("mobile", TenderKind::Mobile),
    ("voucher", TenderKind::Voucher),
    ("foreign", TenderKind::Foreign),
];

const ROUNDINGS: [(&str, Rounding); 5] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("half_down", Rounding::HalfDown),
    ("down", Rounding::Down),
    ("up", Rounding::Up),
];

pub(super) fn tenders(reader: &mut Reader, value: &Value) -> Option<Vec<TenderRule>> {
    let tenders = reader.list(value, TENDERS_MAX, tender)?;
    reader.unique(value, Some("id"));
    if !tenders.iter().any(|rule| rule.id.as_str() == "cash" && rule.gives_change) {
        reader.fault("no_cash", "there is none with the id cash that gives change");
    }
    Some(tenders)
}

fn tender(reader: &mut Reader, value: &Value) -> Option<TenderRule> {
    let keys = [
        "id",
        "kind",
        "gives_change",
        "opens_drawer",
        "taken_when_nothing_due",
        "keeps_excess",
        "change_max",
        "rounding",
        "quick_amounts",
        "foreign",
    ];
    let table = reader.table(value, &keys)?;
    let id = reader.needed(table, "id", |reader, id| reader.id(id, TenderTypeId::new));
    let kind = reader.optional(table, "kind", |reader, kind| reader.word(kind, &KINDS));
    let gives_change = reader.flag(table, "gives_change");
    let opens_drawer = reader.flag(table, "opens_drawer");
    let taken_when_nothing_due = reader.flag(table, "taken_when_nothing_due");
    let keeps_excess = reader.flag(table, "keeps_excess");
    let rule = TenderRule::exact(id?);
    Some(TenderRule {
        kind: kind.unwrap_or(rule.kind),
        gives_change: gives_change?,
        opens_drawer: opens_drawer?,
        taken_when_nothing_due: taken_when_nothing_due?,
        keeps_excess: keeps_excess?,
        ..amounts(reader, table, rule)
    })
}

fn amounts(reader: &mut Reader, table: &Table, rule: TenderRule) -> TenderRule {
    let number = |reader: &mut Reader, value: &Value| reader.decimal(value, 0, NUMBER_MAX);
    let quick = |reader: &mut Reader, list: &Value| reader.list(list, QUICK_MAX, number);
    TenderRule {
        change_max: reader.optional(table, "change_max", number),
        rounding: reader.optional(table, "rounding", rounding),
        quick_amounts: reader.optional(table, "quick_amounts", quick).unwrap_or_default(),
        foreign: reader.optional(table, "foreign", foreign),
        ..rule
    }
}

fn rounding(reader: &mut Reader, value: &Value) -> Option<CashRounding> {
    let table = reader.table(value, &["step", "rounding"])?;
    let step = reader.needed(table, "step", |reader, step| reader.decimal(step, 0, NUMBER_MAX));
    let rounding = reader.needed(table, "rounding", |reader, word| reader.word(word, &ROUNDINGS));
    Some(CashRounding { step: step?, rounding: rounding? })
}

fn foreign(reader: &mut Reader, value: &Value) -> Option<ForeignRate> {
    let table = reader.table(value, &["currency", "rate"])?;
    let currency = reader.needed(table, "currency", |reader, code| {
        let currency = code.as_str().and_then(|code| Currency::new(code).ok());
        if currency.is_none() {
            reader.fault("bad_currency", "a currency is three capital letters, such as USD");
        }
        currency
    });
    let rate = reader.needed(table, "rate", |reader, rate| reader.decimal(rate, 0, NUMBER_MAX));
    Some(ForeignRate { currency: currency?, rate: rate? })
}
