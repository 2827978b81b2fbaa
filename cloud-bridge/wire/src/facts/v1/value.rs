use serde::{Deserialize, Serialize};

/// A sum of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In the major unit, as a plain decimal with exactly the currency's decimals.
    pub amount: String,
    /// The ISO 4217 code.
    pub currency: String,
}

/// How much of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// A plain decimal with at most three decimals.
    pub amount: String,
    /// `piece`, `kilogram`, `litre` or `gallon`.
    pub unit: String,
}

/// A moment as the hub knew it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Wall time, in milliseconds since 1970-01-01T00:00:00Z.
    pub wall_ms: i64,
    /// What the store's local time was ahead of UTC, in seconds.
    pub utc_offset_s: i32,
    /// Milliseconds since the machine started, on a clock that never goes back.
    pub monotonic_ms: u64,
    /// Which run of the machine that was.
    pub boot: String,
    /// Whether the wall time was known to be right.
    pub clock_trusted: bool,
}
