use std::time::Duration;

use devices::printer::{Paper, PrintError, PrintFault, PrintJob, PrintJobId, PrinterTask};
use devices::worker::{Condition, Tasks};
use store_core::print_queue::{Standing, Waiting};
use store_core::receipt::ReceiptDocument;
use tokio::sync::{oneshot, watch};

use super::PrinterPauses;
use crate::messages::PrintKey;

/// A printer as the queue reaches it.
#[derive(Clone)]
pub struct PrinterHandle {
    /// Its thread.
    pub tasks: Tasks<PrinterTask>,
    /// How it is.
    pub condition: watch::Receiver<Condition>,
}

impl PrinterHandle {
    /// Prints a document and waits until it is on paper.
    ///
    /// # Errors
    /// What the printer said.
    pub(super) async fn print(
        &self,
        key: PrintKey,
        document: ReceiptDocument,
    ) -> Result<(), PrintError> {
        let (reply, printed) = oneshot::channel();
        let job = PrintJob { id: job_id(key), document };
        // Whoever asked may be gone; the job's mark tells what is known of it.
        let reply = Box::new(move |result| drop(reply.send(result)));
        if self.tasks.hand_in(PrinterTask::Print { job, reply }).is_err() {
            return Err(PrintError::untouched(PrintFault::Failed));
        }
        printed.await.unwrap_or(Err(PrintError::unknown(PrintFault::Failed)))
    }
}

/// The random part of the transaction's id, moved on by the copy: the printer only tells one job
/// from the one before by it.
fn job_id(key: PrintKey) -> PrintJobId {
    let (_, random) = key.transaction.uuid().as_u64_pair();
    PrintJobId(random.wrapping_add(u64::from(key.copy)))
}

/// What the queue knows of a printer.
pub(super) struct Printer {
    pub(super) handle: PrinterHandle,
    pub(super) standing: Standing,
    /// What it is at.
    pub(super) under_way: Option<Waiting<PrintKey>>,
    /// The next pause, if it cannot print.
    pause: Duration,
}

impl Printer {
    pub(super) fn new(handle: PrinterHandle, pauses: &PrinterPauses) -> Self {
        let (standing, pause) = (Standing::default(), pauses.first);
        Self { handle, standing, under_way: None, pause }
    }

    pub(super) fn condition(&self) -> Condition {
        *self.handle.condition.borrow()
    }

    /// Takes note of how it is now. One that is well again is asked at once.
    pub(super) fn look(&mut self, now_ms: u64, pauses: &PrinterPauses) {
        // What came and went between two looks was a change all the same.
        let has_changed = self.handle.condition.has_changed().unwrap_or(false);
        let works = self.handle.condition.borrow_and_update().works();
        if !works {
            self.standing.down_since_ms.get_or_insert(now_ms);
        } else if has_changed || self.standing.down_since_ms.is_some() {
            self.standing.down_since_ms = None;
            self.is_well(pauses);
        }
        self.standing.is_busy = self.under_way.is_some();
    }

    /// It has printed, or can again.
    pub(super) fn is_well(&mut self, pauses: &PrinterPauses) {
        self.pause = pauses.first;
        self.standing.rests_until_ms = 0;
    }

    /// It could not print: it is left alone for a while, longer each time.
    pub(super) fn rests(&mut self, now_ms: u64, pauses: &PrinterPauses) {
        let pause = u64::try_from(self.pause.as_millis()).unwrap_or(u64::MAX);
        self.standing.rests_until_ms = now_ms.saturating_add(pause.max(1));
        self.pause = pauses.after(self.pause);
    }
}

/// What became of a job.
pub(super) enum PrintOutcome {
    /// On paper.
    Done,
    /// There is no such job, or it is not to be printed any more.
    Gone,
    /// Something may have come out.
    Unknown(&'static str),
    /// Nothing came out.
    TryAgain(&'static str),
}

impl PrintOutcome {
    /// Of what the printer said.
    pub(super) fn of(printed: &Result<(), PrintError>) -> Self {
        match printed {
            Ok(()) => Self::Done,
            Err(PrintError { paper: Paper::Untouched, fault, .. }) => Self::TryAgain(fault.code()),
            Err(error) => Self::Unknown(error.code()),
        }
    }
}

/// What a register's screen says of a printer that cannot print, if it is worth saying.
pub(super) fn notice_of(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::Ready | Condition::Needs(_) | Condition::Starting => None,
        Condition::Faulty("paper_out") => Some("printer_paper_out"),
        Condition::Faulty("cover_open") => Some("printer_cover_open"),
        Condition::Faulty(_) | Condition::Silent | Condition::Absent => Some("printer_offline"),
    }
}
