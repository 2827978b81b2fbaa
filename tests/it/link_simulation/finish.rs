//! What must hold when all is at rest.

use std::collections::{BTreeMap, BTreeSet};

use cloud_bridge::Outbox as _;
use cloud_bridge::pump::Input;
use hq::store::Scope;
use store_core::CommandId;
use uuid::Uuid;

use super::checks::{Check, Checked, fail};
use super::history::{Fork, RowKey, fork_of};
use super::sums::Sums;
use super::trade::STORES;
use super::world::World;

impl World {
    /// Whether nothing is under way, and nothing waits.
    pub fn is_at_rest(&self) -> bool {
        let is_quiet = self.hubs.iter().all(|hub| {
            hub.process.as_ref().is_some_and(|process| {
                process.waiting.is_some_and(|waiting| waiting.rows == 0)
                    && process.pump.standing().is_connected
                    && process.pump.current() == hub.heads().last().copied()
                    && !process.is_behind()
            })
        });
        is_quiet
            && self.hq.is_up
            && self.broker.hq == Some(self.hq.run)
            && self.hq.queues.iter().all(Vec::is_empty)
            && !self.queue.holds(super::events::Event::is_news)
    }

    /// What is not at rest.
    pub fn what_waits(&self) -> String {
        let hubs = self.hubs.iter().map(|hub| match &hub.process {
            None => "down".to_owned(),
            Some(it) => {
                format!("{:?}, waiting {:?}, {:?}", it.pump.standing(), it.waiting, it.pump)
            }
        });
        let hubs: Vec<String> = hubs.collect();
        format!("headquarters up: {}, hubs: {hubs:#?}", self.hq.is_up)
    }

    pub fn finish(&mut self) {
        for hub in 0..self.hubs.len() {
            self.step(hub, Input::Stopping);
        }
        let checked = self
            .check_rows()
            .and_then(|folded| {
                self.check_sums(&folded)?;
                self.check_forks(&folded)
            })
            .and_then(|()| self.check_cursors())
            .and_then(|()| self.check_rebuild());
        if let Err(violation) = checked {
            self.history.violate(violation.check, violation.detail);
        }
    }

    /// Every row once. Answers those that were folded.
    fn check_rows(&mut self) -> Result<BTreeSet<RowKey>, super::checks::Violation> {
        let mut folded: BTreeMap<RowKey, u32> = BTreeMap::new();
        let mut orders: BTreeSet<(String, u64)> = BTreeSet::new();
        for row in self.hq.database.rows() {
            let store = STORES.iter().position(|store| *store == row.store).expect("a store");
            let id = CommandId::new(Uuid::from_bytes(row.id));
            if let Some(order) = row.fold.filter(|order| *order > 0) {
                *folded.entry((store, id)).or_default() += 1;
                if !orders.insert((row.store.clone(), order)) {
                    fail(Check::NothingTwice, format!("{} has two rows at {order}", row.store))?;
                }
            }
        }
        if let Some((row, count)) = folded.iter().find(|(_, count)| **count > 1) {
            fail(Check::NothingTwice, format!("{row:?} was folded {count} times"))?;
        }
        for hub in &self.hubs {
            let mut rows = hub.outbox.all_rows().into_iter();
            if let Some(row) = rows.find(|row| !folded.contains_key(&(hub.store, row.id))) {
                let detail = format!("{:?} {} is not at headquarters", row.position, row.kind);
                fail(Check::EverythingArrives, detail)?;
            }
        }
        if let Some(row) = self.history.orphans.iter().find(|row| !folded.contains_key(row)) {
            fail(Check::EverythingArrives, format!("{row:?} is in no file, and is gone"))?;
        }
        if let Some(row) = folded.keys().find(|row| !self.history.rows.contains_key(row)) {
            fail(Check::NothingTwice, format!("nobody ever wrote {row:?}"))?;
        }
        Ok(folded.into_keys().collect())
    }

    fn check_sums(&mut self, folded: &BTreeSet<RowKey>) -> Checked {
        let mut sums = Sums::default();
        for key in folded {
            sums.add(key.0, &self.history.rows[key]);
        }
        let shown = "select day, dimension, store, key, hour, sales, lines, net from sales_by
             where dimension <> 'untied_tender'";
        let shown: BTreeMap<String, (i64, i64, i64)> = self
            .hq
            .database
            .read(shown, &[], |row| {
                let text = |at| row.string(at);
                let key = (text(0)?, text(1)?, text(2)?, text(3)?, row.int(4)?);
                Ok((format!("{key:?}"), (row.int(5)?, row.int(6)?, row.int(7)?)))
            })
            .into_iter()
            .collect();
        let own = sums.by.into_iter().map(|(key, sum)| (format!("{key:?}"), sum)).collect();
        agree(Check::SumsAgree, &own, &shown)?;
        let shown = "select store, item, on_hand from stock where on_hand is not null";
        let shown = self.hq.database.read(shown, &[], |row| {
            Ok((format!("{:?}", (row.string(0)?, row.string(1)?)), row.int(2)?))
        });
        let own = sums.stock.into_iter().map(|(key, level)| (format!("{key:?}"), level)).collect();
        agree(Check::StockAgrees, &own, &shown.into_iter().collect())
    }

    fn check_forks(&mut self, folded: &BTreeSet<RowKey>) -> Checked {
        let rows = folded.iter().map(|key| (key.0, &self.history.rows[key]));
        let own: BTreeSet<Fork> = rows.filter_map(|(store, row)| fork_of(store, row)).collect();
        let views = self.hq.database.worker(1).forks(&Scope::All).expect("the forks");
        let (frozen, left): (Vec<_>, Vec<_>) =
            views.into_iter().partition(|it| it.cause == "frozen" || it.cause == "broken");
        let shown: BTreeSet<Fork> = left
            .into_iter()
            .map(|it| (it.store, it.into.unwrap_or_default(), it.stream, it.cause))
            .collect();
        if own != shown {
            let detail = format!("there were {own:#?}, and it shows {shown:#?}");
            return fail(Check::ForksAreNamed, detail);
        }
        // A stream is frozen only where two rows really had one number, and then it is named.
        let streams = self.hq.database.streams();
        let streams: Vec<_> = streams.iter().filter(|held| held.frozen.is_some()).collect();
        for held in &streams {
            let stream: Uuid = held.journal_stream.parse().expect("a stream");
            let positions = self.history.positions.iter();
            let mut of_stream = positions.filter(|((it, _), _)| it.uuid() == stream);
            if !of_stream.any(|(_, digests)| digests.len() > 1) {
                return fail(Check::ForksAreNamed, format!("nobody else wrote {held:?}"));
            }
            if !frozen.iter().any(|view| view.stream == held.stream) {
                return fail(Check::ForksAreNamed, format!("it does not name {held:?}"));
            }
        }
        if frozen.len() != streams.len() {
            return fail(Check::ForksAreNamed, format!("{frozen:?} are not {streams:?}"));
        }
        Ok(())
    }

    fn check_cursors(&mut self) -> Checked {
        let streams = self.hq.database.streams();
        for (at, hub) in self.hubs.iter().enumerate() {
            let Some(process) = &hub.process else { continue };
            let current = process.pump.current();
            for cursor in process.pump.cursors().filter(|cursor| cursor.through > 0) {
                let name = cursor.wire.to_string();
                let held = streams.iter().find(|it| it.stream == name);
                let (through, digest) = held.map_or((0, [0; 32]), |it| (it.through, it.digest));
                let is_current = current.is_some_and(|head| head.stream == cursor.wire);
                let agrees = if is_current {
                    (cursor.through, cursor.digest) == (through, digest)
                        && hub.outbox.cursor(cursor.wire).ok().flatten() == Some(cursor)
                } else {
                    cursor.through <= through.max(held.map_or(0, |it| it.base))
                };
                if !agrees {
                    let detail = format!("hub {at} has {cursor:?}, headquarters {held:?}");
                    return fail(Check::CursorsAgree, detail);
                }
            }
        }
        Ok(())
    }

    fn check_rebuild(&mut self) -> Checked {
        let before = self.hq.database.projections();
        self.hq.database.worker(1).rebuild().expect("made anew");
        let after = self.hq.database.projections();
        let mut pairs = before.iter().zip(&after);
        if let Some((before, after)) = pairs.find(|(before, after)| before != after) {
            return fail(Check::RebuildAgrees, format!("{before} became {after}"));
        }
        if before.len() != after.len() {
            let detail = format!("{} lines became {}", before.len(), after.len());
            return fail(Check::RebuildAgrees, detail);
        }
        Ok(())
    }
}

fn agree<T: PartialEq + std::fmt::Debug>(
    check: Check,
    own: &BTreeMap<String, T>,
    shown: &BTreeMap<String, T>,
) -> Checked {
    for key in own.keys().chain(shown.keys()) {
        if own.get(key) != shown.get(key) {
            let detail = format!("{key} is {:?}, and it shows {:?}", own.get(key), shown.get(key));
            return fail(check, detail);
        }
    }
    Ok(())
}
