//! How much there is at a time: of each kind, and of all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts, and refuses what would be too much; a clone counts the same.
#[derive(Clone)]
pub(crate) struct Counts<K>(Arc<Limited<K>>);

struct Limited<K> {
    of_one_max: usize,
    of_all_max: usize,
    counts: Mutex<BTreeMap<K, usize>>,
}

impl<K: Clone + Ord> Counts<K> {
    /// So many of each kind, and of all kinds together.
    pub fn at_most(of_one_max: usize, of_all_max: usize) -> Self {
        Self(Arc::new(Limited { of_one_max, of_all_max, counts: Mutex::default() }))
    }

    /// Counts one more, until what is answered is dropped; nothing where there are too many.
    pub fn admit(&self, kind: K) -> Option<Counted<K>> {
        let mut counts = self.0.counts();
        let (of_one, of_all) = (counts.get(&kind).copied().unwrap_or(0), counts.values().sum());
        let all: usize = of_all;
        if of_one >= self.0.of_one_max || all >= self.0.of_all_max {
            return None;
        }
        counts.insert(kind.clone(), of_one + 1);
        Some(Counted { limited: self.0.clone(), kind })
    }
}

impl<K> Limited<K> {
    fn counts(&self) -> MutexGuard<'_, BTreeMap<K, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that counts until it is dropped.
pub(crate) struct Counted<K: Ord> {
    limited: Arc<Limited<K>>,
    kind: K,
}

impl<K: Ord> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut counts = self.limited.counts();
        if let Some(count) = counts.get_mut(&self.kind) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.kind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_of_a_kind_and_of_all_until_one_is_dropped() {
        let counts = Counts::at_most(2, 3);
        let first = counts.admit("a").unwrap();
        let second = counts.admit("a").unwrap();
        assert!(counts.admit("a").is_none(), "too many of its kind");
        let third = counts.admit("b").unwrap();
        assert!(counts.admit("c").is_none(), "too many in all");
        drop(first);
        let fourth = counts.admit("c").unwrap();
        assert!(counts.admit("a").is_none(), "too many in all again");
        drop((second, third, fourth));
        assert!(counts.0.counts().is_empty(), "nothing is kept of what is gone");
    }
}
