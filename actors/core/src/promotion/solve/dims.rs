//! What has to be counted across cells, as dimensions of a table.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Cell, Count, is_free, is_own};
use super::deal::{Deal, Kind, Slot};
use super::table::Table;

/// A use is charged for in so many parts: the sizes of most groups divide it.
pub(super) const PARTS: i64 = 60;

/// What a dimension counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Units of a deal's first slot beyond complete groups.
    Residue(u16),
    /// Units of another slot against those groups.
    Difference(u16, usize),
    /// The tier of a deal in use, and how many units it has.
    Tier(u16),
    /// How much of a resource is used.
    Uses(usize),
    /// Which deal of a class is in use.
    Class(super::state::Field),
}

/// A dimension.
#[derive(Clone, Debug)]
struct Dim {
    size: u16,
    /// What it begins with.
    start: i16,
    /// What it may end with; of a difference, nothing apart.
    ends: Vec<bool>,
    /// Of a limit: what is charged for each part of a use.
    price: i64,
    /// Of a difference: whether nothing is farther apart than is counted.
    is_all: bool,
}

impl Dim {
    /// One that begins with nothing, and may end like this.
    fn of(ends: Vec<bool>) -> Option<Self> {
        let size = u16::try_from(ends.len()).ok().filter(|size| *size < i16::MAX.unsigned_abs())?;
        Some(Self { size, start: 0, ends, price: 0, is_all: true })
    }
}

/// How a deal moves through the dimensions.
#[derive(Clone, Debug, Default)]
struct Track {
    residue: Option<(usize, i16)>,
    /// By slot but the first: the dimension, and how many a group has.
    differences: Vec<(usize, i16)>,
    /// Whether single units are counted that make groups, and not whole groups or units.
    is_group: bool,
    /// The dimension of its tiers, and what each needs.
    tiers: Option<(usize, Vec<i16>)>,
    uses: Vec<(usize, i16)>,
    class: Option<(usize, i16)>,
}

impl Track {
    /// What a use takes of a limit.
    fn uses_of(&self, dim: usize) -> i64 {
        let own = self.uses.iter().filter(|(other, _)| *other == dim);
        own.map(|(_, cost)| i64::from(*cost)).sum()
    }
}

/// All that is counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Dims {
    dims: Vec<Dim>,
    tracks: BTreeMap<u16, Track>,
    /// How far apart the slots of a group may be while not all units are decided, against where
    /// they are if every unit takes what is best for it.
    reach: i16,
}

impl Dims {
    /// What the ways of some cells count.
    pub(super) fn of(
        table: &Table,
        cells: &[Cell],
        strict: &BTreeSet<u16>,
        reach: i16,
    ) -> Option<Self> {
        let ways = cells.iter().flat_map(|cell| &cell.ways);
        let deals: BTreeSet<u16> =
            ways.flat_map(|way| way.counts.iter().map(|(deal, ..)| *deal)).collect();
        let mut dims = Self { reach, ..Self::default() };
        let mut names: BTreeMap<What, usize> = BTreeMap::new();
        for number in deals {
            dims.track(table, number, strict.contains(&number), &mut names)?;
        }
        Some(dims)
    }

    fn add(&mut self, names: &mut BTreeMap<What, usize>, what: What, dim: Dim) -> usize {
        *names.entry(what).or_insert_with(|| {
            self.dims.push(dim);
            self.dims.len() - 1
        })
    }

    fn track(
        &mut self,
        table: &Table,
        number: u16,
        is_strict: bool,
        names: &mut BTreeMap<What, usize>,
    ) -> Option<()> {
        let deal = &table.deals.deals[usize::from(number)];
        let mut track = Track::default();
        match &deal.kind {
            Kind::Group { .. } if is_own(table, deal) => {}
            Kind::Group { slots, .. } => {
                self.track_slots(deal, slots, (number, names), &mut track)?
            }
            Kind::Each { tiers, chosen: Some(_), .. } if is_strict => {
                let needs = tiers.iter().map(|(from, _)| i16::try_from((*from).max(1)).ok());
                let mut needs: Vec<i16> = needs.collect::<Option<_>>()?;
                for (tier, need) in (0..).zip(&mut needs) {
                    if is_free(table, deal, tier) {
                        *need = 0;
                    }
                }
                // None, or a tier with so many units as it needs at most.
                let mut ends = vec![true];
                for need in &needs {
                    ends.extend((1..=*need).map(|count| count == *need));
                }
                let dim = Dim::of(ends)?;
                track.tiers = Some((self.add(names, What::Tier(number), dim), needs));
            }
            Kind::Each { .. } => {}
        }
        if is_strict {
            for (resource, cost) in &deal.costs {
                let most = i16::try_from(table.deals.resources[*resource].most).ok()?;
                let dim = Dim::of(vec![true; usize::from(most.unsigned_abs()) + 1])?;
                let dim = self.add(names, What::Uses(*resource), dim);
                track.uses.push((dim, i16::try_from(*cost).ok()?));
            }
            if let Some((field, member)) = deal.class {
                let dim = Dim::of(vec![true; table.deals.deals.len() + 1])?;
                let dim = self.add(names, What::Class(field), dim);
                track.class = Some((dim, i16::try_from(member).ok()?));
            }
        }
        self.tracks.insert(number, track);
        Some(())
    }

    fn track_slots(
        &mut self,
        deal: &Deal,
        slots: &[Slot],
        (number, names): (u16, &mut BTreeMap<What, usize>),
        track: &mut Track,
    ) -> Option<()> {
        let have = |slot: &Slot| {
            let own = deal.units.iter().filter(|(_, number)| *number == slot.number).count();
            i32::try_from(own).unwrap_or(i32::MAX / 4)
        };
        let (first, others) = slots.split_first()?;
        let count = i16::try_from(first.count).ok()?;
        if count > 1 {
            let dim = Dim::of((0..count).map(|value| value == 0).collect())?;
            track.residue = Some((self.add(names, What::Residue(number), dim), count));
        }
        track.is_group = true;
        let groups = have(first) / i32::from(count);
        for (slot, other) in others.iter().enumerate() {
            let count = i16::try_from(other.count).ok()?;
            let (fewest, most) = (-groups * i32::from(count), have(other));
            // Where there are few units none is farther apart.
            let is_all = most - fewest <= 2 * i32::from(self.reach);
            let (size, start) = match is_all {
                true => (small(most - fewest + 1), small(-fewest)),
                false => (2 * self.reach + 1, self.reach),
            };
            let size = size.unsigned_abs();
            let dim = Dim { size, start, ends: Vec::new(), price: 0, is_all };
            let dim = self.add(names, What::Difference(number, slot), dim);
            track.differences.push((dim, count));
        }
        Some(())
    }

    pub(super) fn len(&self) -> usize {
        self.dims.len()
    }

    pub(super) fn size(&self, dim: usize) -> u64 {
        u64::from(self.dims[dim].size)
    }

    /// What all of them begin with.
    pub(super) fn starts(&self) -> Vec<i16> {
        self.dims.iter().map(|dim| dim.start).collect()
    }

    /// What it costs to end like this, counted from there; none where it has to be another.
    pub(super) fn end(&self, dim: usize, value: i16, center: i16) -> Option<i64> {
        let Dim { ends, start, price, size, .. } = &self.dims[dim];
        if ends.is_empty() {
            return (value.saturating_add(center) == *start).then_some(0);
        }
        let is_end = usize::try_from(value).ok().and_then(|value| ends.get(value)).copied()?;
        let left = i64::from(*size) - 1 - i64::from(value);
        is_end.then(|| price * PARTS * left)
    }

    /// The dimensions of limits whose uses can be charged for, and how many there are of each.
    pub(super) fn limits(&self) -> Vec<(usize, i64)> {
        let of_tracks = self.tracks.values().flat_map(|track| &track.uses);
        let dims: BTreeSet<usize> = of_tracks.map(|(dim, _)| *dim).collect();
        let is_whole = |dim: usize| {
            let mut own = self.tracks.values().filter(|track| track.uses_of(dim) > 0);
            own.all(|track| PARTS % i64::from(track.residue.map_or(1, |(_, count)| count)) == 0)
        };
        let found = dims.into_iter().filter(|dim| is_whole(*dim));
        found.map(|dim| (dim, i64::from(self.dims[dim].size) - 1)).collect()
    }

    /// How many parts of uses some counts are.
    pub(super) fn uses(&self, dim: usize, counts: &[Count]) -> i64 {
        let uses = counts.iter().filter_map(|(deal, slot, count)| {
            let track = self.tracks.get(deal)?;
            let parts = match (track.is_group, slot) {
                (true, 0) => PARTS / i64::from(track.residue.map_or(1, |(_, count)| count)),
                (true, _) => 0,
                (false, _) => PARTS,
            };
            Some(track.uses_of(dim) * parts * i64::from(*count))
        });
        uses.sum()
    }

    pub(super) fn price(&self, dim: usize) -> i64 {
        self.dims[dim].price
    }

    pub(super) fn set_price(&mut self, dim: usize, price: i64) {
        self.dims[dim].price = price;
    }

    /// What is charged for all uses that there are.
    pub(super) fn given_back(&self) -> Option<i64> {
        self.dims.iter().try_fold(0_i64, |sum, dim| {
            let all = dim.price.checked_mul(PARTS * (i64::from(dim.size) - 1))?;
            sum.checked_add(all).filter(|sum| *sum < 1 << 60)
        })
    }

    /// Whether it counts that far.
    pub(super) fn is_within(&self, dim: usize, value: i16) -> bool {
        u16::try_from(value).is_ok_and(|value| value < self.dims[dim].size)
    }

    /// By how much each difference moves by some counts, where complete groups are set aside.
    pub(super) fn drift(&self, sums: &BTreeMap<(u16, u16), i32>) -> Vec<i16> {
        let mut drift = vec![0; self.dims.len()];
        for (deal, track) in &self.tracks {
            let of = |slot: u16| sums.get(&(*deal, slot)).copied().unwrap_or(0);
            let groups = of(0).div_euclid(track.residue.map_or(1, |(_, count)| count.into()));
            for (slot, (dim, count)) in (1..).zip(&track.differences) {
                let is_all = self.dims[*dim].is_all;
                drift[*dim] = if is_all { 0 } else { small(of(slot) - groups * i32::from(*count)) };
            }
        }
        drift
    }

    /// Adds the dimensions that some counts move.
    pub(super) fn touched(&self, counts: &[Count], touched: &mut Vec<usize>) {
        let mut add = |dim: usize| {
            if let Err(at) = touched.binary_search(&dim) {
                touched.insert(at, dim);
            }
        };
        for track in counts.iter().filter_map(|(deal, ..)| self.tracks.get(deal)) {
            track.residue.iter().for_each(|(dim, _)| add(*dim));
            track.differences.iter().for_each(|(dim, _)| add(*dim));
            track.tiers.iter().for_each(|(dim, _)| add(*dim));
            track.uses.iter().for_each(|(dim, _)| add(*dim));
            track.class.iter().for_each(|(dim, _)| add(*dim));
        }
    }

    /// Counts a way; whether limits, classes and tiers allow it. Differences may leave what is
    /// counted.
    pub(super) fn advance(&self, counts: &[Count], values: &mut [i16]) -> bool {
        let mut rest = counts;
        while let Some((deal, ..)) = rest.first() {
            let end = rest.iter().position(|(other, ..)| other != deal).unwrap_or(rest.len());
            let (own, others) = rest.split_at(end);
            rest = others;
            let track = self.tracks.get(deal);
            if !track.is_none_or(|track| self.advance_one(track, own, values)) {
                return false;
            }
        }
        true
    }

    fn advance_one(&self, track: &Track, own: &[Count], values: &mut [i16]) -> bool {
        let of = |place: usize| {
            own.iter()
                .find(|(_, slot, _)| usize::from(*slot) == place)
                .map_or(0, |(.., n)| i32::from(*n))
        };
        let uses;
        if let Some((dim, needs)) = &track.tiers {
            // Only one tier of a promotion is used.
            let [(_, tier, count)] = own else { return false };
            let before: i16 = needs[..usize::from(*tier)].iter().sum();
            let need = needs[usize::from(*tier)];
            let value = match values[*dim] {
                0 => 0,
                value if (before + 1..=before + need).contains(&value) => value - before,
                _ => return false,
            };
            values[*dim] = before + value.saturating_add(*count).min(need);
            uses = i32::from(*count);
        } else if !track.is_group {
            uses = own.iter().map(|(.., count)| i32::from(*count)).sum();
        } else {
            let mut first = of(0);
            if let Some((dim, count)) = track.residue {
                let now = i32::from(values[dim]) + first;
                values[dim] = small(now.rem_euclid(count.into()));
                first = now.div_euclid(count.into());
            }
            uses = first;
            for (slot, (dim, count)) in track.differences.iter().enumerate() {
                let now = i32::from(values[*dim]) + of(slot + 1) - first * i32::from(*count);
                values[*dim] = small(now);
            }
        }
        for (dim, cost) in &track.uses {
            let now = i32::from(values[*dim]) + i32::from(*cost) * uses;
            match i16::try_from(now) {
                Ok(now) if self.is_within(*dim, now) => values[*dim] = now,
                _ => return false,
            }
        }
        if let Some((dim, member)) = track.class {
            if ![0, member].contains(&values[dim]) {
                return false;
            }
            values[dim] = member;
        }
        true
    }

    /// Every deal that has dimensions of its own, and which.
    pub(super) fn counted(&self) -> Vec<(u16, Vec<usize>)> {
        let own = self.tracks.iter().map(|(deal, track)| {
            let mut dims: Vec<usize> = track.residue.iter().map(|(dim, _)| *dim).collect();
            dims.extend(track.differences.iter().map(|(dim, _)| *dim));
            dims.extend(track.tiers.iter().map(|(dim, _)| *dim));
            (*deal, dims)
        });
        own.filter(|(_, dims)| !dims.is_empty()).collect()
    }

    /// Every deal with more than one slot, with how many units a group has in each.
    pub(super) fn slots(&self) -> Vec<(u16, Vec<i16>)> {
        let all = self.tracks.iter().filter(|(_, track)| !track.differences.is_empty());
        let slots = all.map(|(deal, track)| {
            let first = track.residue.map_or(1, |(_, count)| count);
            let others = track.differences.iter().map(|(_, count)| *count);
            (*deal, std::iter::once(first).chain(others).collect())
        });
        slots.collect()
    }
}

/// A number as far as it is counted; far beyond all that is counted where it is larger.
fn small(number: i32) -> i16 {
    i16::try_from(number).unwrap_or(i16::MIN)
}
