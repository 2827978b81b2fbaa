//! Sums over the sales, for reports and for comparing a replay with its input.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use store_core::{
    BusinessDay, Currency, Money, OperatorId, TransactionId, TransactionNumber, WorkstationId,
};

use super::reader::{Connected, Reader};
use super::reads::{all, optional_text, text};
use super::rows::{bad_column, reading, transaction_id, unsigned};
use crate::ReadError;

/// Sums over all completed sales but those that were undone. Amounts are whole minor units of the
/// store's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalesTotals {
    /// Completed sales.
    pub transactions: u64,
    /// Their lines, without the voided ones.
    pub lines: u64,
    /// Their tenders by way of paying, without the voided ones.
    pub tenders: BTreeMap<String, u64>,
    /// Shelf amounts.
    pub shelf_minor: i64,
    /// Net amounts.
    pub net_minor: i64,
    /// What was to pay.
    pub total_minor: i64,
    /// What was taken off, by reason.
    pub modifiers_minor: BTreeMap<String, i64>,
    /// What was taken less change, by way of paying.
    pub tendered_minor: BTreeMap<String, i64>,
    /// Net amounts by department.
    pub net_by_department_minor: BTreeMap<String, i64>,
    /// Net amounts by the local hour, 0 to 23, in which the basket was opened.
    pub net_by_hour_minor: BTreeMap<u8, i64>,
    /// Tendered less change by way of paying and the department it was tied to.
    pub tendered_by_department_minor: BTreeMap<(String, String), i64>,
    /// Completed sales by the store that stands in them, with their net amounts.
    pub net_by_store_minor: BTreeMap<String, i64>,
    /// Transactions that occur more than once among the completed sales' rows.
    pub doubled: u64,
}

/// One transaction in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionSummary {
    /// The transaction.
    pub transaction: TransactionId,
    /// Where.
    pub workstation: WorkstationId,
    /// The printed number; none where it was abandoned.
    pub number: Option<TransactionNumber>,
    /// By whom.
    pub operator: OperatorId,
    /// Booked on.
    pub business_day: BusinessDay,
    /// When it ended, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset then, in seconds.
    pub utc_offset_s: i32,
    /// What was to pay.
    pub total: Money,
}

type Sql<T> = Result<T, rusqlite::Error>;

impl Reader {
    /// Sums over all completed sales but those that were undone, seen in one moment.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn sales_totals(&self) -> Result<SalesTotals, ReadError> {
        totals(self.connection()).map_err(reading("the sales"))
    }

    /// The last transactions, completed or abandoned, newest first.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn transactions(&self, limit: usize) -> Result<Vec<TransactionSummary>, ReadError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        all(
            self.connection(),
            "SELECT transaction_id, workstation, number, operator, business_day, wall_ms,
                 utc_offset_s, currency, total_minor
             FROM transactions ORDER BY position DESC LIMIT ?1",
            params![limit],
            summary,
        )
        .map_err(reading("transactions"))
    }

    /// The ids of all completed sales, in the order of the journal.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn completed(&self) -> Result<Vec<TransactionId>, ReadError> {
        let sql = "SELECT transaction_id FROM transactions WHERE status = 'completed'
                   ORDER BY position";
        all(self.connection(), sql, [], |row| Ok(transaction_id(row.get(0)?)))
            .map_err(reading("the sales"))
    }
}

fn summary(row: &Row<'_>) -> Sql<TransactionSummary> {
    let currency: Currency = text(row, 7)?;
    Ok(TransactionSummary {
        transaction: transaction_id(row.get(0)?),
        workstation: text(row, 1)?,
        number: row.get::<_, Option<i64>>(2)?.map(|number| TransactionNumber(unsigned(number))),
        operator: text(row, 3)?,
        business_day: BusinessDay::new(text(row, 4)?),
        wall_ms: row.get(5)?,
        utc_offset_s: row.get(6)?,
        total: Money::from_minor(row.get(8)?, currency).map_err(|error| bad_column(8, error))?,
    })
}

fn totals(connection: &Connection) -> Sql<SalesTotals> {
    let _moment = connection.unchecked_transaction()?;
    let mut totals = connection.query_row(
        "SELECT count(*), coalesce(sum(shelf_minor), 0), coalesce(sum(net_minor), 0),
             coalesce(sum(total_minor), 0)
         FROM sales",
        [],
        |row| {
            Ok(SalesTotals {
                transactions: unsigned(row.get(0)?),
                shelf_minor: row.get(1)?,
                net_minor: row.get(2)?,
                total_minor: row.get(3)?,
                ..SalesTotals::default()
            })
        },
    )?;
    lines(connection, &mut totals)?;
    tenders(connection, &mut totals)?;
    totals.modifiers_minor = keyed(
        connection,
        "SELECT reason, sum(amount_minor)
         FROM transaction_modifiers AS m
         JOIN sales USING (position) JOIN transaction_lines AS l USING (position, line)
         WHERE voided = 0 GROUP BY reason",
    )?;
    totals.net_by_store_minor =
        keyed(connection, "SELECT store, sum(net_minor) FROM sales GROUP BY store")?;
    totals.net_by_hour_minor = all(
        connection,
        "SELECT ((opened_wall_ms / 1000 + opened_utc_offset_s) / 3600) % 24, sum(net_minor)
         FROM sales GROUP BY 1",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?
    .into_iter()
    .collect();
    totals.doubled = connection
        .query_row(
            "SELECT count(*) - count(DISTINCT transaction_id) FROM journal
             WHERE kind = 'sale_completed'",
            [],
            |row| row.get(0),
        )
        .map(unsigned)?;
    Ok(totals)
}

fn lines(connection: &Connection, totals: &mut SalesTotals) -> Sql<()> {
    totals.net_by_department_minor = keyed(
        connection,
        "SELECT department, sum(l.net_minor)
         FROM transaction_lines AS l JOIN sales USING (position)
         WHERE voided = 0 GROUP BY department",
    )?;
    totals.lines = connection
        .query_row(
            "SELECT count(*) FROM transaction_lines JOIN sales USING (position)
             WHERE voided = 0",
            [],
            |row| row.get(0),
        )
        .map(unsigned)?;
    Ok(())
}

fn tenders(connection: &Connection, totals: &mut SalesTotals) -> Sql<()> {
    let found = all(
        connection,
        "SELECT tender_type, t.department, count(*), sum(amount_minor - t.change_minor)
         FROM tenders AS t JOIN sales USING (position)
         WHERE voided = 0 GROUP BY tender_type, t.department",
        [],
        |row| {
            let tender_type: String = row.get(0)?;
            let department: Option<String> = optional_text(row, 1)?;
            let count = unsigned(row.get(2)?);
            Ok((tender_type, department, count, row.get::<_, i64>(3)?))
        },
    )?;
    for (tender_type, department, count, tendered) in found {
        *totals.tenders.entry(tender_type.clone()).or_default() += count;
        *totals.tendered_minor.entry(tender_type.clone()).or_default() += tendered;
        if let Some(department) = department {
            let key = (tender_type, department);
            *totals.tendered_by_department_minor.entry(key).or_default() += tendered;
        }
    }
    Ok(())
}

fn keyed(connection: &Connection, sql: &str) -> Sql<BTreeMap<String, i64>> {
    Ok(all(connection, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}
