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
    ClientError, Entered, LatencySamples, Refused, RegisterClient, Repeat, Repeater, StoreAccess,
    sign_on,
};
use crate::replay::plan::BasketPlan;

/// What driving one store came to.
#[derive(Debug, Default)]
pub(super) struct DrivenStore {
    pub journal: PathBuf,
    pub latency: LatencySamples,
    pub refused: Vec<Refused>,
    pub repeatable: Repeatable,
}

pub(super) struct Drive<'a> {
    pub store: &'a StoreId,
    pub running: &'a dyn RunningStore,
    pub plans: &'a [BasketPlan],
    pub registers: usize,
    pub currency: Currency,
    pub repeat: Option<Repeat>,
    pub answered: &'a Answered,
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
        let failed = |source| ReplayError::Client { store: self.store.clone(), source };
        let (mut registers, is_resumed) = self.signed_on().map_err(failed)?;
        if is_resumed {
            self.finish_open_baskets(&mut registers)?;
        }
        let results: Vec<Result<Register, ReplayError>> = thread::scope(|scope| {
            let threads: Vec<_> = registers
                .into_iter()
                .map(|register| scope.spawn(move || self.work(register)))
                .collect();
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
            let answered = client.repeater.take().map(Repeater::into_answered);
            driven.repeatable.extend(answered.into_iter().flatten().map(|it| (number, it)));
        }
        Ok(driven)
    }

    fn signed_on(&self) -> Result<(Vec<Register>, bool), ClientError> {
        let setup_code = self.running.setup_code();
        let access = StoreAccess {
            url: self.running.url(),
            setup_code: setup_code.as_deref(),
            directory: self.running.directory(),
        };
        let (connections, is_resumed) = sign_on(access, self.registers)?;
        let mut registers = Vec::new();
        for (number, connection) in connections {
            let Ok(workstation) = WorkstationId::new(&number.to_string()) else {
                continue;
            };
            let mut client = RegisterClient::new(connection, self.currency, is_resumed);
            client.repeater =
                self.repeat.map(|repeat| Repeater::new(repeat, self.store.as_str(), number));
            registers.push(Register { number, workstation, client, refused: None });
        }
        Ok((registers, is_resumed))
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
        for plan in self.plans.iter().skip(register.number - 1).step_by(self.registers) {
            // A refused basket stays open at the register: nothing can come after it.
            if self.must_stop.load(Ordering::Relaxed) || register.refused.is_some() {
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

    fn basket(&self, register: &mut Register, plan: &BasketPlan) -> Result<(), ReplayError> {
        self.running.set_clock(&register.workstation, plan.time);
        let entered = register
            .client
            .enter(plan)
            .map_err(|source| ReplayError::Client { store: self.store.clone(), source })?;
        match entered {
            Entered::Sold => {
                self.answered.note(plan.transaction)?;
                self.progress.sold();
            }
            Entered::Refused(refused) => register.refused = Some(refused),
        }
        Ok(())
    }
}
