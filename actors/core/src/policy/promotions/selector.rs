//! Which goods.

use std::sync::Arc;

use serde_json::Value;

use super::super::Step;
use super::super::reader::{Reader, Table};
use super::amounts::amount;
use crate::promotion::rule::{Exclusion, Rule, Selector};
use crate::{Currency, ItemId};

/// Most entries of one list: a department of a hypermarket, item by item.
const ENTRIES_MAX: usize = 20_000;
/// Longest name of a brand, category or tag, in characters.
const NAME_CHARS_MAX: usize = 100;

/// The keys of a selector.
pub(super) const KEYS: &[&str] =
    &["items", "brands", "categories", "tags", "price_from", "price_to", "except"];
/// The keys of what it leaves out.
pub(super) const EXCEPT_KEYS: &[&str] = &["items", "brands", "categories", "tags"];

/// Reads a selector; an empty table chooses everything.
pub(super) fn selector(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Selector> {
    let table = reader.table(value, KEYS)?;
    let found = lists(reader, table);
    let mut price =
        |key| reader.optional(table, key, |reader, value| amount(reader, value, currency, 0));
    let (price_from, price_to) = (price("price_from"), price("price_to"));
    if let (Some(from), Some(to)) = (price_from, price_to)
        && from > to
    {
        reader.key("price_to", |reader| {
            reader.fault("reversed", "no price is from price_from to price_to");
        });
    }
    let except = reader.optional(table, "except", |reader, value| {
        let table = reader.table(value, EXCEPT_KEYS)?;
        let except = lists(reader, table);
        is_left_out(reader, "items", &found.items, &except.items);
        is_left_out(reader, "brands", &found.brands, &except.brands);
        is_left_out(reader, "categories", &found.categories, &except.categories);
        is_left_out(reader, "tags", &found.tags, &except.tags);
        Some(except)
    });
    Some(Selector {
        items: found.items,
        brands: found.brands,
        categories: found.categories,
        tags: found.tags,
        price_from,
        price_to,
        except: except.unwrap_or_default(),
    })
}

/// The lists that a selector and its exclusion have in common.
fn lists(reader: &mut Reader, table: &Table) -> Exclusion {
    Exclusion {
        items: entries(reader, table, "items", |reader, value| reader.id(value, ItemId::new)),
        brands: entries(reader, table, "brands", name),
        categories: entries(reader, table, "categories", name),
        tags: entries(reader, table, "tags", name),
    }
}

/// A list under a key that may be missing, nothing in it twice.
pub(super) fn entries<T>(
    reader: &mut Reader,
    table: &Table,
    key: &str,
    read: impl FnMut(&mut Reader, &Value) -> Option<T>,
) -> Vec<T> {
    let found = reader.optional(table, key, |reader, value| {
        let found = reader.list(value, ENTRIES_MAX, read);
        reader.unique(value, None);
        found
    });
    found.unwrap_or_default()
}

/// A name of a brand, category, tag, tier, region…
pub(super) fn name(reader: &mut Reader, value: &Value) -> Option<Arc<str>> {
    reader.text(value, NAME_CHARS_MAX).map(Arc::from)
}

fn is_left_out<T: Ord>(reader: &mut Reader, key: &str, chosen: &[T], left_out: &[T]) {
    let mut chosen: Vec<&T> = chosen.iter().collect();
    chosen.sort_unstable();
    for (index, entry) in left_out.iter().enumerate() {
        if chosen.binary_search(&entry).is_ok() {
            reader.key(key, |reader| {
                reader.at(Step::Index(index), |reader| {
                    reader.fault("chosen_and_left_out", "the same list also chooses it");
                });
            });
        }
    }
}

/// Every selector of a rule, with its place in the promotion.
pub(super) fn of_rule(rule: &Rule) -> Vec<(Vec<Step>, &Selector)> {
    let path = |keys: &[&str]| keys.iter().map(|key| Step::Key(Arc::from(*key))).collect();
    let spend =
        |kind, spend: &'_ Option<_>| spend.as_ref().map(|_| path(&[kind, "spend", "items"]));
    match rule {
        Rule::Each(each) => {
            let mut found = vec![(path(&["each", "items"]), &each.items)];
            let spent = each.spend.as_ref().map(|spend| &spend.items);
            found.extend(spend("each", &each.spend).zip(spent));
            found
        }
        Rule::Group(group) => {
            let mut found: Vec<_> = group
                .slots
                .iter()
                .enumerate()
                .map(|(index, slot)| {
                    let mut path: Vec<Step> = path(&["group", "slots"]);
                    path.extend([Step::Index(index), Step::Key(Arc::from("items"))]);
                    (path, &slot.items)
                })
                .collect();
            let spent = group.spend.as_ref().map(|spend| &spend.items);
            found.extend(spend("group", &group.spend).zip(spent));
            found
        }
        Rule::Order(order) => vec![(path(&["order", "items"]), &order.items)],
        Rule::Reward(reward) => vec![(path(&["reward", "items"]), &reward.items)],
        Rule::NoPromotion(items) => vec![(path(&["no_promotion", "items"]), items)],
    }
}
