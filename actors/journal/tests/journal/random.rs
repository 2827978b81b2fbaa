//! Chance that can be repeated.

/// A xorshift generator. Its seed is printed, so that a failure can be run again:
/// `JOURNAL_SEED=n`.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// With the seed of the environment, else one of its own; printed either way.
    pub fn new(test: &str) -> Self {
        let given = std::env::var("JOURNAL_SEED").ok().and_then(|text| text.parse().ok());
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let seed = given.unwrap_or(u64::from(now.subsec_nanos()));
        println!("{test}: JOURNAL_SEED={seed}");
        Self::seeded(seed)
    }

    pub const fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap() % limit
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
