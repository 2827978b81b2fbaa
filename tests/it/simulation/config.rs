//! What a run is started with.

/// A fault of the store itself that the checks must catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// A register is told that its promise is durable when it is handed over.
    AnswerBeforeCommit,
    /// Nothing is remembered of a transaction that is over.
    NoLookUpById,
    /// A row can be read before it is synced, and its number is given again after a cut.
    SequenceReusedAfterCut,
    /// The stock's table is written after the row, not with it.
    ProjectionOutsideTransaction,
    /// A scanned item leaves the stock at once.
    StockMovedAtScan,
    /// A restored journal goes on in its old stream.
    StreamKeptOnRestore,
}

/// What a run is started with.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Everything that is random follows from it.
    pub seed: u64,
    /// The run goes on until terminals were told the end of so many transactions.
    pub transactions: u32,
    /// The store's own fault, if any.
    pub plant: Option<Plant>,
    /// Whether every event is written down.
    pub is_traced: bool,
}

impl Config {
    pub const fn new(seed: u64) -> Self {
        Self { seed, transactions: 200, plant: None, is_traced: false }
    }
}
