//! What headquarters is told: defaults, a file, its fragments, the environment, flags — read,
//! checked, and made into [`Settings`].

mod raw;
mod validate;

use std::net::IpAddr;
use std::path::PathBuf;

use figment::Figment;
use figment::providers::Serialized;
use jiff::tz::TimeZone;
use service_kit::http::caller::ProxyHeader;
use service_kit::logging::LogFormat;
use service_kit::settings as layered;
pub use service_kit::settings::SettingsError;

use crate::broker::BrokerUrl;
use raw::RawSettings;

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
    /// Another broker.
    pub broker: Option<String>,
    /// The port of our own broker.
    pub broker_port: Option<u16>,
}

/// `[chain]`, checked.
#[derive(Clone, Debug)]
pub struct ChainSettings {
    /// The first level of every topic after the version.
    pub id: String,
    /// What the page is headed with.
    pub name: String,
    /// Whose midnight begins the day.
    pub time_zone: TimeZone,
}

/// `[http]`, checked.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The address to listen at.
    pub listen: IpAddr,
    /// The port of plain HTTP, on this machine alone; 0 takes any that is free.
    pub port: u16,
    /// The port of HTTPS, where other machines are listened to.
    pub tls_port: Option<u16>,
    /// Host names, besides its own, under which browsers may ask.
    pub allowed_hosts: Vec<String>,
    /// Where a proxy on this machine names its caller; none where there is no such proxy.
    pub behind_proxy: Option<ProxyHeader>,
}

/// `[broker]`, checked.
#[derive(Clone, Debug)]
pub enum BrokerSettings {
    /// Our own broker, in this process or beside it.
    Own {
        /// The address to listen at.
        listen: IpAddr,
        /// The port; 0 takes any that is free.
        port: u16,
        /// Whether it speaks TLS; where not, the address is of this machine alone.
        tls: bool,
        /// How stores reach it, where that is not the address it listens at.
        address: Option<String>,
        /// Whether it runs in a process of its own on the same data directory, `hq broker`.
        separate: bool,
    },
    /// Another one.
    Other {
        /// Where, and as whom.
        url: BrokerUrl,
        /// A file with the authority that vouches for it.
        ca: Option<PathBuf>,
        /// A file with the certificate to show, and its key.
        certificate: Option<PathBuf>,
    },
}

/// `[log]`, checked.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// For a person, or JSON.
    pub format: LogFormat,
    /// `info`, or `info,hq=debug`.
    pub level: String,
}

/// Settings that hold.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which chain it is.
    pub chain: ChainSettings,
    /// Where it keeps what it must not lose.
    pub data_dir: PathBuf,
    /// A PostgreSQL server, where the database is not a file.
    pub postgres: Option<String>,
    /// How browsers reach it.
    pub http: HttpSettings,
    /// How stores reach it.
    pub broker: BrokerSettings,
    /// Connections that take what stores send.
    pub workers: u16,
    /// How long a session lives unused, in milliseconds.
    pub session_idle_ms: i64,
    /// The bearer token that reads the figures from elsewhere; none if it may not be.
    pub metrics_token: Option<String>,
    /// Its log.
    pub log: LogSettings,
}

fn layers(flags: &Flags) -> Result<Figment, SettingsError> {
    let mut figment = layered::layers(DEFAULTS, flags.config.as_deref(), "HQ_")?;
    if let Some(dir) = &flags.data_dir {
        figment = figment.merge(Serialized::default("data.dir", dir.display().to_string()));
    }
    if let Some(port) = flags.port {
        figment = figment.merge(Serialized::default("http.port", port));
    }
    if let Some(port) = flags.broker_port {
        figment = figment.merge(Serialized::default("broker.port", port));
    }
    if let Some(url) = &flags.broker {
        figment = figment.merge(Serialized::default("broker.url", url));
    }
    Ok(figment)
}

fn read(figment: &Figment) -> Result<RawSettings, SettingsError> {
    figment.extract().map_err(|error| SettingsError::Malformed(Box::new(error)))
}

/// Reads and checks the settings.
///
/// # Errors
/// [`SettingsError`] names the key and what is wrong with it.
pub fn load(flags: &Flags) -> Result<Settings, SettingsError> {
    validate::validate(read(&layers(flags)?)?)
}

/// Every value that holds and where it comes from, a line each; secrets are not shown.
///
/// # Errors
/// As [`load`].
pub fn show(flags: &Flags) -> Result<String, SettingsError> {
    let figment = layers(flags)?;
    let raw = read(&figment)?;
    validate::validate(raw.clone())?;
    layered::show(
        &figment,
        raw,
        &["metrics.token", "broker.url", "broker.secret", "storage.postgres"],
    )
}

#[cfg(test)]
mod tests;
