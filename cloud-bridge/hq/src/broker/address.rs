//! Where a broker is, and as whom it is spoken to.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rumqttc::v5::MqttOptions;
use rumqttc::{NetworkOptions, TlsConfiguration, Transport};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// Ports that stand for themselves.
const PORT: u16 = 1883;
const TLS_PORT: u16 = 8883;

/// A broker's URL: `mqtts://user:secret@host:port`.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokerUrl {
    /// Whether it is spoken to by TLS.
    pub tls: bool,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who asks.
    pub user: String,
    /// What it is known by.
    pub secret: String,
}

impl fmt::Debug for BrokerUrl {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "mqtts" } else { "mqtt" };
        write!(f, "{scheme}://{}@{}:{}", self.user, self.host, self.port)
    }
}

/// What is wrong with a broker's URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokerUrlError {
    /// Another form.
    #[error("a broker is named as mqtts://user:secret@host:port")]
    Form,
    /// In clear to another machine.
    #[error("mqtt:// reaches this machine alone: another is spoken to by mqtts://")]
    InClear,
}

impl BrokerUrl {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// [`BrokerUrlError`].
    pub fn parse(text: &str) -> Result<Self, BrokerUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(BrokerUrlError::Form)?;
        let tls = match scheme {
            "mqtts" => true,
            "mqtt" => false,
            _ => return Err(BrokerUrlError::Form),
        };
        let (login, place) = rest.rsplit_once('@').ok_or(BrokerUrlError::Form)?;
        let (user, secret) = login.split_once(':').ok_or(BrokerUrlError::Form)?;
        let (host, port) = host_and_port(place.trim_end_matches('/'))?;
        if user.is_empty() || secret.is_empty() {
            return Err(BrokerUrlError::Form);
        }
        if !tls && !is_here(&host) {
            return Err(BrokerUrlError::InClear);
        }
        let port = port.unwrap_or(if tls { TLS_PORT } else { PORT });
        Ok(Self { tls, host, port, user: user.to_owned(), secret: secret.to_owned() })
    }
}

/// A host, an address in brackets where it has colons, and a port if there is one.
fn host_and_port(place: &str) -> Result<(String, Option<u16>), BrokerUrlError> {
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, Some(port.parse().map_err(|_| BrokerUrlError::Form)?))
        }
        _ => (place, None),
    };
    let is_name = |one: char| one.is_ascii_alphanumeric() || ".-_:[]".contains(one);
    if host.is_empty() || !host.chars().all(is_name) {
        return Err(BrokerUrlError::Form);
    }
    Ok((host.trim_start_matches('[').trim_end_matches(']').to_owned(), port))
}

/// Whether a host is this machine, whatever a name service says.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// How a broker's connection is encrypted.
#[derive(Clone)]
pub struct Encryption(Arc<ClientConfig>);

impl Encryption {
    /// Trusts one authority, and shows a certificate where the broker asks for one; both in PEM.
    ///
    /// # Errors
    /// What does not parse, in words.
    pub fn new(ca: &[u8], shown: Option<(&[u8], &[u8])>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(ca) {
            let certificate =
                certificate.map_err(|error| format!("the broker's authority: {error}"))?;
            roots.add(certificate).map_err(|error| format!("the broker's authority: {error}"))?;
        }
        if roots.is_empty() {
            return Err("there is no certificate in the broker's authority".to_owned());
        }
        let config = ClientConfig::builder().with_root_certificates(roots);
        let config = match shown {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let bad = |error: &dyn fmt::Display| format!("the certificate to show: {error}");
                let chain: Result<Vec<_>, _> =
                    CertificateDer::pem_slice_iter(certificate).collect();
                let chain = chain.map_err(|error| bad(&error))?;
                let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| bad(&error))?;
                config.with_client_auth_cert(chain, key).map_err(|error| bad(&error))?
            }
        };
        Ok(Self(Arc::new(config)))
    }

    /// The same from files; a certificate's file has its key too.
    ///
    /// # Errors
    /// Which file cannot be read or does not parse, in words.
    pub fn of_files(ca: &Path, certificate: Option<&Path>) -> Result<Self, String> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|error| format!("reading {}: {error}", path.display()))
        };
        let ca = read(ca)?;
        let shown = certificate.map(read).transpose()?;
        Self::new(&ca, shown.as_deref().map(|both| (both, both)))
    }
}

/// A broker as HQ's own connections reach it.
#[derive(Clone)]
pub struct BrokerAddress {
    /// Where, and as whom.
    pub url: BrokerUrl,
    /// How it is encrypted, where it is.
    pub encryption: Option<Encryption>,
}

impl fmt::Debug for BrokerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

impl BrokerAddress {
    /// What a connection with this client id begins with.
    #[must_use]
    pub fn options(&self, client_id: &str) -> MqttOptions {
        let mut options = MqttOptions::new(client_id, &self.url.host, self.url.port);
        options.set_credentials(&self.url.user, &self.url.secret);
        if let Some(Encryption(config)) = &self.encryption {
            let config = TlsConfiguration::Rustls(config.clone());
            options.set_transport(Transport::tls_with_config(config));
        }
        let mut network = NetworkOptions::new();
        // A message is whole when it is written: its last part must not wait.
        network.set_tcp_nodelay(true);
        options.set_network_options(network);
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = BrokerUrl::parse("mqtts://hq:s3:cret@broker.example:1234").unwrap();
        assert_eq!((url.user.as_str(), url.secret.as_str()), ("hq", "s3:cret"));
        assert_eq!((url.host.as_str(), url.port, url.tls), ("broker.example", 1234, true));
        assert_eq!(BrokerUrl::parse("mqtts://a:b@host").unwrap().port, 8883);
        assert_eq!(BrokerUrl::parse("mqtt://a:b@[::1]").unwrap().host, "::1");
        assert!(!format!("{url:?}").contains("cret"));
    }

    #[test]
    fn another_machine_is_not_spoken_to_in_clear() {
        assert_eq!(BrokerUrl::parse("mqtt://a:b@broker.example"), Err(BrokerUrlError::InClear));
        for bad in ["broker", "http://a:b@c", "mqtts://a@c", "mqtts://c", "mqtts://a:b@c d", ""] {
            assert_eq!(BrokerUrl::parse(bad), Err(BrokerUrlError::Form), "{bad}");
        }
    }
}
