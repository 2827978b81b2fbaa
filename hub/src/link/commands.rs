//! What headquarters can ask of every store.

use std::path::{Path, PathBuf};

use cloud_bridge::Commands;
use hq_wire::row::v1::hex;
use serde_json::{Value, json};
use store_journal::{Head, LedgerReads as _, OpenError, Reader, StreamState};

/// A command that could not be carried out.
const FAILED: &str = "journal_failed";

/// Adds what every store answers: `verify` and `describe`.
pub fn add(commands: &mut Commands, data_dir: PathBuf) {
    let dir = data_dir.clone();
    commands.add("verify", move |_| verify(&dir));
    commands.add("describe", move |_| describe(&data_dir));
}

fn verify(data_dir: &Path) -> Result<Value, String> {
    match store_journal::verify(data_dir, true) {
        Ok(report) => Ok(json!({ "holds": true, "rows": report.rows })),
        Err(OpenError::BadRow { source }) => {
            Ok(json!({ "holds": false, "reason": source.to_string() }))
        }
        Err(OpenError::Damaged { reason }) => Ok(json!({ "holds": false, "reason": reason })),
        Err(error) => {
            tracing::error!(%error, "verifying the journal for headquarters");
            Err(FAILED.to_owned())
        }
    }
}

fn describe(data_dir: &Path) -> Result<Value, String> {
    let reader = Reader::open(data_dir).map_err(|error| failed(&error))?;
    let streams = reader.streams().map_err(|error| failed(&error))?;
    let head = |stream: &StreamState| {
        let Head { stream, sequence, digest } = stream.head;
        json!({ "stream": stream, "sequence": sequence, "digest": hex(&digest) })
    };
    Ok(json!({
        "version": concat!("hub ", env!("CARGO_PKG_VERSION")),
        "streams": streams.iter().map(head).collect::<Vec<Value>>(),
        "free_disk_bytes": free_disk_bytes(data_dir),
    }))
}

fn failed(error: &dyn std::error::Error) -> String {
    tracing::error!(%error, "describing the store for headquarters");
    FAILED.to_owned()
}

/// Room on the disk; nothing where the system does not say.
fn free_disk_bytes(data_dir: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(data_dir).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}
