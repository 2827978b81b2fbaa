//! What was measured, in order of size.

use std::time::Duration;

/// The nearest-rank percentile; zero where nothing was measured.
pub fn percentile(samples: &[Duration], percent: usize) -> Duration {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    rank.checked_sub(1).and_then(|index| sorted.get(index)).copied().unwrap_or_default()
}

/// Ratios of pairs.
#[derive(Clone, Debug, Default)]
pub struct Ratios(Vec<f64>);

impl Ratios {
    /// Of these pairs, the first by the second.
    pub fn of(pairs: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut ratios: Vec<f64> = pairs.into_iter().map(|(a, b)| a / b).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        Self(ratios)
    }

    fn quantile(&self, of_four: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last * of_four + 2) / 4).copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.quantile(2)
    }

    /// The middle one, and between which two the middle half of them lie.
    pub fn shown(&self) -> String {
        format!("{:.2} ({:.2}–{:.2})", self.median(), self.quantile(1), self.quantile(3))
    }
}

/// A duration in milliseconds, to the microsecond.
pub fn ms(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64() * 1000.0)
}

/// Whether a target was met, in a word.
pub const fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "NOT met" }
}
