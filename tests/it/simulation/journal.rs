//! The journal's shell: what waits goes into one commit, and who waited is told after it.

use store_core::fact::CommittedFact;
use store_core::inventory::InventoryMachine;
use store_core::register::RegisterInput;
use store_core::transaction::RetailTransaction;
use store_journal::{
    Ledger as _, LedgerReads as _, PrintJob, PrintState, SimulatedBackup, Write, WriteError,
    Written,
};

use super::config::Plant;
use super::events::{Event, Outcomes, Reply, Waiting};
use super::faults::Fault;
use super::world::World;
use store_actors::translate;

#[derive(Default)]
pub struct Writer {
    waiting: Vec<(Write, Waiting)>,
    under_way: Vec<(Write, Waiting)>,
    /// Committed, and nobody was told yet.
    pub is_untold: bool,
    /// Plant: the journal before the rows that can be read already and are not synced.
    pub before_rows: Option<SimulatedBackup>,
    /// Plant: the stock's table, as long as the rows written last are not in it.
    pub before_projection: Option<InventoryMachine>,
}

impl Writer {
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty() && !self.is_untold
    }

    /// Whether a power cut now would leave somebody without an answer.
    pub fn has_promise(&self) -> bool {
        let is_promise = |(write, _): &(Write, Waiting)| matches!(write, Write::Append(_));
        self.waiting.iter().chain(&self.under_way).any(is_promise)
    }
}

/// The print job of a sale; what is on the paper is not the simulation's question.
pub fn receipt(sale: &RetailTransaction) -> PrintJob {
    let document = String::new();
    PrintJob {
        transaction: sale.id,
        copy: 0,
        state: PrintState::Queued,
        document,
        workstation: Some(sale.workstation.clone()),
        printer: None,
    }
}

impl World {
    /// Sends a write to the journal.
    pub fn write_soon(&mut self, write: Write, waiting: Waiting) {
        let delay = self.random.below(2);
        self.queue.after(delay, Event::Write(Box::new((write, waiting))));
    }

    pub fn on_write(&mut self, write: Write, waiting: Waiting) {
        // The true answer comes later and is then a stale one.
        if let (Some(Plant::AnswerBeforeCommit), Waiting::Promise { register, ticket, .. }) =
            (self.config.plant, &waiting)
        {
            let told = RegisterInput::Committed { ticket: *ticket, repeated: false };
            self.reply_to_register(*register, told);
        }
        let Some(hub) = &mut self.hub else { return };
        hub.writer.waiting.push((write, waiting));
        if hub.writer.under_way.is_empty() && !hub.writer.is_untold {
            self.begin_commit();
        }
    }

    fn begin_commit(&mut self) {
        let Some(hub) = &mut self.hub else { return };
        hub.writer.under_way = std::mem::take(&mut hub.writer.waiting);
        let is_synced = hub.writer.under_way.iter().any(|(write, _)| write.needs_sync());
        let longest = if is_synced { 8 } else { 2 };
        let duration = self.random.between(1, longest);
        self.queue.after(duration, Event::CommitDone);
    }

    /// The group is durable, or it is not.
    pub fn on_commit_done(&mut self) {
        let Some(hub) = &mut self.hub else { return };
        let (writes, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut hub.writer.under_way).into_iter().unzip();
        match self.config.plant {
            Some(Plant::SequenceReusedAfterCut) => {
                hub.writer.before_rows = Some(self.journal.backup());
            }
            Some(Plant::ProjectionOutsideTransaction) => {
                hub.writer.before_projection = self.journal.inventory().ok();
            }
            _ => {}
        }
        hub.writer.is_untold = true;
        let outcomes = self.journal.write_group(writes);
        let outcomes: Outcomes = waiting.into_iter().zip(outcomes).collect();
        self.look_at(&outcomes);
        let delay = self.random.below(2);
        self.queue.after(delay, Event::Written(outcomes));
    }

    /// What the world learns of a commit before anybody was told.
    fn look_at(&mut self, outcomes: &Outcomes) {
        let has_failed = |(_, outcome): &(_, Result<_, WriteError>)| {
            matches!(outcome, Err(WriteError::Failed(_)))
        };
        let is_one_by_one = self.disasters.failing_group && outcomes.len() > 1;
        self.disasters.failing_group = false;
        if is_one_by_one || outcomes.iter().any(has_failed) {
            self.took_effect(Fault::GroupFailed);
        }
        for (waiting, outcome) in outcomes {
            self.history.on_written(waiting, outcome);
            match (waiting, outcome) {
                (Waiting::Draft { .. }, Err(WriteError::DiskFull)) => {
                    self.took_effect_once(Fault::DiskFullForDrafts);
                }
                (_, Err(WriteError::DiskFull)) => self.took_effect_once(Fault::DiskFull),
                (
                    Waiting::Promise { now, .. } | Waiting::Office { now, .. },
                    Ok(Written::Committed { position, repeated: false, .. }),
                ) => self.on_row_written(*now, *position),
                _ => {}
            }
        }
    }

    /// Everybody who waited for the group is told.
    pub fn on_written(&mut self, outcomes: Outcomes) {
        let Some(hub) = &mut self.hub else { return };
        hub.writer.is_untold = false;
        hub.writer.before_rows = None;
        hub.writer.before_projection = None;
        if !hub.writer.waiting.is_empty() {
            self.begin_commit();
        }
        for (waiting, outcome) in outcomes {
            self.tell(waiting, outcome);
        }
    }

    fn tell(&mut self, waiting: Waiting, outcome: Result<Written, WriteError>) {
        let code = outcome.as_ref().err().map(translate::refusal);
        match waiting {
            Waiting::Draft { register, attempt } => {
                let input = match code {
                    None => RegisterInput::DraftSaved { attempt },
                    Some(code) => RegisterInput::DraftFailed { attempt, code },
                };
                self.reply_to_register(register, input);
            }
            Waiting::Promise { register, ticket, now, fact } => {
                let input = match (outcome, code) {
                    (Ok(Written::Committed { position, repeated, .. }), _) => {
                        if !repeated {
                            self.announce(CommittedFact { position, now, fact: *fact });
                        }
                        RegisterInput::Committed { ticket, repeated }
                    }
                    (_, code) => {
                        let code = code.unwrap_or(store_core::RefusalCode::JournalFailed);
                        RegisterInput::AppendFailed { ticket, code }
                    }
                };
                self.reply_to_register(register, input);
            }
            Waiting::Office { attempt, now, fact } => {
                if let Ok(Written::Committed { position, repeated: false, .. }) = outcome {
                    self.announce(CommittedFact { position, now, fact: *fact });
                }
                self.reply(attempt, Reply::Appended(code.map_or(Ok(()), Err)));
            }
            Waiting::PrintBegun(transaction) => self.on_print_begun(transaction, code.is_none()),
            Waiting::PrintDone(transaction) => self.on_print_done(transaction),
            Waiting::Nobody => {}
        }
    }
}
