//! Those who follow the journal: the stock, the alerts that follow the stock, the printer.

use std::collections::VecDeque;
use std::sync::Arc;

use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::inventory::{FollowerEffect, FollowerInput, InventoryFollower};
use store_core::register::RegisterView;
use store_core::safety_stock::SafetyStockInput;
use store_core::{Machine as _, RefusalCode, TransactionId};
use store_journal::{
    LedgerReads as _, PrintChange, PrintState, SimulatedJournal, Write, facts_after,
};

use super::checks::Check;
use super::config::Plant;
use super::events::{Carriage, Event, Waiting};
use super::faults::Fault;
use super::world::World;

/// Few, so that reading what was missed takes several turns now and then.
const FACTS_MAX: usize = 3;
/// How often, in a thousand, the alerts cannot take the news.
const NOT_TAKEN: u64 = 15;

pub struct Printer {
    waiting: VecDeque<TransactionId>,
    is_printing: bool,
}

impl Printer {
    pub fn resume(journal: &SimulatedJournal) -> Self {
        let jobs = journal.print_jobs_open().expect("the print jobs").into_iter();
        let queued = jobs.filter(|job| job.state == PrintState::Queued);
        Self { waiting: queued.map(|job| job.transaction).collect(), is_printing: false }
    }

    pub fn has(&self, transaction: TransactionId) -> bool {
        self.waiting.contains(&transaction)
    }

    pub fn is_busy(&self) -> bool {
        self.is_printing || !self.waiting.is_empty()
    }
}

impl World {
    pub fn on_announced(&mut self, row: &CommittedFact, carriage: Carriage) {
        let Some(hub) = &mut self.hub else { return };
        let applied = hub.follower.stock().applied;
        let is_known = applied.is_some_and(|applied| {
            applied.stream == row.position.stream && row.position.sequence <= applied.sequence
        });
        match carriage {
            Carriage::Second if is_known => self.took_effect(Fault::AnnouncementDoubled),
            Carriage::Late if is_known => self.took_effect(Fault::AnnouncementLate),
            _ => {}
        }
        let mut row = row.clone();
        if self.config.plant == Some(Plant::StockMovedAtScan)
            && let Fact::SaleCompleted(sale) = &mut row.fact
        {
            sale.lines.clear();
        }
        self.follower_input(FollowerInput::Announced(Arc::new(row)));
    }

    pub fn on_read_after(&mut self, after: RowPosition) {
        let facts = facts_after(&self.journal, after, FACTS_MAX);
        let facts = facts.map_err(|_| RefusalCode::JournalFailed);
        let delay = self.random.below(3);
        self.queue.after(delay, Event::FactsRead(Box::new(facts)));
    }

    pub fn on_facts_read(&mut self, facts: Result<Vec<CommittedFact>, RefusalCode>) {
        self.follower_input(FollowerInput::Read(facts));
    }

    fn follower_input(&mut self, input: FollowerInput) {
        let now = self.now();
        let Some(hub) = &mut self.hub else { return };
        let mut effects = Vec::new();
        hub.follower.step(now, input, &mut effects);
        for effect in effects {
            match effect {
                FollowerEffect::ReadAfter(position) => {
                    self.queue.after(1, Event::ReadAfter(position));
                    let misses = self.hub.as_mut().map(|hub| &mut hub.misses_announcement);
                    if misses.is_some_and(std::mem::take) {
                        self.took_effect(Fault::AnnouncementLost);
                    }
                }
                FollowerEffect::Tell(news) => self.tell_alerts(news),
            }
        }
    }

    fn tell_alerts(&mut self, news: Vec<SafetyStockInput>) {
        let is_taken = !self.goes_wrong(Fault::NewsNotTaken, NOT_TAKEN);
        let Some(hub) = &mut self.hub else { return };
        let had_untold = std::mem::replace(&mut hub.has_untold_news, !is_taken);
        if !is_taken {
            return self.follower_input(FollowerInput::NotTold(news));
        }
        if had_untold {
            self.took_effect(Fault::NewsNotTaken);
        }
        self.queue.after(1, Event::News(news));
    }

    pub fn on_news(&mut self, news: Vec<SafetyStockInput>) {
        let now = self.now();
        let Some(hub) = &mut self.hub else { return };
        for news in news {
            hub.alerts.step(now, news, &mut Vec::new());
        }
    }

    /// Where the followers are up to date they say what the rows say.
    pub fn compare_followers(&mut self) {
        let Some(hub) = &self.hub else { return };
        let is_behind = hub.follower.stock().applied != self.history.stock.applied;
        if is_behind || hub.follower.is_reading() {
            return;
        }
        if hub.follower.stock().on_hand != self.history.stock.on_hand {
            let detail = format!(
                "the inventory has {:?}, the rows make it {:?}",
                hub.follower.stock().on_hand,
                self.history.stock.on_hand
            );
            return self.history.violate(Check::StockIsFold, detail);
        }
        let has_news = self.queue.holds(|event| matches!(event, Event::News(_)));
        if !hub.has_untold_news && !has_news && hub.alerts.raised != self.history.alerts.raised {
            let detail = format!(
                "the alerts are {:?}, the rows make them {:?}",
                hub.alerts.raised, self.history.alerts.raised
            );
            self.history.violate(Check::AlertsAreFold, detail);
        }
    }

    /// Plant: what was scanned leaves the stock at once.
    pub fn move_stock_at_scan(&mut self, view: &RegisterView) {
        let line = view.basket.as_ref().and_then(|basket| basket.lines.last());
        let (Some(line), Some(hub)) = (line, &mut self.hub) else { return };
        let mut stock = hub.follower.stock().clone();
        let before = stock.on_hand.get(&line.item).copied();
        let after =
            before.map_or(Ok(line.quantity.negated()), |it| it.add(line.quantity.negated()));
        stock.on_hand.insert(line.item.clone(), after.expect("a level"));
        hub.follower = InventoryFollower::new(stock);
    }

    pub fn on_receipt_queued(&mut self, transaction: TransactionId, carriage: Carriage) {
        let Some(hub) = &mut self.hub else { return };
        let is_known =
            hub.printer.has(transaction) || self.history.printed.contains_key(&transaction);
        hub.printer.waiting.push_back(transaction);
        if carriage == Carriage::Second && is_known {
            self.took_effect(Fault::ReceiptDoubled);
        }
        self.print_next();
    }

    /// Takes the next receipt that is to be printed and says so in the journal first.
    pub fn print_next(&mut self) {
        let Some(hub) = &mut self.hub else { return };
        while let (false, Some(next)) = (hub.printer.is_printing, hub.printer.waiting.front()) {
            let transaction = *next;
            let job = self.journal.print_job(transaction, 0).expect("a print job");
            if job.is_none_or(|job| job.state != PrintState::Queued) {
                hub.printer.waiting.pop_front();
                continue;
            }
            hub.printer.is_printing = true;
            let waiting = Waiting::PrintBegun(transaction);
            return self.write_soon(self.mark(transaction, PrintState::Printing), waiting);
        }
    }

    fn mark(&self, transaction: TransactionId, state: PrintState) -> Write {
        let at_ms = self.now().wall.as_millisecond();
        Write::Print {
            change: PrintChange::State { transaction, copy: 0, state, printer: None },
            at_ms,
        }
    }

    pub fn on_print_begun(&mut self, transaction: TransactionId, is_marked: bool) {
        let Some(hub) = &mut self.hub else { return };
        if !is_marked {
            hub.printer.is_printing = false;
            return self.queue.after(40, Event::PrinterRetry);
        }
        *self.history.printed.entry(transaction).or_default() += 1;
        let duration = self.random.between(5, 20);
        let write = self.mark(transaction, PrintState::Done);
        let write = Box::new((write, Waiting::PrintDone(transaction)));
        self.queue.after(duration, Event::Write(write));
    }

    pub fn on_print_done(&mut self, transaction: TransactionId) {
        let Some(hub) = &mut self.hub else { return };
        hub.printer.is_printing = false;
        if hub.printer.waiting.front() == Some(&transaction) {
            hub.printer.waiting.pop_front();
        }
        self.print_next();
    }
}
