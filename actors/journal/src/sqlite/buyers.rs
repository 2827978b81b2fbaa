//! What buyers said about the invoices of their sales.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store_core::TransactionId;
use store_core::buyer::{BuyerError, BuyerWish, Carrier, DonationCode};

use super::rows::bad_column;

type Sql<T> = Result<T, rusqlite::Error>;

/// Keeps what was said, if anything was.
pub fn keep(connection: &Connection, transaction: TransactionId, wish: &BuyerWish) -> Sql<()> {
    if wish.is_empty() {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO buyers VALUES (?1, ?2, ?3)")?
        .execute(params![
            transaction.uuid().as_bytes(),
            wish.carrier.as_ref().map(Carrier::as_str),
            wish.donation.as_ref().map(DonationCode::as_str),
        ])
        .map(|_| ())
}

/// Erases what was said: its bytes in the file as well.
pub fn erase(connection: &Connection, transaction: TransactionId) -> Sql<()> {
    connection
        .prepare_cached("DELETE FROM buyers WHERE transaction_id = ?1")?
        .execute([transaction.uuid().as_bytes()])
        .map(|_| ())
}

/// What was said.
pub fn said(connection: &Connection, transaction: TransactionId) -> Sql<Option<BuyerWish>> {
    connection
        .prepare_cached("SELECT carrier, donation FROM buyers WHERE transaction_id = ?1")?
        .query_row([transaction.uuid().as_bytes()], |row| {
            Ok(BuyerWish {
                carrier: read(row, 0, Carrier::new)?,
                donation: read(row, 1, DonationCode::new)?,
            })
        })
        .optional()
}

fn read<T>(
    row: &Row<'_>,
    column: usize,
    of: impl FnOnce(&str) -> Result<T, BuyerError>,
) -> Sql<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.as_deref().map(of).transpose().map_err(|error| bad_column(column, error))
}
