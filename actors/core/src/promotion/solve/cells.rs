//! Units that differ in nothing, taken together: every way of dividing them among promotions, with
//! what it gains.

use std::collections::{BTreeMap, BTreeSet};

use super::deal::{Deal, Kind};
use super::problem::spend_of;
use super::settle::Taken;
use super::table::{Move, Table, USES};
use crate::promotion::rule::GroupAward;

/// Most ways of dividing the units of a cell.
const WAYS_MAX: usize = 1_000;
/// A use of something limited counts this much against a gain: the sizes of most groups divide it.
const USE: i64 = 60;
/// A group that gains nothing is not used: each unit of one counts this little against it.
const TOUCH: i64 = 1;
/// No way of dividing a cell gains more: sums over all cells stay within what is computed with.
pub(super) const GAIN_MAX: i64 = 1 << 48;
/// Most cells.
const CELLS_MAX: usize = 512;

/// What is counted of a way: a deal, its slot or tier, and how many units or groups go there.
pub(super) type Count = (u16, u16, i16);

/// Something that takes units of a cell.
#[derive(Clone, Debug)]
struct Target {
    deal: u16,
    /// What becomes of so many units at once.
    moves: Vec<Move>,
    /// What they gain together.
    gain: i64,
    /// The slot or tier, where it has to be counted across cells.
    counted: Option<u16>,
}

/// A way of dividing the units of a cell.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// What it gains, with the prices of slots.
    pub(super) gain: i64,
    /// What it loses against the cell's best way.
    pub(super) regret: i64,
    /// What is counted, ascending.
    pub(super) counts: Vec<Count>,
    /// How often each target takes.
    takes: Vec<u16>,
}

/// Units that differ in nothing.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Their places among the table's units.
    places: Vec<usize>,
    targets: Vec<Target>,
    /// What becomes of the units that no target takes, and what each gains.
    rest: Option<Move>,
    rest_gain: i64,
    pub(super) ways: Vec<Way>,
}

impl Cell {
    /// Puts the ways in the order of what they lose against the best one; what that gains.
    pub(super) fn rank(&mut self) -> i64 {
        let best = self.ways.iter().map(|way| way.gain).max().unwrap_or(0);
        for way in &mut self.ways {
            way.regret = best - way.gain;
        }
        self.ways.sort_by_key(|way| way.regret);
        best
    }

    /// What becomes of each unit by a way.
    pub(super) fn note(&self, way: &Way, moves: &mut [Option<Move>]) {
        let takes = self.targets.iter().zip(&way.takes);
        let mut own: Vec<Option<Move>> = takes
            .flat_map(|(target, takes)| {
                std::iter::repeat_n(&target.moves, usize::from(*takes)).flatten()
            })
            .map(|it| Some(*it))
            .collect();
        own.resize(self.places.len(), self.rest);
        // Of units that differ in nothing the first ones go to the first promotions.
        own.sort_by_key(|it| it.map_or((u16::MAX, u16::MAX), |it| (it.deal, it.slot)));
        for (place, it) in self.places.iter().zip(own) {
            moves[*place] = it;
        }
    }

    /// Every way of dividing the units; of those that are counted alike only the best. None where
    /// they are too many.
    fn divide(&mut self) -> Option<()> {
        let mut best: BTreeMap<Vec<Count>, Way> = BTreeMap::new();
        let mut takes = vec![0_u16; self.targets.len()];
        let mut left = self.places.len();
        for _ in 0..WAYS_MAX {
            let rest = i64::try_from(left).ok()?.checked_mul(self.rest_gain)?;
            let way = self.way(&takes, rest).filter(|way| way.gain.abs() < GAIN_MAX)?;
            match best.get_mut(&way.counts) {
                Some(other) if other.gain >= way.gain => {}
                Some(other) => *other = way,
                None => {
                    best.insert(way.counts.clone(), way);
                }
            }
            // Next, one more for the first target that there are units for; those before it begin
            // again.
            let mut target = 0;
            loop {
                let Some(next) = self.targets.get(target) else {
                    self.ways = best.into_values().collect();
                    return Some(());
                };
                if next.moves.len() <= left {
                    takes[target] += 1;
                    left -= next.moves.len();
                    break;
                }
                left += usize::from(takes[target]) * next.moves.len();
                takes[target] = 0;
                target += 1;
            }
        }
        None
    }

    fn way(&self, takes: &[u16], rest: i64) -> Option<Way> {
        let mut gain = rest;
        let mut counts = Vec::new();
        for (target, takes) in self.targets.iter().zip(takes).filter(|(_, takes)| **takes > 0) {
            gain = target.gain.checked_mul(i64::from(*takes))?.checked_add(gain)?;
            if let Some(place) = target.counted {
                counts.push((target.deal, place, i16::try_from(*takes).ok()?));
            }
        }
        counts.sort_unstable();
        Some(Way { gain, regret: 0, counts, takes: takes.to_vec() })
    }
}

/// The cells of a table, of whose promotions those that are `strict` are counted with their tiers,
/// limits and classes; none where something cannot be counted.
pub(super) fn cells_of(table: &Table, strict: &BTreeSet<u16>) -> Option<Vec<Cell>> {
    let needless = needless(table);
    let mut pools: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, unit) in table.units.iter().enumerate() {
        pools.entry(pool(table, *unit)).or_default().push(place);
    }
    // What is counted against gains must not come to a part of a minor unit.
    let against = i128::from(USE + TOUCH) * i128::try_from(table.units.len()).ok()?;
    if pools.len() > CELLS_MAX || against >= USES {
        return None;
    }
    pools.into_values().map(|places| cell(table, strict, &needless, places)).collect()
}

/// Deals that take the same units into slots of the same sizes.
type Alike<'t> = BTreeMap<(&'t [Taken], Vec<u32>), Vec<u16>>;

/// Deals of groups in whose place another one gains no less, whatever the units.
fn needless(table: &Table) -> BTreeSet<u16> {
    let mut needless = BTreeSet::new();
    let mut alike: Alike = BTreeMap::new();
    for (number, _) in &table.groups {
        let deal = &table.deals.deals[usize::from(*number)];
        if let Kind::Group { slots, .. } = &deal.kind
            && deal.costs.is_empty()
            && deal.class.is_none()
            && !deal.is_limited
        {
            let counts = slots.iter().map(|slot| slot.count).collect();
            alike.entry((&deal.units, counts)).or_default().push(*number);
        }
    }
    for ((units, _), numbers) in alike {
        // Of two that are the same the first one stays.
        for (place, number) in numbers.iter().enumerate().rev() {
            let is_under = |other: &u16| {
                units.iter().all(|(unit, slot)| {
                    let gain = |deal: u16| table.part(*unit, Move { deal, slot: *slot, tier: 0 });
                    gain(*number) <= gain(*other)
                })
            };
            let is_bound = |other: u16| {
                spend_of(table.problem.offer(table.deals.deals[usize::from(other)].offer)).is_some()
            };
            let others = numbers.iter().enumerate().filter(|(at, other)| {
                let is_another = *at != place && !needless.contains(*other) && !is_bound(**other);
                is_another && is_same_award(table, *number, **other)
            });
            if others.into_iter().any(|(_, other)| is_under(other)) {
                needless.insert(*number);
            }
        }
    }
    needless
}

/// Whether two deals award in the same way, so that their units' parts can be compared.
fn is_same_award(table: &Table, a: u16, b: u16) -> bool {
    let awarded = |number: u16| match &table.deals.deals[usize::from(number)].kind {
        Kind::Group { award: GroupAward::Cheapest { count, .. }, .. } => Some((0, *count)),
        Kind::Group { award: GroupAward::Dearest { count, .. }, .. } => Some((1, *count)),
        _ => None,
    };
    awarded(a) == awarded(b)
}

fn pool(table: &Table, unit: u32) -> u32 {
    table.problem.units[unit as usize].pool
}

fn cell(
    table: &Table,
    strict: &BTreeSet<u16>,
    needless: &BTreeSet<u16>,
    places: Vec<usize>,
) -> Option<Cell> {
    let (targets, ways) = (Vec::new(), Vec::new());
    let first = *places.first()?;
    let unit = table.units[first];
    let mut cell = Cell { places, targets, rest: None, rest_gain: 0, ways };
    for it in table.moves[first].iter().filter(|it| !needless.contains(&it.deal)) {
        let deal = &table.deals.deals[usize::from(it.deal)];
        let is_strict = strict.contains(&it.deal);
        let Kind::Group { slots, award, .. } = &deal.kind else {
            let gain = gain_of(table.part(unit, *it), deal)?;
            if gain <= 0 {
                // What takes nothing off is not used.
                continue;
            }
            if is_strict && !is_free(table, deal, it.tier) {
                let counted = Some(it.tier);
                cell.targets.push(Target { deal: it.deal, moves: vec![*it], gain, counted });
            } else if gain > cell.rest_gain {
                (cell.rest_gain, cell.rest) = (gain, Some(*it));
            }
            continue;
        };
        if is_own(table, deal) {
            if cell.targets.last().is_none_or(|last| last.deal != it.deal) {
                let target = own(table, unit, *it, deal)?;
                if target.gain > 0 {
                    cell.targets.push(Target { counted: is_strict.then_some(0), ..target });
                }
            }
            continue;
        }
        if matches!(award, GroupAward::Cheapest { .. } | GroupAward::Dearest { .. }) {
            return None;
        }
        let slot = slots.iter().position(|slot| slot.number == it.slot)?;
        let mut gain = gain_of(table.part(unit, *it), deal)?;
        if deal.is_limited {
            // A use is counted once for a group: by its units in the first slot.
            let count = i64::from(slots[0].count);
            let part = USE.checked_div(count).filter(|part| part * count == USE)?;
            gain += USE - if slot == 0 { part } else { 0 };
        }
        let counted = u16::try_from(slot).ok();
        cell.targets.push(Target { deal: it.deal, moves: vec![*it], gain: gain - TOUCH, counted });
    }
    cell.divide()?;
    Some(cell)
}

/// Whether a deal has no units but those of one cell.
pub(super) fn is_own(table: &Table, deal: &Deal) -> bool {
    let mut pools = deal.units.iter().map(|(unit, _)| pool(table, *unit));
    let first = pools.next();
    pools.all(|pool| Some(pool) == first)
}

/// Whether nothing has to be counted of a deal's tier: one unit is enough for it, and whoever
/// reaches a higher one has no reason to mix them.
pub(super) fn is_free(table: &Table, deal: &Deal, tier: u16) -> bool {
    let Kind::Each { tiers, .. } = &deal.kind else { return false };
    let Some(((first, own), others)) = tiers.split_first() else { return false };
    let off = |unit: u32, award| table.problem.award_of(unit, award);
    let is_less = |unit: u32| others.iter().all(|(_, it)| off(unit, *own) <= off(unit, *it));
    tier == 0
        && *first <= 1
        && deal.costs.is_empty()
        && deal.class.is_none()
        && deal.units.iter().all(|(unit, _)| is_less(*unit))
}

/// What one use of a deal gains.
fn gain_of(gain: i128, deal: &Deal) -> Option<i64> {
    let gain = i64::try_from(gain).ok().filter(|gain| gain.abs() < GAIN_MAX)?;
    Some(gain - if deal.is_limited { USE } else { 0 })
}

/// A whole group of a promotion that has no units but those of one cell.
fn own(table: &Table, unit: u32, first: Move, deal: &Deal) -> Option<Target> {
    let Kind::Group { slots, award, .. } = &deal.kind else { return None };
    let mut moves = Vec::new();
    for slot in slots {
        let it = Move { slot: slot.number, ..first };
        moves.extend((0..slot.count).map(|_| it));
    }
    let gain: i128 = match award {
        GroupAward::Cheapest { count, award } | GroupAward::Dearest { count, award } => {
            let count = usize::try_from(*count).ok()?.min(moves.len());
            table.off(unit, *award) * i128::try_from(count).ok()?
        }
        _ => moves.iter().map(|it| table.part(unit, *it)).sum(),
    };
    let gain = gain_of(gain, deal)? - TOUCH;
    Some(Target { deal: first.deal, moves, gain, counted: None })
}
