//! Sums and stock of facts, by a fold of its own: nothing here is shared with headquarters.

use std::collections::BTreeMap;

use store_core::fact::Fact;
use store_core::inventory::MovementKind;
use store_core::transaction::RetailTransaction;
use store_journal::JournalRow;

use super::trade::STORES;

/// Day, dimension, store, key, hour.
pub type SumKey = (String, &'static str, &'static str, String, i64);
/// Sales, lines, net amount.
pub type Sum = (i64, i64, i64);

#[derive(Default)]
pub struct Sums {
    pub by: BTreeMap<SumKey, Sum>,
    /// In thousandths, by store and item.
    pub stock: BTreeMap<(&'static str, String), i64>,
    seen: BTreeMap<(usize, store_core::TransactionId), ()>,
}

impl Sums {
    /// Folds a row; a sale that was folded under another row changes nothing.
    pub fn add(&mut self, store: usize, row: &JournalRow) {
        let Some(committed) = row.committed().expect("a fact") else { return };
        match committed.fact {
            Fact::SaleCompleted(sale) if self.seen.insert((store, sale.id), ()).is_none() => {
                self.add_sale(store, &sale);
            }
            Fact::StockMoved(moved) => {
                let by = moved.quantity.thousandths();
                let by = if moved.kind == MovementKind::WrittenOff { -by } else { by };
                self.move_stock(store, moved.item.as_str(), by);
            }
            _ => {}
        }
    }

    fn move_stock(&mut self, store: usize, item: &str, by: i64) {
        *self.stock.entry((STORES[store], item.to_owned())).or_default() += by;
    }

    fn add_sale(&mut self, store: usize, sale: &RetailTransaction) {
        let day = sale.business_day.date().to_string();
        let mut own: BTreeMap<SumKey, Sum> = BTreeMap::new();
        let mut add = |dimension, key: &str, hour, lines, net| {
            let key = (day.clone(), dimension, STORES[store], key.to_owned(), hour);
            let sum = own.entry(key).or_insert((1, 0, 0));
            *sum = (1, sum.1 + lines, sum.2 + net);
        };
        let hour = i64::from(sale.opened.local().hour());
        for line in sale.live_lines() {
            let net = line.net.minor();
            add("total", "", hour, 1, net);
            add("department", &line.department, -1, 1, net);
            add("category", &line.category, -1, 1, net);
            add("item", line.item.as_str(), -1, 1, net);
            add("operator", sale.operator.as_str(), -1, 1, net);
            for modifier in &line.modifiers {
                add("reason", modifier.reason.as_str(), -1, 1, modifier.amount.minor());
            }
        }
        for tender in sale.live_tenders() {
            let net = tender.amount.minor() - tender.change.minor();
            add("tender", tender.tender_type.as_str(), -1, 1, net);
        }
        for (key, (sales, lines, net)) in own {
            let sum = self.by.entry(key).or_default();
            *sum = (sum.0 + sales, sum.1 + lines, sum.2 + net);
        }
        for line in sale.live_lines() {
            self.move_stock(store, line.item.as_str(), -line.quantity.thousandths());
        }
    }
}
