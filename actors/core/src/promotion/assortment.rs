//! The items of a catalogue by what selectors ask for: of 300,000 few are looked at for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::goods::GoodsLine;
use super::index::{categories, matches};
use super::rule::Selector;
use crate::catalogue::Item;
use crate::tax::{TaxMethod, TaxRate};
use crate::{LineNumber, Quantity};

/// Priced items, found by the words of some selectors.
pub(super) struct Assortment<'a> {
    /// The cheapest first.
    items: Vec<(i64, &'a Item)>,
    by_id: BTreeMap<&'a str, usize>,
    by_brand: BTreeMap<&'a str, Vec<usize>>,
    by_category: BTreeMap<&'a str, Vec<usize>>,
    by_tag: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Assortment<'a> {
    /// Takes items with the prices of one of their units, and the selectors that will be asked.
    pub(super) fn new(
        items: impl Iterator<Item = (i64, &'a Item)>,
        selectors: &[&'a Selector],
    ) -> Self {
        let mut items: Vec<(i64, &Item)> = items.collect();
        items.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let mut assortment = Self {
            items,
            by_id: BTreeMap::new(),
            by_brand: BTreeMap::new(),
            by_category: BTreeMap::new(),
            by_tag: BTreeMap::new(),
        };
        for selector in selectors {
            assortment.ask_for(selector);
        }
        assortment.sort_in();
        assortment
    }

    fn ask_for(&mut self, selector: &'a Selector) {
        let words = |words: &'a [Arc<str>]| words.iter().map(|word| (&**word, Vec::new()));
        self.by_id.extend(selector.items.iter().map(|id| (id.as_str(), usize::MAX)));
        self.by_brand.extend(words(&selector.brands));
        self.by_category.extend(words(&selector.categories));
        self.by_tag.extend(words(&selector.tags));
    }

    fn sort_in(&mut self) {
        for (place, (_, item)) in self.items.iter().enumerate() {
            if let Some(found) = self.by_id.get_mut(item.id.as_str()) {
                *found = place;
            }
            if let Some(found) = self.by_brand.get_mut(&*item.brand) {
                found.push(place);
            }
            if !self.by_category.is_empty() {
                let line = goods_line(item, 0);
                for category in categories(&line) {
                    if let Some(found) = self.by_category.get_mut(category) {
                        found.push(place);
                    }
                }
            }
            for tag in item.tags() {
                if let Some(found) = self.by_tag.get_mut(&**tag) {
                    found.push(place);
                }
            }
        }
    }

    /// The items that a selector matches, the cheapest first.
    pub(super) fn fitting<'s>(
        &'s self,
        selector: &'s Selector,
    ) -> impl DoubleEndedIterator<Item = (i64, &'a Item)> + use<'a, 's> {
        let narrowed = self.narrowed(selector);
        let count = narrowed.as_ref().map_or(self.items.len(), Vec::len);
        (0..count).filter_map(move |rank| {
            let place = narrowed.as_ref().map_or(Some(rank), |places| places.get(rank).copied());
            let (price, item) = *self.items.get(place?)?;
            matches(selector, &goods_line(item, price)).then_some((price, item))
        })
    }

    /// Places of items among which all that match are, in their order; none where all have to be
    /// looked at.
    fn narrowed(&self, selector: &Selector) -> Option<Vec<usize>> {
        if !selector.items.is_empty() {
            let ids = selector.items.iter().filter_map(|id| self.by_id.get(id.as_str()));
            let places = ids.copied().filter(|place| *place < self.items.len());
            return Some(places.collect::<BTreeSet<usize>>().into_iter().collect());
        }
        let listed = |words: &[Arc<str>], found: &BTreeMap<&str, Vec<usize>>| {
            let lists = words.iter().filter_map(|word| found.get(&**word));
            (!words.is_empty()).then(|| lists.flatten().copied().collect::<BTreeSet<usize>>())
        };
        let lists = [
            listed(&selector.brands, &self.by_brand),
            listed(&selector.tags, &self.by_tag),
            listed(&selector.categories, &self.by_category),
        ];
        let shortest = lists.into_iter().flatten().min_by_key(BTreeSet::len)?;
        Some(shortest.into_iter().collect())
    }
}

/// One unit of an item as promotions see it, untaxed.
pub(super) fn goods_line(item: &Item, price: i64) -> GoodsLine {
    GoodsLine {
        line: LineNumber(0),
        item: item.id.clone(),
        brand: item.brand.clone(),
        department: item.department.clone(),
        category: item.category.clone(),
        tags: item.shared_tags(),
        quantity: Quantity::one(item.unit),
        unit_price: price,
        amount: price,
        tax_class: item.tax_class.clone(),
        tax: TaxRate { percent: Decimal::ZERO, method: TaxMethod::Inclusive },
        is_fixed: false,
    }
}
