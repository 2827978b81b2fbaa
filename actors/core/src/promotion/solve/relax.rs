//! What the promotions of items gain at most by the tables, what an order costs at least after
//! that, and the combinations that come of it.

use super::Budget;
use super::deal::{Deals, Kind};
use super::finish::{Choice, Finish};
use super::orders::OrderMost;
use super::problem::Problem;
use super::scalar::Scalar;
use super::settle::Taken;
use super::table::{Move, Range, Table};
use crate::MoneyError;
use crate::promotion::arith::minor;
use crate::promotion::rule::{Combine, GroupAward, Rule};
use crate::tax::TaxMethod;

/// The promotions of items without what couples them with the rest.
pub(super) struct Relaxation<'p, 'a> {
    problem: &'p Problem<'a>,
    /// What a minor unit less of a unit is worth, by unit; with the scale that makes it whole.
    weights: Vec<i128>,
    /// How many parts of `scale` make a minor unit of what is to pay.
    unit: i128,
    scale: i128,
    /// How many taxes are rounded.
    roundings: i128,
    scalar: Option<Scalar<'p, 'a>>,
    mosts: Vec<OrderMost>,
}

impl<'p, 'a> Relaxation<'p, 'a> {
    pub(super) fn new(problem: &'p Problem<'a>) -> Result<Option<Self>, MoneyError> {
        let Some((unit, by_tax)) = weights(problem) else { return Ok(None) };
        let scale = sizes(problem);
        let Some(scale) = scale.filter(|scale| scale.checked_mul(unit).is_some_and(is_small))
        else {
            return Ok(None);
        };
        let roundings = (problem.taxes.iter())
            .filter(|tax| tax.fraction.method == TaxMethod::Exclusive)
            .filter(|tax| !tax.rate.percent.is_zero())
            .count();
        Ok(Some(Self {
            problem,
            weights: problem.units.iter().map(|it| by_tax[it.tax]).collect(),
            unit,
            scale,
            roundings: roundings as i128,
            scalar: Scalar::new(problem)?,
            mosts: problem.order_mosts()?,
        }))
    }

    /// Completes what the tables find; what is to pay at least.
    pub(super) fn improve(
        &self,
        finish: &mut Finish<'p, 'a>,
        budget: &mut Budget,
    ) -> Result<i64, MoneyError> {
        let is_exclusive = |by: u16| self.problem.offer(by).promotion.combine == Combine::Exclusive;
        let mut least = self.improve_within(finish, &is_exclusive, budget)?;
        for only in self.problem.takers.iter().filter(|taker| is_exclusive(**taker)) {
            least = least.min(self.improve_within(finish, &|by| by != *only, budget)?);
        }
        let total = finish.best.as_ref().map_or(least, |best| best.total);
        Ok(least.min(total))
    }

    fn improve_within(
        &self,
        finish: &mut Finish<'p, 'a>,
        is_barred: &dyn Fn(u16) -> bool,
        budget: &mut Budget,
    ) -> Result<i64, MoneyError> {
        let deals = Deals::new(self.problem, &self.weights, is_barred);
        let parts = Parts::of(self.problem, &deals);
        let mut moves: Vec<Option<Move>> = vec![None; self.problem.units.len()];
        let mut gain = 0_i128;
        for unit in &parts.plain {
            if let Some((best, it)) = self.best_plain(&deals, *unit) {
                gain += best;
                moves[*unit as usize] = Some(it);
            }
        }
        for units in &parts.coupled {
            let table = self.table(&deals, units.clone());
            let (found, is_all) = table.best(Range { above: 0, most: None }, budget);
            if let Some((found, part)) = &found {
                note(&mut moves, units, part);
                gain += if is_all { *found } else { table.most() };
            } else if !is_all {
                gain += table.most();
            }
        }
        if let Some(choice) = self.choose(&deals, &moves)? {
            finish.complete(&choice, budget)?;
        }
        if deals.has_left_out || !self.problem.tops.is_empty() {
            return Ok(0);
        }
        let gross = self.gross_at_least(gain)?;
        let Some(scalar) = &self.scalar else {
            return Ok(self.problem.least_after_orders(gross, &self.mosts));
        };
        self.improve_order(finish, (&deals, &parts), scalar, gross, budget)
    }

    /// The best of a unit's moves, where nothing has to be remembered of any.
    fn best_plain(&self, deals: &Deals, unit: u32) -> Option<(i128, Move)> {
        let worth = self.weights[unit as usize] * self.scale;
        let options = deals.options[unit as usize].iter().filter_map(|(deal, slot)| {
            let Kind::Each { tiers, .. } = &deals.deals[usize::from(*deal)].kind else {
                return None;
            };
            let (_, award) = tiers.first()?;
            let off = self.problem.award_of(unit, *award);
            (off > 0).then_some((off, Move { deal: *deal, slot: *slot, tier: 0 }))
        });
        let best = options.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(off, it)| (i128::from(off) * worth, it))
    }

    /// Looks for combinations that gain less and reach what an order's promotion needs.
    fn improve_order(
        &self,
        finish: &mut Finish<'p, 'a>,
        (deals, parts): (&Deals, &Parts),
        scalar: &Scalar,
        gross: i64,
        budget: &mut Budget,
    ) -> Result<i64, MoneyError> {
        let Some(mut ways) = scalar.ways(gross, budget) else {
            return Ok(self.problem.least_after_orders(gross, &self.mosts));
        };
        let total = |finish: &Finish| finish.best.as_ref().map_or(i64::MAX, |best| best.total);
        let mut least = scalar.least(gross, &ways)?.min(gross);
        if least >= total(finish) || ways.is_empty() {
            return Ok(least);
        }
        least = total(finish).min(gross);
        // The one that promises most first, so that the others have to be better than it.
        ways.sort_by_cached_key(|way| scalar.after(gross, way).unwrap_or(i64::MAX));
        let mut all: Option<Table> = None;
        for way in &ways {
            let hope = scalar.after(gross, way)?;
            if hope >= total(finish) {
                continue;
            }
            let Some((from, to)) = scalar.window(way, total(finish))? else {
                if !scalar.is_exact() {
                    least = least.min(hope);
                }
                continue;
            };
            let table = all.get_or_insert_with(|| self.table(deals, parts.in_order()));
            let range = Range {
                above: i128::from(from) * self.scale - 1,
                most: Some(i128::from(to) * self.scale),
            };
            let (found, is_all) = table.best(range, budget);
            if !is_all {
                least = least.min(scalar.after_reduction(to, way)?);
            }
            if let Some((gain, part)) = found {
                let reduction = i64::try_from(gain / self.scale).unwrap_or(to);
                least = least.min(scalar.after_reduction(reduction, way)?);
                let mut moves = vec![None; self.problem.units.len()];
                note(&mut moves, &parts.in_order(), &part);
                if let Some(choice) = self.choose(deals, &moves)? {
                    finish.complete(&choice, budget)?;
                }
            }
        }
        Ok(least)
    }

    fn table<'t>(&'t self, deals: &'t Deals, units: Vec<u32>) -> Table<'t, 'a> {
        Table::new(self.problem, deals, units, (&self.weights, self.scale))
    }

    /// What is to pay before promotions of orders, where no more than this is gained.
    fn gross_at_least(&self, gain: i128) -> Result<i64, MoneyError> {
        let units = self.problem.units.iter().zip(&self.weights);
        let all: i128 = units.map(|(unit, weight)| i128::from(unit.price) * weight).sum();
        if let [tax] = &self.problem.taxes[..] {
            let left = (all * self.scale - gain).max(0);
            let left = left.div_euclid(self.scale) + i128::from(left.rem_euclid(self.scale) > 0);
            return tax.fraction.gross(minor(left)?);
        }
        let doubled = 2 * (all * self.scale - gain);
        let part = 2 * self.unit * self.scale;
        // Each rounding takes off less than a half.
        let least = doubled - self.roundings * self.unit * self.scale;
        let least = if self.roundings > 0 {
            least.div_euclid(part) + 1
        } else {
            least.div_euclid(part) + i128::from(least.rem_euclid(part) > 0)
        };
        minor(least.max(0))
    }

    /// The combination of these moves, those left out that cannot be settled after all.
    fn choose(&self, deals: &Deals, moves: &[Option<Move>]) -> Result<Option<Choice>, MoneyError> {
        let mut choice = self.problem.untouched();
        let mut expected: std::collections::BTreeMap<u16, i64> = std::collections::BTreeMap::new();
        for (unit, it) in (0_u32..).zip(moves) {
            let Some(it) = it else { continue };
            let deal = &deals.deals[usize::from(it.deal)];
            choice.takers[unit as usize] = Some((deal.offer, it.slot));
            let expected = expected.entry(deal.offer).or_default();
            if let Kind::Each { tiers, .. } = &deal.kind {
                let tier = tiers.get(usize::from(it.tier));
                *expected += tier.map_or(0, |(_, award)| self.problem.award_of(unit, *award));
            }
        }
        for (offer, expected) in expected {
            let is_its = |by: u16| by == offer;
            let taken: Vec<Taken> = (0_u32..)
                .zip(&choice.takers)
                .filter_map(|(unit, by)| by.filter(|(by, _)| is_its(*by)).map(|by| (unit, by.1)))
                .collect();
            let is_free = |unit: usize| choice.takers[unit].is_none();
            let ways = self.problem.settle(offer, &taken, &is_free)?;
            let is_each = matches!(self.problem.offer(offer).promotion.rule, Rule::Each(_));
            let way = ways
                .into_iter()
                .find(|way| !is_each || way.reductions.iter().sum::<i64>() == expected);
            match way {
                Some(way) => {
                    for ((unit, _), off) in taken.iter().zip(&way.reductions) {
                        choice.reductions[*unit as usize] = *off;
                    }
                    choice.uses.push((offer, way.uses));
                }
                None => {
                    for (unit, _) in &taken {
                        choice.takers[*unit as usize] = None;
                    }
                }
            }
        }
        let is_affordable =
            self.problem.points_of(&choice.uses) <= u128::from(self.problem.member_points);
        Ok(is_affordable.then_some(choice))
    }
}

fn note(moves: &mut [Option<Move>], units: &[u32], found: &[Option<Move>]) {
    for (unit, it) in units.iter().zip(found) {
        moves[*unit as usize] = *it;
    }
}

const fn is_small(scale: i128) -> bool {
    scale < 1 << 60
}

/// What a minor unit of each tax is worth with its tax, as whole numbers of one part.
fn weights(problem: &Problem) -> Option<(i128, Vec<i128>)> {
    let is_inclusive = |tax: &super::problem::Tax| tax.fraction.method == TaxMethod::Inclusive;
    if problem.taxes.len() == 1 || problem.taxes.iter().all(is_inclusive) {
        return Some((1, vec![1; problem.taxes.len()]));
    }
    let mut unit = 1_i128;
    for tax in &problem.taxes {
        unit = unit.max(tax.fraction.divisor());
    }
    let by_tax = problem.taxes.iter().map(|tax| tax.fraction.weight(unit));
    Some((unit, by_tax.collect::<Option<_>>()?))
}

/// A number that the sizes of all groups divide whose reduction is counted unit by unit.
fn sizes(problem: &Problem) -> Option<i128> {
    let mut all = 1_i128;
    for taker in &problem.takers {
        if let Rule::Group(group) = &problem.offer(*taker).promotion.rule {
            if matches!(group.award, GroupAward::Price(_) | GroupAward::AmountOff(_)) {
                let slots = group.slots.iter().filter(|slot| !slot.reusable);
                let size = slots.map(|slot| i128::from(slot.count)).sum::<i128>().max(1);
                if size <= 1000 {
                    all = lcm(all, size).filter(|all| is_small(*all))?;
                }
            }
        }
    }
    Some(all)
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}

/// The units in parts that have nothing to do with each other.
struct Parts {
    /// Those that nothing couples.
    plain: Vec<u32>,
    /// The others, part by part, each dearest first.
    coupled: Vec<Vec<u32>>,
}

impl Parts {
    fn of(problem: &Problem, deals: &Deals) -> Self {
        let mut heads: Vec<usize> = (0..problem.units.len()).collect();
        let mut shared: Vec<(usize, usize)> = Vec::new();
        for deal in deals.deals.iter().filter(|deal| !deal.is_plain()) {
            let units: Vec<usize> = deal.units.iter().map(|(unit, _)| *unit as usize).collect();
            shared.extend(units.windows(2).map(|pair| (pair[0], pair[1])));
        }
        shared.extend(deals.ties());
        for (a, b) in shared {
            let (a, b) = (head(&mut heads, a), head(&mut heads, b));
            let (low, high) = (a.min(b), a.max(b));
            heads[high] = low;
        }
        let mut parts = std::collections::BTreeMap::<usize, Vec<u32>>::new();
        let mut plain = Vec::new();
        for unit in 0..problem.units.len() {
            let options = &deals.options[unit];
            let Ok(number) = u32::try_from(unit) else { continue };
            if options.is_empty() {
                continue;
            }
            let is_plain = |deal: &u16| deals.deals[usize::from(*deal)].is_plain();
            if options.iter().all(|(deal, _)| is_plain(deal)) {
                plain.push(number);
            } else {
                parts.entry(head(&mut heads, unit)).or_default().push(number);
            }
        }
        Self { plain, coupled: parts.into_values().collect() }
    }

    fn in_order(&self) -> Vec<u32> {
        self.coupled.iter().flatten().chain(&self.plain).copied().collect()
    }
}

fn head(heads: &mut [usize], mut unit: usize) -> usize {
    while heads[unit] != unit {
        heads[unit] = heads[heads[unit]];
        unit = heads[unit];
    }
    unit
}
