//! Streams, where they forked, and what was kept aside.

use hq_wire::row::v1::{digest_from_hex, hex};

use super::Scope;
use crate::store::sql::{Connection, Param, params};
use crate::store::{HqStore, StoreError};
use crate::view::{AsideView, ForkView, StreamView};

/// Most messages kept aside in an answer.
const ASIDE_MAX: u64 = 200;

impl HqStore {
    /// Every stream and branch, by store and age.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn streams(&mut self, scope: &Scope) -> Result<Vec<StreamView>, StoreError> {
        let mut params = Vec::new();
        let within = scope.and("store", &mut params);
        let text = format!(
            "select store, stream, journal_stream, through, highest, digest, frozen
             from streams where 1 = 1{within} order by store, id"
        );
        self.sql.query(&text, &params, |row| {
            let (stream, journal_stream) = (row.string(1)?, row.string(2)?);
            Ok(StreamView {
                store: row.string(0)?,
                branch_of: (journal_stream != stream).then_some(journal_stream),
                stream,
                through: row.count(3)?,
                highest: row.count(4)?,
                digest: hex(row.bytes(5)?),
                frozen: row.opt_string(6)?,
            })
        })
    }

    /// Forks and frozen streams, the newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn forks(&mut self, scope: &Scope) -> Result<Vec<ForkView>, StoreError> {
        self.sql.read(|sql| forks(sql, scope))
    }

    /// What was kept aside, the newest first, before a number; at most 200.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn aside(
        &mut self,
        scope: &Scope,
        before: Option<i64>,
    ) -> Result<Vec<AsideView>, StoreError> {
        let mut params: Vec<Param<'_>> = vec![before.unwrap_or(i64::MAX).into(), ASIDE_MAX.into()];
        let within = scope.and("store", &mut params);
        let text = format!(
            "select id, at_ms, topic, store, code, reason, size
             from aside where id < ?1{within} order by id desc limit ?2"
        );
        self.sql.query(&text, &params, |row| {
            Ok(AsideView {
                id: row.int(0)?,
                at_ms: row.int(1)?,
                topic: row.string(2)?,
                store: row.opt_string(3)?,
                code: row.string(4)?,
                reason: row.string(5)?,
                size: row.count(6)?,
            })
        })
    }

    /// How many messages were ever kept aside, by code.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn aside_by_code(&mut self) -> Result<Vec<(String, u64)>, StoreError> {
        let all = "select code, count from aside_counts order by code";
        self.sql.query(all, &[], |row| Ok((row.string(0)?, row.count(1)?)))
    }
}

/// How many messages were kept aside: of the whole chain ever, of a part of it those that are.
pub fn aside_count(sql: &mut Connection, scope: &Scope) -> Result<u64, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = match scope {
        Scope::All => "select cast(coalesce(sum(count), 0) as bigint) from aside_counts".to_owned(),
        Scope::Stores(_) => format!("select count(*) from aside where 1 = 1{within}"),
    };
    Ok(sql.query_one(&text, &params, |row| row.count(0))?.unwrap_or(0))
}

/// A stream as forks need it.
struct Known {
    id: u64,
    store: String,
    stream: String,
    journal_stream: String,
    base: u64,
    through: u64,
    frozen: Option<(String, i64)>,
}

/// Forks and frozen streams, the newest first.
pub fn forks(sql: &mut Connection, scope: &Scope) -> Result<Vec<ForkView>, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, into_stream, parent, parent_through, parent_digest, cause, at_ms
         from forks where 1 = 1{within}"
    );
    let left = sql.query(&text, &params, |row| {
        let view = ForkView {
            store: row.string(0)?,
            into: Some(row.string(1)?),
            stream: row.string(2)?,
            after: row.count(3)?,
            cause: row.string(5)?,
            at_ms: row.int(6)?,
            rows_ahead: 0,
        };
        Ok((view, digest_from_hex(row.text(4)?)))
    })?;
    // Only stores where something is the matter: a chain has few of them.
    let text = format!(
        "select id, store, stream, journal_stream, base, through, frozen, frozen_ms
         from streams where store in
             (select store from forks union
              select store from streams where frozen is not null or stream <> journal_stream)
         {within} order by id"
    );
    let streams = sql.query(&text, &params, |row| {
        let frozen = row.opt_string(6)?;
        let frozen_ms = row.opt_int(7)?;
        Ok(Known {
            id: row.count(0)?,
            store: row.string(1)?,
            stream: row.string(2)?,
            journal_stream: row.string(3)?,
            base: row.count(4)?,
            through: row.count(5)?,
            frozen: frozen.zip(frozen_ms),
        })
    })?;
    let mut forks = Vec::new();
    for (mut view, digest) in left {
        let of = |it: &&Known| it.store == view.store;
        let parent = streams.iter().filter(of).find(|it| it.stream == view.stream);
        if let Some(parent) = parent {
            let branches = streams.iter().filter(of);
            let branches = branches.filter(|it| it.journal_stream == view.stream);
            let base = branches.filter(|it| it.stream != view.stream).map(|it| it.base).max();
            view.after = shared(sql, parent, view.after, digest, base)?;
            view.rows_ahead = rows_after(sql, parent.id, view.after)?;
        }
        forks.push(view);
    }
    for stream in &streams {
        let Some((cause, at_ms)) = stream.frozen.clone() else { continue };
        let mut branches = streams.iter().filter(|it| it.store == stream.store);
        let branch =
            branches.find(|it| it.journal_stream == stream.stream && it.stream != stream.stream);
        let branch = branch.filter(|_| stream.stream == stream.journal_stream);
        forks.push(ForkView {
            store: stream.store.clone(),
            stream: stream.stream.clone(),
            after: branch.map_or(stream.through, |it| it.base.min(stream.through)),
            cause,
            into: branch.map(|it| it.stream.clone()),
            rows_ahead: rows_after(sql, stream.id, stream.through)?,
            at_ms,
        });
    }
    forks.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.stream.cmp(&b.stream)));
    Ok(forks)
}

/// The last row that headquarters and a stream that goes on are known to share: the parent's last
/// as it is named, where the row here has that digest, or else where its branch leaves.
fn shared(
    sql: &mut Connection,
    parent: &Known,
    through: u64,
    digest: Option<[u8; 32]>,
    base: Option<u64>,
) -> Result<u64, StoreError> {
    let text = "select digest from rows where stream = ?1 and sequence = ?2";
    let held = sql.query_one(text, params![parent.id, through], |row| row.array::<32>(0))?;
    Ok(match (held, base) {
        (Some(held), _) if Some(held) == digest => through,
        (_, Some(base)) => base.min(through),
        // Headquarters has less than the stream's own end: all of it is shared.
        (None, None) => parent.through.min(through),
        (Some(_), None) => 0,
    })
}

fn rows_after(sql: &mut Connection, stream: u64, after: u64) -> Result<u64, StoreError> {
    let text = "select count(*) from rows where stream = ?1 and sequence > ?2";
    Ok(sql.query_one(text, params![stream, after], |row| row.count(0))?.unwrap_or(0))
}
