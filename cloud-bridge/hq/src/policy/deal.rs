//! A limit of the chain, dealt out to its stores so that none of them has to ask anybody.

/// What a limit is dealt by in one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// How much of the trade it does, at least 1.
    pub weight: u64,
    /// What it has used, as far as headquarters has heard.
    pub used: u64,
    /// The most that it may still believe to be its share: what it was dealt before, until it says
    /// that it follows newer policy.
    pub held: u64,
}

impl Hand {
    /// What it may use of the limit whatever becomes of the new policy.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.used.max(self.held)
    }
}

/// Deals a limit out, of which stores that are dealt nothing now may still use so much: a share for
/// each hand, in their order.
///
/// No store's share falls below what it has used or may believe to have, so what was dealt once is
/// never given to another, and the limit holds however long a store is away. What is free goes by
/// weight, each part rounded down, the largest remainders first. All shares come to what is free
/// of the limit.
///
/// A limit that was lowered below what is out already cannot be kept like that: then shares do not
/// fall below what was used, and where even that is more than the limit, nobody may use any more.
#[must_use]
pub fn deal(limit: u64, elsewhere: u64, hands: &[Hand]) -> Vec<u64> {
    let free = limit.saturating_sub(elsewhere);
    let taken: Vec<u64> = hands.iter().map(Hand::taken).collect();
    let used: Vec<u64> = hands.iter().map(|hand| hand.used).collect();
    let weights: Vec<u64> = hands.iter().map(|hand| hand.weight.max(1)).collect();
    if sum(&taken) <= u128::from(free) {
        above(free, &taken, &weights)
    } else if sum(&used) <= u128::from(free) {
        above(free, &used, &weights)
    } else {
        // Each part is at most what was used, for there is less than all of it.
        by_weight(free, &used)
    }
}

fn sum(parts: &[u64]) -> u128 {
    parts.iter().copied().map(u128::from).sum()
}

/// Shares by weight of which none is below its floor; all floors are at most the amount.
fn above(amount: u64, floors: &[u64], weights: &[u64]) -> Vec<u64> {
    let mut shares = floors.to_vec();
    let mut rest = amount;
    let mut open: Vec<usize> = (0..floors.len()).collect();
    let at = |list: &[u64], place: usize| list.get(place).copied().unwrap_or_default();
    loop {
        let own: Vec<u64> = open.iter().map(|place| at(weights, *place)).collect();
        let parts: Vec<(usize, u64)> = open.iter().copied().zip(by_weight(rest, &own)).collect();
        let is_under = |(place, part): &&(usize, u64)| *part < at(floors, *place);
        let under: Vec<usize> = parts.iter().filter(is_under).map(|(place, _)| *place).collect();
        if under.is_empty() {
            for (place, part) in parts {
                if let Some(share) = shares.get_mut(place) {
                    *share = part;
                }
            }
            return shares;
        }
        // These keep their floor; the others go by weight for what is left.
        for place in under {
            rest = rest.saturating_sub(at(floors, place));
            open.retain(|one| *one != place);
        }
    }
}

/// An amount in parts by weight: rounded down, and the largest remainders one more, the first of
/// equal ones first.
fn by_weight(amount: u64, weights: &[u64]) -> Vec<u64> {
    let all = sum(weights).max(1);
    let exact = |weight: &u64| u128::from(amount) * u128::from(*weight);
    let mut parts: Vec<u64> =
        weights.iter().map(|weight| u64::try_from(exact(weight) / all).unwrap_or(amount)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let remainder = |place: &usize| weights.get(*place).map_or(0, |weight| exact(weight) % all);
    order.sort_by_key(|place| std::cmp::Reverse(remainder(place)));
    let missing = u128::from(amount).saturating_sub(sum(&parts));
    for place in order.into_iter().take(usize::try_from(missing).unwrap_or(usize::MAX)) {
        if let Some(part) = parts.get_mut(place) {
            *part += 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fresh(weights: &[u64]) -> Vec<Hand> {
        weights.iter().map(|weight| Hand { weight: *weight, used: 0, held: 0 }).collect()
    }

    #[test]
    fn a_limit_that_nobody_has_used_goes_by_weight_to_the_last_one() {
        assert_eq!(deal(10, 0, &fresh(&[1, 1, 1])), [4, 3, 3]);
        assert_eq!(deal(100, 0, &fresh(&[70, 20, 10])), [70, 20, 10]);
        assert_eq!(deal(1, 0, &fresh(&[1, 5, 5])), [0, 1, 0]);
        assert_eq!(deal(0, 0, &fresh(&[1, 2])), [0, 0]);
        assert_eq!(deal(u64::MAX, 0, &fresh(&[u64::MAX, u64::MAX])), [1 << 63, (1 << 63) - 1]);
        assert_eq!(deal(10, 0, &[]), [0_u64; 0]);
    }

    #[test]
    fn what_was_dealt_before_stays_with_whom_it_was_dealt_to() {
        let hand = |used, held| Hand { weight: 1, used, held };
        // All is out: a store that comes later has to wait for a higher limit.
        assert_eq!(deal(10, 0, &[hand(2, 5), hand(0, 5), hand(0, 0)]), [5, 5, 0]);
        assert_eq!(deal(16, 0, &[hand(2, 5), hand(0, 5), hand(0, 0)]), [6, 5, 5]);
        // Others may still use six of the ten.
        assert_eq!(deal(10, 6, &[hand(0, 0), hand(0, 0)]), [2, 2]);
        assert_eq!(deal(10, 60, &[hand(0, 0), hand(3, 0)]), [0, 0]);
    }

    #[test]
    fn a_limit_that_was_lowered_leaves_to_each_what_it_has_used() {
        let hand = |used, held| Hand { weight: 1, used, held };
        assert_eq!(deal(10, 0, &[hand(7, 20), hand(0, 20)]), [7, 3]);
        assert_eq!(deal(6, 0, &[hand(8, 20), hand(4, 20), hand(0, 20)]), [4, 2, 0]);
    }

    proptest! {
        #[test]
        fn shares_come_to_what_is_free_and_nobody_is_dealt_what_another_may_use(
            limit in 0..1000_u64,
            elsewhere in 0..300_u64,
            hands in prop::collection::vec((0..50_u64, 0..200_u64, 0..200_u64), 1..8),
        ) {
            let hands: Vec<Hand> = hands
                .into_iter()
                .map(|(weight, used, held)| Hand { weight, used, held })
                .collect();
            let shares = deal(limit, elsewhere, &hands);
            let free = limit.saturating_sub(elsewhere);
            prop_assert_eq!(shares.iter().sum::<u64>(), free);
            let taken: u64 = hands.iter().map(Hand::taken).sum();
            let used: u64 = hands.iter().map(|hand| hand.used).sum();
            for (share, hand) in shares.iter().zip(&hands) {
                if taken <= free {
                    prop_assert!(*share >= hand.taken());
                } else if used <= free {
                    prop_assert!(*share >= hand.used);
                } else {
                    prop_assert!(*share <= hand.used, "nobody may use any more");
                }
            }
            prop_assert_eq!(shares, deal(limit, elsewhere, &hands), "the same again");
        }
    }
}
