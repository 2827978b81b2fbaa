//! What a minor unit of each unit's price is worth, in whole numbers.

use super::problem::{Problem, Tax};
use crate::promotion::rule::{GroupAward, Rule};
use crate::tax::TaxMethod;

/// Whether sums of so many minor units, each of so many parts, stay within what is computed with.
pub(super) fn is_small(parts: i128, sum: i64) -> bool {
    parts.checked_mul(i128::from(sum.max(1))).is_some_and(|all| all < 1 << 88)
}

/// What a minor unit of each tax is worth, as whole numbers of one part; where there is one tax,
/// or all are contained in the prices, the sum says enough and each is worth the same.
pub(super) fn weights(problem: &Problem) -> Option<(i128, Vec<i128>)> {
    let is_inclusive = |tax: &Tax| tax.fraction.method == TaxMethod::Inclusive;
    if problem.taxes.len() == 1 || problem.taxes.iter().all(is_inclusive) {
        return Some((1, vec![1; problem.taxes.len()]));
    }
    taxed(problem)
}

/// What a minor unit of each tax comes to with its tax.
pub(super) fn taxed(problem: &Problem) -> Option<(i128, Vec<i128>)> {
    let is_added = |tax: &&Tax| tax.fraction.method == TaxMethod::Exclusive;
    let added = problem.taxes.iter().filter(is_added);
    let unit = added.map(|tax| tax.fraction.divisor()).max().unwrap_or(1);
    let by_tax = problem.taxes.iter().map(|tax| tax.fraction.weight(unit));
    Some((unit, by_tax.collect::<Option<_>>()?))
}

/// A number that the sizes of all groups divide whose reduction is counted unit by unit.
pub(super) fn sizes(problem: &Problem) -> Option<i128> {
    let mut all = 1_i128;
    for taker in &problem.takers {
        if let Rule::Group(group) = &problem.offer(*taker).promotion.rule {
            if matches!(group.award, GroupAward::Price(_) | GroupAward::AmountOff(_)) {
                let slots = group.slots.iter().filter(|slot| !slot.reusable);
                let size = slots.map(|slot| i128::from(slot.count)).sum::<i128>().max(1);
                if size <= 1000 {
                    all = lcm(all, size).filter(|all| is_small(*all, 1))?;
                }
            }
        }
    }
    Some(all)
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}
