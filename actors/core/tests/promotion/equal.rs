//! The engine finds what the brute force finds, on random baskets.

use crate::brute::{Basket, best};
use crate::generate::case;
use crate::shrink::{describe, shrink};
use crate::tally::Tally;
use crate::verdict::{Verdict, of_best, of_brute_force, of_engine};

/// Baskets of each of the tests below; together more than 100,000.
const BASKETS: u64 = 26_000;

/// How many times as many baskets are asked for, by the environment.
fn times() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "tests may be told how long to take")]
    let times = std::env::var("STORE_TESTS_BASKETS_TIMES");
    times.map_or(1, |times| times.parse().expect("STORE_TESTS_BASKETS_TIMES is a number"))
}

/// Compares on the seeds from a number on; where the two differ, says on what smallest basket.
fn compare(first: u64) {
    let mut tally = Tally::default();
    for seed in first..first + BASKETS * times() {
        let case = case(seed);
        let basket = Basket::new(&case.set, &case.goods, &case.context);
        let best = best(&basket);
        tally.count(&basket, &best);
        let (ours, theirs) = (of_best(&basket, &best), of_engine(&case));
        if ours != theirs {
            let differ = |case: &crate::generate::Case| of_brute_force(case) != of_engine(case);
            let small = shrink(&case, &differ);
            let show = |verdict: Verdict| format!("{verdict:?}");
            panic!(
                "seed {seed}: the engine disagrees with the page\n{}\nbrute force {}\nengine      {}",
                describe(&small),
                show(of_brute_force(&small)),
                show(of_engine(&small)),
            );
        }
    }
    println!("seeds {first} to {}", first + BASKETS * times());
    tally.print();
    assert_eq!(tally.rare(100), Vec::<&str>::new(), "kinds that hardly turn up");
}

#[test]
fn on_the_first_quarter_of_the_baskets() {
    compare(1_000_000_000);
}

#[test]
fn on_the_second_quarter_of_the_baskets() {
    compare(2_000_000_000);
}

#[test]
fn on_the_third_quarter_of_the_baskets() {
    compare(3_000_000_000);
}

#[test]
fn on_the_fourth_quarter_of_the_baskets() {
    compare(4_000_000_000);
}
