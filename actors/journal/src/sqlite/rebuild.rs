use std::path::Path;

use rusqlite::Connection;

use super::connection::{database, lock, migrate, open_to_write, sqlite};
use super::project::{BY_KEY, BY_ROW, Fault, project};
use super::reads::rows_from;
use super::rows::reading;
use crate::{BadRow, OpenError};

/// Rows that are held in memory at once while folding.
const ROWS_AT_ONCE: usize = 1000;

/// Makes all projections again from the journal, in one transaction, and answers how many rows
/// were folded. What stands beside the journal is left alone.
///
/// # Errors
/// [`OpenError::BadRow`] where a row cannot be folded, [`OpenError::InUse`] while a hub runs.
pub fn rebuild(data_dir: &Path) -> Result<u64, OpenError> {
    let _lock = lock(data_dir)?;
    let mut connection = open_to_write(&database(data_dir))?;
    migrate(&mut connection)?;
    let rebuilding = connection.transaction().map_err(sqlite("rebuilding"))?;
    for (table, _) in BY_ROW.into_iter().chain(BY_KEY) {
        rebuilding.execute(&format!("DELETE FROM {table}"), []).map_err(sqlite("rebuilding"))?;
    }
    let folded = fold(&rebuilding)?;
    rebuilding.commit().map_err(sqlite("rebuilding"))?;
    Ok(folded)
}

fn fold(connection: &Connection) -> Result<u64, OpenError> {
    let (mut next, mut folded) = (1, 0);
    loop {
        let rows = rows_from(connection, next, ROWS_AT_ONCE).map_err(reading("rows"))?;
        if rows.is_empty() {
            return Ok(folded);
        }
        for (row, position, _) in &rows {
            let (stream, sequence) = (row.position.stream, row.position.sequence);
            let bad = |reason: String| BadRow { stream, sequence, reason };
            if let Some(committed) = row.committed().map_err(|error| bad(error.to_string()))? {
                project(connection, *position, &committed).map_err(|fault| match fault {
                    Fault::Refused(error) => bad(error.to_string()).into(),
                    Fault::Sqlite(error) => sqlite("rebuilding")(error),
                })?;
            }
            next = position + 1;
            folded += 1;
        }
    }
}
