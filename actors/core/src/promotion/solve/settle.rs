//! What a promotion of items takes off the units that were chosen for it, if they may be chosen.

use std::collections::BTreeMap;

use super::problem::{Problem, fits};
use crate::MoneyError;
use crate::promotion::arith::{percent_of, shared, taken_off};
use crate::promotion::rule::{CarriedBy, Favour, Group, GroupAward, Rule, UnitAward};
use crate::promotion::select::Offer;

/// A unit and the slot that takes it.
pub(super) type Taken = (u32, u16);

/// A promotion's units as they come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) uses: u32,
    /// What is taken off each unit, in the order of the units.
    pub(super) reductions: Vec<i64>,
}

/// A group of a promotion, as places among its units, dearest first.
type Members = Vec<usize>;

impl Problem<'_> {
    /// Every way in which an offer may lower exactly these units, dearest first.
    pub(super) fn settle(
        &self,
        place: u16,
        taken: &[Taken],
        is_free: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<Settled>, MoneyError> {
        let offer = self.offer(place);
        match &offer.promotion.rule {
            Rule::Each(each) => {
                let count = u32::try_from(taken.len()).map_err(|_| MoneyError::TooLarge)?;
                let reached = each.tiers.iter().filter(|tier| tier.from <= count);
                let ways = reached.filter_map(|tier| self.each(offer, taken, tier.award));
                Ok(ways.collect())
            }
            Rule::Group(group) if self.favours(offer, group, taken, is_free) => {
                Ok(self.group(offer, group, taken)?.into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// What an award takes off a unit that nothing has lowered yet.
    pub(super) fn award_of(&self, unit: u32, award: UnitAward) -> i64 {
        let unit = &self.units[unit as usize];
        taken_off(award, unit.price, unit.thousandths)
    }

    fn each(&self, offer: &Offer, taken: &[Taken], award: UnitAward) -> Option<Settled> {
        let uses = u32::try_from(taken.len()).ok().filter(|uses| *uses <= offer.left.uses)?;
        let mut reductions: Vec<i64> =
            taken.iter().map(|(unit, _)| self.award_of(*unit, award)).collect();
        cut(&mut reductions, offer.left.money);
        reductions.iter().all(|off| *off > 0).then_some(Settled { uses, reductions })
    }

    /// Whether the retailer's favour, where the promotion has it, allows the units.
    fn favours(
        &self,
        offer: &Offer,
        group: &Group,
        taken: &[Taken],
        is_free: &dyn Fn(usize) -> bool,
    ) -> bool {
        if group.favour == Favour::Customer {
            return true;
        }
        (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable).all(|(slot, _)| {
            let Some((cheapest, _)) = taken.iter().rev().find(|(_, by)| *by == slot) else {
                return true;
            };
            let cheapest = self.units[*cheapest as usize].price;
            let dearer = self.units.iter().take_while(|unit| unit.price > cheapest);
            dearer.enumerate().all(|(place, unit)| {
                unit.is_fixed || !fits(offer, usize::from(slot), unit.line) || !is_free(place)
            })
        })
    }

    fn group(
        &self,
        offer: &Offer,
        group: &Group,
        taken: &[Taken],
    ) -> Result<Option<Settled>, MoneyError> {
        let mut parts: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (place, (unit, _)) in taken.iter().enumerate() {
            let item = group.same_item.then(|| self.line(*unit as usize).item.as_str());
            parts.entry(item).or_default().push(place);
        }
        let mut uses = 0_u32;
        let mut reductions = vec![0; taken.len()];
        let mut groups: Vec<Members> = Vec::new();
        for (item, places) in parts {
            let Some(formed) = self.form(offer, group, taken, &places, item) else {
                return Ok(None);
            };
            uses += u32::try_from(formed.len()).map_err(|_| MoneyError::TooLarge)?;
            if !self.lower(group, taken, &formed, &mut reductions)? {
                return Ok(None);
            }
            groups.extend(formed);
        }
        if uses == 0 || uses > offer.left.uses {
            return Ok(None);
        }
        if cut(&mut reductions, offer.left.money) {
            let kept = |members: &Members| members.iter().any(|place| reductions[*place] > 0);
            let is_kept = match group.favour {
                Favour::Customer => groups.iter().all(kept),
                Favour::Retailer => groups.iter().any(kept),
            };
            if !is_kept {
                return Ok(None);
            }
        }
        Ok(Some(Settled { uses, reductions }))
    }

    /// Puts units together into groups, the dearest of each slot first.
    fn form(
        &self,
        offer: &Offer,
        group: &Group,
        taken: &[Taken],
        places: &[usize],
        item: Option<&str>,
    ) -> Option<Vec<Members>> {
        let mut count = None;
        let mut groups: Vec<Members> = Vec::new();
        for (number, slot) in (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable) {
            let needs = usize::try_from(slot.count).ok().filter(|needs| *needs > 0)?;
            let own: Members =
                places.iter().copied().filter(|place| taken[*place].1 == number).collect();
            let formed = own.len() / needs;
            if !own.len().is_multiple_of(needs) || *count.get_or_insert(formed) != formed {
                return None;
            }
            groups.resize(formed, Vec::new());
            for (members, own) in groups.iter_mut().zip(own.chunks(needs)) {
                members.extend(own);
            }
        }
        for members in &mut groups {
            members.sort_unstable();
        }
        let is_there =
            (0_u16..).zip(&group.slots).filter(|(_, slot)| slot.reusable).all(|(number, slot)| {
                let fits = |unit: usize| {
                    fits(offer, usize::from(number), self.units[unit].line)
                        && item.is_none_or(|item| self.line(unit).item.as_str() == item)
                };
                let all = (0..self.units.len()).filter(|unit| fits(*unit)).count();
                let own = places.iter().filter(|place| fits(taken[**place].0 as usize)).count();
                let needs = u64::from(slot.count).saturating_mul(groups.len() as u64);
                (all - own) as u64 >= needs
            });
        (is_there && !groups.is_empty()).then_some(groups)
    }

    /// Lowers the units of some groups; says whether each of them is reduced.
    fn lower(
        &self,
        group: &Group,
        taken: &[Taken],
        groups: &[Members],
        reductions: &mut [i64],
    ) -> Result<bool, MoneyError> {
        let is_pooled = group.favour == Favour::Retailer;
        if let (true, GroupAward::Cheapest { count, award }) = (is_pooled, group.award) {
            let mut all: Members = groups.iter().flatten().copied().collect();
            all.sort_unstable();
            let awarded = usize::try_from(count).unwrap_or(usize::MAX);
            let awarded = awarded.saturating_mul(groups.len()).min(all.len());
            for place in &all[all.len() - awarded..] {
                reductions[*place] = self.award_of(taken[*place].0, award);
            }
        } else {
            for members in groups {
                self.lower_one(group, taken, members, reductions)?;
            }
        }
        let sums = groups.iter().map(|members| members.iter().map(|at| reductions[*at]).sum());
        let sums: Vec<i64> = sums.collect();
        let is_reduced = match (is_pooled, group.award) {
            (true, GroupAward::Cheapest { .. }) => sums.iter().any(|sum| *sum > 0),
            _ => sums.iter().all(|sum| *sum > 0),
        };
        if is_reduced && group.carried_by == CarriedBy::All {
            for (members, sum) in groups.iter().zip(sums) {
                self.share(taken, members, sum, reductions)?;
            }
        }
        Ok(is_reduced)
    }

    fn lower_one(
        &self,
        group: &Group,
        taken: &[Taken],
        members: &[usize],
        reductions: &mut [i64],
    ) -> Result<(), MoneyError> {
        let price = |place: &usize| self.units[taken[*place].0 as usize].price;
        let sum: i64 = members.iter().map(price).sum();
        let some = |count: u32| usize::try_from(count).unwrap_or(usize::MAX).min(members.len());
        let (awarded, award) = match group.award {
            GroupAward::Price(price) => {
                return self.share(taken, members, (sum - price.max(0)).max(0), reductions);
            }
            GroupAward::AmountOff(off) => {
                return self.share(taken, members, off.clamp(0, sum), reductions);
            }
            GroupAward::PercentOff(percent) => {
                for place in members {
                    reductions[*place] = percent_of(price(place), percent);
                }
                return Ok(());
            }
            GroupAward::BySlot => {
                for place in members {
                    let (unit, slot) = taken[*place];
                    let award = group.slots.get(usize::from(slot)).and_then(|slot| slot.award);
                    reductions[*place] = award.map_or(0, |award| self.award_of(unit, award));
                }
                return Ok(());
            }
            GroupAward::Cheapest { count, award } => {
                (&members[members.len() - some(count)..], award)
            }
            GroupAward::Dearest { count, award } => (&members[..some(count)], award),
        };
        for place in awarded {
            reductions[*place] = self.award_of(taken[*place].0, award);
        }
        Ok(())
    }

    fn share(
        &self,
        taken: &[Taken],
        members: &[usize],
        amount: i64,
        reductions: &mut [i64],
    ) -> Result<(), MoneyError> {
        let weights: Vec<i64> =
            members.iter().map(|place| self.units[taken[*place].0 as usize].price).collect();
        let parts = shared(amount, &weights, self.goods.currency)?;
        for (place, part) in members.iter().zip(parts) {
            reductions[*place] = part;
        }
        Ok(())
    }
}

/// Cuts reductions where their sum reaches a ceiling; says whether anything was cut.
pub(super) fn cut(reductions: &mut [i64], most: i64) -> bool {
    let mut left = most;
    let mut is_cut = false;
    for off in reductions {
        is_cut |= *off > left;
        *off = (*off).min(left);
        left -= *off;
    }
    is_cut
}
