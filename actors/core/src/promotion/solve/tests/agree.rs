//! The tables and the search unit by unit come to the same.

use std::sync::Arc;

use super::super::{Budget, exact, finish, problem, relax};
use super::{each, goods, group, now, order, promotion};
use crate::promotion::rule::*;
use crate::promotion::set::{Policy, PromotionSet};
use crate::promotion::tests::chance::Random;
use crate::promotion::{Member, PricingContext};
use crate::tax::TaxMethod;
use crate::{ItemId, MemberId};

const ITEMS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn some_items(random: &mut Random) -> Selector {
    let items = ITEMS.iter().filter(|_| random.percent(50)).map(|id| ItemId::new(id).unwrap());
    Selector { items: items.collect(), ..Selector::default() }
}

fn award(random: &mut Random) -> UnitAward {
    match random.below(4) {
        0 => UnitAward::PercentOff(BasisPoints(random.between(1, 40) as u32 * 250)),
        1 => UnitAward::AmountOff(random.between(1, 40)),
        2 => UnitAward::Price(random.between(1, 90)),
        _ => UnitAward::PercentOff(BasisPoints(10_000)),
    }
}

fn any_group(random: &mut Random) -> Rule {
    let slots: Vec<(Selector, u32)> = (0..random.between(1, 2))
        .map(|_| (some_items(random), random.between(1, 3) as u32))
        .collect();
    let size: i64 = slots.iter().map(|(_, count)| i64::from(*count)).sum();
    let given = match random.below(6) {
        0 => GroupAward::Price(random.between(20, 80) * size),
        1 => GroupAward::AmountOff(random.between(1, 30 * size)),
        2 => GroupAward::PercentOff(BasisPoints(random.between(1, 20) as u32 * 500)),
        3 => GroupAward::Cheapest { count: 1, award: award(random) },
        4 => GroupAward::Dearest { count: 1, award: award(random) },
        _ => GroupAward::BySlot,
    };
    let mut rule = group(&slots, given);
    if let Rule::Group(group) = &mut rule {
        group.same_item = random.percent(20);
        for slot in &mut group.slots {
            slot.award = random.percent(60).then(|| award(random));
        }
        if group.slots.len() > 1 && random.percent(20) {
            group.slots[0].reusable = true;
        }
    }
    rule
}

fn any_promotion(random: &mut Random, number: usize) -> Promotion {
    let rule = match random.below(8) {
        0 | 1 => {
            let mut rule = each(some_items(random), award(random));
            if let Rule::Each(each) = &mut rule
                && random.percent(40)
            {
                let from = random.between(2, 4) as u32;
                each.tiers.push(UnitTier { from, award: award(random) });
            }
            rule
        }
        2 => {
            let amount = match random.percent(50) {
                true => OrderAward::AmountOff(random.between(1, 120)),
                false => OrderAward::PercentOff(BasisPoints(random.between(1, 20) as u32 * 100)),
            };
            let mut order = order(random.between(0, 900), amount);
            order.is_repeatable = random.percent(20) && matches!(amount, OrderAward::AmountOff(_));
            if random.percent(15) {
                order.items = some_items(random);
            }
            Rule::Order(order)
        }
        _ => any_group(random),
    };
    let mut promotion = promotion(&format!("p{number}"), rule);
    promotion.combine = match random.below(10) {
        0 => Combine::Exclusive,
        1..=4 => Combine::WithOthers,
        _ => Combine::Alone,
    };
    promotion.class = random.percent(15).then(|| Arc::from("class"));
    promotion.limits.per_basket = random.percent(25).then(|| random.between(1, 3) as u32);
    promotion.cost_points = if random.percent(10) { 10 } else { 0 };
    promotion
}

#[test]
fn tables_never_promise_too_little_and_mostly_prove_what_they_find() {
    let (mut proven, mut equal) = (0, 0);
    let count = 1_000;
    for seed in 1..=count {
        let mut random = Random::new(seed);
        let rates: &[i64] = if random.percent(70) { &[5] } else { &[0, 5] };
        let lines: Vec<(&str, i64, i64, i64)> = (0..random.between(3, 6))
            .map(|_| {
                let item = ITEMS[random.below(6)];
                let rate = random.pick(rates);
                (item, random.between(1, 3), random.between(10, 120), rate)
            })
            .collect();
        let mut basket = goods(&lines);
        if random.percent(50) {
            basket.lines.iter_mut().for_each(|line| line.tax.method = TaxMethod::Inclusive);
        }
        let promotions = (0..random.below(5) + 2).map(|number| any_promotion(&mut random, number));
        let set = PromotionSet::new(promotions.collect(), Policy::Best, None);
        let mut context = PricingContext::anonymous(now(), now().date());
        context.member = Some(Member { id: MemberId::new("m").unwrap(), tier: None, points: 20 });
        let problem = problem::Problem::new(&set, &basket, &context).unwrap();
        let budget = Budget { nodes: 0, most: 100_000, aside: 0 };
        let (best, used) = exact::Exact::new(&problem, budget).unwrap().run(None).unwrap();
        if used.is_spent() {
            continue;
        }
        let best = best.best.unwrap().total;
        let mut finish = finish::Finish::new(&problem);
        let mut budget = Budget { nodes: 0, most: 200_000, aside: 0 };
        finish.complete(&problem.untouched(), &mut budget).unwrap();
        let relaxed = relax::Relaxation::new(&problem).unwrap().unwrap();
        let least = relaxed.improve(&mut finish, &mut budget).unwrap();
        let total = finish.best.unwrap().total;
        assert!(least <= best, "seed {seed}: at least {least} was promised, {best} is to pay");
        assert!(total >= best, "seed {seed}: {total} was found, {best} is the least");
        proven += u32::from(least == total);
        equal += u32::from(total == best);
    }
    println!("{proven} proven, {equal} found of {count}");
    assert!(proven * 10 > count as u32 * 6, "{proven} of {count} proven");
    assert!(equal >= proven && equal * 10 > count as u32 * 8, "{equal} of {count} found");
}
