use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use service_kit::logging;
use store_core::barcode::VariableMeasureLayout;
use store_core::device::{Device, Devices, REGISTERS_MAX};
use store_core::policy::Favourites;
use store_core::register::DepartmentKey;
use store_core::tax::TaxTable;
use store_core::transaction::TenderRule;
use store_core::{Currency, StoreId};

use super::raw::{RawBarcodes, RawPromotions};
use super::{
    DataSettings, HttpSettings, JournalSettings, LinkSettings, LogSettings, PrinterSettings,
    PromotionSettings, RawSettings, Settings, SettingsError, StoreSettings,
};
use crate::access::SessionLimits;
use crate::peripherals;

/// Shortest token that reads the figures.
const TOKEN_BYTES_MIN: usize = 16;
/// Longest wait before the next attempt to connect: an outage that is over is soon noticed.
const RETRY_SECONDS_MAX: u64 = 3600;
const MINUTE_MS: i64 = 60_000;

fn invalid(key: &'static str, reason: impl ToString) -> SettingsError {
    SettingsError::Invalid { key, reason: reason.to_string() }
}

/// The devices, each as its driver can be started.
fn devices(all: Vec<Device>, registers: u16) -> Result<Devices, SettingsError> {
    let devices = Devices::of(all, registers).map_err(|fault| invalid("devices", fault))?;
    let checked = devices.all().iter().try_for_each(peripherals::check);
    checked.map_err(|fault| invalid("devices", fault))?;
    Ok(devices)
}

/// Makes settings out of what was written.
pub fn validate(raw: RawSettings) -> Result<Settings, SettingsError> {
    let store = store(&raw)?;
    let http = http(&raw)?;
    if !(1..=REGISTERS_MAX).contains(&raw.registers.count) {
        return Err(invalid("registers.count", format!("1 to {REGISTERS_MAX}")));
    }
    check_tenders(&raw.tenders, store.currency)?;
    check_departments(&raw.departments, store.currency)?;
    check_barcodes(&raw.barcodes)?;
    let is_rate =
        |rate: &store_core::tax::TaxRate| rate.percent >= 0.into() && rate.percent <= 100.into();
    if !is_rate(&raw.tax.default) || !raw.tax.classes.values().all(is_rate) {
        return Err(invalid("tax", "a percentage is 0 to 100"));
    }
    if !["simulated", "none"].contains(&raw.printer.kind.as_str()) {
        return Err(invalid("printer.kind", "simulated or none"));
    }
    if !(24..=96).contains(&raw.printer.columns) {
        return Err(invalid("printer.columns", "24 to 96"));
    }
    logging::parse_level(&raw.log.level).map_err(|error| invalid("log.level", error))?;
    if !(1..=RETRY_SECONDS_MAX).contains(&raw.link.retry_max_s) {
        return Err(invalid("link.retry_max_s", format!("1 to {RETRY_SECONDS_MAX}")));
    }
    let file = (!raw.link.file.is_empty()).then(|| PathBuf::from(raw.link.file));
    let link = LinkSettings { file, must_hold: false, retry_max_ms: raw.link.retry_max_s * 1000 };
    let token = raw.metrics.token;
    if !token.is_empty() && token.len() < TOKEN_BYTES_MIN {
        return Err(invalid("metrics.token", format!("at least {TOKEN_BYTES_MIN} characters")));
    }
    let classes = raw.tax.classes.into_iter().map(|(class, rate)| (Arc::from(class), rate));
    Ok(Settings {
        store,
        http,
        data: DataSettings { dir: PathBuf::from(raw.data.dir) },
        registers: raw.registers.count,
        tax: TaxTable { default: raw.tax.default, classes: classes.collect() },
        tenders: raw.tenders,
        departments: raw.departments,
        devices: devices(raw.devices, raw.registers.count)?,
        reasons: raw.reasons,
        till: raw.till,
        layouts: raw.barcodes.variable_measure,
        member_cards: raw.barcodes.member_cards,
        printer: PrinterSettings {
            is_simulated: raw.printer.kind == "simulated",
            mode: raw.printer.mode,
            columns: raw.printer.columns,
            keeps_paper: raw.printer.keeps_paper,
            bytes_per_s: NonZeroU32::new(raw.printer.bytes_per_s),
        },
        sessions: SessionLimits {
            workstation_idle_ms: i64::from(raw.sessions.workstation_idle_minutes) * MINUTE_MS,
            roaming_idle_ms: i64::from(raw.sessions.roaming_idle_minutes) * MINUTE_MS,
            lock_ms: i64::from(raw.sessions.lock_minutes) * MINUTE_MS,
        },
        permissions: raw.permissions,
        metrics_token: (!token.is_empty()).then_some(token),
        log: LogSettings { format: raw.log.format, level: raw.log.level },
        policy: None,
        journal: JournalSettings { reserve_bytes: raw.journal.reserve_mib * 1024 * 1024 },
        link,
        promotions: promotions(raw.promotions)?,
        online_receipt_days: raw.receipts.online_days,
        favourites: Arc::new(favourites(raw.favourites)?),
    })
}

fn check_barcodes(barcodes: &RawBarcodes) -> Result<(), SettingsError> {
    let prefixes = barcodes.variable_measure.iter().map(VariableMeasureLayout::prefix);
    if let Some(twice) = first_repeated(prefixes) {
        let reason = format!("the prefix {twice:02} stands twice");
        return Err(invalid("barcodes.variable_measure", reason));
    }
    if let Some(card) = barcodes.member_cards.iter().find(|card| !card.is_possible()) {
        let reason = format!(
            "{:?}: a prefix of visible characters, and more characters than it has, at most 64",
            card.prefix
        );
        return Err(invalid("barcodes.member_cards", reason));
    }
    Ok(())
}

fn check_departments(keys: &[DepartmentKey], currency: Currency) -> Result<(), SettingsError> {
    if let Some(twice) = first_repeated(keys.iter().map(|key| key.id.clone())) {
        return Err(invalid("departments", format!("the id {twice} stands twice")));
    }
    let faulty = keys.iter().find_map(|key| key.fault(currency).map(|reason| (key, reason)));
    match faulty {
        Some((key, reason)) => Err(invalid("departments", format!("{}: {reason}", key.id))),
        None => Ok(()),
    }
}

fn check_tenders(tenders: &[TenderRule], currency: Currency) -> Result<(), SettingsError> {
    if !tenders.iter().any(|rule| rule.id.as_str() == "cash" && rule.gives_change) {
        return Err(invalid("tenders", "there is none with the id cash that gives change"));
    }
    if let Some(twice) = first_repeated(tenders.iter().map(|rule| rule.id.to_string())) {
        return Err(invalid("tenders", format!("the id {twice} stands twice")));
    }
    if let Some((rule, reason)) = faulty(tenders, currency) {
        return Err(invalid("tenders", format!("{}: {reason}", rule.id)));
    }
    Ok(())
}

/// The first way of paying that cannot be used in this currency, and why.
fn faulty(tenders: &[TenderRule], currency: Currency) -> Option<(&TenderRule, &'static str)> {
    tenders.iter().find_map(|rule| rule.fault(currency).map(|reason| (rule, reason)))
}

/// The first thing that stands in a list for the second time.
fn first_repeated<T: Ord + Clone>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    all.find(|one| !seen.insert(one.clone()))
}

/// Read as those of headquarters are; without groups there are none.
fn favourites(raw: Option<serde_json::Value>) -> Result<Favourites, SettingsError> {
    let Some(mut raw) = raw else { return Ok(Favourites::default()) };
    if let Some(table) = raw.as_object_mut() {
        table.entry("groups").or_insert_with(|| serde_json::Value::Array(Vec::new()));
    }
    Favourites::read(&raw).map_err(|faults| {
        let first = faults.into_iter().next();
        let said = first.map(|fault| format!("{}: {}", fault.place, fault.reason));
        invalid("favourites", said.unwrap_or_default())
    })
}

fn promotions(raw: RawPromotions) -> Result<PromotionSettings, SettingsError> {
    if raw.regions.iter().any(|region| region.trim().is_empty()) {
        return Err(invalid("promotions.regions", "a region has a name"));
    }
    Ok(PromotionSettings {
        file: (!raw.file.is_empty()).then(|| PathBuf::from(raw.file)),
        regions: raw.regions.into_iter().map(Arc::from).collect(),
    })
}

fn store(raw: &RawSettings) -> Result<StoreSettings, SettingsError> {
    let store = &raw.store;
    TimeZone::get(&store.time_zone).map_err(|error| invalid("store.time_zone", error))?;
    if !["zh-TW", "en"].contains(&store.language.as_str()) {
        return Err(invalid("store.language", "zh-TW or en"));
    }
    Ok(StoreSettings {
        id: StoreId::new(&store.id).map_err(|error| invalid("store.id", error))?,
        name: store.name.clone(),
        address: store.address.clone(),
        currency: Currency::new(&store.currency)
            .map_err(|error| invalid("store.currency", error))?,
        time_zone: store.time_zone.clone(),
        language: store.language.clone(),
    })
}

fn http(raw: &RawSettings) -> Result<HttpSettings, SettingsError> {
    let http = &raw.http;
    let listen = http.listen.parse().map_err(|error| invalid("http.listen", error))?;
    if http.tls && http.port != 0 && http.port == http.tls_port() {
        return Err(invalid("http.tls_port", "the same as http.port"));
    }
    Ok(HttpSettings {
        listen,
        port: http.port,
        tls_port: http.tls.then(|| http.tls_port()),
        allowed_hosts: http.allowed_hosts.iter().map(|name| name.to_lowercase()).collect(),
        cookie_ending: String::new(),
    })
}
