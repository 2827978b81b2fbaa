use std::sync::mpsc;
use std::thread;

use devices::printer::{PrintError, PrintFault, PrintJob, PrintJobId, ReceiptPrinter};
use store_core::receipt::ReceiptDocument;
use tokio::sync::oneshot;

use crate::messages::PrintKey;

enum Task {
    Print { job: PrintJob, reply: oneshot::Sender<Result<(), PrintError>> },
    Look { reply: oneshot::Sender<Option<PrintFault>> },
}

/// A printer on a thread of its own: it blocks for as long as the paper takes.
#[derive(Clone)]
pub struct PrinterThread {
    tasks: mpsc::SyncSender<Task>,
}

impl PrinterThread {
    /// Starts the thread; it ends when the last handle is gone.
    ///
    /// # Errors
    /// Where the system has no thread to give.
    pub fn start(mut printer: Box<dyn ReceiptPrinter>) -> std::io::Result<Self> {
        // One job at a time is under way; the next waits in the actor, where it can be seen. There
        // may be two of them: those who train print too.
        let (tasks, queue) = mpsc::sync_channel::<Task>(2);
        thread::Builder::new().name("printer".to_owned()).spawn(move || {
            for task in queue {
                // The actor may be gone; the job's mark tells what is known of it.
                match task {
                    Task::Print { job, reply } => drop(reply.send(printer.print(&job))),
                    Task::Look { reply } => drop(reply.send(printer.status().fault())),
                }
            }
        })?;
        Ok(Self { tasks })
    }

    /// What keeps the printer from printing now, if anything does; asks it.
    pub async fn fault(&self) -> Option<PrintFault> {
        let (reply, fault) = oneshot::channel();
        if self.tasks.try_send(Task::Look { reply }).is_err() {
            return Some(PrintFault::Failed);
        }
        fault.await.unwrap_or(Some(PrintFault::Failed))
    }

    /// Prints a document and waits until it is on paper.
    ///
    /// # Errors
    /// What the printer said.
    pub async fn print(&self, key: PrintKey, document: ReceiptDocument) -> Result<(), PrintError> {
        let (reply, printed) = oneshot::channel();
        let job = PrintJob { id: job_id(key), document };
        if self.tasks.try_send(Task::Print { job, reply }).is_err() {
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
