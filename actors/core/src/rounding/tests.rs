use proptest::prelude::*;

use super::*;
use crate::Currency;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

#[test]
fn each_rule_rounds_as_it_is_named() {
    for (value, half_up, half_even, half_down, down, up) in [
        ("-2.5", -3, -2, -2, -2, -3),
        ("-1.5", -2, -2, -1, -1, -2),
        ("-0.5", -1, 0, 0, 0, -1),
        ("-0.4", 0, 0, 0, 0, -1),
        ("0.0", 0, 0, 0, 0, 0),
        ("0.4999999999", 0, 0, 0, 0, 1),
        ("0.5", 1, 0, 0, 0, 1),
        ("1.5", 2, 2, 1, 1, 2),
        ("2.5", 3, 2, 2, 2, 3),
        ("2.5000000001", 3, 3, 3, 2, 3),
        ("7", 7, 7, 7, 7, 7),
    ] {
        let value: Decimal = value.parse().unwrap();
        for (rule, expected) in [
            (Rounding::HalfUp, half_up),
            (Rounding::HalfEven, half_even),
            (Rounding::HalfDown, half_down),
            (Rounding::Down, down),
            (Rounding::Up, up),
        ] {
            assert_eq!(rule.round(value), Decimal::from(expected), "{value} {rule:?}");
        }
    }
}

#[test]
fn a_division_names_its_rule_and_never_divides_by_nothing() {
    assert_eq!(divide(usd(100), 3.into(), Rounding::HalfUp), Ok(usd(33)));
    assert_eq!(divide(usd(200), 3.into(), Rounding::HalfUp), Ok(usd(67)));
    assert_eq!(divide(usd(-5), 2.into(), Rounding::HalfUp), Ok(usd(-3)));
    assert_eq!(divide(usd(-5), 2.into(), Rounding::Down), Ok(usd(-2)));
    assert_eq!(divide(usd(5), Decimal::ZERO, Rounding::Up), Err(MoneyError::BadAmount));
    let tiny = Decimal::new(1, 28);
    assert!(divide(usd(1_000_000_000_000_000), tiny, Rounding::Up).is_err());
}

#[test]
fn what_is_left_over_goes_to_the_largest_remainders() {
    let parts = |minor, weights: &[i64]| -> Vec<i64> {
        split(usd(minor), weights).unwrap().into_iter().map(Money::minor).collect()
    };
    assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(parts(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(parts(5, &[10, 20, 30]), [1, 2, 2]);
    assert_eq!(parts(1, &[1, 2]), [0, 1]);
    assert_eq!(parts(7, &[0, 0]), [7, 0]);
    assert_eq!(parts(7, &[0, 3, 0]), [0, 7, 0]);
    assert_eq!(parts(0, &[5, 5]), [0, 0]);
    assert_eq!(split(usd(7), &[]), Err(MoneyError::BadAmount));
    assert_eq!(split(usd(7), &[1, -1]), Err(MoneyError::BadAmount));
}

proptest! {
    #[test]
    fn the_parts_add_up_and_each_is_within_one_unit_of_its_share(
        minor in -1_000_000_000_000_000_i64..=1_000_000_000_000_000,
        weights in prop::collection::vec(
            prop_oneof![3 => 0_i64..10_000, 1 => 0_i64..=i64::MAX], 1..60),
    ) {
        let parts = split(usd(minor), &weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Money::sum(Currency::USD, parts.iter().copied()), Ok(usd(minor)));
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        prop_assume!(total > 0);
        for (part, weight) in parts.iter().zip(&weights) {
            let share = i128::from(minor) * i128::from(*weight);
            let off = (i128::from(part.minor()) * total - share).abs();
            prop_assert!(off < total, "{part:?} of {minor} by {weight}/{total}");
            prop_assert!(*weight > 0 || part.is_zero(), "what weighs nothing gets nothing");
        }
    }
}
