//! The file of promotions: read with everything that is wrong with it, written, described.
//!
//! TOML and JSON are one tree; `docs/promotions.md` says what it means.

mod amounts;
mod awards;
mod conditions;
mod entry;
mod meaning;
mod rules;
mod schema;
mod selector;
#[cfg(test)]
mod tests;
mod together;
mod write;

use std::sync::Arc;

use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part, Place, Step};
use crate::catalogue::Catalogue;
use crate::promotion::rule::Selector;
use crate::promotion::set::{BasePoints, Policy, PromotionSet};
use crate::{Currency, PromotionId};

pub use schema::SCHEMA;
pub use write::{write, write_set};

/// Most promotions of one file: a chain has some thousands of them live.
const PROMOTIONS_MAX: usize = 20_000;
/// Most points that one thing earns or costs.
const POINTS_MAX: u32 = 1_000_000_000;

/// The keys of the file.
const KEYS: &[&str] = &["policy", "points", "promotions"];
/// The keys of `points`.
const POINTS_KEYS: &[&str] = &["per_amount", "points"];

/// The promotions of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotions {
    /// All of them, by id.
    pub set: PromotionSet,
    /// Their ids in the order of the file.
    order: Vec<PromotionId>,
}

impl Promotions {
    /// Every selector with its place in the file, in the file's order.
    pub fn selectors(&self) -> impl Iterator<Item = (Vec<Step>, &Selector)> {
        let entries = self.order.iter().enumerate();
        let entries = entries.filter_map(|(place, id)| Some((place, self.set.find(id)?.1)));
        entries.flat_map(|(place, promotion)| {
            let start = [Step::Key(Arc::from("promotions")), Step::Index(place)];
            selector::of_rule(&promotion.rule)
                .into_iter()
                .map(move |(path, found)| (start.iter().cloned().chain(path).collect(), found))
        })
    }

    /// Every item that is named and that the catalogue does not have, with its place.
    #[must_use]
    pub fn check_items(&self, catalogue: &Catalogue) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (path, found) in self.selectors() {
            let lists =
                [(&["items"][..], &found.items), (&["except", "items"], &found.except.items)];
            for (keys, items) in lists {
                for (index, item) in items.iter().enumerate() {
                    if catalogue.item(item).is_some() {
                        continue;
                    }
                    let mut path = path.clone();
                    path.extend(keys.iter().map(|key| Step::Key(Arc::from(*key))));
                    path.push(Step::Index(index));
                    faults.push(Fault {
                        part: Part::Promotions,
                        place: Place::Path(path),
                        code: "unknown_item",
                        reason: format!("the catalogue has no item {item}"),
                    });
                }
            }
        }
        faults
    }
}

/// Reads a file of promotions; amounts are in the major unit of a currency.
///
/// # Errors
/// All that is wrong with it, each with its place.
pub fn read(value: &Value, currency: Currency) -> Result<Promotions, Vec<Fault>> {
    let mut reader = Reader::new(Part::Promotions);
    let promotions = file(&mut reader, value, currency);
    reader.finish(promotions)
}

fn file(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Promotions> {
    let words = [("best", Policy::Best), ("priority", Policy::Priority)];
    let table = reader.table(value, KEYS)?;
    let policy = reader.optional(table, "policy", |reader, value| reader.word(value, &words));
    let points = reader.optional(table, "points", |reader, value| points(reader, value, currency));
    let found = reader.optional(table, "promotions", |reader, list| {
        let found = reader.list(list, PROMOTIONS_MAX, |reader, value| {
            entry::promotion(reader, value, currency)
        })?;
        reader.unique(list, Some("id"));
        if list.as_array().is_some_and(|entries| entries.len() == found.len()) {
            together::check(reader, &found, points.is_some());
        }
        Some(found)
    });
    let found = found.unwrap_or_default();
    let order = found.iter().map(|promotion| promotion.id.clone()).collect();
    let set = PromotionSet::new(found, policy.unwrap_or_default(), points);
    Some(Promotions { set, order })
}

fn points(reader: &mut Reader, value: &Value, currency: Currency) -> Option<BasePoints> {
    let table = reader.table(value, POINTS_KEYS)?;
    let per_amount = reader
        .needed(table, "per_amount", |reader, value| amounts::amount(reader, value, currency, 1));
    let points = reader.needed(table, "points", |reader, value| reader.whole(value, 1, POINTS_MAX));
    Some(BasePoints { per_amount: per_amount?, points: points?.into() })
}
