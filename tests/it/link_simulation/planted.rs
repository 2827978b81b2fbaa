//! Mistakes made on purpose: checks that miss them prove nothing.

use super::checks::Check;
use super::config::{Config, Plant};
use super::world::run;
use crate::simulation::many;

/// The plant is caught by this check, and by none before it.
fn is_caught(plant: Plant, by: Check) {
    many::is_caught(&plant, (by, &[]), |seed| {
        let report = run(Config { plant: Some(plant), ..Config::new(seed) });
        report.violation.map(|violation| (violation.check, violation.to_string()))
    });
}

#[test]
fn rows_freed_when_the_broker_has_them_are_caught() {
    is_caught(Plant::RowsFreedOnPuback, Check::CursorIsAcknowledged);
}

#[test]
fn a_watermark_above_a_gap_is_caught() {
    is_caught(Plant::WatermarkIsTheHighest, Check::WatermarkHasNoGap);
}

#[test]
fn projections_folded_above_the_watermark_are_caught() {
    is_caught(Plant::FoldsAboveTheWatermark, Check::FoldedIsBelowTheWatermark);
}

#[test]
fn a_duplicate_with_another_digest_is_caught() {
    is_caught(Plant::TakesAnotherDigest, Check::AcknowledgedIsHeld);
}
