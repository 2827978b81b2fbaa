//! Random baskets with random promotions, each from a seed of its own.

mod customer;
mod goods;
mod rules;
mod terms;

use store_core::promotion::PricingContext;
use store_core::promotion::goods::Goods;
use store_core::promotion::set::{BasePoints, Policy, PromotionSet};

use crate::brute::Basket;
use crate::brute::search::Search;
use crate::random::Random;

/// A basket, the promotions in force, and what else counts.
#[derive(Clone, Debug)]
pub struct Case {
    pub set: PromotionSet,
    pub goods: Goods,
    pub context: PricingContext,
}

/// Most units of a basket, and most promotions of a set.
const UNITS_MAX: usize = 9;
const PROMOTIONS_MAX: usize = 6;
/// Larger ones would keep the brute force for seconds.
const TAKERS_MAX: u64 = 100_000;

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    loop {
        let case = draw(&mut random);
        let basket = Basket::new(&case.set, &case.goods, &case.context);
        if Search::new(&basket).size() <= TAKERS_MAX {
            return case;
        }
    }
}

fn draw(random: &mut Random) -> Case {
    let units = 1 + random.below(UNITS_MAX);
    let goods = goods::draw(random, units);
    let count = 1 + random.below(PROMOTIONS_MAX);
    let often = random.pick(&[20, 20, 100]);
    let context = customer::draw(random);
    let promotions = (0..count).map(|nth| {
        let mut promotion = rules::draw(random, &goods, nth);
        terms::draw(random, often, &mut promotion);
        promotion
    });
    let promotions: Vec<_> = promotions.collect();
    let context = customer::with_uses(random, context, &promotions);
    let base_points = random
        .percent(40)
        .then(|| BasePoints { per_amount: random.pick(&[10, 30, 100]), points: 1 });
    Case { set: PromotionSet::new(promotions, Policy::Best, base_points), goods, context }
}
