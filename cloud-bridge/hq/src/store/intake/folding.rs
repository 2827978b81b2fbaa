use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{FoldedAt, Intake};
use crate::ingest::Aside;
use crate::ingest::fold::{self, Effect};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param};

impl Intake<'_> {
    /// Folds the rows that the watermarks passed, store by store in the order in which they did,
    /// each fact once: one that came by another stream before is known by its row's id.
    pub(super) fn fold(&mut self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut folded = self.folded_before(sql)?;
        let mut effects = Vec::with_capacity(self.order.len());
        for index in std::mem::take(&mut self.order) {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            let Some(stream) = self.streams.get(entry.stream) else { continue };
            let Some(store) = self.stores.get_mut(&stream.store) else { continue };
            if !folded.insert((stream.store.clone(), entry.record.id)) {
                entry.fold = Some(0);
                effects.push((index, Effect::Nothing));
                continue;
            }
            store.folds += 1;
            entry.fold = Some(store.folds);
            self.outcome.folded_rows += 1;
            let row = &entry.record;
            let effect = fold::read(&stream.store, &row.kind, row.body_version, &row.body);
            effects.push((
                index,
                effect.unwrap_or_else(|unreadable| {
                    let topic =
                        fold::topic_of(&stream.stream.to_string(), row.sequence, &row.digest);
                    let (store, body) = (Some(stream.store.as_str()), row.body.as_bytes());
                    let (code, reason) = (unreadable.code, unreadable.reason);
                    self.asides.push(Cow::Owned(Aside::new(&topic, store, code, reason, body)));
                    Effect::Nothing
                }),
            ));
        }
        self.acknowledge_parents(sql, &effects)?;
        let prepared: Vec<(&str, &Effect)> = effects
            .iter()
            .filter_map(|(index, effect)| {
                let stream = self.streams.get(self.entries.get(*index)?.stream)?;
                Some((stream.store.as_str(), effect))
            })
            .collect();
        self.projection.prepare(sql, &prepared)?;
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
            };
            self.outcome.folded_sales += u64::from(self.projection.apply(&at, effect));
        }
        for (store, day) in self.projection.days() {
            if let Some(store) = self.stores.get_mut(store) {
                store.sold_on(day);
            }
        }
        Ok(())
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
