//! Promotions that are in each other's way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::report::{Finding, FindingCode, Severity};
use super::sentences;
use super::staging::Staging;
use crate::PromotionId;
use crate::promotion::assortment::goods_line;
use crate::promotion::index::matches;
use crate::promotion::rule::{Combine, Order, Place, Promotion, Replaces, Rule, Selector, When};
use crate::promotion::scene::is_of_items;
use crate::promotion::select::is_replaced;
use crate::promotion::set::{Policy, PromotionIndex};

/// Others that a finding names: the point is made with a few.
const NAMED_MAX: usize = 12;

/// Everything that is in the way of something.
pub(super) fn conflicts(staging: &Staging, able: &[&Promotion]) -> Vec<Finding> {
    let mut findings = classes(staging, able);
    for promotion in able {
        findings.extend(exclusive(staging, promotion, able));
        findings.extend(replaces_nothing(staging, promotion));
    }
    findings.extend(orders(staging, able));
    if staging.request.set.policy() == Policy::Priority {
        findings.extend(priorities(staging, able));
    }
    findings
}

fn finding(
    severity: Severity,
    code: FindingCode,
    promotion: &Promotion,
    others: &[&Promotion],
) -> Finding {
    let named = others.iter().take(NAMED_MAX).map(|other| other.id.clone());
    Finding {
        severity,
        code,
        promotions: std::iter::once(promotion.id.clone()).chain(named).collect(),
        text: sentences::conflict(code, promotion, others),
        basket: None,
    }
}

/// Whether two promotions may be live in one basket.
fn may_meet(one: &Promotion, other: &Promotion) -> bool {
    let share = |a: &[Arc<str>], b: &[Arc<str>]| {
        a.is_empty() || b.is_empty() || a.iter().any(|name| b.contains(name))
    };
    let Place { stores, regions, channels } = &one.place;
    let here = stores.is_empty()
        || other.place.stores.is_empty()
        || stores.iter().any(|store| other.place.stores.contains(store));
    let when = |one: &When, other: &When| {
        let ends_before = |a: &When, b: &When| {
            a.until.is_some_and(|until| b.from.is_some_and(|from| until < from))
        };
        let weekdays = one.weekdays.is_empty()
            || other.weekdays.is_empty()
            || one.weekdays.iter().any(|day| other.weekdays.contains(day));
        !ends_before(one, other) && !ends_before(other, one) && weekdays
    };
    let tenders = one.tenders.is_empty()
        || other.tenders.is_empty()
        || one.tenders.iter().any(|tender| other.tenders.contains(tender));
    here && share(regions, &other.place.regions)
        && share(channels, &other.place.channels)
        && when(&one.when, &other.when)
        && tenders
}

/// Of each class the promotions that meet another one of it on some item.
fn classes(staging: &Staging, able: &[&Promotion]) -> Vec<Finding> {
    let mut classes: BTreeMap<&str, Vec<&Promotion>> = BTreeMap::new();
    for promotion in able {
        if let Some(class) = &promotion.class {
            classes.entry(class).or_default().push(promotion);
        }
    }
    let mut findings = Vec::new();
    for members in classes.values() {
        for (place, promotion) in members.iter().enumerate() {
            let later = members.iter().skip(place + 1).copied();
            let met = later.filter(|other| may_meet(promotion, other));
            let met: Vec<&Promotion> =
                met.filter(|other| staging.shares_items(promotion, other)).collect();
            if !met.is_empty() {
                findings.push(finding(Severity::Note, FindingCode::SameClass, promotion, &met));
            }
        }
    }
    findings
}

fn exclusive(staging: &Staging, promotion: &Promotion, able: &[&Promotion]) -> Option<Finding> {
    let lowers = |other: &Promotion| is_of_items(other) || matches!(other.rule, Rule::Order(_));
    if promotion.combine != Combine::Exclusive || !lowers(promotion) {
        return None;
    }
    let others = able.iter().copied().filter(|other| other.id != promotion.id && lowers(other));
    let others = others.filter(|other| may_meet(promotion, other));
    let met: Vec<&Promotion> =
        others.filter(|other| staging.shares_items(promotion, other)).collect();
    let code = FindingCode::ExclusiveAmongOthers;
    (!met.is_empty()).then(|| finding(Severity::Note, code, promotion, &met))
}

/// A promotion that says it replaces others, and does so for no item.
fn replaces_nothing(staging: &Staging, promotion: &Promotion) -> Option<Finding> {
    let replaces = match &promotion.rule {
        Rule::Order(_) | Rule::Reward(_) => return None,
        _ => &promotion.replaces,
    };
    let set = staging.request.set;
    let is_met = |other: &Promotion| {
        let is_wider = other.place.width() < promotion.place.width();
        is_wider && is_replaced(other, promotion) && may_meet(promotion, other)
    };
    let does = match replaces {
        Replaces::Nothing => return None,
        Replaces::These(ids) => ids.iter().all(|id: &PromotionId| {
            let other = set.find(id).map(|(_, other)| other);
            other.is_some_and(|other| is_met(other) && staging.shares_items(promotion, other))
        }),
        Replaces::Wider => staging.covered(promotion).any(|(price, item)| {
            let mut is_found = false;
            let mut passes = |index: PromotionIndex| set.get(index).is_some_and(is_met);
            let line = goods_line(item, price);
            let mut note = |_, _| is_found = true;
            set.index().matching(set.promotions(), &line, &mut passes, &mut note);
            is_found
        }),
    };
    // "Whatever there may be" is a precaution; a name, or nothing else, is a mistake.
    let is_precaution =
        *replaces == Replaces::Wider && !matches!(promotion.rule, Rule::NoPromotion(_));
    let severity = if is_precaution { Severity::Note } else { Severity::Warning };
    (!does).then(|| finding(severity, FindingCode::ReplacesNothing, promotion, &[]))
}

/// Promotions of orders that could go together, if they did not cover partly the same goods.
fn orders(staging: &Staging, able: &[&Promotion]) -> Vec<Finding> {
    let rule = |promotion: &Promotion| match &promotion.rule {
        Rule::Order(order) if promotion.combine == Combine::WithOthers => Some(order.clone()),
        _ => None,
    };
    let all: Vec<(&Promotion, Order)> =
        able.iter().filter_map(|promotion| Some((*promotion, rule(promotion)?))).collect();
    let mut findings = Vec::new();
    for (place, (promotion, order)) in all.iter().enumerate() {
        for (other, other_order) in all.iter().skip(place + 1) {
            let cross = || are_crossing(staging, &order.items, &other_order.items);
            if may_meet(promotion, other) && cross() {
                let code = FindingCode::OrdersNotTogether;
                findings.push(finding(Severity::Warning, code, promotion, &[other]));
            }
        }
    }
    findings
}

/// Whether both match some items and each some that the other does not.
fn are_crossing(staging: &Staging, one: &Selector, other: &Selector) -> bool {
    let is_also = |selector: &Selector, (price, item): (i64, &crate::catalogue::Item)| {
        matches(selector, &goods_line(item, price))
    };
    let is_shared = staging.fitting(one).any(|found| is_also(other, found));
    is_shared
        && staging.fitting(one).any(|found| !is_also(other, found))
        && staging.fitting(other).any(|found| !is_also(one, found))
}

/// Promotions of one stage that meet on an item and have the same priority.
fn priorities(staging: &Staging, able: &[&Promotion]) -> Vec<Finding> {
    let stage = |promotion: &Promotion| (is_of_items(promotion), promotion.priority);
    let lowers = |other: &Promotion| is_of_items(other) || matches!(other.rule, Rule::Order(_));
    let mut same: BTreeMap<(bool, u32), Vec<&Promotion>> = BTreeMap::new();
    for promotion in able.iter().filter(|promotion| lowers(promotion)) {
        same.entry(stage(promotion)).or_default().push(promotion);
    }
    let mut findings = Vec::new();
    let mut said: BTreeSet<&PromotionId> = BTreeSet::new();
    for members in same.values() {
        for (place, promotion) in members.iter().enumerate() {
            let later = members.iter().skip(place + 1).copied();
            let met = later.filter(|other| may_meet(promotion, other) && !said.contains(&other.id));
            let met: Vec<&Promotion> =
                met.filter(|other| staging.shares_items(promotion, other)).collect();
            if !met.is_empty() {
                said.extend(met.iter().map(|other| &other.id));
                let code = FindingCode::SamePriority;
                findings.push(finding(Severity::Warning, code, promotion, &met));
            }
        }
    }
    findings
}
