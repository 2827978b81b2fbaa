//! A priced basket as those look at it who say what it lacks or why.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::PricingContext;
use super::arith::Fraction;
use super::goods::{Goods, GoodsLine};
use super::index::{matches, selectors};
use super::live::{Moment, left};
use super::outcome::Outcome;
use super::rule::{Basis, Promotion, Rule, Selector};
use super::set::{PromotionIndex, PromotionSet};
use crate::MoneyError;
use crate::tax::TaxMethod;

/// A basket with its price, and what is between the two stages.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) set: &'a PromotionSet,
    pub(super) goods: &'a Goods,
    pub(super) context: &'a PricingContext,
    pub(super) outcome: &'a Outcome,
}

/// A unit between the two stages.
#[derive(Clone, Copy, Debug)]
pub(super) struct SceneUnit<'a> {
    pub(super) line: &'a GoodsLine,
    /// What is left of its price after the promotions of items.
    pub(super) amount: i64,
    /// Whether one of them lowered it.
    pub(super) is_lowered: bool,
}

impl<'a> Scene<'a> {
    /// Every unit, in the order of the outcome.
    pub(super) fn units(self) -> Vec<SceneUnit<'a>> {
        let unit = |unit: &'a super::outcome::UnitOutcome| {
            let line = self.goods.lines.get(unit.line)?;
            let of_items = unit.parts.iter().filter(|part| {
                let promotion = self.set.get(part.promotion);
                promotion.is_some_and(is_of_items)
            });
            let off: i64 = of_items.map(|part| part.amount).sum();
            Some(SceneUnit { line, amount: unit.price - off, is_lowered: off > 0 })
        };
        self.outcome.units.iter().filter_map(unit).collect()
    }

    /// Every promotion with a selector that matches a line, live or not.
    pub(super) fn touching(self) -> impl Iterator<Item = (PromotionIndex, &'a Promotion)> {
        let places = (0_u32..).map(PromotionIndex);
        let all = places.zip(self.set.promotions());
        all.filter(move |(_, promotion)| touches(promotion, self.goods))
    }

    /// Whether a promotion is live in the basket.
    pub(super) fn is_live(self, promotion: &Promotion) -> bool {
        left(promotion, self.context, Moment::of(self.context), self.set.store()).is_some()
    }
}

/// Whether some line matches one of a promotion's selectors.
pub(super) fn touches(promotion: &Promotion, goods: &Goods) -> bool {
    goods.lines.iter().any(|line| covers(promotion, line))
}

/// Whether a line matches one of a promotion's selectors.
pub(super) fn covers(promotion: &Promotion, line: &GoodsLine) -> bool {
    selectors(promotion).into_iter().any(|selector| matches(selector, line))
}

/// Whether a promotion lowers items rather than orders.
pub(super) const fn is_of_items(promotion: &Promotion) -> bool {
    matches!(promotion.rule, Rule::Each(_) | Rule::Group(_))
}

/// The units that a selector matches.
pub(super) fn matched<'a, 'b>(
    units: &'b [SceneUnit<'a>],
    selector: &'b Selector,
) -> impl Iterator<Item = &'b SceneUnit<'a>> + use<'a, 'b> {
    units.iter().filter(move |unit| matches(selector, unit.line))
}

/// What amounts of lines come to together on a basis.
pub(super) fn measure<'a>(
    amounts: impl IntoIterator<Item = (&'a GoodsLine, i64)>,
    basis: Basis,
) -> Result<i64, MoneyError> {
    let mut classes: BTreeMap<(&str, bool, Decimal), (Fraction, i64)> = BTreeMap::new();
    for (line, amount) in amounts {
        let is_added = line.tax.method == TaxMethod::Exclusive;
        let tax = Fraction::of(line.tax)?;
        let class = classes.entry((&line.tax_class, is_added, line.tax.percent));
        let (_, sum) = class.or_insert((tax, 0));
        *sum = sum.checked_add(amount).ok_or(MoneyError::TooLarge)?;
    }
    classes.into_values().try_fold(0_i64, |measured, (tax, sum)| {
        let part = match basis {
            Basis::AfterTax => tax.gross(sum)?,
            Basis::BeforeTax => tax.net(sum)?,
        };
        measured.checked_add(part).ok_or(MoneyError::TooLarge)
    })
}
