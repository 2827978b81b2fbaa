//! The keys of headquarters, each a file for its owner alone in the data directory: made once,
//! because stores were told what fits them.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use service_kit::files;
use service_kit::security::{Token, token::hex};

const POLICY_FILE: &str = "policy.key";
const BROKER_FILE: &str = "broker.secret";
const LOCK_FILE: &str = "keys.lock";

/// Why a key is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read or written.
    #[error("the key file {}", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A file is no such key.
    #[error("{} does not hold the key that it should", .0.display())]
    Malformed(PathBuf),
    /// There are no random numbers.
    #[error("the system has no random numbers")]
    NoRandom,
}

/// What bundles of policy are signed with: Ed25519.
pub struct PolicyKey(Ed25519KeyPair);

impl PolicyKey {
    /// Reads the key, or makes one where there is none.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join(POLICY_FILE);
        let document = kept(&path, || {
            let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
            made.map(|made| made.as_ref().to_vec()).map_err(|_| KeyError::NoRandom)
        })?;
        Ed25519KeyPair::from_pkcs8(&document).map(Self).map_err(|_| KeyError::Malformed(path))
    }

    /// The key itself, to sign with.
    #[must_use]
    pub const fn pair(&self) -> &Ed25519KeyPair {
        &self.0
    }

    /// What stores check signatures with: 32 bytes in hexadecimal.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.0.public_key().as_ref())
    }
}

/// What headquarters is known by at its own broker.
///
/// # Errors
/// [`KeyError`].
pub fn broker_secret(data_dir: &Path) -> Result<String, KeyError> {
    let path = data_dir.join(BROKER_FILE);
    let secret = kept(&path, || Ok(Token::new().into_secret().into_bytes()))?;
    String::from_utf8(secret).map_err(|_| KeyError::Malformed(path))
}

/// Does what makes or reads keys and certificates while no other process does: the broker and
/// headquarters may be started for the first time at the same moment.
///
/// # Errors
/// Where the directory cannot be written to, and whatever the work says.
pub fn alone<T, E: From<KeyError>>(
    data_dir: &Path,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let path = data_dir.join(LOCK_FILE);
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let locked = opened.and_then(|file| file.lock().map(|()| file));
    let held = locked.map_err(|error| E::from(KeyError::File(path, error)))?;
    let done = work();
    drop(held);
    done
}

/// What a file holds; where there is none, what is made and kept there.
fn kept(
    path: &Path,
    make: impl FnOnce() -> Result<Vec<u8>, KeyError>,
) -> Result<Vec<u8>, KeyError> {
    let failed = |error| KeyError::File(path.to_owned(), error);
    match std::fs::read(path) {
        Ok(content) => Ok(content),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = make()?;
            files::replace_file(path, &made).map_err(failed)?;
            // Another process may have made one at the same time: what stands there counts.
            std::fs::read(path).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let (first, again) =
            (PolicyKey::open(dir.path()).unwrap(), PolicyKey::open(dir.path()).unwrap());
        assert_eq!(first.public(), again.public());
        assert_eq!(first.public().len(), 64);
        let secret = broker_secret(dir.path()).unwrap();
        assert_eq!(secret, broker_secret(dir.path()).unwrap());
        for file in [POLICY_FILE, BROKER_FILE] {
            let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        std::fs::write(dir.path().join(POLICY_FILE), "x").unwrap();
        assert!(matches!(PolicyKey::open(dir.path()), Err(KeyError::Malformed(_))));
    }
}
