//! Whether the tables say what the rows say.

use hq_wire::facts::v1::{StreamCause, StreamStarted};
use hq_wire::row::v1::digest_from_hex;
use rusqlite::types::Value;
use rusqlite::{Connection, Params};
use store_core::fact::CommittedFact;
use uuid::Uuid;

use super::connection::{migrate, sqlite};
use super::project::{BY_KEY, BY_ROW, Fault, project};
use super::rows::{reading, signed};
use super::stream::cause_code;
use super::verify::Placed;
use crate::{BadRow, Head, OpenError};

/// Folds every row once more, beside the file, and compares. Only what belongs to one row is
/// kept of the sales, so a journal of years needs no more room than one of a day.
pub struct Tables<'c> {
    stored: &'c Connection,
    folded: Connection,
    /// How many lines of each table of [`BY_ROW`] the rows so far make.
    made: [i64; BY_ROW.len()],
    streams: Vec<Vec<Value>>,
}

impl<'c> Tables<'c> {
    /// Before the first row.
    ///
    /// # Errors
    /// What the database said.
    pub fn new(stored: &'c Connection) -> Result<Self, OpenError> {
        let mut folded = Connection::open_in_memory().map_err(sqlite("verifying"))?;
        migrate(&mut folded)?;
        Ok(Self { stored, folded, made: [0; BY_ROW.len()], streams: Vec::new() })
    }

    /// Takes the next row and what happened in it.
    ///
    /// # Errors
    /// [`OpenError::BadRow`] where a table says something else about it.
    pub fn look(
        &mut self,
        placed: &Placed,
        committed: Option<&CommittedFact>,
    ) -> Result<(), OpenError> {
        let at = placed.row.position;
        let bad = |reason: String| BadRow { stream: at.stream, sequence: at.sequence, reason };
        let Some(committed) = committed else {
            self.streams.push(stream_row(placed).ok_or_else(|| {
                bad("it starts a stream and does not say which one before it".to_owned())
            })?);
            return Ok(());
        };
        project(&self.folded, placed.position, committed).map_err(|fault| match fault {
            Fault::Refused(error) => OpenError::from(bad(error.to_string())),
            Fault::Sqlite(error) => sqlite("verifying")(error),
        })?;
        if committed.fact.transaction().is_none() {
            return Ok(());
        }
        for ((table, key), made) in BY_ROW.iter().zip(&mut self.made) {
            let sql = format!("SELECT * FROM {table} WHERE position = ?1 ORDER BY {key}");
            let folded = content(&self.folded, &sql, [placed.position])?;
            if folded != content(self.stored, &sql, [placed.position])? {
                return Err(bad(differs(table)).into());
            }
            *made += i64::try_from(folded.len()).unwrap_or(i64::MAX);
            if !folded.is_empty() {
                let sql = format!("DELETE FROM {table}");
                self.folded.execute(&sql, []).map_err(sqlite("verifying"))?;
            }
        }
        Ok(())
    }

    /// After the last row, to which a difference is laid that belongs to no single one.
    ///
    /// # Errors
    /// [`OpenError::BadRow`] where a table says more or something else.
    pub fn compare(&self, last: &Head) -> Result<(), OpenError> {
        let bad = |reason: String| BadRow { stream: last.stream, sequence: last.sequence, reason };
        for ((table, _), made) in BY_ROW.iter().zip(self.made) {
            let sql = format!("SELECT count(*) FROM {table}");
            let stored: i64 =
                self.stored.query_row(&sql, [], |row| row.get(0)).map_err(reading("a table"))?;
            if stored != made {
                return Err(bad(differs(table)).into());
            }
        }
        for (table, key) in BY_KEY {
            let sql = format!("SELECT * FROM {table} ORDER BY {key}");
            if content(&self.folded, &sql, [])? != content(self.stored, &sql, [])? {
                return Err(bad(differs(table)).into());
            }
        }
        let sql = "SELECT ordinal, id, first_position, parent_stream, parent_sequence,
                       parent_digest, cause FROM streams ORDER BY ordinal";
        if content(self.stored, sql, [])? != self.streams {
            return Err(bad("the table of streams is not what the rows say".to_owned()).into());
        }
        Ok(())
    }
}

fn differs(table: &str) -> String {
    format!("the table {table} is not what the rows say; `hub journal rebuild` makes it again")
}

/// The line of the table of streams that a stream's first row makes.
fn stream_row(placed: &Placed) -> Option<Vec<Value>> {
    let started: StreamStarted = serde_json::from_str(&placed.row.body).ok()?;
    let cause: StreamCause = started.cause;
    let parent = match started.parent {
        Some(parent) => [
            Value::Blob(parent.stream.parse::<Uuid>().ok()?.as_bytes().to_vec()),
            Value::Integer(signed(parent.through)),
            Value::Blob(digest_from_hex(&parent.digest)?.to_vec()),
        ],
        None => [Value::Null, Value::Null, Value::Null],
    };
    let stream = placed.row.position.stream.uuid().as_bytes().to_vec();
    let mut row =
        vec![Value::Integer(placed.ordinal), Value::Blob(stream), Value::Integer(placed.position)];
    row.extend(parent);
    row.push(Value::Text(cause_code(cause).to_owned()));
    Some(row)
}

/// All that a question answers, as it is stored.
fn content(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<Vec<Value>>, OpenError> {
    let ask = || -> Result<Vec<Vec<Value>>, rusqlite::Error> {
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| (0..columns).map(|index| row.get(index)).collect();
        statement.query_map(parameters, read)?.collect()
    };
    Ok(ask().map_err(reading("a table"))?)
}
