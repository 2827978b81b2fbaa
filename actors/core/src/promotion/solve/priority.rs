//! One promotion after another, each takes what it can: by the retailer's priority, and as a
//! start for a search.

use std::cmp::Reverse;

use super::Budget;
use super::finish::{Answer, Choice, Finish};
use super::fit::units_by_taker;
use super::orders::Step;
use super::problem::{Problem, spend_of};
use super::settle::{Settled, Taken};
use crate::MoneyError;
use crate::promotion::rule::{Each, Group, Rule};

/// The combination that the priorities of a set make.
pub(super) fn by_priority(problem: &Problem) -> Result<Option<Answer>, MoneyError> {
    let mut finish = Finish::new(problem);
    let mut choice = problem.untouched();
    let of = |offer: &u16| problem.offer(*offer).promotion.priority;
    let mut takers = problem.takers.clone();
    takers.sort_by_key(of);
    let units = units_by_taker(problem);
    for offer in takers {
        let room = finish.room(&choice, offer);
        if room > 0 {
            take(&mut finish, &mut choice, (offer, &units[usize::from(offer)]), room)?;
        }
    }
    finish.begin(&choice);
    for top in &problem.tops {
        if finish.room(&choice, *top) > 0 {
            finish.put(&choice, *top)?;
        }
    }
    let mut orders = problem.orders.clone();
    orders.sort_by_key(of);
    finish.order_by_priority(&choice, &orders)?;
    Ok(finish.best)
}

/// Completes a good combination that is quickly found: the promotion that takes most off for each
/// of its units first, each as often as it can.
pub(super) fn greedy(finish: &mut Finish, budget: &mut Budget) -> Result<(), MoneyError> {
    let problem = finish.problem;
    let mut choice = problem.untouched();
    finish.begin(&choice);
    let units = units_by_taker(problem);
    let mut takers: Vec<(Reverse<i64>, u16)> = Vec::new();
    for offer in &problem.takers {
        let room = finish.room(&choice, *offer);
        let ways = attempts(problem, &choice, (*offer, &units[usize::from(*offer)]), room)?;
        let each = ways.iter().map(|(taken, settled)| {
            let off: i64 = settled.reductions.iter().sum();
            off / i64::try_from(taken.len().max(1)).unwrap_or(i64::MAX)
        });
        takers.push((Reverse(each.max().unwrap_or(0)), *offer));
    }
    takers.sort_unstable();
    for (_, offer) in takers {
        let room = finish.room(&choice, offer);
        if room > 0 {
            take(finish, &mut choice, (offer, &units[usize::from(offer)]), room)?;
        }
    }
    finish.complete(&choice, budget)
}

/// The ways in which an offer may take the dearest of its units that are left.
fn attempts(
    problem: &Problem,
    choice: &Choice,
    (offer, own): (u16, &[Taken]),
    room: u32,
) -> Result<Vec<Attempt>, MoneyError> {
    let is_left = |taken: &&Taken| choice.takers[taken.0 as usize].is_none();
    let left: Vec<Taken> = own.iter().filter(is_left).copied().collect();
    match &problem.offer(offer).promotion.rule {
        Rule::Each(each) => Ok(units(problem, offer, &left, (each, room))),
        Rule::Group(group) => groups(problem, choice, (offer, &left), (group, room)),
        _ => Ok(Vec::new()),
    }
}

/// Lets an offer take the dearest of its units that are left, as many as it can.
fn take(
    finish: &mut Finish,
    choice: &mut Choice,
    (offer, own): (u16, &[Taken]),
    room: u32,
) -> Result<(), MoneyError> {
    let problem = finish.problem;
    let mut ways = attempts(problem, choice, (offer, own), room)?;
    // The one that takes most off; where something has to be spent besides, the first that is.
    ways.sort_by_key(|(_, settled)| Reverse(settled.reductions.iter().sum::<i64>()));
    let is_asked = |(offer, _): &(u16, u32)| spend_of(problem.offer(*offer)).is_some();
    for (taken, settled) in ways {
        for ((unit, slot), off) in taken.iter().zip(&settled.reductions) {
            choice.takers[*unit as usize] = Some((offer, *slot));
            choice.reductions[*unit as usize] = *off;
        }
        choice.uses.push((offer, settled.uses));
        // Neither its own nor that of one before it may be missing now.
        if !choice.uses.iter().any(is_asked) {
            return Ok(());
        }
        finish.begin(choice);
        if finish.is_spent(choice)? {
            return Ok(());
        }
        choice.uses.pop();
        for (unit, _) in &taken {
            choice.takers[*unit as usize] = None;
            choice.reductions[*unit as usize] = 0;
        }
    }
    Ok(())
}

type Attempt = (Vec<Taken>, Settled);

/// By each tier, and where something has to be spent by each number of units.
fn units(problem: &Problem, offer: u16, own: &[Taken], (each, room): (&Each, u32)) -> Vec<Attempt> {
    let mut ways = Vec::new();
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    for tier in &each.tiers {
        let mut left = problem.offer(offer).left.money;
        let mut taken: Vec<Taken> = Vec::new();
        let mut reductions = Vec::new();
        for (unit, slot) in own {
            let off = problem.award_of(*unit, tier.award).min(left);
            if off > 0 && taken.len() < room {
                taken.push((*unit, *slot));
                reductions.push(off);
                left -= off;
            }
        }
        let fewest = match &each.spend {
            Some(spend) if spend.is_repeatable => tier.from.max(1),
            _ => tier.from.max(u32::try_from(taken.len()).unwrap_or(u32::MAX)).max(1),
        };
        while let Some(uses) = u32::try_from(taken.len()).ok().filter(|uses| *uses >= fewest) {
            ways.push((taken.clone(), Settled { uses, reductions: reductions.clone() }));
            taken.pop();
            reductions.pop();
        }
    }
    ways
}

/// One group after another, each slot in turn with the dearest units left, until one cannot be
/// allowed; where something has to be spent by each number of groups.
fn groups(
    problem: &Problem,
    choice: &Choice,
    (offer, own): (u16, &[Taken]),
    (group, room): (&Group, u32),
) -> Result<Vec<Attempt>, MoneyError> {
    let mut items: Vec<Option<&str>> = Vec::new();
    for (unit, _) in own {
        let item = group.same_item.then(|| problem.line(*unit as usize).item.as_str());
        if !items.contains(&item) {
            items.push(item);
        }
    }
    let settle = |formed: &[Vec<Taken>]| -> Result<Option<Attempt>, MoneyError> {
        let mut taken: Vec<Taken> = formed.iter().flatten().copied().collect();
        taken.sort_unstable();
        let is_own = |unit: usize| {
            let number = u32::try_from(unit).unwrap_or(u32::MAX);
            taken.binary_search_by_key(&number, |(unit, _)| *unit).is_ok()
        };
        let is_free = |unit: usize| choice.takers[unit].is_none() && !is_own(unit);
        let settled = problem.settle(offer, &taken, &is_free)?.into_iter().next();
        let settled = settled.filter(|settled| settled.uses <= room);
        Ok(settled.map(|settled| (taken, settled)))
    };
    let mut formed: Vec<Vec<Taken>> = Vec::new();
    let mut ways: Vec<Attempt> = Vec::new();
    for item in items {
        let is_its = |taken: &&Taken| {
            item.is_none_or(|item| problem.line(taken.0 as usize).item.as_str() == item)
        };
        let its: Vec<Taken> = own.iter().filter(is_its).copied().collect();
        let before = formed.len();
        formed.extend(in_turn(group, &its));
        // Halved until as many are left as can be allowed.
        let (mut good, mut bad) = (before, formed.len() + 1);
        while bad - good > 1 {
            let middle = if bad > formed.len() { formed.len() } else { good + (bad - good) / 2 };
            match settle(&formed[..middle])? {
                Some(way) => {
                    good = middle;
                    ways.push(way);
                }
                None => bad = middle,
            }
            if good == formed.len() {
                break;
            }
        }
        formed.truncate(good);
    }
    let is_repeatable = group.spend.as_ref().is_some_and(|spend| spend.is_repeatable);
    if is_repeatable {
        ways.clear();
        for count in 1..=formed.len() {
            ways.extend(settle(&formed[..count])?);
        }
    } else {
        ways.drain(..ways.len().saturating_sub(1));
    }
    Ok(ways)
}

/// The groups that units make, each slot in turn with the dearest that are left.
fn in_turn(group: &Group, own: &[Taken]) -> Vec<Vec<Taken>> {
    let mut groups: Vec<Vec<Taken>> = Vec::new();
    let mut used: Vec<u32> = Vec::new();
    let mut next: Vec<usize> = vec![0; group.slots.len()];
    loop {
        let mut more: Vec<Taken> = Vec::new();
        for (number, slot) in (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable) {
            for _ in 0..slot.count {
                let at = &mut next[usize::from(number)];
                let is_it =
                    |taken: &Taken| taken.1 == number && used.binary_search(&taken.0).is_err();
                let Some(found) = own[*at..].iter().position(is_it) else { return groups };
                let taken = own[*at + found];
                *at += found + 1;
                if let Err(place) = used.binary_search(&taken.0) {
                    used.insert(place, taken.0);
                }
                more.push(taken);
            }
        }
        if more.is_empty() {
            return groups;
        }
        groups.push(more);
    }
}

impl Finish<'_, '_> {
    /// Uses promotions of orders one after another, each by the tier that takes most off, while
    /// they may be combined.
    fn order_by_priority(&mut self, choice: &Choice, orders: &[u16]) -> Result<(), MoneyError> {
        let filled = self.problem.fill(&self.amounts)?;
        let mut gross = filled.gross.clone();
        for offer in orders {
            let room = self.room(choice, *offer);
            let follows = |step: &Step| self.problem.may_follow(step.offer, *offer, &filled.counts);
            let goes = self.steps.iter().all(follows);
            if room == 0 || !goes {
                continue;
            }
            let mut best = None;
            for tier in self.problem.reached(*offer, &filled)? {
                let mut left = gross.clone();
                if let Some(step) = self.problem.take(*offer, tier, room, &mut left)?
                    && best
                        .as_ref()
                        .is_none_or(|(best, _): &(Step, Vec<i64>)| best.amount < step.amount)
                {
                    best = Some((step, left));
                }
            }
            if let Some((step, left)) = best {
                self.steps.push(step);
                gross = left;
            }
        }
        self.compare(choice, &filled, &gross)?;
        Ok(())
    }
}
