//! What a barcode says.
use crate::Quantity;
/// x
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct VariableMeasureLayout {}
/// x
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// x
    Price(i64),
    /// x
    Weight(Quantity),
}
