//! What lies between the terminals and the hub, and between the hub's own actors.

use std::sync::Arc;

use store_core::TransactionId;
use store_core::fact::{CommittedFact, Fact};
use store_core::register::RegisterInput;

use super::events::{Ask, Attempt, Carriage, Event, Reply};
use super::faults::Fault;
use super::world::World;

/// How often, in a thousand, a message between terminal and hub is lost, doubled, late.
const LOST: u64 = 12;
const DOUBLED: u64 = 15;
const LATE: u64 = 15;
/// After so long without an answer a terminal asks again.
const NO_ANSWER_MS: u64 = 80;
/// How late a late message is: some arrive before the second attempt, most after.
const LATE_MS: (u64, u64) = (60, 900);
/// How often, in a thousand, an announcement between actors goes wrong, each way.
const ANNOUNCEMENT: u64 = 10;
/// How often, in a thousand, a register gets a reply twice.
const REPLY_TWICE: u64 = 20;

impl World {
    /// A client asks and will not wait for ever.
    pub fn ask(&mut self, attempt: Attempt, ask: Ask) {
        self.queue.after(NO_ANSWER_MS + self.random.below(20), Event::NoAnswer(attempt));
        if self.goes_wrong(Fault::MessageLost, LOST) {
            self.disasters.lost.insert(attempt);
            return;
        }
        let delay = self.random.between(1, 3);
        if self.goes_wrong(Fault::MessageDoubled, DOUBLED) {
            let second = Event::Ask(attempt, Box::new(ask.clone()), Carriage::Second);
            let later = delay + self.random.below(40);
            self.queue.after(later, second);
        }
        if self.goes_wrong(Fault::MessageLate, LATE) {
            let late = self.random.between(LATE_MS.0, LATE_MS.1);
            return self.queue.after(late, Event::Ask(attempt, Box::new(ask), Carriage::Late));
        }
        self.queue.after(delay, Event::Ask(attempt, Box::new(ask), Carriage::Plain));
    }

    /// The hub answers.
    pub fn reply(&mut self, attempt: Attempt, reply: Reply) {
        if self.goes_wrong(Fault::MessageLost, LOST) {
            self.disasters.lost.insert(attempt);
            return;
        }
        let late = if self.random.chance(5) { self.random.below(200) } else { 0 };
        let delay = self.random.between(1, 3) + late;
        self.queue.after(delay, Event::Reply(attempt, Box::new(reply)));
    }

    /// A register's own question comes back to it; now and then once more, much later.
    pub fn reply_to_register(&mut self, register: usize, input: RegisterInput) {
        let delay = self.random.below(2);
        if self.goes_wrong(Fault::ReplyStale, REPLY_TWICE) {
            let later = delay + self.random.between(2, 250);
            let again = Event::Register(register, Box::new(input.clone()), Carriage::Second);
            self.queue.after(later, again);
        }
        self.queue.after(delay, Event::Register(register, Box::new(input), Carriage::Plain));
    }

    /// A row is durable: those who follow the journal are told, and the printer.
    pub fn announce(&mut self, row: CommittedFact) {
        let receipt = match &row.fact {
            Fact::SaleCompleted(sale) => Some(sale.id),
            _ => None,
        };
        self.announce_row(Arc::new(row));
        if let Some(transaction) = receipt {
            self.announce_receipt(transaction);
        }
    }

    fn announce_row(&mut self, row: Arc<CommittedFact>) {
        if self.goes_wrong(Fault::AnnouncementLost, ANNOUNCEMENT) {
            if let Some(hub) = &mut self.hub {
                hub.misses_announcement = true;
            }
            return;
        }
        if self.goes_wrong(Fault::AnnouncementDoubled, ANNOUNCEMENT) {
            let later = self.random.between(1, 50);
            self.queue.after(later, Event::Announced(row.clone(), Carriage::Second));
        }
        if self.goes_wrong(Fault::AnnouncementLate, ANNOUNCEMENT) {
            let later = self.random.between(5, 80);
            return self.queue.after(later, Event::Announced(row, Carriage::Late));
        }
        self.queue.after(1, Event::Announced(row, Carriage::Plain));
    }

    fn announce_receipt(&mut self, transaction: TransactionId) {
        if self.goes_wrong(Fault::ReceiptNotTold, ANNOUNCEMENT) {
            self.history.untold_receipts.push(transaction);
            return;
        }
        if self.goes_wrong(Fault::ReceiptDoubled, ANNOUNCEMENT) {
            let later = self.random.between(1, 50);
            self.queue.after(later, Event::ReceiptQueued(transaction, Carriage::Second));
        }
        self.queue.after(1, Event::ReceiptQueued(transaction, Carriage::Plain));
    }
}
