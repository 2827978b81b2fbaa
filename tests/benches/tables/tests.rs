use std::time::Duration;

use super::random::Random;
use super::samples::{Ratios, percentile};

#[test]
fn baskets_are_as_long_as_recorded_ones() {
    let mut random = Random::new(1);
    let mut lines: Vec<usize> = (0..100_000).map(|_| random.basket_lines()).collect();
    lines.sort_unstable();
    assert_eq!(lines[50_000], 6);
    assert!((55..=61).contains(&lines[99_000]), "{}", lines[99_000]);
    assert_eq!((lines[0], lines[99_999]), (1, 123));
}

#[test]
fn a_percentile_is_a_sample() {
    let samples: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
    assert_eq!(percentile(&samples, 50), Duration::from_millis(100));
    assert_eq!(percentile(&samples, 99), Duration::from_millis(198));
    assert_eq!(percentile(&samples, 100), Duration::from_millis(200));
    assert_eq!(percentile(&[], 50), Duration::ZERO);
}

#[test]
fn the_middle_ratio_is_shown_with_the_middle_half() {
    let ratios = Ratios::of([(4.0, 1.0), (1.0, 1.0), (3.0, 1.0), (5.0, 1.0), (2.0, 1.0)]);
    assert_eq!(ratios.shown(), "3.00 (2.00–4.00)");
    assert!(Ratios::default().median().is_nan());
}
