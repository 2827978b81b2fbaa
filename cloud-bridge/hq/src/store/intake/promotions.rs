//! What promotions brought, gathered in memory and written once for each key.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::fold::{Effect, PromotionFold, PromotionSum, PromptedFold, SaleFold};
use crate::store::StoreError;
use crate::store::sql::{Connection, Param, params};

/// Whose sum: of which day, store, promotion and currency.
type Key = (String, String, String, String);

/// What the promotions of facts that are not written yet brought.
#[derive(Default)]
pub struct Promotions {
    sums: BTreeMap<Key, Row>,
    /// Baskets that were abandoned and whose prompts are counted, by store and id.
    known: BTreeSet<(String, String)>,
    /// Those of them that are not written yet.
    abandoned: Vec<(String, String)>,
}

#[derive(Default)]
struct Row {
    name: String,
    sum: PromotionSum,
}

impl Promotions {
    /// Reads which of the baskets had their prompts counted before.
    pub fn prepare(
        &mut self,
        sql: &mut Connection,
        effects: &[(&str, &Effect)],
    ) -> Result<(), StoreError> {
        let mut baskets: Vec<Param<'_>> = Vec::new();
        for (store, effect) in effects {
            let transaction = match effect {
                Effect::Sale(sale) if !sale.promotions.prompted.is_empty() => &sale.transaction,
                Effect::Prompted(basket) => &basket.transaction,
                _ => continue,
            };
            baskets.extend([Param::from(*store), Param::from(transaction)]);
        }
        let known = sql.query_pairs(
            "store, transaction_id",
            "abandoned",
            ("store", "transaction_id"),
            &baskets,
            |row| Ok((row.string(0)?, row.string(1)?)),
        )?;
        self.known.extend(known);
        Ok(())
    }

    /// Takes in what a sale says, which nobody said before. Its prompts were counted if it had
    /// been abandoned, in a journal that was rolled back since.
    pub fn sold(&mut self, store: &str, sale: &SaleFold) {
        let SaleFold { promotions, business_day, currency, .. } = sale;
        let basket = (store, business_day.as_str(), currency.as_str());
        self.add(basket, promotions, &promotions.used);
        if !self.known.contains(&(store.to_owned(), sale.transaction.clone())) {
            self.add(basket, promotions, &promotions.prompted);
        }
    }

    /// Takes off what a sale said of the promotions that it used.
    pub fn undone(&mut self, store: &str, sale: &SaleFold) {
        let SaleFold { promotions, business_day, currency, .. } = sale;
        self.add((store, business_day, currency), promotions, &promotions.used);
    }

    /// Takes in what an abandoned basket says, once.
    pub fn abandoned(&mut self, store: &str, basket: &PromptedFold) {
        let key = (store.to_owned(), basket.transaction.clone());
        if !self.known.insert(key.clone()) {
            return;
        }
        self.abandoned.push(key);
        let PromptedFold { promotions, business_day, currency, .. } = basket;
        self.add((store, business_day, currency), promotions, &promotions.prompted);
    }

    fn add(
        &mut self,
        (store, day, currency): (&str, &str, &str),
        fold: &PromotionFold,
        sums: &BTreeMap<String, PromotionSum>,
    ) {
        for (promotion, sum) in sums {
            let key = (day.to_owned(), store.to_owned(), promotion.clone(), currency.to_owned());
            let row = self.sums.entry(key).or_default();
            row.sum.add(sum);
            if let Some(name) = fold.names.get(promotion) {
                row.name.clone_from(name);
            }
        }
    }

    /// Writes everything.
    pub fn write(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut cells = Vec::new();
        for ((day, store, promotion, currency), Row { name, sum }) in &self.sums {
            cells.extend_from_slice(params![
                day,
                store,
                promotion,
                currency,
                name,
                sum.baskets,
                sum.uses,
                sum.units,
                sum.discount,
                sum.net,
                sum.shown,
                sum.taken,
                sum.declined,
            ]);
        }
        sql.insert_many(
            "insert into promotions_by (day, store, promotion, currency, name, baskets, uses,
                 units, discount, net, shown, taken, declined) values",
            13,
            "on conflict (day, store, promotion, currency) do update set
                 name = case when excluded.name = '' then promotions_by.name
                     else excluded.name end,
                 baskets = promotions_by.baskets + excluded.baskets,
                 uses = promotions_by.uses + excluded.uses,
                 units = promotions_by.units + excluded.units,
                 discount = promotions_by.discount + excluded.discount,
                 net = promotions_by.net + excluded.net,
                 shown = promotions_by.shown + excluded.shown,
                 taken = promotions_by.taken + excluded.taken,
                 declined = promotions_by.declined + excluded.declined",
            &cells,
        )?;
        let abandoned: Vec<Param<'_>> = self
            .abandoned
            .iter()
            .flat_map(|(store, transaction)| [Param::from(store), Param::from(transaction)])
            .collect();
        let head = "insert into abandoned (store, transaction_id) values";
        sql.insert_many(head, 2, "", &abandoned)
    }
}
