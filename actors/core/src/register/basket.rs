use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card::PendingCard;
use super::command::Command;
use super::customer;
use super::event::Outcome;
use super::protocol::{ExplanationAsk, PromptAsk};
use super::record;
use super::rules::InForce;
use crate::buyer::{Ban, BuyerWish};
use crate::promotion::evaluate::NODES_TILL;
use crate::promotion::offers::TenderOffer;
use crate::promotion::prompts::{Prompt, PromptId};
use crate::promotion::set::PromotionSet;
use crate::promotion::uses::Hold;
use crate::promotion::{Evaluated, GoodsAttributes, Pricing, PricingContext, PricingRequest};
use crate::transaction::{
    Customer, LineItem, LineKind, PriceModifier, PromptMade, PromptOutcome, RetailTransaction,
};
use crate::{CommandId, LineNumber};

/// How many changes can be taken back: a cashier notices within a few; each one is kept in the
/// draft that is written at every scan.
pub const UNDO_DEPTH_MAX: usize = 20;

/// A command that a basket has taken in, with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsorbedCommand {
    /// Its id.
    pub id: CommandId,
    /// The version it was made for.
    pub version: u64,
    /// What it asked.
    pub command: Command,
    /// What it did.
    pub outcome: Outcome,
}

/// What takes one change back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "undo", rename_all = "snake_case")]
pub(super) enum Undo {
    /// The line is voided: it had been added.
    Added { line: LineNumber },
    /// The line becomes what it was.
    Changed { before: Box<LineItem> },
    /// The basket's last modifier goes.
    BasketModifier,
    /// What is known of the customer becomes what it was, but for how they mean to pay.
    Customer { before: Box<Customer> },
    /// What the buyer said becomes what it was.
    Buyer { ban: Option<Ban>, wish: BuyerWish },
}

/// A basket in progress.
#[derive(Clone, Debug)]
pub struct Basket {
    /// What is in it.
    pub transaction: RetailTransaction,
    /// Counts the accepted commands.
    pub version: u64,
    /// Every command that was accepted, in order.
    pub absorbed: Vec<AbsorbedCommand>,
    /// What the cashier took off the whole basket, as it was said: how much of it finds room is
    /// computed anew at every pricing.
    pub(super) recorded_modifiers: Vec<PriceModifier>,
    /// What is known of the customer.
    pub(super) customer: Customer,
    /// What the customer says about the invoice, but for a company's number: it goes nowhere else
    /// than into the draft, and with the sale into a table that can be erased.
    pub(super) wish: BuyerWish,
    /// What promotions do in it; nothing before it was priced with any.
    pub(super) pricing: Option<Pricing>,
    /// What its price was made of; nothing before it was priced by this process.
    pub(super) evaluated: Option<Arc<Evaluated>>,
    /// How often it was priced since it was opened or read: what is said about a price that does
    /// not hold any more is not shown.
    pub(super) priced: u64,
    /// What is worth saying next; worked out after every pricing, so not in the draft.
    pub(super) prompts: Vec<Prompt>,
    /// What other ways of paying would change, likewise.
    pub(super) offers: Vec<TenderOffer>,
    /// What the cashier was told to say.
    pub(super) prompts_made: Vec<PromptMade>,
    /// Once payment has begun: the promotions that its price depends on, as files write them.
    pub(super) rules: Vec<Value>,
    /// Once payment has begun: the digest of the promotions that were in force for its price.
    pub(super) digest: Option<Arc<str>>,
    /// The request to a terminal whose outcome is not known yet: until it is, nothing else is done.
    pub(super) card: Option<PendingCard>,
    /// The day whose prices it is sold at, fixed when it opened.
    pub(super) day_in_force: Date,
    pub(super) undo: Vec<Undo>,
    /// How old the cashier has seen that the customer is at least, in years; 0 before that.
    pub(super) age_seen: u8,
    /// What was in force when it opened.
    pub(super) in_force: InForce,
}

impl Basket {
    /// The command with this id, if the basket has taken it in.
    #[must_use]
    pub fn absorbed(&self, id: CommandId) -> Option<&AbsorbedCommand> {
        self.absorbed.iter().find(|absorbed| absorbed.id == id)
    }

    /// The basket without its absorbed commands, to try a command on.
    pub(super) fn working_copy(&self) -> Self {
        Self {
            transaction: self.transaction.clone(),
            version: self.version,
            absorbed: Vec::new(),
            recorded_modifiers: self.recorded_modifiers.clone(),
            customer: self.customer.clone(),
            wish: self.wish.clone(),
            pricing: self.pricing.clone(),
            evaluated: self.evaluated.clone(),
            priced: self.priced,
            prompts: self.prompts.clone(),
            offers: self.offers.clone(),
            prompts_made: self.prompts_made.clone(),
            rules: self.rules.clone(),
            digest: self.digest.clone(),
            card: self.card.clone(),
            day_in_force: self.day_in_force,
            undo: self.undo.clone(),
            age_seen: self.age_seen,
            in_force: self.in_force.clone(),
        }
    }

    pub(super) fn push_undo(&mut self, undo: Undo) {
        if self.undo.len() >= UNDO_DEPTH_MAX {
            self.undo.remove(0);
        }
        self.undo.push(undo);
    }

    pub(super) fn next_line(&self) -> LineNumber {
        LineNumber(self.transaction.lines.last().map_or(1, |line| line.line.0 + 1))
    }

    /// The promotions that it follows.
    pub(super) fn promotions(&self) -> &Arc<PromotionSet> {
        &self.in_force.rules.pricing.promotions
    }

    /// Whether any promotion could be used in it.
    pub(super) fn has_promotions(&self) -> bool {
        let set = self.promotions();
        !set.promotions().is_empty() || set.base_points().is_some()
    }

    /// The basket as it is to be priced, with lines of its own.
    pub(super) fn pricing_request(&self, lines: Vec<LineItem>) -> PricingRequest {
        let transaction = &self.transaction;
        let attributes = match self.promotions().promotions() {
            [] => Vec::new(),
            _ => lines.iter().map(|line| self.attributes(line)).collect(),
        };
        let context = PricingContext {
            tender_intended: self.customer.tender.clone(),
            member: customer::member(self),
            is_employee: self.customer.is_employee,
            coupons: self.customer.coupons.clone(),
            ..PricingContext::anonymous(transaction.opened, self.day_in_force)
        };
        PricingRequest {
            rules: self.in_force.rules.pricing.clone(),
            lines,
            attributes,
            basket_modifiers: self.recorded_modifiers.clone(),
            currency: transaction.currency,
            context,
            nodes_max: NODES_TILL,
        }
    }

    fn attributes(&self, line: &LineItem) -> GoodsAttributes {
        let item = self.in_force.catalogue.item(&line.item);
        item.map_or_else(GoodsAttributes::default, |item| GoodsAttributes {
            brand: item.brand.clone(),
            tags: item.shared_tags(),
        })
    }

    /// The basket as those look at it who work out what is worth saying. Nothing is about one in
    /// which goods come back, that has deposits or which the cashier lowered as a whole: what it
    /// would cost then is not what promotions alone make of it.
    pub(super) fn prompt_ask(&self) -> Option<PromptAsk> {
        let is_mixed = !self.recorded_modifiers.is_empty()
            || self
                .transaction
                .live_lines()
                .any(|line| line.kind == LineKind::Return || line.deposit_of.is_some());
        if is_mixed || self.is_tender_begun() || self.promotions().promotions().is_empty() {
            return None;
        }
        Some(PromptAsk {
            transaction: self.transaction.id,
            version: self.version,
            priced: self.priced,
            rules: self.in_force.rules.pricing.clone(),
            evaluated: self.evaluated.clone()?,
            nodes_max: NODES_TILL,
            catalogue: self.in_force.catalogue.clone(),
            tenders: self.in_force.rules.tenders.iter().map(|rule| rule.id.clone()).collect(),
            declined: self.declined(),
        })
    }

    /// The basket as an explanation of its price is worked out from it.
    pub(super) fn explanation_ask(&self) -> ExplanationAsk {
        let request = self.pricing_request(self.transaction.lines.clone());
        ExplanationAsk {
            transaction: self.transaction.id,
            business_day: self.transaction.business_day,
            request: PricingRequest { rules: record::priced_by(self), ..request },
        }
    }

    /// Takes over the prompts that were shown while the command was under way.
    pub(super) fn catch_up(&mut self, shown: &Self) {
        for made in &shown.prompts_made {
            if self.prompts_made.iter().all(|known| known.prompt != made.prompt) {
                self.prompts_made.push(made.clone());
            }
        }
    }

    /// The prompts that the customer did not want.
    pub(super) fn declined(&self) -> BTreeSet<PromptId> {
        let made = self.prompts_made.iter();
        let declined = made.filter(|made| made.outcome == PromptOutcome::Declined);
        declined.map(|made| made.prompt.clone()).collect()
    }

    /// What is held for it, where payment has begun.
    pub(super) fn hold(&self) -> Option<Hold> {
        let pricing = self.pricing.as_ref().filter(|_| self.is_tender_begun())?;
        let member = self.customer.member.clone();
        Some(Hold::of(pricing, self.transaction.business_day, member))
    }

    /// Whether a tender stands, or may: and so the price.
    pub(super) fn is_tender_begun(&self) -> bool {
        self.card.is_some() || self.transaction.live_tenders().next().is_some()
    }
}
