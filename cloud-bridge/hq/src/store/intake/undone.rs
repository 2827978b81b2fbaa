//! Which sales were undone as a whole: each is taken off once.

use std::collections::BTreeSet;

use crate::ingest::fold::{Effect, UndoneFold};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param};

/// The sales that were undone, of facts that are not written yet.
#[derive(Default)]
pub struct Undone {
    /// All that is known of, by store and id.
    known: BTreeSet<(String, String)>,
    /// Those that are not written yet, as they are.
    new: Vec<(String, UndoneFold)>,
}

impl Undone {
    /// Reads which of the sales were undone before.
    pub fn prepare(
        &mut self,
        sql: &mut Connection,
        effects: &[(&str, &Effect)],
    ) -> Result<(), StoreError> {
        let mut sales: Vec<Param<'_>> = Vec::new();
        for (store, effect) in effects {
            if let Effect::Undone(undone) = effect {
                sales.extend([Param::from(*store), Param::from(&undone.sale.transaction)]);
            }
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

    /// Notes that a sale is undone; false where it was before.
    pub fn note(&mut self, store: &str, undone: &UndoneFold) -> bool {
        let is_new = self.known.insert((store.to_owned(), undone.sale.transaction.clone()));
        if is_new {
            self.new.push((store.to_owned(), undone.clone()));
        }
        is_new
    }

    /// Writes everything.
    pub fn write(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let row = |(store, undone): &'_ (String, UndoneFold)| {
            [
                store.clone(),
                undone.sale.transaction.clone(),
                undone.workstation.clone(),
                undone.operator.clone(),
                undone.reason.clone(),
            ]
        };
        let cells: Vec<String> = self.new.iter().flat_map(row).collect();
        let cells: Vec<Param<'_>> = cells.iter().map(Param::from).collect();
        let head =
            "insert into post_voids (store, transaction_id, workstation, operator, reason) values";
        sql.insert_many(head, 5, "", &cells)
    }
}
