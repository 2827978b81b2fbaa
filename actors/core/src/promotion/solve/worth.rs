//! What a minor unit of each unit's price is worth, in whole numbers.

use super::problem::{Problem, Tax};
use crate::MoneyError;
use crate::promotion::arith::minor;
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
    // A rate of more decimals than any has would not leave room for the sums.
    if unit >= 1 << 60 {
        return None;
    }
    let by_tax = problem.taxes.iter().map(|tax| tax.fraction.weight(unit));
    Some((unit, by_tax.collect::<Option<_>>()?))
}

/// A number that the sizes of all groups divide whose reduction is counted unit by unit.
pub(super) fn sizes(problem: &Problem) -> Option<i128> {
    let mut all = 1_i128;
    for taker in &problem.takers {
        if let Rule::Group(group) = &problem.offer(*taker).promotion.rule
            && matches!(group.award, GroupAward::Price(_) | GroupAward::AmountOff(_))
        {
            let slots = group.slots.iter().filter(|slot| !slot.reusable);
            let size = slots.map(|slot| i128::from(slot.count)).sum::<i128>().max(1);
            if size <= 1000 {
                all = lcm(all, size).filter(|all| is_small(*all, 1))?;
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

/// How many taxes are rounded.
pub(super) fn roundings(problem: &Problem) -> i128 {
    let is_rounded =
        |tax: &&Tax| tax.fraction.method == TaxMethod::Exclusive && !tax.rate.percent.is_zero();
    problem.taxes.iter().filter(is_rounded).map(|_| 1).sum()
}

/// What is to pay at least before promotions of orders, where so many parts are left of what
/// [`weights`] makes of the prices.
pub(super) fn gross_at_least(
    problem: &Problem,
    parts: i128,
    unit: i128,
    roundings: i128,
) -> Result<i64, MoneyError> {
    if let [tax] = &problem.taxes[..] {
        let whole = parts.div_euclid(unit) + i128::from(parts.rem_euclid(unit) > 0);
        return tax.fraction.gross(minor(whole.max(0))?);
    }
    rounded_at_least(parts, unit, [roundings, 0])
}

/// The least whole number that so many parts may be rounded to, by taxes, each of which is rounded
/// down by less than a half, and by percentages, each of which takes off at most a half more.
pub(super) fn rounded_at_least(
    parts: i128,
    unit: i128,
    [taxes, percents]: [i128; 2],
) -> Result<i64, MoneyError> {
    let doubled = 2 * parts - (taxes + percents) * unit;
    let (whole, rest) = (doubled.div_euclid(2 * unit), doubled.rem_euclid(2 * unit));
    minor((whole + i128::from(taxes > 0 || rest > 0)).max(0))
}
