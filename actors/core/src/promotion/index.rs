//! Which promotions a line may have to do with, found by what the line is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::goods::GoodsLine;
use super::rule::{Exclusion, Promotion, Replaces, Rule, Selector};
use super::set::PromotionIndex;
use crate::ItemId;

/// Where a selector stands in the index: under the narrowest of its lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FoundBy {
    Item,
    Brand,
    Tag,
    Category,
    Anything,
}

/// One selector of one promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    promotion: PromotionIndex,
    slot: u16,
    found_by: FoundBy,
}

/// The selectors of a set by what they ask for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Index {
    items: BTreeMap<ItemId, Vec<Entry>>,
    brands: BTreeMap<Arc<str>, Vec<Entry>>,
    tags: BTreeMap<Arc<str>, Vec<Entry>>,
    categories: BTreeMap<Arc<str>, Vec<Entry>>,
    anything: Vec<Entry>,
    is_replacing: bool,
}

/// The selectors of a promotion's goods, in the order of its slots.
pub(super) fn selectors(promotion: &Promotion) -> Vec<&Selector> {
    match &promotion.rule {
        Rule::Each(each) => vec![&each.items],
        Rule::Group(group) => group.slots.iter().map(|slot| &slot.items).collect(),
        Rule::Order(order) => vec![&order.items],
        Rule::Reward(reward) => vec![&reward.items],
        Rule::NoPromotion(items) => vec![items],
    }
}

fn selector(promotion: &Promotion, slot: u16) -> Option<&Selector> {
    match &promotion.rule {
        Rule::Each(each) => Some(&each.items),
        Rule::Group(group) => group.slots.get(usize::from(slot)).map(|slot| &slot.items),
        Rule::Order(order) => Some(&order.items),
        Rule::Reward(reward) => Some(&reward.items),
        Rule::NoPromotion(items) => Some(items),
    }
}

impl Index {
    pub(super) fn new(promotions: &[Promotion]) -> Self {
        let mut index = Self::default();
        for (place, promotion) in (0..).zip(promotions) {
            index.is_replacing |= promotion.replaces != Replaces::Nothing;
            for (slot, selector) in (0..).zip(selectors(promotion)) {
                index.add(PromotionIndex(place), slot, selector);
            }
        }
        index
    }

    fn add(&mut self, promotion: PromotionIndex, slot: u16, selector: &Selector) {
        let entry = |found_by| Entry { promotion, slot, found_by };
        if !selector.items.is_empty() {
            for item in &selector.items {
                self.items.entry(item.clone()).or_default().push(entry(FoundBy::Item));
            }
            return;
        }
        let lists = [
            (&selector.brands, &mut self.brands, FoundBy::Brand),
            (&selector.tags, &mut self.tags, FoundBy::Tag),
            (&selector.categories, &mut self.categories, FoundBy::Category),
        ];
        for (list, found, found_by) in lists {
            if !list.is_empty() {
                for key in list {
                    found.entry(key.clone()).or_default().push(entry(found_by));
                }
                return;
            }
        }
        self.anything.push(entry(FoundBy::Anything));
    }

    /// Every selector of a promotion that passes and that matches the line, some of them twice.
    pub(super) fn matching(
        &self,
        promotions: &[Promotion],
        line: &GoodsLine,
        passes: &mut impl FnMut(PromotionIndex) -> bool,
        found: &mut impl FnMut(PromotionIndex, u16),
    ) {
        let mut offer = |entries: &[Entry]| {
            for entry in entries.iter().filter(|entry| passes(entry.promotion)) {
                let promotion = usize::try_from(entry.promotion.0).ok();
                let promotion = promotion.and_then(|place| promotions.get(place));
                let selector = promotion.and_then(|promotion| selector(promotion, entry.slot));
                if selector.is_some_and(|selector| fits(selector, line, entry.found_by)) {
                    found(entry.promotion, entry.slot);
                }
            }
        };
        offer(&self.anything);
        if let Some(entries) = self.items.get(&line.item) {
            offer(entries);
        }
        offer(entries_of(&self.brands, &line.brand));
        for tag in line.tags.iter() {
            offer(entries_of(&self.tags, tag));
        }
        if !self.categories.is_empty() {
            for category in categories(line) {
                offer(entries_of(&self.categories, category));
            }
        }
    }

    /// Whether any promotion takes the place of others.
    pub(super) const fn is_replacing(&self) -> bool {
        self.is_replacing
    }
}

fn entries_of<'a>(map: &'a BTreeMap<Arc<str>, Vec<Entry>>, key: &str) -> &'a [Entry] {
    map.get(key).map_or(&[], Vec::as_slice)
}

/// The department, and the category with all that it lies in; nothing twice.
pub(super) fn categories(line: &GoodsLine) -> impl Iterator<Item = &str> {
    let path: &str = &line.category;
    let parents = path.match_indices('/').map(move |(end, _)| &path[..end]);
    let department: &str = &line.department;
    let own = parents.chain(std::iter::once(path)).filter(move |name| *name != department);
    std::iter::once(department).chain(own)
}

/// Whether a selector matches a line.
pub(super) fn matches(selector: &Selector, line: &GoodsLine) -> bool {
    fits(selector, line, FoundBy::Anything)
}

fn fits(selector: &Selector, line: &GoodsLine, found_by: FoundBy) -> bool {
    let is_any = |by, list: &[Arc<str>], is_one: &dyn Fn(&[Arc<str>], &GoodsLine) -> bool| {
        found_by == by || list.is_empty() || is_one(list, line)
    };
    (found_by == FoundBy::Item || selector.items.is_empty() || selector.items.contains(&line.item))
        && is_any(FoundBy::Brand, &selector.brands, &has_brand)
        && is_any(FoundBy::Tag, &selector.tags, &has_tag)
        && is_any(FoundBy::Category, &selector.categories, &has_category)
        && selector.price_from.is_none_or(|from| line.unit_price >= from)
        && selector.price_to.is_none_or(|to| line.unit_price <= to)
        && !is_excepted(&selector.except, line)
}

fn is_excepted(except: &Exclusion, line: &GoodsLine) -> bool {
    except.items.contains(&line.item)
        || has_brand(&except.brands, line)
        || has_tag(&except.tags, line)
        || has_category(&except.categories, line)
}

fn has_brand(list: &[Arc<str>], line: &GoodsLine) -> bool {
    list.contains(&line.brand)
}

fn has_tag(list: &[Arc<str>], line: &GoodsLine) -> bool {
    list.iter().any(|tag| line.tags.contains(tag))
}

fn has_category(list: &[Arc<str>], line: &GoodsLine) -> bool {
    list.iter().any(|name| is_within(name, line))
}

fn is_within(name: &str, line: &GoodsLine) -> bool {
    let rest = line.category.strip_prefix(name);
    name == &*line.department || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
