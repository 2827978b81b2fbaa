//! What happened and is promised: the domain's side of a journal row.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::card::{CardDecision, CardRequest, CardSlip};
use crate::day::DayClosed;
use crate::inventory::StockMovement;
use crate::permission::Permission;
use crate::safety_stock::SafetyStockLevel;
use crate::till::TillEntry;
use crate::transaction::{RetailTransaction, Tender};
use crate::{
    CardRequestId, JournalSequence, Now, OperatorId, ReasonCode, StreamId, TransactionId,
    WorkstationId,
};

/// One promise. A row of the journal is a fact with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Somebody signed on at a register.
    OperatorSignedOn {
        /// Where.
        workstation: WorkstationId,
        /// Who.
        operator: OperatorId,
    },
    /// Somebody signed off.
    OperatorSignedOff {
        /// Where.
        workstation: WorkstationId,
        /// Who.
        operator: OperatorId,
    },
    /// Somebody took a register over from somebody else in mid-shift, with its open basket.
    OperatorChanged {
        /// Where.
        workstation: WorkstationId,
        /// Who works there now.
        operator: OperatorId,
        /// Who worked there before.
        before: OperatorId,
        /// The basket that went along.
        transaction: Option<TransactionId>,
    },
    /// Somebody set the store's time by hand, while the clock was not trusted.
    TimeSet {
        /// Where, if at a register.
        workstation: Option<WorkstationId>,
        /// Who.
        operator: OperatorId,
        /// Who approved it, where they may not alone.
        approved_by: Option<OperatorId>,
        /// What time it was until then.
        before: Timestamp,
        /// What time it is.
        after: Timestamp,
    },
    /// Somebody asked for what they may not do, and it was not done.
    PermissionRefused {
        /// Where, if at a register.
        workstation: Option<WorkstationId>,
        /// Who asked.
        operator: OperatorId,
        /// What they lack.
        permission: Permission,
        /// The basket that it was asked for.
        transaction: Option<TransactionId>,
    },
    /// Something was taken as payment for a basket that is not completed yet.
    TenderTaken {
        /// The basket.
        transaction: TransactionId,
        /// Where.
        workstation: WorkstationId,
        /// By whom.
        operator: OperatorId,
        /// What.
        tender: Tender,
    },
    /// A tender was handed back before completion.
    TenderVoided {
        /// The basket.
        transaction: TransactionId,
        /// Where.
        workstation: WorkstationId,
        /// By whom.
        operator: OperatorId,
        /// The tender's number in the basket.
        number: u32,
        /// What a terminal said of giving it back, where one did.
        card: Option<CardSlip>,
    },
    /// Something is about to be asked of a payment terminal: durable before its first byte leaves.
    CardRequested {
        /// The basket.
        transaction: TransactionId,
        /// Where.
        workstation: WorkstationId,
        /// By whom.
        operator: OperatorId,
        /// What.
        request: CardRequest,
    },
    /// A request to a terminal was not carried out.
    CardDeclined {
        /// The basket.
        transaction: TransactionId,
        /// Where.
        workstation: WorkstationId,
        /// By whom.
        operator: OperatorId,
        /// Which request.
        request: CardRequestId,
        /// Why, as a code.
        code: Arc<str>,
        /// Who said so.
        decision: CardDecision,
    },
    /// A sale: paid for, numbered, final.
    SaleCompleted(Box<RetailTransaction>),
    /// A basket that did not become a sale.
    SaleAbandoned {
        /// The basket as it stood.
        transaction: Box<RetailTransaction>,
        /// Why.
        reason: ReasonCode,
    },
    /// A basket was put aside: any register of the store may go on with it.
    BasketSuspended {
        /// The basket as it stood.
        transaction: Box<RetailTransaction>,
        /// By whom.
        operator: OperatorId,
    },
    /// A basket that had been put aside goes on.
    BasketRetrieved {
        /// Which.
        transaction: TransactionId,
        /// Where.
        workstation: WorkstationId,
        /// By whom.
        operator: OperatorId,
    },
    /// A sale of this business day was undone as a whole: the goods are back, and so is what was
    /// paid.
    SalePostVoided(Box<PostVoid>),
    /// Stock came, went or was counted otherwise than by a sale.
    StockMoved(StockMovement),
    /// The levels at which somebody is told, for some items.
    SafetyStockSet(Vec<SafetyStockLevel>),
    /// Something happened at a till, otherwise than by a sale.
    Till(Box<TillEntry>),
    /// The store's business day is over.
    BusinessDayClosed(DayClosed),
}

/// A completed sale that was undone as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostVoid {
    /// The sale as it was completed.
    pub sale: RetailTransaction,
    /// Where it was undone.
    pub workstation: WorkstationId,
    /// By whom.
    pub operator: OperatorId,
    /// Who approved it, where they could not alone.
    pub approved_by: Option<OperatorId>,
    /// Why.
    pub reason: ReasonCode,
}

impl Fact {
    /// The kind, as it stands in the journal's column and on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OperatorSignedOn { .. } => "operator_signed_on",
            Self::OperatorSignedOff { .. } => "operator_signed_off",
            Self::OperatorChanged { .. } => "operator_changed",
            Self::TimeSet { .. } => "time_set",
            Self::PermissionRefused { .. } => "permission_refused",
            Self::TenderTaken { .. } => "tender_taken",
            Self::TenderVoided { .. } => "tender_voided",
            Self::CardRequested { .. } => "card_requested",
            Self::CardDeclined { .. } => "card_declined",
            Self::SaleCompleted(_) => "sale_completed",
            Self::SaleAbandoned { .. } => "sale_abandoned",
            Self::BasketSuspended { .. } => "basket_suspended",
            Self::BasketRetrieved { .. } => "basket_retrieved",
            Self::SalePostVoided(_) => "sale_post_voided",
            Self::StockMoved(_) => "stock_moved",
            Self::SafetyStockSet(_) => "safety_stock_set",
            Self::Till(entry) => entry.event.kind(),
            Self::BusinessDayClosed(_) => "business_day_closed",
        }
    }

    /// The transaction it speaks of.
    #[must_use]
    pub fn transaction(&self) -> Option<TransactionId> {
        match self {
            Self::TenderTaken { transaction, .. }
            | Self::TenderVoided { transaction, .. }
            | Self::CardRequested { transaction, .. }
            | Self::CardDeclined { transaction, .. }
            | Self::BasketRetrieved { transaction, .. } => Some(*transaction),
            Self::SaleCompleted(transaction)
            | Self::SaleAbandoned { transaction, .. }
            | Self::BasketSuspended { transaction, .. } => Some(transaction.id),
            Self::SalePostVoided(void) => Some(void.sale.id),
            Self::PermissionRefused { transaction, .. }
            | Self::OperatorChanged { transaction, .. } => *transaction,
            _ => None,
        }
    }
}

/// Where a fact stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPosition {
    /// The stream.
    pub stream: StreamId,
    /// The row's number in it.
    pub sequence: JournalSequence,
}

/// A fact that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedFact {
    /// Its place.
    pub position: RowPosition,
    /// When it was decided.
    pub now: Now,
    /// What happened.
    pub fact: Fact,
}
