//! The shell of the printers. A job is marked as printing before its first byte leaves and as done
//! when the printer says that it is on paper, so that a receipt is printed once: what was under
//! way when the power went is unknown, and only a person may print it again, as a copy.

mod counts;
mod handlers;
mod printer;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use devices::worker::Condition;
use store_core::device::Devices;
use store_core::print_queue::{Assignment, Standing, Waiting, plan};
use store_core::{DeviceId, RefusalCode, WorkstationId};
use store_journal::PrintState;
use tokio::sync::{oneshot, watch};

use self::printer::{PrintOutcome, Printer, notice_of};
use crate::Clock;
use crate::messages::{
    MarkPrint, PrintJobQuery, PrintKey, QueueCopy, QueuePaper, QueuedReceiptsQuery, SetNotice,
};
pub use counts::PrintCounts;
pub use handlers::SetPrinters;
pub use printer::PrinterHandle;

/// Most announcements that wait for the printers: as many as for the journal, whose they are.
const MAILBOX_MAX: usize = 256;

/// Says at a register that it is not known whether a receipt was printed.
const UNKNOWN_NOTICE: &str = "receipt_unknown";

/// How long a printer is left alone.
#[derive(Clone, Copy, Debug)]
pub struct PrinterPauses {
    /// After it could not print. Doubled each time that it still cannot.
    pub first: Duration,
    /// Never longer than this.
    pub last: Duration,
    /// How often it is looked whether a job waits that nobody announced.
    pub look: Duration,
}

impl Default for PrinterPauses {
    /// A printer that is well again says so by itself; the pauses are for one that says that it is
    /// and still does not print.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { first: seconds(1), last: seconds(30), look: seconds(30) }
    }
}

impl PrinterPauses {
    /// The pause after this one.
    fn after(&self, pause: Duration) -> Duration {
        pause.saturating_mul(2).min(self.last)
    }
}

/// What the queue may talk to.
pub struct PrintQueuePorts {
    /// Remembers how far a print job is, durably.
    pub marks: Recipient<MarkPrint>,
    /// Knows what a print job prints.
    pub jobs: Recipient<PrintJobQuery>,
    /// Queues copies.
    pub copies: Recipient<QueueCopy>,
    /// Queues papers that are no sale's.
    pub papers: Recipient<QueuePaper>,
    /// Knows which jobs wait: an announcement may be lost, a job is not.
    pub queued: Recipient<QueuedReceiptsQuery>,
    /// Are told when a printer wants a hand, or a receipt.
    pub notices: BTreeMap<WorkstationId, Recipient<SetNotice>>,
    /// Knows how much time has gone by.
    pub clock: Arc<dyn Clock>,
}

/// The papers that were left when the hub stopped.
#[derive(Clone, Debug, Default)]
pub struct LeftPapers {
    /// Those that wait.
    pub queued: Vec<Waiting<PrintKey>>,
    /// Those of which nobody knows whether they came out.
    pub unknown: Vec<Waiting<PrintKey>>,
}

/// Hands papers to printers, each once.
pub struct PrintQueueActor {
    ports: PrintQueuePorts,
    devices: Arc<Devices>,
    printers: BTreeMap<DeviceId, Printer>,
    waiting: Vec<Waiting<PrintKey>>,
    /// Those that wait or are under way.
    known: BTreeSet<PrintKey>,
    unknown: BTreeMap<PrintKey, Option<WorkstationId>>,
    /// What each register was last told.
    told: BTreeMap<WorkstationId, BTreeSet<&'static str>>,
    /// Those who wait for a printer to be otherwise.
    followers: BTreeMap<DeviceId, SpawnHandle>,
    pauses: PrinterPauses,
    /// The one timer that is set, and when it wakes.
    alarm: Option<(u64, SpawnHandle)>,
    is_stopping: bool,
    quiesced: Vec<oneshot::Sender<()>>,
    inputs: u64,
    printed: u64,
    counts: Arc<PrintCounts>,
}

impl PrintQueueActor {
    /// With what was left when the hub stopped.
    #[must_use]
    pub fn new(ports: PrintQueuePorts, left: LeftPapers) -> Self {
        Self {
            ports,
            devices: Arc::default(),
            printers: BTreeMap::new(),
            known: left.queued.iter().map(|paper| paper.key).collect(),
            waiting: left.queued,
            unknown: left.unknown.into_iter().map(|it| (it.key, it.workstation)).collect(),
            told: BTreeMap::new(),
            followers: BTreeMap::new(),
            pauses: PrinterPauses::default(),
            alarm: None,
            is_stopping: false,
            quiesced: Vec::new(),
            inputs: 0,
            printed: 0,
            counts: Arc::default(),
        }
    }

    /// The same with other pauses.
    #[must_use]
    pub const fn with_pauses(mut self, pauses: PrinterPauses) -> Self {
        self.pauses = pauses;
        self
    }

    /// The same with its papers counted for others to see.
    #[must_use]
    pub fn with_counts(mut self, counts: Arc<PrintCounts>) -> Self {
        self.counts = counts;
        self
    }

    fn now_ms(&self) -> u64 {
        self.ports.clock.now(None).monotonic_ms
    }

    /// Hands out what can be printed now.
    fn advance(&mut self, ctx: &mut Context<Self>) {
        let now_ms = self.now_ms();
        for printer in self.printers.values_mut() {
            printer.look(now_ms, &self.pauses);
        }
        self.tell_registers();
        self.counts.note(self.known.len(), self.unknown.len());
        if self.is_stopping {
            return;
        }
        let standing = |(id, printer): (&DeviceId, &Printer)| (id.clone(), printer.standing);
        let standings: BTreeMap<DeviceId, Standing> = self.printers.iter().map(standing).collect();
        let plan = plan(&self.waiting, &standings, &self.devices, now_ms);
        for assignment in plan.assignments {
            self.begin(&assignment, ctx);
        }
        if let Some(at_ms) = plan.again_at_ms {
            self.wake(at_ms, now_ms, ctx);
        }
    }

    /// Looks again at a time, or sooner.
    fn wake(&mut self, at_ms: u64, now_ms: u64, ctx: &mut Context<Self>) {
        if let Some((before, alarm)) = self.alarm {
            if before <= at_ms && before > now_ms {
                return;
            }
            ctx.cancel_future(alarm);
        }
        let wait = Duration::from_millis(at_ms.saturating_sub(now_ms).max(1));
        let alarm = ctx.run_later(wait, |actor, ctx| {
            actor.alarm = None;
            actor.look(ctx);
            actor.advance(ctx);
        });
        self.alarm = Some((at_ms, alarm));
    }

    /// Looks again whenever a printer is not as it was.
    fn follow(
        &mut self,
        id: DeviceId,
        mut condition: watch::Receiver<Condition>,
        ctx: &mut Context<Self>,
    ) {
        let changed = async move { condition.changed().await.map(|()| condition) };
        let printer = id.clone();
        let follower = ctx.spawn(changed.into_actor(self).map(|changed, actor, ctx| {
            // One that is gone was taken out of the settings.
            let Ok(condition) = changed else { return };
            actor.advance(ctx);
            actor.follow(printer, condition, ctx);
        }));
        self.followers.insert(id, follower);
    }

    fn begin(&mut self, assignment: &Assignment<PrintKey>, ctx: &mut Context<Self>) {
        let Assignment { key, printer: id, stands_in } = assignment.clone();
        let Some(at) = self.waiting.iter().position(|paper| paper.key == key) else { return };
        let Some(printer) = self.printers.get_mut(&id) else { return };
        if stands_in {
            tracing::warn!(printer = id.as_str(), "a receipt is printed at another printer");
        }
        printer.under_way = Some(self.waiting.remove(at));
        let (jobs, marks) = (self.ports.jobs.clone(), self.ports.marks.clone());
        let (handle, to) = (printer.handle.clone(), id.clone());
        let work = async move { print(key, &jobs, &marks, (&handle, to)).await };
        ctx.spawn(work.into_actor(self).map(move |outcome, actor, ctx| {
            actor.on_printed(&id, outcome, ctx);
        }));
    }

    fn on_printed(&mut self, id: &DeviceId, outcome: PrintOutcome, ctx: &mut Context<Self>) {
        self.inputs += 1;
        let now_ms = self.now_ms();
        let pauses = self.pauses;
        let is_named = self.devices.all().iter().any(|device| device.id == *id);
        let Some(printer) = self.printers.get_mut(id) else { return };
        let Some(paper) = printer.under_way.take() else { return };
        match outcome {
            PrintOutcome::Done => {
                self.printed += 1;
                printer.is_well(&pauses);
                self.known.remove(&paper.key);
            }
            PrintOutcome::Gone => {
                self.known.remove(&paper.key);
            }
            PrintOutcome::Unknown(fault) => {
                // What comes next is not begun before the printer says that it is well.
                tracing::warn!(printer = id.as_str(), fault, "a receipt may not have come out");
                self.known.remove(&paper.key);
                self.unknown.insert(paper.key, paper.workstation);
            }
            PrintOutcome::TryAgain(fault) => {
                tracing::info!(printer = id.as_str(), fault, "a receipt waits");
                printer.rests(now_ms, &pauses);
                self.waiting.insert(0, paper);
            }
        }
        if !is_named {
            // It was taken out of the settings: with it its thread goes, and its port is free.
            self.printers.remove(id);
        }
        if self.printers.values().all(|printer| printer.under_way.is_none()) {
            for quiesced in self.quiesced.drain(..) {
                // Whoever asked may have gone; then nobody waits.
                let _ = quiesced.send(());
            }
        }
        self.advance(ctx);
    }

    /// Looks for jobs that wait and were not announced, or not heard of.
    fn look(&self, ctx: &mut Context<Self>) {
        let queued = self.ports.queued.send(QueuedReceiptsQuery).into_actor(self);
        ctx.spawn(queued.map(|queued, actor, ctx| {
            // A journal that cannot be read now is read at the next look.
            let Ok(Ok(queued)) = queued else { return };
            for paper in queued {
                actor.take_in(paper);
            }
            actor.advance(ctx);
        }));
    }

    /// Takes a job in, once. One that was printed meanwhile is let go when its turn comes.
    fn take_in(&mut self, paper: Waiting<PrintKey>) {
        if self.known.insert(paper.key) {
            self.waiting.push(paper);
        }
    }

    /// Tells each register what has changed of what it should know.
    fn tell_registers(&mut self) {
        for (workstation, port) in &self.ports.notices {
            let mut now = BTreeSet::new();
            let own = self.devices.paper_printers_of(Some(workstation)).into_iter().next();
            let printer = own.and_then(|id| self.printers.get(&id));
            now.extend(printer.and_then(|printer| notice_of(printer.condition())));
            let is_here =
                |at: &Option<WorkstationId>| at.as_ref().is_none_or(|at| at == workstation);
            if self.unknown.values().any(is_here) {
                now.insert(UNKNOWN_NOTICE);
            }
            let told = self.told.entry(workstation.clone()).or_default();
            let changes = now.symmetric_difference(told).copied().collect::<Vec<_>>();
            for notice in changes {
                let is_raised = now.contains(notice);
                if port.try_send(SetNotice { notice, is_raised }).is_ok() {
                    if is_raised {
                        told.insert(notice)
                    } else {
                        told.remove(notice)
                    };
                }
                // A register that cannot be told now is told at the next change.
            }
        }
    }

    /// A person said what became of one: nobody has to look any more, once that is durable. What
    /// could not be written stays on the list.
    fn settle(&self, key: PrintKey, state: PrintState) -> Settling {
        let marks = self.ports.marks.clone();
        let marked = async move { mark(&marks, key, state, None).await };
        Box::pin(marked.into_actor(self).map(move |marked, actor, ctx| {
            marked?;
            actor.unknown.remove(&key);
            actor.advance(ctx);
            Ok(())
        }))
    }

    /// A copy takes the place of what is not known to have come out.
    fn replaced(&self, by: PrintKey, ctx: &mut Context<Self>) {
        for key in self.unknown.keys().filter(|key| key.transaction == by.transaction) {
            ctx.spawn(self.settle(*key, PrintState::Replaced).map(|_, _, _| ()));
        }
    }
}

type Settling = ResponseActFuture<PrintQueueActor, Result<(), RefusalCode>>;

async fn print(
    key: PrintKey,
    jobs: &Recipient<PrintJobQuery>,
    marks: &Recipient<MarkPrint>,
    (printer, id): (&PrinterHandle, DeviceId),
) -> PrintOutcome {
    let Ok(Ok(job)) = jobs.send(PrintJobQuery(key)).await else {
        return PrintOutcome::TryAgain("journal_failed");
    };
    let Some(job) = job.filter(|job| job.state == PrintState::Queued) else {
        return PrintOutcome::Gone;
    };
    let Some(document) = job.document else {
        // Nobody can print it as it stands: a person has to know, and what waits behind it goes on.
        return match mark(marks, key, PrintState::Unknown, None).await {
            Ok(()) => PrintOutcome::Unknown("unreadable"),
            Err(_) => PrintOutcome::TryAgain("journal_failed"),
        };
    };
    if mark(marks, key, PrintState::Printing, Some(id)).await.is_err() {
        return PrintOutcome::TryAgain("journal_failed");
    }
    let printed = printer.print(key, document.without_drawer()).await;
    let outcome = PrintOutcome::of(&printed);
    let state = match &outcome {
        PrintOutcome::Done => PrintState::Done,
        PrintOutcome::TryAgain(_) => PrintState::Queued,
        PrintOutcome::Unknown(_) | PrintOutcome::Gone => PrintState::Unknown,
    };
    match mark(marks, key, state, None).await {
        Ok(()) => outcome,
        // It stands as printing: after a restart it is unknown, and is not printed again.
        Err(_) => PrintOutcome::Unknown("journal_failed"),
    }
}

async fn mark(
    marks: &Recipient<MarkPrint>,
    key: PrintKey,
    state: PrintState,
    printer: Option<DeviceId>,
) -> Result<(), RefusalCode> {
    let marked = marks.send(MarkPrint { key, state, printer }).await;
    marked.unwrap_or(Err(RefusalCode::JournalFailed))
}
