//! What promotions do.

use serde_json::Value;

use super::super::Step;
use super::super::reader::{Reader, Table};
use super::amounts::{amount, threshold};
use super::awards;
use super::selector::selector;
use crate::Currency;
use crate::promotion::goods::UNITS_MAX;
use crate::promotion::rule::{
    Basis, CarriedBy, Counts, Each, Favour, Group, GroupAward, Order, OrderAward, OrderTier,
    Reward, Rule, Selector, Slot, Spend, UnitTier,
};

/// Most slots of one group.
const SLOTS_MAX: usize = 10;
/// Most tiers of one promotion.
const TIERS_MAX: usize = 20;

/// The kinds, one of which has to be there.
pub(super) const KINDS: &[&str] = &["each", "group", "order", "reward", "no_promotion"];
/// The keys of each kind and of what stands in them.
pub(super) const EACH_KEYS: &[&str] = &["items", "award", "tiers", "spend"];
pub(super) const GROUP_KEYS: &[&str] =
    &["slots", "award", "same_item", "favour", "carried_by", "spend"];
pub(super) const SLOT_KEYS: &[&str] = &["items", "count", "award", "reusable"];
pub(super) const ORDER_KEYS: &[&str] = &[
    "items",
    "from",
    "award",
    "tiers",
    "counts",
    "basis",
    "repeatable",
    "undiscounted_only",
    "sequence",
];
pub(super) const REWARD_KEYS: &[&str] = &["items", "from", "counts", "award"];
pub(super) const NO_PROMOTION_KEYS: &[&str] = &["items"];
pub(super) const SPEND_KEYS: &[&str] = &["items", "amount", "basis", "repeatable"];
pub(super) const TIER_KEYS: &[&str] = &["from", "award"];

const COUNTS: [(&str, Counts); 2] = [("amount", Counts::Amount), ("quantity", Counts::Quantity)];
const BASES: [(&str, Basis); 2] =
    [("after_tax", Basis::AfterTax), ("before_tax", Basis::BeforeTax)];

/// Reads the one kind that a promotion is of.
pub(super) fn rule(reader: &mut Reader, table: &Table, currency: Currency) -> Option<Rule> {
    let kind = awards::only(reader, table, KINDS)?;
    reader.needed(table, kind, |reader, value| match kind {
        "each" => each(reader, value, currency).map(Rule::Each),
        "group" => group(reader, value, currency).map(Rule::Group),
        "order" => order(reader, value, currency).map(Rule::Order),
        "reward" => reward(reader, value, currency).map(Rule::Reward),
        _ => {
            let table = reader.table(value, NO_PROMOTION_KEYS)?;
            items(reader, table, currency).map(Rule::NoPromotion)
        }
    })
}

/// Which goods, where that has to be said: a selector that was forgotten must not mean everything.
fn items(reader: &mut Reader, table: &Table, currency: Currency) -> Option<Selector> {
    reader.needed(table, "items", |reader, value| selector(reader, value, currency))
}

fn any_items(reader: &mut Reader, table: &Table, currency: Currency) -> Selector {
    let found = reader.optional(table, "items", |reader, value| selector(reader, value, currency));
    found.unwrap_or_default()
}

fn each(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Each> {
    let table = reader.table(value, EACH_KEYS)?;
    let items = items(reader, table, currency);
    let tiers = match awards::only(reader, table, &["award", "tiers"])? {
        "award" => reader.needed(table, "award", |reader, value| {
            let award = awards::unit(reader, value, currency)?;
            Some(vec![UnitTier { from: 1, award }])
        }),
        _ => reader.needed(table, "tiers", |reader, list| {
            tiers(
                reader,
                list,
                |reader, value| reader.whole(value, 1, UNITS_MAX),
                |reader, value| awards::unit(reader, value, currency),
                |from, award| UnitTier { from, award },
            )
        }),
    };
    let spend = spend(reader, table, currency);
    Some(Each { items: items?, tiers: tiers?, spend })
}

/// Tiers with thresholds that ascend.
fn tiers<F: Ord + Copy, A, T>(
    reader: &mut Reader,
    list: &Value,
    mut from: impl FnMut(&mut Reader, &Value) -> Option<F>,
    mut award: impl FnMut(&mut Reader, &Value) -> Option<A>,
    make: impl Fn(F, A) -> T,
) -> Option<Vec<T>> {
    let mut before: Option<F> = None;
    let found = reader.list(list, TIERS_MAX, |reader, value| {
        let table = reader.table(value, TIER_KEYS)?;
        let from = reader.needed(table, "from", &mut from);
        let award = reader.needed(table, "award", &mut award);
        let from = from?;
        if before.replace(from).is_some_and(|before| before >= from) {
            reader.key("from", |reader| {
                reader.fault("not_ascending", "each tier has to begin above the one before it");
            });
        }
        Some(make(from, award?))
    })?;
    if list.as_array().is_some_and(Vec::is_empty) {
        reader.fault("no_tiers", "at least one tier is expected");
    }
    Some(found)
}

fn group(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Group> {
    let table = reader.table(value, GROUP_KEYS)?;
    let slots = reader.needed(table, "slots", |reader, list| {
        let slots = reader.list(list, SLOTS_MAX, |reader, value| slot(reader, value, currency));
        if list.as_array().is_some_and(Vec::is_empty) {
            reader.fault("no_slots", "a group needs at least one slot");
        }
        slots
    });
    let award =
        reader.optional(table, "award", |reader, value| awards::group(reader, value, currency));
    let favour = reader.optional(table, "favour", |reader, value| {
        reader.word(value, &[("customer", Favour::Customer), ("retailer", Favour::Retailer)])
    });
    let carried_by = reader.optional(table, "carried_by", |reader, value| {
        reader.word(value, &[("awarded", CarriedBy::Awarded), ("all", CarriedBy::All)])
    });
    let same_item = reader.flag(table, "same_item");
    let spend = spend(reader, table, currency);
    let slots = slots?;
    let is_whole = |list: &Value| list.as_array().is_some_and(|list| list.len() == slots.len());
    if table.get("slots").is_some_and(is_whole) && table.contains_key("award") == award.is_some() {
        check_group(reader, &slots, award);
    }
    Some(Group {
        slots,
        award: award.unwrap_or(GroupAward::BySlot),
        same_item: same_item?,
        favour: favour.unwrap_or_default(),
        carried_by: carried_by.unwrap_or_default(),
        spend,
    })
}

fn slot(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Slot> {
    let table = reader.table(value, SLOT_KEYS)?;
    let items = items(reader, table, currency);
    let count = reader.optional(table, "count", |reader, value| reader.whole(value, 1, UNITS_MAX));
    let award =
        reader.optional(table, "award", |reader, value| awards::unit(reader, value, currency));
    let reusable = reader.flag(table, "reusable");
    Some(Slot { items: items?, count: count.unwrap_or(1), award, reusable: reusable? })
}

/// Whether a group has something to give, once, to units that it has.
fn check_group(reader: &mut Reader, slots: &[Slot], award: Option<GroupAward>) {
    let taken: u32 = slots.iter().filter(|slot| !slot.reusable).map(|slot| slot.count).sum();
    if taken == 0 && !slots.is_empty() {
        let reason = "one slot at least has to take its units: not all may be reusable";
        reader.key("slots", |reader| reader.fault("all_reusable", reason));
    }
    for (index, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.award.is_some()) {
        let reason = match (award.is_some(), slot.reusable) {
            (true, _) => "the group has an award of its own: the slots can have none",
            (false, true) => "a reusable slot takes no units that could get something",
            (false, false) => continue,
        };
        reader.key("slots", |reader| {
            reader.at(Step::Index(index), |reader| {
                reader.key("award", |reader| reader.fault("no_meaning", reason));
            });
        });
    }
    match award {
        None if !slots.is_empty() && slots.iter().all(|slot| slot.award.is_none()) => {
            reader.fault("no_award", "neither the group nor one of its slots gives anything");
        }
        Some(GroupAward::Cheapest { count, .. }) if count > taken => too_many(reader, "cheapest"),
        Some(GroupAward::Dearest { count, .. }) if count > taken => too_many(reader, "dearest"),
        _ => {}
    }
}

fn too_many(reader: &mut Reader, key: &str) {
    reader.keys(&["award", key], |reader| {
        reader.fault("more_than_the_group", "a group has not so many units that it takes");
    });
}

fn spend(reader: &mut Reader, table: &Table, currency: Currency) -> Option<Spend> {
    reader.optional(table, "spend", |reader, value| {
        let table = reader.table(value, SPEND_KEYS)?;
        let items = any_items(reader, table, currency);
        let amount =
            reader.needed(table, "amount", |reader, value| amount(reader, value, currency, 1));
        let basis = reader.optional(table, "basis", |reader, value| reader.word(value, &BASES));
        let is_repeatable = reader.flag(table, "repeatable");
        Some(Spend {
            items,
            amount: amount?,
            basis: basis.unwrap_or_default(),
            is_repeatable: is_repeatable?,
        })
    })
}

fn counts(reader: &mut Reader, table: &Table) -> Counts {
    let counts = reader.optional(table, "counts", |reader, value| reader.word(value, &COUNTS));
    counts.unwrap_or_default()
}

fn order(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Order> {
    let table = reader.table(value, ORDER_KEYS)?;
    let items = any_items(reader, table, currency);
    let counts = counts(reader, table);
    let basis = reader.optional(table, "basis", |reader, value| reader.word(value, &BASES));
    if counts == Counts::Quantity && basis.is_some() {
        reader.key("basis", |reader| {
            reader.fault("no_meaning", "units are counted: tax makes no difference");
        });
    }
    let is_repeatable = reader.flag(table, "repeatable");
    let undiscounted_only = reader.flag(table, "undiscounted_only");
    let sequence = reader
        .optional(table, "sequence", |reader, value| reader.whole(value, 0, u32::MAX))
        .unwrap_or_default();
    let tiers = order_tiers(reader, table, counts, currency)?;
    if is_repeatable == Some(true) {
        let once = match tiers.as_slice() {
            [OrderTier { from: 1.., award: OrderAward::AmountOff(_) }] => None,
            [OrderTier { from: ..1, .. }] => Some("it needs a from above nought to be repeated"),
            [_] => Some("only an amount off can be repeated"),
            _ => Some("a promotion with tiers cannot be repeated"),
        };
        if let Some(reason) = once {
            reader.key("repeatable", |reader| reader.fault("not_repeatable", reason));
        }
    }
    Some(Order {
        items,
        undiscounted_only: undiscounted_only?,
        counts,
        basis: basis.unwrap_or_default(),
        tiers,
        is_repeatable: is_repeatable?,
        sequence,
    })
}

fn order_tiers(
    reader: &mut Reader,
    table: &Table,
    counts: Counts,
    currency: Currency,
) -> Option<Vec<OrderTier>> {
    let from = |reader: &mut Reader, value: &Value| threshold(reader, value, counts, currency);
    let award = |reader: &mut Reader, value: &Value| awards::order(reader, value, currency);
    if awards::only(reader, table, &["award", "tiers"])? == "tiers" {
        if table.contains_key("from") {
            reader.key("from", |reader| {
                reader.fault("no_meaning", "each of the tiers says from how much on it holds");
            });
        }
        let make = |from, award| OrderTier { from, award };
        return reader
            .needed(table, "tiers", |reader, list| tiers(reader, list, from, award, make));
    }
    let start =
        if table.contains_key("from") { reader.needed(table, "from", from) } else { Some(0) };
    let award = reader.needed(table, "award", award);
    Some(vec![OrderTier { from: start?, award: award? }])
}

fn reward(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Reward> {
    let table = reader.table(value, REWARD_KEYS)?;
    let items = any_items(reader, table, currency);
    let counts = counts(reader, table);
    let from =
        reader.optional(table, "from", |reader, value| threshold(reader, value, counts, currency));
    let award = reader.needed(table, "award", awards::reward);
    Some(Reward { items, counts, from: from.unwrap_or_default(), award: award? })
}
