use std::net::IpAddr;
use std::sync::Arc;

use hq_wire::link::v1::{LinkFile, Place, is_level};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// What is wrong with a link file.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Not an address of a broker.
    #[error(
        "`broker = {0:?}` is not an address of a broker: write mqtts://host:port, \
         or mqtt://127.0.0.1:port for one on this machine"
    )]
    Broker(String),
    /// Plain text to another machine.
    #[error(
        "`broker = {0:?}` would send the store's sales and its secret in clear over the network: \
         write mqtts://host:port; mqtt:// is for a broker on this machine only"
    )]
    Plain(String),
    /// A name that no topic can hold.
    #[error(
        "`{field} = {found:?}` cannot stand in a topic: \
         1 to 64 letters, digits and signs other than / + # $, without spaces"
    )]
    Name {
        /// Which field.
        field: &'static str,
        /// What stands there.
        found: String,
    },
    /// Something that ought to be PEM.
    #[error("`{field}` does not hold {what} as PEM text")]
    Pem {
        /// Which field.
        field: &'static str,
        /// What it should hold.
        what: &'static str,
    },
    /// A certificate and a key that cannot be used.
    #[error("the certificate and the key of the store cannot be used together")]
    Certificate(#[source] rustls::Error),
}

/// How the broker is reached, checked.
#[derive(Clone, Debug)]
pub struct Account {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Option<Arc<ClientConfig>>,
    pub(super) place: Place,
    pub(super) secret: String,
}

impl Account {
    /// Checks a link file.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn new(file: &LinkFile) -> Result<Self, AddressError> {
        let LinkFile { broker, chain, store, secret, .. } = file;
        for (field, found) in [("chain", chain), ("store", store)] {
            if !is_level(found) {
                return Err(AddressError::Name { field, found: found.clone() });
            }
        }
        let (is_encrypted, rest) = match broker.split_once("://") {
            Some(("mqtts", rest)) => (true, rest),
            Some(("mqtt", rest)) => (false, rest),
            _ => return Err(AddressError::Broker(broker.clone())),
        };
        let address = rest.trim_end_matches('/').rsplit_once(':');
        let address = address.and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
        let (host, port) = match address {
            Some((host, port)) if !host.is_empty() && port > 0 && !host.contains('@') => {
                (host.to_owned(), port)
            }
            _ => return Err(AddressError::Broker(broker.clone())),
        };
        if !is_encrypted && !is_this_machine(&host) {
            return Err(AddressError::Plain(broker.clone()));
        }
        let tls = if is_encrypted { Some(Arc::new(encryption(file)?)) } else { None };
        let place = Place { chain: chain.clone(), store: store.clone() };
        Ok(Self { host, port, tls, place, secret: secret.clone() })
    }

    /// Whose account it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Where the broker is, for people.
    #[must_use]
    pub fn broker(&self) -> String {
        let scheme = if self.tls.is_some() { "mqtts" } else { "mqtt" };
        format!("{scheme}://{}:{}", self.host, self.port)
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn encryption(file: &LinkFile) -> Result<ClientConfig, AddressError> {
    let mut roots = RootCertStore::empty();
    let authorities = certificates(file.ca.as_deref(), "ca", "the authority's certificate")?;
    let (_, unusable) = roots.add_parsable_certificates(authorities);
    if unusable > 0 || roots.is_empty() {
        return Err(AddressError::Pem { field: "ca", what: "the authority's certificate" });
    }
    let own = certificates(file.certificate.as_deref(), "certificate", "the store's certificate")?;
    let key = PrivateKeyDer::from_pem_slice(file.key.as_deref().unwrap_or_default().as_bytes())
        .map_err(|_| AddressError::Pem { field: "key", what: "the certificate's key" })?;
    // The provider is named, so that nothing depends on what else the process has installed.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_root_certificates(roots).with_client_auth_cert(own, key))
        .map_err(AddressError::Certificate)
}

fn certificates(
    text: Option<&str>,
    field: &'static str,
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, AddressError> {
    let text = text.unwrap_or_default().as_bytes();
    let found = CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>();
    found.ok().filter(|found| !found.is_empty()).ok_or(AddressError::Pem { field, what })
}
