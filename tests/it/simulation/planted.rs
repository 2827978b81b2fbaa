//! Faults put into the store on purpose: checks that miss them prove nothing.

use super::checks::Check;
use super::config::{Config, Plant};
use super::many;
use super::shop::Shop;
use super::world::run;

/// The plant is caught by this check; `or` others may see it in an earlier seed.
fn is_caught(plant: Plant, by: Check, or: &[Check]) {
    let shop = Shop::open();
    many::is_caught(&plant, (by, or), |seed| {
        let report = run(&shop, Config { plant: Some(plant), ..Config::new(seed) });
        report.violation.map(|violation| (violation.check, violation.to_string()))
    });
}

#[test]
fn an_answer_before_the_commit_is_caught() {
    is_caught(Plant::AnswerBeforeCommit, Check::ToldIsWritten, &[Check::FirstOutcomeStays]);
}

#[test]
fn a_register_that_looks_nothing_up_is_caught() {
    is_caught(Plant::NoLookUpById, Check::FirstOutcomeStays, &[]);
}

#[test]
fn a_sequence_given_again_after_a_cut_is_caught() {
    is_caught(Plant::SequenceReusedAfterCut, Check::RowsNeverChange, &[]);
}

#[test]
fn a_projection_outside_the_transaction_is_caught() {
    is_caught(Plant::ProjectionOutsideTransaction, Check::StockIsFold, &[]);
}

#[test]
fn stock_that_moves_at_the_scan_is_caught() {
    is_caught(Plant::StockMovedAtScan, Check::StockIsFold, &[]);
}

#[test]
fn a_stream_kept_on_restore_is_caught() {
    is_caught(Plant::StreamKeptOnRestore, Check::RowsNeverChange, &[]);
}
