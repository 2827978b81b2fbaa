//! Writes beside the journal.

use rusqlite::{Connection, OptionalExtension, params};
use store_core::{TransactionId, WorkstationId};

use super::project::Fault;
use super::rows::{signed, unsigned};
use crate::fold::check_draft;
use crate::{
    AccessChange, Draft, LinkCursor, Operator, PrintChange, PrintJob, Session, WorkstationClaim,
    WriteError,
};

type Sql<T> = Result<T, rusqlite::Error>;

pub fn save_draft(connection: &Connection, draft: &Draft) -> Result<(), Fault> {
    let id = draft.transaction.uuid();
    let stored: Option<(i64, String)> = connection
        .prepare_cached("SELECT version, workstation FROM drafts WHERE transaction_id = ?1")?
        .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let has_ended = connection
        .prepare_cached(
            "SELECT 1 FROM ended WHERE transaction_id = ?1
             UNION ALL SELECT 1 FROM transactions WHERE transaction_id = ?1
             UNION ALL SELECT 1 FROM suspended WHERE transaction_id = ?1",
        )?
        .exists([id.as_bytes()])?;
    let stored = stored.as_ref().map(|(version, at)| (unsigned(*version), at.as_str()));
    check_draft(draft, stored, has_ended)?;
    let is_elsewhere = connection
        .prepare_cached("SELECT 1 FROM drafts WHERE workstation = ?1 AND transaction_id <> ?2")?
        .exists(params![draft.workstation.as_str(), id.as_bytes()])?;
    if is_elsewhere {
        let text = format!("workstation {} has another basket open", draft.workstation);
        return Err(WriteError::Rejected(text).into());
    }
    connection
        .prepare_cached(
            "INSERT INTO drafts (transaction_id, workstation, version, body)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (transaction_id) DO UPDATE SET version = excluded.version,
                 body = excluded.body",
        )?
        .execute(params![
            id.as_bytes(),
            draft.workstation.as_str(),
            signed(draft.version),
            draft.body
        ])?;
    Ok(())
}

pub fn end_draft(
    connection: &Connection,
    transaction: TransactionId,
    position: i64,
    absorbed: &str,
    ended_ms: i64,
) -> Sql<()> {
    let id = transaction.uuid();
    connection
        .prepare_cached("DELETE FROM drafts WHERE transaction_id = ?1")?
        .execute([id.as_bytes()])?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO ended (transaction_id, position, absorbed, ended_ms)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![id.as_bytes(), position, absorbed, ended_ms])?;
    Ok(())
}

pub fn queue_print(connection: &Connection, job: &PrintJob, at_ms: i64) -> Sql<()> {
    connection
        .prepare_cached(
            "INSERT INTO print_jobs
                (transaction_id, copy, state, document, changed_ms, workstation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (transaction_id, copy) DO NOTHING",
        )?
        .execute(params![
            job.transaction.uuid().as_bytes(),
            job.copy,
            job.state.code(),
            job.document,
            at_ms,
            job.workstation.as_ref().map(|at| at.as_str()),
        ])?;
    Ok(())
}

pub fn print(connection: &Connection, change: &PrintChange, at_ms: i64) -> Result<(), Fault> {
    match change {
        PrintChange::Queue(job) => Ok(queue_print(connection, job, at_ms)?),
        PrintChange::State { transaction, copy, state, printer } => {
            let changed = connection
                .prepare_cached(
                    "UPDATE print_jobs
                     SET state = ?3, changed_ms = ?4, printer = coalesce(?5, printer)
                     WHERE transaction_id = ?1 AND copy = ?2",
                )?
                .execute(params![
                    transaction.uuid().as_bytes(),
                    copy,
                    state.code(),
                    at_ms,
                    printer.as_ref().map(|printer| printer.as_str()),
                ])?;
            if changed == 0 {
                let text = format!("transaction {transaction} has no print job {copy}");
                return Err(WriteError::Rejected(text).into());
            }
            Ok(())
        }
    }
}

pub fn cursor(connection: &Connection, cursor: &LinkCursor) -> Sql<()> {
    connection.prepare_cached("INSERT OR REPLACE INTO link_cursor VALUES (?1, ?2, ?3)")?.execute(
        params![cursor.stream.uuid().as_bytes(), signed(cursor.through.0), cursor.digest],
    )?;
    Ok(())
}

pub fn prune(connection: &Connection, before_ms: i64) -> Sql<()> {
    for sql in [
        "DELETE FROM ended WHERE ended_ms < ?1",
        "DELETE FROM print_jobs
         WHERE state IN ('done', 'came_out', 'replaced') AND changed_ms < ?1",
        "DELETE FROM sessions WHERE expires_ms < ?1",
        "DELETE FROM lockouts WHERE locked_until_ms < ?1",
    ] {
        connection.prepare_cached(sql)?.execute([before_ms])?;
    }
    Ok(())
}

pub fn access(connection: &Connection, change: &AccessChange) -> Sql<()> {
    match change {
        AccessChange::PutOperator(operator) => put_operator(connection, operator),
        AccessChange::RemoveOperator(operator) => {
            forget(connection, "operators", "id", operator.as_str())
        }
        AccessChange::Claim(claim) => put_claim(connection, claim),
        AccessChange::ReleaseClaim(workstation) => {
            forget(connection, "workstation_claims", "workstation", workstation.as_str())
        }
        AccessChange::OpenSession(session) => put_session(connection, session),
        AccessChange::TouchSession { token_hash, last_seen_ms, expires_ms } => connection
            .prepare_cached(
                "UPDATE sessions SET last_seen_ms = ?2, expires_ms = ?3 WHERE token_hash = ?1",
            )?
            .execute(params![token_hash, last_seen_ms, expires_ms])
            .map(|_| ()),
        AccessChange::LockSession { token_hash, is_locked } => connection
            .prepare_cached("UPDATE sessions SET is_locked = ?2 WHERE token_hash = ?1")?
            .execute(params![token_hash, is_locked])
            .map(|_| ()),
        AccessChange::CloseSession(token) => forget(connection, "sessions", "token_hash", token),
        AccessChange::CloseSessionsAt(workstation) => {
            forget(connection, "sessions", "workstation", workstation.as_str())
        }
        AccessChange::CloseSessionsOf(operator) => {
            forget(connection, "sessions", "operator", operator.as_str())
        }
        AccessChange::PutLockout(lockout) => connection
            .prepare_cached("INSERT OR REPLACE INTO lockouts VALUES (?1, ?2, ?3)")?
            .execute(params![lockout.key, lockout.failures, lockout.locked_until_ms])
            .map(|_| ()),
        AccessChange::ClearLockout(key) => forget(connection, "lockouts", "key", key),
        AccessChange::PutSetting { key, value } => connection
            .prepare_cached("INSERT OR REPLACE INTO settings VALUES (?1, ?2)")?
            .execute(params![key, value])
            .map(|_| ()),
        AccessChange::RemoveSetting(key) => forget(connection, "settings", "key", key),
        AccessChange::Together(changes) => {
            changes.iter().try_for_each(|change| access(connection, change))
        }
    }
}

fn forget(connection: &Connection, table: &str, column: &str, value: &str) -> Sql<()> {
    let sql = format!("DELETE FROM {table} WHERE {column} = ?1");
    connection.prepare_cached(&sql)?.execute([value]).map(|_| ())
}

fn put_operator(connection: &Connection, operator: &Operator) -> Sql<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO operators VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            operator.id.as_str(),
            operator.name,
            operator.role.code(),
            operator.pin_hash,
            operator.badge_hash,
            operator.decided_pin_hash
        ])
        .map(|_| ())
}

fn put_claim(connection: &Connection, claim: &WorkstationClaim) -> Sql<()> {
    // REPLACE also takes away the row of another workstation that the same browser was.
    connection
        .prepare_cached("INSERT OR REPLACE INTO workstation_claims VALUES (?1, ?2, ?3)")?
        .execute(params![claim.workstation.as_str(), claim.token_hash, claim.claimed_ms])
        .map(|_| ())
}

fn put_session(connection: &Connection, session: &Session) -> Sql<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            session.token_hash,
            session.operator.as_str(),
            session.workstation.as_ref().map(WorkstationId::as_str),
            session.created_ms,
            session.last_seen_ms,
            session.expires_ms,
            session.is_locked
        ])
        .map(|_| ())
}
