use serde::Serialize;
use store_core::{Money, Quantity};

/// What a register is told: the terminal's side of the HTTP contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// A barcode was read.
    ScanItem {
        /// As read.
        code: String,
        /// The line of the same item that it is added to.
        onto: Option<u32>,
    },
    /// A code was keyed in.
    KeyItem {
        /// As keyed.
        code: String,
        /// How much.
        quantity: Option<Quantity>,
        /// The shelf amount of the whole line, where the catalogue says another.
        amount: Option<Money>,
    },
    /// Something came back; quantity and amount are not negative.
    ReturnItem {
        /// As keyed.
        code: String,
        /// How much.
        quantity: Quantity,
        /// The shelf amount of the whole line.
        amount: Option<Money>,
        /// Why.
        reason: String,
    },
    /// There is more than one of it.
    SetQuantity {
        /// Which line.
        line: u32,
        /// How much.
        quantity: Quantity,
    },
    /// A line costs less.
    ModifyPrice {
        /// Which line.
        line: Option<u32>,
        /// How much less.
        modifier: Modifier,
        /// Why.
        reason: String,
    },
    /// Something was paid with.
    Tender {
        /// The way of paying.
        tender_type: String,
        /// What was handed over; negative where it is paid out.
        amount: Money,
        /// What was due before.
        total: Money,
        /// The coupon's code.
        reference: Option<String>,
        /// The line it is given for.
        line: Option<u32>,
    },
    /// The sale.
    Complete,
}

/// How a price is lowered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Modifier {
    /// By an amount.
    AmountOff {
        /// Of this much.
        amount: Money,
    },
}
