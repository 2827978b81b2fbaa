//! Stores, link and headquarters, one seed, one thread: whatever is due next happens next.

use cloud_bridge::pump::Input;
use store_core::fact::{Fact, RowPosition};
use store_core::{CommandId, JournalSequence, TransactionId};
use store_journal::{Append, DraftChange, Ledger as _, LedgerReads as _, Write, Written};

use super::broker::Broker;
use super::checks::{Check, Violation};
use super::config::{Config, Plant};
use super::database::Database;
use super::events::Event;
use super::faults::{Counts, Fault};
use super::headquarters::Headquarters;
use super::history::History;
use super::hub::Hub;
use super::trade;
use crate::random::Random;
use crate::simulation::counts::Countable as _;
use crate::simulation::queue::Queue;

pub const CHAIN: &str = "chain";
/// Far more than any run has needed: a run that goes on longer goes in circles.
const EVENTS_MAX: u64 = 200_000;
/// As long may it take to come to rest: the longest waits of the pump, some of them in a row.
const REST_MS_MAX: u64 = 600_000;

pub struct World {
    pub config: Config,
    pub random: Random,
    pub queue: Queue<Event>,
    pub hubs: Vec<Hub>,
    pub broker: Broker,
    pub hq: Headquarters,
    pub counts: Counts,
    pub history: History,
    /// Nothing goes wrong any more, and nobody begins anything new.
    pub is_healing: bool,
    pub healing_since_ms: u64,
    events: u64,
    trace: Vec<String>,
}

/// What came of a run.
pub struct Report {
    pub counts: Counts,
    pub rows: u64,
    pub events: u64,
    /// From the end of the faults to rest.
    pub healing_ms: u64,
    pub violation: Option<Violation>,
    pub trace: Vec<String>,
}

/// Runs one seed to its end.
pub fn run(config: Config) -> Report {
    let mut world = World::new(config);
    world.live();
    if world.history.violation.is_none() {
        world.finish();
    }
    Report {
        counts: world.counts,
        rows: world.history.written,
        events: world.events,
        healing_ms: world.queue.now_ms - world.healing_since_ms,
        violation: world.history.violation,
        trace: world.trace,
    }
}

impl World {
    fn new(config: Config) -> Self {
        let database = Database::open(Plant::faults(config.plant));
        let mut world = Self {
            config,
            random: Random::new(config.seed),
            queue: Queue::default(),
            hubs: Vec::new(),
            broker: Broker { is_up: true, ..Broker::default() },
            hq: Headquarters::new(database),
            counts: Counts::default(),
            history: History::default(),
            is_healing: false,
            healing_since_ms: 0,
            events: 0,
            trace: Vec::new(),
        };
        (0..trade::STORES.len()).for_each(|store| world.open_hub(store));
        world.on_hq_back();
        world.queue.after(2_000, Event::Disaster);
        world
    }

    /// Until enough was written; then all of it comes to rest.
    fn live(&mut self) {
        while let Some(event) = self.queue.next() {
            self.events += 1;
            if self.config.is_traced && !matches!(event, Event::Tick(..)) {
                let line =
                    format!("{:>8} ms  {}", self.queue.now_ms, super::trace::describe(&event));
                self.trace.push(line);
            }
            let may_rest = self.is_healing && matches!(event, Event::Tick(..));
            self.happen(event);
            if self.history.violation.is_some() || (may_rest && self.is_at_rest()) {
                return;
            }
            let healing_ms = self.queue.now_ms - self.healing_since_ms;
            if self.events > EVENTS_MAX || (self.is_healing && healing_ms > REST_MS_MAX) {
                return self.history.violate(Check::ComesToRest, self.what_waits());
            }
            if !self.is_healing && self.history.written >= self.config.rows {
                self.heal();
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Trade(hub) => self.on_trade(hub),
            Event::Tick(hub, run) => self.on_tick(hub, run),
            Event::Pump(hub, run, input) => self.on_pump(hub, run, *input),
            Event::Connect(hub, attempt) => self.on_connect(hub, attempt),
            Event::PowerBack(hub) => self.on_power_back(hub),
            Event::LinkRestored(hub) => self.hubs[hub].is_cut = false,
            Event::AtBroker(link, message, how) => self.on_at_broker(link, message, how),
            Event::AtStore(link, down) => self.on_at_store(link, down),
            Event::Breaks(link) => self.break_link(link),
            Event::WillAtBroker(will) => {
                self.on_at_broker(0, will, super::events::Carriage::Plain);
            }
            Event::BrokerBack => self.on_broker_back(),
            Event::AtHq(run, message, how) => self.on_at_hq(run, &message, how),
            Event::Commit(run, worker) => self.on_commit(run, worker),
            Event::AckAtBroker(store, ack, how) => self.on_ack_at_broker(&store, &ack, how),
            Event::HqConnects(run) => self.on_hq_connects(run),
            Event::HqBack => self.on_hq_back(),
            Event::Disaster => self.on_disaster(),
            Event::Over(fault) => self.on_over(fault),
        }
    }

    fn on_trade(&mut self, hub: usize) {
        if self.is_healing {
            return;
        }
        let pause = self.random.between(300, 3_000);
        self.queue.after(pause, Event::Trade(hub));
        if self.hubs[hub].process.is_none() {
            return;
        }
        if self.random.chance(15) {
            // A message holds 64 rows at most: this is more than one.
            for _ in 0..self.random.between(65, 100) {
                let fact = trade::sign_on(&mut self.random);
                let id = CommandId::new(self.random.uuid());
                self.write(hub, id, fact);
            }
        }
        for _ in 0..self.random.between(1, 4) {
            self.write_one(hub);
        }
        let heads = self.hubs[hub].heads();
        self.step(hub, Input::Written(heads));
    }

    /// One row more, of whatever kind.
    pub fn write_one(&mut self, hub: usize) {
        if self.random.chance(300)
            && let Some(lost) = self.hubs[hub].lost.pop()
        {
            return self.ring_up_again(hub, lost);
        }
        let id = CommandId::new(self.random.uuid());
        let fact = if self.random.chance(600) {
            let transaction = TransactionId::new(self.random.uuid());
            self.sale(hub, transaction)
        } else {
            trade::other_fact(&mut self.random)
        };
        self.write(hub, id, fact);
    }

    fn sale(&mut self, hub: usize, transaction: TransactionId) -> Fact {
        let workstation = trade::register(&mut self.random);
        let hub = &self.hubs[hub];
        let number = hub.outbox.journal.last_number(&workstation).expect("a number").next();
        trade::sale(hub.store, transaction, workstation, number)
    }

    /// A terminal that never heard of an answer asks once more, by the same command or, for a
    /// sale, by another one.
    fn ring_up_again(&mut self, hub: usize, lost: Append) {
        let mut id = lost.id;
        let fact = match lost.fact.transaction() {
            Some(transaction) => {
                if self.random.chance(500) {
                    id = CommandId::new(self.random.uuid());
                }
                self.sale(hub, transaction)
            }
            None => lost.fact,
        };
        self.counts.injected(Fault::RungUpAgain);
        if self.write(hub, id, fact) {
            self.took_effect(Fault::RungUpAgain);
        }
    }

    /// Writes a row; false where the journal refused it, or had it.
    fn write(&mut self, hub: usize, id: CommandId, fact: Fact) -> bool {
        let now = trade::clock(self.queue.now_ms);
        let append = Append { id, now, fact, draft: DraftChange::Keep, print: None };
        let write = Write::Append(Box::new(append));
        let outcome = self.hubs[hub].outbox.journal.write_group(vec![write]).pop();
        let is_new = matches!(outcome, Some(Ok(Written::Committed { repeated: false, .. })));
        if is_new {
            self.record_last(hub);
        }
        is_new
    }

    /// The last row of a journal is a new one.
    pub fn record_last(&mut self, hub: usize) {
        let journal = &self.hubs[hub].outbox.journal;
        let head = journal.head().expect("a row");
        let sequence = JournalSequence(head.sequence.0 - 1);
        let before = RowPosition { stream: head.stream, sequence };
        let row = journal.rows(before, 1).expect("a row").pop().expect("a row");
        if self.history.on_row(self.hubs[hub].store, &row) && self.hubs.len() > 2 {
            self.took_effect(Fault::TwoOfOneFile);
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
}
