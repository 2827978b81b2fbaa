//! Between the registers' words and the journal's: what shells of every kind do alike, those on
//! actix and those of the simulation.

use std::collections::BTreeMap;

use store_core::day::DayState;
use store_core::fact::Fact;
use store_core::promotion::uses::{SalesSoFar, Sold};
use store_core::register::{
    AbsorbedCommand, BasketEvent, Command, DraftChange, EndedTransaction, Known, Outcome,
};
use store_core::till::TillEntry;
use store_core::transaction::RetailTransaction;
use store_core::{
    BusinessDay, CommandId, MemberId, Now, PromotionId, RefusalCode, TransactionId, WorkstationId,
};
use store_journal::{LedgerReads, PrintJob, ReadError, Write, WriteError};

/// A promise as it is written, with the receipt that a completed sale is to have.
///
/// # Errors
/// [`RefusalCode::JournalFailed`] where it has no written form.
pub fn append(
    id: CommandId,
    now: Now,
    fact: Fact,
    change: DraftChange,
    receipt: impl FnOnce(&RetailTransaction) -> PrintJob,
) -> Result<Write, RefusalCode> {
    let print = match &fact {
        Fact::SaleCompleted(sale) => Some(receipt(sale)),
        _ => None,
    };
    let draft = draft_change(change)?;
    Ok(Write::Append(Box::new(store_journal::Append { id, now, fact, draft, print })))
}

fn draft_change(change: DraftChange) -> Result<store_journal::DraftChange, RefusalCode> {
    Ok(match change {
        DraftChange::Keep => store_journal::DraftChange::Keep,
        DraftChange::Save(saved) => store_journal::DraftChange::Save(draft(saved)),
        DraftChange::End(ended, wish) => store_journal::DraftChange::End {
            wish,
            transaction: ended.transaction,
            absorbed: serde_json::to_string(&ended.absorbed)
                .map_err(|_| RefusalCode::JournalFailed)?,
        },
        DraftChange::Suspend(aside) => store_journal::DraftChange::Suspend(draft(aside)),
        DraftChange::Retrieve(back) => store_journal::DraftChange::Retrieve(draft(back)),
    })
}

/// A basket in progress as it is written.
#[must_use]
pub fn draft(draft: store_core::register::Draft) -> store_journal::Draft {
    store_journal::Draft {
        transaction: draft.transaction,
        workstation: draft.workstation,
        version: draft.version,
        body: draft.body,
    }
}

/// What sales have used of promotions, as a journal says it.
pub struct SoldInJournal<'a, J>(pub &'a J);

impl<J: LedgerReads> SalesSoFar for SoldInJournal<'_, J> {
    fn sold(&self, promotion: &PromotionId, day: BusinessDay) -> Result<Sold, RefusalCode> {
        self.0.promotion_sold(promotion, day).map_err(unread)
    }

    fn sold_to(&self, member: &MemberId) -> Result<BTreeMap<PromotionId, u32>, RefusalCode> {
        self.0.promotions_sold_to(member).map_err(unread)
    }

    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Result<u64, RefusalCode> {
        self.0.points_spent(member, day).map_err(unread)
    }

    fn is_coupon_used(&self, code: &str) -> Result<bool, RefusalCode> {
        self.0.is_coupon_used(code).map_err(unread)
    }
}

fn unread(error: ReadError) -> RefusalCode {
    tracing::error!(%error, "reading the uses of promotions");
    RefusalCode::JournalFailed
}

/// Why a write was not carried out, as the cashier is told.
#[must_use]
pub const fn refusal(error: &WriteError) -> RefusalCode {
    match error {
        WriteError::DiskFull => RefusalCode::DiskFull,
        WriteError::Declined(code) => *code,
        WriteError::Rejected(_) | WriteError::Failed(_) => RefusalCode::JournalFailed,
    }
}

/// What is remembered of a basket that is over. Of one that was over long ago only the journal's
/// row is left: then none of its commands is known any more, and it is over all the same.
///
/// # Errors
/// Where the journal cannot be read.
pub fn ended(
    journal: &impl LedgerReads,
    transaction: TransactionId,
) -> Result<Option<EndedTransaction>, ReadError> {
    if let Some(ended) = journal.ended(transaction)? {
        let absorbed = commands(&ended.absorbed);
        return Ok(Some(EndedTransaction { transaction, absorbed }));
    }
    let row = journal.transaction(transaction)?;
    Ok(row.map(|_| EndedTransaction { transaction, absorbed: Vec::new() }))
}

/// What the store knows of a transaction that is not the basket of the register that asks; with
/// the sale itself only where that is wanted.
///
/// # Errors
/// Where the journal cannot be read.
pub fn known(
    journal: &impl LedgerReads,
    transaction: TransactionId,
    with_sale: bool,
) -> Result<Known, ReadError> {
    if let Some(ended) = ended(journal, transaction)? {
        if !with_sale {
            return Ok(Known::Ended { ended, sale: None, post_void: None });
        }
        let sale = match journal.transaction(transaction)?.map(|row| row.fact) {
            Some(Fact::SaleCompleted(sale)) => Some(sale),
            _ => None,
        };
        let post_void = undone_by(journal, transaction)?.map(Box::new);
        return Ok(Known::Ended { ended, sale, post_void });
    }
    if let Some(aside) = journal.suspended_basket(transaction)? {
        return Ok(Known::Suspended(aside.draft.body));
    }
    Ok(match journal.draft_of(transaction)? {
        Some(draft) => Known::Elsewhere(absorbed_of(&draft.body)),
        None => Known::Nothing,
    })
}

/// The command that undid a sale, where one did.
fn undone_by(
    journal: &impl LedgerReads,
    sale: TransactionId,
) -> Result<Option<AbsorbedCommand>, ReadError> {
    let Some(row) = journal.post_void(sale)? else { return Ok(None) };
    let malformed = |reason: String| ReadError::Malformed { what: "a post-void", reason };
    let committed = row.committed().map_err(|error| malformed(error.to_string()))?;
    Ok(committed.and_then(|committed| match committed.fact {
        Fact::SalePostVoided(void) => Some(AbsorbedCommand {
            id: row.id,
            version: 0,
            outcome: Outcome { version: 0, event: BasketEvent::undoing(&void.sale) },
            command: Command::PostVoid { reason: void.reason },
        }),
        _ => None,
    }))
}

fn absorbed_of(body: &str) -> Vec<AbsorbedCommand> {
    serde_json::from_str::<DraftBody>(body).map(|body| body.absorbed).unwrap_or_default()
}

fn commands(json: &str) -> Vec<AbsorbedCommand> {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the commands of an ended basket do not parse");
        Vec::new()
    })
}

/// The till's entry that stands under an id; `command_id_reused` where something else does.
///
/// # Errors
/// That, or the journal cannot be read.
pub fn till_entry(fact: Option<Box<Fact>>) -> Result<Option<Box<TillEntry>>, RefusalCode> {
    match fact.map(|fact| *fact) {
        None => Ok(None),
        Some(Fact::Till(entry)) => Ok(Some(entry)),
        Some(_) => Err(RefusalCode::CommandIdReused),
    }
}

/// The fact that stands under an id.
///
/// # Errors
/// Where the journal cannot be read.
pub fn fact(journal: &impl LedgerReads, id: CommandId) -> Result<Option<Box<Fact>>, ReadError> {
    let Some(row) = journal.row_of(id)? else { return Ok(None) };
    let committed = row
        .committed()
        .map_err(|error| ReadError::Malformed { what: "a row", reason: error.to_string() })?;
    Ok(committed.map(|committed| Box::new(committed.fact)))
}

/// What the store's day is taken up from: the day that tills book on, unless it is closed, and the
/// tills of these registers.
///
/// # Errors
/// Where the journal cannot be read.
pub fn day(
    journal: &impl LedgerReads,
    registers: impl IntoIterator<Item = WorkstationId>,
) -> Result<DayState, ReadError> {
    let mut state = DayState::default();
    for workstation in registers {
        if journal.till(&workstation)?.open.is_some() {
            state.tills.insert(workstation);
        }
    }
    for day in journal.days()? {
        if day.is_closed {
            state.last_closed = Some(day.business_day);
            break;
        }
        // Days of a store without tills are neither opened nor closed.
        if state.open.is_none() && !journal.tills_of(day.business_day)?.is_empty() {
            let tills = journal.tills_of(day.business_day)?.into_iter();
            // Without a count a till is closed only with the day.
            let forced = tills.filter(|till| till.is_closed && till.till.count.is_none());
            state.forced = forced.map(|till| till.workstation).collect();
            state.open = Some(day.business_day);
        }
    }
    Ok(state)
}

#[derive(serde::Deserialize)]
struct DraftBody {
    absorbed: Vec<AbsorbedCommand>,
}

/// What one command did, if the basket has taken it in: from the draft, or from what was kept of
/// an ended basket.
///
/// # Errors
/// Where the journal cannot be read.
pub fn absorbed(
    journal: &impl LedgerReads,
    workstation: &WorkstationId,
    transaction: TransactionId,
    id: CommandId,
) -> Result<Option<AbsorbedCommand>, ReadError> {
    let draft = journal.draft(workstation)?.filter(|draft| draft.transaction == transaction);
    let absorbed = match draft {
        Some(draft) => absorbed_of(&draft.body),
        None => match journal.suspended_basket(transaction)? {
            Some(aside) => absorbed_of(&aside.draft.body),
            None => ended(journal, transaction)?.map(|ended| ended.absorbed).unwrap_or_default(),
        },
    };
    if let Some(found) = absorbed.into_iter().find(|absorbed| absorbed.id == id) {
        return Ok(Some(found));
    }
    Ok(undone_by(journal, transaction)?.filter(|undone| undone.id == id))
}
