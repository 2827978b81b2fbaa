//! What journals hold, held against what headquarters says: the same sales, each once, to the cent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hub::replay::plan::{REASON_COUPON_MATCH, REASON_LOYALTY, TENDER_CASH, TENDER_COUPON};
use hub::replay::stores::SoldSale;
use hub::replay::totals::{Side, Totals};
use serde_json::Value;
use store_core::fact::{Fact, RowPosition};
use store_core::{JournalSequence, StoreId};
use store_journal::{LedgerReads as _, Reader};

use super::headquarters::Headquarters;
use super::shop::Shop;
use super::until::until;

/// A sale as a journal holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    body: String,
    sale: SoldSale,
}

/// Every sale that any journal of a chain holds or held, by store and id.
#[derive(Default)]
pub struct Sales(BTreeMap<StoreId, BTreeMap<String, Kept>>);

impl Sales {
    /// Those of these stores.
    pub fn of(shops: &[&Shop]) -> Self {
        let mut sales = Self::default();
        shops.iter().for_each(|shop| sales.add(&shop.id, &shop.directory));
        sales
    }

    /// Adds those of a journal of a store; a sale that is known must be the same there.
    pub fn add(&mut self, store: &StoreId, journal: &Path) {
        let known = self.0.entry(store.clone()).or_default();
        let mut here = BTreeSet::new();
        let reader = Reader::open(journal).unwrap();
        for stream in reader.streams().unwrap() {
            let start = RowPosition { stream: stream.head.stream, sequence: JournalSequence(0) };
            for row in reader.rows(start, usize::MAX >> 1).unwrap() {
                let Some(Fact::SaleCompleted(sale)) = row.committed().unwrap().map(|it| it.fact)
                else {
                    continue;
                };
                let kept = Kept { body: row.body, sale: SoldSale::from(&*sale) };
                let id = kept.sale.transaction.to_string();
                assert!(here.insert(id.clone()), "{store}: {id} twice in one journal");
                let before = known.insert(id, kept.clone());
                assert!(before.is_none_or(|before| before == kept), "{store}: {kept:?}");
            }
        }
    }

    pub fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// What they come to, store by store.
    fn totals(&self) -> BTreeMap<String, Totals> {
        let of = |(store, sales): (&StoreId, &BTreeMap<String, Kept>)| {
            let mut totals = Totals::default();
            sales.values().for_each(|kept| totals.add_sale(store, &kept.sale));
            (store.to_string(), totals)
        };
        self.0.iter().filter(|(_, sales)| !sales.is_empty()).map(of).collect()
    }

    /// Waits until headquarters has as many, and holds every one of them and all sums against the
    /// journals'.
    pub fn are_at(&self, hq: &Headquarters) {
        let expected = self.totals();
        let has = |hq: &Headquarters| {
            let all = hq.get("/api/v1/totals");
            all["all"]["transactions"].as_u64().unwrap_or_default()
        };
        until(
            "headquarters has every sale",
            || has(hq) >= self.len() as u64,
            || format!("{} of {}\n{}", has(hq), self.len(), hq.log()),
        );
        let found = hq.get("/api/v1/totals");
        let stores = found.as_object().unwrap().iter().filter(|(name, _)| *name != "all");
        let found: BTreeMap<String, Totals> =
            stores.map(|(store, totals)| (store.clone(), in_our_words(totals))).collect();
        for (store, totals) in &expected {
            let at_hq = found.get(store).cloned().unwrap_or_default();
            assert_eq!(totals.differences(&at_hq, Side::Headquarters), [], "store {store}");
            assert_eq!(totals, &at_hq, "store {store}");
        }
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        // With the same count, each of them there is all of them and none twice.
        for (store, sales) in &self.0 {
            for (id, kept) in sales {
                let text = hq.text(&format!("/api/v1/sales/{store}/{id}"));
                assert!(text.contains(&kept.body), "{store}: {id} differs: {text}");
            }
        }
    }
}

/// Headquarters' sums in the words of a replay's report.
fn in_our_words(totals: &Value) -> Totals {
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let by = |name: &str| serde_json::from_value(totals[name].clone()).unwrap();
    let mut sums = Totals {
        transactions: totals["transactions"].as_u64().unwrap(),
        lines: totals["lines"].as_u64().unwrap(),
        reg: number(&totals["shelf"]),
        disc: number(&totals["by_reason"][REASON_LOYALTY]),
        matched: number(&totals["by_reason"][REASON_COUPON_MATCH]),
        net: number(&totals["net"]),
        by_department: by("by_department"),
        by_hour: by("by_hour"),
        by_store: by("by_store"),
        ..Totals::default()
    };
    let empty = serde_json::Map::new();
    for (tender, taken) in totals["by_tender"].as_object().unwrap_or(&empty) {
        sums.paid -= number(&taken["change"]);
        *sums.by_tender.entry(tender.clone()).or_default() += number(&taken["amount"]);
        *sums.by_tender.entry(TENDER_CASH.to_owned()).or_default() -= number(&taken["change"]);
        if tender != TENDER_COUPON {
            sums.paid += number(&taken["amount"]);
            continue;
        }
        sums.coupon += number(&taken["amount"]);
        let untied = taken["untied_by_department"].as_object().unwrap_or(&empty);
        for (department, count) in untied {
            sums.lines += count.as_u64().unwrap();
            sums.by_department.entry(named(department)).or_default();
        }
    }
    sums.by_tender.retain(|_, sum| *sum != 0);
    let departments = std::mem::take(&mut sums.by_department);
    for (department, net) in departments {
        *sums.by_department.entry(named(&department)).or_default() += net;
    }
    sums
}

/// What a report calls a department without a name.
fn named(department: &str) -> String {
    if department.is_empty() { "UNKNOWN".to_owned() } else { department.to_owned() }
}

/// Waits until a store knows that headquarters has all of its present stream.
pub fn until_acknowledged(shop: &Shop) {
    until(
        "everything is acknowledged",
        || shop.waiting() == 0,
        || format!("{} rows wait\n{}", shop.waiting(), shop.log()),
    );
}
