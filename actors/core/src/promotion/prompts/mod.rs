//! The next thing worth saying to the customer, from the same engine that makes the price: taking
//! a prompt gives exactly the total that it states, or it is not made.

mod amount;
mod candidates;
mod lacking;
mod sentence;
mod shelf;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::PricingContext;
use super::evaluate::evaluate;
use super::goods::Goods;
use super::outcome::Outcome;
use super::rule::Text;
use super::scene::Scene;
use super::set::{PromotionIndex, PromotionSet};
use crate::{ItemId, Money, MoneyError, PromotionId};
use candidates::Candidate;

pub(super) use lacking::missing_of_first;
pub use shelf::{PromptIndex, Shelf};

/// Most prompts at once: a cashier reads them in a glance.
pub const PROMPTS_MAX: usize = 3;

/// Most units that a prompt asks for: more than a hand takes from the shelf is another errand.
pub const UNITS_ASKED_MAX: u32 = 3;

/// Most baskets that are priced for the prompts of one: at a tenth of a millisecond each they take
/// a few, and whoever reads the screen does not wait for them.
pub const EVALUATIONS_MAX: usize = 32;

/// Partial combinations that one of them may look at: nearly every basket is proven within a few
/// hundred, and what is not is not worth waiting for.
pub const NODES_EACH_MAX: u64 = 2_000;

/// What tells prompts apart within a basket: the promotion and what it asks for, not how much of
/// it, so that a declined one stays declined while the basket grows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PromptId(Arc<str>);

impl PromptId {
    /// Takes the text of an id that a prompt had.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The next thing worth saying to the customer (提示).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Which.
    pub id: PromptId,
    /// The promotion that lacks something.
    pub promotion: PromotionId,
    /// What it is called.
    pub name: Text,
    /// What to add to the basket.
    pub adds: Adds,
    /// The shelf price of what is added.
    pub cost: Money,
    /// The shelf price of what is added, less what the total changes by; more than nought.
    pub saving: Money,
    /// What is to pay once it is added.
    pub total_after: Money,
    /// What to say.
    pub text: Text,
}

/// What a prompt asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Adds {
    /// Some pieces of an item.
    Items {
        /// Which.
        item: ItemId,
        /// A code that a register finds it by.
        code: String,
        /// Its name.
        description: Arc<str>,
        /// How many, 1 to [`UNITS_ASKED_MAX`].
        count: u32,
    },
    /// Goods of the threshold's kind, without a promotion of their own, for so much on the shelf.
    Amount {
        /// How much.
        amount: Money,
    },
}

/// What is worth saying next, the most worth first: those that lower the total come first, then
/// those that save most for the money, then those that cost less.
///
/// Of each promotion, and of each thing to add, one; none that was `declined`. `nodes` bounds the
/// searches of all together: what is not proven within it is not said. Nothing is said of a basket
/// whose own price is not proven.
#[must_use]
pub fn prompts(
    set: &PromotionSet,
    shelf: &Shelf,
    goods: &Goods,
    context: &PricingContext,
    outcome: &Outcome,
    declined: &BTreeSet<PromptId>,
    nodes: u64,
) -> Vec<Prompt> {
    let scene = Scene { set, goods, context, outcome };
    if !is_settled(outcome) {
        return Vec::new();
    }
    let mut candidates = candidates::candidates(scene, shelf);
    candidates.retain(|candidate| !declined.contains(&candidate.id));
    let mut nodes_left = nodes;
    let tried = candidates.into_iter().take(EVALUATIONS_MAX);
    let mut found: Vec<Prompt> =
        tried.filter_map(|candidate| tried_out(scene, candidate, &mut nodes_left)).collect();
    let total = outcome.total;
    found.sort_by(|a, b| by_worth(a, b, total));
    let mut promotions = BTreeSet::new();
    let mut things = Vec::new();
    found.retain(|prompt| {
        !things.contains(&prompt.adds) && promotions.insert(prompt.promotion.clone()) && {
            things.push(prompt.adds.clone());
            true
        }
    });
    found.truncate(PROMPTS_MAX);
    found
}

/// Whether a price is the one that holds, not only the best that was found in time.
pub(super) const fn is_settled(outcome: &Outcome) -> bool {
    outcome.certificate.is_optimal || outcome.certificate.by_priority
}

/// What a promotion takes off in a basket.
pub(super) fn amount_of(outcome: &Outcome, promotion: PromotionIndex) -> i64 {
    let applied = outcome.applied.iter().find(|applied| applied.index == promotion);
    applied.map_or(0, |applied| applied.amount)
}

/// The prompt of a candidate, where the promotion then does give more and the customer saves.
fn tried_out(scene: Scene, candidate: Candidate, nodes: &mut u64) -> Option<Prompt> {
    let Scene { set, goods, context, outcome } = scene;
    let mut goods = goods.clone();
    let cost = candidate.line.amount;
    goods.lines.push(candidate.line);
    let after = evaluate(set, &goods, context, (*nodes).min(NODES_EACH_MAX)).ok()?;
    *nodes = nodes.saturating_sub(after.certificate.nodes);
    let saving = cost.checked_sub(after.total.checked_sub(outcome.total)?)?;
    let gives_more =
        amount_of(&after, candidate.promotion) > amount_of(outcome, candidate.promotion);
    if !is_settled(&after) || !gives_more || saving <= 0 {
        return None;
    }
    let promotion = set.get(candidate.promotion)?;
    let money =
        |minor: i64| -> Result<Money, MoneyError> { Money::from_minor(minor, goods.currency) };
    let (cost, saving) = (money(cost).ok()?, money(saving).ok()?);
    Some(Prompt {
        id: candidate.id,
        promotion: promotion.id.clone(),
        name: promotion.name.clone(),
        text: sentence::of(&candidate.adds, cost, saving),
        adds: candidate.adds,
        cost,
        saving,
        total_after: money(after.total).ok()?,
    })
}

/// Before means more worth saying.
fn by_worth(a: &Prompt, b: &Prompt, total: i64) -> Ordering {
    let lowers = |prompt: &Prompt| prompt.total_after.minor() < total;
    let times = |saving: Money, cost: Money| i128::from(saving.minor()) * i128::from(cost.minor());
    lowers(b)
        .cmp(&lowers(a))
        // Saving by cost, without a division.
        .then_with(|| times(b.saving, a.cost).cmp(&times(a.saving, b.cost)))
        .then_with(|| a.cost.minor().cmp(&b.cost.minor()))
        .then_with(|| a.id.cmp(&b.id))
}
