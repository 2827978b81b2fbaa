use std::sync::Arc;

use actix::prelude::*;
use store_core::fact::{CommittedFact, Fact};
use store_core::register::{AbsorbedCommand, DraftChange, EndedTransaction};
use store_core::{JournalSequence, RefusalCode, TransactionId};
use store_journal::{Reader, Write, WriteError, Writer, Written};
use tokio::sync::oneshot;

use crate::messages::{
    Append, EndedQuery, FactCommitted, FactsAfterQuery, ReceiptQueued, SaveDraft, StatusQuery,
};
use crate::status::ActorStatus;

/// Makes the print job that is queued in the same transaction as a sale.
pub type ReceiptMaker = Arc<
    dyn Fn(&store_core::transaction::RetailTransaction) -> store_journal::PrintJob + Send + Sync,
>;

/// What the journal may talk to.
pub struct JournalPorts {
    /// Are told of every fact, in any order and perhaps not at all.
    pub facts: Vec<Recipient<FactCommitted>>,
    /// Prints what was queued.
    pub receipts: Recipient<ReceiptQueued>,
}

/// The shell of the journal: hands promises to the writer's thread and says when they hold.
pub struct JournalActor {
    writer: Writer,
    reader: Reader,
    receipt: ReceiptMaker,
    ports: Option<JournalPorts>,
    inputs: u64,
    announcements_lost: u64,
}

impl JournalActor {
    /// With the journal's two ends. It is told later, by [`JournalActor::connect`], whom to tell:
    /// those need the journal first.
    #[must_use]
    pub const fn new(writer: Writer, reader: Reader, receipt: ReceiptMaker) -> Self {
        Self {
            writer,
            reader,
            receipt,
            ports: None,
            inputs: 0,
            announcements_lost: 0,
        }
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

    fn announce(&mut self, row: CommittedFact) {
        let Some(ports) = &self.ports else { return };
        let sale = match &row.fact {
            Fact::SaleCompleted(sale) => Some(sale.id),
            _ => None,
        };
        let row = Arc::new(row);
        for port in &ports.facts {
            let told = port.try_send(FactCommitted(row.clone()));
            self.announcements_lost += u64::from(told.is_err());
        }
        if let Some(transaction) = sale {
            let told = ports.receipts.try_send(ReceiptQueued { transaction });
            self.announcements_lost += u64::from(told.is_err());
        }
    }
}

/// Why a write was not carried out, as the cashier is told.
fn refusal(error: &WriteError) -> RefusalCode {
    match error {
        WriteError::DiskFull => RefusalCode::DiskFull,
        error => {
            tracing::error!(%error, "writing to the journal");
            RefusalCode::JournalFailed
        }
    }
}

fn absorbed_json(ended: &EndedTransaction) -> Result<String, RefusalCode> {
    serde_json::to_string(&ended.absorbed).map_err(|_| RefusalCode::JournalFailed)
}

fn draft(draft: store_core::register::Draft) -> store_journal::Draft {
    store_journal::Draft {
        transaction: draft.transaction,
        workstation: draft.workstation,
        version: draft.version,
        body: draft.body,
    }
}

fn draft_change(change: DraftChange) -> Result<store_journal::DraftChange, RefusalCode> {
    Ok(match change {
        DraftChange::Keep => store_journal::DraftChange::Keep,
        DraftChange::Save(saved) => store_journal::DraftChange::Save(draft(saved)),
        DraftChange::End(ended) => store_journal::DraftChange::End {
            transaction: ended.transaction,
            absorbed: absorbed_json(&ended)?,
        },
    })
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
    type Result = ResponseActFuture<Self, Result<store_core::fact::RowPosition, RefusalCode>>;

    fn handle(&mut self, append: Append, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let Append {
            id,
            now,
            fact,
            draft,
        } = append;
        let print = match &*fact {
            Fact::SaleCompleted(sale) => Some((self.receipt)(sale)),
            _ => None,
        };
        let draft = match draft_change(draft) {
            Ok(draft) => draft,
            Err(code) => return Box::pin(fut::ready(Err(code))),
        };
        let announced = (*fact).clone();
        let write = store_journal::Append {
            id,
            now,
            fact: *fact,
            draft,
            print,
        };
        let written = self.submit(Write::Append(Box::new(write)));
        Box::pin(
            written
                .into_actor(self)
                .map(move |written, actor, _| match written {
                    Ok(Ok(Written::Committed { position, .. })) => {
                        actor.announce(CommittedFact {
                            position,
                            now,
                            fact: announced,
                        });
                        Ok(position)
                    }
                    Ok(Ok(Written::Done)) | Err(_) => Err(RefusalCode::JournalFailed),
                    Ok(Err(error)) => Err(refusal(&error)),
                }),
        )
    }
}

impl Handler<SaveDraft> for JournalActor {
    type Result = ResponseFuture<Result<(), RefusalCode>>;

    fn handle(&mut self, SaveDraft(saved): SaveDraft, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let written = self.submit(Write::SaveDraft(draft(saved)));
        Box::pin(async {
            match written.await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(refusal(&error)),
                Err(_) => Err(RefusalCode::JournalFailed),
            }
        })
    }
}

impl Handler<EndedQuery> for JournalActor {
    type Result = Result<Option<EndedTransaction>, RefusalCode>;

    fn handle(&mut self, EndedQuery(id): EndedQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        ended(&self.reader, id).map_err(|error| {
            tracing::error!(%error, "looking a transaction up");
            RefusalCode::JournalFailed
        })
    }
}

fn ended(
    reader: &Reader,
    transaction: TransactionId,
) -> Result<Option<EndedTransaction>, store_journal::ReadError> {
    let Some(ended) = reader.ended(transaction)? else {
        return Ok(None);
    };
    let absorbed: Vec<AbsorbedCommand> =
        serde_json::from_str(&ended.absorbed).unwrap_or_else(|error| {
            tracing::warn!(%error, "the commands of an ended basket do not parse");
            Vec::new()
        });
    Ok(Some(EndedTransaction {
        transaction,
        absorbed,
    }))
}

impl Handler<FactsAfterQuery> for JournalActor {
    type Result = Result<Vec<CommittedFact>, RefusalCode>;

    fn handle(&mut self, query: FactsAfterQuery, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let FactsAfterQuery(JournalSequence(after)) = query;
        self.reader
            .facts_after(JournalSequence(after))
            .map_err(|error| {
                tracing::error!(%error, "reading facts");
                RefusalCode::JournalFailed
            })
    }
}

impl Handler<StatusQuery> for JournalActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: "journal".to_owned(),
            inputs: self.inputs,
            announcements_lost: self.announcements_lost,
            state: serde_json::json!({ "commits": self.writer.progress() }),
        })
    }
}
