//! Random baskets with random promotions, each from a seed of its own.

mod customer;
mod goods;
mod rules;
mod terms;

use store_core::promotion::PricingContext;
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::set::{BasePoints, Policy, PromotionSet};
use store_core::{LineNumber, Quantity, Unit};

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
const TAKERS_MAX: u64 = 300_000;

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
    // Half of the baskets are rather full, and half of the sets.
    let size = |random: &mut Random, most: usize| {
        let drawn = [random.below(most), random.below(most)];
        1 + if random.percent(50) { drawn[0].max(drawn[1]) } else { drawn[0] }
    };
    let units = size(random, UNITS_MAX);
    let goods = goods::draw(random, units);
    let count = size(random, PROMOTIONS_MAX);
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

/// A line of one more piece or weighed thing for a basket, numbered after the others.
pub fn one_more(random: &mut Random, goods: &Goods) -> GoodsLine {
    let drawn = goods::draw(random, 1);
    let mut line = random.pick(&drawn.lines);
    let like = random.pick(&goods.lines);
    // Often the same item again, at any rate with a tax that the basket knows.
    if random.percent(70) {
        line = GoodsLine { is_fixed: false, ..like };
        if line.quantity.unit() == Unit::Piece {
            line.quantity = Quantity::one(Unit::Piece);
            line.amount = line.unit_price;
        }
    } else {
        (line.tax_class, line.tax) = (like.tax_class, like.tax);
    }
    let last = goods.lines.iter().map(|line| line.line.0).max().unwrap_or(0);
    GoodsLine { line: LineNumber(last + 1), ..line }
}
