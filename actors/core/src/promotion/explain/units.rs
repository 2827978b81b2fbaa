//! What became of every unit.

use super::{LineExplained, Named, PartExplained, UnitExplained, sentences};
use crate::promotion::index::matches;
use crate::promotion::outcome::UnitOutcome;
use crate::promotion::rule::{Promotion, Rule, Selector};
use crate::promotion::scene::{Scene, covers};
use crate::promotion::set::PromotionIndex;
use crate::{Money, MoneyError};

/// Every line with its units.
pub(super) fn lines(scene: Scene) -> Result<Vec<LineExplained>, MoneyError> {
    let mut lines: Vec<LineExplained> = scene
        .goods
        .lines
        .iter()
        .map(|line| LineExplained { line: line.line, item: line.item.clone(), units: Vec::new() })
        .collect();
    for unit in &scene.outcome.units {
        let explained = explained(scene, unit)?;
        if let Some(line) = lines.get_mut(unit.line) {
            line.units.push(explained);
        }
    }
    Ok(lines)
}

fn explained(scene: Scene, unit: &UnitOutcome) -> Result<UnitExplained, MoneyError> {
    let money = |minor: i64| Money::from_minor(minor, scene.goods.currency);
    let named = |index: PromotionIndex| scene.set.get(index).map(Named::of);
    let mut parts = Vec::with_capacity(unit.parts.len());
    for part in &unit.parts {
        if let Some(promotion) = named(part.promotion) {
            parts.push(PartExplained { promotion, amount: money(part.amount)? });
        }
    }
    let taken_by = unit.taken_by.and_then(|(index, _)| named(index));
    let counted_by = counted_by(scene, unit);
    let (price, net) = (money(unit.price)?, money(unit.net)?);
    let text = sentences::unit(price, net, taken_by.as_ref(), &parts, &counted_by);
    Ok(UnitExplained { price, net, taken_by, parts, counted_by, text })
}

/// The used promotions that the unit helped, besides those that took or lowered it.
fn counted_by(scene: Scene, unit: &UnitOutcome) -> Vec<Named> {
    let Some(line) = scene.goods.lines.get(unit.line) else {
        return Vec::new();
    };
    let has = |index: PromotionIndex| {
        unit.parts.iter().any(|part| part.promotion == index)
            || unit.taken_by.is_some_and(|(taker, _)| taker == index)
    };
    let used = scene.outcome.applied.iter().filter(|applied| !has(applied.index));
    let used = used.filter_map(|applied| scene.set.get(applied.index));
    used.filter(|promotion| match &promotion.rule {
        // Taken by nobody of it, a unit is there for it as money spent or as a qualifier.
        Rule::Each(_) | Rule::Group(_) => {
            present(promotion).into_iter().any(|items| matches(items, line))
        }
        Rule::Order(order) => {
            matches(&order.items, line) && !(order.undiscounted_only && is_lowered(scene, unit))
        }
        Rule::Reward(_) => covers(promotion, line),
        Rule::NoPromotion(_) => false,
    })
    .map(Named::of)
    .collect()
}

/// What a promotion only wants to see in the basket.
fn present(promotion: &Promotion) -> Vec<&Selector> {
    match &promotion.rule {
        Rule::Each(each) => each.spend.iter().map(|spend| &spend.items).collect(),
        Rule::Group(group) => {
            let slots = group.slots.iter().filter(|slot| slot.reusable).map(|slot| &slot.items);
            slots.chain(group.spend.iter().map(|spend| &spend.items)).collect()
        }
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => Vec::new(),
    }
}

fn is_lowered(scene: Scene, unit: &UnitOutcome) -> bool {
    unit.parts.iter().any(|part| {
        let promotion = scene.set.get(part.promotion);
        part.amount > 0 && promotion.is_some_and(crate::promotion::scene::is_of_items)
    })
}
