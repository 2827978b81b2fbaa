use std::io::Write;
use std::path::Path;

use hq_wire::row::v1::{Row, hex};
use serde_json::value::RawValue;

use super::connection::{database, io, open_to_read};
use super::reads::rows_from;
use super::rows::reading;
use crate::{JournalRow, OpenError, ReadError};

/// Rows that are held in memory at once while exporting.
const ROWS_AT_ONCE: usize = 1000;

impl JournalRow {
    /// The row as it is exported and sent; its body is the stored text itself.
    ///
    /// # Errors
    /// Where the body is not JSON.
    pub fn to_wire(&self) -> Result<Row, serde_json::Error> {
        Ok(Row {
            stream: self.position.stream.to_string(),
            sequence: self.position.sequence.0,
            id: self.id.to_string(),
            kind: self.kind.clone(),
            body_version: self.body_version,
            transaction: self.transaction.map(|id| id.to_string()),
            wall_ms: self.now.wall.as_millisecond(),
            utc_offset_s: self.now.utc_offset_s,
            monotonic_ms: self.now.monotonic_ms,
            boot: self.now.boot.to_string(),
            clock_trusted: self.now.clock_trusted,
            body: RawValue::from_string(self.body.clone())?,
            digest: hex(&self.digest),
        })
    }
}

/// Writes every row as a line of JSON (`hq_wire::row::v1::Row`), oldest first, and answers how
/// many they were. The journal may be in use.
///
/// # Errors
/// Where the journal cannot be read or the output not be written.
pub fn export(data_dir: &Path, mut out: impl Write) -> Result<u64, OpenError> {
    let path = database(data_dir);
    let connection = open_to_read(&path)?;
    let _moment = connection.unchecked_transaction().map_err(reading("rows"))?;
    let (mut next, mut written) = (1, 0);
    loop {
        let rows = rows_from(&connection, next, ROWS_AT_ONCE).map_err(reading("rows"))?;
        if rows.is_empty() {
            break;
        }
        for (row, position, _) in &rows {
            let line =
                row.to_wire().and_then(|row| serde_json::to_string(&row)).map_err(|error| {
                    ReadError::Malformed { what: "a body", reason: error.to_string() }
                })?;
            writeln!(out, "{line}").map_err(io("exporting", &path))?;
            next = position + 1;
            written += 1;
        }
    }
    out.flush().map_err(io("exporting", &path))?;
    Ok(written)
}
