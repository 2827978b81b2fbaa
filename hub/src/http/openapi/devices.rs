//! A peripheral as settings say it, as it stands in JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::values::TextId;

/// A peripheral: what it is, where it is plugged in, which registers use it, and what its driver is
/// told besides (docs/devices.md).
#[derive(Serialize, ToSchema)]
pub struct Device {
    /// What it is called.
    pub id: TextId,
    /// What it is.
    pub kind: DeviceKind,
    /// Where it is plugged in, as `serial:/dev/pos/scale0@9600,7E1`, or `simulated`; left out for a
    /// drawer that hangs on a printer.
    #[serde(default)]
    #[schema(nullable = false, required = false)]
    pub port: String,
    /// The registers that use it, by number; the store as a whole where there are none.
    #[serde(default)]
    #[schema(nullable = false, required = false)]
    pub registers: Vec<u16>,
    /// For a printer: the one that prints what this one cannot.
    #[schema(nullable = false)]
    pub fallback: Option<TextId>,
    /// What its driver is told besides.
    #[serde(flatten)]
    pub options: BTreeMap<String, Value>,
}

/// What a device is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Prints receipts, copies and reports.
    ReceiptPrinter,
    /// The box with the money.
    CashDrawer,
    /// Reads barcodes at a port of the hub.
    Scanner,
    /// Weighs.
    Scale,
    /// Two rows of characters that look at the customer.
    CustomerDisplay,
    /// Takes cards.
    CardTerminal,
    /// Lamps, a buzzer, a door contact, a button.
    Signal,
}
