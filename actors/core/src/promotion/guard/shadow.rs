//! Promotions in whose place another one is always at least as good.

use super::report::{Finding, FindingCode, Severity};
use super::sentences;
use super::staging::Staging;
use crate::promotion::arith::taken_off;
use crate::promotion::assortment::goods_line;
use crate::promotion::index::{matches, selectors};
use crate::promotion::rule::{
    Combine, Each, Favour, Group, GroupAward, Limits, Order, OrderAward, Promotion, Replaces, Rule,
    Selector, UnitAward, When, Who,
};
use crate::promotion::scene::{covers, is_of_items};
use crate::promotion::select::is_replaced;
use crate::promotion::set::{Policy, PromotionIndex};

/// A thousandth of an item's unit is the finest measure: one unit in them.
const UNIT: i64 = 1000;

/// Every promotion that another one makes pointless.
pub(super) fn shadowed(staging: &Staging, able: &[&Promotion]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for promotion in able {
        let beside = beside(staging, promotion, able);
        if let Some(by) = beside.iter().find(|other| is_shadowed(staging, promotion, other)) {
            findings.push(Finding {
                severity: Severity::Warning,
                code: FindingCode::Shadowed,
                promotions: vec![promotion.id.clone(), by.id.clone()],
                text: sentences::shadowed(promotion, by),
                basket: None,
            });
        } else if let Some(by) = replaced_everywhere(staging, promotion, &beside) {
            findings.push(by);
        }
    }
    findings
}

/// The others that match the first item that a promotion matches: whatever shadows it does.
fn beside<'a>(
    staging: &Staging,
    promotion: &Promotion,
    able: &[&'a Promotion],
) -> Vec<&'a Promotion> {
    let Some((price, item)) = staging.covered(promotion).next() else {
        return Vec::new();
    };
    let set = staging.request.set;
    let mut found: Vec<PromotionIndex> = Vec::new();
    let line = goods_line(item, price);
    set.index().matching(set.promotions(), &line, &mut |_| true, &mut |index, _| found.push(index));
    found.sort_unstable();
    found.dedup();
    let others = found.into_iter().filter_map(|index| set.get(index));
    let others = others.filter(|other| other.id != promotion.id);
    others.filter_map(|other| able.iter().find(|it| it.id == other.id).copied()).collect()
}

fn is_shadowed(staging: &Staging, promotion: &Promotion, by: &Promotion) -> bool {
    let replaces = |narrow: &Promotion, wide: &Promotion| {
        narrow.place.width() > wide.place.width() && is_replaced(wide, narrow)
    };
    // What a narrower one replaces is not in its way.
    if replaces(promotion, by) || replaces(by, promotion) || !is_wider(promotion, by) {
        return false;
    }
    let is_first = staging.request.set.policy() == Policy::Best
        || (by.priority, &by.id) < (promotion.priority, &promotion.id);
    let is_as_good = |one: &Promotion, other: &Promotion| match (&one.rule, &other.rule) {
        (Rule::Each(one), Rule::Each(other)) => each_is_as_good(staging, one, other),
        (Rule::Group(one), Rule::Group(other)) => group_is_as_good(staging, one, other),
        // Those that go with others are both used.
        (Rule::Order(own), Rule::Order(by)) => {
            other.combine == Combine::Alone
                && one.combine == Combine::Alone
                && order_is_as_good(staging, own, by)
        }
        _ => false,
    };
    // Of two that are the same the one with the smaller id stays.
    let is_same = || is_wider(by, promotion) && is_as_good(by, promotion);
    is_first && is_as_good(promotion, by) && (by.id < promotion.id || !is_same())
}

/// Whether `by` is live wherever, whenever and for whomever the other is, goes with others as well
/// and may do for all units what both could do between them: it has no limit of its own.
fn is_wider(promotion: &Promotion, by: &Promotion) -> bool {
    let part_of = |part: &[_], whole: &[_]| {
        whole.is_empty() || !part.is_empty() && part.iter().all(|one| whole.contains(one))
    };
    let goes_as_well = by.combine == promotion.combine
        || (by.combine, promotion.combine) == (Combine::WithOthers, Combine::Alone);
    let place = promotion.place == by.place
        || by.place.stores.is_empty()
            && by.place.regions.is_empty()
            && (by.place.channels.is_empty() || by.place.channels == promotion.place.channels);
    let has_no_limit = by.coupon.is_none() && by.limits == Limits::default() && by.cap.is_none();
    when_is_wider(&promotion.when, &by.when)
        && place
        && has_no_limit
        && who_is_wider(&promotion.who, &by.who)
        && part_of(&promotion.tenders, &by.tenders)
        && by.cost_points <= promotion.cost_points
        && goes_as_well
        && !matches!(by.combine, Combine::OnTop(_))
        && (by.class.is_none() || by.class == promotion.class)
        && promotion.replaces == Replaces::Nothing
}

fn when_is_wider(when: &When, by: &When) -> bool {
    let from = by.from.is_none_or(|from| when.from.is_some_and(|own| from <= own));
    let until = by.until.is_none_or(|until| when.until.is_some_and(|own| own <= until));
    let weekdays = by.weekdays.is_empty()
        || !when.weekdays.is_empty() && when.weekdays.iter().all(|day| by.weekdays.contains(day));
    from && until && weekdays && (by.hours.is_empty() || by.hours == when.hours)
}

fn who_is_wider(who: &Who, by: &Who) -> bool {
    match (who, by) {
        (_, Who::Everyone) | (Who::Employees, Who::Employees) => true,
        (Who::Members(own), Who::Members(tiers)) => {
            tiers.is_empty() || !own.is_empty() && own.iter().all(|tier| tiers.contains(tier))
        }
        _ => false,
    }
}

/// Whether every item on sale that one selector matches the other matches too.
fn is_part_of(staging: &Staging, part: &Selector, whole: &Selector) -> bool {
    part == whole
        || staging.fitting(part).all(|(price, item)| matches(whole, &goods_line(item, price)))
}

fn each_is_as_good(staging: &Staging, each: &Each, by: &Each) -> bool {
    let better =
        |own: UnitAward, other: UnitAward| award_is_as_good(staging, &each.items, own, other);
    // With several tiers both together could be at two of them.
    by.spend.is_none()
        && by.tiers.len() == 1
        && is_part_of(staging, &each.items, &by.items)
        && each.tiers.iter().all(|own| {
            by.tiers.iter().any(|tier| tier.from <= own.from && better(own.award, tier.award))
        })
}

/// Whether an award takes off at least as much from every unit on sale.
fn award_is_as_good(staging: &Staging, items: &Selector, award: UnitAward, by: UnitAward) -> bool {
    match (award, by) {
        (UnitAward::PercentOff(own), UnitAward::PercentOff(by)) => by >= own,
        (UnitAward::AmountOff(own), UnitAward::AmountOff(by)) => by >= own,
        (UnitAward::Price(own), UnitAward::Price(by)) => by <= own,
        _ => staging.fitting(items).all(|(price, item)| {
            // Of weighed goods any measure may be bought: what is more for a unit may be less then.
            item.unit == crate::Unit::Piece
                && taken_off(by, price, UNIT) >= taken_off(award, price, UNIT)
        }),
    }
}

fn group_is_as_good(staging: &Staging, group: &Group, by: &Group) -> bool {
    let slots = group.slots.len() == by.slots.len()
        && group.slots.iter().zip(&by.slots).all(|(own, by)| {
            let award = match (own.award, by.award) {
                (None, _) => true,
                (Some(own_award), Some(by)) => award_is_as_good(staging, &own.items, own_award, by),
                (Some(_), None) => false,
            };
            // What one of them took counts for the other where it may be reused, and never for
            // itself: both together may do what none does alone.
            own.count == by.count
                && !own.reusable
                && !by.reusable
                && award
                && is_part_of(staging, &own.items, &by.items)
        });
    slots
        && (!by.same_item || group.same_item)
        && by.favour == Favour::Customer
        && by.spend.is_none()
        && group_award_is_as_good(staging, group, by)
}

fn group_award_is_as_good(staging: &Staging, group: &Group, by: &Group) -> bool {
    let better = |own: UnitAward, by: UnitAward| {
        group.slots.iter().all(|slot| award_is_as_good(staging, &slot.items, own, by))
    };
    // One promotion groups the dearest with the dearest, two may group otherwise: that can be
    // worth something where a group's sum or its dearest unit decides.
    let is_of_one = group.slots.iter().map(|slot| slot.count).sum::<u32>() == 1;
    match (group.award, by.award) {
        (GroupAward::BySlot, GroupAward::BySlot) => true,
        (GroupAward::PercentOff(own), GroupAward::PercentOff(by)) => by >= own,
        (GroupAward::Cheapest { count: own, award }, GroupAward::Cheapest { count, award: by }) => {
            count >= own && better(award, by)
        }
        (GroupAward::Price(own), GroupAward::Price(by)) => is_of_one && by <= own,
        (GroupAward::AmountOff(own), GroupAward::AmountOff(by)) => is_of_one && by >= own,
        (GroupAward::Dearest { award, .. }, GroupAward::Dearest { award: by, .. }) => {
            is_of_one && better(award, by)
        }
        _ => false,
    }
}

fn order_is_as_good(staging: &Staging, order: &Order, by: &Order) -> bool {
    let better = |own: OrderAward, by: OrderAward| match (own, by) {
        (OrderAward::PercentOff(own), OrderAward::PercentOff(by)) => by >= own,
        (OrderAward::AmountOff(own), OrderAward::AmountOff(by)) => by >= own,
        _ => false,
    };
    (order.counts, order.basis) == (by.counts, by.basis)
        && (!by.undiscounted_only || order.undiscounted_only)
        && (by.is_repeatable || !order.is_repeatable)
        && is_part_of(staging, &order.items, &by.items)
        && is_part_of(staging, &by.items, &order.items)
        && order.tiers.iter().all(|own| {
            by.tiers.iter().any(|tier| tier.from <= own.from && better(own.award, tier.award))
        })
}

/// Whether narrower ones that are live at least whenever it is hold for all that it covers.
fn replaced_everywhere(
    staging: &Staging,
    promotion: &Promotion,
    beside: &[&Promotion],
) -> Option<Finding> {
    if !is_of_items(promotion) {
        return None;
    }
    let store = staging.request.set.store();
    let holds = |other: &&&Promotion| {
        // Only in a store's own set is a narrower one always there.
        store.is_some()
            && other.place.width() > promotion.place.width()
            && is_replaced(promotion, other)
            && when_is_wider(&promotion.when, &other.when)
            && who_is_wider(&promotion.who, &other.who)
            && (other.place.channels.is_empty() || other.place.channels == promotion.place.channels)
            && other.coupon.is_none()
            && other.tenders.is_empty()
            && other.limits == Limits::default()
            && other.cost_points == 0
    };
    let by: Vec<&Promotion> = beside.iter().filter(holds).copied().collect();
    let is_held = |selector: &Selector| {
        staging.fitting(selector).all(|(price, item)| {
            let line = goods_line(item, price);
            by.iter().any(|other| covers(other, &line))
        })
    };
    let is_everywhere = !by.is_empty() && selectors(promotion).into_iter().all(is_held);
    let ids = by.iter().map(|other| other.id.clone());
    is_everywhere.then(|| Finding {
        severity: Severity::Warning,
        code: FindingCode::ReplacedEverywhere,
        promotions: std::iter::once(promotion.id.clone()).chain(ids).collect(),
        text: sentences::replaced_everywhere(promotion, &by),
        basket: None,
    })
}
