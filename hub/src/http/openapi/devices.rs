//! A peripheral as settings say it, as it stands in JSON.

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
    /// Of a printer: what it can do, by name.
    #[schema(nullable = false)]
    pub profile: Option<String>,
    /// Of a printer: `raster`, `big5`, `gb18030`.
    #[schema(nullable = false)]
    pub mode: Option<String>,
    /// Of a printer: `esc_pos`, `star`.
    #[schema(nullable = false)]
    pub family: Option<String>,
    /// Of a printer: `high_is_open`, `low_is_open`.
    #[schema(nullable = false)]
    pub drawer_sense: Option<String>,
    /// Of a printer: whether codes are left to it, in the modes that send text.
    #[schema(nullable = false)]
    pub native_symbols: Option<bool>,
    /// Of a drawer: the printer that it hangs on.
    #[schema(nullable = false)]
    pub printer: Option<TextId>,
    /// Of a drawer: `pin2`, `pin5`.
    #[schema(nullable = false)]
    pub pin: Option<String>,
    /// Of a drawer: how long it may stay open, in seconds.
    #[schema(nullable = false)]
    pub open_max_s: Option<u64>,
    /// Of a scanner: `suffix_or_silence`, `suffix`, `silence`, `stx_etx`.
    #[schema(nullable = false)]
    pub framing: Option<String>,
    /// Of a scanner: what it sends before each code.
    #[schema(nullable = false)]
    pub prefix: Option<String>,
    /// Of a scale: what it speaks.
    #[schema(nullable = false)]
    pub protocol: Option<String>,
    /// Of a scale: the least that it may sell, in grams.
    #[schema(nullable = false)]
    pub min_g: Option<u32>,
    /// Of a scale: the most that it may sell, in grams.
    #[schema(nullable = false)]
    pub max_g: Option<u32>,
    /// Of a display or a card terminal: what it speaks.
    #[schema(nullable = false)]
    pub dialect: Option<String>,
    /// Of a display: `ascii`, `big5`.
    #[schema(nullable = false)]
    pub letters: Option<String>,
    /// Of a display: `quarter`, `half`, `three_quarters`, `full`.
    #[schema(nullable = false)]
    pub brightness: Option<String>,
    /// Of a card terminal: how long it is waited for, in seconds.
    #[schema(nullable = false)]
    pub answer_s: Option<u64>,
    /// Of a signal: which line is what.
    #[schema(nullable = false, value_type = Option<Object>)]
    pub lines: Option<Value>,
    /// Of a signal: what is shown when.
    #[schema(nullable = false, value_type = Option<Object>)]
    pub rules: Option<Value>,
    /// Of a signal: how long a contact settles, in milliseconds.
    #[schema(nullable = false)]
    pub debounce_ms: Option<u64>,
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
