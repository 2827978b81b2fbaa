//! Certificates of the authority that are no web server's: a broker's, and those that stores show.

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType,
};

use super::{Authority, CertificateError, Names, set_validity};

/// How far back a certificate holds: the clocks of stores are not set by ours.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// A certificate with its key, both in PEM. No browser sees it, so it holds as long as the
/// authority does.
#[derive(Clone)]
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Issued {
    /// What a server shows that is reached under these names and addresses.
    ///
    /// # Errors
    /// [`CertificateError::Making`].
    pub fn server(
        authority: &Authority,
        names: &Names,
        now: Timestamp,
    ) -> Result<Self, CertificateError> {
        let mut params = CertificateParams::default();
        for host in names.hosts.iter().filter(|host| authority.covers(host)) {
            params.subject_alt_names.push(SanType::DnsName(host.as_str().try_into()?));
        }
        params.subject_alt_names.extend(names.addresses.iter().copied().map(SanType::IpAddress));
        Self::sign(authority, params, "server", ExtendedKeyUsagePurpose::ServerAuth, now)
    }

    /// What a client shows that is known by this name.
    ///
    /// # Errors
    /// [`CertificateError::Making`].
    pub fn client(
        authority: &Authority,
        name: &str,
        now: Timestamp,
    ) -> Result<Self, CertificateError> {
        let params = CertificateParams::default();
        Self::sign(authority, params, name, ExtendedKeyUsagePurpose::ClientAuth, now)
    }

    fn sign(
        authority: &Authority,
        mut params: CertificateParams,
        name: &str,
        usage: ExtendedKeyUsagePurpose,
        now: Timestamp,
    ) -> Result<Self, CertificateError> {
        let key = KeyPair::generate()?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, now - BEFORE, authority.not_after());
        let certificate = params.signed_by(&key, authority.issuer())?.pem();
        Ok(Self { certificate, key: key.serialize_pem() })
    }
}
