//! Where a store keeps what, in its data directory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Makes a data directory that only its owner can read, if there is none.
///
/// # Errors
/// Where the system refuses.
pub fn make(data_dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir)
}

/// The journal's file.
#[must_use]
pub fn journal(data_dir: &Path) -> PathBuf {
    data_dir.join("journal.db")
}

/// The catalogue's file.
#[must_use]
pub fn catalogue(data_dir: &Path) -> PathBuf {
    data_dir.join("catalogue.csv")
}

/// What the simulated printer has printed: the paper itself.
#[must_use]
pub fn paper(data_dir: &Path) -> PathBuf {
    data_dir.join("paper.escpos")
}

/// Replaces a file as a whole: after a power cut it is the old one or the new one.
///
/// # Errors
/// Where the system refuses; the old file stays.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    if let Some(parent) = path.parent() {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}
