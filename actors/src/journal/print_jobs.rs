use actix::prelude::*;
use store_core::RefusalCode;
use store_core::TransactionId;
use store_core::fact::Fact;
use store_core::print_queue::Waiting;
use store_journal::{LedgerReads as _, PrintChange, PrintJob, PrintStanding, PrintState, Write};

use super::{JournalActor, SalePaper, unreadable};
use crate::messages::{
    MarkPrint, PrintJobQuery, PrintKey, QueueCopy, QueuePaper, QueuedReceiptsQuery, ReceiptJob,
};

pub(super) const fn key_of(job: &PrintJob) -> PrintKey {
    PrintKey { transaction: job.transaction, copy: job.copy }
}

/// A print job as the queue knows it.
#[must_use]
pub fn paper_of(job: &PrintStanding) -> Waiting<PrintKey> {
    let &PrintStanding { transaction, copy, .. } = job;
    Waiting { key: PrintKey { transaction, copy }, workstation: job.workstation.clone() }
}

impl JournalActor {
    /// The next copy of a receipt.
    fn copy_job(&mut self, queue: &QueueCopy) -> Result<PrintJob, RefusalCode> {
        let QueueCopy { transaction, language, ref workstation } = *queue;
        let sale = self.reader.transaction(transaction).map_err(|error| unreadable(&error))?;
        let Some(Fact::SaleCompleted(sale)) = sale.map(|row| row.fact) else {
            return Err(RefusalCode::NoBasket);
        };
        let is_undone = self.reader.post_void(transaction).map_err(|error| unreadable(&error))?;
        let is_undone = is_undone.is_some();
        let number = self.next_number(transaction)?;
        let mut job = (self.receipt)(&sale, SalePaper::Copy { number, language, is_undone });
        if let Some(workstation) = workstation {
            job.workstation = Some(workstation.clone());
        }
        Ok(job)
    }

    /// A paper that is no sale's, or the next copy of it.
    fn paper_job(&mut self, queue: QueuePaper) -> Result<PrintJob, RefusalCode> {
        let QueuePaper { paper, document, copy_label, workstation } = queue;
        let (copy, document) = match copy_label {
            None => (0, *document),
            Some(label) => {
                let number = self.next_number(paper)?;
                (number, document.as_copy(&label, number))
            }
        };
        let document = serde_json::to_string(&document).map_err(|_| {
            self.papers.settled(paper, copy);
            RefusalCode::JournalFailed
        })?;
        let (state, workstation) = (PrintState::Queued, Some(workstation));
        Ok(PrintJob { transaction: paper, copy, state, document, workstation, printer: None })
    }

    /// The number of a sale's next paper; it is settled when the paper is written.
    pub(super) fn next_number(&mut self, transaction: TransactionId) -> Result<u32, RefusalCode> {
        let jobs = self.reader.print_jobs(transaction).map_err(|error| unreadable(&error))?;
        let last = jobs.iter().map(|job| job.copy).max().unwrap_or(0);
        Ok(self.papers.give(transaction, last))
    }

    /// Queues a paper that has its number.
    fn queue(
        &self,
        job: Result<PrintJob, RefusalCode>,
    ) -> ResponseActFuture<Self, Result<Waiting<PrintKey>, RefusalCode>> {
        let job = match job {
            Ok(job) => job,
            Err(code) => return Box::pin(fut::ready(Err(code))),
        };
        let (key, paper) = (key_of(&job), paper_of(&job.standing()));
        let change = PrintChange::Queue(job);
        let written = self.write(Write::Print { change, at_ms: self.wall_ms() }).into_actor(self);
        Box::pin(written.map(move |written, actor, _| {
            actor.papers.settled(key.transaction, key.copy);
            written.map(|()| paper)
        }))
    }
}

impl Handler<PrintJobQuery> for JournalActor {
    type Result = Result<Option<ReceiptJob>, RefusalCode>;

    fn handle(&mut self, query: PrintJobQuery, _: &mut Self::Context) -> Self::Result {
        let PrintKey { transaction, copy } = query.0;
        let job = self.reader.print_job(transaction, copy).map_err(|error| unreadable(&error))?;
        let Some(PrintJob { state, document, .. }) = job else { return Ok(None) };
        let document = serde_json::from_str(&document).inspect_err(|error| {
            tracing::error!(%transaction, copy, %error, "reading what a print job prints");
        });
        Ok(Some(ReceiptJob { state, document: document.ok() }))
    }
}

impl Handler<QueuedReceiptsQuery> for JournalActor {
    type Result = Result<Vec<Waiting<PrintKey>>, RefusalCode>;

    fn handle(&mut self, _: QueuedReceiptsQuery, _: &mut Self::Context) -> Self::Result {
        let jobs = self.reader.print_jobs_open().map_err(|error| unreadable(&error))?;
        let queued = jobs.iter().filter(|job| job.state == PrintState::Queued);
        Ok(queued.map(paper_of).collect())
    }
}

impl Handler<MarkPrint> for JournalActor {
    type Result = ResponseFuture<Result<(), RefusalCode>>;

    fn handle(&mut self, mark: MarkPrint, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let MarkPrint { key: PrintKey { transaction, copy }, state, printer } = mark;
        let change = PrintChange::State { transaction, copy, state, printer };
        self.write(Write::Print { change, at_ms: self.wall_ms() })
    }
}

impl Handler<QueueCopy> for JournalActor {
    type Result = ResponseActFuture<Self, Result<Waiting<PrintKey>, RefusalCode>>;

    fn handle(&mut self, queue: QueueCopy, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let job = self.copy_job(&queue);
        self.queue(job)
    }
}

impl Handler<QueuePaper> for JournalActor {
    type Result = ResponseActFuture<Self, Result<Waiting<PrintKey>, RefusalCode>>;

    fn handle(&mut self, queue: QueuePaper, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let job = self.paper_job(queue);
        self.queue(job)
    }
}
