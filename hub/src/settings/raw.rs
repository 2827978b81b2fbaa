use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use service_kit::logging::LogFormat;
use store_core::barcode::{MemberCard, VariableMeasureLayout};
use store_core::device::Device;
use store_core::permission::Permissions;
use store_core::register::{DepartmentKey, ReasonCodes};
use store_core::tax::TaxRate;
use store_core::till::TillRules;
use store_core::transaction::TenderRule;

/// The settings as they are written: every section, every key; an unknown key is an error.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSettings {
    /// Who the store is.
    pub store: RawStore,
    /// How browsers reach it.
    pub http: RawHttp,
    /// Where it keeps what it must not lose.
    pub data: RawPlace,
    /// Its registers.
    pub registers: RawRegisters,
    /// Its taxes.
    pub tax: RawTax,
    /// Its ways of paying.
    pub tenders: Vec<TenderRule>,
    /// Its peripherals.
    #[serde(default)]
    pub devices: Vec<Device>,
    /// Its keys for goods without a code.
    #[serde(default)]
    pub departments: Vec<DepartmentKey>,
    /// The reasons that a cashier may give.
    pub reasons: ReasonCodes,
    /// What its tills follow.
    pub till: TillRules,
    /// How price and weight are embedded in its barcodes.
    pub barcodes: RawBarcodes,
    /// Its printer.
    pub printer: RawPrinter,
    /// Its sessions.
    pub sessions: RawSessions,
    /// Who may do what.
    pub permissions: Permissions,
    /// Its figures.
    pub metrics: RawMetrics,
    /// Its log.
    pub log: RawLog,
    /// Its journal.
    pub journal: RawJournal,
    /// Its link to headquarters.
    pub link: RawLink,
    /// Its promotions.
    pub promotions: RawPromotions,
    /// Its receipts.
    pub receipts: RawReceipts,
    /// What its cashiers tap, as `favourites.json` of a policy says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favourites: Option<serde_json::Value>,
}

/// `[store]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawStore {
    /// The id that headquarters knows it by.
    pub id: String,
    /// The name on its receipts.
    pub name: String,
    /// The address lines on its receipts.
    pub address: Vec<String>,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone.
    pub time_zone: String,
    /// `zh-TW` or `en`: the language of receipts.
    pub language: String,
}

/// `[http]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawHttp {
    /// The address to listen at.
    pub listen: String,
    /// The port of plain HTTP; 0 takes any that is free.
    pub port: u16,
    /// Whether HTTPS is served too.
    pub tls: bool,
    /// The port of HTTPS; 0 takes any that is free. What nobody sets follows `port`.
    #[serde(default)]
    pub tls_port: Option<u16>,
    /// Host names, besides its own, under which browsers may ask.
    pub allowed_hosts: Vec<String>,
}

impl RawHttp {
    /// The port of HTTPS that goes with a port of plain HTTP, as 443 goes with 80 and 8443 with
    /// 8080; any that is free with any that is free.
    #[must_use]
    pub fn tls_port(&self) -> u16 {
        const APART: u16 = 443 - 80;
        match (self.tls_port, self.port) {
            (Some(port), _) => port,
            (None, 0) => 0,
            (None, port) => port.checked_add(APART).unwrap_or_else(|| port - APART),
        }
    }
}

/// `[data]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPlace {
    /// The data directory.
    pub dir: String,
}

/// `[registers]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRegisters {
    /// How many there are; their workstations are 1, 2, 3 …
    pub count: u16,
}

/// `[tax]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTax {
    /// The rate of a class that is not named.
    pub default: TaxRate,
    /// The named classes.
    pub classes: BTreeMap<String, TaxRate>,
}

/// `[barcodes]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBarcodes {
    /// The layouts of prefixes 20 to 29.
    pub variable_measure: Vec<VariableMeasureLayout>,
    /// How members' cards look to a scanner.
    pub member_cards: Vec<MemberCard>,
}

/// `[printer]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPrinter {
    /// `simulated`, or `none`: what a store without a printer of its own prints on.
    pub kind: String,
    /// `raster` or `text`.
    pub mode: PaperMode,
    /// Characters of one row.
    pub columns: usize,
    /// Whether the simulated printer keeps its paper in a file.
    pub keeps_paper: bool,
    /// How many bytes a second the simulated printer prints; 0 if it prints at once.
    pub bytes_per_s: u32,
}

/// How receipts get onto paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperMode {
    /// As a picture: the same on every printer.
    Raster,
    /// As text of the printer's own font: faster.
    Text,
}

/// `[sessions]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSessions {
    /// Minutes without use after which a session at a workstation ends.
    pub workstation_idle_minutes: u32,
    /// Minutes without use after which a session at any other browser ends.
    pub roaming_idle_minutes: u32,
    /// Minutes without use after which a workstation's screen locks; 0 for never.
    pub lock_minutes: u32,
}

/// `[metrics]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMetrics {
    /// The bearer token that reads the figures from elsewhere than this machine; none if empty.
    pub token: String,
}

/// `[log]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLog {
    /// `human` or `json`.
    pub format: LogFormat,
    /// `info`, or `info,hub=debug`.
    pub level: String,
}

/// `[journal]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawJournal {
    /// Room that is kept free for closing the day, in MiB.
    pub reserve_mib: u64,
}

/// `[link]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLink {
    /// The link file of this store; none if empty.
    pub file: String,
    /// The longest wait between two attempts to connect, in seconds.
    pub retry_max_s: u64,
}

/// `[receipts]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawReceipts {
    /// For how many days a customer can read a receipt online; 0 if they cannot.
    pub online_days: u16,
}

/// `[promotions]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPromotions {
    /// The file of the store's own promotions, TOML or JSON; none if empty.
    pub file: String,
    /// The regions that the store is in.
    pub regions: Vec<String>,
}

/// No tax at all, contained in the price.
#[must_use]
pub const fn no_tax() -> TaxRate {
    TaxRate { percent: Decimal::ZERO, method: store_core::tax::TaxMethod::Inclusive }
}
