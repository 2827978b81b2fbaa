//! Making the projections again from the rows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::intake::{
    Applied, BookedDays, FoldedAt, OTHER_SALE, Projection, RECORD_COLUMNS, keep_aside, other_sale,
    record_of,
};
use super::queries::totals;
use super::sql::{Connection, params};
use super::{HqStore, Scope, StoreError};
use crate::ingest::Record;
use crate::ingest::fold::{self, Effect, FactRead};
use crate::view::Totals;

/// How many rows are folded before their sums are written.
const ROWS: usize = 512;
/// The tables that hold nothing but what the rows say.
const PROJECTIONS: [&str; 8] = [
    "forks",
    "sales_by",
    "sales",
    "stock",
    "promotions_by",
    "abandoned",
    "post_voids",
    "business_days",
];

/// After how many rows of a store it is said how far they are.
const ROWS_TOLD: u64 = 100 * ROWS as u64;

/// What came of making the projections again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The stores, by id.
    pub stores: BTreeMap<String, RebuiltStore>,
}

/// What came of it for one store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RebuiltStore {
    /// Rows that were folded.
    pub rows: u64,
    /// Those of them that had been kept aside because an older program could not read them.
    pub read_again: u64,
    /// Those of them that cannot be read still.
    pub unreadable: u64,
    /// The sums of all days before.
    pub before: Totals,
    /// The sums of all days now.
    pub now: Totals,
}

/// Is told of a store and how many of its rows were folded so far.
pub type Tell<'a> = dyn FnMut(&str, u64) + 'a;

/// A stream of a store, read in sequence.
struct Cursor {
    id: u64,
    stream: String,
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
    pub fn rebuild(&mut self) -> Result<Rebuilt, StoreError> {
        self.rebuild_telling(&mut |_, _| ())
    }

    /// The same, saying how far it is.
    ///
    /// # Errors
    /// As [`HqStore::rebuild`].
    pub fn rebuild_telling(&mut self, tell: &mut Tell<'_>) -> Result<Rebuilt, StoreError> {
        self.sql.write(|sql| {
            let stores = "select store from stores order by store";
            let stores = sql.query(stores, &[], |row| row.string(0))?;
            for store in &stores {
                // Nobody folds anything meanwhile.
                let lock = "select folds from stores where store = ?1";
                sql.lock(lock, params![store], |_| Ok(()))?;
            }
            let mut before = totals(sql, &Scope::All)?;
            for table in PROJECTIONS {
                sql.execute(&format!("delete from {table}"), &[])?;
            }
            let mut rebuilt = Rebuilt::default();
            for store in stores {
                let done = rebuild(sql, &store, tell)?;
                rebuilt.stores.insert(store, done);
            }
            let mut now = totals(sql, &Scope::All)?;
            for (store, done) in &mut rebuilt.stores {
                done.before = before.remove(store).unwrap_or_default();
                done.now = now.remove(store).unwrap_or_default();
            }
            Ok(rebuilt)
        })
    }
}

fn rebuild(
    sql: &mut Connection,
    store: &str,
    tell: &mut Tell<'_>,
) -> Result<RebuiltStore, StoreError> {
    let streams = "select id, stream, journal_stream from streams where store = ?1 order by id";
    let mut cursors = sql.query(streams, params![store], |row| {
        let (id, stream, journal_stream) = (row.count(0)?, row.string(1)?, row.string(2)?);
        let rows = VecDeque::new();
        Ok(Cursor { id, stream, journal_stream, after: 0, is_read: false, rows })
    })?;
    let mut aside = KeptAside::of(sql, store)?;
    let mut done = RebuiltStore::default();
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
        let mut effects = Vec::with_capacity(folds.len());
        for (index, row) in &folds {
            let read = fold::read(store, &row.kind, row.body_version, &row.body);
            if read.is_err() {
                done.unreadable += 1;
            } else if let Some(cursor) = cursors.get(*index) {
                done.read_again += u64::from(aside.take(sql, &cursor.stream, row)?);
            }
            effects.push(read.unwrap_or(FactRead { effect: Effect::Nothing, day: None }));
        }
        let prepared: Vec<(&str, &Effect)> = effects.iter().map(|it| (store, &it.effect)).collect();
        projection.prepare(sql, &prepared)?;
        for ((index, row), FactRead { effect, day }) in folds.iter().zip(effects) {
            let Some(cursor) = cursors.get(*index) else { continue };
            let at = FoldedAt {
                store,
                stream: cursor.id,
                journal_stream: &cursor.journal_stream,
                sequence: row.sequence,
                wall_ms: row.wall_ms,
                received_ms: row.received_ms,
                day,
            };
            if let Applied::KnownSale { stream, sequence } = projection.apply(&at, effect) {
                let topic = fold::topic_of(&cursor.stream, row.sequence, &row.digest);
                put_other_sale_aside(sql, store, &topic, (stream, sequence), row)?;
            }
        }
        let latest = projection.days().map(|(_, day)| day.to_owned()).max();
        last_day = last_day.max(latest);
        projection.write(sql)?;
        done.rows += folds.len() as u64;
        if done.rows.is_multiple_of(ROWS_TOLD) {
            tell(store, done.rows);
        }
    }
    tell(store, done.rows);
    for cursor in &cursors {
        book_known(sql, store, cursor)?;
    }
    let text = "update stores set last_day = ?1, changes = changes + 1, fold_mark = '' \
         where store = ?2";
    sql.execute(text, params![last_day.as_ref(), store])?;
    Ok(done)
}

/// Notes the days of a stream's rows that were folded by another before.
fn book_known(sql: &mut Connection, store: &str, cursor: &Cursor) -> Result<(), StoreError> {
    let text = format!(
        "select {RECORD_COLUMNS} from rows r
         where r.stream = ?1 and r.sequence > ?2 and r.fold = 0
         order by r.sequence limit ?3"
    );
    let mut after = 0;
    loop {
        let found = sql.query(&text, params![cursor.id, after, ROWS as u64], record_of)?;
        let mut booked = BookedDays::default();
        for (row, _) in &found {
            let read = fold::read(store, &row.kind, row.body_version, &row.body);
            booked.note(&FoldedAt {
                store,
                stream: cursor.id,
                journal_stream: &cursor.journal_stream,
                sequence: row.sequence,
                wall_ms: row.wall_ms,
                received_ms: row.received_ms,
                day: read.ok().and_then(|read| read.day),
            });
        }
        booked.write(sql)?;
        match found.last() {
            Some((row, _)) if found.len() == ROWS => after = row.sequence,
            _ => return Ok(()),
        }
    }
}

/// A sale whose id a row that was folded before has: somebody has to look at it, where it says
/// something else and is not kept aside already.
fn put_other_sale_aside(
    sql: &mut Connection,
    store: &str,
    topic: &str,
    (stream, sequence): (u64, u64),
    row: &Record,
) -> Result<(), StoreError> {
    let first = "select body from rows where stream = ?1 and sequence = ?2";
    let first = sql.query_one(first, params![stream, sequence], |row| row.string(0))?;
    let Some(aside) = first.and_then(|first| other_sale(store, topic, &first, &row.body)) else {
        return Ok(());
    };
    let kept = "select 1 from aside where store = ?1 and topic = ?2 and code = ?3";
    if sql.query_one(kept, params![store, topic, OTHER_SALE], |_| Ok(()))?.is_none() {
        keep_aside(sql, &aside, row.received_ms)?;
    }
    Ok(())
}

/// The rows of a store that are kept aside because they could not be read.
struct KeptAside {
    store: String,
    topics: BTreeSet<String>,
}

impl KeptAside {
    fn of(sql: &mut Connection, store: &str) -> Result<Self, StoreError> {
        // A second sale under a known id can be read, and stays aside.
        let text = "select topic from aside where store = ?1 \
             and code in ('unreadable_fact', 'unknown_version', 'foreign')";
        let topics = sql.query(text, params![store], |row| row.string(0))?;
        Ok(Self { store: store.to_owned(), topics: topics.into_iter().collect() })
    }

    /// Takes a row back that can be read now; false where it was not kept aside.
    fn take(
        &mut self,
        sql: &mut Connection,
        stream: &str,
        row: &Record,
    ) -> Result<bool, StoreError> {
        if self.topics.is_empty() {
            return Ok(false);
        }
        let topic = fold::topic_of(stream, row.sequence, &row.digest);
        if !self.topics.remove(&topic) {
            return Ok(false);
        }
        let text = "delete from aside where store = ?1 and topic = ?2";
        sql.execute(text, params![&self.store, &topic])?;
        Ok(true)
    }
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
