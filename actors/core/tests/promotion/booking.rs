//! What an outcome books, against the page: every part of every unit, and sums that add up.

use std::collections::BTreeMap;
use std::sync::Arc;

use store_core::promotion::outcome::{Outcome, UnitOutcome};
use store_core::promotion::rule::{Coupon, Rule};

use crate::brute::Basket;
use crate::brute::arithmetic::{Set, places, share};
use crate::brute::search::{Choice, Search};
use crate::generate::Case;
use crate::verdict::of_outcome;

/// What is wrong with an outcome, if anything: it has to be an allowed choice, booked as the page
/// says.
pub fn fault(case: &Case, outcome: &Outcome) -> Option<String> {
    let basket = Basket::new(&case.set, &case.goods, &case.context);
    let units = in_our_order(case, &basket, outcome)?;
    if let Some(fault) = sums(&basket, outcome) {
        return Some(fault);
    }
    let slots = basket.live.iter().map(|live| vec![0; live.slots.len()]);
    let mut taken: Vec<Vec<Set>> = slots.collect();
    for (place, unit) in units.iter().enumerate() {
        if let Some((index, slot)) = unit.taken_by {
            let index = usize::try_from(index.0).unwrap();
            let Some(live) = basket.live.iter().position(|live| live.index == index) else {
                return Some(format!("promotion {index} is not live"));
            };
            taken[live][slot] |= 1 << place;
        }
    }
    let verdict = of_outcome(case, outcome);
    let mut faults = Vec::new();
    let mut is_right = false;
    Search::new(&basket).complete(&taken, &mut |choice| {
        let used: Vec<_> =
            places(choice.used).map(|live| basket.live[live].promotion.id.clone()).collect();
        if choice.total == verdict.total && used == verdict.used {
            match differs(&basket, choice, outcome, &units, case) {
                None => is_right = true,
                Some(fault) => faults.push(fault),
            }
        }
    });
    if is_right {
        return None;
    }
    faults.pop().or_else(|| Some("not an allowed choice, or not its total".to_owned()))
}

/// The outcome's units, dearest first; none where there are none to look at.
fn in_our_order<'a>(
    case: &Case,
    basket: &Basket,
    outcome: &'a Outcome,
) -> Option<Vec<&'a UnitOutcome>> {
    let mut by_place: BTreeMap<(usize, usize), &UnitOutcome> = BTreeMap::new();
    let mut counts = vec![0; case.goods.lines.len()];
    let lines: Vec<usize> = outcome.units.iter().map(|unit| unit.line).collect();
    assert!(lines.is_sorted(), "units are in the order of the lines");
    for unit in &outcome.units {
        by_place.insert((unit.line, counts[unit.line]), unit);
        counts[unit.line] += 1;
    }
    assert_eq!(outcome.units.len(), basket.units.len(), "every unit is there");
    let units = basket.units.iter().map(|unit| {
        let theirs = by_place[&(unit.line, unit.place)];
        assert_eq!(theirs.price, unit.price, "a unit's share of its line");
        theirs
    });
    let units: Vec<_> = units.collect();
    (!units.is_empty()).then_some(units)
}

/// Parts add up to wholes.
fn sums(basket: &Basket, outcome: &Outcome) -> Option<String> {
    let shelf: Vec<i64> = basket.units.iter().map(|unit| unit.price).collect();
    let undiscounted = basket.measure(basket.everything(), &shelf, true);
    let saved: i64 = outcome.applied.iter().map(|applied| applied.amount).sum();
    let nets: i64 = outcome.units.iter().map(|unit| unit.net).sum();
    let added =
        outcome.taxes.iter().filter(|tax| tax.method == store_core::tax::TaxMethod::Exclusive);
    let added: i64 = added.map(|tax| tax.tax.minor()).sum();
    let bases: i64 = outcome.taxes.iter().map(|tax| tax.base.minor()).sum();
    let adds_up = |unit: &UnitOutcome| {
        unit.price - unit.parts.iter().map(|part| part.amount).sum::<i64>() == unit.net
    };
    let parts = || outcome.units.iter().flat_map(|unit| &unit.parts);
    let checks = [
        (undiscounted - saved == outcome.total, "what each took off adds up to what all save"),
        (nets == outcome.net && bases == nets, "units' nets add up to what is booked"),
        (outcome.net + added == outcome.total, "net and tax add up to what is to pay"),
        (outcome.units.iter().all(adds_up), "a unit's parts add up to what it is lowered"),
        (parts().all(|part| part.amount > 0), "no promotion makes a unit dearer"),
        (outcome.units.iter().all(|unit| unit.net >= 0), "nothing costs less than nought"),
        (outcome.taxes.is_sorted_by_key(|tax| tax.class.clone()), "taxes are by class"),
        (outcome.applied.is_sorted_by_key(|one| one.promotion.clone()), "applied is by id"),
        (outcome.certificate.bound <= outcome.total, "a bound is no more than the total"),
        (
            !outcome.certificate.is_optimal || outcome.certificate.bound == outcome.total,
            "a proven total is its own bound",
        ),
    ];
    checks.iter().find(|(holds, _)| !holds).map(|(_, says)| format!("does not hold: {says}"))
}

/// What an outcome books otherwise than the page does for its choice.
fn differs(
    basket: &Basket,
    choice: &Choice,
    outcome: &Outcome,
    units: &[&UnitOutcome],
    case: &Case,
) -> Option<String> {
    let booked = book(basket, choice);
    for (place, unit) in units.iter().enumerate() {
        if unit.net != booked.nets[place] {
            let (line, net) = (basket.units[place].number, booked.nets[place]);
            return Some(format!("a unit of line {line} is booked {}, not {net}", unit.net));
        }
        for (&(live, amount), nth) in booked.parts[place].iter().zip(0..) {
            let index = basket.live[live].index;
            let theirs = unit
                .parts
                .iter()
                .filter(|part| usize::try_from(part.promotion.0).unwrap() == index);
            let theirs: i64 = theirs.map(|part| part.amount).sum();
            if theirs != amount {
                return Some(format!("part {nth} of {index} is {theirs}, not {amount}"));
            }
        }
    }
    for tax in &outcome.taxes {
        let ours = booked.taxes.get(&tax.class).copied();
        if ours != Some(tax.tax.minor()) {
            return Some(format!("the tax of {} is {:?}, not {ours:?}", tax.class, tax.tax));
        }
    }
    uses_differ(basket, choice, outcome, case)
}

fn uses_differ(basket: &Basket, choice: &Choice, outcome: &Outcome, case: &Case) -> Option<String> {
    let of_items = choice.items.iter().map(|one| (one.live, one.uses, Some(one.units)));
    let of_orders = choice.steps.iter().map(|step| (step.live, step.uses, None));
    for (live, uses, units) in of_items.chain(of_orders) {
        let promotion = basket.live[live].promotion;
        let applied = outcome.applied.iter().find(|one| one.promotion == promotion.id)?;
        if i64::from(applied.uses) != uses {
            return Some(format!("{} is used {}, not {uses} times", promotion.id, applied.uses));
        }
        if units.is_some_and(|units| units.count_ones() != applied.units) {
            return Some(format!("{} has {} units, not {units:?}", promotion.id, applied.units));
        }
        let coupons: &[Arc<str>] = &applied.coupons;
        let fits = match &promotion.coupon {
            None => coupons.is_empty(),
            Some(Coupon::Code(code)) => coupons == [code.clone()],
            Some(Coupon::Unique(start)) => {
                let is_shown = |code: &Arc<str>| case.context.coupons.contains(code);
                i64::try_from(coupons.len()).unwrap() == uses
                    && coupons.iter().all(|code| code.starts_with(&**start) && is_shown(code))
                    && coupons.iter().enumerate().all(|(at, one)| !coupons[..at].contains(one))
            }
        };
        if !fits {
            return Some(format!("{} uses up {coupons:?}", promotion.id));
        }
    }
    let spent = i64::try_from(outcome.points_spent).unwrap();
    (spent != choice.cost_points).then(|| format!("{spent} points, not {}", choice.cost_points))
}

/// What is booked, by unit and by tax class.
struct Booked {
    nets: Vec<i64>,
    /// What each promotion took off.
    parts: Vec<Vec<(usize, i64)>>,
    taxes: BTreeMap<Arc<str>, i64>,
}

fn book(basket: &Basket, choice: &Choice) -> Booked {
    let priced = choice.priced;
    let mut parts: Vec<Vec<(usize, i64)>> = vec![Vec::new(); basket.units.len()];
    for one in choice.items {
        for (place, &amount) in one.reductions.iter().enumerate() {
            parts[place].push((one.live, amount));
        }
    }
    // A unit's gross: its amount and its share of its bin's tax.
    let mut left = priced.amounts.to_vec();
    // What each promotion of orders took from each unit, tax and all.
    let mut taken_by: Vec<Vec<(usize, i64)>> = vec![Vec::new(); basket.units.len()];
    for bin in &priced.bins {
        let weights: Vec<i64> = places(bin.units).map(|unit| priced.amounts[unit]).collect();
        let tax = share(bin.gross - bin.amount, &weights);
        places(bin.units).zip(tax).for_each(|(unit, tax)| left[unit] += tax);
    }
    let mut of_bins = priced.gross();
    let mut is_lowered = vec![false; basket.taxes.len()];
    for step in choice.steps {
        let shares = priced.shares(step.live, step.amount, &of_bins);
        for (bin, taken) in priced.bins_of(step.live).into_iter().zip(shares) {
            of_bins[bin] -= taken;
            let bin = &priced.bins[bin];
            is_lowered[bin.tax] |= taken > 0;
            let weights: Vec<i64> = places(bin.units).map(|unit| left[unit]).collect();
            for (unit, taken) in places(bin.units).zip(share(taken, &weights)) {
                left[unit] -= taken;
                taken_by[unit].push((step.live, taken));
            }
        }
    }
    let mut nets = priced.amounts.to_vec();
    let mut taxes = BTreeMap::new();
    for (place, tax) in basket.taxes.iter().enumerate() {
        let units: Vec<usize> =
            (0..basket.units.len()).filter(|&unit| basket.units[unit].tax == place).collect();
        if units.is_empty() {
            continue;
        }
        let gross: i64 = units.iter().map(|&unit| left[unit]).sum();
        let amount: i64 = units.iter().map(|&unit| priced.amounts[unit]).sum();
        let within = match (tax.is_inclusive(), is_lowered[place]) {
            (true, _) | (false, true) => tax.within(gross),
            (false, false) => tax.on(amount),
        };
        taxes.insert(tax.class.clone(), within);
        if !is_lowered[place] {
            continue;
        }
        let net = if tax.is_inclusive() { gross } else { gross - within };
        let last = choice.steps.iter().rev().find(|step| {
            let takes = |unit: &usize| &taken_by[*unit];
            units.iter().flat_map(takes).any(|&(live, taken)| live == step.live && taken > 0)
        });
        let last = last.unwrap().live;
        let falls = falls(amount - net, &units, priced.amounts, &taken_by);
        for (&unit, falls) in units.iter().zip(falls) {
            nets[unit] -= falls;
            let taken: Vec<i64> = taken_by[unit].iter().map(|&(_, taken)| taken).collect();
            if taken.iter().sum::<i64>() == 0 {
                parts[unit].push((last, falls));
                continue;
            }
            let by = taken_by[unit].iter().map(|&(live, _)| live);
            parts[unit].extend(by.zip(share(falls, &taken)));
        }
    }
    Booked { nets, parts, taxes }
}

/// What the net of a class falls by, by unit: in proportion to what was taken from each, of which
/// no more counts than the unit cost. What is over falls on single units, one minor unit after
/// another: on the first of those that something was taken from and that still cost something,
/// else on the first that still costs something.
fn falls(sum: i64, units: &[usize], amounts: &[i64], taken: &[Vec<(usize, i64)>]) -> Vec<i64> {
    let from = |unit: usize| taken[unit].iter().map(|&(_, taken)| taken).sum::<i64>();
    let counts: Vec<i64> = units.iter().map(|&unit| from(unit).min(amounts[unit])).collect();
    let over = sum - counts.iter().sum::<i64>();
    if over <= 0 {
        return share(sum, &counts);
    }
    let mut falls = counts;
    for _ in 0..over {
        let costs = |place: &usize| falls[*place] < amounts[units[*place]];
        let places: Vec<usize> = (0..units.len()).filter(costs).collect();
        let first = places.iter().find(|&&place| from(units[place]) > 0);
        falls[*first.unwrap_or(&places[0])] += 1;
    }
    falls
}

/// Whether a promotion of rewards stands among those applied only where it gave something.
pub fn rewards_are_told(case: &Case, outcome: &Outcome) -> bool {
    outcome.applied.iter().all(|applied| {
        let promotion = case.set.find(&applied.promotion).unwrap().1;
        !matches!(promotion.rule, Rule::Reward(_)) || (applied.amount == 0 && applied.units > 0)
    })
}

#[test]
fn what_is_booked_otherwise_is_noticed() {
    type Tamper = fn(&mut Outcome);
    let ways: [(&str, Tamper); 8] = [
        ("total", |outcome| outcome.total += 1),
        ("net", |outcome| outcome.units[0].net += 1),
        ("two nets", |outcome| {
            // Both units still add up to themselves and to the whole.
            for (unit, more) in [(0, 1), (1, -1)] {
                outcome.units[unit].net += more;
                outcome.units[unit].parts.last_mut().unwrap().amount -= more;
            }
        }),
        ("part", |outcome| outcome.units[0].parts[0].amount += 1),
        ("taker", |outcome| outcome.units[0].taken_by = None),
        ("uses", |outcome| {
            let (taker, _) = outcome.units[0].taken_by.unwrap();
            outcome.applied.iter_mut().find(|one| one.index == taker).unwrap().uses += 1;
        }),
        ("amounts", |outcome| outcome.applied[0].amount += 1),
        ("bound", |outcome| outcome.certificate.bound += 1),
    ];
    let mut tried = 0;
    for seed in 9_000_000_000_u64..9_000_001_000 {
        let case = crate::generate::case(seed);
        let nodes = store_core::promotion::evaluate::NODES_MAX;
        let outcome =
            store_core::promotion::evaluate::evaluate(&case.set, &case.goods, &case.context, nodes);
        let outcome = outcome.unwrap();
        let lowers =
            |unit: &UnitOutcome| unit.taken_by.is_some() && unit.net > 0 && unit.parts.len() == 1;
        if outcome.units.len() < 2 || !outcome.units[..2].iter().all(lowers) {
            continue;
        }
        tried += 1;
        assert_eq!(fault(&case, &outcome), None, "seed {seed}");
        for (what, tamper) in ways {
            let mut other = outcome.clone();
            tamper(&mut other);
            assert!(fault(&case, &other).is_some(), "seed {seed}: {what}");
        }
    }
    assert!(tried > 50, "{tried}");
}
