//! What a run is started with.

use hq::ingest::decide::Faults;

/// A mistake of the pump or of the ingest that the checks must catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// That the broker has a message counts as headquarters' acknowledgement.
    RowsFreedOnPuback,
    /// The watermark is the last row that is held, gaps or not.
    WatermarkIsTheHighest,
    /// Rows are folded as they come.
    FoldsAboveTheWatermark,
    /// A row under a number that is taken is a duplicate, whatever its digest.
    TakesAnotherDigest,
}

impl Plant {
    /// What the ingest is told to do wrong.
    pub fn faults(plant: Option<Self>) -> Faults {
        Faults {
            watermark_is_the_highest: plant == Some(Self::WatermarkIsTheHighest),
            folds_above_the_watermark: plant == Some(Self::FoldsAboveTheWatermark),
            takes_another_digest: plant == Some(Self::TakesAnotherDigest),
        }
    }
}

/// What a run is started with.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Everything that is random follows from it.
    pub seed: u64,
    /// Everything goes wrong until so many rows were written.
    pub rows: u64,
    /// The mistake, if any.
    pub plant: Option<Plant>,
    /// Whether every event is written down.
    pub is_traced: bool,
}

impl Config {
    pub const fn new(seed: u64) -> Self {
        Self { seed, rows: 150, plant: None, is_traced: false }
    }
}
