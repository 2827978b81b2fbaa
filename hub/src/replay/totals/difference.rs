use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Totals;

/// Who does not agree with the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The stores, by their journals.
    Stores,
    /// Headquarters, by its API.
    Headquarters,
}

/// One sum in which the input and another side do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which: `net`, or `by_hour 7`.
    pub sum: String,
    /// What the file says; `None` where it has no such group.
    pub input: Option<i64>,
    /// What the other side says; `None` where it has no such group.
    pub other: Option<i64>,
    /// Which side that is.
    pub side: Side,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |sum: Option<i64>| sum.map_or("nothing".to_owned(), |sum| sum.to_string());
        let (input, other) = (text(self.input), text(self.other));
        let side = match self.side {
            Side::Stores => "the stores have",
            Side::Headquarters => "headquarters has",
        };
        write!(f, "{}: the input has {input}, {side} {other}", self.sum)
    }
}

impl Totals {
    /// Every sum that differs; a group that only one side has differs even at 0.
    #[must_use]
    pub fn differences(&self, other: &Self, side: Side) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut note = |sum: String, input, other| {
            if input != other {
                found.push(Difference { sum, input, other, side });
            }
        };
        for ((sum, input), (_, other)) in self.plain_sums().into_iter().zip(other.plain_sums()) {
            note(sum.to_owned(), Some(input), Some(other));
        }
        let groups = [
            ("by_department", &self.by_department, &other.by_department),
            ("by_hour", &self.by_hour, &other.by_hour),
            ("by_store", &self.by_store, &other.by_store),
            ("by_tender", &self.by_tender, &other.by_tender),
        ];
        for (group, input, other) in groups {
            for name in names(input, other) {
                let (input, other) = (input.get(name), other.get(name));
                note(format!("{group} {name}"), input.copied(), other.copied());
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
