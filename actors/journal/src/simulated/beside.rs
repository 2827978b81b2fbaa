use std::collections::BTreeMap;

use store_core::buyer::BuyerWish;
use store_core::fact::RowPosition;
use store_core::{OperatorId, RefusalCode, StreamId, TransactionId, WorkstationId};

use super::chain::Chain;
use crate::fold;
use crate::{
    AccessChange, Append, Draft, DraftChange, Ended, LinkCursor, Lockout, Operator, PrintChange,
    PrintJob, PrintState, Session, Suspended, WorkstationClaim, Write, WriteError, Written,
};

/// What stands beside the rows.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub drafts: BTreeMap<TransactionId, Draft>,
    pub suspended: BTreeMap<TransactionId, Suspended>,
    pub ended: BTreeMap<TransactionId, (Ended, i64)>,
    pub buyers: BTreeMap<TransactionId, BuyerWish>,
    pub print_jobs: BTreeMap<(TransactionId, u32), (PrintJob, i64)>,
    /// The jobs in the order in which they were queued.
    pub print_order: Vec<(TransactionId, u32)>,
    pub operators: BTreeMap<OperatorId, Operator>,
    pub claims: BTreeMap<WorkstationId, WorkstationClaim>,
    pub sessions: BTreeMap<String, Session>,
    pub lockouts: BTreeMap<String, Lockout>,
    pub settings: BTreeMap<String, String>,
    pub cursors: BTreeMap<StreamId, LinkCursor>,
}

type Outcome = Result<Written, WriteError>;

impl Beside {
    /// Carries out a write that leaves no row, beside these rows.
    pub fn apply(&mut self, write: &Write, chain: &Chain) -> Outcome {
        match write {
            Write::SaveDraft(draft) => {
                self.check_draft(draft, chain)?;
                self.drafts.insert(draft.transaction, draft.clone());
            }
            Write::Print { change, at_ms } => self.print(change, *at_ms)?,
            Write::Access(change) => self.access(change),
            Write::EraseBuyer(sale) => {
                self.buyers.remove(sale);
            }
            Write::Cursor(cursor) => {
                self.cursors.insert(cursor.stream, *cursor);
            }
            Write::Prune { before_ms } => self.prune(*before_ms),
            Write::Append(_) | Write::Diverge { .. } => {}
        }
        Ok(Written::Done)
    }

    /// Whether the draft of a promise may be so.
    pub fn check_change(&self, append: &Append, chain: &Chain) -> Result<(), WriteError> {
        match &append.draft {
            DraftChange::Keep | DraftChange::End { .. } => Ok(()),
            DraftChange::Save(draft) => self.check_draft(draft, chain),
            DraftChange::Suspend(draft) => {
                fold::suspended(append, draft)?;
                self.check_draft(draft, chain)
            }
            DraftChange::Retrieve(draft) if self.suspended.contains_key(&draft.transaction) => {
                self.check_open(draft, self.has_ended(draft.transaction, chain))
            }
            DraftChange::Retrieve(_) => Err(WriteError::Declined(RefusalCode::NotSuspended)),
        }
    }

    fn check_draft(&self, draft: &Draft, chain: &Chain) -> Result<(), WriteError> {
        let id = draft.transaction;
        self.check_open(draft, self.has_ended(id, chain) || self.suspended.contains_key(&id))
    }

    fn has_ended(&self, id: TransactionId, chain: &Chain) -> bool {
        self.ended.contains_key(&id) || chain.transactions.contains_key(&id)
    }

    fn check_open(&self, draft: &Draft, has_ended: bool) -> Result<(), WriteError> {
        let id = draft.transaction;
        let stored = self.drafts.get(&id);
        let stored = stored.map(|stored| (stored.version, stored.workstation.as_str()));
        fold::check_draft(draft, stored, has_ended)?;
        let is_elsewhere = self.drafts.values().any(|other| {
            other.workstation == draft.workstation && other.transaction != draft.transaction
        });
        if is_elsewhere {
            let text = format!("workstation {} has another basket open", draft.workstation);
            return Err(WriteError::Rejected(text));
        }
        Ok(())
    }

    /// What an append does beside the rows.
    pub fn follow(
        &mut self,
        append: &Append,
        position: Option<RowPosition>,
    ) -> Result<(), WriteError> {
        let at_ms = append.now.wall.as_millisecond();
        match &append.draft {
            DraftChange::Keep => {}
            DraftChange::Save(draft) => {
                self.drafts.insert(draft.transaction, draft.clone());
            }
            DraftChange::End { transaction, absorbed, wish } => {
                self.drafts.remove(transaction);
                if !wish.is_empty() {
                    self.buyers.insert(*transaction, wish.clone());
                }
                let ended = Ended { position, absorbed: absorbed.clone() };
                self.ended.insert(*transaction, (ended, at_ms));
            }
            DraftChange::Suspend(draft) => {
                let aside = fold::suspended(append, draft)?;
                self.drafts.remove(&draft.transaction);
                self.suspended.insert(draft.transaction, aside);
            }
            DraftChange::Retrieve(draft) => {
                self.suspended.remove(&draft.transaction);
                self.drafts.insert(draft.transaction, draft.clone());
            }
        }
        match &append.print {
            Some(job) => self.print(&PrintChange::Queue(job.clone()), at_ms),
            None => Ok(()),
        }
    }

    fn print(&mut self, change: &PrintChange, at_ms: i64) -> Result<(), WriteError> {
        match change {
            PrintChange::Queue(job) => {
                let key = (job.transaction, job.copy);
                if let std::collections::btree_map::Entry::Vacant(e) = self.print_jobs.entry(key) {
                    e.insert((job.clone(), at_ms));
                    self.print_order.push(key);
                }
            }
            PrintChange::State { transaction, copy, state, printer } => {
                let Some((job, changed)) = self.print_jobs.get_mut(&(*transaction, *copy)) else {
                    let text = format!("transaction {transaction} has no print job {copy}");
                    return Err(WriteError::Rejected(text));
                };
                job.state = *state;
                if let Some(printer) = printer {
                    job.printer = Some(printer.clone());
                }
                *changed = at_ms;
            }
        }
        Ok(())
    }

    fn prune(&mut self, before_ms: i64) {
        self.ended.retain(|_, (_, ended_ms)| *ended_ms >= before_ms);
        self.print_jobs.retain(|_, (job, at)| !job.state.is_settled() || *at >= before_ms);
        self.print_order.retain(|key| self.print_jobs.contains_key(key));
        self.sessions.retain(|_, session| session.expires_ms >= before_ms);
        self.lockouts.retain(|_, lockout| lockout.locked_until_ms >= before_ms);
    }

    fn access(&mut self, change: &AccessChange) {
        match change {
            AccessChange::PutOperator(operator) => {
                self.operators.insert(operator.id.clone(), operator.clone());
            }
            AccessChange::RemoveOperator(operator) => {
                self.operators.remove(operator);
            }
            AccessChange::Claim(claim) => {
                self.claims.retain(|_, other| other.token_hash != claim.token_hash);
                self.claims.insert(claim.workstation.clone(), claim.clone());
            }
            AccessChange::ReleaseClaim(workstation) => {
                self.claims.remove(workstation);
            }
            AccessChange::OpenSession(session) => {
                self.sessions.insert(session.token_hash.clone(), session.clone());
            }
            AccessChange::TouchSession { token_hash, last_seen_ms, expires_ms } => {
                if let Some(session) = self.sessions.get_mut(token_hash) {
                    session.last_seen_ms = *last_seen_ms;
                    session.expires_ms = *expires_ms;
                }
            }
            AccessChange::LockSession { token_hash, is_locked } => {
                if let Some(session) = self.sessions.get_mut(token_hash) {
                    session.is_locked = *is_locked;
                }
            }
            AccessChange::CloseSession(token_hash) => {
                self.sessions.remove(token_hash);
            }
            AccessChange::CloseSessionsAt(workstation) => {
                self.sessions.retain(|_, it| it.workstation.as_ref() != Some(workstation));
            }
            AccessChange::CloseSessionsOf(operator) => {
                self.sessions.retain(|_, it| it.operator != *operator);
            }
            AccessChange::PutLockout(lockout) => {
                self.lockouts.insert(lockout.key.clone(), lockout.clone());
            }
            AccessChange::ClearLockout(key) => {
                self.lockouts.remove(key);
            }
            AccessChange::PutSetting { key, value } => {
                self.settings.insert(key.clone(), value.clone());
            }
            AccessChange::RemoveSetting(key) => {
                self.settings.remove(key);
            }
            AccessChange::Together(changes) => changes.iter().for_each(|it| self.access(it)),
        }
    }

    /// What opening does: nobody knows how far a receipt came that was being printed.
    pub fn resume(&mut self) {
        for (job, _) in self.print_jobs.values_mut() {
            if job.state == PrintState::Printing {
                job.state = PrintState::Unknown;
            }
        }
    }

    /// What restoring does.
    pub fn begin_again(&mut self) {
        self.sessions.clear();
        self.claims.clear();
        self.drafts.clear();
        self.suspended.clear();
        for (job, _) in self.print_jobs.values_mut() {
            if !job.state.is_settled() {
                job.state = PrintState::Unknown;
            }
        }
    }
}
