//! A terminal as the page in the browser is one: one command after another, each with its id and,
//! once sent, its whole body until it is answered.

use std::collections::VecDeque;

use store_core::register::{
    Answer, Attached, BasketEvent, Command, CommandEnvelope, Outcome, RegisterView, Request,
};
use store_core::{CommandId, OperatorId, Refusal, RefusalCode, TransactionId};

use super::cashier::{Cashier, Wish, joined};
use super::events::{Ask, Attempt, Event, Reply};
use super::faults::Fault;
use super::history::Told;
use super::office::OFFICE;
use super::shop::{CASHIERS, workstation};
use super::world::World;
use crate::random::Random;

/// How often a command made for an older basket is made again.
const RESENDS_MAX: u32 = 12;

#[derive(Debug)]
pub struct Terminal {
    operator: OperatorId,
    entries: VecDeque<Entry>,
    doing: Doing,
    attempt: u64,
    view: Option<RegisterView>,
    cashier: Cashier,
}

#[derive(Debug)]
struct Entry {
    id: CommandId,
    wish: Wish,
    envelope: Option<CommandEnvelope>,
    /// The lines that count on the screen from which it was sent.
    lines: usize,
    resends: u32,
}

/// What the head of the queue waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Sending,
    /// It was refused as outdated: what became of it?
    AskingOutcome(RefusalCode),
    /// Nothing became of it: how does the register look?
    Looking(RefusalCode),
}

impl Terminal {
    pub fn new(register: usize, random: &mut Random) -> Self {
        Self {
            operator: OperatorId::from_static(CASHIERS[register]),
            entries: VecDeque::new(),
            doing: Doing::Nothing,
            attempt: 0,
            view: None,
            cashier: Cashier::new(random),
        }
    }

    pub fn what_waits(&self) -> Option<String> {
        if let Some(entry) = self.entries.front() {
            return Some(format!("{} waits for an answer to {:?}", self.operator, entry.wish));
        }
        let basket = self.view.as_ref().and_then(|view| view.basket.as_ref());
        basket.map(|basket| format!("{} has basket {} open", self.operator, basket.transaction_id))
    }

    /// A screen ignores an older view of the same run of the hub.
    fn accept(&mut self, view: RegisterView) {
        let is_older = self
            .view
            .as_ref()
            .is_some_and(|known| known.boot == view.boot && known.revision > view.revision);
        if !is_older {
            self.view = Some(view);
        }
    }

    /// The head of the queue as it is sent, made for the basket as the screen shows it.
    fn enveloped(&mut self, random: &mut Random) -> Option<Ask> {
        let basket = self.view.as_ref().and_then(|view| view.basket.as_ref());
        let entry = self.entries.front_mut()?;
        let (id, operator) = (entry.id, self.operator.clone());
        let request = match &entry.wish {
            Wish::SignOn => {
                let name = operator.as_str().into();
                Request::SignOn { id, operator, name, instead_of: None }
            }
            Wish::SignOff => Request::SignOff { id, operator },
            Wish::Command(command) => {
                let envelope = entry.envelope.get_or_insert_with(|| {
                    let lines =
                        basket.map_or(0, |it| it.lines.iter().filter(|l| !l.voided).count());
                    entry.lines = lines;
                    CommandEnvelope {
                        command_id: id,
                        transaction_id: basket.map_or_else(
                            || TransactionId::new(random.uuid()),
                            |it| it.transaction_id,
                        ),
                        version: basket.map_or(0, |it| it.version),
                        command: joined(basket, command.clone()),
                    }
                });
                Request::Command {
                    operator,
                    attached: Attached::default(),
                    envelope: envelope.clone(),
                }
            }
        };
        Some(Ask::Request(request))
    }
}

impl World {
    /// The cashier looks up.
    pub fn on_cashier(&mut self, client: usize) {
        if client == OFFICE {
            return self.on_manager();
        }
        let terminal = &mut self.terminals[client];
        let wish = match &terminal.view {
            None if terminal.entries.is_empty() => Some(Wish::SignOn),
            None => None,
            Some(view) => {
                let (waiting, me) = (terminal.entries.len(), &terminal.operator);
                terminal.cashier.wish(view, waiting, me, &mut self.random, self.is_healing)
            }
        };
        let is_done = wish.is_none() && terminal.entries.is_empty() && self.is_healing;
        if let Some(wish) = wish {
            let id = CommandId::new(self.random.uuid());
            terminal.entries.push_back(Entry { id, wish, envelope: None, lines: 0, resends: 0 });
            if terminal.doing == Doing::Nothing {
                self.send_next(client);
            }
        }
        if !is_done {
            let thinks = self.random.between(2, 24);
            self.queue.after(thinks, Event::Cashier(client));
        }
    }

    fn send_next(&mut self, client: usize) {
        let terminal = &mut self.terminals[client];
        terminal.doing = Doing::Nothing;
        if let Some(ask) = terminal.enveloped(&mut self.random) {
            terminal.doing = Doing::Sending;
            self.attempt(client, ask);
        }
    }

    fn attempt(&mut self, client: usize, ask: Ask) {
        let terminal = &mut self.terminals[client];
        terminal.attempt += 1;
        let attempt = Attempt { client, number: terminal.attempt };
        self.ask(attempt, ask);
    }

    fn is_current(&self, attempt: Attempt) -> bool {
        match attempt.client {
            OFFICE => self.office.attempt == attempt.number,
            client => self.terminals[client].attempt == attempt.number,
        }
    }

    pub fn on_no_answer(&mut self, attempt: Attempt) {
        let was_lost = self.disasters.lost.remove(&attempt);
        if !self.is_current(attempt) {
            return;
        }
        if was_lost {
            self.took_effect(Fault::MessageLost);
        }
        self.resend_after_pause(attempt);
    }

    fn resend_after_pause(&mut self, attempt: Attempt) {
        let pause = self.random.between(10, 40);
        self.queue.after(pause, Event::Resend(attempt));
    }

    pub fn on_resend(&mut self, attempt: Attempt) {
        if !self.is_current(attempt) {
            return;
        }
        if attempt.client == OFFICE {
            return self.send_from_office();
        }
        match self.terminals[attempt.client].doing {
            Doing::Nothing => {}
            // Without an answer the same envelope is sent again, and the same question comes up.
            Doing::Sending | Doing::AskingOutcome(_) => self.send_next(attempt.client),
            Doing::Looking(code) => self.again(attempt.client, code),
        }
    }

    pub fn on_reply(&mut self, attempt: Attempt, reply: Reply) {
        if !self.is_current(attempt) {
            return;
        }
        let client = attempt.client;
        if client == OFFICE {
            return self.on_office_reply(reply);
        }
        let terminal = &mut self.terminals[client];
        terminal.attempt += 1;
        match (terminal.doing, reply) {
            (Doing::Sending, Reply::Answered(Answer::Command(answer))) => {
                self.answered(client, &answer.outcome, answer.view);
            }
            (Doing::Sending, Reply::Answered(Answer::Register(view))) => {
                terminal.accept(view);
                self.settled(client);
            }
            (Doing::Sending, Reply::Refused(refusal, view)) => self.refused(client, &refusal, view),
            (Doing::AskingOutcome(_), Reply::Outcome(Some(outcome), view)) => {
                self.answered(client, &outcome, view);
            }
            (Doing::AskingOutcome(code), Reply::Outcome(None, _)) => {
                terminal.doing = Doing::Looking(code);
                self.attempt(client, Ask::Look);
            }
            (Doing::Looking(code), Reply::View(view)) => {
                terminal.accept(view);
                self.again(client, code);
            }
            // The hub is closing: the same question again, later.
            _ => {
                let attempt = Attempt { client, number: terminal.attempt };
                self.resend_after_pause(attempt);
            }
        }
    }

    /// The command at the head is through.
    fn settled(&mut self, client: usize) {
        self.terminals[client].entries.pop_front();
        self.send_next(client);
    }

    fn answered(&mut self, client: usize, outcome: &Outcome, view: RegisterView) {
        let terminal = &mut self.terminals[client];
        terminal.accept(view);
        let entry = terminal.entries.front();
        let sent = entry.and_then(|entry| Some((entry.envelope.as_ref()?, entry.lines)));
        let Some((transaction, lines)) = sent.map(|(sent, lines)| (sent.transaction_id, lines))
        else {
            return self.settled(client);
        };
        let is_over = match outcome.event {
            BasketEvent::SaleCompleted { number, total, .. } => {
                let told = Told { workstation: workstation(client), number, total, lines };
                self.history.completed.insert(transaction, told);
                true
            }
            BasketEvent::SaleAbandoned => true,
            _ => false,
        };
        if is_over {
            self.history.ended += 1;
            self.terminals[client].cashier = Cashier::new(&mut self.random);
        }
        self.settled(client);
    }

    fn refused(&mut self, client: usize, refusal: &Refusal, view: RegisterView) {
        let terminal = &mut self.terminals[client];
        terminal.accept(view);
        match refusal.code {
            RefusalCode::RegisterBusy | RefusalCode::Stopping => {
                let attempt = Attempt { client, number: terminal.attempt };
                self.resend_after_pause(attempt);
            }
            RefusalCode::BasketChanged
            | RefusalCode::TransactionEnded
            | RefusalCode::OtherBasketOpen
            | RefusalCode::CommandIdReused => self.ask_outcome(client, refusal.code),
            _ => self.settled(client),
        }
    }

    fn ask_outcome(&mut self, client: usize, code: RefusalCode) {
        let terminal = &mut self.terminals[client];
        let Some(sent) = terminal.entries.front().and_then(|entry| entry.envelope.as_ref()) else {
            return self.settled(client);
        };
        let ask = Ask::Outcome(sent.transaction_id, sent.command_id);
        terminal.doing = Doing::AskingOutcome(code);
        self.attempt(client, ask);
    }

    /// The basket moved on without this command: it is made again where it means the same.
    fn again(&mut self, client: usize, code: RefusalCode) {
        let terminal = &mut self.terminals[client];
        let basket = terminal.view.as_ref().and_then(|view| view.basket.as_ref());
        let open = basket.map(|basket| basket.transaction_id);
        let Some(entry) = terminal.entries.front_mut() else { return };
        let sent = entry.envelope.as_ref().map(|sent| (sent.transaction_id, &sent.command));
        let may_resend = sent.is_some_and(|(transaction, command)| match command {
            Command::ScanItem { .. } | Command::KeyItem { .. } | Command::WeighItem { .. } => true,
            Command::SetQuantity { .. }
            | Command::VoidLine { .. }
            | Command::ModifyPrice { .. }
            | Command::Complete => open == Some(transaction),
            _ => false,
        });
        if !may_resend || entry.resends >= RESENDS_MAX {
            return self.settled(client);
        }
        entry.resends += 1;
        entry.envelope = None;
        if code == RefusalCode::CommandIdReused {
            entry.id = CommandId::new(self.random.uuid());
        }
        self.send_next(client);
    }
}
