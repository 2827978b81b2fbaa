//! Mistakes made on purpose: checks that miss them prove nothing.

use super::checks::Check;
use super::config::{Config, Plant};
use super::world::run;

/// Within so many seeds.
const SEEDS_MAX: u64 = 50;

/// The plant is caught by this check, and by none before it but those in `or`.
fn is_caught(plant: Plant, by: Check, or: &[Check]) {
    for seed in 1..=SEEDS_MAX {
        let report = run(Config { plant: Some(plant), ..Config::new(seed) });
        let Some(violation) = report.violation else { continue };
        println!("{plant:?}, seed {seed}: {violation}");
        if violation.check == by {
            return;
        }
        assert!(or.contains(&violation.check), "{plant:?}, seed {seed}: {violation}");
    }
    panic!("{by:?} did not catch {plant:?} within {SEEDS_MAX} seeds");
}

#[test]
fn rows_freed_when_the_broker_has_them_are_caught() {
    is_caught(Plant::RowsFreedOnPuback, Check::CursorIsAcknowledged, &[]);
}

#[test]
fn a_watermark_above_a_gap_is_caught() {
    is_caught(Plant::WatermarkIsTheHighest, Check::WatermarkHasNoGap, &[]);
}

#[test]
fn projections_folded_above_the_watermark_are_caught() {
    is_caught(Plant::FoldsAboveTheWatermark, Check::FoldedIsBelowTheWatermark, &[]);
}

#[test]
fn a_duplicate_with_another_digest_is_caught() {
    is_caught(Plant::TakesAnotherDigest, Check::AcknowledgedIsHeld, &[]);
}
