use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hq_wire::facts::v1::{Parent, StreamCause, StreamStarted};
use hq_wire::row::v1::{NO_DIGEST, hex};
use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::inventory::InventoryMachine;
use store_core::safety_stock::{SafetyStockLevel, SafetyStockMachine};
use store_core::till::{OpenTill, Till, TillNumber};
use store_core::{
    BusinessDay, CommandId, ItemId, Now, Quantity, RefusalCode, StoreId, StreamId, TransactionId,
    WorkstationId,
};

use crate::fold::{self, DayRange, PromotionTally, StockSource};
use crate::{
    Append, BadRow, Head, JournalRow, RegisterRecord, StockAlert, StreamState, TillRecord,
    WriteError, Written,
};

/// The rows and what is folded from them. All of it is always synced: every row is a promise.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub rows: Vec<Arc<JournalRow>>,
    pub by_id: BTreeMap<CommandId, usize>,
    pub transactions: BTreeMap<TransactionId, usize>,
    /// The rows that undid sales, by sale.
    pub post_voids: BTreeMap<TransactionId, usize>,
    pub streams: Vec<(StreamId, Option<Head>, usize)>,
    pub registers: BTreeMap<WorkstationId, RegisterRecord>,
    pub inventory: InventoryMachine,
    pub safety: SafetyStockMachine,
    pub alerts: BTreeMap<ItemId, (usize, StockAlert)>,
    pub promotions: PromotionTally,
    pub tills: BTreeMap<WorkstationId, Till>,
    /// Every till with its register, number and day, as it is or was.
    pub till_records: BTreeMap<(WorkstationId, TillNumber), TillRecord>,
    pub days: BTreeMap<BusinessDay, DayRange<usize>>,
}

impl StockSource for Chain {
    type Error = std::convert::Infallible;

    fn on_hand(&self, item: &ItemId) -> Result<Option<Quantity>, Self::Error> {
        Ok(self.inventory.on_hand.get(item).copied())
    }

    fn level(&self, item: &ItemId) -> Result<Option<(SafetyStockLevel, bool)>, Self::Error> {
        let level = self.safety.levels.get(item).cloned();
        Ok(level.map(|level| (level, self.safety.raised.contains(item))))
    }
}

impl Chain {
    pub fn head(&self) -> Option<Head> {
        self.rows.last().map(|row| row.head())
    }

    /// The row with this id.
    pub fn row_of(&self, id: CommandId) -> Option<&JournalRow> {
        self.rows.get(*self.by_id.get(&id)?).map(AsRef::as_ref)
    }

    /// The outcome of a write whose id stands in a row already; nothing where it is new.
    pub fn repeated(
        &self,
        id: CommandId,
        kind: &str,
        transaction: Option<TransactionId>,
    ) -> Result<Option<Written>, WriteError> {
        self.row_of(id).map(|there| fold::repeated(there, kind, transaction)).transpose()
    }

    pub fn start(
        &mut self,
        store: &StoreId,
        software: &str,
        stream: StreamId,
        id: CommandId,
        now: Now,
        cause: StreamCause,
    ) -> Result<Written, WriteError> {
        if self.streams.iter().any(|(known, _, _)| *known == stream) {
            return Err(WriteError::Rejected(format!("stream {stream} is there already")));
        }
        let parent = self.head();
        let body = StreamStarted {
            store: store.to_string(),
            parent: parent.as_ref().map(|head| Parent {
                stream: head.stream.to_string(),
                through: head.sequence.0,
                digest: hex(&head.digest),
            }),
            cause,
            software: software.to_owned(),
        };
        let row = JournalRow::first(stream, id, now, body)
            .map_err(|error| WriteError::Failed(error.to_string()))?;
        self.streams.push((stream, parent, self.rows.len()));
        Ok(self.push(row))
    }

    fn push(&mut self, row: JournalRow) -> Written {
        let (position, digest) = (row.position, row.digest);
        self.by_id.insert(row.id, self.rows.len());
        self.rows.push(Arc::new(row));
        self.inventory.applied = Some(position);
        Written::Committed { position, digest, repeated: false }
    }

    /// Adds the row of an append and folds it, if what it does beside the rows may be; after an
    /// error nothing has changed.
    pub fn append(
        &mut self,
        append: &Append,
        check_beside: impl FnOnce(&Self) -> Result<(), WriteError>,
    ) -> Result<Written, WriteError> {
        let head = self.head().ok_or_else(|| WriteError::Failed("no rows".to_owned()))?;
        let row = JournalRow::sealed(&head, append)
            .map_err(|error| WriteError::Rejected(error.to_string()))?;
        fold::check_fact(&append.fact)?;
        let register = match fold::workstation(&append.fact) {
            Some(workstation) => {
                let before = self.registers.get(workstation).cloned();
                Some(fold::register_after(before, workstation, &append.fact)?)
            }
            None => None,
        };
        let ends = matches!(append.fact, Fact::SaleCompleted(_) | Fact::SaleAbandoned { .. });
        let ended = append.fact.transaction().filter(|_| ends);
        if let Some(transaction) = ended.filter(|it| self.transactions.contains_key(it)) {
            let text = format!("transaction {transaction} has ended already");
            return Err(WriteError::Rejected(text));
        }
        let undone = match &append.fact {
            Fact::SalePostVoided(void) => Some(void.sale.id),
            _ => None,
        };
        if undone.is_some_and(|sale| self.post_voids.contains_key(&sale)) {
            return Err(WriteError::Declined(RefusalCode::AlreadyPostVoided));
        }
        let till = self.till_after(append)?;
        let day = match fold::booked_on(&append.fact) {
            Some(day) => {
                let before = self.days.get(&day).copied();
                let mut open = self.tills.values().filter_map(|till| till.open.as_ref());
                let has_open_till = open.any(|till| till.business_day == day);
                let position = self.rows.len();
                Some((day, fold::day_after(before, has_open_till, position, &append.fact)?))
            }
            None => None,
        };
        check_beside(self)?;
        self.days.extend(day);
        if let Some((till, closed)) = till {
            self.put_till(&append.fact, till, closed);
        }
        if let Some(sale) = undone {
            self.post_voids.insert(sale, self.rows.len());
        }
        if let Some(transaction) = ended {
            self.transactions.insert(transaction, self.rows.len());
        }
        if let Some(register) = register {
            self.registers.insert(register.workstation.clone(), register);
        }
        self.promotions.fold(&append.fact);
        self.fold_stock(append, row.position);
        Ok(self.push(row))
    }

    fn till_after(&self, append: &Append) -> Result<Option<(Till, Option<OpenTill>)>, WriteError> {
        let Some(workstation) = fold::till_workstation(&append.fact) else { return Ok(None) };
        let before = self.tills.get(workstation).cloned().unwrap_or_default();
        fold::till_after(before, workstation, append.now, &append.fact).map(Some)
    }

    fn put_till(&mut self, fact: &Fact, till: Till, closed: Option<OpenTill>) {
        let Some(workstation) = fold::till_workstation(fact) else { return };
        let is_closed = closed.is_some();
        if let Some(state) = till.open.clone().or(closed) {
            let (workstation, number) = (workstation.clone(), state.number);
            let record = TillRecord { workstation: workstation.clone(), is_closed, till: state };
            self.till_records.insert((workstation, number), record);
        }
        self.tills.insert(workstation.clone(), till);
    }

    fn fold_stock(&mut self, append: &Append, position: RowPosition) {
        let now = append.now;
        let committed = CommittedFact { position, now, fact: append.fact.clone() };
        let Ok(update) = fold::stock_after(self, &committed);
        for (item, on_hand) in update.on_hand {
            self.safety.on_hand.insert(item.clone(), on_hand);
            self.inventory.on_hand.insert(item, on_hand);
        }
        for level in update.levels {
            self.safety.levels.insert(level.item.clone(), level);
        }
        for item in update.raised {
            let alert = StockAlert {
                item: item.clone(),
                since_wall_ms: now.wall.as_millisecond(),
                since_utc_offset_s: now.utc_offset_s,
            };
            self.alerts.insert(item.clone(), (self.rows.len(), alert));
            self.safety.raised.insert(item);
        }
        for item in update.cleared {
            self.alerts.remove(&item);
            self.safety.raised.remove(&item);
        }
    }

    pub fn stream_infos(&self) -> Vec<StreamState> {
        let ends = self.streams.iter().skip(1).map(|(_, _, first)| *first);
        let ends = ends.chain(std::iter::once(self.rows.len()));
        self.streams
            .iter()
            .zip(ends)
            .filter_map(|((_, parent, _), end)| {
                let last = self.rows.get(end.checked_sub(1)?)?;
                Some(StreamState { head: last.head(), parent: *parent })
            })
            .collect()
    }

    /// The rows of a stream after a number.
    pub fn rows_after(&self, after: RowPosition, limit: usize) -> Vec<JournalRow> {
        let found = self.streams.iter().find(|(stream, _, _)| *stream == after.stream);
        let Some((stream, _, first)) = found else {
            return Vec::new();
        };
        let skipped = usize::try_from(after.sequence.0).unwrap_or(usize::MAX);
        self.rows
            .iter()
            .skip(first.saturating_add(skipped))
            .take_while(|row| row.position.stream == *stream)
            .take(limit)
            .map(|row| row.as_ref().clone())
            .collect()
    }

    pub fn verify(&self) -> Result<(), BadRow> {
        let firsts: BTreeSet<usize> = self.streams.iter().map(|(_, _, first)| *first).collect();
        let mut previous = NO_DIGEST;
        for (index, row) in self.rows.iter().enumerate() {
            if firsts.contains(&index) {
                previous = NO_DIGEST;
            }
            if row.digest_after(&previous) != row.digest {
                return Err(BadRow {
                    stream: row.position.stream,
                    sequence: row.position.sequence,
                    reason: "its digest is not the digest of what is stored".to_owned(),
                });
            }
            previous = row.digest;
        }
        Ok(())
    }
}
