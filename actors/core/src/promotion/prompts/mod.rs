//! The next thing worth saying to the customer, from the same engine that makes the price: taking
//! a prompt gives exactly the total that it states, or it is not made.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rule::Text;
use crate::{ItemId, Money, PromotionId};

/// Most prompts at once: a cashier reads them in a glance.
pub const PROMPTS_MAX: usize = 3;

/// Most units that a prompt asks for: more than a hand takes from the shelf is another errand.
pub const UNITS_ASKED_MAX: u32 = 3;

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
