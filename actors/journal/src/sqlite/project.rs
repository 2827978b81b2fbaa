//! The projections of one row, written in the transaction that writes the row.

use rusqlite::{Connection, OptionalExtension, params};
use store_core::fact::{CommittedFact, Fact, PostVoid};
use store_core::safety_stock::SafetyStockLevel;
use store_core::transaction::{LineItem, LineKind, PriceSource, RetailTransaction, Tender};
use store_core::{ItemId, Money, Now, Quantity, RefusalCode, TransactionNumber};

use super::rows::signed;
use super::{promotions, reads, tills};
use crate::fold::{self, StockSource, StockUpdate};
use crate::{RegisterRecord, WriteError};

/// The tables that have lines of their own for a row of the journal, with their keys. With
/// [`BY_KEY`] these are all that are made from the journal alone.
pub const BY_ROW: [(&str, &str); 5] = [
    ("transactions", "position"),
    ("transaction_lines", "position, line"),
    ("transaction_modifiers", "position, line, ordinal"),
    ("tenders", "position, number"),
    ("post_voids", "position"),
];

/// The tables in which a later row changes what an earlier one left, with their keys.
pub const BY_KEY: [(&str, &str); 10] = [
    ("stock_on_hand", "item"),
    ("safety_stock", "item"),
    ("stock_alerts", "item"),
    ("registers", "workstation"),
    ("promotion_uses", "promotion, business_day"),
    ("promotion_members", "member, promotion"),
    ("promotion_points", "member, business_day"),
    ("promotion_coupons", "code, promotion"),
    ("tills", "workstation, number"),
    ("business_days", "business_day"),
];

/// Why a row could not be projected.
#[derive(Debug)]
pub enum Fault {
    /// The row contradicts the ones before.
    Refused(WriteError),
    /// The database could not do it.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<WriteError> for Fault {
    fn from(error: WriteError) -> Self {
        Self::Refused(error)
    }
}

/// Folds one row into all projections.
pub fn project(connection: &Connection, position: i64, row: &CommittedFact) -> Result<(), Fault> {
    fold::check_fact(&row.fact)?;
    if let Some(workstation) = fold::workstation(&row.fact) {
        let before = reads::register(connection, workstation)?;
        let after = fold::register_after(before, workstation, &row.fact)?;
        put_register(connection, &after)?;
    }
    match &row.fact {
        Fact::SaleCompleted(sale) => {
            put_transaction(connection, position, sale, &row.now, None)?;
        }
        Fact::SaleAbandoned { transaction, reason } => {
            put_transaction(connection, position, transaction, &row.now, Some(reason.as_str()))?;
        }
        Fact::SalePostVoided(void) => put_post_void(connection, position, void)?,
        _ => {}
    }
    promotions::put(connection, &row.fact)?;
    tills::put(connection, position, row)?;
    let update = fold::stock_after(&OnDisk(connection), row)?;
    put_stock(connection, position, &row.now, &update)?;
    Ok(())
}

fn put_register(connection: &Connection, after: &RegisterRecord) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT INTO registers (workstation, last_number, operator) VALUES (?1, ?2, ?3)
             ON CONFLICT (workstation) DO UPDATE
             SET last_number = excluded.last_number, operator = excluded.operator",
        )?
        .execute(params![
            after.workstation.as_str(),
            signed(after.last_number.0),
            after.operator.as_ref().map(store_core::OperatorId::as_str),
        ])?;
    Ok(())
}

fn put_transaction(
    connection: &Connection,
    position: i64,
    sale: &RetailTransaction,
    now: &Now,
    abandoned_because: Option<&str>,
) -> Result<(), Fault> {
    let added = connection
        .prepare_cached(
            "INSERT INTO transactions (position, transaction_id, status, store, workstation,
                 number, operator, business_day, opened_wall_ms, opened_utc_offset_s, wall_ms,
                 utc_offset_s, currency, shelf_minor, discount_minor, net_minor, total_minor,
                 tendered_minor, change_minor, reason, rounding_minor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21)
             ON CONFLICT (transaction_id) DO NOTHING",
        )?
        .execute(params![
            position,
            sale.id.uuid().as_bytes(),
            if abandoned_because.is_some() { "abandoned" } else { "completed" },
            sale.store.as_str(),
            sale.workstation.as_str(),
            sale.number.map(|TransactionNumber(number)| signed(number)),
            sale.operator.as_str(),
            sale.business_day.to_string(),
            sale.opened.wall.as_millisecond(),
            sale.opened.utc_offset_s,
            now.wall.as_millisecond(),
            now.utc_offset_s,
            sale.currency.code(),
            sale.totals.shelf.minor(),
            sale.totals.discount.minor(),
            sale.totals.net.minor(),
            sale.totals.total.minor(),
            sale.totals.tendered.minor(),
            sale.totals.change.minor(),
            abandoned_because,
            sale.totals.rounding.map(Money::minor),
        ])?;
    if added == 0 {
        let text = format!("transaction {} has ended already", sale.id);
        return Err(WriteError::Rejected(text).into());
    }
    put_lines(connection, position, &sale.lines)?;
    put_tenders(connection, position, &sale.tenders)?;
    Ok(())
}

fn put_post_void(connection: &Connection, position: i64, void: &PostVoid) -> Result<(), Fault> {
    let added = connection
        .prepare_cached(
            "INSERT INTO post_voids (position, transaction_id, workstation, operator, reason)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (transaction_id) DO NOTHING",
        )?
        .execute(params![
            position,
            void.sale.id.uuid().as_bytes(),
            void.workstation.as_str(),
            void.operator.as_str(),
            void.reason.as_str(),
        ])?;
    if added == 0 {
        return Err(WriteError::Declined(RefusalCode::AlreadyPostVoided).into());
    }
    Ok(())
}

fn put_lines(
    connection: &Connection,
    position: i64,
    lines: &[LineItem],
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO transaction_lines (position, line, kind, item, code, description, department,
             category, tax_class, quantity_thousandths, unit, unit_price_minor, shelf_minor,
             net_minor, price_source, voided)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    for line in lines {
        statement.execute(params![
            position,
            line.line.0,
            match line.kind {
                LineKind::Sale => "sale",
                LineKind::Return => "return",
            },
            line.item.as_str(),
            &*line.code,
            &*line.description,
            &*line.department,
            &*line.category,
            &*line.tax_class,
            line.quantity.thousandths(),
            line.quantity.unit().code(),
            line.unit_price.minor(),
            line.shelf_amount.minor(),
            line.net.minor(),
            match line.price_source {
                PriceSource::Catalogue => "catalogue",
                PriceSource::Label => "label",
                PriceSource::Keyed => "keyed",
            },
            line.voided.is_some(),
        ])?;
        if !line.modifiers.is_empty() {
            put_modifiers(connection, position, line)?;
        }
    }
    Ok(())
}

fn put_modifiers(
    connection: &Connection,
    position: i64,
    line: &LineItem,
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO transaction_modifiers (position, line, ordinal, reason, amount_minor)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (ordinal, modifier) in (1_i64..).zip(&line.modifiers) {
        let (reason, amount) = (modifier.reason.as_str(), modifier.amount.minor());
        statement.execute(params![position, line.line.0, ordinal, reason, amount])?;
    }
    Ok(())
}

fn put_tenders(
    connection: &Connection,
    position: i64,
    tenders: &[Tender],
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO tenders (position, number, tender_type, amount_minor, change_minor, reference,
             line, item, department, voided, face_minor, foreign_currency, foreign_minor,
             card_request, card_last_four)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for tender in tenders {
        statement.execute(params![
            position,
            tender.number,
            tender.tender_type.as_str(),
            tender.amount.minor(),
            tender.change.minor(),
            tender.reference.as_deref(),
            tender.line.map(|line| line.0),
            tender.item.as_ref().map(ItemId::as_str),
            tender.department.as_deref(),
            tender.voided,
            tender.face.map(Money::minor),
            tender.foreign.as_ref().map(|foreign| foreign.amount.currency().code().to_owned()),
            tender.foreign.as_ref().map(|foreign| foreign.amount.minor()),
            tender.card.as_ref().map(|card| *card.request.uuid().as_bytes()),
            tender.card.as_ref().and_then(|card| card.approval.last_four.as_deref()),
        ])?;
    }
    Ok(())
}

fn put_stock(
    connection: &Connection,
    position: i64,
    now: &Now,
    update: &StockUpdate,
) -> Result<(), rusqlite::Error> {
    for (item, on_hand) in &update.on_hand {
        connection
            .prepare_cached(
                "INSERT INTO stock_on_hand (item, thousandths, unit) VALUES (?1, ?2, ?3)
                 ON CONFLICT (item) DO UPDATE
                 SET thousandths = excluded.thousandths, unit = excluded.unit",
            )?
            .execute(params![item.as_str(), on_hand.thousandths(), on_hand.unit().code()])?;
    }
    for level in &update.levels {
        connection
            .prepare_cached("INSERT OR REPLACE INTO safety_stock VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                level.item.as_str(),
                level.safety_stock.thousandths(),
                level.safety_stock.unit().code(),
                level.clear_at.thousandths(),
                level.clear_at.unit().code(),
            ])?;
    }
    for item in &update.raised {
        let (wall_ms, offset_s) = (now.wall.as_millisecond(), now.utc_offset_s);
        connection
            .prepare_cached("INSERT OR REPLACE INTO stock_alerts VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![item.as_str(), position, wall_ms, offset_s])?;
    }
    for item in &update.cleared {
        connection
            .prepare_cached("DELETE FROM stock_alerts WHERE item = ?1")?
            .execute([item.as_str()])?;
    }
    Ok(())
}

/// Looks items up in the tables.
struct OnDisk<'c>(&'c Connection);

impl StockSource for OnDisk<'_> {
    type Error = rusqlite::Error;

    fn on_hand(&self, item: &ItemId) -> Result<Option<Quantity>, rusqlite::Error> {
        reads::stock(self.0, item)
    }

    fn level(&self, item: &ItemId) -> Result<Option<(SafetyStockLevel, bool)>, rusqlite::Error> {
        self.0
            .prepare_cached(
                "SELECT item, safety_stock_thousandths, safety_stock_unit, clear_at_thousandths,
                     clear_at_unit,
                     EXISTS (SELECT 1 FROM stock_alerts WHERE item = safety_stock.item)
                 FROM safety_stock WHERE item = ?1",
            )?
            .query_row([item.as_str()], |row| Ok((reads::level_of(row)?, row.get(5)?)))
            .optional()
    }
}
