//! Promotions that never fire.

use super::report::{Finding, FindingCode, Severity};
use super::sentences;
use super::staging::{Staging, first_day};
use crate::promotion::arith::taken_off;
use crate::promotion::goods::UNITS_MAX;
use crate::promotion::index::selectors;
use crate::promotion::rule::{
    Counts, Coupon, Each, Group, GroupAward, Promotion, Rule, Selector, UnitAward,
};

/// A thousandth of an item's unit is the finest measure: one unit in them.
const UNIT: i64 = 1000;

/// Why a promotion never fires; nothing where it may.
pub(super) fn never(staging: &Staging, promotion: &Promotion) -> Vec<Finding> {
    let code = dates(staging, promotion)
        .or_else(|| items(staging, promotion))
        .or_else(|| limits(staging, promotion))
        .or_else(|| lowers(staging, promotion))
        .or_else(|| reach(staging, promotion));
    let finding = code.map(|code| Finding {
        severity: Severity::Warning,
        code,
        promotions: vec![promotion.id.clone()],
        text: sentences::never(promotion, code),
        basket: None,
    });
    finding.into_iter().collect()
}

fn dates(staging: &Staging, promotion: &Promotion) -> Option<FindingCode> {
    let when = &promotion.when;
    let day = staging.request.day;
    if when.until.is_some_and(|until| until < day && when.from.is_none_or(|from| from <= until)) {
        Some(FindingCode::Over)
    } else if first_day(when, day).is_none() {
        Some(FindingCode::NoSuchDay)
    } else {
        None
    }
}

fn items(staging: &Staging, promotion: &Promotion) -> Option<FindingCode> {
    let mut needed = selectors(promotion);
    match &promotion.rule {
        Rule::Each(each) => needed.extend(each.spend.iter().map(|spend| &spend.items)),
        Rule::Group(group) => needed.extend(group.spend.iter().map(|spend| &spend.items)),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => {}
    }
    let is_empty = |selector: &&Selector| staging.fitting(selector).next().is_none();
    needed.iter().any(is_empty).then_some(FindingCode::NoItemMatches)
}

/// What one basket may use of it, at best.
fn limits(staging: &Staging, promotion: &Promotion) -> Option<FindingCode> {
    let limits = &promotion.limits;
    let share = staging.request.set.store().filter(|_| !limits.shares.is_empty());
    let share = share.map(|store| limits.shares.get(store).copied().unwrap_or_default());
    let total = limits.total.map(|total| share.map_or(total, |share| share.total));
    let budget = limits.budget.map(|budget| share.map_or(budget, |share| share.budget));
    let by_coupon = matches!(promotion.coupon, Some(Coupon::Code(_))).then_some(1);
    let uses = [limits.per_basket, limits.per_member, limits.per_day, total, by_coupon];
    let uses = uses.into_iter().flatten().min();
    let needed = match &promotion.rule {
        Rule::Each(each) => each.tiers.first().map_or(1, |tier| tier.from.max(1)),
        _ => 1,
    };
    let money = [budget, promotion.cap].into_iter().flatten().min();
    let is_too_low =
        uses.is_some_and(|uses| uses < needed) || money.is_some_and(|money| money <= 0);
    is_too_low.then_some(FindingCode::LimitTooLow)
}

/// Whether it lowers any price that there is.
fn lowers(staging: &Staging, promotion: &Promotion) -> Option<FindingCode> {
    let lowers = match &promotion.rule {
        Rule::Each(each) => each_lowers(staging, each),
        Rule::Group(group) => group_lowers(staging, group),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => true,
    };
    (!lowers).then_some(FindingCode::LowersNothing)
}

/// The dearest unit is the one that any award lowers, if it lowers any.
fn each_lowers(staging: &Staging, each: &Each) -> bool {
    let dearest = staging.fitting(&each.items).next_back();
    let lowers =
        |award: UnitAward| dearest.is_some_and(|(price, _)| taken_off(award, price, UNIT) > 0);
    each.tiers.iter().any(|tier| lowers(tier.award))
}

fn group_lowers(staging: &Staging, group: &Group) -> bool {
    let dearest =
        |selector: &Selector| staging.fitting(selector).next_back().map_or(0, |(price, _)| price);
    let slots = group.slots.iter().filter(|slot| !slot.reusable);
    match group.award {
        GroupAward::BySlot => group.slots.iter().any(|slot| {
            let price = dearest(&slot.items);
            slot.award.is_some_and(|award| taken_off(award, price, UNIT) > 0)
        }),
        GroupAward::Price(price) => {
            let most: i128 =
                slots.map(|slot| i128::from(dearest(&slot.items)) * i128::from(slot.count)).sum();
            most > i128::from(price)
        }
        GroupAward::PercentOff(_) | GroupAward::AmountOff(_) => true,
        GroupAward::Cheapest { award, .. } | GroupAward::Dearest { award, .. } => {
            let most = slots.map(|slot| dearest(&slot.items)).max().unwrap_or(0);
            taken_off(award, most, UNIT) > 0
        }
    }
}

/// Whether a basket can hold what it asks for.
fn reach(staging: &Staging, promotion: &Promotion) -> Option<FindingCode> {
    let units = i128::from(UNITS_MAX);
    let most = |selector: &Selector| {
        let dearest = staging.fitting(selector).next_back().map_or(0, |(price, _)| price);
        // With any tax that may be added: none doubles a price.
        i128::from(dearest) * units * 2
    };
    let is_within = match &promotion.rule {
        Rule::Each(each) => {
            let first = each.tiers.first().map_or(1, |tier| tier.from);
            let spend = each.spend.as_ref();
            i128::from(first) <= units
                && spend.is_none_or(|spend| i128::from(spend.amount) <= most(&spend.items))
        }
        Rule::Group(group) => {
            let count: i128 = group.slots.iter().map(|slot| i128::from(slot.count)).sum();
            let spend = group.spend.as_ref();
            count <= units
                && spend.is_none_or(|spend| i128::from(spend.amount) <= most(&spend.items))
        }
        Rule::Order(order) => {
            let from = order.tiers.first().map_or(0, |tier| i128::from(tier.from));
            from <= if order.counts == Counts::Quantity { units } else { most(&order.items) }
        }
        Rule::Reward(reward) => {
            let is_number = reward.counts == Counts::Quantity;
            i128::from(reward.from) <= if is_number { units } else { most(&reward.items) }
        }
        Rule::NoPromotion(_) => true,
    };
    (!is_within).then_some(FindingCode::OutOfReach)
}
