use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use cloud_bridge::policy::Identity;
use cloud_bridge::{Account, AddressError};
use figment::Figment;
use figment::providers::{Format as _, Toml};
use hq_wire::link::v1::{LinkFile, Place};
use store_core::{Currency, StoreId};

/// Why a link file does not hold.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It is not there or cannot be read.
    #[error("reading the link file {}", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// It is not a link file.
    #[error("the link file {} is not one: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Box<figment::Error>,
    },
    /// It says something that cannot be.
    #[error("the link file {}", .0.display())]
    Invalid(PathBuf, #[source] AddressError),
    /// What it says of policy's key is none.
    #[error(
        "the link file {}: policy_key is not 64 hexadecimal digits; take the file that \
         headquarters wrote",
        .0.display()
    )]
    BadKey(PathBuf),
    /// It is another store's.
    #[error(
        "the link file {} is for store {theirs}, and this is store {ours}: \
         take the file that headquarters wrote for this store, or set store.id",
        path.display()
    )]
    OtherStore {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        theirs: String,
        /// Which store this is.
        ours: StoreId,
    },
}

impl LinkError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => "link_file_unreadable",
            Self::Malformed { .. } => "link_file_malformed",
            Self::Invalid(..) | Self::BadKey(_) => "link_file_invalid",
            Self::OtherStore { .. } => "link_file_of_another_store",
        }
    }
}

/// What a link file gives a store.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// How headquarters is reached.
    pub account: Account,
    /// What headquarters' policy is verified with: an Ed25519 key in hexadecimal.
    pub policy_key: String,
}

impl Enrolment {
    /// What headquarters' policy is verified against.
    #[must_use]
    pub fn identity(&self, currency: Currency) -> Identity {
        let Place { chain, store } = self.account.place().clone();
        Identity { chain, store, currency, public_key: self.policy_key.clone() }
    }
}

/// Reads a link file, which has to be this store's.
pub fn read(path: &Path, store: &StoreId) -> Result<Enrolment, LinkError> {
    let unreadable = |error| LinkError::Unreadable(path.to_owned(), error);
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let mode = std::fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(
            file = %path.display(),
            "others on this machine can read the link file, and with it speak as this store: \
             give it mode 0600"
        );
    }
    let file: LinkFile = Figment::from(Toml::string(&text)).extract().map_err(|reason| {
        LinkError::Malformed { path: path.to_owned(), reason: Box::new(reason) }
    })?;
    let account =
        Account::new(&file).map_err(|error| LinkError::Invalid(path.to_owned(), error))?;
    if file.store != store.as_str() {
        let (path, theirs, ours) = (path.to_owned(), file.store, store.clone());
        return Err(LinkError::OtherStore { path, theirs, ours });
    }
    if !is_key(&file.policy_key) {
        return Err(LinkError::BadKey(path.to_owned()));
    }
    Ok(Enrolment { account, policy_key: file.policy_key })
}

/// Whether it can be an Ed25519 key: 32 bytes in hexadecimal.
fn is_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
