//! Where a store keeps what it must not lose.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// A data directory that this process alone works in, for as long as this value lives.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Why a data directory cannot be worked in.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another hub has it.
    #[error("another hub works in {}", .0.display())]
    InUse(PathBuf),
    /// The system said no.
    #[error("opening the data directory {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

impl DataDir {
    /// Makes the directory if there is none (readable by its owner only) and takes its lock.
    ///
    /// # Errors
    /// Where another process has the lock or the system refuses.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let failed = |source| DataDirError::Io(path.to_owned(), source);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join("lock"))
            .map_err(failed)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
            if error == rustix::io::Errno::WOULDBLOCK {
                return DataDirError::InUse(path.to_owned());
            }
            failed(error.into())
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The journal's file in a directory.
    #[must_use]
    pub fn journal_in(directory: &Path) -> PathBuf {
        directory.join("journal.db")
    }

    /// The journal's file.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        Self::journal_in(&self.path)
    }

    /// The catalogue's file.
    #[must_use]
    pub fn catalogue(&self) -> PathBuf {
        self.path.join("catalogue.csv")
    }

    /// What the simulated printer has printed: the paper itself.
    #[must_use]
    pub fn paper(&self) -> PathBuf {
        self.path.join("paper.escpos")
    }
}

/// Replaces a file as a whole: after a power cut it is the old one or the new one.
///
/// # Errors
/// Where the system refuses; the old file stays.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let temporary = path.with_extension("tmp");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    if let Some(parent) = path.parent() {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}
