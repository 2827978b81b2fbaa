//! The generator's own book: what it has done, in whole dollars, and what a day's summary says of
//! the same.

use std::collections::BTreeMap;

use serde_json::Value;

/// A tender as the generator handed it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub tender: &'static str,
    /// What it counts for.
    pub amount: i64,
    /// What comes back of it.
    pub change: i64,
}

/// A line as the generator sold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    pub department: &'static str,
    pub net: i64,
    pub is_voided: bool,
}

/// A sale as the generator made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sale {
    pub id: String,
    pub lines: Vec<Sold>,
    pub given: Vec<Given>,
    pub rounding: i64,
}

impl Sale {
    pub fn total(&self) -> i64 {
        self.live().map(|line| line.net).sum()
    }

    fn live(&self) -> impl Iterator<Item = &Sold> {
        self.lines.iter().filter(|line| !line.is_voided)
    }
}

/// Sums by name; names that come to nothing are left out.
type Sums = BTreeMap<String, i64>;

/// All that the days must come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    pub total: i64,
    pub rounding: i64,
    /// Taken, by way of paying, and what was given back of it.
    pub taken: Sums,
    pub change: Sums,
    pub departments: Sums,
    /// Of the one class that all goods here have.
    pub tax_base: i64,
    pub tax: i64,
    pub sales: i64,
    pub post_voids: i64,
    pub abandoned: i64,
    pub voided_lines: i64,
}

impl Book {
    pub fn sell(&mut self, sale: &Sale) {
        self.sales += 1;
        self.voided_lines += sale.lines.iter().filter(|line| line.is_voided).count() as i64;
        self.add(sale, 1);
    }

    pub fn undo(&mut self, sale: &Sale) {
        self.post_voids += 1;
        self.add(sale, -1);
    }

    fn add(&mut self, sale: &Sale, sign: i64) {
        let total = sale.total();
        self.total += sign * total;
        self.rounding += sign * sale.rounding;
        self.tax_base += sign * total;
        // Five per cent are in the price: of 105 dollars 5, rounded to a whole one, half up.
        self.tax += sign * ((total * 5 * 2 + 105) / 210);
        for line in sale.live() {
            add(&mut self.departments, line.department, sign * line.net);
        }
        for given in &sale.given {
            add(&mut self.taken, given.tender, sign * given.amount);
            add(&mut self.change, given.tender, sign * given.change);
        }
    }

    /// The same of day summaries.
    pub fn of_days<'a>(days: impl Iterator<Item = &'a Value>) -> Self {
        let mut book = Self::default();
        for day in days {
            book.total += dollars(&day["total"]);
            book.rounding += dollars(&day["rounding"]);
            let counts = |name: &str| day["counts"][name].as_i64().unwrap();
            book.sales += counts("sales");
            book.post_voids += counts("post_voids");
            book.abandoned += counts("abandoned");
            book.voided_lines += counts("voided_lines");
            for line in list(&day["tenders"]) {
                let name = line["tender_type"].as_str().unwrap();
                add(&mut book.taken, name, dollars(&line["taken"]));
                add(&mut book.change, name, dollars(&line["change"]));
            }
            for one in list(&day["departments"]) {
                let name = one["department"].as_str().unwrap();
                add(&mut book.departments, name, dollars(&one["net"]));
            }
            for tax in list(&day["taxes"]) {
                book.tax_base += dollars(&tax["base"]);
                book.tax += dollars(&tax["tax"]);
            }
        }
        book
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An amount of the store's currency, in whole dollars.
pub fn dollars(money: &Value) -> i64 {
    assert_eq!(money["currency"], "TWD", "{money}");
    money["amount"].as_str().unwrap().parse().unwrap()
}

fn add(sums: &mut Sums, name: &str, amount: i64) {
    *sums.entry(name.to_owned()).or_default() += amount;
    sums.retain(|_, sum| *sum != 0);
}
