//! What could be added to a basket: items of the catalogue that fit what a promotion asks for.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalogue::{Catalogue, Item, SoldBy};
use crate::promotion::assortment::{Assortment, goods_line};
use crate::promotion::goods::GoodsLine;
use crate::promotion::rule::{Counts, Promotion, Rule, Selector};
use crate::promotion::set::PromotionSet;
use crate::tax::TaxTable;
use crate::{ItemId, LineNumber, PromotionId, Quantity, Unit};

/// How many of the cheapest and of the dearest fitting items are remembered: some are not on hand.
const PICKS: usize = 12;

/// For every promotion the items that fit it, found once for all baskets.
///
/// It belongs to one catalogue, one set and one day; made anew where one of them changes. An index
/// of another day still gives right prompts, for every pick is looked at again, but worse ones.
pub struct PromptIndex {
    catalogue: Arc<Catalogue>,
    picks: BTreeMap<PromotionId, Vec<Picks>>,
}

/// The items that fit one selector, by their prices on the day.
#[derive(Clone, Debug, Default)]
struct Picks {
    /// The cheapest first.
    cheapest: Vec<ItemId>,
    /// The dearest first; none that is among the cheapest.
    dearest: Vec<ItemId>,
}

/// What is on sale and on hand.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    /// What fits.
    pub index: &'a PromptIndex,
    /// The tax of every class.
    pub taxes: &'a TaxTable,
    /// Whether the store has some of an item.
    pub is_on_hand: &'a dyn Fn(&ItemId) -> bool,
}

/// The selectors of a promotion that single units can be added for.
pub(super) fn parts(promotion: &Promotion) -> Vec<&Selector> {
    match &promotion.rule {
        Rule::Each(each) => vec![&each.items],
        Rule::Group(group) => group.slots.iter().map(|slot| &slot.items).collect(),
        Rule::Order(order) if order.counts == Counts::Quantity => vec![&order.items],
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => Vec::new(),
    }
}

impl PromptIndex {
    /// Finds the items of the catalogue that fit each promotion of a set, by their prices on `day`.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, set: &PromotionSet, day: Date) -> Self {
        let selectors: Vec<&Selector> = set.promotions().iter().flat_map(parts).collect();
        let pieces = catalogue.items().filter_map(|item| Some((price_of(item, day)?, item)));
        let assortment = Assortment::new(pieces, &selectors);
        let picked = |promotion: &Promotion| {
            let picks = parts(promotion).into_iter().map(|selector| picks(&assortment, selector));
            (promotion.id.clone(), picks.collect())
        };
        let picks = set.promotions().iter().map(picked).collect();
        Self { picks, catalogue }
    }

    /// The items it was made of.
    #[must_use]
    pub const fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }
}

impl fmt::Debug for PromptIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromptIndex").field("promotions", &self.picks.len()).finish_non_exhaustive()
    }
}

impl<'a> Shelf<'a> {
    /// The item, where it is sold by the piece, has a price on the day and is on hand.
    pub(super) fn item(&self, id: &ItemId, day: Date) -> Option<(&'a Item, i64)> {
        let item = self.index.catalogue.item(id)?;
        let price = price_of(item, day)?;
        (self.is_on_hand)(id).then_some((item, price))
    }

    /// Items that fit a part of a promotion, each once: of the cheapest and of the dearest the
    /// first that are on sale and on hand.
    pub(super) fn picks(&self, promotion: &PromotionId, part: usize, day: Date) -> Vec<ItemId> {
        let Some(picks) = self.index.picks.get(promotion).and_then(|picks| picks.get(part)) else {
            return Vec::new();
        };
        let first = |items: &[ItemId], count: usize| -> Vec<ItemId> {
            items
                .iter()
                .filter(|item| self.item(item, day).is_some())
                .take(count)
                .cloned()
                .collect()
        };
        let mut found = first(&picks.cheapest, 2);
        found.extend(first(&picks.dearest, 1));
        found
    }

    /// The line that some pieces of an item would be.
    pub(super) fn line(
        &self,
        item: &Item,
        price: i64,
        count: u32,
        line: LineNumber,
    ) -> Option<GoodsLine> {
        let amount = price.checked_mul(i64::from(count))?;
        let quantity = Quantity::pieces(i64::from(count)).ok()?;
        let tax = self.taxes.rate(&item.tax_class);
        Some(GoodsLine { line, quantity, amount, tax, ..goods_line(item, price) })
    }
}

/// The price of a piece on a day, in minor units; none where it cannot simply be added.
fn price_of(item: &Item, day: Date) -> Option<i64> {
    let is_piece = item.sold_by == SoldBy::Piece && item.unit == Unit::Piece;
    let price = item.price_on(day).filter(|_| is_piece)?.minor();
    (price > 0).then_some(price)
}

/// The cheapest and the dearest that fit.
fn picks(assortment: &Assortment, selector: &Selector) -> Picks {
    let fitting = || assortment.fitting(selector).map(|(_, item)| item.id.clone());
    let cheapest: Vec<ItemId> = fitting().take(PICKS).collect();
    let dearest = fitting().rev().take(PICKS).filter(|item| !cheapest.contains(item)).collect();
    Picks { cheapest, dearest }
}
