use std::time::Duration;

use serde::Serialize;
use serde_json::Number;

/// How long answers took, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct LatencySamples {
    /// From a scan or a keyed item to its priced line.
    pub scans_us: Vec<u64>,
    /// From the completion to the answer that it is durable.
    pub commits_us: Vec<u64>,
    /// From that answer to the sale on headquarters' page; `None` where there is none.
    pub headquarters: Option<Vec<u64>>,
}

/// What most cashiers waited and what one in a hundred waited, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LatencyReport {
    scan_p50: Option<Number>,
    scan_p99: Option<Number>,
    commit_p50: Option<Number>,
    commit_p99: Option<Number>,
    #[serde(flatten)]
    headquarters: Option<HeadquartersLatency>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct HeadquartersLatency {
    hq_p50: Option<Number>,
    hq_p99: Option<Number>,
}

impl LatencySamples {
    /// Takes over the samples of another register.
    pub fn append(&mut self, other: &mut Self) {
        self.scans_us.append(&mut other.scans_us);
        self.commits_us.append(&mut other.commits_us);
    }

    /// The percentiles; `null` where nothing was measured.
    #[must_use]
    pub fn report(&self) -> LatencyReport {
        let percentiles = |samples: &[u64]| {
            let mut sorted = samples.to_vec();
            sorted.sort_unstable();
            (percentile_ms(&sorted, 50), percentile_ms(&sorted, 99))
        };
        let (scan_p50, scan_p99) = percentiles(&self.scans_us);
        let (commit_p50, commit_p99) = percentiles(&self.commits_us);
        let headquarters = self.headquarters.as_deref().map(|samples| {
            let (hq_p50, hq_p99) = percentiles(samples);
            HeadquartersLatency { hq_p50, hq_p99 }
        });
        LatencyReport { scan_p50, scan_p99, commit_p50, commit_p99, headquarters }
    }
}

/// A duration in whole microseconds.
pub(in crate::replay) fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The nearest-rank percentile of sorted microseconds, in milliseconds.
fn percentile_ms(sorted_us: &[u64], percent: usize) -> Option<Number> {
    let rank = (sorted_us.len() * percent).div_ceil(100);
    let sample = sorted_us.get(rank.checked_sub(1)?)?;
    thousandths(*sample)
}

/// Thousandths as a number with three decimals, without any arithmetic on floats.
pub(in crate::replay) fn thousandths(count: u64) -> Option<Number> {
    let text = format!("{}.{:03}", count / 1000, count % 1000);
    text.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_the_nearest_rank_in_milliseconds() {
        let samples = LatencySamples {
            scans_us: (1..=200).rev().collect(),
            commits_us: vec![1_234_567],
            ..LatencySamples::default()
        };
        let report = serde_json::to_value(samples.report()).unwrap();
        let expected = serde_json::json!({
            "scan_p50": 0.1, "scan_p99": 0.198, "commit_p50": 1234.567, "commit_p99": 1234.567,
        });
        assert_eq!(report, expected);
    }

    #[test]
    fn nothing_measured_is_null_and_not_nought() {
        let report = serde_json::to_value(LatencySamples::default().report()).unwrap();
        assert!(report["scan_p50"].is_null());
    }
}
