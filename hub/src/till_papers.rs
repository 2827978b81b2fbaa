//! The reports of tills on paper: the X of one that is open whenever somebody asks, the Z of one
//! that is closed by itself and once.

use std::sync::Arc;

use actix::prelude::*;
use store_actors::messages::{FactCommitted, PrintPaper, QueuePaper};
use store_actors::{Clock, PrintQueueActor};
use store_core::day::{ByAt, TillReport, TillReportFold};
use store_core::fact::Fact;
use store_core::receipt::ReceiptDocument;
use store_core::till::{TillEntry, TillEvent, TillNumber};
use store_core::{BusinessDay, CommandId, Currency, StoreId, TransactionId, WorkstationId};
use store_journal::{LedgerReads as _, ReadError, Reader};
use uuid::Uuid;

use crate::receipts::Receipts;
use crate::settings::Settings;
use crate::store::ReaderPool;

/// Papers of tills are named within this, so that none has the name of a sale.
const PAPERS: Uuid = Uuid::from_u128(0x7b1d_6f0a_52c8_4e0e_9a36_0d5f_c2a4_8e71);
/// A Z report that a stop kept from the printer is printed after the next start if its till was
/// opened less than this ago; an older one is had as a copy.
const LATE_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Which till of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTill {
    /// The day that it books on.
    pub day: BusinessDay,
    /// The register.
    pub workstation: WorkstationId,
    /// Its number there.
    pub number: TillNumber,
}

impl OneTill {
    /// The name of its Z report among all that is printed.
    #[must_use]
    pub fn z_paper(&self) -> TransactionId {
        let name = format!("z {} {}", self.workstation, self.number);
        TransactionId::new(Uuid::new_v5(&PAPERS, name.as_bytes()))
    }

    /// The name of the X report that a command asks for.
    #[must_use]
    pub fn x_paper(&self, command: CommandId) -> TransactionId {
        let name = format!("x {} {} {command}", self.workstation, self.number);
        TransactionId::new(Uuid::new_v5(&PAPERS, name.as_bytes()))
    }
}

/// Makes the papers.
#[derive(Clone)]
pub struct TillPapers {
    store: StoreId,
    currency: Currency,
    receipts: Receipts,
}

impl TillPapers {
    /// For a store.
    #[must_use]
    pub fn new(settings: &Settings, receipts: Receipts) -> Self {
        let store = settings.store.id.clone();
        Self { store, currency: settings.store.currency, receipts }
    }

    /// What a till came to so far.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn report(&self, reader: &Reader, till: &OneTill) -> Result<Option<TillReport>, ReadError> {
        let OneTill { day, workstation, number } = till.clone();
        let mut fold = TillReportFold::new(workstation, number, self.currency);
        reader.day_facts(day, &mut |row| fold.add(row))?;
        Ok(fold.report())
    }

    /// A report on paper, read by somebody.
    #[must_use]
    pub fn paper(&self, report: &TillReport, read: &ByAt) -> ReceiptDocument {
        self.receipts.till_report(report, &self.store, read)
    }

    /// The Z report of a till that is closed; none of another.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn z(&self, reader: &Reader, till: &OneTill) -> Result<Option<ReceiptDocument>, ReadError> {
        let report = self.report(reader, till)?;
        Ok(report.and_then(|report| {
            let closed = report.closed.clone()?;
            Some(self.paper(&report, &closed))
        }))
    }

    /// What marks a copy.
    #[must_use]
    pub fn copy_label(&self) -> String {
        self.receipts.copy_label()
    }
}

/// Prints the Z report of every till that is closed, once.
pub struct ZReports {
    papers: TillPapers,
    reader: ReaderPool,
    clock: Arc<dyn Clock>,
    printer: Addr<PrintQueueActor>,
}

impl ZReports {
    /// Reads with a connection of its own.
    #[must_use]
    pub fn new(
        papers: TillPapers,
        reader: ReaderPool,
        clock: Arc<dyn Clock>,
        printer: Addr<PrintQueueActor>,
    ) -> Self {
        Self { papers, reader, clock, printer }
    }

    /// Prints what `which` finds in the journal.
    fn print(
        &self,
        which: impl FnOnce(&Reader) -> Result<Vec<OneTill>, ReadError> + Send + 'static,
        ctx: &mut Context<Self>,
    ) {
        let (papers, reader, printer) =
            (self.papers.clone(), self.reader.clone(), self.printer.clone());
        let printing = async move {
            let made = reader.read(move |reader| {
                let made = which(reader)?
                    .into_iter()
                    .map(|till| Ok(papers.z(reader, &till)?.map(|document| (till, document))));
                made.collect::<Result<Vec<_>, ReadError>>()
            });
            let made = match made.await {
                Ok(Ok(made)) => made,
                Ok(Err(error)) => return tracing::error!(%error, "making a Z report"),
                // The hub is closing: it is made after the next start.
                Err(_) => return,
            };
            for (till, document) in made.into_iter().flatten() {
                let queue = QueuePaper {
                    paper: till.z_paper(),
                    document: Box::new(document),
                    copy_label: None,
                    workstation: till.workstation,
                };
                if let Ok(Err(code)) = printer.send(PrintPaper(queue)).await {
                    tracing::error!(code = code.as_str(), "queueing a Z report");
                }
            }
        };
        ctx.spawn(printing.into_actor(self));
    }
}

/// The tills of the last day that are closed, were opened of late, and whose report was never
/// queued.
fn unprinted(reader: &Reader, since_ms: i64) -> Result<Vec<OneTill>, ReadError> {
    let Some(last) = reader.days()?.into_iter().next() else { return Ok(Vec::new()) };
    let day = last.business_day;
    let closed = reader
        .tills_of(day)?
        .into_iter()
        .filter(|record| record.is_closed && record.till.opened.wall.as_millisecond() >= since_ms);
    let mut unprinted = Vec::new();
    for record in closed {
        let (workstation, number) = (record.workstation, record.till.number);
        let till = OneTill { day, workstation, number };
        if reader.print_job(till.z_paper(), 0)?.is_none() {
            unprinted.push(till);
        }
    }
    Ok(unprinted)
}

/// The till that an entry closes.
fn closed_till(entry: &TillEntry) -> Option<OneTill> {
    let is_close = matches!(entry.event, TillEvent::Closed { .. });
    let (day, workstation) = (entry.business_day, entry.workstation.clone());
    entry.till.filter(|_| is_close).map(|number| OneTill { day, workstation, number })
}

impl Actor for ZReports {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        let since_ms = self.clock.now(None).wall.as_millisecond() - LATE_MS;
        self.print(move |reader| unprinted(reader, since_ms), ctx);
    }
}

impl Handler<FactCommitted> for ZReports {
    type Result = ();

    fn handle(&mut self, FactCommitted(row): FactCommitted, ctx: &mut Self::Context) {
        if let Fact::Till(entry) = &row.fact
            && let Some(till) = closed_till(entry)
        {
            self.print(move |_| Ok(vec![till]), ctx);
        }
    }
}
