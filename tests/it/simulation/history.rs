//! What the world outside was told and shown: the store is measured by it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use store_core::fact::{CommittedFact, Fact};
use store_core::inventory::{InventoryEffect, InventoryInput, InventoryMachine};
use store_core::register::{Answer, Command, CommandEnvelope, Outcome};
use store_core::safety_stock::{SafetyStockInput, SafetyStockMachine};
use store_core::{
    BootId, CommandId, JournalSequence, Machine, Money, Refusal, RefusalCode, StreamId,
    TransactionId, TransactionNumber, WorkstationId,
};
use store_journal::{Digest, Head, LedgerReads, SimulatedJournal, WriteError, Written};

use super::checks::{self, Check, Violation};
use super::events::Waiting;

/// A sale as the terminal was told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub workstation: WorkstationId,
    pub number: TransactionNumber,
    pub total: Money,
    /// The lines that counted on the screen from which it was completed.
    pub lines: usize,
}

/// A command as it was answered first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub version: u64,
    pub command: Command,
    pub outcome: Outcome,
}

#[derive(Debug, Default)]
pub struct History {
    /// The sales that terminals were told are completed.
    pub completed: BTreeMap<TransactionId, Told>,
    /// The first outcome of every command that a register answered.
    pub accepted: BTreeMap<TransactionId, BTreeMap<CommandId, Accepted>>,
    /// The movements and levels of stock that the back office was told are written.
    pub acknowledged: Vec<CommandId>,
    /// How often each receipt came out of the printer.
    pub printed: BTreeMap<TransactionId, u32>,
    /// The receipts of which the printer was not told.
    pub untold_receipts: Vec<TransactionId>,
    /// How many ends of transactions terminals were told.
    pub ended: u32,
    /// Every row that could ever be read, as headquarters would have it.
    pub rows: BTreeMap<(StreamId, JournalSequence), Digest>,
    /// The last day on which the hub saw a trusted clock: it survives a restart.
    pub last_trusted: Option<Date>,
    /// Whose prices hold for what a register opens at a moment of a boot.
    pub days: BTreeMap<(usize, BootId, u64), Date>,
    /// The stock and the alerts as the rows make them.
    pub stock: InventoryMachine,
    pub alerts: SafetyStockMachine,
    pub violation: Option<Violation>,
}

impl History {
    pub fn violate(&mut self, check: Check, detail: String) {
        self.violation.get_or_insert(Violation { check, detail });
    }

    /// A row can be read from now on.
    pub fn on_row(&mut self, head: Head) {
        let key = (head.stream, head.sequence);
        let before = *self.rows.entry(key).or_insert(head.digest);
        if before != head.digest {
            let detail =
                format!("row {} of stream {} became another", head.sequence.0, head.stream);
            self.violate(Check::RowsNeverChange, detail);
        }
    }

    pub fn on_written(&mut self, waiting: &Waiting, outcome: &Result<Written, WriteError>) {
        let Ok(Written::Committed { position, digest, repeated: false }) = outcome else { return };
        let (stream, sequence) = (position.stream, position.sequence);
        self.on_row(Head { stream, sequence, digest: *digest });
        let (Waiting::Promise { now, fact, .. } | Waiting::Office { now, fact, .. }) = waiting
        else {
            return;
        };
        let fact = fact.as_ref().clone();
        fold(
            &mut self.stock,
            &mut self.alerts,
            CommittedFact { position: *position, now: *now, fact },
        );
    }

    /// A register answers a command.
    pub fn on_answer(&mut self, sent: &CommandEnvelope, answer: &Result<Answer, Refusal>) {
        let known = self.accepted.entry(sent.transaction_id).or_default();
        let Some(first) = known.get(&sent.command_id) else {
            if let Ok(Answer::Command(answer)) = answer {
                let (version, command) = (sent.version, sent.command.clone());
                let accepted = Accepted { version, command, outcome: answer.outcome.clone() };
                let is_as_seen = accepted.outcome.version == version + 1;
                let detail = format!("{accepted:?} of basket {}", sent.transaction_id);
                known.insert(sent.command_id, accepted);
                if !is_as_seen {
                    self.violate(Check::DoneAsSeen, detail);
                }
            }
            return;
        };
        let is_same = first.version == sent.version && first.command == sent.command;
        let is_right = match answer {
            Ok(Answer::Command(answer)) => {
                is_same && answer.repeated && answer.outcome == first.outcome
            }
            Ok(Answer::Register(_) | Answer::Till(_)) => false,
            Err(refusal) if says_not_now(refusal.code) => true,
            Err(refusal) => !is_same && refusal.code == RefusalCode::CommandIdReused,
        };
        if !is_right {
            let (id, transaction) = (sent.command_id, sent.transaction_id);
            let detail = format!(
                "command {id} of {transaction} was {first:?}, then {:?} got {answer:?}",
                sent.command
            );
            self.violate(Check::FirstOutcomeStays, detail);
        }
    }

    /// The journal went back to a copy: what came after it is gone, by the manager's choice.
    pub fn roll_back(&mut self, journal: &SimulatedJournal) {
        let has_row = |id: &TransactionId| matches!(journal.transaction(*id), Ok(Some(_)));
        self.completed.retain(|id, _| has_row(id));
        self.accepted.retain(|id, _| has_row(id));
        self.printed.retain(|id, _| has_row(id));
        self.untold_receipts.clear();
        self.acknowledged.retain(|id| matches!(journal.row_of(*id), Ok(Some(_))));
        (self.stock, self.alerts) = Default::default();
        for row in checks::facts(journal) {
            fold(&mut self.stock, &mut self.alerts, row);
        }
    }
}

/// The stock and the alerts after one row more.
pub fn fold(stock: &mut InventoryMachine, alerts: &mut SafetyStockMachine, row: CommittedFact) {
    let now = row.now;
    if let Fact::SafetyStockSet(levels) = &row.fact {
        alerts.step(now, SafetyStockInput::LevelsSet(levels.clone()), &mut Vec::new());
    }
    let mut changed = Vec::new();
    stock.step(now, InventoryInput::Committed(row), &mut changed);
    for InventoryEffect::LevelChanged { item, on_hand, .. } in changed {
        alerts.step(now, SafetyStockInput::LevelChanged { item, on_hand }, &mut Vec::new());
    }
}

/// Refusals that say nothing about what became of the command.
const fn says_not_now(code: RefusalCode) -> bool {
    matches!(
        code,
        RefusalCode::RegisterBusy
            | RefusalCode::Stopping
            | RefusalCode::NotSignedOn
            | RefusalCode::OtherOperatorSignedOn
    )
}
