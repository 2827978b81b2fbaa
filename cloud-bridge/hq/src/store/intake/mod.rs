//! One transaction for many messages: read what is needed, decide, fold, write.

mod booked;
mod folding;
mod parents;
mod places;
mod projection;
mod promotions;
mod remembered;
mod streams;
mod undone;
mod write;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use hq_wire::link::v1::{Ack, Status};
use hq_wire::row::v1::hex;
use store_core::BusinessDay;
use uuid::Uuid;

use super::{HqStore, StoreError, sql::Connection};
use crate::ingest::decide::{Faults, Frozen, StreamState};
use crate::ingest::{Aside, Ingested, Message, Read, Record};

pub use booked::BookedDays;
pub use folding::{OTHER_SALE, other_sale};
pub use projection::{Applied, FoldedAt, Projection};
pub use remembered::Remembered;
pub use streams::{RECORD_COLUMNS, record_of};
pub use write::keep_aside;

impl HqStore {
    /// Takes messages in, all of them in one transaction: nothing may be acknowledged before this
    /// returns, and nothing at all where it fails.
    ///
    /// # Errors
    /// Where the database cannot. Nothing was written then, and the same messages may be tried
    /// again.
    pub fn ingest(&mut self, messages: &[Message], now_ms: i64) -> Result<Ingested, StoreError> {
        let Self { sql, turns, remembered, faults, .. } = self;
        let done = sql.write(|sql| {
            let mut intake = Intake::begin(sql, messages, now_ms, *faults)?;
            // Whoever else waits for one of these stores gets a later one.
            intake.outcome.turn = turns.fetch_add(1, Ordering::Relaxed) + 1;
            for message in messages {
                intake.take(sql, message)?;
            }
            intake.fold(sql, remembered)?;
            intake.write(sql)
        });
        // What a transaction that failed took out is not given back.
        let (ingested, stocks) = done?;
        let mark = remembered.mark(ingested.turn);
        remembered.put(stocks, &mark);
        Ok(ingested)
    }

    /// How far every stream of a store is.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn acks_of(&mut self, store: &str) -> Result<Vec<Ack>, StoreError> {
        streams::acks_of(&mut self.sql, store)
    }
}

/// A row on its way through the transaction.
struct Entry<'m> {
    stream: usize,
    record: Cow<'m, Record>,
    /// What it does, where that was read with its message.
    effect: Option<&'m Read>,
    /// Whether the database has it already.
    is_stored: bool,
    fold: Option<u64>,
    /// The day that it is booked on, where that was read.
    day: Option<BusinessDay>,
}

struct StreamEntry {
    id: u64,
    store: String,
    stream: Uuid,
    state: StreamState,
    is_new: bool,
    /// The number above the watermark of which the database is known to have no row.
    missing: Option<u64>,
    /// The entries of this transaction, by their number in the stream.
    entries: BTreeMap<u64, usize>,
}

struct Intake<'m> {
    now_ms: i64,
    faults: Faults,
    stores: BTreeMap<String, places::StoreEntry>,
    streams: Vec<StreamEntry>,
    by_name: HashMap<(String, Uuid), usize>,
    entries: Vec<Entry<'m>>,
    /// The entries that are to be folded, in this order.
    order: Vec<usize>,
    conflicts: Vec<(usize, &'m Record)>,
    states: Vec<(&'m str, &'m str, &'m str)>,
    asides: Vec<Cow<'m, Aside>>,
    /// The streams that are to be acknowledged.
    to_acknowledge: BTreeSet<usize>,
    /// Streams that were born and of which nothing is held.
    unknown: BTreeSet<(String, Uuid)>,
    projection: Projection,
    outcome: Ingested,
}

impl<'m> Intake<'m> {
    /// Locks the stores that messages speak of, in the order of their ids.
    fn begin(
        sql: &mut Connection,
        messages: &[Message],
        now_ms: i64,
        faults: Faults,
    ) -> Result<Self, StoreError> {
        let mut named: BTreeSet<&str> = messages
            .iter()
            .filter_map(|message| match message {
                Message::Aside(_) => None,
                _ => message.store(),
            })
            .collect();
        let is_lost = messages.iter().any(|message| matches!(message, Message::Unreachable));
        let online = if is_lost { places::online(sql)? } else { Vec::new() };
        named.extend(online.iter().map(String::as_str));
        Ok(Self {
            now_ms,
            faults,
            stores: places::locked(sql, &named)?,
            streams: Vec::new(),
            by_name: HashMap::new(),
            entries: Vec::new(),
            order: Vec::new(),
            conflicts: Vec::new(),
            states: Vec::new(),
            asides: Vec::new(),
            to_acknowledge: BTreeSet::new(),
            unknown: BTreeSet::new(),
            projection: Projection::default(),
            outcome: Ingested::default(),
        })
    }

    fn take(&mut self, sql: &mut Connection, message: &'m Message) -> Result<(), StoreError> {
        if let Some(store) = message.store()
            && !matches!(message, Message::Aside(_))
            && !self.stores.contains_key(store)
        {
            self.put_aside_unknown(message);
            return Ok(());
        }
        match message {
            Message::Unreachable => {
                for store in self.stores.values_mut() {
                    store.is_changed |= store.presence.lose(self.now_ms);
                }
            }
            Message::Aside(aside) => self.asides.push(Cow::Borrowed(aside)),
            Message::Facts { place, batch } => self.take_facts(sql, place, batch)?,
            Message::Status { place, status } => self.take_status(sql, &place.store, status)?,
            Message::State { place, thing, payload } => {
                if let Some(store) = self.stores.get_mut(&place.store) {
                    store.heard(self.now_ms);
                    store.take_state(thing, payload);
                    self.states.push((&place.store, thing, payload));
                }
            }
        }
        Ok(())
    }

    /// The store is none of the chain's.
    fn put_aside_unknown(&mut self, message: &Message) {
        let reason = "headquarters knows no such store: add it with `hq store add`".to_owned();
        let (topic, payload) = (message.topic(), message.text().as_bytes());
        let aside = Aside::new(&topic, message.store(), "unknown_store", reason, payload);
        self.asides.push(Cow::Owned(aside));
    }

    fn take_status(
        &mut self,
        sql: &mut Connection,
        store: &str,
        status: &Status,
    ) -> Result<(), StoreError> {
        let Some(entry) = self.stores.get_mut(store) else { return Ok(()) };
        let is_news = entry.presence.take(status, self.now_ms);
        entry.is_changed |= is_news;
        let Status::Birth { online: true, stream, .. } = status else { return Ok(()) };
        if is_news {
            entry.heard(self.now_ms);
        }
        entry.born(status);
        self.outcome.born.push(store.to_owned());
        for name in streams::names_of(sql, store)? {
            self.acknowledge(sql, store, name)?;
        }
        // Its rows may have come just before it, in the same transaction.
        if let Ok(name) = Uuid::try_parse(stream) {
            self.acknowledge(sql, store, name)?;
        }
        self.acknowledge_forks(sql, store)
    }
}

/// How far a stream is, as it is acknowledged.
fn ack(stream: &Uuid, state: &StreamState) -> Ack {
    Ack {
        stream: stream.to_string(),
        through: state.through,
        digest: hex(&state.digest),
        frozen: state.frozen.is_some(),
    }
}
