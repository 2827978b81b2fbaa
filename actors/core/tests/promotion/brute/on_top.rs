//! Promotions that come on top of what stage 1 left.

use store_core::promotion::rule::{Combine, Rule};

use super::arithmetic::{Set, has, places};
use super::basket::{Basket, Live};
use super::items::cut;

/// What a promotion on top takes off units that cost so much now, where any of it is allowed.
pub fn reductions(basket: &Basket, live: &Live, open: Set, amounts: &[i64]) -> Option<Vec<i64>> {
    let Rule::Each(each) = &live.promotion.rule else {
        return None;
    };
    let award = each.tiers.first()?.award;
    let mut reductions = vec![0; amounts.len()];
    for unit in places(live.covers & open) {
        reductions[unit] = basket.reduction(unit, amounts[unit], award);
    }
    cut(&mut reductions, live.cap);
    (reductions.iter().sum::<i64>() > 0).then_some(reductions)
}

/// Every set of live promotions on top, each in the order in which they come.
pub fn each_subset(basket: &Basket) -> Vec<Vec<usize>> {
    let number = |place: usize| match basket.live[place].promotion.combine {
        Combine::OnTop(number) => number,
        _ => 0,
    };
    let all: Vec<usize> =
        (0..basket.live.len()).filter(|&place| basket.live[place].is_on_top()).collect();
    let subset = |set: Set| {
        let mut subset: Vec<usize> =
            all.iter().enumerate().filter(|(nth, _)| has(set, *nth)).map(|(_, one)| *one).collect();
        subset.sort_by_key(|&place| (number(place), place));
        subset
    };
    (0..1 << all.len()).map(subset).collect()
}
