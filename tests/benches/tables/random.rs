//! Numbers that look random and are the same in every run.

/// SplitMix64: enough for choosing items, and ten lines.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// Evenly between 0 and 1, without either.
    fn fraction(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// How many lines a basket has: the logarithm is normally distributed, as that of the recorded
    /// baskets nearly is, with their median 6 and their 99th percentile 58.
    pub fn basket_lines(&mut self) -> usize {
        const MEDIAN: f64 = 6.0;
        const SPREAD: f64 = 0.9752; // ln(58 / 6) / 2.3263
        const LINES_MAX: f64 = 123.0; // the longest recorded basket
        let (a, b) = (self.fraction(), self.fraction());
        let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        let lines = (MEDIAN * (SPREAD * normal).exp()).round().clamp(1.0, LINES_MAX);
        lines as usize
    }
}
