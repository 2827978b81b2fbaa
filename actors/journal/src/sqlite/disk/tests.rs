use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

fn error(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

#[test]
fn only_a_failed_sync_is_fatal() {
    assert!(is_fatal(&error(ffi::SQLITE_IOERR_FSYNC)));
    assert!(is_fatal(&error(ffi::SQLITE_IOERR_DIR_FSYNC)));
    assert!(!is_fatal(&error(ffi::SQLITE_FULL)));
    assert!(!is_fatal(&error(ffi::SQLITE_IOERR_WRITE)));
    assert!(!is_fatal(&error(ffi::SQLITE_BUSY)));
}

#[test]
fn the_hook_hears_of_a_failed_sync_and_of_nothing_else() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let hook = OnFatal::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    hook.look_at(&error(ffi::SQLITE_FULL));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    hook.look_at(&error(ffi::SQLITE_IOERR_FSYNC));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn a_full_disk_and_a_broken_rule_are_told_apart() {
    assert_eq!(failure(&error(ffi::SQLITE_FULL)), WriteError::DiskFull);
    assert!(matches!(failure(&error(ffi::SQLITE_CONSTRAINT)), WriteError::Rejected(_)));
    assert!(matches!(failure(&error(ffi::SQLITE_IOERR)), WriteError::Failed(_)));
}

#[test]
fn the_filesystem_says_how_much_room_there_is() {
    let directory = tempfile::tempdir().expect("a directory");
    assert!(FreeBytes::default().has(directory.path(), 1));
    assert!(!FreeBytes::default().has(directory.path(), u64::MAX));
}
