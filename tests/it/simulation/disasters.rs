//! What befalls the hub as a whole: power, disk, clock, backup.

use std::collections::BTreeSet;

use store_core::fact::RowPosition;
use store_core::inventory::InventoryMachine;
use store_core::register::{BasketEvent, RegisterInput};
use store_core::{CommandId, Now, StreamId, TransactionId};
use store_journal::{Ledger as _, LedgerReads as _, PowerCut, SimulatedBackup, Write};

use super::checks::Check;
use super::config::Plant;
use super::events::{Attempt, Event, Waiting};
use super::faults::Fault;
use super::history::Accepted;
use super::hub::Register;
use super::shop::{REGISTERS, workstation};
use super::world::World;

const DAY_MS: u64 = 24 * 3_600_000;

#[derive(Default)]
pub struct Disasters {
    /// Attempts of which a message was lost.
    pub lost: BTreeSet<Attempt>,
    pub failing_group: bool,
    /// What lasts for a while and has not been felt yet.
    unfelt: BTreeSet<Fault>,
    /// The hub was stopped by protocol.
    pub was_stopped: bool,
    /// Plant: the table that the next start reads.
    pub stale_stock: Option<InventoryMachine>,
    backup: Option<SimulatedBackup>,
    /// When it is down, it goes back to the backup.
    restores: bool,
    /// The clock jumped at this true time, and no row was written since.
    jumped: Option<(Fault, u64)>,
    /// A stream that was begun while the hub ran, and has no fact yet.
    diverged: Option<StreamId>,
}

impl World {
    pub fn on_disaster(&mut self) {
        if self.is_healing {
            return;
        }
        let pause = self.random.between(60, 400);
        self.queue.after(pause, Event::Disaster);
        if self.hub.as_ref().is_none_or(|hub| hub.is_stopping) {
            return;
        }
        match self.random.below(100) {
            0..=13 => self.cut_power(),
            14..=17 => {
                self.counts.injected(Fault::Restart);
                self.stop();
            }
            18..=28 => self.fill_disk(Fault::DiskFull),
            29..=38 => self.fill_disk(Fault::DiskFullForDrafts),
            39..=48 => {
                self.counts.injected(Fault::GroupFailed);
                self.disasters.failing_group = true;
                self.journal.fail_next_groups(1);
            }
            49..=52 => {
                self.counts.injected(Fault::GroupFailed);
                self.journal.fail_next_rows(1);
            }
            53..=62 => self.jump(Fault::ClockForward),
            63..=72 => self.jump(Fault::ClockBack),
            73..=77 => {
                self.counts.injected(Fault::ClockUntrusted);
                self.disasters.unfelt.insert(Fault::ClockUntrusted);
                self.clock.is_trusted = false;
                let lasts = self.random.between(50, 500);
                self.queue.after(lasts, Event::Over(Fault::ClockUntrusted));
            }
            78..=84 => self.disasters.backup = Some(self.journal.backup()),
            85 | 86 if self.disasters.backup.is_some() => {
                self.counts.injected(Fault::Restore);
                self.disasters.restores = true;
                self.stop();
            }
            87 | 88 => self.diverge(),
            _ => {}
        }
    }

    fn fill_disk(&mut self, fault: Fault) {
        self.counts.injected(fault);
        self.disasters.unfelt.insert(fault);
        match fault {
            Fault::DiskFull => self.journal.set_disk_full(true),
            _ => self.journal.set_reserve_used(true),
        }
        let lasts = self.random.between(30, 300);
        self.queue.after(lasts, Event::Over(fault));
    }

    fn jump(&mut self, fault: Fault) {
        self.counts.injected(fault);
        let by_ms = self.random.between(90_000, 20 * DAY_MS) as i64;
        self.clock.jump(if fault == Fault::ClockBack { -by_ms } else { by_ms });
        self.disasters.jumped = Some((fault, self.queue.now_ms));
    }

    fn diverge(&mut self) {
        self.counts.injected(Fault::Diverged);
        let (id, stream) = (CommandId::new(self.random.uuid()), StreamId::new(self.random.uuid()));
        self.disasters.diverged = Some(stream);
        let now = self.now();
        self.write_soon(Write::Diverge { id, now, stream }, Waiting::Nobody);
    }

    pub fn on_over(&mut self, fault: Fault) {
        match fault {
            Fault::DiskFull => self.journal.set_disk_full(false),
            Fault::DiskFullForDrafts => self.journal.set_reserve_used(false),
            _ => self.clock.is_trusted = true,
        }
    }

    /// Counts something that lasts for a while the first time that it is felt.
    pub fn took_effect_once(&mut self, fault: Fault) {
        if self.disasters.unfelt.remove(&fault) {
            self.took_effect(fault);
        }
    }

    /// From now on nothing goes wrong.
    pub fn heal(&mut self) {
        self.is_healing = true;
        self.clock.heal();
        self.journal.set_disk_full(false);
        self.journal.set_reserve_used(false);
        self.journal.fail_next_groups(0);
        self.journal.fail_next_rows(0);
    }

    /// A promise became a row: which of the world's faults does it bear?
    pub fn on_row_written(&mut self, now: Now, position: RowPosition) {
        let is_of_this_run = now.boot.uuid() == self.clock.boot;
        let decided_ms = now.monotonic_ms + self.clock.booted_ms;
        if let Some((fault, jumped_ms)) = self.disasters.jumped
            && (!is_of_this_run || decided_ms > jumped_ms)
        {
            self.disasters.jumped = None;
            self.took_effect(fault);
        }
        if !now.clock_trusted {
            self.took_effect_once(Fault::ClockUntrusted);
        }
        if self.disasters.diverged == Some(position.stream) {
            self.disasters.diverged = None;
            self.took_effect(Fault::Diverged);
        }
    }

    /// The hub takes nothing new and stops when nothing is under way.
    pub fn stop(&mut self) {
        if let Some(hub) = &mut self.hub {
            hub.is_stopping = true;
            (0..REGISTERS).for_each(|at| self.register_input(at, RegisterInput::Closing));
        }
    }

    pub fn stop_if_quiet(&mut self) {
        let is_over = self.hub.as_ref().is_some_and(|hub| hub.is_stopping && hub.is_quiet());
        if is_over {
            self.disasters.was_stopped = true;
            self.go_down(None);
            self.journal.close().expect("a simulated journal closes");
            // All is synced: this is no more than the next opening.
            self.journal.power_cut(PowerCut::LosesUnsynced);
            if std::mem::take(&mut self.disasters.restores) {
                self.restore();
            }
            let pause = self.random.between(10, 60);
            self.queue.after(pause, Event::PowerBack);
        }
    }

    fn restore(&mut self) {
        let Some(backup) = self.disasters.backup.take() else { return };
        self.disasters.was_stopped = false;
        let head_before = self.journal.head().expect("a row");
        if self.config.plant == Some(Plant::StreamKeptOnRestore) {
            self.journal.restore_without_new_stream(&backup);
        } else {
            let stream = StreamId::new(self.random.uuid());
            let now = self.now();
            self.journal.restore(&backup, now, stream).expect("a restored journal");
        }
        let head = self.journal.head().expect("a row");
        let parent = self.journal.streams().expect("streams").last().and_then(|it| it.parent);
        if parent.is_none_or(|parent| parent != head_before) {
            self.took_effect(Fault::Restore);
        }
        self.history.on_row(head);
        self.history.roll_back(&self.journal);
        // A restore takes longer than any answer is under way.
        self.queue.retain(|event| !matches!(event, Event::Reply(..)));
    }

    fn cut_power(&mut self) {
        self.counts.injected(Fault::PowerCut);
        let unsynced = self.journal.groups_unsynced() as u64;
        let kept = self.random.below(unsynced + 1) as usize;
        let cut = if kept == 0 { PowerCut::LosesUnsynced } else { PowerCut::KeepsFirst(kept) };
        self.go_down(Some(cut));
        let pause = self.random.between(20, 300);
        self.queue.after(pause, Event::PowerBack);
    }

    /// The process ends, with or without the power.
    fn go_down(&mut self, cut: Option<PowerCut>) {
        self.compare_followers();
        let Some(mut hub) = self.hub.take() else { return };
        self.queue.run += 1;
        let is_busy = hub.registers.iter().any(Register::has_asked);
        let mut was_felt = is_busy || hub.writer.has_promise();
        if let Some(cut) = cut {
            self.journal.power_cut(cut);
            if let Some(before) = hub.writer.before_rows.take() {
                self.journal.restore_without_new_stream(&before);
            }
            self.disasters.stale_stock = hub.writer.before_projection.take().map(|stale| {
                let applied = self.journal.head().ok().map(|head| head.position());
                InventoryMachine { applied, ..stale }
            });
        }
        self.check_told();
        for (at, register) in hub.registers.iter().enumerate() {
            was_felt |= self.check_draft(at, register, cut.is_some());
        }
        if cut.is_some() && was_felt {
            self.took_effect(Fault::PowerCut);
        }
        if cut.is_none() {
            self.check_signed_on(&hub);
        }
        for draft in self.journal.drafts().expect("the drafts") {
            if self.journal.transaction(draft.transaction).expect("a sale").is_some() {
                let detail = format!("{} is over and has a draft", draft.transaction);
                self.history.violate(Check::BasketOrEnded, detail);
            }
        }
    }

    /// Every sale that a terminal knows of is there; its receipt is written in the same commit.
    fn check_told(&mut self) {
        let is_gone = |id: &&TransactionId| !matches!(self.journal.print_job(**id, 0), Ok(Some(_)));
        if let Some(id) = self.history.completed.keys().find(is_gone).copied() {
            self.history.violate(Check::ToldIsWritten, format!("the sale {id} is gone"));
        }
    }

    /// What the file has of the basket that was open: all that was answered, but for one scan
    /// after a cut or where the disk refused it. Answers whether that one was lost.
    fn check_draft(&mut self, at: usize, register: &Register, is_cut: bool) -> bool {
        let Some((id, version)) = register.basket() else { return false };
        if self.journal.transaction(id).expect("a sale").is_some() {
            return false;
        }
        let draft = self.journal.draft(&workstation(at)).expect("a draft");
        let stored = draft.filter(|it| it.transaction == id).map_or(0, |draft| draft.version);
        if stored >= version {
            return false;
        }
        let accepted = self.history.accepted.entry(id).or_default();
        let is_lost = |accepted: &Accepted| accepted.outcome.version > stored;
        let mut promises = accepted.values().filter(|it| is_promise(&it.outcome.event));
        let promise = promises.find(|it| is_lost(it)).cloned();
        accepted.retain(|_, accepted| !is_lost(accepted));
        if let Some(promise) = promise {
            let detail = format!("{promise:?} of basket {id} was answered and is gone");
            self.history.violate(Check::ToldIsWritten, detail);
        }
        let may_lose = u64::from(is_cut || register.has_given_up);
        if version - stored > may_lose {
            let detail = format!("basket {id} was at version {version} and is at {stored}");
            self.history.violate(Check::DraftsAreKept, detail);
        }
        if is_cut {
            self.counts.injected(Fault::DraftLost);
            self.took_effect(Fault::DraftLost);
        }
        is_cut
    }
}

const fn is_promise(event: &BasketEvent) -> bool {
    matches!(
        event,
        BasketEvent::TenderTaken { .. }
            | BasketEvent::TenderVoided { .. }
            | BasketEvent::SaleCompleted { .. }
            | BasketEvent::SaleAbandoned
    )
}
