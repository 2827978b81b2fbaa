//! Two arms of a comparison, in turn.

/// Runs both arms `pairs` times, the one that begins changing from pair to pair, so that whatever
/// else this machine does falls on both. Each arm is told the number of the pair.
pub fn alternate<A, B>(
    pairs: usize,
    mut ours: impl FnMut(usize) -> A,
    mut limit: impl FnMut(usize) -> B,
) -> Vec<(A, B)> {
    let pair = |index| {
        if index % 2 == 0 {
            let first = ours(index);
            (first, limit(index))
        } else {
            let first = limit(index);
            (ours(index), first)
        }
    };
    (0..pairs).map(pair).collect()
}
