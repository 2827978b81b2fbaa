//! Journals on disk, read back row by row.

use std::path::Path;

use store_core::JournalSequence;
use store_core::fact::{Fact, RowPosition};
use store_journal::{LedgerReads as _, ReadError, Reader};

use super::stores::{JournalReadError, SoldSale, StoreJournals};

/// Rows read at once when a journal is read back.
const ROWS_AT_ONCE: usize = 500;

/// Reads journals back, row by row.
pub struct JournalsHere;

impl StoreJournals for JournalsHere {
    fn sales(
        &self,
        journal: &Path,
        on_sale: &mut dyn FnMut(SoldSale),
    ) -> Result<(), JournalReadError> {
        let reader = Reader::open(journal)?;
        for stream in reader.streams()? {
            let mut after =
                RowPosition { stream: stream.head.stream, sequence: JournalSequence(0) };
            loop {
                let rows = reader.rows(after, ROWS_AT_ONCE)?;
                let Some(last) = rows.last() else { break };
                after = last.position;
                for row in &rows {
                    let committed = row.committed().map_err(|error| ReadError::Malformed {
                        what: "a row",
                        reason: error.to_string(),
                    })?;
                    if let Some(Fact::SaleCompleted(sale)) = committed.map(|row| row.fact) {
                        on_sale(SoldSale::from(&*sale));
                    }
                }
            }
        }
        Ok(())
    }

    fn state(&self, journal: &Path) -> Result<String, JournalReadError> {
        let reader = Reader::open(journal)?;
        let mut receipts = 0;
        for sale in reader.completed()? {
            receipts += reader.print_jobs(sale)?.len();
        }
        let drafts = reader.drafts()?;
        let drafts: Vec<_> =
            drafts.iter().map(|draft| (draft.transaction, draft.version)).collect();
        let heads: Vec<_> = reader.streams()?.into_iter().map(|stream| stream.head).collect();
        Ok(format!("heads {heads:?}, baskets {drafts:?}, {receipts} receipts"))
    }
}
