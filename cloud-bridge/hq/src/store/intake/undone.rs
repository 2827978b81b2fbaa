//! Which sales were undone as a whole: each is taken off once.

use std::collections::BTreeSet;

use super::FoldedAt;
use crate::ingest::fold::{Effect, UndoneFold};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param, params};

/// The sales that were undone, of facts that are not written yet.
#[derive(Default)]
pub struct Undone {
    /// All that is known of, by store and id.
    known: BTreeSet<(String, String)>,
    /// Those that are not written yet.
    new: Vec<UndoneRow>,
}

struct UndoneRow {
    store: String,
    stream: u64,
    sequence: u64,
    transaction: String,
    workstation: String,
    operator: String,
    reason: String,
}

impl Undone {
    /// Reads which of the sales were undone before: also of those that are sold now, because what
    /// undoes a sale may come before it.
    pub fn prepare(
        &mut self,
        sql: &mut Connection,
        effects: &[(&str, &Effect)],
    ) -> Result<(), StoreError> {
        let mut sales: Vec<Param<'_>> = Vec::new();
        for (store, effect) in effects {
            let transaction = match effect {
                Effect::Sale(sale) => &sale.transaction,
                Effect::Undone(undone) => &undone.sale.transaction,
                _ => continue,
            };
            sales.extend([Param::from(*store), Param::from(transaction)]);
        }
        let known = sql.query_pairs(
            "store, transaction_id",
            "post_voids",
            ("store", "transaction_id"),
            &sales,
            |row| Ok((row.string(0)?, row.string(1)?)),
        )?;
        self.known.extend(known);
        Ok(())
    }

    /// Whether a sale is undone.
    pub fn is_known(&self, store: &str, transaction: &str) -> bool {
        self.known.contains(&(store.to_owned(), transaction.to_owned()))
    }

    /// Notes that a sale is undone; false where it was before.
    pub fn note(&mut self, at: &FoldedAt<'_>, undone: &UndoneFold) -> bool {
        let transaction = &undone.sale.transaction;
        let is_new = self.known.insert((at.store.to_owned(), transaction.clone()));
        if is_new {
            self.new.push(UndoneRow {
                store: at.store.to_owned(),
                stream: at.stream,
                sequence: at.sequence,
                transaction: transaction.clone(),
                workstation: undone.workstation.clone(),
                operator: undone.operator.clone(),
                reason: undone.reason.clone(),
            });
        }
        is_new
    }

    /// Writes everything.
    pub fn write(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut cells = Vec::new();
        for row in &self.new {
            cells.extend_from_slice(params![
                &row.store,
                &row.transaction,
                row.stream,
                row.sequence,
                &row.workstation,
                &row.operator,
                &row.reason,
            ]);
        }
        let head = "insert into post_voids (store, transaction_id, stream, sequence, workstation,
                 operator, reason) values";
        sql.insert_many(head, 7, "", &cells)
    }
}
