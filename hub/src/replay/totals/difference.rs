use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Totals;

/// One sum in which the input and the stores do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which: `net`, or `by_hour 7`.
    pub sum: String,
    /// What the file says; `None` where it has no such group.
    pub input: Option<i64>,
    /// What the journals say; `None` where they have no such group.
    pub stores: Option<i64>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |sum: Option<i64>| sum.map_or("nothing".to_owned(), |sum| sum.to_string());
        let (input, stores) = (text(self.input), text(self.stores));
        write!(f, "{}: the input has {input}, the stores have {stores}", self.sum)
    }
}

impl Totals {
    /// Every sum that differs; a group that only one side has differs even at 0.
    #[must_use]
    pub fn differences(&self, stores: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for ((sum, input), (_, stores)) in self.plain_sums().into_iter().zip(stores.plain_sums()) {
            note(&mut found, sum.to_owned(), Some(input), Some(stores));
        }
        let groups = [
            ("by_department", &self.by_department, &stores.by_department),
            ("by_hour", &self.by_hour, &stores.by_hour),
            ("by_store", &self.by_store, &stores.by_store),
        ];
        for (group, input, stores) in groups {
            for name in names(input, stores) {
                let (input, stores) = (input.get(name), stores.get(name));
                note(&mut found, format!("{group} {name}"), input.copied(), stores.copied());
            }
        }
        found
    }

    fn plain_sums(&self) -> [(&'static str, i64); 8] {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        [
            ("transactions", count(self.transactions)),
            ("lines", count(self.lines)),
            ("reg", self.reg),
            ("disc", self.disc),
            ("match", self.matched),
            ("net", self.net),
            ("coupon", self.coupon),
            ("paid", self.paid),
        ]
    }
}

fn names<'a>(
    input: &'a BTreeMap<String, i64>,
    stores: &'a BTreeMap<String, i64>,
) -> BTreeSet<&'a String> {
    input.keys().chain(stores.keys()).collect()
}

fn note(found: &mut Vec<Difference>, sum: String, input: Option<i64>, stores: Option<i64>) {
    if input != stores {
        found.push(Difference { sum, input, stores });
    }
}
