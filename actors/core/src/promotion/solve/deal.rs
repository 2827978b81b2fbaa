//! Promotions of items as a table sees them: what has to be remembered of each while units are
//! decided one after another, the dearest first.

use std::collections::BTreeMap;

use super::fit::{is_capless, is_evenly_weighed, reusable_of, units_by_taker};
use super::problem::{Problem, is_limited};
use super::settle::Taken;
use super::state::{Field, Resource, Room};
use crate::promotion::rule::{Favour, Group, GroupAward, Rule, UnitAward};
use crate::promotion::select::Offer;

/// A slot of a group.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) number: u16,
    pub(super) count: u32,
    /// How many units it has beyond those of complete groups.
    pub(super) field: Field,
}

/// How a deal lowers.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Each unit by itself: the tiers with what they need, the tier chosen, the units so far.
    Each { tiers: Vec<(u32, UnitAward)>, chosen: Option<Field>, so_far: Field },
    /// In groups.
    Group { slots: Vec<Slot>, size: u32, award: GroupAward },
}

/// A promotion of items, or what it does with one item.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    pub(super) offer: u16,
    pub(super) kind: Kind,
    /// What a use costs of which resource.
    pub(super) costs: Vec<(usize, u32)>,
    /// Of several of a class, which one it is.
    pub(super) class: Option<(Field, u32)>,
    /// Whether its uses are uses of something limited.
    pub(super) is_limited: bool,
    /// What a minor unit of its units is worth at least and at most.
    pub(super) worth: (i128, i128),
    /// The units that it may take, by place, with the slot.
    pub(super) units: Vec<(u32, u16)>,
}

impl Deal {
    /// Whether nothing has to be remembered of it.
    pub(super) fn is_plain(&self) -> bool {
        let is_simple = matches!(&self.kind, Kind::Each { chosen: None, .. });
        is_simple && self.costs.is_empty() && self.class.is_none()
    }
}

/// What couples promotions besides units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Resource(usize),
    Class(Field),
}

/// Everything that a table needs to know about the promotions of items.
#[derive(Clone, Debug, Default)]
pub(super) struct Deals {
    pub(super) deals: Vec<Deal>,
    pub(super) resources: Vec<Resource>,
    /// For each unit: the deals that may take it, and in which of their slots.
    pub(super) options: Vec<Vec<(u16, u16)>>,
    /// Whether some promotions do not go into a table, so that more may be gained than it says.
    pub(super) has_left_out: bool,
}

impl Deals {
    /// The deals of the offers that may be used; those left out that do not go into a table.
    pub(super) fn new(
        problem: &Problem,
        weights: &[i128],
        is_barred: &dyn Fn(u16) -> bool,
    ) -> Self {
        let mut deals = Self {
            deals: Vec::new(),
            resources: Vec::new(),
            options: vec![Vec::new(); problem.units.len()],
            has_left_out: false,
        };
        let mut room = Room::default();
        let of_taker = units_by_taker(problem);
        for taker in problem.takers.iter().copied().filter(|taker| !is_barred(*taker)) {
            let (count, resources, before) = (deals.deals.len(), deals.resources.len(), room);
            let units = &of_taker[usize::from(taker)];
            let is_even = is_evenly_weighed(problem, taker, units, weights);
            if !is_even || deals.add(problem, taker, units, &mut room).is_none() {
                deals.deals.truncate(count);
                deals.resources.truncate(resources);
                room = before;
                deals.has_left_out = true;
            }
        }
        let is_held = deals.add_points(problem, &mut room).is_some()
            && deals.add_classes(problem, &mut room).is_some();
        deals.has_left_out |= !is_held;
        for deal in &mut deals.deals {
            let worth = deal.units.iter().map(|(unit, _)| weights[*unit as usize]);
            let least = worth.clone().min().unwrap_or(0);
            deal.worth = (least, worth.max().unwrap_or(0));
        }
        for (number, deal) in (0_u16..).zip(&deals.deals) {
            for (unit, slot) in &deal.units {
                deals.options[*unit as usize].push((number, *slot));
            }
        }
        deals
    }

    /// Pairs of units that something else than a deal of both couples.
    pub(super) fn ties(&self) -> Vec<(usize, usize)> {
        let mut firsts: BTreeMap<Tie, usize> = BTreeMap::new();
        let mut ties = Vec::new();
        for deal in &self.deals {
            let Some((unit, _)) = deal.units.first() else { continue };
            let resources = deal.costs.iter().map(|(resource, _)| Tie::Resource(*resource));
            let class = deal.class.map(|(field, _)| Tie::Class(field));
            for key in resources.chain(class) {
                let first = *firsts.entry(key).or_insert(*unit as usize);
                ties.push((first, *unit as usize));
            }
        }
        ties
    }

    fn add(
        &mut self,
        problem: &Problem,
        taker: u16,
        units: &[Taken],
        room: &mut Room,
    ) -> Option<()> {
        let offer = problem.offer(taker);
        let from = self.deals.len();
        match &offer.promotion.rule {
            Rule::Each(each) => {
                let tiers = each.tiers.iter().map(|tier| (tier.from, tier.award)).collect();
                self.add_each(problem, (taker, units), tiers, room)?;
            }
            Rule::Group(group) => self.add_group(problem, (taker, units), group, room)?,
            _ => {}
        }
        self.limit(offer, from, room)
    }

    fn add_each(
        &mut self,
        problem: &Problem,
        (taker, units): (u16, &[Taken]),
        mut tiers: Vec<(u32, UnitAward)>,
        room: &mut Room,
    ) -> Option<()> {
        let units = units.to_vec();
        let is_limited = is_limited(problem.offer(taker));
        let count = u32::try_from(units.len()).ok()?;
        tiers.retain(|(from, _)| *from <= count);
        if tiers.is_empty() {
            return Some(());
        }
        let is_capped = {
            let most = |unit: u32| {
                tiers.iter().map(|(_, award)| problem.award_of(unit, *award)).max().unwrap_or(0)
            };
            units.iter().map(|(unit, _)| most(*unit)).sum::<i64>() > problem.offer(taker).left.money
        };
        if is_capped {
            return None;
        }
        let (chosen, so_far) = match tiers[..] {
            [(0 | 1, _)] => (None, Field::default()),
            _ => {
                let most = tiers.iter().map(|(from, _)| *from).max()?;
                let chosen = room.field(u32::try_from(tiers.len()).ok()?)?;
                (Some(chosen), room.field(most)?)
            }
        };
        let kind = Kind::Each { tiers, chosen, so_far };
        self.deals.push(Deal {
            offer: taker,
            kind,
            costs: Vec::new(),
            class: None,
            is_limited,
            worth: (0, 0),
            units,
        });
        Some(())
    }

    fn add_group(
        &mut self,
        problem: &Problem,
        (taker, units): (u16, &[Taken]),
        group: &Group,
        room: &mut Room,
    ) -> Option<()> {
        if group.favour == Favour::Retailer {
            return None;
        }
        let mut parts: BTreeMap<Option<&str>, Vec<Taken>> = BTreeMap::new();
        for taken in units {
            let item = || problem.line(taken.0 as usize).item.as_str();
            parts.entry(group.same_item.then(item)).or_default().push(*taken);
        }
        for (item, units) in parts {
            self.add_part(problem, taker, group, (item, units), room)?;
        }
        Some(())
    }

    /// A group's promotion, of one item where all units of a group are of one.
    fn add_part(
        &mut self,
        problem: &Problem,
        taker: u16,
        group: &Group,
        (item, units): (Option<&str>, Vec<Taken>),
        room: &mut Room,
    ) -> Option<()> {
        let offer = problem.offer(taker);
        let is_limited = is_limited(offer);
        let in_slot = |number: u16| {
            u32::try_from(units.iter().filter(|(_, slot)| *slot == number).count()).ok()
        };
        let mut most = u32::MAX;
        for (number, slot) in (0_u16..).zip(&group.slots) {
            let there = match slot.reusable {
                false => in_slot(number)?,
                true => reusable_of(problem, offer, number, item, &units)?,
            };
            most = most.min(there.checked_div(slot.count)?);
        }
        if most == 0 || !is_capless(problem, offer, group, most, &units) {
            return (most == 0).then_some(());
        }
        let is_single = group.slots.iter().filter(|slot| !slot.reusable).count() == 1;
        let mut slots = Vec::new();
        for (number, slot) in (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable) {
            let largest = if is_single { slot.count } else { in_slot(number)? };
            slots.push(Slot { number, count: slot.count, field: room.field(largest)? });
        }
        let size = slots.iter().map(|slot| slot.count).sum();
        let mut costs = Vec::new();
        let by_units =
            slots.iter().filter_map(|slot| in_slot(slot.number)?.checked_div(slot.count)).min()?;
        if most < by_units {
            costs.push((self.resources.len(), 1));
            self.resources.push(Resource { most, field: room.field(most)? });
        }
        let kind = Kind::Group { slots, size, award: group.award };
        self.deals.push(Deal {
            offer: taker,
            kind,
            costs,
            class: None,
            is_limited,
            worth: (0, 0),
            units,
        });
        Some(())
    }

    /// Adds what an offer's limits allow, where that is less than the units do.
    fn limit(&mut self, offer: &Offer, from: usize, room: &mut Room) -> Option<()> {
        let uses = self.deals[from..].iter().map(uses_of).sum::<u32>();
        let most = offer.left.uses;
        if most < uses {
            let resource = self.resources.len();
            self.resources.push(Resource { most, field: room.field(most)? });
            for deal in &mut self.deals[from..] {
                deal.costs.push((resource, 1));
            }
        }
        Some(())
    }

    fn add_points(&mut self, problem: &Problem, room: &mut Room) -> Option<()> {
        let cost = |deal: &Deal| problem.offer(deal.offer).promotion.cost_points;
        let needs = |deal: &Deal| {
            let uses = uses_of(deal).min(problem.offer(deal.offer).left.uses);
            cost(deal).saturating_mul(u64::from(uses))
        };
        let all = self.deals.iter().map(needs).fold(0, u64::saturating_add);
        if all <= problem.member_points {
            return Some(());
        }
        let most = u32::try_from(problem.member_points).ok()?;
        let resource = self.resources.len();
        self.resources.push(Resource { most, field: room.field(most)? });
        for deal in &mut self.deals {
            let cost = u32::try_from(problem.offer(deal.offer).promotion.cost_points);
            let cost = cost.unwrap_or(u32::MAX);
            if cost > 0 {
                deal.costs.push((resource, cost));
            }
        }
        Some(())
    }

    fn add_classes(&mut self, problem: &Problem, room: &mut Room) -> Option<()> {
        let mut classes: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
        for deal in &self.deals {
            if let Some(class) = &problem.offer(deal.offer).promotion.class {
                let members = classes.entry(class).or_default();
                if members.last() != Some(&deal.offer) {
                    members.push(deal.offer);
                }
            }
        }
        for members in classes.into_values().filter(|members| members.len() > 1) {
            let field = room.field(u32::try_from(members.len()).ok()?)?;
            for deal in &mut self.deals {
                if let Some(place) = members.iter().position(|member| *member == deal.offer) {
                    deal.class = Some((field, u32::try_from(place).ok()? + 1));
                }
            }
        }
        Some(())
    }
}

/// How often a deal could be used by the units that it may take.
fn uses_of(deal: &Deal) -> u32 {
    match &deal.kind {
        Kind::Each { .. } => u32::try_from(deal.units.len()).unwrap_or(u32::MAX),
        Kind::Group { slots, .. } => {
            let uses = slots.iter().map(|slot| {
                let fit = deal.units.iter().filter(|(_, number)| *number == slot.number).count();
                u32::try_from(fit).unwrap_or(u32::MAX) / slot.count.max(1)
            });
            uses.min().unwrap_or(0)
        }
    }
}
