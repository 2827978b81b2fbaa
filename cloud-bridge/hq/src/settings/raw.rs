use serde::{Deserialize, Serialize};
use service_kit::logging::LogFormat;

/// The settings as they are written: every section, every key; an unknown key is an error.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSettings {
    pub chain: RawChain,
    pub data: RawPlace,
    pub storage: RawStorage,
    pub http: RawHttp,
    pub broker: RawBroker,
    pub ingest: RawIngest,
    pub sessions: RawSessions,
    pub metrics: RawMetrics,
    pub log: RawLog,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChain {
    pub id: String,
    pub name: String,
    pub time_zone: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlace {
    pub dir: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStorage {
    pub postgres: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHttp {
    pub listen: String,
    pub port: u16,
    pub tls_port: u16,
    pub allowed_hosts: Vec<String>,
    pub behind_proxy: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBroker {
    pub listen: String,
    pub port: u16,
    pub tls: bool,
    pub separate: bool,
    pub address: String,
    pub url: String,
    pub secret: String,
    pub secret_file: String,
    pub ca: String,
    pub certificate: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIngest {
    pub workers: u16,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSessions {
    pub idle_minutes: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetrics {
    pub token: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    pub format: LogFormat,
    pub level: String,
}
