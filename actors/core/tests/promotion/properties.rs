//! What holds for the price of every basket, whatever the promotions.

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::{LineNumber, Quantity, Unit};

use crate::generate::{Case, case};
use crate::random::Random;
use crate::shrink::describe;
use crate::verdict::of_outcome;

/// Baskets of each test.
const BASKETS: u64 = 20_000;

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
