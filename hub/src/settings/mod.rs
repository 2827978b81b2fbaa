//! What a store is told: defaults, a file, its fragments, the environment, flags — read into
//! [`RawSettings`], checked, and made into [`Settings`].

mod raw;
mod validate;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use figment::Figment;
use figment::providers::Serialized;
use service_kit::logging::LogFormat;
use service_kit::settings as layered;
pub use service_kit::settings::SettingsError;
use store_core::barcode::{MemberCard, VariableMeasureLayout};
use store_core::device::Devices;
use store_core::permission::Permissions;
use store_core::policy::Favourites;
use store_core::promotion::PricingRules;
use store_core::register::{DepartmentKey, ReasonCodes, RegisterRules};
use store_core::tax::TaxTable;
use store_core::till::TillRules;
use store_core::transaction::TenderRule;
use store_core::{Currency, StoreId, WorkstationId};

pub use raw::{PaperMode, RawSettings, no_tax};

use crate::access::SessionLimits;

/// What holds where nothing else is said; also the documentation of every key.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// What the command line says, which counts more than any file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The settings file; fragments in `FILE.d` are read after it.
    pub config: Option<PathBuf>,
    /// The data directory.
    pub data_dir: Option<PathBuf>,
    /// The port of plain HTTP.
    pub port: Option<u16>,
    /// The link file.
    pub link: Option<PathBuf>,
}

/// `[store]`, checked.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The id that headquarters knows it by.
    pub id: StoreId,
    /// The name on its receipts.
    pub name: String,
    /// The address lines on its receipts.
    pub address: Vec<String>,
    /// The currency of every amount.
    pub currency: Currency,
    /// IANA time zone.
    pub time_zone: String,
    /// The language of receipts.
    pub language: String,
}

/// `[http]`, checked.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The address to listen at.
    pub listen: std::net::IpAddr,
    /// The port of plain HTTP; 0 takes any that is free.
    pub port: u16,
    /// The port of HTTPS, where it is served.
    pub tls_port: Option<u16>,
    /// Host names, besides its own, under which browsers may ask.
    pub allowed_hosts: Vec<String>,
    /// What the names of cookies end with, where several stores share a host.
    pub cookie_ending: String,
}

/// `[data]`, checked.
#[derive(Clone, Debug)]
pub struct DataSettings {
    /// The data directory.
    pub dir: PathBuf,
}

/// `[printer]`, checked.
#[derive(Clone, Debug)]
pub struct PrinterSettings {
    /// Whether a store without a printer of its own prints on a simulated one.
    pub is_simulated: bool,
    /// As a picture or as text.
    pub mode: PaperMode,
    /// Characters of one row.
    pub columns: usize,
    /// Whether the simulated printer keeps its paper in a file.
    pub keeps_paper: bool,
    /// How many bytes a second the simulated printer prints; at once if nothing is said.
    pub bytes_per_s: Option<NonZeroU32>,
}

/// `[journal]`, checked.
#[derive(Clone, Debug)]
pub struct JournalSettings {
    /// Room that is kept free for closing the day, in bytes.
    pub reserve_bytes: u64,
}

/// `[link]`, checked.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// The link file of this store; it works alone without one.
    pub file: Option<PathBuf>,
    /// Whether the hub is not to start where that file does not hold: where it was named on the
    /// command line, so that whoever enrols a store sees at once what is wrong.
    pub must_hold: bool,
    /// The longest wait between two attempts to connect, in milliseconds.
    pub retry_max_ms: u64,
}

/// `[promotions]`, checked.
#[derive(Clone, Debug, Default)]
pub struct PromotionSettings {
    /// The file of the store's own promotions.
    pub file: Option<PathBuf>,
    /// The regions that the store is in.
    pub regions: Vec<Arc<str>>,
}

/// `[log]`, checked.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// For a person, or JSON.
    pub format: LogFormat,
    /// `info`, or `info,hub=debug`.
    pub level: String,
}

/// Settings that hold.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who the store is.
    pub store: StoreSettings,
    /// How browsers reach it.
    pub http: HttpSettings,
    /// Where it keeps what it must not lose.
    pub data: DataSettings,
    /// How many registers it has.
    pub registers: u16,
    /// Its taxes.
    pub tax: TaxTable,
    /// Its ways of paying.
    pub tenders: Vec<TenderRule>,
    /// Its keys for goods without a code.
    pub departments: Vec<DepartmentKey>,
    /// Its peripherals.
    pub devices: Devices,
    /// The reasons that a cashier may give.
    pub reasons: ReasonCodes,
    /// What its tills follow.
    pub till: TillRules,
    /// How price and weight are embedded in its barcodes.
    pub layouts: Vec<VariableMeasureLayout>,
    /// How its members' cards look to a scanner.
    pub member_cards: Vec<MemberCard>,
    /// Its printer.
    pub printer: PrinterSettings,
    /// How long its sessions live unused.
    pub sessions: SessionLimits,
    /// What each role may do.
    pub permissions: Permissions,
    /// The bearer token that reads the figures from elsewhere; none if it may not be.
    pub metrics_token: Option<String>,
    /// Its log.
    pub log: LogSettings,
    /// Its journal.
    pub journal: JournalSettings,
    /// Its link to headquarters.
    pub link: LinkSettings,
    /// Its promotions.
    pub promotions: PromotionSettings,
    /// For how many days a customer can read a receipt online; 0 where they cannot.
    pub online_receipt_days: u16,
    /// What its cashiers tap, where headquarters does not choose it.
    pub favourites: Arc<Favourites>,
    /// What headquarters' policy is verified against; none where the store has no link.
    pub policy: Option<cloud_bridge::policy::Identity>,
}

impl Settings {
    /// What the registers follow.
    #[must_use]
    pub fn register_rules(&self) -> RegisterRules {
        RegisterRules {
            store: self.store.id.clone(),
            currency: self.store.currency,
            tenders: self.tenders.clone(),
            terminals: self.devices.terminals(self.registers),
            departments: self.departments.clone(),
            reasons: self.reasons.clone(),
            layouts: self.layouts.clone(),
            member_cards: self.member_cards.clone(),
            till: self.till,
            pricing: Arc::new(PricingRules { taxes: self.tax.clone(), promotions: Arc::default() }),
        }
    }

    /// The workstations: 1, 2, 3 …
    #[must_use]
    pub fn workstations(&self) -> Vec<WorkstationId> {
        (1..=self.registers).filter_map(|n| WorkstationId::new(&n.to_string()).ok()).collect()
    }
}

/// Every layer of settings, the later counting more.
fn layers(flags: &Flags) -> Result<Figment, SettingsError> {
    let mut figment = layered::layers(DEFAULTS, flags.config.as_deref(), "HUB_")?;
    if let Some(dir) = &flags.data_dir {
        figment = figment.merge(Serialized::default("data.dir", dir.display().to_string()));
    }
    if let Some(port) = flags.port {
        figment = figment.merge(Serialized::default("http.port", port));
    }
    if let Some(file) = &flags.link {
        figment = figment.merge(Serialized::default("link.file", file.display().to_string()));
    }
    Ok(figment)
}

/// Reads and checks the settings.
///
/// # Errors
/// [`SettingsError`] names the key and what is wrong with it.
pub fn load(flags: &Flags) -> Result<Settings, SettingsError> {
    let raw: RawSettings =
        layers(flags)?.extract().map_err(|error| SettingsError::Malformed(Box::new(error)))?;
    let mut settings = validate::validate(raw)?;
    settings.link.must_hold = flags.link.is_some();
    Ok(settings)
}

/// Every value that holds and where it comes from, a line each; secrets are not shown.
///
/// # Errors
/// As [`load`].
pub fn show(flags: &Flags) -> Result<String, SettingsError> {
    let figment = layers(flags)?;
    let mut raw: RawSettings =
        figment.extract().map_err(|error| SettingsError::Malformed(Box::new(error)))?;
    validate::validate(raw.clone())?;
    raw.http.tls_port = Some(raw.http.tls_port());
    layered::show(&figment, raw, &["metrics.token"])
}

#[cfg(test)]
mod tests;
