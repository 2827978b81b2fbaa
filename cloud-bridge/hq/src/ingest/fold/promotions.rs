//! What promotions brought, as a basket says it.

use std::collections::BTreeMap;

use hq_wire::facts::v1::{Pricing, PromptOutcome, Sale, Text};
use serde::{Deserialize, Serialize};
use store_core::{Currency, PromotionId};

use super::Unreadable;
use super::sale::{business_day, currency, minor, transaction};

/// What a promotion brought. The sums saturate, as those of sales do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromotionSum {
    /// Sales in which it was used.
    pub baskets: i64,
    /// How often: units, groups or times.
    pub uses: i64,
    /// Units that it took or lowered.
    pub units: i64,
    /// What it took off what was to pay.
    pub discount: i64,
    /// What the units that it took or lowered came to.
    pub net: i64,
    /// Prompts about it, whatever came of them.
    pub shown: i64,
    /// Prompts that were taken, and sold.
    pub taken: i64,
    /// Prompts that the customer did not want.
    pub declined: i64,
}

impl PromotionSum {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.baskets, other.baskets),
            (&mut self.uses, other.uses),
            (&mut self.units, other.units),
            (&mut self.discount, other.discount),
            (&mut self.net, other.net),
            (&mut self.shown, other.shown),
            (&mut self.taken, other.taken),
            (&mut self.declined, other.declined),
        ] {
            *mine = mine.saturating_add(theirs);
        }
    }
}

/// What a promotion is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    zh: String,
    en: String,
}

impl From<&Text> for Name {
    fn from(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// What one basket says of its promotions, each by id.
#[derive(Clone, Debug, Default)]
pub struct PromotionFold {
    /// Those that were used.
    pub used: BTreeMap<String, PromotionSum>,
    /// Those that the cashier was told to speak of.
    pub prompted: BTreeMap<String, PromotionSum>,
    /// What they are called, as JSON; of some nobody says it.
    pub names: BTreeMap<String, String>,
}

impl PromotionFold {
    /// Reads what a basket says; nothing where no promotions were in force.
    pub fn of(pricing: Option<&Pricing>, currency: Currency) -> Result<Self, Unreadable> {
        let mut fold = Self::default();
        let Some(pricing) = pricing else { return Ok(fold) };
        for used in &pricing.promotions {
            let sum = PromotionSum {
                uses: i64::from(used.uses),
                units: i64::from(used.units),
                discount: minor("amount", &used.amount, currency)?,
                net: minor("sales", &used.sales, currency)?,
                ..PromotionSum::default()
            };
            fold.used.entry(id(&used.promotion)?).or_default().add(&sum);
            fold.call(&used.promotion, &(&used.name).into());
        }
        // A basket counts once, however often it names a promotion.
        fold.used.values_mut().for_each(|sum| sum.baskets = 1);
        for prompt in &pricing.prompts {
            let sum = fold.prompted.entry(id(&prompt.promotion)?).or_default();
            sum.add(&PromotionSum {
                shown: 1,
                taken: i64::from(prompt.outcome == PromptOutcome::Taken),
                declined: i64::from(prompt.outcome == PromptOutcome::Declined),
                ..PromotionSum::default()
            });
        }
        fold.call_prompted(pricing);
        Ok(fold)
    }

    fn call(&mut self, promotion: &str, name: &Name) {
        // Two texts always have a JSON form.
        let name = serde_json::to_string(name).unwrap_or_default();
        self.names.insert(promotion.to_owned(), name);
    }

    /// Finds the names of those that were not used in the rules that the basket was priced by.
    fn call_prompted(&mut self, pricing: &Pricing) {
        for rule in &pricing.rules {
            let Some(id) = rule.get("id").and_then(|id| id.as_str()) else { continue };
            if !self.prompted.contains_key(id) || self.names.contains_key(id) {
                continue;
            }
            let name = rule.get("name").map(Name::deserialize);
            if let Some(Ok(name)) = name {
                self.call(id, &name);
            }
        }
    }
}

/// A basket that did not become a sale, and what its cashier was told to say.
#[derive(Clone, Debug)]
pub struct PromptedFold {
    /// Its id, as a UUID is written.
    pub transaction: String,
    /// `YYYY-MM-DD`.
    pub business_day: String,
    /// ISO 4217.
    pub currency: String,
    /// What it says: nothing of it sold.
    pub promotions: PromotionFold,
}

impl PromptedFold {
    /// Reads an abandoned basket; nothing where there were no prompts.
    pub fn of(basket: &Sale) -> Result<Option<Self>, Unreadable> {
        let Some(pricing) = basket.pricing.as_ref().filter(|it| !it.prompts.is_empty()) else {
            return Ok(None);
        };
        let currency = currency(basket)?;
        let mut promotions = PromotionFold::of(Some(pricing), currency)?;
        promotions.used.clear();
        promotions.prompted.values_mut().for_each(|sum| sum.taken = 0);
        promotions.names.retain(|id, _| promotions.prompted.contains_key(id));
        Ok(Some(Self {
            transaction: transaction(basket)?,
            business_day: business_day(basket)?,
            currency: basket.currency.clone(),
            promotions,
        }))
    }
}

fn id(text: &str) -> Result<String, Unreadable> {
    let id = PromotionId::new(text);
    id.map_err(|error| Unreadable::field("promotion", text, error))?;
    Ok(text.to_owned())
}
