//! What is worth trying out, the likeliest first.

use std::collections::BTreeSet;

use super::lacking::{Lack, lacks};
use super::shelf::{Shelf, parts};
use super::{Adds, PromptId, amount};
use crate::promotion::goods::GoodsLine;
use crate::promotion::index::matches;
use crate::promotion::rule::{Promotion, Rule, Spend};
use crate::promotion::scene::{Scene, SceneUnit};
use crate::promotion::select::offers;
use crate::promotion::set::PromotionIndex;
use crate::{ItemId, LineNumber, Money};

/// Something to add to the basket for the sake of a promotion.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: PromptId,
    pub(super) promotion: PromotionIndex,
    pub(super) adds: Adds,
    /// The line that it would be.
    pub(super) line: GoodsLine,
}

/// What each live promotion that touches the basket lacks. The best way for every promotion comes
/// before the second best for any, so that where there are too many each has had its turn; of the
/// same thing to add for two promotions both are kept, since one of them may not come into it.
pub(super) fn candidates(scene: Scene, shelf: &Shelf) -> Vec<Candidate> {
    let units = scene.units();
    let mut ranked: Vec<(usize, PromotionIndex, Candidate)> = Vec::new();
    for (index, promotion) in concerned(scene) {
        let of_promotion = Ways { scene, shelf, units: &units, index, promotion };
        let ways = of_promotion.all().into_iter().enumerate();
        ranked.extend(ways.map(|(rank, candidate)| (rank, index, candidate)));
    }
    ranked.sort_by_key(|(rank, index, _)| (*rank, *index));
    ranked.into_iter().map(|(_, _, candidate)| candidate).collect()
}

/// The ways in which one promotion may be served.
struct Ways<'a> {
    scene: Scene<'a>,
    shelf: &'a Shelf<'a>,
    units: &'a [SceneUnit<'a>],
    index: PromotionIndex,
    promotion: &'a Promotion,
}

impl Ways<'_> {
    fn all(&self) -> Vec<Candidate> {
        let applied = self.scene.outcome.applied.iter();
        let uses =
            applied.filter(|applied| applied.index == self.index).map(|applied| applied.uses);
        // An amount out of range is nothing to talk about.
        let lacks = lacks(self.promotion, uses.sum(), self.units).unwrap_or_default();
        let mut ways = Vec::new();
        for lack in lacks {
            match lack {
                Lack::Units { parts, count, item } => {
                    let items = item.map_or_else(|| self.fitting(&parts), |item| vec![item]);
                    ways.extend(items.iter().filter_map(|item| self.of_item(item, count)));
                }
                Lack::Amount(missing) => {
                    let line = amount::line(&missing, self.next_line()).ok().flatten();
                    let way = line.and_then(|line| self.of_amount(line, missing.from));
                    ways.extend(way);
                }
            }
        }
        ways
    }

    /// Items that fit all the parts: what the customer already buys, then of the shelf the
    /// cheapest and the dearest; which is best depends on the award, and a try tells.
    fn fitting(&self, wanted: &[usize]) -> Vec<ItemId> {
        let day = self.scene.context.day_in_force;
        let selectors = parts(self.promotion);
        let fits = |line: &GoodsLine| {
            wanted.iter().all(|part| selectors.get(*part).is_some_and(|part| matches(part, line)))
        };
        let mut lines: Vec<&GoodsLine> = self.scene.goods.lines.iter().collect();
        lines.retain(|line| fits(line));
        lines.sort_by(|a, b| a.unit_price.cmp(&b.unit_price).then_with(|| a.item.cmp(&b.item)));
        let ends = lines.first().into_iter().chain(lines.last());
        let mut items: Vec<ItemId> = ends.map(|line| line.item.clone()).collect();
        if let Some(part) = wanted.first() {
            items.extend(self.shelf.picks(&self.promotion.id, *part, day));
        }
        let mut seen = BTreeSet::new();
        items.retain(|item| seen.insert(item.clone()));
        items.retain(|item| self.line_of(item, 1).is_some_and(|line| fits(&line)));
        items
    }

    fn next_line(&self) -> LineNumber {
        let last = self.scene.goods.lines.iter().map(|line| line.line.0).max();
        LineNumber(last.unwrap_or(0).saturating_add(1))
    }

    fn line_of(&self, item: &ItemId, count: u32) -> Option<GoodsLine> {
        let (item, price) = self.shelf.item(item, self.scene.context.day_in_force)?;
        self.shelf.line(item, price, count, self.next_line())
    }

    fn of_item(&self, id: &ItemId, count: u32) -> Option<Candidate> {
        let line = self.line_of(id, count)?;
        let item = self.shelf.index.catalogue().item(id)?;
        let adds = Adds::Items {
            item: id.clone(),
            code: item.main_code(),
            description: item.description.clone(),
            count,
        };
        let id = PromptId::new(&format!("{}+{id}", self.promotion.id));
        Some(Candidate { id, promotion: self.index, adds, line })
    }

    fn of_amount(&self, line: GoodsLine, from: i64) -> Option<Candidate> {
        let amount = Money::from_minor(line.amount, self.scene.goods.currency).ok()?;
        let id = PromptId::new(&format!("{}@{from}", self.promotion.id));
        Some(Candidate { id, promotion: self.index, adds: Adds::Amount { amount }, line })
    }
}

/// The live promotions that the basket has to do with: goods of it match, or count as money spent.
fn concerned(scene: Scene<'_>) -> Vec<(PromotionIndex, &Promotion)> {
    let offers = offers(scene.set, scene.goods, scene.context);
    let mut found: Vec<_> = offers.iter().map(|offer| (offer.index, offer.promotion)).collect();
    let places = (0_u32..).map(PromotionIndex);
    for (index, promotion) in places.zip(scene.set.promotions()) {
        let is_found = || offers.binary_search_by_key(&index, |offer| offer.index).is_ok();
        let Some(spend) = spend_of(promotion).filter(|_| !is_found()) else { continue };
        let is_spent_on = scene.goods.lines.iter().any(|line| matches(&spend.items, line));
        if is_spent_on && scene.is_live(promotion) {
            found.push((index, promotion));
        }
    }
    found
}

/// What has to be spent for a promotion of items.
const fn spend_of(promotion: &Promotion) -> Option<&Spend> {
    match &promotion.rule {
        Rule::Each(each) => each.spend.as_ref(),
        Rule::Group(group) => group.spend.as_ref(),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => None,
    }
}
