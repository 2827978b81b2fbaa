//! SQLite's write-ahead log, as far as it tells how its last transaction ended.
//!
//! A header of 32 bytes (page size at 8, salts at 16), then frames: a header of 24 bytes (size of
//! the database after a commit at 4, else 0; salts at 8) and one page. All big-endian.

use std::path::Path;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// Whether frames of the log's present round stand behind its last commit, or part of a frame.
pub fn is_torn(log: &Path) -> bool {
    std::fs::read(log).is_ok_and(|bytes| ends_within_a_transaction(&bytes))
}

fn ends_within_a_transaction(bytes: &[u8]) -> bool {
    let Some((header, frames)) = bytes.split_at_checked(HEADER_BYTES) else {
        return false;
    };
    let page = u32::from_be_bytes(header[8..12].try_into().unwrap());
    let frame_bytes = FRAME_HEADER_BYTES + usize::try_from(page).unwrap();
    let salts = &header[16..24];
    let mut is_open = false;
    for frame in frames.chunks(frame_bytes) {
        if frame.len() < frame_bytes {
            return true;
        }
        if frame[8..16] != *salts {
            // From an earlier round of the log.
            break;
        }
        is_open = frame[4..8] == [0; 4];
    }
    is_open
}

#[test]
fn a_log_without_the_commit_of_its_last_transaction_is_told_from_a_whole_one() {
    let data = crate::support::temp_dir("wal");
    let path = data.path().join("a.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a);
             INSERT INTO t VALUES (zeroblob(20000));",
        )
        .unwrap();
    let whole = std::fs::read(data.path().join("a.db-wal")).unwrap();
    assert!(whole.len() > 20_000);
    assert!(!ends_within_a_transaction(&whole));
    let frame = FRAME_HEADER_BYTES + 4096;
    assert!(ends_within_a_transaction(&whole[..whole.len() - frame]), "the commit is missing");
    assert!(ends_within_a_transaction(&whole[..whole.len() - 10]), "half a page");
    assert!(!ends_within_a_transaction(&whole[..HEADER_BYTES]), "nothing yet");
}
