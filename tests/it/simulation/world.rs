//! One store, one seed, one thread: whatever is due next happens next.

use store_core::StreamId;
use store_journal::{LedgerReads as _, SimulatedJournal};

use super::checks::{self, Check, Violation};
use super::clock::Clock;
use super::config::Config;
use super::counts::Countable as _;
use super::disasters::Disasters;
use super::events::Event;
use super::faults::{Counts, Fault, is_complete};
use super::history::History;
use super::hub::Hub;
use super::office::Office;
use super::queue::Queue;
use super::shop::{REGISTERS, Shop};
use super::terminal::Terminal;
use super::trace::describe;
use crate::random::Random;

/// Far more than any run has needed: a run that goes on longer goes in circles.
const EVENTS_MAX: u64 = 400_000;

pub struct World {
    pub config: Config,
    pub shop: Shop,
    pub random: Random,
    pub queue: Queue<Event>,
    pub clock: Clock,
    /// The disk and what is on it.
    pub journal: SimulatedJournal,
    /// The process; none while it is down.
    pub hub: Option<Hub>,
    pub terminals: Vec<Terminal>,
    pub office: Office,
    pub disasters: Disasters,
    pub counts: Counts,
    pub history: History,
    /// Nothing goes wrong any more, and nobody begins anything new.
    pub is_healing: bool,
    pub events: u64,
    pub trace: Vec<String>,
}

/// What came of a run.
pub struct Report {
    pub counts: Counts,
    pub transactions: u64,
    pub events: u64,
    pub violation: Option<Violation>,
    pub trace: Vec<String>,
}

/// Runs one seed to its end.
pub fn run(shop: &Shop, config: Config) -> Report {
    let mut world = World::new(shop.clone(), config);
    world.sell();
    if world.history.violation.is_none() {
        world.close();
    }
    Report {
        counts: world.counts,
        transactions: u64::from(world.history.ended),
        events: world.events,
        violation: world.history.violation,
        trace: world.trace,
    }
}

impl World {
    fn new(shop: Shop, config: Config) -> Self {
        let mut random = Random::new(config.seed);
        let clock = Clock::new(random.uuid());
        let stream = StreamId::new(random.uuid());
        let store = shop.rules.store.clone();
        let journal = SimulatedJournal::new(store, "simulation", clock.read(0), stream);
        let journal = journal.expect("a new journal");
        let terminals = (0..REGISTERS).map(|register| Terminal::new(register, &mut random));
        let mut world = Self {
            terminals: terminals.collect(),
            config,
            shop,
            random,
            queue: Queue::default(),
            clock,
            journal,
            hub: None,
            office: Office::default(),
            disasters: Disasters::default(),
            counts: Counts::default(),
            history: History::default(),
            is_healing: false,
            events: 0,
            trace: Vec::new(),
        };
        world.history.on_row(world.journal.head().expect("a row"));
        world.boot();
        for client in 0..=REGISTERS {
            world.queue.after(client as u64, Event::Cashier(client));
        }
        world.queue.after(50, Event::Disaster);
        world
    }

    /// Until enough was sold and everything that must go wrong has; then all of it comes to rest.
    fn sell(&mut self) {
        while let Some(event) = self.queue.next() {
            self.events += 1;
            if self.config.is_traced {
                let line = format!("{:>8} ms  {}", self.queue.now_ms, describe(&event));
                self.trace.push(line);
            }
            self.happen(event);
            self.stop_if_quiet();
            if self.history.violation.is_some() {
                return;
            }
            if self.events > EVENTS_MAX {
                let detail = self.what_waits().unwrap_or_else(|| {
                    format!("{} transactions ended: {:?}", self.history.ended, self.counts)
                });
                return self.history.violate(Check::EverythingDrains, detail);
            }
            let is_enough = self.history.ended >= self.config.transactions;
            if is_enough && !self.is_healing && is_complete(&self.counts) {
                self.heal();
            }
        }
        if let Some(waits) = self.what_waits() {
            self.history.violate(Check::EverythingDrains, waits);
        }
    }

    /// Looks at the store as it stands, stops it by protocol, starts it again and looks once more.
    fn close(&mut self) {
        self.compare_followers();
        checks::check(self);
        if self.history.violation.is_some() {
            return;
        }
        self.stop();
        self.stop_if_quiet();
        self.sell();
        if self.history.violation.is_none() {
            self.compare_followers();
            checks::check_after_restart(self);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Cashier(client) => self.on_cashier(client),
            Event::NoAnswer(attempt) => self.on_no_answer(attempt),
            Event::Resend(attempt) => self.on_resend(attempt),
            Event::Reply(attempt, reply) => self.on_reply(attempt, *reply),
            Event::Ask(attempt, ask, carriage) => self.on_ask(attempt, *ask, carriage),
            Event::Register(register, input, carriage) => {
                self.on_register(register, *input, carriage);
            }
            Event::LookUp(register, ticket, transaction, with_sale) => {
                self.on_look_up(register, ticket, (transaction, with_sale));
            }
            Event::Write(write) => self.on_write(write.0, write.1),
            Event::CommitDone => self.on_commit_done(),
            Event::Written(outcomes) => self.on_written(outcomes),
            Event::Announced(row, carriage) => self.on_announced(&row, carriage),
            Event::ReadAfter(position) => self.on_read_after(position),
            Event::FactsRead(facts) => self.on_facts_read(*facts),
            Event::News(news) => self.on_news(news),
            Event::ReceiptQueued(transaction, carriage) => {
                self.on_receipt_queued(transaction, carriage);
            }
            Event::PrinterRetry => self.print_next(),
            Event::Disaster => self.on_disaster(),
            Event::Over(fault) => self.on_over(fault),
            Event::PowerBack => self.boot(),
        }
    }

    /// A fault mattered.
    pub fn took_effect(&mut self, fault: Fault) {
        self.counts.took_effect(fault);
        if self.config.is_traced {
            self.trace.push(format!("{:>11}  ! {} took effect", "", fault.name()));
        }
    }

    /// Whether a fault of so many in a thousand happens now; none does while all heals.
    pub fn goes_wrong(&mut self, fault: Fault, per_mille: u64) -> bool {
        let goes_wrong = !self.is_healing && self.random.chance(per_mille);
        if goes_wrong {
            self.counts.injected(fault);
        }
        goes_wrong
    }

    /// What is not at rest, when nothing is due any more.
    fn what_waits(&self) -> Option<String> {
        let Some(hub) = &self.hub else { return Some("the hub is down".to_owned()) };
        let terminal = self.terminals.iter().find_map(Terminal::what_waits);
        terminal.or_else(|| hub.what_waits()).or_else(|| self.office.what_waits())
    }
}
