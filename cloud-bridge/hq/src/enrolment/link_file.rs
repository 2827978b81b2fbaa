//! Enrolling a store: a secret, a certificate, and the file with both.

use std::io;

use hq_wire::link::v1::{LinkFile, is_level};
use jiff::Timestamp;
use service_kit::certificates::{Authority, CertificateError, Issued};
use service_kit::security::Token;
use store_core::StoreId;

use super::tables;
use crate::broker::HQ_USER;
use crate::people::now_ms;
use crate::store::{HqStore, StoreError};

/// Why a store was not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// An id that no store can have.
    #[error(
        "{0:?} cannot be a store's id: 1 to 64 letters, digits and signs, but none of / + # $, no \
         spaces, and not {HQ_USER:?}"
    )]
    BadId(String),
    /// There is such a store.
    #[error("the store {0} has a link file already")]
    Exists(String),
    /// There is no such store.
    #[error("there is no store {0} with a link file")]
    Unknown(String),
    /// The certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The link file could not be kept: the store is let in as it was before.
    #[error("keeping the link file")]
    Keeping(#[source] io::Error),
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a link file is made of, besides the store's own.
pub struct Enrolment<'a> {
    /// How stores reach the broker: `mqtts://host:port`.
    pub broker: String,
    /// The chain.
    pub chain: String,
    /// The key that policy is signed with, its public half.
    pub policy_key: String,
    /// Who vouches for the broker and for stores; none where the broker speaks in clear, or is
    /// another.
    pub authority: Option<&'a Authority>,
}

impl Enrolment<'_> {
    /// Enrols a store that has no link file yet. `name` and `region` are its own. `keep` is given
    /// the file before anybody is let in by it.
    ///
    /// # Errors
    /// [`EnrolmentError`].
    pub fn add(
        &self,
        database: &mut HqStore,
        store: &str,
        name: Option<&str>,
        region: Option<&str>,
        keep: impl FnOnce(&LinkFile) -> io::Result<()>,
    ) -> Result<LinkFile, EnrolmentError> {
        if !is_level(store) || store == HQ_USER || StoreId::new(store).is_err() {
            return Err(EnrolmentError::BadId(store.chars().take(80).collect()));
        }
        if tables::secret_of(database.sql(), store)?.is_some() {
            return Err(EnrolmentError::Exists(store.to_owned()));
        }
        self.give(database, store, (name, region), keep)
    }

    /// Gives a store another secret: the one before lets nobody in any more. `keep` is given the
    /// file before that.
    ///
    /// # Errors
    /// [`EnrolmentError`].
    pub fn rotate(
        &self,
        database: &mut HqStore,
        store: &str,
        keep: impl FnOnce(&LinkFile) -> io::Result<()>,
    ) -> Result<LinkFile, EnrolmentError> {
        if tables::secret_of(database.sql(), store)?.is_none() {
            return Err(EnrolmentError::Unknown(store.to_owned()));
        }
        self.give(database, store, (None, None), keep)
    }

    fn give(
        &self,
        database: &mut HqStore,
        store: &str,
        (name, region): (Option<&str>, Option<&str>),
        keep: impl FnOnce(&LinkFile) -> io::Result<()>,
    ) -> Result<LinkFile, EnrolmentError> {
        let issue = |authority| Issued::client(authority, store, Timestamp::now());
        let issued = self.authority.map(issue).transpose()?;
        let (certificate, key) = issued.map(|one| (one.certificate, one.key)).unzip();
        let token = Token::new();
        let secret_hash = token.hash();
        let file = LinkFile {
            broker: self.broker.clone(),
            chain: self.chain.clone(),
            store: store.to_owned(),
            secret: token.into_secret(),
            policy_key: self.policy_key.clone(),
            ca: self.authority.map(Authority::pem),
            certificate,
            key,
        };
        keep(&file).map_err(EnrolmentError::Keeping)?;
        tables::put(database, store, (name, region), &secret_hash, now_ms())?;
        Ok(file)
    }
}
