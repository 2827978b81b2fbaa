//! Stores for which something is to be done: each waits once, however often it comes up, and the
//! one that has waited longest is next.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The stores that wait; a clone has the same ones.
#[derive(Clone, Default)]
pub(super) struct Due(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
}

#[derive(Default)]
struct Waiting {
    stores: BTreeSet<String>,
    order: VecDeque<String>,
}

impl Due {
    /// A store waits, if it does not already.
    pub fn add(&self, store: String) {
        let mut waiting = self.waiting();
        if waiting.stores.insert(store.clone()) {
            waiting.order.push_back(store);
        }
        drop(waiting);
        self.0.more.notify_one();
    }

    /// The next one, which waits no more. One asks at a time.
    pub async fn next(&self) -> String {
        loop {
            if let Some(store) = self.take() {
                return store;
            }
            self.0.more.notified().await;
        }
    }

    fn take(&self) -> Option<String> {
        let mut waiting = self.waiting();
        let store = waiting.order.pop_front()?;
        waiting.stores.remove(&store);
        Some(store)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_store_waits_once_and_behind_those_who_came_before() {
        let due = Due::default();
        ["a", "b", "a", "c", "a"].iter().for_each(|store| due.add((*store).to_owned()));
        assert_eq!((due.next().await, due.next().await), ("a".to_owned(), "b".to_owned()));
        due.add("a".to_owned());
        assert_eq!((due.next().await, due.next().await), ("c".to_owned(), "a".to_owned()));
        assert_eq!(due.take(), None);
    }
}
