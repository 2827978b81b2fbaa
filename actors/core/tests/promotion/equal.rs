//! The engine finds what the brute force finds, on random baskets.

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::outcome::Outcome;

use crate::booking::{fault, rewards_are_told};
use crate::brute::{Basket, best};
use crate::generate::{Case, case};
use crate::shrink::{describe, shrink};
use crate::tally::Tally;
use crate::verdict::{Verdict, of_best, of_brute_force, of_outcome};

/// Baskets of each of the tests below; together more than 100,000.
const BASKETS: u64 = 26_000;

/// How many times as many baskets are asked for, by the environment.
pub fn times() -> u64 {
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
        if differ(&case, &of_best(&basket, &best), &price(&case)).is_some() {
            let says = |case: &Case| differ(case, &of_brute_force(case), &price(case));
            let small = shrink(&case, &|case| says(case).is_some());
            let says = says(&small).unwrap();
            panic!("seed {seed}: {says}\n{}", describe(&small));
        }
    }
    println!("seeds {first} to {}", first + BASKETS * times());
    tally.print();
    assert_eq!(tally.rare(100), Vec::<&str>::new(), "kinds that hardly turn up");
}

fn price(case: &Case) -> Outcome {
    evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap()
}

/// In what an outcome differs from the page.
pub fn differ(case: &Case, ours: &Verdict, outcome: &Outcome) -> Option<String> {
    let theirs = of_outcome(case, outcome);
    if *ours != theirs {
        return Some(format!("not the best choice\nbrute force {ours:?}\nengine      {theirs:?}"));
    }
    if !outcome.certificate.is_optimal {
        return Some("the engine is not sure of it".to_owned());
    }
    if !rewards_are_told(case, outcome) {
        return Some(format!("rewards: {:?}", outcome.applied));
    }
    fault(case, outcome).map(|says| format!("{says}\n{outcome:?}"))
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
