//! Questions about what stands beside the journal.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store_core::fact::RowPosition;
use store_core::{OperatorId, StreamId, TransactionId, WorkstationId};

use super::reads::{all, optional_text, text};
use super::rows::{sequence, stream_id, transaction_id, unsigned};
use crate::{
    Draft, Ended, LinkCursor, Lockout, Operator, PrintJob, PrintStanding, PrintState, Session,
    WorkstationClaim,
};
use store_core::permission::Role;

type Sql<T> = Result<T, rusqlite::Error>;

const DRAFT: &str = "SELECT transaction_id, workstation, version, body FROM drafts";

fn draft_of_row(row: &Row<'_>) -> Sql<Draft> {
    Ok(Draft {
        transaction: transaction_id(row.get(0)?),
        workstation: text(row, 1)?,
        version: unsigned(row.get(2)?),
        body: row.get(3)?,
    })
}

pub fn draft(connection: &Connection, workstation: &WorkstationId) -> Sql<Option<Draft>> {
    connection
        .prepare_cached(&format!("{DRAFT} WHERE workstation = ?1"))?
        .query_row([workstation.as_str()], draft_of_row)
        .optional()
}

pub fn draft_of(connection: &Connection, transaction: TransactionId) -> Sql<Option<Draft>> {
    connection
        .prepare_cached(&format!("{DRAFT} WHERE transaction_id = ?1"))?
        .query_row([transaction.uuid().as_bytes()], draft_of_row)
        .optional()
}

pub fn drafts(connection: &Connection) -> Sql<Vec<Draft>> {
    all(connection, &format!("{DRAFT} ORDER BY workstation"), [], draft_of_row)
}

pub fn ended(connection: &Connection, transaction: TransactionId) -> Sql<Option<Ended>> {
    connection
        .prepare_cached(
            "SELECT streams.id, journal.sequence, absorbed
             FROM ended
             LEFT JOIN journal ON journal.position = ended.position
             LEFT JOIN streams ON streams.ordinal = journal.stream
             WHERE ended.transaction_id = ?1",
        )?
        .query_row([transaction.uuid().as_bytes()], |row| {
            let position = match row.get::<_, Option<[u8; 16]>>(0)? {
                Some(stream) => {
                    Some(RowPosition { stream: stream_id(stream), sequence: sequence(row.get(1)?) })
                }
                None => None,
            };
            Ok(Ended { position, absorbed: row.get(2)? })
        })
        .optional()
}

/// The state of a print job, in its third column.
fn print_state(row: &Row<'_>) -> Sql<PrintState> {
    let state = PrintState::from_code(row.get_ref(2)?.as_str()?);
    state.ok_or(rusqlite::Error::InvalidQuery)
}

const PRINT_JOB: &str =
    "SELECT transaction_id, copy, state, document, workstation, printer FROM print_jobs";

fn print_job_of(row: &Row<'_>) -> Sql<PrintJob> {
    Ok(PrintJob {
        transaction: transaction_id(row.get(0)?),
        copy: row.get(1)?,
        state: print_state(row)?,
        document: row.get(3)?,
        workstation: optional_text(row, 4)?,
        printer: optional_text(row, 5)?,
    })
}

pub fn print_job(
    connection: &Connection,
    transaction: TransactionId,
    copy: u32,
) -> Sql<Option<PrintJob>> {
    connection
        .prepare_cached(&format!("{PRINT_JOB} WHERE transaction_id = ?1 AND copy = ?2"))?
        .query_row(params![transaction.uuid().as_bytes(), copy], print_job_of)
        .optional()
}

pub fn print_jobs(connection: &Connection, transaction: TransactionId) -> Sql<Vec<PrintJob>> {
    let sql = format!("{PRINT_JOB} WHERE transaction_id = ?1 ORDER BY copy");
    all(connection, &sql, [transaction.uuid().as_bytes()], print_job_of)
}

const PRINT_STANDING: &str =
    "SELECT transaction_id, copy, state, workstation, printer FROM print_jobs";

fn print_standing_of(row: &Row<'_>) -> Sql<PrintStanding> {
    Ok(PrintStanding {
        transaction: transaction_id(row.get(0)?),
        copy: row.get(1)?,
        state: print_state(row)?,
        workstation: optional_text(row, 3)?,
        printer: optional_text(row, 4)?,
    })
}

const PRINT_OPEN: &str = "WHERE state IN ('queued', 'printing', 'unknown') ORDER BY rowid";

pub fn print_jobs_open(connection: &Connection) -> Sql<Vec<PrintStanding>> {
    all(connection, &format!("{PRINT_STANDING} {PRINT_OPEN}"), [], print_standing_of)
}

/// The first half is the condition of the index `print_jobs_done` in its own words: SQLite uses a
/// partial index only where they are said.
const PRINT_DONE: &str = "WHERE state IN ('done', 'came_out', 'replaced') AND state = 'done'
     ORDER BY changed_ms DESC, rowid DESC LIMIT ?1";

pub fn print_jobs_done(connection: &Connection, limit: u32) -> Sql<Vec<PrintStanding>> {
    all(connection, &format!("{PRINT_STANDING} {PRINT_DONE}"), [limit], print_standing_of)
}

const OPERATOR: &str =
    "SELECT id, name, role, pin_hash, badge_hash, decided_pin_hash FROM operators";

fn operator_of(row: &Row<'_>) -> Sql<Operator> {
    let role = Role::from_code(row.get_ref(2)?.as_str()?);
    Ok(Operator {
        id: text(row, 0)?,
        name: row.get(1)?,
        role: role.ok_or(rusqlite::Error::InvalidQuery)?,
        pin_hash: row.get(3)?,
        badge_hash: row.get(4)?,
        decided_pin_hash: row.get(5)?,
    })
}

pub fn operator(connection: &Connection, id: &OperatorId) -> Sql<Option<Operator>> {
    connection
        .prepare_cached(&format!("{OPERATOR} WHERE id = ?1"))?
        .query_row([id.as_str()], operator_of)
        .optional()
}

pub fn operators(connection: &Connection) -> Sql<Vec<Operator>> {
    all(connection, &format!("{OPERATOR} ORDER BY id"), [], operator_of)
}

const CLAIM: &str = "SELECT workstation, token_hash, claimed_ms FROM workstation_claims";

fn claim_of(row: &Row<'_>) -> Sql<WorkstationClaim> {
    Ok(WorkstationClaim {
        workstation: text(row, 0)?,
        token_hash: row.get(1)?,
        claimed_ms: row.get(2)?,
    })
}

pub fn claim(
    connection: &Connection,
    workstation: &WorkstationId,
) -> Sql<Option<WorkstationClaim>> {
    connection
        .prepare_cached(&format!("{CLAIM} WHERE workstation = ?1"))?
        .query_row([workstation.as_str()], claim_of)
        .optional()
}

pub fn claims(connection: &Connection) -> Sql<Vec<WorkstationClaim>> {
    all(connection, &format!("{CLAIM} ORDER BY workstation"), [], claim_of)
}

const SESSION: &str = "SELECT token_hash, operator, workstation, created_ms, last_seen_ms, \
                       expires_ms, is_locked FROM sessions";

fn session_of(row: &Row<'_>) -> Sql<Session> {
    Ok(Session {
        token_hash: row.get(0)?,
        operator: text(row, 1)?,
        workstation: optional_text(row, 2)?,
        created_ms: row.get(3)?,
        last_seen_ms: row.get(4)?,
        expires_ms: row.get(5)?,
        is_locked: row.get(6)?,
    })
}

pub fn session(connection: &Connection, token_hash: &str) -> Sql<Option<Session>> {
    connection
        .prepare_cached(&format!("{SESSION} WHERE token_hash = ?1"))?
        .query_row([token_hash], session_of)
        .optional()
}

pub fn sessions(connection: &Connection) -> Sql<Vec<Session>> {
    all(connection, &format!("{SESSION} ORDER BY token_hash"), [], session_of)
}

const LOCKOUT: &str = "SELECT key, failures, locked_until_ms FROM lockouts";

fn lockout_of(row: &Row<'_>) -> Sql<Lockout> {
    Ok(Lockout { key: row.get(0)?, failures: row.get(1)?, locked_until_ms: row.get(2)? })
}

pub fn lockout(connection: &Connection, key: &str) -> Sql<Option<Lockout>> {
    connection
        .prepare_cached(&format!("{LOCKOUT} WHERE key = ?1"))?
        .query_row([key], lockout_of)
        .optional()
}

pub fn lockouts(connection: &Connection) -> Sql<Vec<Lockout>> {
    all(connection, &format!("{LOCKOUT} ORDER BY key"), [], lockout_of)
}

pub fn setting(connection: &Connection, key: &str) -> Sql<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

pub fn cursor(connection: &Connection, stream: StreamId) -> Sql<Option<LinkCursor>> {
    connection
        .prepare_cached("SELECT through, digest FROM link_cursor WHERE stream = ?1")?
        .query_row([stream.uuid().as_bytes()], |row| {
            Ok(LinkCursor { stream, through: sequence(row.get(0)?), digest: row.get(1)? })
        })
        .optional()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::sqlite::connection::migrate;

    #[test]
    fn papers_are_found_by_their_indexes_however_many_were_ever_printed() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for (asked, index) in [(PRINT_OPEN, "print_jobs_open"), (PRINT_DONE, "print_jobs_done")] {
            let asked = format!("EXPLAIN QUERY PLAN {PRINT_STANDING} {asked}");
            let mut statement = connection.prepare(&asked).unwrap();
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<_> = steps.map(Result::unwrap).collect();
            assert!(steps[0].contains(&format!("USING INDEX {index}")), "{steps:?}");
            let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            // What is open is little and has to be put in order; what is done is not.
            assert_eq!(sorts, index == "print_jobs_open", "{steps:?}");
        }
    }
}
