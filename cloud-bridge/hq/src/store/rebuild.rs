//! Making the projections again from the rows.

use std::collections::{BTreeMap, VecDeque};

use super::intake::{FoldedAt, Projection, RECORD_COLUMNS, record_of};
use super::sql::{Connection, params};
use super::{HqStore, StoreError};
use crate::ingest::Record;
use crate::ingest::fold::{self, Effect};

/// How many rows are folded before their sums are written.
const ROWS: usize = 512;
/// The tables that hold nothing but what the rows say.
const PROJECTIONS: [&str; 4] = ["forks", "sales_by", "sales", "stock"];

/// A stream of a store, read in sequence.
struct Cursor {
    id: u64,
    journal_stream: String,
    after: u64,
    is_read: bool,
    rows: VecDeque<(Record, u64)>,
}

impl HqStore {
    /// Makes every projection again from the rows, in the order in which they were folded, in one
    /// transaction. Facts that an older program could not read are folded now.
    ///
    /// # Errors
    /// Where the database cannot. Nothing changed then.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.sql.write(|sql| {
            let stores = "select store from stores order by store";
            let stores = sql.query(stores, &[], |row| row.string(0))?;
            for store in &stores {
                // Nobody folds anything meanwhile.
                let lock = "select folds from stores where store = ?1";
                sql.lock(lock, params![store], |_| Ok(()))?;
            }
            for table in PROJECTIONS {
                sql.execute(&format!("delete from {table}"), &[])?;
            }
            for store in &stores {
                rebuild(sql, store)?;
            }
            Ok(())
        })
    }
}

fn rebuild(sql: &mut Connection, store: &str) -> Result<(), StoreError> {
    let streams = "select id, journal_stream from streams where store = ?1 order by id";
    let mut cursors = sql.query(streams, params![store], |row| {
        let (id, journal_stream) = (row.count(0)?, row.string(1)?);
        Ok(Cursor { id, journal_stream, after: 0, is_read: false, rows: VecDeque::new() })
    })?;
    let mut last_day: Option<String> = None;
    loop {
        let mut folds = Vec::with_capacity(ROWS);
        while folds.len() < ROWS {
            let Some(next) = next(sql, &mut cursors)? else { break };
            folds.push(next);
        }
        if folds.is_empty() {
            break;
        }
        let mut projection = Projection::default();
        let effects: Vec<Effect> = folds
            .iter()
            .map(|(_, row)| fold::read(store, &row.kind, row.body_version, &row.body))
            .map(|effect| effect.unwrap_or(Effect::Nothing))
            .collect();
        let prepared: Vec<(&str, &Effect)> = effects.iter().map(|it| (store, it)).collect();
        projection.prepare(sql, &prepared)?;
        for ((index, row), effect) in folds.iter().zip(effects) {
            let Some(cursor) = cursors.get(*index) else { continue };
            let at = FoldedAt {
                store,
                stream: cursor.id,
                journal_stream: &cursor.journal_stream,
                sequence: row.sequence,
                wall_ms: row.wall_ms,
                received_ms: row.received_ms,
            };
            projection.apply(&at, effect);
        }
        let latest = projection.days().map(|(_, day)| day.to_owned()).max();
        last_day = last_day.max(latest);
        projection.write(sql)?;
    }
    let text = "update stores set last_day = ?1, changes = changes + 1, fold_mark = '' \
         where store = ?2";
    sql.execute(text, params![last_day.as_ref(), store])?;
    Ok(())
}

/// The row that was folded next, by the number that it got then.
fn next(
    sql: &mut Connection,
    cursors: &mut [Cursor],
) -> Result<Option<(usize, Record)>, StoreError> {
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, cursor) in cursors.iter_mut().enumerate() {
        cursor.fill(sql)?;
        if let Some((_, fold)) = cursor.rows.front() {
            first.insert(*fold, index);
        }
    }
    let Some((_, index)) = first.pop_first() else { return Ok(None) };
    let row = cursors.get_mut(index).and_then(|cursor| cursor.rows.pop_front());
    Ok(row.map(|(record, _)| (index, record)))
}

impl Cursor {
    /// Sees to it that the next row that was folded is there. Within a stream, what comes later was
    /// folded later.
    fn fill(&mut self, sql: &mut Connection) -> Result<(), StoreError> {
        if !self.rows.is_empty() || self.is_read {
            return Ok(());
        }
        let text = format!(
            "select {RECORD_COLUMNS} from rows r
             where r.stream = ?1 and r.sequence > ?2 and r.fold > 0
             order by r.sequence limit ?3"
        );
        let found = sql.query(&text, params![self.id, self.after, ROWS as u64], record_of)?;
        self.is_read = found.len() < ROWS;
        self.after = found.last().map_or(self.after, |(record, _)| record.sequence);
        self.rows.extend(found.into_iter().filter_map(|(record, fold)| Some((record, fold?))));
        Ok(())
    }
}
