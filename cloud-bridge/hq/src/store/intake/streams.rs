use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;

use hq_wire::link::v1::{Ack, Place, Topic};
use uuid::Uuid;

use super::{Entry, Intake, StreamEntry, ack};
use crate::ingest::decide::{Frozen, StreamState};
use crate::ingest::{Aside, Batch, Record};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param, Row, params};

/// How many rows that waited are read at once.
const WAITING_READ: u64 = 64;

/// The columns of a row, as [`record_of`] reads them.
pub const RECORD_COLUMNS: &str = "r.sequence, r.id, r.kind, r.body_version, r.transaction_id, \
     r.wall_ms, r.utc_offset_s, r.monotonic_ms, r.boot, r.clock_trusted, r.body, r.digest, \
     r.received_ms, r.fold";

/// Reads a row, and the number under which it was folded.
pub fn record_of(row: &Row) -> Result<(Record, Option<u64>), StoreError> {
    let narrow = |column: usize| -> Result<i32, StoreError> {
        // Written from an i32.
        Ok(i32::try_from(row.int(column)?).unwrap_or_default())
    };
    let record = Record {
        sequence: row.count(0)?,
        id: row.array(1)?,
        kind: row.string(2)?,
        body_version: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
        transaction: row.opt_array(4)?,
        wall_ms: row.int(5)?,
        utc_offset_s: narrow(6)?,
        monotonic_ms: row.int(7)?.cast_unsigned(),
        boot: row.array(8)?,
        clock_trusted: row.flag(9)?,
        body: row.text(10)?.into(),
        digest: row.array(11)?,
        received_ms: row.int(12)?,
    };
    let fold = row.opt_int(13)?.map(i64::cast_unsigned);
    Ok((record, fold))
}

/// A stream's row: its number, its name, its state.
fn stream_of(row: &Row) -> Result<(u64, Uuid, StreamState), StoreError> {
    let uuid = |column: usize| {
        Uuid::from_str(row.text(column)?).map_err(|error| StoreError::Shape {
            column,
            expected: "a UUID",
            found: error.to_string(),
        })
    };
    let state = StreamState {
        journal_stream: uuid(2)?,
        base: row.count(3)?,
        base_digest: row.array(4)?,
        through: row.count(5)?,
        digest: row.array(6)?,
        highest: row.count(7)?,
        frozen: row.opt_string(8)?.as_deref().and_then(Frozen::from_code),
    };
    Ok((row.count(0)?, uuid(1)?, state))
}

pub fn acks_of(sql: &mut Connection, store: &str) -> Result<Vec<Ack>, StoreError> {
    sql.query(
        "select id, stream, journal_stream, base, base_digest, through, digest, highest, frozen
         from streams where store = ?1 order by id",
        params![store],
        |row| {
            let (_, stream, state) = stream_of(row)?;
            Ok(ack(&stream, &state))
        },
    )
}

/// The streams of a store by their names on the wire.
pub fn names_of(sql: &mut Connection, store: &str) -> Result<Vec<Uuid>, StoreError> {
    let names = "select stream from streams where store = ?1 order by id";
    let names = sql.query(names, params![store], |row| Ok(Uuid::from_str(row.text(0)?)))?;
    Ok(names.into_iter().filter_map(Result::ok).collect())
}

impl<'m> Intake<'m> {
    /// The stream of this name, if there is one.
    pub(super) fn stream(
        &mut self,
        sql: &mut Connection,
        store: &str,
        stream: Uuid,
    ) -> Result<Option<usize>, StoreError> {
        let name = (store.to_owned(), stream);
        if let Some(index) = self.by_name.get(&name) {
            return Ok(Some(*index));
        }
        let found = sql.query_one(
            "select id, stream, journal_stream, base, base_digest, through, digest, highest, frozen
             from streams where store = ?1 and stream = ?2",
            params![store, &stream.to_string()],
            stream_of,
        )?;
        let Some((id, _, state)) = found else { return Ok(None) };
        Ok(Some(self.add_stream(name, id, state, false)))
    }

    fn add_stream(
        &mut self,
        name: (String, Uuid),
        id: u64,
        state: StreamState,
        is_new: bool,
    ) -> usize {
        let (store, stream) = name.clone();
        let entries = BTreeMap::new();
        let missing = None;
        self.streams.push(StreamEntry { id, store, stream, state, is_new, missing, entries });
        self.by_name.insert(name, self.streams.len() - 1);
        self.streams.len() - 1
    }

    pub(super) fn take_facts(
        &mut self,
        sql: &mut Connection,
        place: &Place,
        batch: &'m Batch,
    ) -> Result<(), StoreError> {
        let index = match self.stream(sql, &place.store, batch.stream)? {
            Some(index) => index,
            None => {
                let id = next_id(sql)?;
                let state = StreamState::new(batch.stream, batch.branch.as_ref());
                self.add_stream((place.store.clone(), batch.stream), id, state, true)
            }
        };
        self.unknown.remove(&(place.store.clone(), batch.stream));
        self.to_acknowledge.insert(index);
        if let Some(store) = self.stores.get_mut(&place.store) {
            store.heard(self.now_ms);
        }
        let Some(stream) = self.streams.get_mut(index) else { return Ok(()) };
        if batch.branch.map_or(batch.stream, |branch| branch.stream) != stream.state.journal_stream
        {
            let topic = place.topic(&Topic::Facts(batch.stream.to_string()));
            let reason = "it is a branch of another stream than it was before".to_owned();
            let payload = batch.rows.first().map_or("", |row| &row.body).as_bytes();
            let store = Some(place.store.as_str());
            let aside = Aside::new(&topic, store, "malformed", reason, payload);
            self.asides.push(Cow::Owned(aside));
            return Ok(());
        }
        if let Some(branch) = &batch.branch {
            stream.state.begin_at(branch);
        }
        let held = stream.held(sql, &self.entries, &batch.rows)?;
        let taken = stream.state.take(&batch.rows, &held, self.faults);
        let first_entry = self.entries.len();
        for kept in &taken.kept {
            let Some(row) = batch.rows.get(*kept) else { continue };
            stream.entries.insert(row.sequence, self.entries.len());
            let (record, effect) = (Cow::Borrowed(row), batch.effects.get(*kept));
            let (is_stored, fold, day) = (false, None, None);
            self.entries.push(Entry { stream: index, record, effect, is_stored, fold, day });
        }
        for folded in &taken.folded {
            // What is folded is kept, in the same order.
            let place = taken.kept.iter().position(|kept| kept == folded).unwrap_or_default();
            self.order.push(first_entry + place);
        }
        let conflicts = taken.conflicts.iter().filter_map(|index| batch.rows.get(*index));
        self.conflicts.extend(conflicts.map(|row| (index, row)));
        self.go_on(sql, index)
    }

    /// Folds rows that waited for those that just came.
    fn go_on(&mut self, sql: &mut Connection, index: usize) -> Result<(), StoreError> {
        loop {
            let Some(stream) = self.streams.get_mut(index) else { return Ok(()) };
            if stream.state.frozen.is_some() || stream.state.highest <= stream.state.through {
                return Ok(());
            }
            let next = stream.state.through + 1;
            if !stream.entries.contains_key(&next) {
                // The rows above a gap are of no use before it closes, and may be many.
                if stream.missing == Some(next) || !stream.has(sql, next)? {
                    stream.missing = Some(next);
                    return Ok(());
                }
                let columns = format!(
                    "select {RECORD_COLUMNS} from rows r
                     where r.stream = ?1 and r.sequence >= ?2 and r.sequence < ?3
                     order by r.sequence"
                );
                let range = params![stream.id, next, next.saturating_add(WAITING_READ)];
                for (record, fold) in sql.query(&columns, range, record_of)? {
                    stream.entries.entry(record.sequence).or_insert(self.entries.len());
                    let (record, effect, is_stored) = (Cow::Owned(record), None, true);
                    let (stream, day) = (index, None);
                    self.entries.push(Entry { stream, record, effect, is_stored, fold, day });
                }
            }
            let Some(entry) = stream.entries.get(&next) else { return Ok(()) };
            let Some(row) = self.entries.get(*entry) else { return Ok(()) };
            if !stream.state.step(&row.record) {
                return Ok(());
            }
            if row.fold.is_none() && !self.faults.folds_above_the_watermark {
                self.order.push(*entry);
            }
        }
    }
}

impl StreamEntry {
    /// Whether the database has a row of this number.
    fn has(&self, sql: &mut Connection, sequence: u64) -> Result<bool, StoreError> {
        if self.is_new {
            return Ok(false);
        }
        let one = "select sequence from rows where stream = ?1 and sequence = ?2";
        let found = sql.query_one(one, params![self.id, sequence], |row| row.count(0))?;
        Ok(found.is_some())
    }

    /// The digests of the rows that are held under the numbers of rows that came.
    fn held(
        &self,
        sql: &mut Connection,
        entries: &[Entry<'_>],
        rows: &[Record],
    ) -> Result<BTreeMap<u64, [u8; 32]>, StoreError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(BTreeMap::new());
        };
        if first.sequence > self.state.highest {
            return Ok(BTreeMap::new());
        }
        let here = self.entries.range(first.sequence..=last.sequence);
        let here = here.filter_map(|(at, entry)| Some((*at, entries.get(*entry)?.record.digest)));
        let mut held: BTreeMap<u64, [u8; 32]> = here.collect();
        if !self.is_new {
            let found = sql.query(
                "select sequence, digest from rows
                 where stream = ?1 and sequence between ?2 and ?3",
                params![self.id, first.sequence, last.sequence],
                |row| Ok((row.count(0)?, row.array(1)?)),
            )?;
            held.extend(found);
        }
        Ok(held)
    }
}

/// A number that was not given before.
pub fn next_id(sql: &mut Connection) -> Result<u64, StoreError> {
    let next = "update numbers set last = last + 1 where name = 'id' returning last";
    let none: &[Param<'_>] = &[];
    let id = sql.query_one(next, none, |row| row.count(0))?;
    id.ok_or_else(|| StoreError::Sql { reason: "the table of numbers is empty".to_owned() })
}
