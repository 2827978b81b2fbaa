use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::basket::{AbsorbedCommand, Basket, Undo};
use super::card::PendingCard;
use super::record;
use super::rules::{InForce, RegisterRules};
use crate::buyer::BuyerWish;
use crate::promotion::{Pricing, PricingRules};
use crate::tax::TaxTable;
use crate::transaction::{Customer, PriceModifier, PromptMade, RetailTransaction};
use crate::{CommandId, TransactionId, WorkstationId};

/// The layout of a draft's body; a hub reads its own and every older one.
const DRAFT_FORMAT: u32 = 1;

/// A basket in progress as it is kept beside the journal: never numbered, never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whose.
    pub transaction: TransactionId,
    /// At which register.
    pub workstation: WorkstationId,
    /// Which version.
    pub version: u64,
    /// The basket as JSON, for [`Draft::open`] only.
    pub body: String,
}

/// Why a draft could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Not the JSON of a draft.
    #[error("the draft of a basket does not parse")]
    Json(#[from] serde_json::Error),
    /// Written by a newer hub.
    #[error("the draft of a basket has format {0}; this hub reads up to {DRAFT_FORMAT}")]
    Format(u32),
}

#[derive(Serialize)]
struct BodyRef<'a> {
    format: u32,
    transaction: &'a RetailTransaction,
    version: u64,
    day_in_force: Date,
    taxes: &'a TaxTable,
    recorded_modifiers: &'a [PriceModifier],
    absorbed: &'a [AbsorbedCommand],
    undo: &'a [Undo],
    #[serde(skip_serializing_if = "is_nought")]
    age_seen: u8,
    customer: &'a Customer,
    #[serde(skip_serializing_if = "BuyerWish::is_empty")]
    wish: &'a BuyerWish,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<&'a Pricing>,
    prompts_made: &'a [PromptMade],
    #[serde(skip_serializing_if = "Option::is_none")]
    promotions: Option<Value>,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    rules: &'a [Value],
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<&'a PendingCard>,
}

#[derive(Deserialize)]
struct Body {
    format: u32,
    transaction: RetailTransaction,
    version: u64,
    /// Drafts written before there was one were priced by their own day.
    #[serde(default)]
    day_in_force: Option<Date>,
    /// Drafts written before there was one are taxed by what is in force.
    #[serde(default)]
    taxes: Option<TaxTable>,
    #[serde(default)]
    recorded_modifiers: Vec<PriceModifier>,
    absorbed: Vec<AbsorbedCommand>,
    undo: Vec<Undo>,
    #[serde(default)]
    age_seen: u8,
    #[serde(default)]
    customer: Customer,
    #[serde(default)]
    wish: BuyerWish,
    #[serde(default)]
    pricing: Option<Pricing>,
    #[serde(default)]
    prompts_made: Vec<PromptMade>,
    /// Drafts written before there was any follow what is in force.
    #[serde(default)]
    promotions: Option<Value>,
    #[serde(default)]
    rules: Vec<Value>,
    /// Drafts written before it was kept have that of what is in force.
    #[serde(default)]
    digest: Option<Arc<str>>,
    #[serde(default)]
    card: Option<PendingCard>,
}

const fn is_nought(age: &u8) -> bool {
    *age == 0
}

impl Draft {
    /// Writes a basket down.
    ///
    /// # Errors
    /// [`DraftError::Json`], which no basket is known to cause.
    pub fn of(basket: &Basket) -> Result<Self, DraftError> {
        let body = serde_json::to_string(&BodyRef {
            format: DRAFT_FORMAT,
            transaction: &basket.transaction,
            version: basket.version,
            day_in_force: basket.day_in_force,
            taxes: &basket.in_force.rules.pricing.taxes,
            recorded_modifiers: &basket.recorded_modifiers,
            absorbed: &basket.absorbed,
            undo: &basket.undo,
            age_seen: basket.age_seen,
            customer: &basket.customer,
            wish: &basket.wish,
            pricing: basket.pricing.as_ref(),
            prompts_made: &basket.prompts_made,
            promotions: record::kept(basket),
            rules: &basket.rules,
            digest: basket.digest.as_ref(),
            card: basket.card.as_ref(),
        })?;
        Ok(Self {
            transaction: basket.transaction.id,
            workstation: basket.transaction.workstation.clone(),
            version: basket.version,
            body,
        })
    }

    /// Reads a basket again. Its lines keep their prices, and all of it the taxes that it began
    /// with and the promotions that it used, so that it comes to what the customer was told; what
    /// is done with it from now on follows what is in force, as the screens show it.
    ///
    /// # Errors
    /// Where the body is not a draft, or one of a newer hub.
    pub fn open(body: &str, in_force: InForce) -> Result<Basket, DraftError> {
        let body: Body = serde_json::from_str(body)?;
        if body.format > DRAFT_FORMAT {
            return Err(DraftError::Format(body.format));
        }
        let opened = body.transaction.opened.date();
        let in_force = match body.taxes {
            Some(begun_with) => taxed_by(begun_with, &body.transaction, in_force),
            None => in_force,
        };
        let in_force = match &body.promotions {
            Some(kept) => record::reopened(kept, in_force),
            None => in_force,
        };
        Ok(Basket {
            transaction: body.transaction,
            version: body.version,
            absorbed: body.absorbed,
            recorded_modifiers: body.recorded_modifiers,
            customer: body.customer,
            wish: body.wish,
            pricing: body.pricing,
            evaluated: None,
            priced: 0,
            prompts: Vec::new(),
            offers: Vec::new(),
            prompts_made: body.prompts_made,
            rules: body.rules,
            digest: body.digest,
            card: body.card,
            day_in_force: body.day_in_force.unwrap_or(opened),
            undo: body.undo,
            age_seen: body.age_seen,
            in_force,
        })
    }
}

/// What is in force, with the taxes that a basket began with. A class that none of its lines has
/// and that had no name then is taxed as it is now.
fn taxed_by(mut taxes: TaxTable, transaction: &RetailTransaction, in_force: InForce) -> InForce {
    for (class, rate) in &in_force.rules.pricing.taxes.classes {
        if transaction.lines.iter().all(|line| line.tax_class != *class) {
            taxes.classes.entry(class.clone()).or_insert(*rate);
        }
    }
    let promotions = in_force.rules.pricing.promotions.clone();
    let pricing = Arc::new(PricingRules { taxes, promotions });
    let rules = Arc::new(RegisterRules { pricing, ..RegisterRules::clone(&in_force.rules) });
    InForce { rules, ..in_force }
}

/// What is remembered of a basket that is over, to answer a late or repeated command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedTransaction {
    /// Which.
    pub transaction: TransactionId,
    /// Every command it had absorbed; empty where they are no longer kept.
    pub absorbed: Vec<AbsorbedCommand>,
}

impl EndedTransaction {
    /// The command with this id.
    #[must_use]
    pub fn absorbed(&self, id: CommandId) -> Option<&AbsorbedCommand> {
        self.absorbed.iter().find(|absorbed| absorbed.id == id)
    }
}
