use std::borrow::Cow;
use std::collections::BTreeSet;

use hq_wire::facts::v1;

use super::projection::Applied;
use super::{FoldedAt, Intake, Remembered};
use crate::ingest::Aside;
use crate::ingest::fold::{self, Effect, FactRead, Unreadable};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param, params};

/// The kind of a completed sale's row.
const SALE: &str = "sale_completed";
/// The code under which a second sale with a known id is put aside.
pub const OTHER_SALE: &str = "other_sale";

impl Intake<'_> {
    /// Folds the rows that the watermarks passed, store by store in the order in which they did,
    /// each fact once: one that came by another stream before is known by its row's id.
    pub(super) fn fold(
        &mut self,
        sql: &mut Connection,
        remembered: &mut Remembered,
    ) -> Result<(), StoreError> {
        let effects = self.effects(sql)?;
        self.acknowledge_parents(sql, &effects)?;
        self.remember(&effects, remembered);
        let prepared: Vec<(&str, &Effect)> = effects
            .iter()
            .filter_map(|(index, effect)| {
                let stream = self.streams.get(self.entries.get(*index)?.stream)?;
                Some((stream.store.as_str(), effect))
            })
            .collect();
        self.projection.prepare(sql, &prepared)?;
        let mut again = Vec::new();
        for (index, effect) in effects {
            self.order.push(index);
            let Some(entry) = self.entries.get(index) else { continue };
            let Some(stream) = self.streams.get(entry.stream) else { continue };
            let at = FoldedAt {
                store: &stream.store,
                stream: stream.id,
                journal_stream: &stream.state.journal_stream.to_string(),
                sequence: entry.record.sequence,
                wall_ms: entry.record.wall_ms,
                received_ms: if entry.is_stored { entry.record.received_ms } else { self.now_ms },
                day: entry.day,
            };
            match self.projection.apply(&at, effect) {
                Applied::Sale => self.outcome.folded_sales += 1,
                Applied::KnownSale { stream, sequence } => again.push((index, stream, sequence)),
                Applied::Otherwise => {}
            }
        }
        self.put_other_sales_aside(sql, &again)?;
        for (store, day) in self.projection.days() {
            if let Some(store) = self.stores.get_mut(store) {
                store.sold_on(day);
            }
        }
        Ok(())
    }

    /// What each of the facts does, and its number in the order of folding.
    fn effects(&mut self, sql: &mut Connection) -> Result<Vec<(usize, Effect)>, StoreError> {
        let mut folded = self.folded_before(sql)?;
        let mut effects = Vec::with_capacity(self.order.len());
        for index in std::mem::take(&mut self.order) {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            let Some(stream) = self.streams.get(entry.stream) else { continue };
            let Some(store) = self.stores.get_mut(&stream.store) else { continue };
            let row = &entry.record;
            let read = entry.effect.cloned().unwrap_or_else(|| {
                fold::read(&stream.store, &row.kind, row.body_version, &row.body)
            });
            // A day begins and ends in each stream that has its rows.
            entry.day = read.as_ref().ok().and_then(|read| read.day);
            if !folded.insert((stream.store.clone(), row.id)) {
                entry.fold = Some(0);
                effects.push((index, Effect::Nothing));
                continue;
            }
            store.folds += 1;
            entry.fold = Some(store.folds);
            self.outcome.folded_rows += 1;
            let effect = match read {
                Ok(FactRead { effect, .. }) => effect,
                Err(Unreadable { code, reason }) => {
                    let topic =
                        fold::topic_of(&stream.stream.to_string(), row.sequence, &row.digest);
                    let (store, body) = (Some(stream.store.as_str()), row.body.as_bytes());
                    self.asides.push(Cow::Owned(Aside::new(&topic, store, code, reason, body)));
                    Effect::Nothing
                }
            };
            effects.push((index, effect));
        }
        Ok(effects)
    }

    /// Begins with what is remembered of the stores whose facts are folded, if it is still so.
    fn remember(&mut self, effects: &[(usize, Effect)], remembered: &mut Remembered) {
        let mark = remembered.mark(self.outcome.turn);
        for (index, _) in effects {
            let stream = self.entries.get(*index).and_then(|it| self.streams.get(it.stream));
            let Some(store) = stream.map(|it| it.store.as_str()) else { continue };
            let Some(entry) = self.stores.get_mut(store) else { continue };
            if entry.fold_mark != mark {
                let before = std::mem::replace(&mut entry.fold_mark, mark.clone());
                if let Some(stock) = remembered.take(store, &before) {
                    self.projection.begin_with(store, stock);
                }
            }
        }
    }

    /// A sale's id means one sale: of two that differ under it the first counts, and somebody has
    /// to look at the second.
    fn put_other_sales_aside(
        &mut self,
        sql: &mut Connection,
        again: &[(usize, u64, u64)],
    ) -> Result<(), StoreError> {
        for (index, stream, sequence) in again {
            let Some(entry) = self.entries.get(*index) else { continue };
            let Some(of) = self.streams.get(entry.stream) else { continue };
            let first = match self.body_here(*stream, *sequence) {
                Some(body) => Some(body),
                None => sql.query_one(
                    "select body from rows where stream = ?1 and sequence = ?2",
                    params![*stream, *sequence],
                    |row| row.string(0),
                )?,
            };
            let row = &entry.record;
            let topic = fold::topic_of(&of.stream.to_string(), row.sequence, &row.digest);
            let other = first.and_then(|first| other_sale(&of.store, &topic, &first, &row.body));
            self.asides.extend(other.map(Cow::Owned));
        }
        Ok(())
    }

    /// The body of a row of this transaction.
    fn body_here(&self, stream: u64, sequence: u64) -> Option<String> {
        let stream = self.streams.iter().find(|it| it.id == stream)?;
        let entry = self.entries.get(*stream.entries.get(&sequence)?)?;
        Some(entry.record.body.clone().into_string())
    }

    /// The facts among those to be folded that were folded before, by store and row id.
    fn folded_before(
        &self,
        sql: &mut Connection,
    ) -> Result<BTreeSet<(String, [u8; 16])>, StoreError> {
        let ids = self.order.iter().filter_map(|index| self.entries.get(*index));
        let ids: Vec<Param<'_>> = ids.map(|entry| Param::from(&entry.record.id)).collect();
        let found = sql.query_keys(
            "select s.store, r.id from rows r join streams s on s.id = r.stream
             where r.fold > 0 and r.id in",
            &ids,
            |row| Ok((row.string(0)?, row.array(1)?)),
        )?;
        Ok(found.into_iter().collect())
    }
}

/// What is put aside of a sale, under this topic, whose id a `first` one has: nothing where both
/// say the same trade.
pub fn other_sale(store: &str, topic: &str, first: &str, second: &str) -> Option<Aside> {
    let sale = |body: &str| match fold::read(store, SALE, v1::VERSION, body) {
        Ok(FactRead { effect: Effect::Sale(sale), .. }) => Some(sale),
        _ => None,
    };
    let (first, of_second) = (sale(first)?, sale(second)?);
    if first.is_same_trade(&of_second) {
        return None;
    }
    let reason = format!(
        "the sale {} is known with other content, number {} of {}: that one counts",
        of_second.transaction,
        first.number.map_or_else(|| "none".to_owned(), |number| number.to_string()),
        first.business_day,
    );
    Some(Aside::new(topic, Some(store), OTHER_SALE, reason, second.as_bytes()))
}
