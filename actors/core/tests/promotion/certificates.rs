//! An outcome claims no more than is so, however little the engine may look at.

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::outcome::Outcome;
use store_core::promotion::rule::{Promotion, Rule, UnitAward};
use store_core::promotion::set::{Policy, PromotionSet};

use crate::booking::fault;
use crate::brute::{Basket, best};
use crate::generate::{Case, case};
use crate::make::{each, items, percent, promotion};
use crate::random::Random;
use crate::shrink::{describe, shrink};

const BASKETS: u64 = 4_000;
const NODES: [u64; 6] = [0, 1, 3, 10, 50, 300];

fn best_total(case: &Case) -> i64 {
    let basket = Basket::new(&case.set, &case.goods, &case.context);
    best(&basket).total
}

fn price(case: &Case, nodes: u64) -> Outcome {
    evaluate(&case.set, &case.goods, &case.context, nodes).unwrap()
}

/// What an outcome claims that is not so.
fn overclaims(case: &Case, least: i64, nodes: u64) -> Option<String> {
    let outcome = price(case, nodes);
    let certificate = outcome.certificate;
    let claim = if outcome.total < least {
        Some("costs less than the least".to_owned())
    } else if certificate.is_optimal && outcome.total > least {
        Some(format!("is called optimal and costs more than {least}"))
    } else if certificate.bound > least {
        Some(format!("has a bound over {least}"))
    } else {
        fault(case, &outcome)
    };
    claim.map(|claim| format!("{} {claim} {certificate:?}", outcome.total))
}

#[test]
fn a_small_budget_of_nodes_makes_no_outcome_claim_too_much() {
    let mut unproven = [0; NODES.len()];
    let mut dearer = [0; NODES.len()];
    for seed in 8_000_000_000..8_000_000_000 + BASKETS {
        let case = case(seed);
        let least = best_total(&case);
        for (nth, nodes) in NODES.into_iter().enumerate() {
            if let Some(claim) = overclaims(&case, least, nodes) {
                let shows = |case: &Case| overclaims(case, best_total(case), nodes).is_some();
                let small = shrink(&case, &shows);
                panic!("seed {seed}, {nodes} nodes: {claim}\n{}", describe(&small));
            }
            let outcome = price(&case, nodes);
            unproven[nth] += u64::from(!outcome.certificate.is_optimal);
            dearer[nth] += u64::from(outcome.total > least);
        }
    }
    println!("of {BASKETS} baskets with at most {NODES:?} nodes");
    println!("unproven {unproven:?}, dearer than the least {dearer:?}");
    assert!(unproven[0] > 0, "a budget of nothing proves nothing");
}

/// A set that follows the retailer's priorities, which are drawn.
fn by_priority(case: &Case, random: &mut Random) -> Case {
    let mut promotions = case.set.promotions().to_vec();
    for promotion in &mut promotions {
        promotion.priority = u32::try_from(random.below(3)).unwrap();
    }
    let set = PromotionSet::new(promotions, Policy::Priority, case.set.base_points());
    Case { set, ..case.clone() }
}

#[test]
fn by_priority_a_choice_is_allowed_and_never_better_than_the_best() {
    let mut dearer = 0;
    for seed in 8_100_000_000..8_100_000_000 + BASKETS {
        let case = by_priority(&case(seed), &mut Random::new(!seed));
        let least = best_total(&case);
        let outcome = price(&case, NODES_MAX);
        let is_wrong = |case: &Case| {
            let outcome = price(case, NODES_MAX);
            (!outcome.certificate.by_priority && !outcome.units.is_empty())
                || outcome.total < best_total(case)
                || fault(case, &outcome).is_some()
        };
        if is_wrong(&case) {
            let small = shrink(&case, &is_wrong);
            let outcome = price(&small, NODES_MAX);
            let says = fault(&small, &outcome);
            panic!("seed {seed}: {says:?}\n{}\n{outcome:?}", describe(&small));
        }
        dearer += u64::from(outcome.total > least);
    }
    println!("by priority {dearer} of {BASKETS} baskets cost more than the least");
    assert!(dearer > 0);
}

/// One after another, each on every unit that it lowers and that none before it took.
fn in_turn(promotions: &[Promotion], case: &Case) -> i64 {
    let basket = Basket::new(&case.set, &case.goods, &case.context);
    let mut amounts: Vec<i64> = basket.units.iter().map(|unit| unit.price).collect();
    let mut is_taken: Vec<bool> = basket.units.iter().map(|unit| unit.is_fixed).collect();
    let mut turns: Vec<&Promotion> = promotions.iter().collect();
    turns.sort_by(|a, b| a.priority.cmp(&b.priority).then(a.id.cmp(&b.id)));
    for promotion in turns {
        let live = basket.live.iter().find(|live| live.promotion.id == promotion.id).unwrap();
        let Rule::Each(each) = &promotion.rule else {
            continue;
        };
        let mut left = promotion.limits.per_basket.unwrap_or(u32::MAX);
        for unit in 0..amounts.len() {
            let less = basket.reduction(unit, amounts[unit], each.tiers[0].award);
            if live.covers >> unit & 1 == 1 && !is_taken[unit] && less > 0 && left > 0 {
                (is_taken[unit], left) = (true, left - 1);
                amounts[unit] -= less;
            }
        }
    }
    basket.measure(basket.everything(), &amounts, true)
}

#[test]
fn by_priority_plain_promotions_come_one_after_another() {
    for seed in 8_200_000_000..8_200_000_000 + BASKETS {
        let mut random = Random::new(!seed);
        let mut drawn = case(seed);
        let mut plain = |nth: usize| {
            let item = random.pick(&drawn.goods.lines).item;
            let items = if random.percent(50) { items(&[]) } else { items(&[item.as_str()]) };
            let award = match random.below(3) {
                0 => percent(u32::try_from(random.between(1, 100)).unwrap()),
                1 => UnitAward::AmountOff(random.between(1, 30)),
                _ => UnitAward::Price(random.between(0, 90)),
            };
            let mut plain = promotion(&format!("p{nth}"), each(items, award));
            plain.priority = u32::try_from(random.below(3)).unwrap();
            let most = random.between(1, 3);
            plain.limits.per_basket = random.percent(50).then(|| u32::try_from(most).unwrap());
            plain
        };
        let promotions: Vec<Promotion> = (0..4).map(&mut plain).collect();
        drawn.set = PromotionSet::new(promotions.clone(), Policy::Priority, None);
        let expected = in_turn(&promotions, &drawn);
        let found = price(&drawn, NODES_MAX).total;
        assert_eq!(found, expected, "seed {seed}\n{}", describe(&drawn));
    }
}
