//! What a set of promotions would have made of baskets that were bought under another one.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

use super::PricingContext;
use super::evaluate::evaluate;
use super::goods::Goods;
use super::outcome::Outcome;
use super::prompts::is_settled;
use super::rule::{Rule, Text};
use super::set::PromotionSet;
use super::wording::{shown, text};
use crate::{Currency, ItemId, Money, MoneyError, PromotionId};

/// Changes that are named.
pub const CHANGES_MAX: usize = 10;

/// A basket that was bought.
#[derive(Clone, Debug)]
pub struct RehearsedBasket {
    /// What tells it from others.
    pub name: String,
    /// What was in it.
    pub goods: Goods,
    /// Who bought it, and when.
    pub context: PricingContext,
}

/// Baskets under two sets, added up as they come.
pub struct Rehearsal<'a> {
    currency: Currency,
    nodes: u64,
    cost: &'a dyn Fn(&ItemId) -> Option<Money>,
    old: Sums,
    new: Sums,
    baskets: u64,
    with_costs: u64,
    changed: u64,
    unproven: Vec<String>,
    uses: BTreeMap<PromotionId, (u64, i64)>,
    /// The largest first.
    changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    total: i64,
    /// Of baskets whose costs are all known.
    net_with_costs: i64,
    cost: i64,
    below_cost: u64,
}

/// How baskets would have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RehearsalReport {
    /// How many baskets there were.
    pub baskets: u64,
    /// How many would have cost something else.
    pub changed: u64,
    /// Under the set of before.
    pub before: SetFigures,
    /// Under the set that was tried.
    pub after: SetFigures,
    /// Baskets of which the costs of all goods are known; margins are of these.
    pub baskets_with_costs: u64,
    /// The largest changes, up to [`CHANGES_MAX`].
    pub changes: Vec<Change>,
    /// What each promotion of the set that was tried did, by id.
    pub promotions: Vec<PromotionFigures>,
    /// Baskets whose price is not proven.
    pub unproven: Vec<String>,
}

/// All baskets under one set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetFigures {
    /// What was to pay for all.
    pub total: Money,
    /// What was to pay for one, rounded half up; none without baskets.
    pub average: Option<Money>,
    /// What was booked less what the goods cost; none where no costs are known.
    pub margin: Option<Money>,
    /// Baskets booked for less than their goods cost; none where no costs are known.
    pub below_cost: Option<u64>,
}

/// One promotion in all baskets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromotionFigures {
    /// Which.
    pub promotion: PromotionId,
    /// In how many baskets it was used.
    pub baskets: u64,
    /// What it took off what is to pay.
    pub amount: Money,
}

/// A basket that would have cost something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which basket.
    pub basket: String,
    /// What was to pay before.
    pub before: Money,
    /// What would be to pay.
    pub after: Money,
    /// The difference; negative where it would cost less.
    pub difference: Money,
    /// The promotions that would be used, by id.
    pub promotions: Vec<PromotionId>,
    /// In a sentence.
    pub text: Text,
}

impl<'a> Rehearsal<'a> {
    /// Nothing yet. `cost` says what one unit of an item costs the store; `nodes` bounds the search
    /// for each price.
    #[must_use]
    pub fn new(currency: Currency, cost: &'a dyn Fn(&ItemId) -> Option<Money>, nodes: u64) -> Self {
        Self {
            currency,
            nodes,
            cost,
            old: Sums::default(),
            new: Sums::default(),
            baskets: 0,
            with_costs: 0,
            changed: 0,
            unproven: Vec::new(),
            uses: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// Prices one basket under both sets, those of the store that sold it.
    ///
    /// # Errors
    /// Where an amount leaves the range of [`Money`], or the basket has another currency.
    pub fn add(
        &mut self,
        basket: &RehearsedBasket,
        before: &PromotionSet,
        after: &PromotionSet,
    ) -> Result<(), MoneyError> {
        let set = after;
        let RehearsedBasket { name, goods, context } = basket;
        if goods.currency != self.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let before = evaluate(before, goods, context, self.nodes)?;
        let after = evaluate(after, goods, context, self.nodes)?;
        let cost = self.cost_of(goods)?;
        self.old.add(&before, cost);
        self.new.add(&after, cost);
        self.baskets += 1;
        self.with_costs += u64::from(cost.is_some());
        if !is_settled(&before) || !is_settled(&after) {
            self.unproven.push(name.clone());
        }
        for applied in &after.applied {
            let (baskets, amount) = self.uses.entry(applied.promotion.clone()).or_default();
            *baskets += 1;
            *amount = amount.saturating_add(applied.amount);
        }
        if before.total != after.total {
            self.changed += 1;
            let change = self.change(name, set, &before, &after)?;
            let size = |change: &Change| change.difference.minor().unsigned_abs();
            let place = self.changes.partition_point(|other| size(other) >= size(&change));
            self.changes.insert(place, change);
            self.changes.truncate(CHANGES_MAX);
        }
        Ok(())
    }

    /// What the goods cost the store, where that is known of all; what is weighed by its measure.
    fn cost_of(&self, goods: &Goods) -> Result<Option<i64>, MoneyError> {
        if goods.lines.is_empty() {
            return Ok(None);
        }
        let mut sum = Money::zero(self.currency);
        for line in &goods.lines {
            let Some(cost) = (self.cost)(&line.item) else {
                return Ok(None);
            };
            sum = sum.add(cost.times(line.quantity.amount(), crate::Rounding::HalfUp)?)?;
        }
        Ok(Some(sum.minor()))
    }

    fn change(
        &self,
        name: &str,
        set: &PromotionSet,
        before: &Outcome,
        after: &Outcome,
    ) -> Result<Change, MoneyError> {
        let money = |minor: i64| Money::from_minor(minor, self.currency);
        let (old, new) = (money(before.total)?, money(after.total)?);
        let lowers = |index| {
            let promotion = set.get(index);
            promotion.is_some_and(|promotion| !matches!(promotion.rule, Rule::Reward(_)))
        };
        let used = after.applied.iter().filter(|applied| lowers(applied.index));
        let difference = money(after.total.saturating_sub(before.total))?;
        Ok(Change {
            basket: name.to_owned(),
            before: old,
            after: new,
            difference,
            promotions: used.map(|applied| applied.promotion.clone()).collect(),
            text: text(
                format!("{name}:{} → {}({})", shown(old), shown(new), shown(difference)),
                format!("{name}: {} → {} ({})", shown(old), shown(new), shown(difference)),
            ),
        })
    }

    /// What came out.
    ///
    /// # Errors
    /// Where a sum leaves the range of [`Money`].
    pub fn report(self) -> Result<RehearsalReport, MoneyError> {
        let Self { currency, baskets, with_costs, .. } = self;
        let figures = |sums: Sums| sums.figures(currency, baskets, with_costs);
        let promotions = self.uses.into_iter().map(|(promotion, (baskets, amount))| {
            let amount = Money::from_minor(amount, currency)?;
            Ok(PromotionFigures { promotion, baskets, amount })
        });
        Ok(RehearsalReport {
            baskets,
            changed: self.changed,
            before: figures(self.old)?,
            after: figures(self.new)?,
            baskets_with_costs: with_costs,
            changes: self.changes,
            promotions: promotions.collect::<Result<_, MoneyError>>()?,
            unproven: self.unproven,
        })
    }
}

impl Sums {
    fn add(&mut self, outcome: &Outcome, cost: Option<i64>) {
        self.total = self.total.saturating_add(outcome.total);
        if let Some(cost) = cost {
            self.net_with_costs = self.net_with_costs.saturating_add(outcome.net);
            self.cost = self.cost.saturating_add(cost);
            self.below_cost += u64::from(outcome.net < cost);
        }
    }

    fn figures(
        self,
        currency: Currency,
        baskets: u64,
        with_costs: u64,
    ) -> Result<SetFigures, MoneyError> {
        let total = Money::from_minor(self.total, currency)?;
        let average = match baskets {
            0 => None,
            count => Some(crate::divide(total, count.into(), crate::Rounding::HalfUp)?),
        };
        let margin = Money::from_minor(self.net_with_costs.saturating_sub(self.cost), currency)?;
        let is_known = with_costs > 0;
        Ok(SetFigures {
            total,
            average,
            margin: is_known.then_some(margin),
            below_cost: is_known.then_some(self.below_cost),
        })
    }
}
