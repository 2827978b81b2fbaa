//! The authority: what browsers are told to trust, once.

use std::fs;
use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use x509_parser::extensions::GeneralName;

use super::{CertificateError, set_validity};
use crate::files;

/// How long an authority holds: longer than the hardware.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 3652);
/// Endings of names that no public name server answers for, so that an authority which was stolen
/// vouches for no bank. The machine's own names and those of the settings come to it.
const PRIVATE_ENDINGS: [&str; 5] = ["local", "localhost", "lan", "internal", "home.arpa"];

/// A certificate authority of our own.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    base64: String,
    endings: Vec<String>,
    not_after: Timestamp,
}

impl Authority {
    /// Reads the authority, or makes one where there is none or where it has run out. `now` is the
    /// best guess at the time; only a trusted one can find that an authority ran out.
    ///
    /// # Errors
    /// A file that cannot be read, written or understood.
    pub fn open(
        path: &Path,
        name: &str,
        hosts: impl Iterator<Item = String>,
        now: Timestamp,
        clock_trusted: bool,
    ) -> Result<Self, CertificateError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let authority = Self::parse(&text)?;
                if !clock_trusted || authority.not_after > now {
                    return Ok(authority);
                }
                tracing::warn!("the authority ran out: every browser has to install the new one");
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(CertificateError::Reading(path.to_owned(), error)),
        }
        let text = Self::make(name, hosts, now)?;
        files::replace_file(path, text.as_bytes())
            .map_err(|error| CertificateError::Writing(path.to_owned(), error))?;
        Self::parse(&text)
    }

    /// A new key and its certificate, in one text, so that a power cut leaves both or neither.
    fn make(
        name: &str,
        hosts: impl Iterator<Item = String>,
        now: Timestamp,
    ) -> Result<String, CertificateError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        // Two of one name must not look alike in a browser's list.
        let mark = &fingerprint(key.public_key_raw())[..5];
        params.distinguished_name.push(DnType::CommonName, format!("{name} {mark}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let endings = PRIVATE_ENDINGS.into_iter().map(str::to_owned).chain(hosts);
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: endings.map(GeneralSubtree::DnsName).collect(),
            excluded_subtrees: Vec::new(),
        });
        // A Pi may make it before its clock was ever set: it holds from before any hub ran.
        set_validity(&mut params, super::EARLIEST, now + LIFE);
        let certificate = params.self_signed(&key)?;
        Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
    }

    fn parse(text: &str) -> Result<Self, CertificateError> {
        let certificate = CertificateDer::from_pem_slice(text.as_bytes())
            .map_err(|error| CertificateError::malformed("the authority's certificate", error))?;
        let key = KeyPair::from_pem(text)?;
        let (_, parsed) = x509_parser::parse_x509_certificate(&certificate)
            .map_err(|error| CertificateError::malformed("the authority's certificate", error))?;
        if parsed.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
            return Err(CertificateError::malformed("the authority", "its key is another's"));
        }
        let not_after = Timestamp::from_second(parsed.validity().not_after.timestamp())
            .map_err(|error| CertificateError::malformed("the authority's dates", error))?;
        let constraints = parsed.name_constraints().ok().flatten();
        let permitted = constraints.and_then(|found| found.value.permitted_subtrees.clone());
        let endings = permitted.into_iter().flatten().filter_map(|subtree| match subtree.base {
            GeneralName::DNSName(name) => Some(name.to_owned()),
            _ => None,
        });
        let endings = endings.collect();
        let issuer = Issuer::from_ca_cert_der(&certificate, key)?;
        let base64 = text
            .lines()
            .skip_while(|line| *line != "-----BEGIN CERTIFICATE-----")
            .skip(1)
            .take_while(|line| !line.starts_with('-'))
            .collect();
        Ok(Self { certificate, issuer, base64, endings, not_after })
    }

    /// Whether it may vouch for a host name: one that was its own or the settings' when it was
    /// made, or one of a private ending.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        self.endings.iter().any(|ending| {
            host.strip_suffix(ending.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }

    /// What browsers install, in DER.
    #[must_use]
    pub const fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The same in base64, as PEM and profiles carry it.
    #[must_use]
    pub fn base64(&self) -> &str {
        &self.base64
    }

    /// The same in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
        for line in self.base64.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem + "-----END CERTIFICATE-----\n"
    }

    /// Signs with its key.
    pub(super) const fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    /// When it runs out.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The SHA-256 of the certificate as browsers show it: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.certificate)
    }
}

/// The SHA-256 of some bytes, in pairs of capital digits.
fn fingerprint(bytes: &[u8]) -> String {
    let pairs: Vec<String> =
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
