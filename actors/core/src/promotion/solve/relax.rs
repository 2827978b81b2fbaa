//! What the promotions of items gain at most by the tables, what an order costs at least after
//! that, and the combinations that come of it.

use super::deal::{Deals, Kind};
use super::finish::{Choice, Finish};
use super::orders::OrderMost;
use super::parts::Parts;
use super::problem::Problem;
use super::scalar::Scalar;
use super::settle::Taken;
use super::table::{Best, Move, Range, Table};
use super::ways;
use super::window;
use super::worth::{gross_at_least, is_small, rounded_at_least, roundings, sizes, taxed, weights};
use super::{Budget, counted};
use crate::MoneyError;
use crate::promotion::rule::{Combine, Rule};

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
        let sum = problem.units.iter().map(|it| it.price).sum();
        let is_fine =
            |scale: &i128| scale.checked_mul(unit).is_some_and(|parts| is_small(parts, sum));
        let Some(scale) = scale.filter(is_fine) else {
            return Ok(None);
        };
        Ok(Some(Self {
            problem,
            weights: problem.units.iter().map(|it| by_tax[it.tax]).collect(),
            unit,
            scale,
            roundings: roundings(problem),
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
        let stage = self.stage_one(&self.weights, is_barred, budget);
        if let Some(choice) = self.choose(&stage.deals, &stage.moves)? {
            finish.complete(&choice, budget)?;
        }
        if stage.deals.has_left_out || !self.problem.tops.is_empty() {
            return Ok(0);
        }
        let gross = self.gross_at_least(stage.gain)?;
        match &self.scalar {
            Some(scalar) => self.improve_order(finish, &stage, scalar, gross, budget),
            None => self.improve_ways(finish, gross, is_barred, budget),
        }
    }

    /// The most that promotions of items gain where units are worth so much.
    fn stage_one(
        &self,
        weights: &[i128],
        is_barred: &dyn Fn(u16) -> bool,
        budget: &mut Budget,
    ) -> Stage {
        let deals = Deals::new(self.problem, weights, is_barred);
        let parts = Parts::of(self.problem, &deals);
        let mut moves: Vec<Option<Move>> = vec![None; self.problem.units.len()];
        let (mut gain, mut is_all) = (0_i128, true);
        for unit in &parts.plain {
            if let Some((best, it)) = self.best_plain(&deals, weights, *unit) {
                gain += best;
                moves[*unit as usize] = Some(it);
            }
        }
        for units in &parts.coupled {
            let table = Table::new(self.problem, &deals, units.clone(), (weights, self.scale));
            let best = counted(&table, budget)
                .unwrap_or_else(|| table.best(Range { above: 0, most: None }, budget));
            if let Some((_, part)) = &best.found {
                note(&mut moves, units, part);
            }
            is_all &= best.is_all;
            gain += match &best.found {
                _ if !best.is_all => best.most,
                Some((found, _)) => *found,
                None => 0,
            };
        }
        Stage { deals, parts, moves, gain, is_all }
    }

    /// Finds the least of each way of using promotions of orders that cover different goods.
    fn improve_ways(
        &self,
        finish: &mut Finish<'p, 'a>,
        gross: i64,
        is_barred: &dyn Fn(u16) -> bool,
        budget: &mut Budget,
    ) -> Result<i64, MoneyError> {
        let rough = self.problem.least_after_orders(gross, &self.mosts);
        let total = |finish: &Finish| finish.best.as_ref().map_or(i64::MAX, |best| best.total);
        if rough >= total(finish) {
            return Ok(rough);
        }
        let Some((unit, taxed)) = taxed(self.problem) else { return Ok(rough) };
        let Some(ways) = ways::ways(self.problem, &taxed, unit, budget)? else {
            return Ok(rough);
        };
        let mut least = i64::MAX;
        for way in ways {
            let sum = self.problem.units.iter().map(|it| it.price).sum();
            let parts = way.unit.checked_mul(self.scale);
            if !parts.is_some_and(|parts| is_small(parts, sum)) {
                return Ok(rough);
            }
            let worth = self.problem.units.iter().map(|unit| way.bins[unit.bins[0]]);
            let worth: Vec<i128> = worth.collect();
            let stage = self.stage_one(&worth, is_barred, budget);
            if let Some(choice) = self.choose(&stage.deals, &stage.moves)? {
                finish.complete(&choice, budget)?;
            }
            if stage.deals.has_left_out {
                return Ok(rough);
            }
            let units = self.problem.units.iter().zip(&worth);
            let all: i128 = units.map(|(unit, worth)| i128::from(unit.price) * worth).sum();
            let left = (all - way.off()) * self.scale - stage.gain;
            let roundings = [self.roundings, way.roundings];
            least = least.min(rounded_at_least(left, way.unit * self.scale, roundings)?);
        }
        Ok(least.max(rough))
    }

    /// The best of a unit's moves, where nothing has to be remembered of any.
    fn best_plain(&self, deals: &Deals, weights: &[i128], unit: u32) -> Option<(i128, Move)> {
        let worth = weights[unit as usize] * self.scale;
        let options = deals.options[unit as usize].iter().filter_map(|(deal, slot)| {
            let Kind::Each { tiers, .. } = &deals.deals[usize::from(*deal)].kind else {
                return None;
            };
            let (_, award) = tiers.first()?;
            let off = self.problem.award_of(unit, *award);
            let is_free = !deals.deals[usize::from(*deal)].is_limited;
            let it = Move { deal: *deal, slot: *slot, tier: 0 };
            (off > 0).then_some(((off, is_free), it))
        });
        let best = options.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|((off, _), it)| (i128::from(off) * worth, it))
    }

    /// Looks for combinations that gain less and reach what an order's promotion needs.
    fn improve_order(
        &self,
        finish: &mut Finish<'p, 'a>,
        Stage { deals, parts, is_all: is_proven, moves: most, gain }: &Stage,
        scalar: &Scalar,
        gross: i64,
        budget: &mut Budget,
    ) -> Result<i64, MoneyError> {
        let Some(mut ways) = scalar.ways(gross, budget) else {
            return Ok(self.problem.least_after_orders(gross, &self.mosts));
        };
        let total = |finish: &Finish| finish.best.as_ref().map_or(i64::MAX, |best| best.total);
        let mut least = scalar.least(gross, &ways)?.min(gross);
        // Where it is not known what is gained at most, nothing is known of less either.
        if least >= total(finish) || ways.is_empty() || !is_proven {
            return Ok(least);
        }
        least = total(finish).min(gross);
        // The one that promises most first, so that the others have to be better than it.
        ways.sort_by_cached_key(|way| scalar.after(gross, way).unwrap_or(i64::MAX));
        let mut all: Option<Table> = None;
        // Between which reductions there is none, for certain.
        let mut empty: Vec<(i64, i64)> = Vec::new();
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
            if empty.iter().any(|(low, high)| *low <= from && to <= *high) {
                continue;
            }
            if let Some(moves) = self.reaching(deals, parts, most, *gain, to)
                && let Some(choice) = self.choose(deals, &moves)?
            {
                // No combination of this way gains more and still reaches what it needs.
                finish.complete(&choice, budget)?;
                least = least.min(scalar.after_reduction(to, way)?);
                continue;
            }
            let table = all.get_or_insert_with(|| {
                let worth = (&self.weights[..], self.scale);
                Table::new(self.problem, deals, parts.in_order(), worth)
            });
            let range = Range {
                above: i128::from(from) * self.scale - 1,
                most: Some(i128::from(to) * self.scale),
            };
            let Best { found, is_all, .. } = table.best(range, budget);
            if !is_all {
                least = least.min(scalar.after_reduction(to, way)?);
            }
            if is_all {
                let best = found.as_ref().map(|(gain, _)| gain.div_euclid(self.scale));
                let low = best.and_then(|best| i64::try_from(best + 1).ok()).unwrap_or(from);
                empty.push((low, to));
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

    /// The moves that gain exactly so much less that a threshold is reached.
    fn reaching(
        &self,
        deals: &Deals,
        parts: &Parts,
        moves: &[Option<Move>],
        gain: i128,
        to: i64,
    ) -> Option<Vec<Option<Move>>> {
        let is_whole = gain % self.scale == 0 && self.weights.iter().all(|weight| *weight == 1);
        let most = i64::try_from(gain / self.scale).ok().filter(|most| is_whole && *most > to)?;
        window::lowered_by(self.problem, deals, &parts.plain, moves, most - to)
    }

    /// What is to pay before promotions of orders, where no more than this is gained.
    fn gross_at_least(&self, gain: i128) -> Result<i64, MoneyError> {
        let units = self.problem.units.iter().zip(&self.weights);
        let all: i128 = units.map(|(unit, weight)| i128::from(unit.price) * weight).sum();
        let left = all * self.scale - gain;
        gross_at_least(self.problem, left, self.unit * self.scale, self.roundings)
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

/// What the promotions of items gain at most, and how.
struct Stage {
    deals: Deals,
    parts: Parts,
    moves: Vec<Option<Move>>,
    gain: i128,
    /// Whether nothing gains more.
    is_all: bool,
}

fn note(moves: &mut [Option<Move>], units: &[u32], found: &[Option<Move>]) {
    for (unit, it) in units.iter().zip(found) {
        moves[*unit as usize] = *it;
    }
}

/// What counting finds, with a part of the budget: where it is too much, others need the rest.
fn counted(table: &Table, budget: &mut Budget) -> Option<Best> {
    let most = budget.nodes + (budget.most - budget.nodes) / 4 * 3;
    let mut part = Budget { most, ..*budget };
    let best = counted::best(table, &mut part);
    budget.nodes = part.nodes.min(most);
    budget.aside = part.aside;
    best
}
