//! The domain's laws over the rows of a journal.

use std::collections::BTreeMap;

use rusqlite::Connection;
use store_core::fact::{CommittedFact, Fact};
use store_core::invariants::{
    Violation, check_basket, check_levels, check_next_number, check_sale, move_stock,
};
use store_core::{ItemId, Quantity, TransactionNumber, WorkstationId};

use super::reads;
use super::rows::reading;
use crate::{BadRow, Head, JournalRow, OpenError};

/// What the rows so far have come to.
#[derive(Default)]
pub struct Laws {
    numbers: BTreeMap<WorkstationId, TransactionNumber>,
    stock: BTreeMap<ItemId, Quantity>,
}

impl Laws {
    /// Takes the next row and answers what happened in it.
    ///
    /// # Errors
    /// Where it breaks a law, or does not say what its columns say.
    pub fn look(&mut self, row: &JournalRow) -> Result<Option<CommittedFact>, BadRow> {
        let (stream, sequence) = (row.position.stream, row.position.sequence);
        let bad = |reason: String| BadRow { stream, sequence, reason };
        let Some(committed) = row.committed().map_err(|error| bad(error.to_string()))? else {
            return Ok(None);
        };
        if committed.fact.transaction() != row.transaction || committed.fact.kind() != row.kind {
            return Err(bad("its columns do not say what its body says".to_owned()));
        }
        self.check(&committed.fact).map_err(|violation| bad(violation.to_string()))?;
        move_stock(&mut self.stock, &committed.fact);
        Ok(Some(committed))
    }

    fn check(&mut self, fact: &Fact) -> Result<(), Violation> {
        match fact {
            Fact::SaleCompleted(sale) => {
                check_sale(sale)?;
                let number = sale.number.unwrap_or_default();
                check_next_number(&mut self.numbers, &sale.workstation, number)
            }
            Fact::SaleAbandoned { transaction, .. } | Fact::BasketSuspended { transaction, .. } => {
                check_basket(transaction)
            }
            Fact::SalePostVoided(void) => check_sale(&void.sale),
            _ => Ok(()),
        }
    }

    /// Stock is what came less what went. A difference is laid to the last row.
    ///
    /// # Errors
    /// Where the stated stock of an item is another.
    pub fn compare(&self, connection: &Connection, last: &Head) -> Result<(), OpenError> {
        let on_hand = reads::on_hand(connection).map_err(reading("the stock"))?;
        check_levels(&self.stock, &on_hand).map_err(|violation| {
            let reason = violation.to_string();
            BadRow { stream: last.stream, sequence: last.sequence, reason }.into()
        })
    }
}
