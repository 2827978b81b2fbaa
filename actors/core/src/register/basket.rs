use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::{Command, Outcome};
use super::rules::InForce;
use crate::promotion::Prompt;
use crate::transaction::{LineItem, PriceModifier, RetailTransaction};
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
    /// What is worth saying next; made anew at every pricing, so not in the draft.
    pub(super) prompts: Vec<Prompt>,
    /// The day whose prices it is sold at, fixed when it opened.
    pub(super) day_in_force: Date,
    pub(super) undo: Vec<Undo>,
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
            prompts: self.prompts.clone(),
            day_in_force: self.day_in_force,
            undo: self.undo.clone(),
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

    /// Whether a tender stands, and so the price.
    pub(super) fn is_tender_begun(&self) -> bool {
        self.transaction.live_tenders().next().is_some()
    }
}
