//! Which live promotions match which lines, those left out that a narrower one replaces.

use super::PricingContext;
use super::goods::Goods;
use super::live::{self, Left, Moment};
use super::rule::{Promotion, Replaces, Rule, Width};
use super::set::{PromotionIndex, PromotionSet};

/// A live promotion that matches something.
#[derive(Clone, Debug)]
pub(super) struct Offer<'a> {
    pub(super) index: PromotionIndex,
    pub(super) promotion: &'a Promotion,
    pub(super) left: Left,
    /// The lines that match, by slot; ascending.
    pub(super) lines: Vec<Vec<u32>>,
}

/// What has been found out about a promotion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    Dead,
    Live,
}

/// One slot of one promotion that matches one line.
type Match = (PromotionIndex, u16, u32);

/// The live promotions that match anything, by id.
pub(super) fn offers<'a>(
    set: &'a PromotionSet,
    goods: &Goods,
    context: &PricingContext,
) -> Vec<Offer<'a>> {
    let moment = Moment::of(context);
    let mut known = vec![Known::Nothing; set.promotions().len()];
    let mut lefts: Vec<(PromotionIndex, Left)> = Vec::new();
    let mut found: Vec<Match> = Vec::new();
    for (number, line) in (0_u32..).zip(&goods.lines) {
        if line.quantity.thousandths() <= 0 {
            continue;
        }
        let from = found.len();
        let mut passes = |index: PromotionIndex| {
            let Some(promotion) = set.get(index) else { return false };
            let Some(state) = known.get_mut(index.0 as usize) else { return false };
            if *state == Known::Nothing {
                *state = Known::Dead;
                if let Some(left) = live::left(promotion, context, moment, set.store()) {
                    *state = Known::Live;
                    lefts.push((index, left));
                }
            }
            *state == Known::Live
        };
        let mut note = |index, slot| found.push((index, slot, number));
        set.index().matching(set.promotions(), line, &mut passes, &mut note);
        if set.index().is_replacing() {
            drop_replaced(set, &mut found, from);
        }
    }
    grouped(set, lefts, found)
}

/// Leaves out, of one line's matches, those of promotions that a narrower one replaces.
fn drop_replaced(set: &PromotionSet, found: &mut Vec<Match>, from: usize) {
    let mut here: Vec<PromotionIndex> = found[from..].iter().map(|(index, ..)| *index).collect();
    here.sort_unstable();
    here.dedup();
    let promotion_of = |index: &PromotionIndex| set.get(*index);
    let replaces = |promotion: &Promotion| {
        !matches!(promotion.rule, Rule::Order(_) | Rule::Reward(_))
            && promotion.replaces != Replaces::Nothing
    };
    if !here.iter().filter_map(promotion_of).any(replaces) {
        return;
    }
    let mut gone: Vec<PromotionIndex> = Vec::new();
    for width in [Width::Store, Width::Region] {
        let narrow: Vec<&Promotion> = (here.iter().filter(|index| !gone.contains(index)))
            .filter_map(promotion_of)
            .filter(|promotion| promotion.place.width() == width && replaces(promotion))
            .collect();
        for index in &here {
            let wider = promotion_of(index).filter(|wider| wider.place.width() < width);
            if wider.is_some_and(|wider| narrow.iter().any(|narrow| is_replaced(wider, narrow))) {
                gone.push(*index);
            }
        }
    }
    if !gone.is_empty() {
        let mut place = 0;
        found.retain(|(index, ..)| {
            place += 1;
            place <= from || !gone.contains(index)
        });
    }
}

pub(super) fn is_replaced(wider: &Promotion, narrow: &Promotion) -> bool {
    match &narrow.replaces {
        Replaces::Nothing => false,
        Replaces::Wider => matches!(wider.rule, Rule::Each(_) | Rule::Group(_)),
        Replaces::These(ids) => ids.contains(&wider.id),
    }
}

fn grouped(
    set: &PromotionSet,
    mut lefts: Vec<(PromotionIndex, Left)>,
    mut found: Vec<Match>,
) -> Vec<Offer<'_>> {
    lefts.sort_unstable_by_key(|(index, _)| *index);
    found.sort_unstable();
    found.dedup();
    let mut found = found.into_iter().peekable();
    let mut offers = Vec::new();
    for (index, left) in lefts {
        let Some(promotion) = set.get(index) else { continue };
        let slots = match &promotion.rule {
            Rule::Group(group) => group.slots.len(),
            _ => 1,
        };
        let mut lines = vec![Vec::new(); slots];
        while let Some((_, slot, line)) = found.next_if(|(found, ..)| *found == index) {
            if let Some(lines) = lines.get_mut(usize::from(slot)) {
                lines.push(line);
            }
        }
        let is_touching = lines.iter().any(|lines| !lines.is_empty());
        if is_touching && !matches!(promotion.rule, Rule::NoPromotion(_)) {
            offers.push(Offer { index, promotion, left, lines });
        }
    }
    offers
}
