mod print_jobs;

use std::sync::Arc;

use actix::prelude::*;
use store_core::fact::{CommittedFact, Fact};
use store_core::print_queue::Waiting;
use store_core::receipt::ReceiptLanguage;
use store_core::register::Known;
use store_core::transaction::RetailTransaction;
use store_core::{CommandId, RefusalCode};
use store_journal::{
    LedgerReads as _, PrintJob, ReadError, Reader, Write, WriteError, WriterHandle, Written,
    facts_after,
};
use tokio::sync::oneshot;

use self::print_jobs::key_of;
pub use self::print_jobs::paper_of;
use crate::clock::Clock;
use crate::messages::{
    Append, Appended, FactCommitted, FactQuery, FactsAfterQuery, KnownQuery, PrintKey,
    ReceiptQueued, SaveDraft, StatusQuery,
};
use crate::papers::PaperNumbers;
use crate::status::ActorStatus;
use crate::translate;

/// Which paper of a sale is to be printed.
#[derive(Clone, Copy, Debug)]
pub enum SalePaper {
    /// The receipt.
    Receipt,
    /// A copy of it.
    Copy {
        /// Its number, from 1.
        number: u32,
        /// In which language; in the store's where nobody wished for one.
        language: Option<ReceiptLanguage>,
        /// Whether the sale was undone meanwhile.
        is_undone: bool,
    },
    /// That the sale was undone.
    PostVoid {
        /// Its number among the copies.
        number: u32,
    },
}

/// Makes the print jobs of a sale. The receipt is queued in the transaction that makes the sale
/// durable, the paper of an undone sale in the one that undoes it.
pub type ReceiptMaker = Arc<dyn Fn(&RetailTransaction, SalePaper) -> PrintJob + Send + Sync>;

/// What the journal may talk to.
pub struct JournalPorts {
    /// Are told of every fact, in any order and perhaps not at all.
    pub facts: Vec<Recipient<FactCommitted>>,
    /// Prints what was queued.
    pub receipts: Recipient<ReceiptQueued>,
}

/// The shell of the journal: hands promises to the writer's thread and says when they hold.
pub struct JournalActor {
    writer: WriterHandle,
    reader: Reader,
    receipt: ReceiptMaker,
    clock: Arc<dyn Clock>,
    ports: Option<JournalPorts>,
    papers: PaperNumbers,
    inputs: u64,
    announcements_lost: u64,
}

impl JournalActor {
    /// With the journal's two ends. It is told later, by [`Connect`], whom to tell: those need the
    /// journal first.
    #[must_use]
    pub fn new(
        writer: WriterHandle,
        reader: Reader,
        receipt: ReceiptMaker,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (ports, papers) = (None, PaperNumbers::default());
        Self { writer, reader, receipt, clock, ports, papers, inputs: 0, announcements_lost: 0 }
    }

    fn submit(&self, write: Write) -> oneshot::Receiver<Result<Written, WriteError>> {
        let (reply, written) = oneshot::channel();
        let submitted = self.writer.submit(
            write,
            Box::new(move |result| {
                // Whoever asked may have gone; the row is in the file all the same.
                let _ = reply.send(result);
            }),
        );
        if let Err(busy) = submitted {
            tracing::warn!(%busy, "submitting to the journal");
        }
        written
    }

    fn write(&self, write: Write) -> ResponseFuture<Result<(), RefusalCode>> {
        let written = self.submit(write);
        Box::pin(async {
            match written.await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(refusal(&error)),
                Err(_) => Err(RefusalCode::JournalFailed),
            }
        })
    }

    /// Whether an id stands for a row already.
    fn has_row(&self, id: CommandId) -> bool {
        self.reader.row_of(id).is_ok_and(|row| row.is_some())
    }

    fn wall_ms(&self) -> i64 {
        self.clock.now(None).wall.as_millisecond()
    }

    /// The paper of a sale that is being undone; of anything else there is none.
    fn post_void_job(&mut self, fact: &Fact) -> Result<Option<PrintJob>, RefusalCode> {
        let Fact::SalePostVoided(void) = fact else { return Ok(None) };
        let number = self.next_number(void.sale.id)?;
        let mut job = (self.receipt)(&void.sale, SalePaper::PostVoid { number });
        job.workstation = Some(void.workstation.clone());
        Ok(Some(job))
    }

    fn announce(&mut self, row: CommittedFact, queued: Option<Waiting<PrintKey>>) {
        let Some(ports) = &self.ports else { return };
        let row = Arc::new(row);
        for port in &ports.facts {
            let told = port.try_send(FactCommitted(row.clone()));
            self.announcements_lost += u64::from(told.is_err());
        }
        if let Some(paper) = queued {
            let told = ports.receipts.try_send(ReceiptQueued(paper));
            self.announcements_lost += u64::from(told.is_err());
        }
    }
}

/// Why a write was not carried out, as the cashier is told; the operator reads more.
fn refusal(error: &WriteError) -> RefusalCode {
    if !matches!(error, WriteError::DiskFull | WriteError::Declined(_)) {
        tracing::error!(%error, "writing to the journal");
    }
    translate::refusal(error)
}

impl Actor for JournalActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX_MAX);
    }
}

/// Most messages that wait for the journal: every register of a large store, several times over.
const MAILBOX_MAX: usize = 256;

/// To the journal, once: whom to tell.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Connect(pub JournalPorts);

impl Handler<Connect> for JournalActor {
    type Result = ();

    fn handle(&mut self, Connect(ports): Connect, _: &mut Self::Context) {
        self.ports = Some(ports);
    }
}

impl Handler<Append> for JournalActor {
    type Result = ResponseActFuture<Self, Result<Appended, RefusalCode>>;

    fn handle(&mut self, append: Append, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let Append { id, now, fact, draft } = append;
        let announced = (*fact).clone();
        let paper = match self.post_void_job(&announced) {
            Ok(paper) => paper,
            Err(code) => return Box::pin(fut::ready(Err(code))),
        };
        let numbered = paper.as_ref().map(key_of);
        let receipt = |sale: &RetailTransaction| (self.receipt)(sale, SalePaper::Receipt);
        let write = translate::append(id, now, *fact, draft, receipt).map(|mut write| {
            if let (Write::Append(append), Some(paper)) = (&mut write, paper) {
                append.print = Some(paper);
            }
            write
        });
        let queued = match &write {
            Ok(Write::Append(append)) => append.print.as_ref().map(|job| paper_of(&job.standing())),
            _ => None,
        };
        let written = match write {
            Ok(write) => self.submit(write),
            Err(code) => {
                numbered.into_iter().for_each(|key| self.papers.settled(key.transaction, key.copy));
                return Box::pin(fut::ready(Err(code)));
            }
        };
        Box::pin(written.into_actor(self).map(move |written, actor, _| {
            let settled = |key: PrintKey| actor.papers.settled(key.transaction, key.copy);
            numbered.into_iter().for_each(settled);
            match written {
                Ok(Ok(Written::Committed { position, repeated, .. })) => {
                    if !repeated {
                        actor.announce(CommittedFact { position, now, fact: announced }, queued);
                    }
                    Ok(Appended { position, repeated })
                }
                Ok(Ok(Written::Done)) | Err(_) => Err(RefusalCode::JournalFailed),
                // Whoever made the id made it twice: not a fault of the journal's.
                Ok(Err(WriteError::Rejected(_))) if actor.has_row(id) => {
                    Err(RefusalCode::CommandIdReused)
                }
                Ok(Err(error)) => Err(refusal(&error)),
            }
        }))
    }
}

impl Handler<SaveDraft> for JournalActor {
    type Result = ResponseFuture<Result<(), RefusalCode>>;

    fn handle(&mut self, SaveDraft(saved): SaveDraft, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        self.write(Write::SaveDraft(translate::draft(saved)))
    }
}

impl Handler<KnownQuery> for JournalActor {
    type Result = Result<Known, RefusalCode>;

    fn handle(&mut self, query: KnownQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let KnownQuery { transaction, with_sale } = query;
        let known = |reader: &Reader| translate::known(reader, transaction, with_sale);
        self.reader.at_once(known).map_err(|error| unreadable(&error))
    }
}

impl Handler<FactQuery> for JournalActor {
    type Result = Result<Option<Box<Fact>>, RefusalCode>;

    fn handle(&mut self, FactQuery(id): FactQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        translate::fact(&self.reader, id).map_err(|error| unreadable(&error))
    }
}

/// Most rows that are read at once for one who has missed some.
const FACTS_MAX: usize = 1000;

impl Handler<FactsAfterQuery> for JournalActor {
    type Result = Result<Vec<CommittedFact>, RefusalCode>;

    fn handle(&mut self, query: FactsAfterQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        facts_after(&self.reader, query.0, FACTS_MAX).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &ReadError) -> RefusalCode {
    tracing::error!(%error, "reading the journal");
    RefusalCode::JournalFailed
}

impl Handler<StatusQuery> for JournalActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let stats = self.writer.stats();
        MessageResult(ActorStatus {
            actor: "journal".to_owned(),
            inputs: self.inputs,
            announcements_lost: self.announcements_lost,
            state: serde_json::json!({ "commits": stats.commits, "waiting": stats.waiting }),
        })
    }
}
