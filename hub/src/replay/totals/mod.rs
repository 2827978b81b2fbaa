//! The sums that a file and the journals of its replay must agree in.

mod difference;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store_core::StoreId;

use super::catalogue::{DEPARTMENT_UNKNOWN, PriceList};
use super::file::FileBasket;
use super::plan::{REASON_COUPON_MATCH, REASON_LOYALTY, TENDER_CASH, TENDER_COUPON};
use super::stores::SoldSale;

pub use difference::{Difference, Side};

/// What some trade comes to. Money is in minor units of its one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Completed sales.
    pub transactions: u64,
    /// Lines; a coupon tied to no line counts as one.
    pub lines: u64,
    /// Shelf amounts.
    pub reg: i64,
    /// Loyalty discounts.
    pub disc: i64,
    /// The store's coupon matches.
    #[serde(rename = "match")]
    pub matched: i64,
    /// Net amounts.
    pub net: i64,
    /// Coupon tenders.
    pub coupon: i64,
    /// Cash taken, less change and less cash paid out.
    pub paid: i64,
    /// Net amount by department, those that come to nothing included.
    pub by_department: BTreeMap<String, i64>,
    /// Net amount by the local hour in which the sale began: `"7"`.
    pub by_hour: BTreeMap<String, i64>,
    /// Net amount by store.
    pub by_store: BTreeMap<String, i64>,
    /// What was taken by way of paying, less what was given back of it in cash.
    #[serde(default)]
    pub by_tender: BTreeMap<String, i64>,
}

impl Totals {
    /// What baskets of a file come to.
    #[must_use]
    pub fn of_input<'a>(
        baskets: impl IntoIterator<Item = &'a FileBasket>,
        prices: &PriceList,
    ) -> Self {
        let mut totals = Self::default();
        for basket in baskets {
            totals.add_basket(basket, prices);
        }
        totals
    }

    /// Adds one basket of a file.
    pub fn add_basket(&mut self, basket: &FileBasket, prices: &PriceList) {
        self.transactions += 1;
        let (mut net, mut coupon) = (0, 0);
        for line in &basket.lines {
            self.lines += 1;
            self.reg += line.reg;
            self.disc += line.disc;
            self.matched += line.matched;
            self.net += line.net;
            self.coupon += line.coupon;
            self.paid += line.net - line.coupon;
            net += line.net;
            add(&mut self.by_department, prices.department(&line.item), line.net);
            coupon += line.coupon;
        }
        let rest = net - coupon;
        pay(&mut self.by_tender, TENDER_COUPON, coupon);
        // A card gives nothing back.
        let tender = if rest > 0 { basket.tender } else { TENDER_CASH };
        pay(&mut self.by_tender, tender, rest);
        add(&mut self.by_hour, &basket.time.hour().to_string(), net);
        add(&mut self.by_store, basket.store.as_str(), net);
    }

    /// Adds one sale of a store's journal.
    pub fn add_sale(&mut self, store: &StoreId, sale: &SoldSale) {
        self.transactions += 1;
        let mut net = 0;
        for line in &sale.lines {
            self.lines += 1;
            self.reg += line.shelf;
            self.net += line.net;
            net += line.net;
            add(&mut self.by_department, named(&line.department), line.net);
            for modifier in &line.modifiers {
                match modifier.reason.as_str() {
                    REASON_LOYALTY => self.disc += modifier.amount,
                    REASON_COUPON_MATCH => self.matched += modifier.amount,
                    // Anything else was not asked for: reg, disc and match will not add up.
                    _ => {}
                }
            }
        }
        for tender in &sale.tenders {
            self.paid -= tender.change;
            pay(&mut self.by_tender, &tender.tender_type, tender.amount);
            pay(&mut self.by_tender, TENDER_CASH, -tender.change);
            if tender.tender_type == TENDER_COUPON {
                self.coupon += tender.amount;
                if !tender.is_for_a_line {
                    self.lines += 1;
                    let department = tender.department.as_deref();
                    add(&mut self.by_department, named(department.unwrap_or_default()), 0);
                }
            } else {
                self.paid += tender.amount;
            }
        }
        add(&mut self.by_hour, &sale.hour.to_string(), net);
        add(&mut self.by_store, store.as_str(), net);
    }

    /// Adds the totals of other trade.
    pub fn add(&mut self, other: &Self) {
        self.transactions += other.transactions;
        self.lines += other.lines;
        self.reg += other.reg;
        self.disc += other.disc;
        self.matched += other.matched;
        self.net += other.net;
        self.coupon += other.coupon;
        self.paid += other.paid;
        let groups = [
            (&mut self.by_department, &other.by_department),
            (&mut self.by_hour, &other.by_hour),
            (&mut self.by_store, &other.by_store),
        ];
        for (mine, theirs) in groups {
            for (name, net) in theirs {
                add(mine, name, *net);
            }
        }
        for (name, sum) in &other.by_tender {
            pay(&mut self.by_tender, name, *sum);
        }
    }
}

/// What the control totals call a department without a name.
fn named(department: &str) -> &str {
    if department.is_empty() { DEPARTMENT_UNKNOWN } else { department }
}

fn add(group: &mut BTreeMap<String, i64>, name: &str, net: i64) {
    match group.get_mut(name) {
        Some(sum) => *sum += net,
        None => {
            group.insert(name.to_owned(), net);
        }
    }
}

/// Adds to what was paid in one way; one that comes to nothing is as good as not used.
pub(in crate::replay) fn pay(by_tender: &mut BTreeMap<String, i64>, tender: &str, amount: i64) {
    add(by_tender, tender, amount);
    by_tender.retain(|_, sum| *sum != 0);
}
