use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::basket::{AbsorbedCommand, Basket, Undo};
use super::rules::InForce;
use crate::transaction::{PriceModifier, RetailTransaction};
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
    recorded_modifiers: &'a [PriceModifier],
    absorbed: &'a [AbsorbedCommand],
    undo: &'a [Undo],
}

#[derive(Deserialize)]
struct Body {
    format: u32,
    transaction: RetailTransaction,
    version: u64,
    /// Drafts written before there was one were priced by their own day.
    #[serde(default)]
    day_in_force: Option<Date>,
    #[serde(default)]
    recorded_modifiers: Vec<PriceModifier>,
    absorbed: Vec<AbsorbedCommand>,
    undo: Vec<Undo>,
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
            recorded_modifiers: &basket.recorded_modifiers,
            absorbed: &basket.absorbed,
            undo: &basket.undo,
        })?;
        Ok(Self {
            transaction: basket.transaction.id,
            workstation: basket.transaction.workstation.clone(),
            version: basket.version,
            body,
        })
    }

    /// Reads a basket again; what is done with it from now on follows what is
    /// in force.
    ///
    /// # Errors
    /// Where the body is not a draft, or one of a newer hub.
    pub fn open(body: &str, in_force: InForce) -> Result<Basket, DraftError> {
        let body: Body = serde_json::from_str(body)?;
        if body.format > DRAFT_FORMAT {
            return Err(DraftError::Format(body.format));
        }
        let opened = body.transaction.opened.date();
        Ok(Basket {
            transaction: body.transaction,
            version: body.version,
            absorbed: body.absorbed,
            recorded_modifiers: body.recorded_modifiers,
            prompts: Vec::new(),
            day_in_force: body.day_in_force.unwrap_or(opened),
            undo: body.undo,
            in_force,
        })
    }
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
