//! What is read of the database for whoever looks at headquarters. Every question takes a
//! [`Scope`], and what a scope leaves out is absent from its answer, sums included.

mod chain;
mod day;
mod detail;
mod history;
mod present;
mod promotions;
mod sales;
mod stock;
mod streams;
mod totals;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::StoreError;
use super::sql::Param;

pub use promotions::{Days, promotion_uses};
pub use sales::SalesPage;
pub use totals::totals;

/// Which stores are asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of the chain, and what belongs to no store.
    All,
    /// These.
    Stores(BTreeSet<String>),
}

impl Scope {
    /// One store.
    #[must_use]
    pub fn of(store: &str) -> Self {
        Self::Stores(BTreeSet::from([store.to_owned()]))
    }

    /// Whether a store is asked of.
    #[must_use]
    pub fn has(&self, store: &str) -> bool {
        match self {
            Self::All => true,
            Self::Stores(stores) => stores.contains(store),
        }
    }

    /// What is to be added to a condition, with the parameters that it needs.
    fn and<'a>(&'a self, column: &str, params: &mut Vec<Param<'a>>) -> String {
        let Self::Stores(stores) = self else { return String::new() };
        if stores.is_empty() {
            return " and 1 = 0".to_owned();
        }
        let mut text = format!(" and {column} in (");
        for (index, store) in stores.iter().enumerate() {
            params.push(Param::from(store));
            let comma = if index == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}?{}", params.len());
        }
        text.push(')');
        text
    }
}

/// The same weekday a week before.
fn week_before(day: &str) -> Result<String, StoreError> {
    let parsed: Date = day.parse().map_err(|_| bad_day(day))?;
    parsed.checked_sub(7.days()).map(|it| it.to_string()).map_err(|_| bad_day(day))
}

fn bad_day(day: &str) -> StoreError {
    StoreError::BadDay(day.chars().take(32).collect())
}
