//! Where people train: a second set of registers, with a day and a journal of their own, beside the
//! real ones. It is there while somebody trains and is gone, with all that was done, when a manager
//! wipes it. Nothing of it reaches headquarters, the stock, the uses of promotions or the day: it
//! has no link, its journal is another file, and whoever follows a journal follows that one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use actix::prelude::*;
use actix_web::web;
use store_actors::messages::{ChangeInForce, Quiesce};
use store_actors::{AlertBoard, SetPrinters};
use store_core::device::Devices;
use store_core::register::{InForce, RegisterRules};
use store_core::{OperatorId, WorkstationId};
use store_journal::{SqliteJournal, Writer};

use super::memory::{Memory, make_data_dir};
use super::shells::{Base, Shells};
use super::{LAST_RECEIPT_TIMEOUT, end};
use crate::access::Session;
use crate::peripherals::Peripherals;
use crate::places;
use crate::receipts::Receipts;
use crate::resume::Resumed;
use crate::settings::{LinkSettings, Settings};
use crate::start_error::StartError;
use crate::store::{ReaderPool, Shelf, Store};
use crate::till_papers::TillPapers;

/// Where people train, while somebody does.
#[derive(Clone)]
pub struct Training(Arc<Inner>);

struct Inner {
    /// The real one: papers of training are marked.
    peripherals: Peripherals,
    room: Mutex<Option<Room>>,
    /// Who trains at which register. Whoever signs in anew, or is followed by somebody else, does
    /// not any more, whoever the room still has there.
    trainees: Mutex<BTreeMap<WorkstationId, OperatorId>>,
    /// One opens or wipes it at a time.
    turn: tokio::sync::Mutex<()>,
}

/// The second set, at work.
struct Room {
    store: web::Data<Store>,
    peripherals: Peripherals,
    print_queue: Recipient<Quiesce>,
    printers: Recipient<SetPrinters>,
    writer: Writer<SqliteJournal>,
    arbiters: [Arbiter; 2],
}

/// Why what people did in training was not wiped.
#[derive(Debug, thiserror::Error)]
pub enum WipeError {
    /// Somebody still trains.
    #[error("a register is in training")]
    InUse,
    /// Its files cannot be removed.
    #[error("removing what was done in training")]
    Io(#[from] io::Error),
}

/// The store that a session works in: the real one, or the one for training while its register is
/// in training.
#[must_use]
pub fn here(real: &web::Data<Store>, session: &Session) -> web::Data<Store> {
    let room = session.workstation.as_ref().and_then(|at| real.training.at(real, at));
    let is_theirs = |room: &web::Data<Store>| {
        let at = session.workstation.as_ref();
        at.and_then(|at| operator_at(room, at)).as_ref() == Some(&session.operator)
    };
    room.filter(is_theirs).unwrap_or_else(|| real.clone())
}

/// Who works at a register.
fn operator_at(store: &Store, workstation: &WorkstationId) -> Option<OperatorId> {
    let view = store.register(workstation)?.view.borrow().clone();
    view.operator.as_ref().map(|operator| operator.id.clone())
}

fn has_basket(store: &Store, workstation: &WorkstationId) -> bool {
    store.register(workstation).is_some_and(|register| register.view.borrow().basket.is_some())
}

impl Training {
    pub(super) fn with(peripherals: Peripherals) -> Self {
        let (room, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { peripherals, room, trainees: Mutex::default(), turn }))
    }

    fn room(&self) -> MutexGuard<'_, Option<Room>> {
        self.0.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trainees(&self) -> MutexGuard<'_, BTreeMap<WorkstationId, OperatorId>> {
        self.0.trainees.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody trains at a register from now on.
    pub fn enter(&self, workstation: &WorkstationId, operator: &OperatorId) {
        self.trainees().insert(workstation.clone(), operator.clone());
    }

    /// Nobody trains at a register any more: its real one is somebody else's, or was begun anew.
    pub fn leave(&self, workstation: &WorkstationId) {
        self.trainees().remove(workstation);
    }

    fn store(&self) -> Option<web::Data<Store>> {
        self.room().as_ref().map(|room| room.store.clone())
    }

    /// Where those at a workstation train; none where they do not. They do while whoever works at
    /// its real register has gone into training and is signed on there too. A real basket ends it:
    /// what is scanned with one open is real.
    #[must_use]
    pub fn at(&self, real: &Store, workstation: &WorkstationId) -> Option<web::Data<Store>> {
        let room = self.store()?;
        if has_basket(real, workstation) {
            self.leave(workstation);
        }
        let trains = self.trainees().get(workstation).cloned()?;
        let is_there = |store: &Store| operator_at(store, workstation).as_ref() == Some(&trains);
        (is_there(real) && is_there(&room)).then_some(room)
    }

    /// Finds who trained when the hub stopped.
    fn find_trainees(&self, real: &Store) {
        let Some(room) = self.store() else { return };
        for workstation in real.registers.keys() {
            let there = operator_at(&room, workstation);
            if let Some(there) =
                there.filter(|it| operator_at(real, workstation).as_ref() == Some(it))
            {
                self.enter(workstation, &there);
            }
        }
    }

    /// Opens it, unless it is open.
    ///
    /// # Errors
    /// Where its journal does not open.
    pub async fn open(&self, real: &Store) -> Result<web::Data<Store>, StartError> {
        let _turn = self.0.turn.lock().await;
        if let Some(open) = self.store() {
            return Ok(open);
        }
        let room = Room::start(real, &self.0.peripherals).await?;
        let store = room.store.clone();
        *self.room() = Some(room);
        Ok(store)
    }

    /// Opens it again where somebody was in training when the hub stopped. A store sells also where
    /// that cannot be done.
    pub(super) async fn resume(&self, real: &Store) {
        let directory = places::training(&real.settings.data.dir);
        if !places::journal(&directory).exists() {
            return;
        }
        if let Err(error) = self.open(real).await {
            tracing::error!(%error, "opening the journal of training; a manager can wipe it");
            return;
        }
        self.find_trainees(real);
        if !self.is_in_use(real) {
            self.stop().await;
        }
    }

    fn is_in_use(&self, real: &Store) -> bool {
        real.registers.keys().any(|workstation| self.at(real, workstation).is_some())
    }

    /// Puts what the real registers follow in force here too.
    pub async fn put_in_force(&self, in_force: &InForce) {
        let Some(store) = self.store() else { return };
        let rules = for_training(&in_force.rules);
        let in_force = store.shelf.replace(Some(in_force.catalogue.clone()), Some(rules));
        for register in store.registers.values() {
            // A register that is gone sells nothing.
            let _ = register.in_force.send(ChangeInForce(in_force.clone())).await;
        }
    }

    /// Forgets everything that was done in training.
    ///
    /// # Errors
    /// While somebody trains, or where the files cannot be removed.
    pub async fn wipe(&self, real: &Store) -> Result<(), WipeError> {
        let _turn = self.0.turn.lock().await;
        if self.is_in_use(real) {
            return Err(WipeError::InUse);
        }
        self.stop().await;
        let directory = places::training(&real.settings.data.dir);
        let removed = web::block(move || remove(&directory)).await;
        removed.map_err(|_| io::Error::other("no thread to remove them"))??;
        Ok(())
    }

    /// Ends it; what was done stays in its file.
    pub(super) async fn stop(&self) {
        let room = self.room().take();
        if let Some(room) = room {
            room.stop().await;
        }
    }
}

fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The rules of training: no card goes to a terminal.
fn for_training(rules: &RegisterRules) -> Arc<RegisterRules> {
    Arc::new(RegisterRules { terminals: Default::default(), ..rules.clone() })
}

/// The settings of training: a directory of its own, no terminal, no link.
fn settings_of(real: &Settings) -> Settings {
    let mut settings = real.clone();
    settings.data.dir = places::training(&real.data.dir);
    settings.devices = Devices::default();
    settings.link = LinkSettings { file: None, ..settings.link };
    settings.policy = None;
    settings
}

impl Room {
    async fn start(real: &Store, peripherals: &Peripherals) -> Result<Self, StartError> {
        let settings = Arc::new(settings_of(&real.settings));
        make_data_dir(&settings)?;
        let (opening, clock) = (settings.clone(), real.clock.clone());
        let memory = web::block(move || Memory::open(&opening, clock.as_ref())).await;
        let memory = memory.map_err(|_| StartError::Ended("the journal of training"))??;
        let resumed = Resumed::read(&memory.reader, &settings.workstations())?;
        let in_force = real.shelf.in_force();
        let rules = for_training(&in_force.rules);
        let base = Base {
            arbiter: Arbiter::new(),
            pricing: Arbiter::new(),
            settings,
            clock: real.clock.clone(),
            rules: rules.clone(),
            catalogue: in_force.catalogue.clone(),
            receipts: Receipts { is_training: true, ..real.receipts.clone() },
            link: None,
            is_training: true,
        };
        let alerts = AlertBoard::new(resumed.alerts.clone());
        let started = base.start_shells(&memory, resumed, &real.access, &alerts, peripherals).await;
        let Base { arbiter, pricing, catalogue, .. } = base;
        let arbiters = [pricing, arbiter];
        let shells = match started {
            Ok(shells) => shells,
            Err(error) => {
                end(memory.writer, arbiters).await;
                return Err(error);
            }
        };
        let print_queue = shells.print_queue.clone().recipient();
        let printers = shells.print_queue.clone().recipient();
        let peripherals = peripherals.clone();
        let shelf = Shelf::new(catalogue, rules);
        let store = store_of(real, shells, shelf, alerts, &memory.writer, memory.reader);
        Ok(Self { store, peripherals, print_queue, printers, writer: memory.writer, arbiters })
    }

    /// Stops by protocol, as the real one does.
    async fn stop(self) {
        for register in self.store.registers.values() {
            // A register that is gone has nothing under way.
            let _ = register.quiesce.send(Quiesce).await;
        }
        let quiesced = self.print_queue.send(Quiesce);
        let _ = tokio::time::timeout(LAST_RECEIPT_TIMEOUT, quiesced).await;
        self.peripherals.forget_printing(&self.printers);
        end(self.writer, self.arbiters).await;
    }
}

/// The real store, but for what happens in training.
fn store_of(
    real: &Store,
    shells: Shells,
    shelf: Shelf,
    alerts: AlertBoard,
    writer: &Writer<SqliteJournal>,
    reader: store_journal::Reader,
) -> web::Data<Store> {
    let receipts = Receipts { is_training: true, ..real.receipts.clone() };
    web::Data::new(Store {
        registers: shells.registers,
        shelf,
        till_papers: TillPapers::new(&real.settings, receipts.clone()),
        receipts,
        papers: shells.print_queue.clone().recipient(),
        settle: shells.print_queue.clone().recipient(),
        print_counts: shells.print_counts,
        append: shells.journal.recipient(),
        explanations: shells.promotion.recipient(),
        advice: shells.advice,
        copies: shells.print_queue.recipient(),
        alerts,
        actors: shells.actors,
        suspended: shells.suspended,
        day: shells.day,
        reader: ReaderPool::new(reader),
        writer: writer.handle(),
        inventory: shells.inventory,
        link: None,
        is_training: true,
        ..real.clone()
    })
}

#[cfg(test)]
mod tests;
