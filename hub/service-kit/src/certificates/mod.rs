//! HTTPS on a LAN: an authority of our own, which each browser installs once, and a leaf that
//! follows the names and addresses of the machine.

mod authority;
mod issued;
mod leaf;
mod names;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rcgen::CertificateParams;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use store_core::Now;

pub use authority::Authority;
pub use issued::Issued;
use leaf::Kept;
pub use leaf::Leaf;
pub use names::{Names, host_names, lan_addresses};

/// No hub ran before this moment: 2026-01-01 UTC.
const EARLIEST: Timestamp = Timestamp::constant(1_767_225_600, 0);
/// How often the names and the time are looked at: a machine that got another address is reached
/// again within a minute.
const LOOK_INTERVAL: Duration = Duration::from_secs(60);
const AUTHORITY_FILE: &str = "authority.pem";
const LEAF_FILE: &str = "certificate.pem";

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read.
    #[error("reading {}", .0.display())]
    Reading(PathBuf, #[source] std::io::Error),
    /// A file cannot be written.
    #[error("writing {}", .0.display())]
    Writing(PathBuf, #[source] std::io::Error),
    /// What was read is no certificate.
    #[error("{what} does not parse: {reason}")]
    Malformed {
        /// Which.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate could not be made.
    #[error("making a certificate")]
    Making(#[from] rcgen::Error),
    /// The key and the certificate cannot be served.
    #[error("serving a certificate")]
    Serving(#[from] rustls::Error),
}

impl CertificateError {
    fn malformed(what: &'static str, reason: impl ToString) -> Self {
        Self::Malformed { what, reason: reason.to_string() }
    }
}

/// Says from when until when a certificate holds.
fn set_validity(params: &mut CertificateParams, from: Timestamp, until: Timestamp) {
    let date = |at: Timestamp| {
        let seconds = u64::try_from(at.as_second()).unwrap_or_default();
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    params.not_before = date(from);
    params.not_after = date(until);
}

/// The best guess at the time. A clock that was never set is behind every hub.
fn best_guess(now: Now) -> Timestamp {
    now.wall.max(EARLIEST)
}

/// The authority, and the leaf in use.
pub struct Certificates {
    authority: Authority,
    leaf_file: PathBuf,
    allowed_hosts: Vec<String>,
    provider: Arc<CryptoProvider>,
    in_use: RwLock<Kept>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").field("leaf", &self.leaf()).finish_non_exhaustive()
    }
}

impl Certificates {
    /// Reads what the data directory has, and makes what it lacks. `name` is what browsers list the
    /// authority under.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn open(
        data_dir: &Path,
        name: &str,
        allowed_hosts: &[String],
        now: Now,
    ) -> Result<Self, CertificateError> {
        let guess = best_guess(now);
        let own = Names::of_machine(allowed_hosts).hosts.into_iter();
        let file = data_dir.join(AUTHORITY_FILE);
        let authority = Authority::open(&file, name, own, guess, now.clock_trusted)?;
        let provider = Arc::new(ring::default_provider());
        for host in allowed_hosts.iter().filter(|host| !authority.covers(host)) {
            tracing::warn!(
                host,
                "the authority is older than this name of http.allowed_hosts and may not vouch for \
                 it: remove {AUTHORITY_FILE} and install the new one in every browser"
            );
        }
        let leaf_file = data_dir.join(LEAF_FILE);
        let names = vouched(&authority, allowed_hosts);
        let kept = match Kept::read(&leaf_file, &authority, &provider) {
            Some(kept) if !kept.leaf.is_due(&names, now.wall, now.clock_trusted) => kept,
            before => {
                // The time cannot be before the one at which the last leaf was made.
                let made = before.map_or(guess, |kept| kept.leaf.not_before.max(guess));
                Kept::issue(&leaf_file, &authority, &names, made, &provider)?
            }
        };
        let allowed_hosts = allowed_hosts.to_vec();
        let in_use = RwLock::new(kept);
        Ok(Self { authority, leaf_file, allowed_hosts, provider, in_use })
    }

    /// What browsers install.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What is known of the leaf in use.
    #[must_use]
    pub fn leaf(&self) -> Leaf {
        self.in_use.read().unwrap_or_else(PoisonError::into_inner).leaf.clone()
    }

    /// Makes another leaf where the names have changed or the time has come. True where it did.
    ///
    /// # Errors
    /// [`CertificateError`]; the leaf in use stays.
    pub fn renew_if_due(&self, now: Now) -> Result<bool, CertificateError> {
        self.renew_for(&vouched(&self.authority, &self.allowed_hosts), now)
    }

    fn renew_for(&self, names: &Names, now: Now) -> Result<bool, CertificateError> {
        if !self.leaf().is_due(names, now.wall, now.clock_trusted) {
            return Ok(false);
        }
        let at = best_guess(now);
        let kept = Kept::issue(&self.leaf_file, &self.authority, names, at, &self.provider)?;
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(true)
    }

    /// How the server speaks TLS: each handshake shows the leaf in use at that moment.
    ///
    /// # Errors
    /// [`CertificateError::Serving`].
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, CertificateError> {
        Ok(ServerConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(InUse(self.clone()))))
    }
}

/// The machine's names as far as the authority may vouch for them.
fn vouched(authority: &Authority, allowed_hosts: &[String]) -> Names {
    let mut names = Names::of_machine(allowed_hosts);
    names.hosts.retain(|host| authority.covers(host));
    names
}

struct InUse(Arc<Certificates>);

impl std::fmt::Debug for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResolvesServerCert for InUse {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.in_use.read().unwrap_or_else(PoisonError::into_inner).key.clone())
    }
}

/// Looks once a minute whether another leaf is needed, for as long as it runs.
pub async fn keep_valid(certificates: Arc<Certificates>, now: impl Fn() -> Now) {
    let mut interval = tokio::time::interval(LOOK_INTERVAL);
    loop {
        interval.tick().await;
        match certificates.renew_if_due(now()) {
            Ok(false) => {}
            Ok(true) => tracing::info!("another certificate is in use"),
            Err(error) => tracing::error!(%error, "renewing the certificate"),
        }
    }
}
