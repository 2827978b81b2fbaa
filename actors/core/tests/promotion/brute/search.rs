//! Every taker for every unit, and the best of what follows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use store_core::promotion::rule::{Basis, Rule};

use super::arithmetic::{Set, compare_lists, has, places};
use super::basket::{Basket, Live};
use super::items::{Plan, leaves_a_dearer_one, plans};
use super::on_top;
use super::orders::{Priced, Step};

/// A promotion's place in [`Basket::live`] and one of its slots.
pub type Taker = (usize, usize);

/// A choice and what it comes to.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    pub total: i64,
    pub limited_uses: i64,
    pub points: i64,
    /// Promotions used, as places in [`Basket::live`].
    pub used: Set,
    /// Points of the member's that it costs.
    pub cost_points: i64,
    /// By unit.
    pub takers: &'a [Option<Taker>],
    /// What promotions of items, those on top last, are used for.
    pub items: &'a [Uses],
    /// The basket after these.
    pub priced: &'a Priced<'a>,
    /// Promotions of orders.
    pub steps: &'a [Step],
}

/// The best choice.
#[derive(Clone, Debug)]
pub struct Best {
    pub total: i64,
    pub limited_uses: i64,
    pub points: i64,
    pub used: Set,
    pub cost_points: i64,
    pub takers: Vec<Option<Taker>>,
}

impl Choice<'_> {
    fn keep(&self) -> Best {
        Best {
            total: self.total,
            limited_uses: self.limited_uses,
            points: self.points,
            used: self.used,
            cost_points: self.cost_points,
            takers: self.takers.to_vec(),
        }
    }

    /// The page's order.
    fn compare(&self, other: &Best, basket: &Basket) -> Ordering {
        let ours = (self.total, self.limited_uses, -self.points, self.used.count_ones());
        let theirs = (other.total, other.limited_uses, -other.points, other.used.count_ones());
        let takers = |takers| takers_in_order(takers, basket);
        ours.cmp(&theirs)
            .then_with(|| compare_lists(self.used, other.used))
            .then_with(|| takers(self.takers).cmp(&takers(&other.takers)))
    }
}

/// The takers of the units by item, price, line; none comes last.
fn takers_in_order(takers: &[Option<Taker>], basket: &Basket) -> Vec<usize> {
    let mut order: Vec<usize> = (0..basket.units.len()).collect();
    let key = |&place: &usize| {
        let unit = &basket.units[place];
        (&unit.item, unit.price, unit.number, unit.place)
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order.iter().map(|&place| takers[place].map_or(usize::MAX, |(live, _)| live)).collect()
}

/// The best of all allowed choices.
pub fn best(basket: &Basket) -> Best {
    let mut best: Option<Best> = None;
    Search::new(basket).each_choice(&mut |choice| {
        if best.as_ref().is_none_or(|best| choice.compare(best, basket).is_lt()) {
            best = Some(choice.keep());
        }
    });
    best.unwrap()
}

/// Looks at every allowed choice.
pub struct Search<'a> {
    basket: &'a Basket<'a>,
    /// Who may take each unit.
    options: Vec<Vec<Option<Taker>>>,
    on_top: Vec<Vec<usize>>,
    /// What each promotion makes of the units that it takes.
    plans: BTreeMap<(usize, Vec<Set>), Vec<Plan>>,
}

impl<'a> Search<'a> {
    pub fn new(basket: &'a Basket<'a>) -> Self {
        let options = (0..basket.units.len()).map(|unit| options(basket, unit)).collect();
        Self { basket, options, on_top: on_top::each_subset(basket), plans: BTreeMap::new() }
    }

    /// How many takers would be tried if nothing spared any, about.
    pub fn size(&self) -> u64 {
        self.options.iter().map(|options| options.len() as u64).product()
    }

    pub fn each_choice(&mut self, visit: &mut dyn FnMut(&Choice)) {
        let taken = self.basket.live.iter().map(|live| vec![0; live.slots.len()]).collect();
        self.choose_taker(&mut Vec::new(), taken, visit);
    }

    fn choose_taker(
        &mut self,
        chosen: &mut Vec<usize>,
        mut taken: Vec<Vec<Set>>,
        visit: &mut dyn FnMut(&Choice),
    ) {
        let unit = chosen.len();
        if unit == self.options.len() {
            self.complete(&taken, visit);
            return;
        }
        // Units that nothing tells apart: one order of their takers stands for all.
        let is_alike = unit > 0 && self.basket.are_alike(unit - 1, unit);
        let first = if is_alike { chosen[unit - 1] } else { 0 };
        for option in first..self.options[unit].len() {
            chosen.push(option);
            match self.options[unit][option] {
                None => self.choose_taker(chosen, taken.clone(), visit),
                Some((live, slot)) => {
                    taken[live][slot] |= 1 << unit;
                    if self.is_within_limits(&taken, live, slot) {
                        self.choose_taker(chosen, taken.clone(), visit);
                    }
                    taken[live][slot] &= !(1 << unit);
                }
            }
            chosen.pop();
        }
    }

    /// Whether a slot has no more units than the promotion's uses, and the promotion may be used
    /// beside the others that took something.
    fn is_within_limits(&self, taken: &[Vec<Set>], place: usize, slot: usize) -> bool {
        let live = &self.basket.live[place];
        let each = match &live.promotion.rule {
            Rule::Group(group) => i64::from(group.slots[slot].count),
            _ => 1,
        };
        let units = i64::from(taken[place][slot].count_ones());
        let used = used(taken);
        units <= live.uses_left.saturating_mul(each) && may_go_together(self.basket, used)
    }

    /// Looks at every choice in which these units are taken, by promotion and slot.
    pub fn complete(&mut self, taken: &[Vec<Set>], visit: &mut dyn FnMut(&Choice)) {
        let used: Vec<usize> = places(used(taken)).collect();
        let everything = taken.iter().flatten().fold(0, |all, slot| all | slot);
        let free = self.basket.everything() & !everything;
        let mut ways: Vec<Vec<Plan>> = Vec::new();
        for &place in &used {
            let live = &self.basket.live[place];
            if leaves_a_dearer_one(self.basket, live, &taken[place], free) {
                return;
            }
            let key = (place, taken[place].clone());
            let plans =
                self.plans.entry(key).or_insert_with(|| plans(self.basket, live, &taken[place]));
            if plans.is_empty() {
                return;
            }
            ways.push(plans.clone());
        }
        let stage = Stage { basket: self.basket, taken, used: &used };
        for plans in combinations(&ways) {
            for on_top in &self.on_top {
                stage.price(&plans, on_top, visit);
            }
        }
    }
}

/// Every way to take one of each list.
fn combinations(ways: &[Vec<Plan>]) -> Vec<Vec<&Plan>> {
    let mut all = vec![Vec::new()];
    for plans in ways {
        let mut longer = Vec::new();
        for begun in &all {
            for plan in plans {
                longer.push([begun.as_slice(), &[plan]].concat());
            }
        }
        all = longer;
    }
    all
}

fn used(taken: &[Vec<Set>]) -> Set {
    let is_used = |slots: &Vec<Set>| slots.iter().any(|slot| *slot != 0);
    taken.iter().enumerate().fold(0, |set, (place, slots)| set | Set::from(is_used(slots)) << place)
}

/// Whether neither an exclusive one nor two of a class are in a set of promotions.
fn may_go_together(basket: &Basket, used: Set) -> bool {
    let used: Vec<&Live> = places(used).map(|place| &basket.live[place]).collect();
    let classes: Vec<&str> =
        used.iter().filter_map(|live| live.promotion.class.as_deref()).collect();
    let is_twice = |class: &&str| classes.iter().filter(|other| *other == class).count() > 1;
    let is_alone = used.len() <= 1 || !used.iter().any(|live| live.is_exclusive());
    is_alone && !classes.iter().any(is_twice)
}

/// Who may take a unit: by promotion, then slot; nobody last.
fn options(basket: &Basket, unit: usize) -> Vec<Option<Taker>> {
    let mut options = Vec::new();
    for (place, live) in basket.live.iter().enumerate() {
        let slots: Vec<bool> = match &live.promotion.rule {
            Rule::Each(_) if !live.is_on_top() => vec![true],
            Rule::Group(group) => group.slots.iter().map(|slot| !slot.reusable).collect(),
            _ => Vec::new(),
        };
        for (slot, takes) in slots.into_iter().enumerate() {
            if takes && has(live.slots[slot], unit) && !basket.units[unit].is_fixed {
                options.push(Some((place, slot)));
            }
        }
    }
    options.push(None);
    options
}

/// A choice of takers.
struct Stage<'a> {
    basket: &'a Basket<'a>,
    taken: &'a [Vec<Set>],
    used: &'a [usize],
}

impl Stage<'_> {
    fn price(&self, plans: &[&Plan], on_top: &[usize], visit: &mut dyn FnMut(&Choice)) {
        let basket = self.basket;
        let used = self.used.iter().chain(on_top).fold(0, |set, place| set | 1 << place);
        if !may_go_together(basket, used) {
            return;
        }
        let takers = self.takers();
        let Some((amounts, uses)) = self.uses(plans, on_top, &takers) else {
            return;
        };
        let cost: i64 = uses.iter().map(|one| basket.live[one.live].cost() * one.uses).sum();
        if cost > basket.points || !uses.iter().all(|one| self.is_spent(one, &amounts)) {
            return;
        }
        let priced = Priced::new(basket, &amounts);
        let may_use = |steps: &[Step], place: usize| {
            let with = steps.iter().fold(used, |set, step| set | 1 << step.live);
            may_go_together(basket, with | 1 << place)
        };
        priced.each_sequence(basket.points - cost, &may_use, &mut |steps, left| {
            let of_orders = steps.iter().map(|step| (step.live, step.uses));
            let all = uses.iter().map(|one| (one.live, one.uses)).chain(of_orders);
            let limited = all.clone().filter(|(place, _)| basket.live[*place].is_limited);
            visit(&Choice {
                total: left.iter().sum(),
                limited_uses: limited.map(|(_, uses)| uses).sum(),
                points: priced.points(left),
                used: all.clone().fold(0, |set, (place, _)| set | 1 << place),
                cost_points: all.map(|(place, uses)| basket.live[place].cost() * uses).sum(),
                takers: &takers,
                items: &uses,
                priced: &priced,
                steps,
            });
        });
    }

    fn takers(&self) -> Vec<Option<Taker>> {
        let mut takers = vec![None; self.basket.units.len()];
        for (place, slots) in self.taken.iter().enumerate() {
            for (slot, units) in slots.iter().enumerate() {
                places(*units).for_each(|unit| takers[unit] = Some((place, slot)));
            }
        }
        takers
    }

    /// What the units cost after stage 1 and those on top, if all of these take something off; and
    /// what each is used for.
    fn uses(
        &self,
        plans: &[&Plan],
        on_top: &[usize],
        takers: &[Option<Taker>],
    ) -> Option<(Vec<i64>, Vec<Uses>)> {
        let mut amounts: Vec<i64> = self.basket.units.iter().map(|unit| unit.price).collect();
        let mut uses = Vec::new();
        let take_off = |reductions: &[i64], amounts: &mut [i64]| {
            amounts.iter_mut().zip(reductions).for_each(|(amount, less)| *amount -= less);
        };
        for (&live, plan) in self.used.iter().zip(plans) {
            let units = self.taken[live].iter().fold(0, |all, slot| all | slot);
            let reductions = plan.reductions.clone();
            take_off(&reductions, &mut amounts);
            uses.push(Uses { live, uses: plan.uses, units, reductions });
        }
        let mut open = 0;
        for (unit, taker) in takers.iter().enumerate() {
            let lets = taker.is_none_or(|(place, _)| self.basket.live[place].goes_with_others());
            open |= Set::from(lets && !self.basket.units[unit].is_fixed) << unit;
        }
        for &live in on_top {
            let promotion = &self.basket.live[live];
            let reductions = on_top::reductions(self.basket, promotion, open, &amounts)?;
            take_off(&reductions, &mut amounts);
            let lowered = reductions.iter().enumerate();
            let units = lowered.fold(0, |set, (unit, less)| set | Set::from(*less > 0) << unit);
            uses.push(Uses { live, uses: 1, units, reductions });
        }
        Some((amounts, uses))
    }

    /// Whether enough is spent, beside the units that it took, for a promotion of items.
    fn is_spent(&self, of: &Uses, amounts: &[i64]) -> bool {
        let Some((spend, units)) = self.basket.live[of.live].spend else {
            return true;
        };
        let with_tax = spend.basis == Basis::AfterTax;
        let spent = self.basket.measure(units & !of.units, amounts, with_tax);
        let times = if spend.is_repeatable { of.uses } else { 1 };
        spent >= spend.amount.saturating_mul(times)
    }
}

/// What a promotion of items is used for.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Its place in [`Basket::live`].
    pub live: usize,
    pub uses: i64,
    /// The units that it took, or on top lowered.
    pub units: Set,
    /// By unit.
    pub reductions: Vec<i64>,
}
