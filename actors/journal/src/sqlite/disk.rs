use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rusqlite::ffi;

use crate::WriteError;

/// How much room there is: by default what the filesystem says.
#[derive(Clone)]
pub struct FreeBytes(Arc<Ask>);

type Ask = dyn Fn(&Path) -> std::io::Result<u64> + Send + Sync;

impl FreeBytes {
    /// Asks this function, with the data directory, for the bytes that may still be used.
    #[must_use]
    pub fn new(ask: impl Fn(&Path) -> std::io::Result<u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// Whether at least so many bytes are free. A filesystem that cannot say is taken to have
    /// room: the write itself will tell.
    pub(super) fn has(&self, directory: &Path, bytes: u64) -> bool {
        (self.0)(directory).map_or(true, |free| free >= bytes)
    }
}

impl Default for FreeBytes {
    fn default() -> Self {
        Self::new(|directory| {
            let found = rustix::fs::statvfs(directory)?;
            Ok(found.f_bavail.saturating_mul(found.f_frsize))
        })
    }
}

impl fmt::Debug for FreeBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreeBytes")
    }
}

/// What is done when the disk says that a sync failed: what is on it is not known any more, and
/// going on would be a guess. By default the process ends, and starts again from what is there.
#[derive(Clone)]
pub struct OnFatal(Arc<dyn Fn(&str) + Send + Sync>);

impl OnFatal {
    /// Calls this function with what the database said.
    #[must_use]
    pub fn new(call: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    pub(super) fn look_at(&self, error: &rusqlite::Error) {
        if is_fatal(error) {
            (self.0)(&error.to_string());
        }
    }
}

impl Default for OnFatal {
    fn default() -> Self {
        Self::new(|text| {
            tracing::error!(error = text, "a sync of the journal failed: the process ends");
            std::process::abort();
        })
    }
}

impl fmt::Debug for OnFatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnFatal")
    }
}

/// Whether an error says that a sync failed. The kernel reports such a failure once and forgets
/// the pages, so a second attempt would succeed without having written anything.
pub fn is_fatal(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error().map(|it| it.extended_code),
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    )
}

/// What a failure of the database means for a write.
pub fn failure(error: &rusqlite::Error) -> WriteError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => WriteError::DiskFull,
        Some(rusqlite::ErrorCode::ConstraintViolation) => WriteError::Rejected(error.to_string()),
        _ => WriteError::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
