//! The leaf: what we show a browser, for the names and addresses that it has now.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;

use super::{Authority, CertificateError, Names, set_validity};
use crate::files;

/// How long a leaf holds; phones refuse one that holds for more than 398 days.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 396);
/// How far back it holds: the clocks of tablets are not set by ours.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// How long before its end it is replaced.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What is known of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What it vouches for.
    pub names: Names,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when it holds.
    pub not_after: Timestamp,
}

impl Leaf {
    /// Whether another one is needed: other names, or the time has come. A clock that is not
    /// trusted cannot say that the time has come.
    #[must_use]
    pub fn is_due(&self, names: &Names, now: Timestamp, clock_trusted: bool) -> bool {
        let holds = self.not_before <= now && now + RENEWED_BEFORE < self.not_after;
        self.names != *names || (clock_trusted && !holds)
    }
}

/// A leaf with its key, as it is kept in one file.
pub(super) struct Kept {
    pub leaf: Leaf,
    pub key: Arc<CertifiedKey>,
}

impl Kept {
    /// Reads the leaf of an earlier start. It is kept from one start to the next for those who
    /// told their browser to trust just this one: a restart must not throw them out.
    pub fn read(path: &Path, authority: &Authority, provider: &CryptoProvider) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        // What does not parse, or is of another authority, is made again.
        let kept = Self::parse(&text, provider).ok()?;
        let chain = kept.key.cert.first()?;
        let (_, leaf) = x509_parser::parse_x509_certificate(chain).ok()?;
        let (_, root) = x509_parser::parse_x509_certificate(authority.certificate()).ok()?;
        // The authority's name carries a mark of its key.
        (leaf.issuer() == root.subject()).then_some(kept)
    }

    /// Makes a leaf, and keeps it.
    pub fn issue(
        path: &Path,
        authority: &Authority,
        names: &Names,
        now: Timestamp,
        provider: &CryptoProvider,
    ) -> Result<Self, CertificateError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        let first = names.hosts.iter().next().map_or("localhost", String::as_str);
        params.distinguished_name.push(DnType::CommonName, first);
        for host in &names.hosts {
            params.subject_alt_names.push(SanType::DnsName(host.as_str().try_into()?));
        }
        params.subject_alt_names.extend(names.addresses.iter().copied().map(SanType::IpAddress));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, now - BEFORE, (now + LIFE).min(authority.not_after()));
        let certificate = params.signed_by(&key, authority.issuer())?;
        let text = format!("{}{}", key.serialize_pem(), certificate.pem());
        files::replace_file(path, text.as_bytes())
            .map_err(|error| CertificateError::Writing(path.to_owned(), error))?;
        Self::parse(&text, provider)
    }

    fn parse(text: &str, provider: &CryptoProvider) -> Result<Self, CertificateError> {
        let bad = |error| CertificateError::malformed("our certificate", error);
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).map_err(bad)?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(bad)?;
        let leaf = known(&certificate)?;
        let key = CertifiedKey::from_der(vec![certificate], key, provider)?;
        Ok(Self { leaf, key: Arc::new(key) })
    }
}

/// Reads what a certificate says of itself.
fn known(certificate: &CertificateDer<'_>) -> Result<Leaf, CertificateError> {
    const WHAT: &str = "our certificate";
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate)
        .map_err(|error| CertificateError::malformed(WHAT, error))?;
    let time = |seconds| {
        Timestamp::from_second(seconds).map_err(|error| CertificateError::malformed(WHAT, error))
    };
    let mut names = Names::default();
    let alternatives = parsed.subject_alternative_name().ok().flatten();
    for name in alternatives.iter().flat_map(|found| &found.value.general_names) {
        match name {
            GeneralName::DNSName(host) => {
                names.hosts.insert((*host).to_owned());
            }
            GeneralName::IPAddress(bytes) => {
                let v4 = <[u8; 4]>::try_from(*bytes).map(std::net::IpAddr::from);
                let v6 = <[u8; 16]>::try_from(*bytes).map(std::net::IpAddr::from);
                names.addresses.extend(v4.or(v6));
            }
            _ => {}
        }
    }
    let validity = parsed.validity();
    let not_before = time(validity.not_before.timestamp())?;
    Ok(Leaf { names, not_before, not_after: time(validity.not_after.timestamp())? })
}
