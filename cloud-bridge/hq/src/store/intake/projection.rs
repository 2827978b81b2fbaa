//! What facts add to the projections, gathered in memory and written once for each key.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use store_core::safety_stock::SafetyStockLevel;
use store_core::{BusinessDay, ItemId, Quantity, Unit};

use super::booked::BookedDays;
use super::promotions::Promotions;
use super::undone::Undone;
use crate::ingest::fold::{
    Effect, Fork, ItemRecord, PromptedFold, SaleFold, StoreStock, Sum, SumKey, UndoneFold,
};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param, Row, params};

/// Where the fact stands that is folded, and when.
#[derive(Clone, Copy, Debug)]
pub struct FoldedAt<'a> {
    /// Its store.
    pub store: &'a str,
    /// The number of its stream in the database.
    pub stream: u64,
    /// Its stream's name in the journal.
    pub journal_stream: &'a str,
    /// Its number.
    pub sequence: u64,
    /// When it was decided, in milliseconds since 1970.
    pub wall_ms: i64,
    /// When headquarters had it, in milliseconds since 1970.
    pub received_ms: i64,
    /// The day that it is booked on, where it is booked on one.
    pub day: Option<BusinessDay>,
}

/// What an effect was to the projections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// A sale that was not there before.
    Sale,
    /// A sale whose id is known: it changed nothing.
    KnownSale {
        /// The number of the stream in which the known one stands.
        stream: u64,
        /// Its number there.
        sequence: u64,
    },
    /// Anything else.
    Otherwise,
}

/// The projections of facts that are not written yet.
#[derive(Default)]
pub struct Projection {
    /// By store, day, currency and what is summed.
    sums: BTreeMap<(String, String, String), BTreeMap<SumKey, Sum>>,
    sales: Vec<SaleRow>,
    /// Where each sale stands that is known: its stream and its number there.
    known_sales: BTreeMap<(String, String), (u64, u64)>,
    stocks: BTreeMap<String, StoreStock>,
    forks: Vec<(String, String, Fork, i64)>,
    promotions: Promotions,
    undone: Undone,
    booked: BookedDays,
}

struct SaleRow {
    store: String,
    stream: u64,
    sequence: u64,
    received_ms: i64,
    sale: Arc<SaleFold>,
}

impl Projection {
    /// Begins with the stock of a store as the database has it.
    pub fn begin_with(&mut self, store: &str, stock: StoreStock) {
        self.stocks.insert(store.to_owned(), stock);
    }

    /// The stock as it was written.
    pub fn into_stocks(self) -> BTreeMap<String, StoreStock> {
        self.stocks
    }

    /// Reads what the effects will look up: which sales there are already, and the items' stock.
    pub fn prepare(
        &mut self,
        sql: &mut Connection,
        effects: &[(&str, &Effect)],
    ) -> Result<(), StoreError> {
        let mut sales: Vec<Param<'_>> = Vec::new();
        let mut items: BTreeSet<(&str, &ItemId)> = BTreeSet::new();
        for (store, effect) in effects {
            match effect {
                Effect::Sale(sale) => {
                    sales.extend([Param::from(*store), Param::from(&sale.transaction)]);
                    items.extend(sale.items.iter().map(|(item, ..)| (*store, item)));
                }
                Effect::Undone(undone) => {
                    let sale = &undone.sale;
                    sales.extend([Param::from(*store), Param::from(&sale.transaction)]);
                    items.extend(sale.items.iter().map(|(item, ..)| (*store, item)));
                }
                Effect::Prompted(basket) => {
                    sales.extend([Param::from(*store), Param::from(&basket.transaction)]);
                }
                Effect::Stock(item, _) => _ = items.insert((store, item)),
                Effect::Levels(levels) => {
                    items.extend(levels.iter().map(|level| (*store, &level.item)));
                }
                Effect::Forked(_) | Effect::Nothing => {}
            }
        }
        let known = sql.query_pairs(
            "store, transaction_id, stream, sequence",
            "sales",
            ("store", "transaction_id"),
            &sales,
            |row| Ok(((row.string(0)?, row.string(1)?), (row.count(2)?, row.count(3)?))),
        )?;
        self.known_sales.extend(known);
        self.promotions.prepare(sql, effects)?;
        self.undone.prepare(sql, effects)?;
        let is_new = |(store, item): &(&str, &ItemId)| {
            self.stocks.get(*store).is_none_or(|stock| !stock.knows(item))
        };
        let items: Vec<_> = items.into_iter().filter(is_new).collect();
        let keys: Vec<Param<'_>> = items
            .iter()
            .flat_map(|(store, item)| [(*store).into(), item.as_str().into()])
            .collect();
        let found = sql.query_pairs(
            "store, item, name, on_hand, unit, safety_stock, safety_unit, clear_at, clear_unit,
                 alert_since_ms",
            "stock",
            ("store", "item"),
            &keys,
            |row| Ok((row.string(0)?, row.string(1)?, item_of(row)?)),
        )?;
        let mut found: BTreeMap<(String, String), ItemRecord> =
            found.into_iter().map(|(store, item, record)| ((store, item), record)).collect();
        for (store, item) in items {
            let record = found.remove(&(store.to_owned(), item.as_str().to_owned()));
            self.stocks.entry(store.to_owned()).or_default().put(item.clone(), record);
        }
        Ok(())
    }

    /// Folds an effect that was prepared for.
    pub fn apply(&mut self, at: &FoldedAt<'_>, effect: Effect) -> Applied {
        self.booked.note(at);
        match effect {
            Effect::Nothing => {}
            Effect::Forked(fork) => {
                let (store, into) = (at.store.to_owned(), at.journal_stream.to_owned());
                self.forks.push((store, into, fork, at.received_ms));
            }
            Effect::Stock(item, change) => {
                self.stock(at.store).change(&item, &change, at.wall_ms);
            }
            Effect::Levels(levels) => self.stock(at.store).set_levels(levels, at.wall_ms),
            Effect::Prompted(basket) => self.apply_prompted(at, &basket),
            Effect::Undone(undone) => self.apply_undone(at, &undone),
            Effect::Sale(sale) => return self.apply_sale(at, sale),
        }
        Applied::Otherwise
    }

    fn apply_sale(&mut self, at: &FoldedAt<'_>, sale: Arc<SaleFold>) -> Applied {
        match self.known_sales.entry((at.store.to_owned(), sale.transaction.clone())) {
            Entry::Occupied(known) => {
                let (stream, sequence) = *known.get();
                return Applied::KnownSale { stream, sequence };
            }
            Entry::Vacant(place) => _ = place.insert((at.stream, at.sequence)),
        }
        self.promotions.sold(at.store, &sale);
        self.add(at, &sale);
        if self.undone.is_known(at.store, &sale.transaction) {
            self.take_off(at, &sale.as_ref().clone().undone());
        }
        self.sales.push(SaleRow {
            store: at.store.to_owned(),
            stream: at.stream,
            sequence: at.sequence,
            received_ms: at.received_ms,
            sale,
        });
        Applied::Sale
    }

    /// Adds what a sale does to the sums and the stock.
    fn add(&mut self, at: &FoldedAt<'_>, sale: &SaleFold) {
        let stock = self.stock(at.store);
        for (item, name, change) in &sale.items {
            stock.name(item, name);
            if let Some(change) = change {
                stock.change(item, change, at.wall_ms);
            }
        }
        let key = (at.store.to_owned(), sale.business_day.clone(), sale.currency.clone());
        let sums = self.sums.entry(key).or_default();
        for (key, sum) in &sale.sums {
            match sums.get_mut(key) {
                Some(all) => all.add(sum),
                None => _ = sums.insert(key.clone(), *sum),
            }
        }
    }

    /// A sale is undone once, and where it comes later, then.
    fn apply_undone(&mut self, at: &FoldedAt<'_>, undone: &UndoneFold) {
        let key = (at.store.to_owned(), undone.sale.transaction.clone());
        if self.undone.note(at, undone) && self.known_sales.contains_key(&key) {
            self.take_off(at, &undone.sale);
        }
    }

    fn take_off(&mut self, at: &FoldedAt<'_>, undone: &SaleFold) {
        self.promotions.undone(at.store, undone);
        self.add(at, undone);
    }

    /// A basket that became a sale after all, or was abandoned twice, says nothing more.
    fn apply_prompted(&mut self, at: &FoldedAt<'_>, basket: &PromptedFold) {
        let key = (at.store.to_owned(), basket.transaction.clone());
        if !self.known_sales.contains_key(&key) {
            self.promotions.abandoned(at.store, basket);
        }
    }

    fn stock(&mut self, store: &str) -> &mut StoreStock {
        if !self.stocks.contains_key(store) {
            self.stocks.insert(store.to_owned(), StoreStock::default());
        }
        self.stocks.entry(store.to_owned()).or_default()
    }

    /// The days on which stores sold.
    pub fn days(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sums.keys().map(|(store, day, _)| (store.as_str(), day.as_str()))
    }

    /// Writes everything.
    pub fn write(&self, sql: &mut Connection) -> Result<(), StoreError> {
        self.write_sums(sql)?;
        self.write_sales(sql)?;
        self.write_stock(sql)?;
        self.promotions.write(sql)?;
        self.undone.write(sql)?;
        self.booked.write(sql)?;
        for (store, into, fork, at_ms) in &self.forks {
            let through = i64::try_from(fork.through).unwrap_or(i64::MAX);
            sql.execute(
                "insert into forks (store, into_stream, parent, parent_through, parent_digest,
                     cause, at_ms)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do nothing",
                params![store, into, &fork.parent, through, &fork.digest, fork.cause, *at_ms],
            )?;
        }
        Ok(())
    }

    fn write_sums(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut cells = Vec::new();
        for ((store, day, currency), sums) in &self.sums {
            for (key, sum) in sums {
                cells.extend_from_slice(params![
                    day,
                    key.dimension.code(),
                    store,
                    &key.key,
                    key.hour,
                    currency,
                    sum.unit,
                    sum.sales,
                    sum.lines,
                    sum.quantity_thousandths,
                    sum.shelf,
                    sum.discount,
                    sum.net,
                ]);
            }
        }
        sql.insert_many(
            "insert into sales_by (day, dimension, store, key, hour, currency, unit, sales, lines,
                 quantity_thousandths, shelf, discount, net) values",
            13,
            "on conflict (day, dimension, store, key, hour, currency) do update set
                 unit = case when sales_by.unit = excluded.unit then excluded.unit else '*' end,
                 sales = sales_by.sales + excluded.sales,
                 lines = sales_by.lines + excluded.lines,
                 quantity_thousandths =
                     sales_by.quantity_thousandths + excluded.quantity_thousandths,
                 shelf = sales_by.shelf + excluded.shelf,
                 discount = sales_by.discount + excluded.discount,
                 net = sales_by.net + excluded.net",
            &cells,
        )
    }

    fn write_sales(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut cells = Vec::new();
        for row in &self.sales {
            let sale = &row.sale;
            cells.extend_from_slice(params![
                &row.store,
                &sale.transaction,
                row.stream,
                row.sequence,
                &sale.workstation,
                sale.number,
                &sale.operator,
                &sale.business_day,
                sale.ended_ms,
                i64::from(sale.utc_offset_s),
                &sale.currency,
                sale.lines,
                sale.total,
                sale.net,
                row.received_ms,
            ]);
        }
        sql.insert_many(
            "insert into sales (store, transaction_id, stream, sequence, workstation, number,
                 operator, business_day, ended_ms, utc_offset_s, currency, lines, total, net,
                 folded_ms) values",
            15,
            "",
            &cells,
        )
    }

    fn write_stock(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let touched: Vec<(&str, &ItemId, ItemRecord)> = self
            .stocks
            .iter()
            .flat_map(|(store, stock)| {
                stock.touched().map(move |(item, record)| (store.as_str(), item, record))
            })
            .collect();
        let mut cells = Vec::new();
        for (store, item, record) in &touched {
            let level = record.level.as_ref();
            let amount = |quantity: Option<Quantity>| quantity.map(Quantity::thousandths);
            let unit = |quantity: Option<Quantity>| quantity.map_or("", |it| it.unit().code());
            let (safety, clear) = (level.map(|it| it.safety_stock), level.map(|it| it.clear_at));
            cells.extend_from_slice(params![
                *store,
                item.as_str(),
                &record.name,
                amount(record.on_hand),
                unit(record.on_hand),
                amount(safety),
                unit(safety),
                amount(clear),
                unit(clear),
                record.alert_since_ms,
            ]);
        }
        sql.insert_many(
            "insert into stock (store, item, name, on_hand, unit, safety_stock, safety_unit,
                 clear_at, clear_unit, alert_since_ms) values",
            10,
            "on conflict (store, item) do update set
                 name = excluded.name, on_hand = excluded.on_hand, unit = excluded.unit,
                 safety_stock = excluded.safety_stock, safety_unit = excluded.safety_unit,
                 clear_at = excluded.clear_at, clear_unit = excluded.clear_unit,
                 alert_since_ms = excluded.alert_since_ms",
            &cells,
        )
    }
}

fn item_of(row: &Row) -> Result<ItemRecord, StoreError> {
    let quantity = |amount: usize, unit: usize| -> Result<Option<Quantity>, StoreError> {
        let (Some(amount), Some(unit)) = (row.opt_int(amount)?, Unit::from_code(row.text(unit)?))
        else {
            return Ok(None);
        };
        // Written from a quantity, so it is one.
        Ok(Quantity::from_thousandths(amount, unit).ok())
    };
    let item = ItemId::new(row.text(1)?).ok();
    let level = match (item, quantity(5, 6)?, quantity(7, 8)?) {
        (Some(item), Some(safety_stock), Some(clear_at)) => {
            Some(SafetyStockLevel { item, safety_stock, clear_at })
        }
        _ => None,
    };
    Ok(ItemRecord {
        name: row.string(2)?,
        on_hand: quantity(3, 4)?,
        level,
        alert_since_ms: row.opt_int(9)?,
    })
}
