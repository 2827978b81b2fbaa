//! Rounding and sharing, as the page says them.

/// A fraction of nought or more, rounded half up.
pub fn half_up(numerator: i64, denominator: i64) -> i64 {
    assert!(numerator >= 0 && denominator > 0, "{numerator}/{denominator}");
    (2 * numerator + denominator) / (2 * denominator)
}

/// Shares a sum in proportion to weights by the largest remainder; ties go to whoever stands first.
pub fn share(sum: i64, weights: &[i64]) -> Vec<i64> {
    let all: i64 = weights.iter().sum();
    if all == 0 {
        assert_eq!(sum, 0, "nothing to share {sum} over");
        return vec![0; weights.len()];
    }
    let mut shares: Vec<i64> = weights.iter().map(|weight| sum * weight / all).collect();
    let left = sum - shares.iter().sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&i| std::cmp::Reverse(sum * weights[i] % all));
    for &i in by_remainder.iter().take(usize::try_from(left).unwrap()) {
        shares[i] += 1;
    }
    shares
}

/// A set of units or promotions, by place.
pub type Set = u32;

/// The places in a set, ascending.
pub fn places(set: Set) -> impl Iterator<Item = usize> {
    (0..32).filter(move |place| set >> place & 1 == 1)
}

pub const fn has(set: Set, place: usize) -> bool {
    set >> place & 1 == 1
}

/// How two sets of different things compare as sorted lists of their members.
pub fn compare_lists(a: Set, b: Set) -> std::cmp::Ordering {
    places(a).cmp(places(b))
}

#[test]
fn halves_go_up_and_shares_add_up() {
    assert_eq!([half_up(14, 10), half_up(15, 10), half_up(0, 7)], [1, 2, 0]);
    assert_eq!(share(10, &[1, 1, 1]), [4, 3, 3]);
    assert_eq!(share(100, &[50, 30, 7]), [57, 35, 8]);
    assert_eq!(share(0, &[0, 0]), [0, 0]);
    assert!(compare_lists(0b011, 0b101).is_lt() && compare_lists(0b001, 0b011).is_lt());
}
