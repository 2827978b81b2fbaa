use std::collections::VecDeque;
use std::time::Duration;

use actix::prelude::*;
use devices::printer::{Paper, PrintError};
use store_core::RefusalCode;
use tokio::sync::oneshot;

use crate::messages::{
    MarkPrint, PrintCopy, PrintJobQuery, PrintKey, PrintPaper, QueueCopy, QueuePaper,
    QueuedReceiptsQuery, Quiesce, ReceiptQueued, SetNotice, StatusQuery,
};
use crate::printer_thread::PrinterThread;
use crate::status::ActorStatus;
use store_journal::PrintState;

/// Most announcements that wait for the printer: as many as for the journal, whose they are.
const MAILBOX_MAX: usize = 256;

/// How long the printer is left alone.
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
    /// A cashier who has put paper in looks at it for two seconds; a printer that is off over night
    /// is asked twice a minute.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { first: seconds(2), last: seconds(30), look: seconds(30) }
    }
}

impl PrinterPauses {
    /// The pause after this one.
    fn after(&self, pause: Duration) -> Duration {
        pause.saturating_mul(2).min(self.last)
    }
}

/// What the peripherals may talk to.
pub struct PeripheralsPorts {
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
    /// Are told when the printer wants a hand.
    pub notices: Vec<Recipient<SetNotice>>,
}

/// The shell of the printer. A job is marked as printing before its first byte leaves and as done
/// when the printer says that it is on paper, so that a receipt is printed once: what was under
/// way when the power went is unknown, and only a person may print it again, as a copy.
pub struct PeripheralsActor {
    printer: PrinterThread,
    ports: PeripheralsPorts,
    waiting: VecDeque<PrintKey>,
    pauses: PrinterPauses,
    /// The next pause, if the printer cannot print.
    pause: Duration,
    /// The pause that goes on: there is one at most, whatever is announced meanwhile.
    resting: Option<SpawnHandle>,
    is_printing: bool,
    is_stopping: bool,
    quiesced: Vec<oneshot::Sender<()>>,
    fault: Option<&'static str>,
    inputs: u64,
    printed: u64,
}

impl PeripheralsActor {
    /// With the jobs that were queued when the hub stopped.
    #[must_use]
    pub fn new(
        printer: PrinterThread,
        ports: PeripheralsPorts,
        queued: impl IntoIterator<Item = PrintKey>,
    ) -> Self {
        let pauses = PrinterPauses::default();
        Self {
            printer,
            ports,
            waiting: queued.into_iter().collect(),
            pauses,
            pause: pauses.first,
            resting: None,
            is_printing: false,
            is_stopping: false,
            quiesced: Vec::new(),
            fault: None,
            inputs: 0,
            printed: 0,
        }
    }

    /// The same with other pauses.
    #[must_use]
    pub const fn with_pauses(mut self, pauses: PrinterPauses) -> Self {
        self.pauses = pauses;
        self.pause = pauses.first;
        self
    }

    fn advance(&mut self, ctx: &mut Context<Self>) {
        if self.is_printing || self.is_stopping || self.resting.is_some() {
            return;
        }
        let Some(key) = self.waiting.front().copied() else {
            return;
        };
        self.is_printing = true;
        let jobs = self.ports.jobs.clone();
        let marks = self.ports.marks.clone();
        let printer = self.printer.clone();
        let work = async move { print(key, &jobs, &marks, &printer).await };
        ctx.spawn(work.into_actor(self).map(|outcome, actor, ctx| actor.on_printed(outcome, ctx)));
    }

    fn on_printed(&mut self, outcome: PrintOutcome, ctx: &mut Context<Self>) {
        self.inputs += 1;
        self.is_printing = false;
        let fault = match outcome {
            PrintOutcome::Done => {
                self.printed += 1;
                self.waiting.pop_front();
                None
            }
            PrintOutcome::Gone => {
                self.waiting.pop_front();
                None
            }
            PrintOutcome::Unknown(fault) => {
                self.waiting.pop_front();
                self.tell("receipt_unknown", true);
                Some(fault)
            }
            PrintOutcome::TryAgain(fault) => Some(fault),
        };
        for quiesced in self.quiesced.drain(..) {
            // Whoever asked may have gone; then nobody waits.
            let _ = quiesced.send(());
        }
        if self.fault != fault {
            self.fault = fault;
            self.tell("printer_offline", fault.is_some());
        }
        if fault.is_some() {
            self.rest(ctx);
        } else {
            self.pause = self.pauses.first;
            self.advance(ctx);
        }
    }

    /// Leaves the printer alone for a while, then goes on with whatever waits by then.
    fn rest(&mut self, ctx: &mut Context<Self>) {
        let resting = ctx.run_later(self.pause, |actor, ctx| {
            actor.resting = None;
            actor.look(ctx);
            actor.advance(ctx);
        });
        self.pause = self.pauses.after(self.pause);
        self.resting = Some(resting);
    }

    /// Looks for jobs that wait and were not announced, or not heard of.
    fn look(&self, ctx: &mut Context<Self>) {
        let queued = self.ports.queued.send(QueuedReceiptsQuery).into_actor(self);
        ctx.spawn(queued.map(|queued, actor, ctx| {
            // A journal that cannot be read now is read at the next look.
            let Ok(Ok(queued)) = queued else { return };
            for key in queued {
                actor.take_in(key, ctx);
            }
        }));
    }

    /// Takes a job in, once. One that was printed meanwhile is let go when its turn comes.
    fn take_in(&mut self, key: PrintKey, ctx: &mut Context<Self>) {
        if !self.waiting.contains(&key) {
            self.waiting.push_back(key);
        }
        self.advance(ctx);
    }

    fn tell(&self, notice: &'static str, is_raised: bool) {
        for port in &self.ports.notices {
            // A register that cannot be told now is told at the next change.
            let _ = port.try_send(SetNotice { notice, is_raised });
        }
    }
}

enum PrintOutcome {
    /// On paper.
    Done,
    /// There is no such job, or it is not to be printed any more.
    Gone,
    /// Something may have come out.
    Unknown(&'static str),
    /// Nothing came out.
    TryAgain(&'static str),
}

async fn print(
    key: PrintKey,
    jobs: &Recipient<PrintJobQuery>,
    marks: &Recipient<MarkPrint>,
    printer: &PrinterThread,
) -> PrintOutcome {
    let Ok(Ok(job)) = jobs.send(PrintJobQuery(key)).await else {
        return PrintOutcome::TryAgain("journal_failed");
    };
    let Some(job) = job.filter(|job| job.state == PrintState::Queued) else {
        return PrintOutcome::Gone;
    };
    // A printer that is off costs no sync.
    if let Some(fault) = printer.fault().await {
        return PrintOutcome::TryAgain(fault.code());
    }
    if mark(marks, key, PrintState::Printing).await.is_err() {
        return PrintOutcome::TryAgain("journal_failed");
    }
    let (state, outcome) = match printer.print(key, job.document).await {
        Ok(()) => (PrintState::Done, PrintOutcome::Done),
        Err(PrintError { paper: Paper::Untouched, fault, .. }) => {
            (PrintState::Queued, PrintOutcome::TryAgain(fault.code()))
        }
        Err(error) => (PrintState::Unknown, PrintOutcome::Unknown(error.code())),
    };
    match mark(marks, key, state).await {
        Ok(()) => outcome,
        // It stands as printing: after a restart it is unknown, and is not printed again.
        Err(_) => PrintOutcome::Unknown("journal_failed"),
    }
}

async fn mark(
    marks: &Recipient<MarkPrint>,
    key: PrintKey,
    state: PrintState,
) -> Result<(), RefusalCode> {
    let marked = marks.send(MarkPrint { key, state }).await;
    marked.unwrap_or(Err(RefusalCode::JournalFailed))
}

impl Actor for PeripheralsActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX_MAX);
        ctx.run_interval(self.pauses.look, |actor, ctx| {
            if !actor.is_printing && actor.resting.is_none() {
                actor.look(ctx);
            }
        });
        self.advance(ctx);
    }
}

impl Handler<ReceiptQueued> for PeripheralsActor {
    type Result = ();

    fn handle(&mut self, queued: ReceiptQueued, ctx: &mut Self::Context) {
        self.inputs += 1;
        self.take_in(queued.0, ctx);
    }
}

impl Handler<PrintCopy> for PeripheralsActor {
    type Result = ResponseActFuture<Self, Result<u32, RefusalCode>>;

    fn handle(&mut self, message: PrintCopy, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let PrintCopy { transaction, language } = message;
        let queued = self.ports.copies.send(QueueCopy { transaction, language }).into_actor(self);
        Box::pin(queued.map(|queued, actor, ctx| {
            let key = queued.unwrap_or(Err(RefusalCode::JournalFailed))?;
            actor.tell("receipt_unknown", false);
            actor.take_in(key, ctx);
            Ok(key.copy)
        }))
    }
}

impl Handler<PrintPaper> for PeripheralsActor {
    type Result = ResponseActFuture<Self, Result<u32, RefusalCode>>;

    fn handle(&mut self, PrintPaper(queue): PrintPaper, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let queued = self.ports.papers.send(queue).into_actor(self);
        Box::pin(queued.map(|queued, actor, ctx| {
            let key = queued.unwrap_or(Err(RefusalCode::JournalFailed))?;
            actor.take_in(key, ctx);
            Ok(key.copy)
        }))
    }
}

/// Begins no other receipt; answers when the one under way is out and marked, so that a stop
/// leaves none unknown. What waits is printed after the next start.
impl Handler<Quiesce> for PeripheralsActor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Quiesce, _: &mut Self::Context) -> Self::Result {
        self.is_stopping = true;
        if !self.is_printing {
            return Box::pin(async {});
        }
        let (done, quiesced) = oneshot::channel();
        self.quiesced.push(done);
        Box::pin(async {
            // An actor that is gone has nothing under way.
            let _ = quiesced.await;
        })
    }
}

impl Handler<StatusQuery> for PeripheralsActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: "peripherals".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "waiting": self.waiting.len(),
                "is_printing": self.is_printing,
                "fault": self.fault,
                "printed": self.printed,
            }),
        })
    }
}

#[cfg(test)]
mod tests;
