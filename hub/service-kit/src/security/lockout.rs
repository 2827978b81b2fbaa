//! How long somebody waits after failing.
//!
//! An attempt counts as failed from the moment it begins until it has succeeded: a thousand guesses
//! sent at once are a thousand failures, not one. Waiting is measured by a clock that only runs
//! forward, because a machine that gets its time from the network may find that it is next year.

use std::collections::BTreeMap;

/// Failures that cost nothing: a cashier with cold fingers.
const FREE_FAILURES: u32 = 4;
/// The first wait, in milliseconds; each further failure doubles it.
const FIRST_MS: u64 = 60_000;
/// The longest wait, in milliseconds: a shop must be able to open again.
pub const LONGEST_MS: u64 = 15 * 60_000;
/// How long after the last wait the failures are forgotten, in milliseconds.
const FORGOTTEN_AFTER_MS: u64 = 24 * 3_600_000;
/// Most keys whose failures are remembered: a hostile Wi-Fi may try many names and addresses.
const KEYS_MAX: usize = 10_000;

/// How long the next attempt has to wait after so many failures in a row, in milliseconds.
#[must_use]
pub fn lock_ms(failures: u32) -> u64 {
    let Some(doublings) = failures.checked_sub(FREE_FAILURES + 1) else { return 0 };
    FIRST_MS.checked_shl(doublings.min(16)).map_or(LONGEST_MS, |wait| wait.min(LONGEST_MS))
}

/// What is known of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// Failures in a row.
    pub failures: u32,
    /// When the next attempt is allowed, in milliseconds of the clock that runs forward.
    pub free_at_ms: u64,
}

/// The failures of every key. All times are milliseconds of one clock that only runs forward.
#[derive(Clone, Debug, Default)]
pub struct Lockouts(BTreeMap<String, Tries>);

impl Lockouts {
    /// Takes up what an earlier run wrote down: the failures, and how long was still to be waited.
    pub fn restore(&mut self, key: String, failures: u32, wait_ms: u64, now_ms: u64) {
        let free_at_ms = now_ms + wait_ms.min(LONGEST_MS);
        self.0.insert(key, Tries { failures, free_at_ms });
    }

    /// Begins an attempt under every one of these keys. Answers what had to be forgotten to make
    /// room.
    ///
    /// # Errors
    /// Where one of the keys is locked: the milliseconds to wait. Then nothing is counted.
    pub fn begin(&mut self, keys: &[String], now_ms: u64) -> Result<Vec<String>, u64> {
        let waits = keys.iter().filter_map(|key| self.0.get(key));
        let wait = waits.map(|known| known.free_at_ms.saturating_sub(now_ms)).max().unwrap_or(0);
        if wait > 0 {
            return Err(wait);
        }
        let mut forgotten = Vec::new();
        for key in keys {
            if !self.0.contains_key(key) && self.0.len() >= KEYS_MAX {
                forgotten.extend(self.make_room());
            }
            let tries =
                self.0.entry(key.clone()).or_insert(Tries { failures: 0, free_at_ms: now_ms });
            if now_ms.saturating_sub(tries.free_at_ms) > FORGOTTEN_AFTER_MS {
                tries.failures = 0;
            }
            tries.failures = tries.failures.saturating_add(1);
            tries.free_at_ms = now_ms + lock_ms(tries.failures);
        }
        Ok(forgotten)
    }

    /// Forgets the key that failed least: to fill the table must not free one that is locked.
    fn make_room(&mut self) -> Option<String> {
        let known = self.0.iter();
        let least = known.min_by_key(|(_, tries)| (tries.failures, tries.free_at_ms));
        let key = least.map(|(key, _)| key.clone())?;
        self.0.remove(&key);
        Some(key)
    }

    /// An attempt succeeded: it was no failure.
    pub fn take_back(&mut self, key: &str, now_ms: u64) {
        if let Some(tries) = self.0.get_mut(key) {
            tries.failures = tries.failures.saturating_sub(1);
            tries.free_at_ms = tries.free_at_ms.min(now_ms);
            if tries.failures == 0 {
                self.0.remove(key);
            }
        }
    }

    /// Forgets a key.
    pub fn forget(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// What is known of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Tries> {
        self.0.get(key).copied()
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody has failed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn failures_cost_more_and_more_time_up_to_a_quarter_of_an_hour() {
        let waits: Vec<u64> = [1, 4, 5, 6, 7, 8, 9, 100].map(lock_ms).into();
        assert_eq!(waits, [0, 0, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
    }

    #[test]
    fn guesses_that_are_sent_at_once_all_count() {
        let mut lockouts = Lockouts::default();
        let begun = (0..1000).filter(|_| lockouts.begin(&keys(&["m1"]), 7).is_ok()).count();
        assert_eq!(begun, 5, "none of them has been answered yet");
    }

    #[test]
    fn a_wait_ends_and_a_day_later_all_is_forgotten() {
        let mut lockouts = Lockouts::default();
        let m1 = keys(&["m1"]);
        for _ in 0..5 {
            lockouts.begin(&m1, 0).unwrap();
        }
        assert_eq!(lockouts.begin(&m1, 59_999), Err(1));
        assert!(lockouts.begin(&m1, 60_000).is_ok());
        assert_eq!(lockouts.get("m1").unwrap().free_at_ms, 180_000, "the sixth waits longer");
        lockouts.begin(&m1, 180_001 + FORGOTTEN_AFTER_MS).unwrap();
        assert_eq!(lockouts.get("m1").unwrap().failures, 1);
    }

    #[test]
    fn one_locked_key_stops_the_attempt_and_nothing_is_counted() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.begin(&keys(&["address"]), 0).unwrap();
        }
        assert!(lockouts.begin(&keys(&["m1", "address"]), 1).is_err());
        assert_eq!(lockouts.get("m1"), None);
    }

    #[test]
    fn success_takes_back_its_own_attempt_only() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.begin(&keys(&["address"]), 0).unwrap();
        }
        lockouts.take_back("address", 0);
        assert_eq!(lockouts.get("address"), Some(Tries { failures: 4, free_at_ms: 0 }));
    }

    #[test]
    fn a_restored_wait_is_never_longer_than_the_longest() {
        let mut lockouts = Lockouts::default();
        lockouts.restore("m1".to_owned(), 9, u64::MAX / 2, 3);
        assert_eq!(lockouts.begin(&keys(&["m1"]), 3), Err(LONGEST_MS));
    }

    #[test]
    fn filling_the_table_frees_nobody_who_is_locked() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.begin(&keys(&["m1"]), 0).unwrap();
        }
        let mut forgotten = 0;
        for n in 0..2 * KEYS_MAX {
            forgotten += lockouts.begin(&[format!("x{n}")], 1).unwrap().len();
        }
        assert_eq!(lockouts.len(), KEYS_MAX);
        assert_eq!(forgotten, KEYS_MAX + 1);
        assert!(lockouts.begin(&keys(&["m1"]), 1).is_err());
    }
}
