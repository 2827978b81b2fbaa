//! The hub's process: the machines that run in production, and shells that do what the actix
//! shells do.

use std::collections::BTreeMap;

use jiff::civil::Date;
use store_actors::translate::{self, SoldInJournal};
use store_core::inventory::InventoryFollower;
use store_core::promotion::uses::PromotionUses;
use store_core::register::{
    Answer, BasketEvent, CommandEnvelope, Known, RegisterEffect, RegisterInput, RegisterMachine,
    RegisterState, SignedOn, Ticket,
};
use store_core::safety_stock::SafetyStockMachine;
use store_core::{
    BootId, Machine as _, Now, Refusal, RefusalCode, TransactionId, TransactionNumber,
};
use store_journal::{LedgerReads as _, SimulatedJournal, Write};

use super::checks::Check;
use super::config::Plant;
use super::events::{Ask, Attempt, Carriage, Event, Reply, Waiting};
use super::faults::Fault;
use super::followers::Printer;
use super::journal::{Writer, receipt};
use super::shop::{REGISTERS, Shop, workstation};
use super::world::World;

pub struct Hub {
    pub registers: Vec<Register>,
    pub writer: Writer,
    pub follower: InventoryFollower,
    pub uses: PromotionUses,
    pub alerts: SafetyStockMachine,
    pub printer: Printer,
    /// It takes nothing new and stops when nothing is under way.
    pub is_stopping: bool,
    pub misses_announcement: bool,
    /// The alerts could not take the last news.
    pub has_untold_news: bool,
}

pub struct Register {
    pub machine: RegisterMachine,
    replies: BTreeMap<Ticket, Asked>,
    next_ticket: u64,
    /// Writes that it has not heard of yet: it may not have two.
    writes: u32,
    /// The last day on which it saw a trusted clock.
    last_trusted: Option<Date>,
    /// The draft could not be written when the hub was closing.
    pub has_given_up: bool,
}

struct Asked {
    attempt: Attempt,
    carriage: Carriage,
    sent: Option<CommandEnvelope>,
}

impl Hub {
    /// As it resumes from what the journal holds.
    fn resume(shop: &Shop, journal: &SimulatedJournal, last_trusted: Option<Date>) -> Self {
        let registers = (0..REGISTERS).map(|at| Register::resume(shop, journal, at, last_trusted));
        let registers: Vec<Register> = registers.collect();
        let holds = registers.iter().filter_map(|register| register.machine.hold());
        let inventory = journal.inventory().expect("the stock");
        Self {
            uses: PromotionUses::restored(holds),
            registers,
            writer: Writer::default(),
            follower: InventoryFollower::new(inventory),
            alerts: journal.safety_stock().expect("the alerts"),
            printer: Printer::resume(journal),
            is_stopping: false,
            misses_announcement: false,
            has_untold_news: false,
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.writer.is_idle() && self.registers.iter().all(|it| it.machine.queue_length() == 0)
    }

    /// What is not at rest.
    pub fn what_waits(&self) -> Option<String> {
        let mut registers = self.registers.iter().enumerate();
        if let Some((at, _)) = registers.find(|(_, it)| it.machine.queue_length() > 0) {
            return Some(format!("register {at} waits for a reply"));
        }
        if !self.writer.is_idle() {
            return Some("the journal has something to write".to_owned());
        }
        if self.follower.is_reading() {
            return Some("the inventory waits for rows".to_owned());
        }
        self.printer.is_busy().then(|| "the printer has something to print".to_owned())
    }
}

impl Register {
    fn resume(
        shop: &Shop,
        journal: &SimulatedJournal,
        register: usize,
        last_trusted: Option<Date>,
    ) -> Self {
        let workstation = workstation(register);
        let record = journal.register(&workstation).expect("a register");
        let operator = record.as_ref().and_then(|record| record.operator.clone());
        let draft = journal.draft(&workstation).expect("a draft");
        let state = RegisterState {
            signed_on: operator
                .map(|operator| SignedOn { name: operator.as_str().into(), operator }),
            draft: draft.map(|draft| draft.body),
            last_number: record.map_or(TransactionNumber(0), |record| record.last_number),
            till: journal.till(&workstation).expect("a till"),
        };
        let (rules, catalogue) = (shop.rules.clone(), shop.catalogue.clone());
        let machine = RegisterMachine::restore(workstation, rules, catalogue, state);
        let machine = machine.expect("a draft that was written can be read");
        Self {
            machine: machine.with_last_trusted(last_trusted),
            replies: BTreeMap::new(),
            next_ticket: 0,
            writes: 0,
            last_trusted,
            has_given_up: false,
        }
    }

    fn hear(&mut self, input: &RegisterInput, is_stopping: bool) {
        match input {
            RegisterInput::DraftFailed { .. } => self.has_given_up = is_stopping,
            RegisterInput::DraftSaved { .. }
            | RegisterInput::Committed { .. }
            | RegisterInput::AppendFailed { .. } => {}
            _ => return,
        }
        self.writes = self.writes.saturating_sub(1);
    }

    /// Whether somebody waits for an answer.
    pub fn has_asked(&self) -> bool {
        !self.replies.is_empty()
    }

    /// The basket in memory: all that its terminal was told of.
    pub fn basket(&self) -> Option<(TransactionId, u64)> {
        self.machine.basket().map(|basket| (basket.transaction.id, basket.version))
    }
}

impl World {
    pub fn now(&self) -> Now {
        self.clock.read(self.queue.now_ms)
    }

    /// The process starts.
    pub fn boot(&mut self) {
        self.queue.run += 1;
        self.clock.boot = BootId::new(self.random.uuid()).uuid();
        self.clock.booted_ms = self.queue.now_ms;
        let mut hub = Hub::resume(&self.shop, &self.journal, self.history.last_trusted);
        if let Some(stock) = self.disasters.stale_stock.take() {
            hub.follower = InventoryFollower::new(stock);
        }
        if hub.registers.iter().any(|register| register.basket().is_some())
            && std::mem::take(&mut self.disasters.was_stopped)
        {
            self.took_effect(Fault::Restart);
        }
        let untold = std::mem::take(&mut self.history.untold_receipts);
        for _ in untold.iter().filter(|id| hub.printer.has(**id)) {
            self.took_effect(Fault::ReceiptNotTold);
        }
        self.hub = Some(hub);
        self.print_next();
    }

    /// Something arrives from the network.
    pub fn on_ask(&mut self, attempt: Attempt, ask: Ask, carriage: Carriage) {
        let now = self.now();
        let Some(hub) = &self.hub else { return };
        if let Ask::Append(id, fact) = ask {
            let write = translate::append(id, now, *fact.clone(), keep(), receipt);
            let waiting = Waiting::Office { attempt, now, fact };
            return self.write_soon(write.expect("a promise that can be written"), waiting);
        }
        let view = hub.registers[attempt.client].machine.view(now);
        match ask {
            _ if hub.is_stopping => {
                self.reply(attempt, Reply::Refused(RefusalCode::Stopping.into(), view));
            }
            Ask::Look => self.reply(attempt, Reply::View(view)),
            Ask::Outcome(transaction, id) => {
                let at = workstation(attempt.client);
                let found = translate::absorbed(&self.journal, &at, transaction, id);
                let outcome = found.expect("a command").map(|absorbed| absorbed.outcome);
                self.reply(attempt, Reply::Outcome(outcome, view));
            }
            Ask::Append(..) => {}
            Ask::Request(request) => {
                let ask = Ask::Request(request);
                if carriage == Carriage::Late && self.is_overtaken(attempt.client, &ask) {
                    self.took_effect(Fault::MessageLate);
                }
                self.request(attempt, ask, carriage);
            }
        }
    }

    /// Whether what came late came after something that it should have preceded.
    fn is_overtaken(&self, register: usize, ask: &Ask) -> bool {
        let (Some(envelope), Some(hub)) = (ask.envelope(), &self.hub) else { return false };
        match hub.registers[register].basket() {
            Some((id, version)) if id == envelope.transaction_id => version > envelope.version + 1,
            _ => matches!(self.journal.transaction(envelope.transaction_id), Ok(Some(_))),
        }
    }

    fn request(&mut self, attempt: Attempt, ask: Ask, carriage: Carriage) {
        let sent = ask.envelope().cloned();
        let (Ask::Request(request), Some(hub)) = (ask, &mut self.hub) else { return };
        let register = &mut hub.registers[attempt.client];
        register.next_ticket += 1;
        let ticket = Ticket(register.next_ticket);
        register.replies.insert(ticket, Asked { attempt, carriage, sent });
        self.register_input(attempt.client, RegisterInput::Request { ticket, request });
    }

    /// A reply reaches a register.
    pub fn on_register(&mut self, at: usize, input: RegisterInput, carriage: Carriage) {
        let Some(hub) = &mut self.hub else { return };
        let register = &mut hub.registers[at];
        if carriage == Carriage::Second && register.machine.queue_length() > 0 {
            self.took_effect(Fault::ReplyStale);
        } else if carriage == Carriage::Plain {
            register.hear(&input, hub.is_stopping);
        }
        self.register_input(at, input);
    }

    pub fn register_input(&mut self, at: usize, input: RegisterInput) {
        let now = self.now();
        let Some(hub) = &mut self.hub else { return };
        let register = &mut hub.registers[at];
        if now.clock_trusted {
            register.last_trusted = Some(now.date());
            self.history.last_trusted = register.last_trusted;
        }
        if let RegisterInput::LookedUp { .. } = input {
            let day = now.day_in_force(register.last_trusted);
            self.history.days.insert((at, now.boot, now.monotonic_ms), day);
        }
        let mut effects = Vec::new();
        register.machine.step(now, input, &mut effects);
        for effect in effects {
            self.perform(at, effect);
        }
    }

    /// A register is never more than one write ahead of the journal. (Planted answers come before
    /// the write they answer.)
    fn expect_one_write(&mut self, register: usize) {
        let Some(hub) = &mut self.hub else { return };
        hub.registers[register].writes += 1;
        let is_planted = self.config.plant == Some(Plant::AnswerBeforeCommit);
        if hub.registers[register].writes > 1 && !is_planted {
            let detail = format!("register {register} writes before its last write is answered");
            self.history.violate(Check::DraftsAreKept, detail);
        }
    }

    fn perform(&mut self, register: usize, effect: RegisterEffect) {
        if matches!(effect, RegisterEffect::SaveDraft { .. } | RegisterEffect::Append { .. }) {
            self.expect_one_write(register);
        }
        match effect {
            RegisterEffect::Answer { ticket, answer } => self.answer(register, ticket, *answer),
            RegisterEffect::SaveDraft { attempt, draft } => {
                let waiting = Waiting::Draft { register, attempt };
                self.write_soon(Write::SaveDraft(translate::draft(draft)), waiting);
            }
            RegisterEffect::Append { ticket, id, now, fact, draft } => {
                let waiting = Waiting::Promise { register, ticket, now, fact: fact.clone() };
                match translate::append(id, now, *fact, draft, receipt) {
                    Ok(write) => self.write_soon(write, waiting),
                    Err(code) => {
                        let input = RegisterInput::AppendFailed { ticket, code };
                        self.reply_to_register(register, input);
                    }
                }
            }
            RegisterEffect::LookUp { ticket, transaction, with_sale } => {
                let delay = self.random.below(2);
                let look_up = Event::LookUp(register, ticket, transaction, with_sale);
                self.queue.after(delay, look_up);
            }
            RegisterEffect::Price { ticket, ask } => {
                let Some(hub) = &mut self.hub else { return };
                let sold = SoldInJournal(&self.journal);
                let quote = Box::new(hub.uses.quote(*ask, &sold));
                self.reply_to_register(register, RegisterInput::Priced { ticket, quote });
            }
            RegisterEffect::Release { transaction } => {
                let Some(hub) = &mut self.hub else { return };
                hub.uses.release(transaction);
            }
            RegisterEffect::LookUpEntry { ticket, id } => {
                let fact = translate::fact(&self.journal, id).expect("a row");
                let entry = translate::till_entry(fact);
                self.reply_to_register(register, RegisterInput::EntryLookedUp { ticket, entry });
            }
            RegisterEffect::OpenDay { ticket } => {
                let day = Ok(self.now().business_day());
                self.reply_to_register(register, RegisterInput::DayOpen { ticket, day });
            }
            // Registers here have no terminal.
            RegisterEffect::AskTerminal { .. }
            | RegisterEffect::Suggest { .. }
            | RegisterEffect::Tell(_) => {}
        }
    }

    pub fn on_look_up(
        &mut self,
        register: usize,
        ticket: Ticket,
        (transaction, with_sale): (TransactionId, bool),
    ) {
        let known = match self.config.plant {
            Some(Plant::NoLookUpById) => Ok(Known::Nothing),
            _ => translate::known(&self.journal, transaction, with_sale)
                .map_err(|_| RefusalCode::JournalFailed),
        };
        self.reply_to_register(register, RegisterInput::LookedUp { ticket, known });
    }

    fn answer(&mut self, at: usize, ticket: Ticket, answer: Result<Answer, Refusal>) {
        let now = self.now();
        let Some(hub) = &mut self.hub else { return };
        let register = &mut hub.registers[at];
        let Some(Asked { attempt, carriage, sent }) = register.replies.remove(&ticket) else {
            return;
        };
        let view = register.machine.view(now);
        if let Some(sent) = sent {
            self.history.on_answer(&sent, &answer);
        }
        if let Ok(Answer::Command(answer)) = &answer {
            if answer.repeated && carriage == Carriage::Second {
                self.took_effect(Fault::MessageDoubled);
            }
            let is_planted = self.config.plant == Some(Plant::StockMovedAtScan);
            if let (true, false, BasketEvent::ItemAdded { .. }) =
                (is_planted, answer.repeated, &answer.outcome.event)
            {
                self.move_stock_at_scan(&answer.view);
            }
        }
        let reply = match answer {
            Ok(answer) => Reply::Answered(answer),
            Err(refusal) => Reply::Refused(refusal, view),
        };
        self.reply(attempt, reply);
    }
}

const fn keep() -> store_core::register::DraftChange {
    store_core::register::DraftChange::Keep
}
