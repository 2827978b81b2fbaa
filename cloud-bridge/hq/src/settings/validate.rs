use std::net::IpAddr;
use std::path::PathBuf;

use hq_wire::link::v1::is_level;
use jiff::tz::TimeZone;
use service_kit::http::caller::ProxyHeader;
use service_kit::logging;

use super::raw::{RawBroker, RawChain, RawHttp, RawSettings};
use super::{BrokerSettings, ChainSettings, HttpSettings, LogSettings, Settings, SettingsError};
use crate::broker::BrokerUrl;

/// Most workers: more than any machine has cores for.
const WORKERS_MAX: u16 = 64;
/// How many there are where none is said: by what `defaults.toml` says of `ingest.workers`.
const WORKERS_ON_A_FILE: u16 = 1;
const WORKERS_ON_A_SERVER: u16 = 2;
/// Shortest token that reads the figures.
const TOKEN_BYTES_MIN: usize = 16;
const MINUTE_MS: i64 = 60_000;

fn invalid(key: &'static str, reason: impl ToString) -> SettingsError {
    SettingsError::Invalid { key, reason: reason.to_string() }
}

/// Nothing, where nothing is written.
fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Makes settings out of what was written.
pub(super) fn validate(raw: RawSettings) -> Result<Settings, SettingsError> {
    let RawSettings { chain, data, storage, http, broker, ingest, sessions, metrics, log } = raw;
    let postgres = said(storage.postgres);
    let workers = match (ingest.workers, &postgres) {
        (0, None) => WORKERS_ON_A_FILE,
        (0, Some(_)) => WORKERS_ON_A_SERVER,
        (1..=WORKERS_MAX, _) => ingest.workers,
        _ => return Err(invalid("ingest.workers", format!("0 to {WORKERS_MAX}"))),
    };
    if sessions.idle_minutes == 0 {
        return Err(invalid("sessions.idle_minutes", "at least 1"));
    }
    if !metrics.token.is_empty() && metrics.token.len() < TOKEN_BYTES_MIN {
        return Err(invalid("metrics.token", format!("at least {TOKEN_BYTES_MIN} characters")));
    }
    logging::parse_level(&log.level).map_err(|error| invalid("log.level", error))?;
    Ok(Settings {
        chain: self::chain(chain)?,
        data_dir: PathBuf::from(data.dir),
        postgres,
        http: self::http(http)?,
        broker: self::broker(broker)?,
        workers,
        session_idle_ms: i64::from(sessions.idle_minutes) * MINUTE_MS,
        metrics_token: said(metrics.token),
        log: LogSettings { format: log.format, level: log.level },
    })
}

fn chain(raw: RawChain) -> Result<ChainSettings, SettingsError> {
    let time_zone =
        TimeZone::get(&raw.time_zone).map_err(|error| invalid("chain.time_zone", error))?;
    if !is_level(&raw.id) {
        let reason = "1 to 64 letters, digits and signs, but none of / + # $ and no spaces";
        return Err(invalid("chain.id", reason));
    }
    Ok(ChainSettings { id: raw.id, name: raw.name, time_zone })
}

fn http(raw: RawHttp) -> Result<HttpSettings, SettingsError> {
    let listen: IpAddr = raw.listen.parse().map_err(|error| invalid("http.listen", error))?;
    let is_open = !listen.is_loopback();
    if is_open && raw.port != 0 && raw.port == raw.tls_port {
        return Err(invalid("http.tls_port", "the same as http.port"));
    }
    let behind_proxy = said(raw.behind_proxy).map(|name| {
        let reason = "Forwarded, X-Forwarded-For, or empty where no proxy passes requests on";
        ProxyHeader::of_name(&name).ok_or_else(|| invalid("http.behind_proxy", reason))
    });
    Ok(HttpSettings {
        listen,
        port: raw.port,
        tls_port: is_open.then_some(raw.tls_port),
        allowed_hosts: raw.allowed_hosts.iter().map(|name| name.to_lowercase()).collect(),
        behind_proxy: behind_proxy.transpose()?,
    })
}

/// A broker's URL with the secret that stands apart from it.
fn with_secret(
    url: String,
    secret: Option<String>,
    file: Option<String>,
) -> Result<String, SettingsError> {
    let secret = match (secret, file) {
        (None, None) => return Ok(url),
        (Some(secret), None) => secret,
        (None, Some(file)) => {
            let path = PathBuf::from(file);
            let read = std::fs::read_to_string(&path);
            read.map_err(|error| SettingsError::Unreadable(path, error))?.trim().to_owned()
        }
        (Some(_), Some(_)) => {
            return Err(invalid("broker.secret_file", "broker.secret says it already"));
        }
    };
    let (scheme, place) = url.split_once("://").unwrap_or(("", &url));
    let Some((user, host)) = place.rsplit_once('@') else {
        return Err(invalid("broker.url", "mqtts://user@host:port, where broker.secret is set"));
    };
    if user.contains(':') {
        return Err(invalid("broker.secret", "broker.url says it already"));
    }
    Ok(format!("{scheme}://{user}:{secret}@{host}"))
}

fn broker(raw: RawBroker) -> Result<BrokerSettings, SettingsError> {
    if let Some(url) = said(raw.url) {
        let url = with_secret(url, said(raw.secret), said(raw.secret_file))?;
        let url = BrokerUrl::parse(&url).map_err(|error| invalid("broker.url", error))?;
        return Ok(BrokerSettings::Other {
            url,
            ca: said(raw.ca).map(PathBuf::from),
            certificate: said(raw.certificate).map(PathBuf::from),
        });
    }
    let listen: IpAddr = raw.listen.parse().map_err(|error| invalid("broker.listen", error))?;
    if !raw.tls && !listen.is_loopback() {
        let reason = "other machines are listened to by TLS alone: set it, or broker.listen to \
                      127.0.0.1";
        return Err(invalid("broker.tls", reason));
    }
    if raw.separate && raw.port == 0 {
        let reason = "a broker in a process of its own is found at a port that is named";
        return Err(invalid("broker.port", reason));
    }
    let (port, tls, address, separate) = (raw.port, raw.tls, said(raw.address), raw.separate);
    Ok(BrokerSettings::Own { listen, port, tls, address, separate })
}
