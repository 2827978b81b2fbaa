//! The electronic journal's questions. Every one that names something is answered from an index.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use store_core::{Currency, Money, TransactionNumber};

use super::reads::{all, text};
use super::rows::{bad_column, signed, transaction_id, unsigned};
use crate::receipts::{FoundReceipt, ReceiptQuery};

const SELECTED: &str = "SELECT position, transaction_id, workstation, number, operator,
    business_day, wall_ms, utc_offset_s, currency, total_minor,
    (SELECT count(*) FROM transaction_lines AS line
     WHERE line.position = sale.position AND NOT line.voided),
    EXISTS (SELECT 1 FROM post_voids AS void WHERE void.transaction_id = sale.transaction_id)
FROM transactions AS sale
WHERE status = 'completed'";
const OF_ITEM: &str = "position IN (
    SELECT position FROM transaction_lines WHERE item = ? AND NOT voided
    UNION SELECT position FROM transaction_lines WHERE code = ? AND NOT voided)";
const OF_CARD: &str = "position IN (
    SELECT position FROM tenders WHERE card_last_four = ? AND NOT voided
    UNION SELECT position FROM tenders
    WHERE substr(reference, -4) = ? AND reference IS NOT NULL AND NOT voided)";

/// The receipts, the newest first.
pub fn found(
    connection: &Connection,
    query: &ReceiptQuery,
) -> Result<Vec<FoundReceipt>, rusqlite::Error> {
    let (sql, values) = asked(query);
    all(connection, &sql, params_from_iter(values), receipt)
}

/// The question, and what is put into it.
pub(super) fn asked(query: &ReceiptQuery) -> (String, Vec<Value>) {
    let mut sql = SELECTED.to_owned();
    let mut values: Vec<Value> = Vec::new();
    let mut and = |clause: &str, given: Vec<Value>| {
        sql.push_str(" AND ");
        sql.push_str(clause);
        values.extend(given);
    };
    if let Some(transaction) = query.transaction {
        and("sale.transaction_id = ?", vec![transaction.uuid().as_bytes().to_vec().into()]);
    }
    if let Some(TransactionNumber(number)) = query.number {
        and("number = ?", vec![signed(number).into()]);
    }
    if let Some(workstation) = &query.workstation {
        and("workstation = ?", vec![workstation.to_string().into()]);
    }
    if let Some(item) = &query.item {
        and(OF_ITEM, vec![item.clone().into(), item.clone().into()]);
    }
    if let Some(total) = query.total_minor {
        and("total_minor = ?", vec![total.into()]);
    }
    if let Some(card) = &query.card {
        and(OF_CARD, vec![card.clone().into(), card.clone().into()]);
    }
    if let Some(from) = query.from_ms {
        and("wall_ms >= ?", vec![from.into()]);
    }
    if let Some(to) = query.to_ms {
        and("wall_ms < ?", vec![to.into()]);
    }
    if let Some(operator) = &query.operator {
        and("operator = ?", vec![operator.to_string().into()]);
    }
    if let Some(before) = query.before {
        and("position < ?", vec![before.into()]);
    }
    sql.push_str(" ORDER BY position DESC LIMIT ?");
    values.push(i64::try_from(query.limit).unwrap_or(i64::MAX).into());
    (sql, values)
}

fn receipt(row: &Row<'_>) -> Result<FoundReceipt, rusqlite::Error> {
    let currency =
        Currency::new(row.get_ref(8)?.as_str()?).map_err(|error| bad_column(8, error))?;
    let day: jiff::civil::Date = text(row, 5)?;
    Ok(FoundReceipt {
        position: row.get(0)?,
        transaction: transaction_id(row.get(1)?),
        workstation: text(row, 2)?,
        number: TransactionNumber(unsigned(row.get(3)?)),
        operator: text(row, 4)?,
        business_day: store_core::BusinessDay::new(day),
        wall_ms: row.get(6)?,
        utc_offset_s: row.get(7)?,
        total: Money::from_minor(row.get(9)?, currency).map_err(|error| bad_column(9, error))?,
        lines: row.get(10)?,
        is_undone: row.get(11)?,
    })
}

#[cfg(test)]
mod tests {
    use store_core::{OperatorId, WorkstationId};

    use super::*;
    use crate::sqlite::connection::migrate;

    /// How SQLite finds what a query asks for.
    fn plan(query: &ReceiptQuery) -> String {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let (sql, values) = asked(query);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3));
        steps.unwrap().map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    fn asking(change: impl FnOnce(&mut ReceiptQuery)) -> ReceiptQuery {
        let mut query = ReceiptQuery { limit: 50, ..ReceiptQuery::default() };
        change(&mut query);
        query
    }

    #[test]
    fn whatever_is_named_is_found_by_an_index() {
        let queries = [
            asking(|query| query.transaction = Some(transaction_id([7; 16]))),
            asking(|query| query.number = Some(TransactionNumber(42))),
            asking(|query| query.workstation = WorkstationId::new("1").ok()),
            asking(|query| query.item = Some("4711".to_owned())),
            asking(|query| query.total_minor = Some(105)),
            asking(|query| query.card = Some("4242".to_owned())),
            asking(|query| (query.from_ms, query.to_ms) = (Some(0), Some(1))),
            asking(|query| query.operator = OperatorId::new("c1").ok()),
            asking(|query| query.before = Some(17)),
        ];
        for query in queries {
            let plan = plan(&query);
            let scans = plan.lines().filter(|step| step.starts_with("SCAN"));
            assert_eq!(scans.count(), 0, "{query:?}\n{plan}");
        }
    }
}
