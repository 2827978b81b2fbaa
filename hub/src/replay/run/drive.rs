//! One store's baskets over its registers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use store_core::{Currency, StoreId, TransactionId, WorkstationId};

use super::answered::Answered;
use super::progress::Progress;
use super::{Repeatable, RunningStore};
use crate::replay::ReplayError;
use crate::replay::client::{
    Entered, LatencySamples, Refused, RegisterClient, Repeat, RepeatCounts, Repeater, StoreAccess,
    sign_on_each,
};
use crate::replay::headquarters::Arrivals;
use crate::replay::plan::BasketPlan;
use crate::replay::stores::StoreJournals;

/// What driving one store came to.
#[derive(Debug, Default)]
pub(super) struct DrivenStore {
    pub journal: PathBuf,
    pub latency: LatencySamples,
    pub refused: Vec<Refused>,
    pub repeatable: Repeatable,
    pub repeats: RepeatCounts,
}

impl DrivenStore {
    /// Adds what came of the store's next opening.
    pub(super) fn add(&mut self, mut next: Self) {
        self.journal = next.journal;
        self.latency.append(&mut next.latency);
        self.refused.append(&mut next.refused);
        self.repeatable.append(&mut next.repeatable);
        self.repeats.add(next.repeats);
    }
}

/// The baskets that are entered between one opening of a store and its closing.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Which opening, from 0.
    pub number: usize,
    /// Its first basket.
    pub from: usize,
    /// The first basket that is not its own.
    pub until: usize,
    /// Where it is not, each register begins its next basket and leaves it open.
    pub is_last: bool,
}

pub(super) struct Drive<'a> {
    pub store: &'a StoreId,
    pub running: &'a dyn RunningStore,
    pub journals: &'a dyn StoreJournals,
    pub plans: &'a [BasketPlan],
    pub part: Part,
    /// Commands of earlier parts, to be sent again first.
    pub earlier: Repeatable,
    pub registers: usize,
    pub currency: Currency,
    pub repeat: Option<Repeat>,
    pub follows_prices: bool,
    pub answered: &'a Answered,
    pub arrivals: Option<&'a Arrivals>,
    pub progress: &'a Progress,
    pub must_stop: &'a AtomicBool,
}

struct Register {
    number: usize,
    workstation: WorkstationId,
    client: RegisterClient,
    refused: Option<Refused>,
}

impl Drive<'_> {
    pub(super) fn all(&self) -> Result<DrivenStore, ReplayError> {
        let mut repeats = RepeatCounts::default();
        let results: Vec<Result<Register, ReplayError>> = thread::scope(|scope| {
            let mut threads = Vec::new();
            let mut waiting = Vec::new();
            let begun = self.sign_on(&mut |register, is_resumed| {
                if is_resumed {
                    waiting.push(register);
                } else {
                    // The first customer does not wait for the last register.
                    threads.push(scope.spawn(move || self.work(register)));
                }
            });
            let begun = begun.and_then(|()| {
                repeats = self.repeat_earlier(&waiting)?;
                self.finish_open_baskets(&mut waiting)
            });
            if let Err(error) = begun {
                self.must_stop.store(true, Ordering::Relaxed);
                return vec![Err(error)];
            }
            threads.extend(
                waiting.into_iter().map(|register| scope.spawn(move || self.work(register))),
            );
            // A thread that panicked ends the process in a release; in a test the panic goes on.
            let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
            joined.map(|joined| joined.unwrap_or_else(|it| std::panic::resume_unwind(it))).collect()
        });
        let journal = self.running.journal().to_owned();
        let mut driven = DrivenStore { journal, ..DrivenStore::default() };
        for register in results {
            let Register { number, mut client, refused, .. } = register?;
            driven.latency.append(&mut client.latency);
            driven.refused.extend(refused);
            if let Some(repeater) = client.repeater.take() {
                repeats.at_once += repeater.at_once();
                let answered = repeater.into_answered().into_iter();
                driven.repeatable.extend(answered.map(|command| (number, command)));
            }
        }
        driven.repeats = repeats;
        Ok(driven)
    }

    /// Sends commands again that were answered before the store was stopped: each must have its
    /// first outcome, and the journal must hold what it held.
    fn repeat_earlier(&self, registers: &[Register]) -> Result<RepeatCounts, ReplayError> {
        let mut counts = RepeatCounts::default();
        if self.earlier.is_empty() {
            return Ok(counts);
        }
        let failed = |source| ReplayError::Client { store: self.store.clone(), source };
        let unread = |source| ReplayError::Journal { store: self.store.clone(), source };
        let before = self.journals.state(self.running.journal()).map_err(unread)?;
        for register in registers {
            let open = register.client.open_basket().map_err(failed)?;
            let earlier = self.earlier.iter().filter(|(number, _)| *number == register.number);
            for (_, command) in earlier {
                register.client.repeat(command).map_err(failed)?;
                counts.after_restart += 1;
                counts.of_open_baskets += u64::from(open == Some(command.transaction));
            }
        }
        let after = self.journals.state(self.running.journal()).map_err(unread)?;
        if before != after {
            return Err(ReplayError::RepeatChanged { store: self.store.clone(), before, after });
        }
        Ok(counts)
    }

    /// Brings the registers to work, one after another; the second value handed over says whether
    /// the store may know baskets already.
    fn sign_on(&self, on_signed_on: &mut dyn FnMut(Register, bool)) -> Result<(), ReplayError> {
        let setup_code = self.running.setup_code();
        let access = StoreAccess {
            url: self.running.url(),
            setup_code: setup_code.as_deref(),
            directory: self.running.directory(),
            crew: self.running.crew(),
        };
        let signed_on =
            sign_on_each(access, self.registers, &mut |number, connection, is_resumed| {
                let Ok(workstation) = WorkstationId::new(&number.to_string()) else {
                    return;
                };
                let mut client = RegisterClient::new(connection, self.currency, is_resumed);
                client.follows_prices = self.follows_prices;
                client.repeater = self.repeat.map(|repeat| {
                    Repeater::new(repeat, self.store.as_str(), number, self.part.number)
                });
                on_signed_on(Register { number, workstation, client, refused: None }, is_resumed);
            });
        signed_on.map_err(|source| ReplayError::Client { store: self.store.clone(), source })
    }

    /// Ends what an earlier run left open, before any register begins: with another number of
    /// registers the same basket would otherwise be begun at a second one.
    fn finish_open_baskets(&self, registers: &mut [Register]) -> Result<(), ReplayError> {
        let failed = |source| ReplayError::Client { store: self.store.clone(), source };
        let by_id: HashMap<TransactionId, &BasketPlan> =
            self.plans.iter().map(|plan| (plan.transaction, plan)).collect();
        for register in registers {
            let open = register.client.open_basket().map_err(failed)?;
            if let Some(plan) = open.and_then(|id| by_id.get(&id)) {
                self.basket(register, plan)?;
            }
        }
        Ok(())
    }

    /// One register's share: basket i goes to register i mod N, in file order. Registers of an
    /// earlier run beyond the N have none.
    fn work(&self, mut register: Register) -> Result<Register, ReplayError> {
        if register.number > self.registers {
            return Ok(register);
        }
        let share = self.plans.iter().enumerate().skip(register.number - 1).step_by(self.registers);
        for (index, plan) in share.skip_while(|(index, _)| *index < self.part.from) {
            // A refused basket stays open at the register: nothing can come after it.
            if self.must_stop.load(Ordering::Relaxed) || register.refused.is_some() {
                break;
            }
            if index >= self.part.until {
                if !self.part.is_last {
                    self.begin(&mut register, plan)?;
                }
                break;
            }
            let entered = self.basket(&mut register, plan);
            if entered.is_err() {
                self.must_stop.store(true, Ordering::Relaxed);
            }
            entered?;
        }
        Ok(register)
    }

    /// Begins a basket and leaves it open.
    fn begin(&self, register: &mut Register, plan: &BasketPlan) -> Result<(), ReplayError> {
        self.running.set_clock(&register.workstation, plan.time);
        register.refused = register
            .client
            .begin(plan)
            .map_err(|source| ReplayError::Client { store: self.store.clone(), source })?;
        Ok(())
    }

    fn basket(&self, register: &mut Register, plan: &BasketPlan) -> Result<(), ReplayError> {
        self.running.set_clock(&register.workstation, plan.time);
        let entered = register
            .client
            .enter(plan)
            .map_err(|source| ReplayError::Client { store: self.store.clone(), source })?;
        match entered {
            Entered::Sold => {
                let completed = register.client.completed.take();
                if let Some((arrivals, at)) = self.arrivals.zip(completed) {
                    arrivals.completed(plan.transaction, at);
                }
                self.answered.note(plan.transaction)?;
                self.progress.sold();
            }
            Entered::Refused(refused) => register.refused = Some(refused),
        }
        Ok(())
    }
}
