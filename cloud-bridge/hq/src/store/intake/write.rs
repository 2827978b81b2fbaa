use std::collections::BTreeMap;

use hq_wire::link::v1::Ack;
use hq_wire::row::v1::{NO_DIGEST, Row, hex};
use uuid::Uuid;

use super::streams::next_id;
use super::{Intake, ack};
use crate::ingest::fold::StoreStock;
use crate::ingest::{Aside, Ingested, Record};
use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// Messages that are kept aside; the oldest make room.
const ASIDE_KEPT: u64 = 10_000;

impl Intake<'_> {
    /// Writes all that was decided, and says what came of it, with the stock of the stores that
    /// sold.
    pub(super) fn write(
        mut self,
        sql: &mut Connection,
    ) -> Result<(Ingested, BTreeMap<String, StoreStock>), StoreError> {
        self.write_streams(sql)?;
        self.write_rows(sql)?;
        self.write_conflicts(sql)?;
        self.projection.write(sql)?;
        for (store, thing, payload) in &self.states {
            sql.execute(
                "insert into states (store, thing, heard_ms, payload) values (?1, ?2, ?3, ?4)
                 on conflict (store, thing) do update
                 set heard_ms = excluded.heard_ms, payload = excluded.payload",
                params![*store, *thing, self.now_ms, *payload],
            )?;
        }
        for (store, entry) in self.stores.iter().filter(|(_, entry)| entry.is_changed) {
            entry.write(sql, store)?;
            self.outcome.changed = true;
        }
        self.write_asides(sql)?;
        for index in &self.to_acknowledge {
            if let Some(stream) = self.streams.get(*index) {
                let ack = ack(&stream.stream, &stream.state);
                self.outcome.acks.push((stream.store.clone(), ack));
            }
        }
        for (store, stream) in std::mem::take(&mut self.unknown) {
            let (stream, digest) = (stream.to_string(), hex(&NO_DIGEST));
            self.outcome.acks.push((store, Ack { stream, through: 0, digest, frozen: false }));
        }
        Ok((self.outcome, self.projection.into_stocks()))
    }

    fn write_streams(&self, sql: &mut Connection) -> Result<(), StoreError> {
        for stream in &self.streams {
            let state = &stream.state;
            if stream.is_new {
                sql.execute(
                    "insert into streams (id, store, stream, journal_stream, base, base_digest,
                         through, digest, highest, created_ms)
                     values (?1, ?2, ?3, ?4, 0, ?5, 0, ?5, 0, ?6)",
                    params![
                        stream.id,
                        &stream.store,
                        &stream.stream.to_string(),
                        &state.journal_stream.to_string(),
                        &NO_DIGEST,
                        self.now_ms,
                    ],
                )?;
            }
            let frozen = state.frozen.map(super::Frozen::code);
            sql.execute(
                "update streams set base = ?1, base_digest = ?2, through = ?3, digest = ?4,
                     highest = ?5, frozen = ?6,
                     frozen_ms = case when cast(?6 as text) is null then null
                         else coalesce(frozen_ms, ?7) end
                 where id = ?8",
                params![
                    state.base,
                    &state.base_digest,
                    state.through,
                    &state.digest,
                    state.highest,
                    frozen,
                    self.now_ms,
                    stream.id,
                ],
            )?;
        }
        Ok(())
    }

    fn write_rows(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let id_of = |stream: usize| self.streams.get(stream).map_or(0, |stream| stream.id);
        let mut cells = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.is_stored) {
            let row = &entry.record;
            cells.extend_from_slice(params![
                id_of(entry.stream),
                row.sequence,
                &row.id,
                &row.kind,
                i64::from(row.body_version),
                row.transaction.as_ref(),
                row.wall_ms,
                i64::from(row.utc_offset_s),
                row.monotonic_ms.cast_signed(),
                &row.boot,
                row.clock_trusted,
                &*row.body,
                &row.digest,
                self.now_ms,
                entry.fold,
            ]);
        }
        sql.insert_many(
            "insert into rows (stream, sequence, id, kind, body_version, transaction_id, wall_ms,
                 utc_offset_s, monotonic_ms, boot, clock_trusted, body, digest, received_ms, fold)
             values",
            15,
            "",
            &cells,
        )?;
        let waited = self.order.iter().filter_map(|index| self.entries.get(*index));
        for entry in waited.filter(|entry| entry.is_stored) {
            sql.execute(
                "update rows set fold = ?1 where stream = ?2 and sequence = ?3",
                params![entry.fold, id_of(entry.stream), entry.record.sequence],
            )?;
        }
        Ok(())
    }

    fn write_conflicts(&self, sql: &mut Connection) -> Result<(), StoreError> {
        for (stream, record) in &self.conflicts {
            let Some(stream) = self.streams.get(*stream) else { continue };
            let text = exported(&stream.state.journal_stream, record);
            sql.execute(
                "insert into conflicts (stream, sequence, digest, received_ms, row_text)
                 values (?1, ?2, ?3, ?4, ?5) on conflict do nothing",
                params![stream.id, record.sequence, &record.digest, self.now_ms, &text],
            )?;
        }
        Ok(())
    }

    fn write_asides(&mut self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut last = 0;
        for aside in &self.asides {
            last = keep_aside(sql, aside, self.now_ms)?;
        }
        if last > 0 {
            self.outcome.changed = true;
            self.outcome.put_aside = self.asides.len() as u64;
            sql.execute(
                "delete from aside where id <=
                     (select id from aside order by id desc limit 1 offset ?1)",
                params![ASIDE_KEPT],
            )?;
        }
        Ok(())
    }
}

/// Keeps what was put aside; answers its number.
pub fn keep_aside(sql: &mut Connection, aside: &Aside, now_ms: i64) -> Result<u64, StoreError> {
    let id = next_id(sql)?;
    sql.execute(
        "insert into aside (id, at_ms, topic, store, code, reason, size, payload)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            now_ms,
            &aside.topic,
            aside.store.as_ref(),
            aside.code,
            &aside.reason,
            aside.size,
            aside.payload.as_slice(),
        ],
    )?;
    sql.execute(
        "insert into aside_counts (code, count) values (?1, 1)
         on conflict (code) do update set count = aside_counts.count + 1",
        params![aside.code],
    )?;
    Ok(id)
}

/// A row as journals export it, for whoever looks into a conflict.
fn exported(stream: &Uuid, record: &Record) -> String {
    let row = serde_json::value::RawValue::from_string(record.body.to_string()).map(|body| Row {
        stream: stream.to_string(),
        sequence: record.sequence,
        id: Uuid::from_bytes(record.id).to_string(),
        kind: record.kind.clone(),
        body_version: record.body_version,
        transaction: record.transaction.map(|it| Uuid::from_bytes(it).to_string()),
        wall_ms: record.wall_ms,
        utc_offset_s: record.utc_offset_s,
        monotonic_ms: record.monotonic_ms,
        boot: Uuid::from_bytes(record.boot).to_string(),
        clock_trusted: record.clock_trusted,
        body,
        digest: hex(&record.digest),
    });
    row.and_then(|row| serde_json::to_string(&row)).unwrap_or_default()
}
