//! What holds for the price of every basket, whatever the promotions.

use std::collections::BTreeMap;

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::rule::{Combine, Favour, Promotion, Replaces, Rule};
use store_core::promotion::set::PromotionSet;
use store_core::tax::TaxMethod;
use store_core::{LineNumber, Quantity, Unit};

use crate::generate::{Case, case, one_more};
use crate::random::Random;
use crate::shrink::{describe, shrink};
use crate::verdict::{of_brute_force, of_outcome};

/// Baskets of each test.
const BASKETS: u64 = 40_000;

fn total(case: &Case) -> i64 {
    evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap().total
}

fn with_lines(case: &Case, lines: Vec<GoodsLine>) -> Case {
    Case { goods: Goods { lines, ..case.goods.clone() }, ..case.clone() }
}

fn shuffle<T>(random: &mut Random, list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, random.below(at + 1));
    }
}

#[test]
fn the_order_of_the_lines_changes_nothing() {
    for seed in 5_000_000_000..5_000_000_000 + BASKETS {
        let case = case(seed);
        let mut random = Random::new(!seed);
        let mut lines = case.goods.lines.clone();
        shuffle(&mut random, &mut lines);
        let verdict = |case: &Case| {
            let outcome = evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap();
            of_outcome(case, &outcome)
        };
        let before = verdict(&case);
        let listed = with_lines(&case, lines.clone());
        assert_eq!(verdict(&listed), before, "seed {seed}\n{}", describe(&case));

        // Scanned in another order the lines have other numbers: other units may be taken.
        for (at, line) in lines.iter_mut().enumerate() {
            line.line = LineNumber(u32::try_from(at + 1).unwrap());
        }
        let scanned = verdict(&with_lines(&case, lines));
        let says = |one: &crate::verdict::Verdict| {
            (one.total, one.limited_uses, one.points_earned, one.used.clone())
        };
        assert_eq!(says(&scanned), says(&before), "seed {seed}\n{}", describe(&case));
    }
}

#[test]
fn splitting_and_merging_lines_changes_nothing() {
    let mut splits = 0;
    for seed in 6_000_000_000..6_000_000_000 + BASKETS {
        let case = case(seed);
        let mut random = Random::new(!seed);
        let mut lines = case.goods.lines.clone();
        let last = lines.iter().map(|line| line.line.0).max().unwrap();
        let at = random.below(lines.len());
        let pieces = lines[at].quantity.thousandths() / 1000;
        if lines[at].quantity.unit() != Unit::Piece || pieces < 2 {
            continue;
        }
        splits += 1;
        let first = random.between(1, pieces - 1);
        let unit = |place: i64| {
            let amount = lines[at].amount;
            amount / pieces + i64::from(place < amount % pieces)
        };
        let part = |places: std::ops::Range<i64>, number: u32| GoodsLine {
            line: LineNumber(number),
            quantity: Quantity::pieces(places.end - places.start).unwrap(),
            amount: places.map(unit).sum(),
            ..lines[at].clone()
        };
        let (one, other) = (part(0..first, lines[at].line.0), part(first..pieces, last + 1));
        lines[at] = one;
        lines.push(other);
        let split = with_lines(&case, lines);
        assert_eq!(total(&split), total(&case), "seed {seed}\n{}", describe(&case));
    }
    assert!(splits > 1000, "only {splits} lines were split");
}

/// What one more line costs more than its own price, tax and the rounding of tax.
fn surcharge(case: &Case, more: &GoodsLine) -> i64 {
    let mut lines = case.goods.lines.clone();
    lines.push(more.clone());
    let alone = Case { set: PromotionSet::default(), ..with_lines(case, vec![more.clone()]) };
    let is_added = |line: &GoodsLine| line.tax.method == TaxMethod::Exclusive;
    let rounding = i64::from(lines.iter().any(is_added));
    total(&with_lines(case, lines)) - total(case) - total(&alone) - rounding
}

/// Whether the price of a basket is proven to be the least: what is not may be too much by any sum.
fn is_proven(case: &Case) -> bool {
    let outcome = evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap();
    outcome.certificate.is_optimal
}

/// A rule that may make a larger basket cost more, and what a promotion is without it.
type Excuse = (&'static str, fn(&mut Promotion));

const EXCUSES: &[Excuse] = &[
    ("exclusive", |one| {
        if one.combine == Combine::Exclusive {
            one.combine = Combine::WithOthers;
        }
    }),
    ("class", |one| one.class = None),
    ("cap", |one| one.cap = None),
    ("budget", |one| one.limits.budget = None),
    ("replaces", |one| one.replaces = Replaces::Nothing),
    ("retailer's favour", |one| {
        if let Rule::Group(group) = &mut one.rule {
            group.favour = Favour::Customer;
        }
    }),
    ("on top", |one| {
        if matches!(one.combine, Combine::OnTop(_)) {
            one.combine = Combine::WithOthers;
        }
    }),
    ("price_to", |one| {
        let selectors = crate::shrink::selectors_of(&mut one.rule);
        selectors.into_iter().for_each(|selector| selector.price_to = None);
    }),
    // What overlaps is not used together, so one thing that both cover may part them.
    ("orders of different parts", |one| {
        if let Rule::Order(order) = &mut one.rule {
            order.items = Default::default();
            order.undiscounted_only = false;
        }
    }),
];

/// A case without the rules that some excuses name.
fn without(case: &Case, excuses: &[Excuse]) -> Case {
    let mut promotions = case.set.promotions().to_vec();
    for (_, change) in excuses {
        promotions.iter_mut().for_each(change);
    }
    let set = PromotionSet::new(promotions, case.set.policy(), case.set.base_points());
    Case { set, ..case.clone() }
}

/// The rules of a set without any of which one more line would not cost too much.
fn excuses(case: &Case, more: &GoodsLine) -> Vec<&'static str> {
    let excuses = EXCUSES.iter().filter(|excuse| {
        let changed = without(case, std::slice::from_ref(*excuse));
        changed.set != case.set && surcharge(&changed, more) <= 0
    });
    excuses.map(|(name, _)| *name).collect()
}

#[test]
fn one_more_item_never_costs_more_than_its_price_where_nothing_excuses_it() {
    let plain: Vec<Excuse> =
        EXCUSES.iter().filter(|(name, _)| !matches!(*name, "class" | "on top")).copied().collect();
    let mut unproven = Vec::new();
    for seed in 7_500_000_000..7_500_000_000 + BASKETS {
        let case = without(&case(seed), &plain);
        let more = one_more(&mut Random::new(!seed), &case.goods);
        if surcharge(&case, &more) > 0 {
            let mut lines = case.goods.lines.clone();
            lines.push(more.clone());
            if !is_proven(&with_lines(&case, lines)) {
                unproven.push(seed);
                continue;
            }
            let small = shrink(&case, &|case| surcharge(case, &more) > 0);
            let says = surcharge(&small, &more);
            panic!("seed {seed}: {says} too much for {more:?}\n{}", describe(&small));
        }
    }
    println!("not proven within {NODES_MAX} nodes: seeds {unproven:?} of {BASKETS}");
    assert!(unproven.len() as u64 * 1000 <= BASKETS);
}

#[test]
fn one_more_item_costs_at_most_its_price_unless_a_rule_says_why() {
    let mut table: BTreeMap<Vec<&str>, u32> = BTreeMap::new();
    for seed in 7_000_000_000..7_000_000_000 + BASKETS {
        let case = case(seed);
        let more = one_more(&mut Random::new(!seed), &case.goods);
        if surcharge(&case, &more) <= 0 {
            continue;
        }
        let small = shrink(&case, &|case| surcharge(case, &more) > 0);
        let names = excuses(&small, &more);
        assert!(
            !names.is_empty(),
            "seed {seed}: {} too much for {more:?}\n{}\nbefore {:?}",
            surcharge(&small, &more),
            describe(&small),
            of_brute_force(&small),
        );
        *table.entry(names).or_default() += 1;
    }
    println!("one more item cost more than its price in {BASKETS} baskets because of");
    table.iter().for_each(|(names, count)| println!("{count:>6}  {}", names.join(" or ")));
}
