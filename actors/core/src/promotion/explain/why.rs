//! Why a promotion was not used: found out by pricing the basket otherwise, not by guessing.

use super::rivals::{Blocked, Rivals};
use super::{Named, WhyNot};
use crate::promotion::index::{matches, selectors};
use crate::promotion::prompts::missing_of_first;
use crate::promotion::rule::{
    Basis, Combine, Counts, Limits, Promotion, Rule, Selector, Spend, When, Who,
};
use crate::promotion::scene::{Scene, SceneUnit, covers, is_of_items, matched, measure};
use crate::promotion::select::is_replaced;
use crate::{Money, MoneyError, PromotionId};

/// Why a promotion that matches a line was not used; nothing where nobody would ask: on other
/// days, in other stores, and where it never lowers anything.
pub(super) fn why(
    scene: Scene,
    promotion: &Promotion,
    rivals: &mut Rivals,
) -> Result<Option<WhyNot>, MoneyError> {
    if matches!(promotion.rule, Rule::NoPromotion(_)) {
        return Ok(None);
    }
    if !scene.is_live(promotion) {
        return Ok(condition(scene, promotion));
    }
    let units = scene.units();
    if let Rule::Reward(reward) = &promotion.rule {
        let counts = (reward.counts, Basis::AfterTax, reward.from);
        let why = short_of(scene, &paid(scene, &reward.items), counts)?;
        return Ok(Some(why.unwrap_or(WhyNot::SavesNothing)));
    }
    let Some(alone) = rivals.rival(vec![promotion.clone()])? else {
        return Ok(Some(WhyNot::NotKnown));
    };
    if !alone.uses(promotion) {
        let why = intrinsic(scene, promotion, &units)?;
        return Ok(Some(if alone.is_settled() { why } else { WhyNot::NotKnown }));
    }
    if let Some(by) = replaced(scene, promotion, rivals)? {
        return Ok(Some(WhyNot::Replaced { by }));
    }
    if let Some(why) = short_now(scene, promotion, &units)? {
        return Ok(Some(why));
    }
    let blocked = rivals.blocked(promotion)?;
    let why = blocked.map(|blocked| rivalled(scene, promotion, &blocked)).transpose()?;
    Ok(Some(why.unwrap_or(WhyNot::NotKnown)))
}

/// Which condition a promotion is not live for: the first that alone keeps it from being so.
fn condition(scene: Scene, promotion: &Promotion) -> Option<WhyNot> {
    let free = Promotion {
        when: When { weekdays: Vec::new(), hours: Vec::new(), ..promotion.when.clone() },
        place: crate::promotion::rule::Place::default(),
        who: Who::Everyone,
        coupon: None,
        tenders: Vec::new(),
        limits: Limits::default(),
        cap: None,
        cost_points: 0,
        ..promotion.clone()
    };
    // What is over, or not yet begun, is no news.
    if !scene.is_live(&free) {
        return None;
    }
    let fails = |bound: Promotion| !scene.is_live(&bound);
    let has_member = scene.context.member.is_some();
    let when = |when: When| fails(Promotion { when, ..free.clone() });
    let limits = Promotion { limits: promotion.limits.clone(), cap: promotion.cap, ..free.clone() };
    if fails(Promotion { place: promotion.place.clone(), ..free.clone() }) {
        Some(WhyNot::OtherChannel)
    } else if when(When { hours: Vec::new(), ..promotion.when.clone() }) {
        Some(WhyNot::OtherWeekday)
    } else if when(promotion.when.clone()) {
        Some(WhyNot::OutsideHours)
    } else if fails(Promotion { who: promotion.who.clone(), ..free.clone() }) {
        Some(match &promotion.who {
            Who::Employees => WhyNot::EmployeesOnly,
            Who::Members(tiers) if has_member => WhyNot::OtherTier { tiers: tiers.clone() },
            Who::Members(_) | Who::Everyone => WhyNot::MembersOnly,
        })
    } else if fails(Promotion { coupon: promotion.coupon.clone(), ..free.clone() }) {
        Some(WhyNot::CouponNotShown)
    } else if fails(Promotion { tenders: promotion.tenders.clone(), ..free.clone() }) {
        Some(WhyNot::OtherTender { tenders: promotion.tenders.clone() })
    } else if fails(limits) {
        let needs_member = promotion.limits.per_member.is_some() && !has_member;
        Some(if needs_member { WhyNot::MembersOnly } else { WhyNot::LimitUsedUp })
    } else if fails(Promotion { cost_points: promotion.cost_points, ..free }) {
        Some(if has_member { WhyNot::PointsMissing } else { WhyNot::MembersOnly })
    } else {
        None
    }
}

/// The narrower promotions that hold for its goods, where they leave too few of them for it.
fn replaced(
    scene: Scene,
    promotion: &Promotion,
    rivals: &mut Rivals,
) -> Result<Option<Vec<Named>>, MoneyError> {
    let width = promotion.place.width();
    let live: Vec<&Promotion> = scene
        .touching()
        .map(|(_, narrower)| narrower)
        .filter(|narrower| narrower.place.width() > width && scene.is_live(narrower))
        .collect();
    let meets = |narrower: &&Promotion| {
        let both = |line| covers(promotion, line) && covers(narrower, line);
        is_replaced(promotion, narrower) && scene.goods.lines.iter().any(both)
    };
    let by: Vec<Named> = live.iter().copied().filter(meets).map(Named::of).collect();
    if by.is_empty() {
        return Ok(None);
    }
    let mut beside: Vec<Promotion> =
        live.into_iter().flat_map(|narrower| only_replacing(narrower, promotion)).collect();
    beside.push(promotion.clone());
    let rival = rivals.rival(beside)?;
    Ok(rival.is_some_and(|rival| !rival.uses(promotion)).then_some(by))
}

/// A live promotion that replaces what it does and gives nothing: one for each of its selectors.
fn only_replacing(narrower: &Promotion, promotion: &Promotion) -> Vec<Promotion> {
    let replacing = |(place, items): (usize, &Selector)| Promotion {
        id: match place {
            0 => narrower.id.clone(),
            // Another id than all others, so that none gets lost.
            _ => PromotionId::new(&format!("{place} of {}", narrower.id))
                .unwrap_or_else(|_| narrower.id.clone()),
        },
        rule: Rule::NoPromotion(items.clone()),
        who: Who::Everyone,
        coupon: None,
        tenders: Vec::new(),
        limits: Limits::default(),
        cap: None,
        cost_points: 0,
        ..narrower.clone()
    };
    let is_of_goods = !matches!(narrower.rule, Rule::Order(_) | Rule::Reward(_));
    let items = selectors(narrower).into_iter().filter(|_| is_of_goods).enumerate();
    items.map(replacing).filter(|replacing| replacing.id != promotion.id).collect()
}

/// Why a promotion is not used where it is the only one.
fn intrinsic(
    scene: Scene,
    promotion: &Promotion,
    units: &[SceneUnit],
) -> Result<WhyNot, MoneyError> {
    // Alone nothing has been taken off yet.
    let units: Vec<SceneUnit> = scene
        .outcome
        .units
        .iter()
        .zip(units)
        .map(|(priced, unit)| SceneUnit { amount: priced.price, is_lowered: false, ..*unit })
        .collect();
    let missing = |units: u32| (units > 0).then_some(WhyNot::UnitsMissing { units });
    let why = match &promotion.rule {
        Rule::Each(each) => {
            let free = |unit: &&SceneUnit| !unit.line.is_fixed;
            let there = number(matched(&units, &each.items).filter(free));
            let first = each.tiers.first().map_or(1, |tier| tier.from);
            if there == 0 {
                Some(WhyNot::PriceFixed)
            } else if let Some(why) = missing(first.saturating_sub(there)) {
                Some(why)
            } else {
                each.spend
                    .as_ref()
                    .map_or(Ok(None), |spend| spent(scene, &units, spend, promotion))?
            }
        }
        Rule::Group(group) => {
            let only_fixed = units.iter().all(|unit| {
                let fits = group.slots.iter().any(|slot| matches(&slot.items, unit.line));
                !fits || unit.line.is_fixed
            });
            if only_fixed {
                Some(WhyNot::PriceFixed)
            } else if let Some(why) = missing(missing_of_first(group, &units)) {
                Some(why)
            } else {
                group
                    .spend
                    .as_ref()
                    .map_or(Ok(None), |spend| spent(scene, &units, spend, promotion))?
            }
        }
        Rule::Order(order) => {
            let counted = amounts(matched(&units, &order.items));
            let from = order.tiers.first().map_or(0, |tier| tier.from);
            short_of(scene, &counted, (order.counts, order.basis, from))?
        }
        Rule::Reward(_) | Rule::NoPromotion(_) => None,
    };
    Ok(why.unwrap_or(WhyNot::SavesNothing))
}

/// What is short in the basket as it was chosen, where other promotions lowered what counts.
fn short_now(
    scene: Scene,
    promotion: &Promotion,
    units: &[SceneUnit],
) -> Result<Option<WhyNot>, MoneyError> {
    match &promotion.rule {
        Rule::Order(order) if order.counts == Counts::Amount && !order.undiscounted_only => {
            let from = order.tiers.first().map_or(0, |tier| tier.from);
            let counted = amounts(matched(units, &order.items));
            short_of(scene, &counted, (order.counts, order.basis, from))
        }
        Rule::Each(each) => {
            each.spend.as_ref().map_or(Ok(None), |spend| spent(scene, units, spend, promotion))
        }
        Rule::Group(group) => {
            group.spend.as_ref().map_or(Ok(None), |spend| spent(scene, units, spend, promotion))
        }
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => Ok(None),
    }
}

type Amounts<'a> = Vec<(&'a crate::promotion::goods::GoodsLine, i64)>;

fn amounts<'a: 'b, 'b>(units: impl Iterator<Item = &'b SceneUnit<'a>>) -> Amounts<'a> {
    units.map(|unit| (unit.line, unit.amount)).collect()
}

/// What the units that a selector matches cost in the end.
fn paid<'a>(scene: Scene<'a>, items: &Selector) -> Amounts<'a> {
    let line = |unit: &crate::promotion::outcome::UnitOutcome| scene.goods.lines.get(unit.line);
    let units = scene.outcome.units.iter();
    let units = units.filter_map(|unit| Some((line(unit)?, unit.net)));
    units.filter(|(line, _)| matches(items, line)).collect()
}

fn number(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// How much is missing until so much is reached.
fn short_of(
    scene: Scene,
    counted: &Amounts,
    (counts, basis, from): (Counts, Basis, i64),
) -> Result<Option<WhyNot>, MoneyError> {
    let measured = match counts {
        Counts::Amount => measure(counted.iter().copied(), basis)?,
        Counts::Quantity => i64::from(number(counted.iter())),
    };
    if measured >= from {
        return Ok(None);
    }
    Ok(Some(match counts {
        Counts::Amount => WhyNot::AmountMissing {
            amount: Money::from_minor(from.saturating_sub(measured), scene.goods.currency)?,
        },
        Counts::Quantity => WhyNot::UnitsMissing {
            units: u32::try_from(from.saturating_sub(measured)).unwrap_or(u32::MAX),
        },
    }))
}

/// How much is missing of what has to be spent: at least one unit that the promotion may take does
/// not count, the cheapest such one in the customer's favour.
fn spent(
    scene: Scene,
    units: &[SceneUnit],
    spend: &Spend,
    promotion: &Promotion,
) -> Result<Option<WhyNot>, MoneyError> {
    let mut counted: Vec<&SceneUnit> = matched(units, &spend.items).collect();
    let takeable = |unit: &SceneUnit| !unit.line.is_fixed && covers(promotion, unit.line);
    let is_outside = |unit: &SceneUnit| takeable(unit) && !matches(&spend.items, unit.line);
    if !units.iter().any(is_outside) {
        let places = (0..counted.len()).filter(|place| takeable(counted[*place]));
        if let Some(place) = places.min_by_key(|place| counted[*place].amount) {
            counted.remove(place);
        }
    }
    let counted = amounts(counted.into_iter());
    short_of(scene, &counted, (Counts::Amount, spend.basis, spend.amount))
}

/// What it means that a promotion is used only without others.
fn rivalled(scene: Scene, promotion: &Promotion, blocked: &Blocked) -> Result<WhyNot, MoneyError> {
    let by: Vec<Named> = blocked.by.iter().map(Named::of).collect();
    if scene.outcome.certificate.by_priority {
        return Ok(WhyNot::LowerPriority { by });
    }
    let worse = blocked.rival.total() - scene.outcome.total;
    if worse <= 0 {
        return Ok(WhyNot::NoGain { by });
    }
    let worse = Money::from_minor(worse, scene.goods.currency)?;
    let is_apart = |other: &Promotion| {
        let same_class = promotion.class.is_some() && promotion.class == other.class;
        let is_exclusive = |one: &Promotion| one.combine == Combine::Exclusive;
        let both_of_items = is_of_items(promotion) && is_of_items(other);
        let on_top = |one: &Promotion| matches!(one.combine, Combine::OnTop(_));
        same_class
            || is_exclusive(promotion)
            || is_exclusive(other)
            || !both_of_items
            || on_top(promotion)
            || on_top(other)
    };
    Ok(if blocked.by.iter().any(is_apart) {
        WhyNot::NotTogether { by, worse }
    } else {
        WhyNot::TakenByBetter { by, worse }
    })
}
