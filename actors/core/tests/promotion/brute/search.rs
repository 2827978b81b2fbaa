//! Every taker for every unit, and the best of what follows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use store_core::promotion::rule::{Basis, Combine, Rule};

use super::arithmetic::{Set, compare_lists, has, places};
use super::basket::{Basket, Live};
use super::items::{Plan, leaves_a_dearer_one, plans};
use super::on_top;
use super::orders::{Priced, Step};

/// A promotion's place in [`Basket::live`] and one of its slots.
pub type Taker = (usize, usize);

/// A choice and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    pub total: i64,
    pub limited_uses: i64,
    pub points: i64,
    /// Promotions used, as places in [`Basket::live`].
    pub used: Set,
    /// By unit.
    pub takers: Vec<Option<Taker>>,
    /// Those on top, in their order.
    pub on_top: Vec<usize>,
    /// The units' amounts after stage 1.
    pub amounts: Vec<i64>,
    pub steps: Vec<Step>,
    /// Points of the member's that it costs.
    pub cost_points: i64,
}

impl Best {
    /// The page's order.
    fn compare(&self, other: &Self, basket: &Basket) -> Ordering {
        let key = |one: &Self| (one.total, one.limited_uses, -one.points, one.used.count_ones());
        key(self)
            .cmp(&key(other))
            .then_with(|| compare_lists(self.used, other.used))
            .then_with(|| takers_in_order(self, basket).cmp(&takers_in_order(other, basket)))
    }
}

/// The takers of the units by item, price, line; none comes last.
fn takers_in_order(best: &Best, basket: &Basket) -> Vec<usize> {
    let mut order: Vec<usize> = (0..basket.units.len()).collect();
    let key = |&place: &usize| {
        let unit = &basket.units[place];
        (&unit.item, unit.price, unit.number, unit.place)
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order.iter().map(|&place| best.takers[place].map_or(usize::MAX, |(live, _)| live)).collect()
}

/// The best of all allowed choices.
pub fn best(basket: &Basket) -> Best {
    let mut best: Option<Best> = None;
    Search::new(basket).each_choice(&mut |choice| {
        if best.as_ref().is_none_or(|best| choice.compare(best, basket).is_lt()) {
            best = Some(choice.clone());
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

    pub fn each_choice(&mut self, visit: &mut dyn FnMut(&Best)) {
        let taken = self.basket.live.iter().map(|live| vec![0; live.slots.len()]).collect();
        self.choose_taker(&mut Vec::new(), taken, visit);
    }

    fn choose_taker(
        &mut self,
        chosen: &mut Vec<usize>,
        mut taken: Vec<Vec<Set>>,
        visit: &mut dyn FnMut(&Best),
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
    pub fn complete(&mut self, taken: &[Vec<Set>], visit: &mut dyn FnMut(&Best)) {
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
    !(used.len() > 1 && used.iter().any(|live| live.is_exclusive()))
        && !classes.iter().any(is_twice)
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
    fn price(&self, plans: &[&Plan], on_top: &[usize], visit: &mut dyn FnMut(&Best)) {
        let basket = self.basket;
        let used = self.used.iter().chain(on_top).fold(0, |set, place| set | 1 << place);
        if !may_go_together(basket, used) {
            return;
        }
        let Some(amounts) = self.amounts(plans, on_top) else {
            return;
        };
        let mut uses: Vec<(usize, i64)> =
            self.used.iter().zip(plans).map(|(place, plan)| (*place, plan.uses)).collect();
        uses.extend(on_top.iter().map(|place| (*place, 1)));
        if !uses.iter().all(|&(place, uses)| self.is_spent(place, uses, &amounts)) {
            return;
        }
        let sum = |uses: &mut dyn Iterator<Item = (usize, i64)>| {
            let cost =
                |place: usize| i64::try_from(basket.live[place].promotion.cost_points).unwrap();
            uses.map(|(place, uses)| cost(place) * uses).sum::<i64>()
        };
        let cost = sum(&mut uses.iter().copied());
        let priced = Priced::new(basket, &amounts);
        let may_use = |steps: &[Step], place: usize| {
            let with = steps.iter().fold(used, |set, step| set | 1 << step.live);
            may_go_together(basket, with | 1 << place)
        };
        priced.each_sequence(&may_use, &mut |steps, left| {
            let of_orders = steps.iter().map(|step| (step.live, step.uses));
            let cost = cost + sum(&mut of_orders.clone());
            if cost > basket.points {
                return;
            }
            let all = uses.iter().copied().chain(of_orders);
            let limited = all.clone().filter(|(place, _)| basket.live[*place].is_limited);
            visit(&Best {
                total: left.iter().sum(),
                limited_uses: limited.map(|(_, uses)| uses).sum(),
                points: priced.points(left),
                used: all.fold(0, |set, (place, _)| set | 1 << place),
                takers: self.takers(),
                on_top: on_top.to_vec(),
                amounts: amounts.clone(),
                steps: steps.to_vec(),
                cost_points: cost,
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

    /// What the units cost after stage 1 and those on top, if all of these take something off.
    fn amounts(&self, plans: &[&Plan], on_top: &[usize]) -> Option<Vec<i64>> {
        let mut amounts: Vec<i64> = self.basket.units.iter().map(|unit| unit.price).collect();
        for plan in plans {
            amounts.iter_mut().zip(&plan.reductions).for_each(|(amount, less)| *amount -= less);
        }
        let mut open = 0;
        for (unit, taker) in self.takers().into_iter().enumerate() {
            let lets = taker.is_none_or(|(place, _)| {
                self.basket.live[place].promotion.combine == Combine::WithOthers
            });
            open |= Set::from(lets && !self.basket.units[unit].is_fixed) << unit;
        }
        for &place in on_top {
            let live = &self.basket.live[place];
            let reductions = on_top::reductions(self.basket, live, open, &amounts)?;
            amounts.iter_mut().zip(reductions).for_each(|(amount, less)| *amount -= less);
        }
        Some(amounts)
    }

    /// Whether enough is spent for so many uses of a promotion of items.
    fn is_spent(&self, place: usize, uses: i64, amounts: &[i64]) -> bool {
        let Some((spend, units)) = self.basket.live[place].spend else {
            return true;
        };
        let own = self.taken[place].iter().fold(0, |all, slot| all | slot);
        let spent = self.basket.measure(units & !own, amounts, spend.basis == Basis::AfterTax);
        let times = if spend.is_repeatable { uses } else { 1 };
        spent >= spend.amount.saturating_mul(times)
    }
}
