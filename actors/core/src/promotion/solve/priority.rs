//! The retailer's order of priority: nothing is searched for, each promotion takes what it can.

use super::finish::{Answer, Choice, Finish};
use super::orders::Step;
use super::problem::Problem;
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
    for offer in takers {
        let room = finish.room(&choice, offer);
        if room > 0 {
            take(problem, &mut finish, &mut choice, offer, room)?;
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

/// Lets an offer take the dearest units that are left, as many as it can.
fn take(
    problem: &Problem,
    finish: &mut Finish,
    choice: &mut Choice,
    offer: u16,
    room: u32,
) -> Result<(), MoneyError> {
    let mut ways = match &problem.offer(offer).promotion.rule {
        Rule::Each(each) => units(problem, choice, offer, (each, room)),
        Rule::Group(group) => groups(problem, choice, offer, (group, room))?,
        _ => Vec::new(),
    };
    // The one that takes most off; where something has to be spent besides, the first that is.
    ways.sort_by_key(|(_, settled)| std::cmp::Reverse(settled.reductions.iter().sum::<i64>()));
    for (taken, settled) in ways {
        for ((unit, slot), off) in taken.iter().zip(&settled.reductions) {
            choice.takers[*unit as usize] = Some((offer, *slot));
            choice.reductions[*unit as usize] = *off;
        }
        choice.uses.push((offer, settled.uses));
        finish.begin(choice);
        // Neither its own nor that of one before it may be missing now.
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
fn units(
    problem: &Problem,
    choice: &Choice,
    offer: u16,
    (each, room): (&Each, u32),
) -> Vec<Attempt> {
    let mut ways = Vec::new();
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    for tier in &each.tiers {
        let mut left = problem.offer(offer).left.money;
        let mut taken: Vec<Taken> = Vec::new();
        let mut reductions = Vec::new();
        for unit in free(problem, choice, (offer, 0)) {
            let off = problem.award_of(unit, tier.award).min(left);
            if off > 0 && taken.len() < room {
                taken.push((unit, 0));
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

/// One group after another, each slot in turn with the dearest units left.
fn groups(
    problem: &Problem,
    choice: &Choice,
    offer: u16,
    (group, room): (&Group, u32),
) -> Result<Vec<Attempt>, MoneyError> {
    let mut ways: Vec<Attempt> = Vec::new();
    let mut taken: Vec<Taken> = Vec::new();
    let mut items: Vec<Option<&str>> = vec![None];
    if group.same_item {
        items.clear();
        for unit in 0..problem.units.len() {
            let item = Some(problem.line(unit).item.as_str());
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    for item in items {
        while let Some(more) = next_group(problem, choice, (offer, group), (item, &taken)) {
            let mut together: Vec<Taken> = taken.iter().copied().chain(more).collect();
            together.sort_unstable();
            let is_free = |unit: usize| {
                let is_taken = |taken: &Taken| taken.0 as usize == unit;
                choice.takers[unit].is_none() && !together.iter().any(is_taken)
            };
            let settled = problem.settle(offer, &together, &is_free)?.into_iter().next();
            let Some(settled) = settled.filter(|settled| settled.uses <= room) else { break };
            ways.push((together.clone(), settled));
            taken = together;
        }
    }
    let is_repeatable = group.spend.as_ref().is_some_and(|spend| spend.is_repeatable);
    if !is_repeatable {
        ways.drain(..ways.len().saturating_sub(1));
    }
    Ok(ways)
}

fn next_group(
    problem: &Problem,
    choice: &Choice,
    (offer, group): (u16, &Group),
    (item, taken): (Option<&str>, &[Taken]),
) -> Option<Vec<Taken>> {
    let mut more: Vec<Taken> = Vec::new();
    for (number, slot) in (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable) {
        let needs = usize::try_from(slot.count).ok()?;
        let before = more.len();
        for unit in free(problem, choice, (offer, number)) {
            let is_its = item.is_none_or(|item| problem.line(unit as usize).item.as_str() == item);
            let is_taken = taken.iter().chain(&more).any(|(other, _)| *other == unit);
            if more.len() - before < needs && is_its && !is_taken {
                more.push((unit, number));
            }
        }
        if more.len() - before < needs {
            return None;
        }
    }
    (!more.is_empty()).then_some(more)
}

/// The units that nothing has taken and that a slot of an offer may take, dearest first.
fn free(problem: &Problem, choice: &Choice, by: (u16, u16)) -> Vec<u32> {
    let units = (0_u32..).zip(&choice.takers).filter(|(_, taker)| taker.is_none());
    let units = units.filter(|(unit, _)| problem.options(*unit as usize).contains(&by));
    units.map(|(unit, _)| unit).collect()
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
                if let Some(step) = self.problem.take(*offer, tier, room, &mut left)? {
                    if best
                        .as_ref()
                        .is_none_or(|(best, _): &(Step, Vec<i64>)| best.amount < step.amount)
                    {
                        best = Some((step, left));
                    }
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
