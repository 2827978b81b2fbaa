use std::sync::atomic::{AtomicU64, Ordering};

/// How many papers there are that are not done with, for whoever counts them.
#[derive(Debug, Default)]
pub struct PrintCounts {
    waiting: AtomicU64,
    unknown: AtomicU64,
}

impl PrintCounts {
    /// Those that wait for a printer or are under way at one.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Those of which nobody knows whether they came out.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.unknown.load(Ordering::Relaxed)
    }

    /// Notes how many there are now.
    pub(super) fn note(&self, waiting: usize, unknown: usize) {
        let count = |length| u64::try_from(length).unwrap_or(u64::MAX);
        self.waiting.store(count(waiting), Ordering::Relaxed);
        self.unknown.store(count(unknown), Ordering::Relaxed);
    }
}
