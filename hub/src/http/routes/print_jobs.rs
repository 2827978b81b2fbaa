//! The papers that a person has to know of: those that wait, those of which nobody knows whether
//! they came out, and those that came out of another printer.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::{PrintKey, PrintPaper, QueuePaper, SettlePrint};
use store_core::device::Devices;
use store_core::fact::Fact;
use store_core::receipt::ReceiptDocument;
use store_core::{DeviceId, Money, RefusalCode, TransactionId, WorkstationId};
use store_journal::{LedgerReads, PrintStanding, ReadError};
use utoipa::{IntoParams, ToSchema};

use crate::access::{MayReprint, Session, authority};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// Most papers that are listed: a person looks at each.
const PAPERS_MAX: usize = 200;
/// Of the papers that came out last, so many are looked at for another printer's.
const LATELY: u32 = 100;

#[derive(Serialize, ToSchema)]
struct Paper {
    /// The sale, or the name of another paper.
    #[schema(value_type = openapi::Id)]
    transaction_id: TransactionId,
    /// 0 for the receipt, 1, 2, 3 … for its copies.
    copy: u32,
    /// The sale's number at its register; none for a paper that is no sale's.
    number: Option<u64>,
    /// What the sale came to.
    #[schema(value_type = Option<openapi::Money>)]
    total: Option<Money>,
    /// When the sale was completed, in milliseconds since 1970 UTC.
    completed_ms: Option<i64>,
    /// The register that it comes out at.
    #[schema(value_type = Option<openapi::TextId>)]
    workstation: Option<WorkstationId>,
    /// The printer that it was last given to.
    #[schema(value_type = Option<openapi::TextId>)]
    printer: Option<DeviceId>,
    /// How far it is.
    #[schema(value_type = openapi::PrintState)]
    state: &'static str,
    /// Whether another printer than the register's own has it.
    has_stood_in: bool,
}

/// The papers that a person has to know of: first those of which nobody knows whether they came
/// out, then those that wait, then those that came out of another printer.
///
/// # Errors
/// Where the journal cannot be read.
#[utoipa::path(
    tag = "receipts",
    responses((status = 200, description = "The papers", body = [Paper])),
    extensions(("x-problem-codes" = json!(["journal_failed"]))),
)]
#[get("/print-jobs")]
pub async fn list(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let devices = store.peripherals.devices();
    let read = store.reader.read(move |reader| papers(reader, &devices));
    let papers = read.await.map_err(|_| Problem::stopping(&request))?;
    let papers = papers.map_err(|error| Problem::reading(&request, &error))?;
    Ok(HttpResponse::Ok().json(papers))
}

fn papers(reader: &impl LedgerReads, devices: &Devices) -> Result<Vec<Paper>, ReadError> {
    let unfinished = reader.print_jobs_open()?;
    let (mut jobs, waiting): (Vec<_>, Vec<_>) =
        unfinished.into_iter().partition(|job| job.state.code() == "unknown");
    jobs.extend(waiting);
    let elsewhere = reader.print_jobs_done(LATELY)?.into_iter();
    jobs.extend(elsewhere.filter(|job| has_stood_in(devices, job)));
    let mut sales = BTreeMap::new();
    let mut papers = Vec::new();
    for job in jobs.into_iter().take(PAPERS_MAX) {
        let has_stood_in = has_stood_in(devices, &job);
        let sale = match sales.get(&job.transaction) {
            Some(sale) => Sale::clone(sale),
            None => sales.entry(job.transaction).or_insert(sale(reader, &job)?).clone(),
        };
        papers.push(Paper {
            transaction_id: job.transaction,
            copy: job.copy,
            number: sale.number,
            total: sale.total,
            completed_ms: sale.completed_ms,
            workstation: job.workstation,
            printer: job.printer,
            state: job.state.code(),
            has_stood_in,
        });
    }
    Ok(papers)
}

/// Whether another printer has a paper than the one of its register.
fn has_stood_in(devices: &Devices, job: &PrintStanding) -> bool {
    let Some(printer) = &job.printer else { return false };
    let own = devices.paper_printers_of(job.workstation.as_ref()).into_iter().next();
    own.is_some_and(|own| own != *printer)
}

/// What a person tells a sale's paper by.
#[derive(Clone, Default)]
struct Sale {
    number: Option<u64>,
    total: Option<Money>,
    completed_ms: Option<i64>,
}

fn sale(reader: &impl LedgerReads, job: &PrintStanding) -> Result<Sale, ReadError> {
    let Some(row) = reader.transaction(job.transaction)? else { return Ok(Sale::default()) };
    let completed_ms = Some(row.now.wall.as_millisecond());
    let Fact::SaleCompleted(sale) = row.fact else { return Ok(Sale::default()) };
    let number = sale.number.map(|number| number.0);
    Ok(Sale { number, total: Some(sale.totals.total), completed_ms })
}

/// Which paper is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OnePaper {
    /// The sale, or the name of another paper.
    #[param(value_type = openapi::Id)]
    transaction: TransactionId,
    /// 0 for the receipt, 1, 2, 3 … for its copies.
    copy: u32,
}

/// Says of a paper of which nobody knew that it came out: somebody has seen it.
///
/// # Errors
/// `not_found` where it is not among those.
#[utoipa::path(
    tag = "receipts",
    params(
        OnePaper,
        ("approval" = Option<String>, Header, description = "The token of an approval"),
    ),
    responses((status = 204, description = "It is settled")),
    extensions(("x-problem-codes" = json!([
        "not_found", "permission_needed", "disk_full", "journal_failed",
    ]))),
)]
#[post("/print-jobs/{transaction}/{copy}/came-out")]
pub async fn came_out(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayReprint,
    one: web::Path<OnePaper>,
) -> Result<HttpResponse, Problem> {
    let OnePaper { transaction, copy } = one.into_inner();
    let store = training::here(&store, &may.session);
    let settled = store.settle.send(SettlePrint(PrintKey { transaction, copy })).await;
    let settled = settled.map_err(|_| Problem::stopping(&request))?;
    settled.map_err(|code| match code {
        RefusalCode::NoBasket => Problem::not_found(&request),
        code => Problem::refused(&request, &code.into()),
    })?;
    tracing::info!(operator = %may.session.operator, %transaction, copy, "a paper came out");
    Ok(HttpResponse::NoContent().finish())
}

/// Which paper is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PaperName {
    /// The name of the paper.
    #[param(value_type = openapi::Id)]
    transaction: TransactionId,
}

#[derive(Serialize, ToSchema)]
struct CopiedPaper {
    /// Which copy it is: 1, 2, 3 …
    copy: u32,
}

/// Prints a paper that is no sale's, such as an X report, again as it was, marked as a copy. A
/// paper of that name of which nobody knew whether it came out is settled by it.
///
/// # Errors
/// `not_found` where there is none, or where it is a sale's; `permission_needed` where it is of
/// another register, or of a till that is counted blindly; `paper_unreadable` where nothing can be
/// made of what is kept of it.
#[utoipa::path(
    tag = "receipts",
    params(
        PaperName,
        ("approval" = Option<String>, Header, description = "The token of an approval"),
    ),
    responses((status = 202, description = "It is on its way to the printer", body = CopiedPaper)),
    extensions(("x-problem-codes" = json!([
        "not_found", "permission_needed", "paper_unreadable", "disk_full", "journal_failed",
    ]))),
)]
#[post("/print-jobs/{transaction}/copies")]
pub async fn copy_paper(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayReprint,
    paper: web::Path<PaperName>,
) -> Result<HttpResponse, Problem> {
    let paper = paper.into_inner().transaction;
    let store = training::here(&store, &may.session);
    let read = store.reader.read(move |reader| {
        let is_sale = reader.transaction(paper)?.is_some();
        Ok::<_, ReadError>(reader.print_job(paper, 0)?.filter(|_| !is_sale))
    });
    let job = read.await.map_err(|_| Problem::stopping(&request))?;
    let job = job.map_err(|error| Problem::reading(&request, &error))?;
    let (document, made_at) = job
        .and_then(|job| Some((job.document, job.workstation?)))
        .ok_or_else(|| Problem::not_found(&request))?;
    authority::permit_till_paper(&store, &request, &may.session, &made_at).await?;
    let document: ReceiptDocument = serde_json::from_str(&document)
        .map_err(|_| Problem::plain(&request, "paper_unreadable"))?;
    // It comes out where whoever wants it stands.
    let workstation = may.session.workstation.clone().unwrap_or(made_at);
    let copy_label = Some(store.till_papers.copy_label());
    let queue = QueuePaper { paper, document: Box::new(document), copy_label, workstation };
    let queued = store.papers.send(PrintPaper(queue)).await;
    let queued = queued.map_err(|_| Problem::stopping(&request))?;
    let copy = queued.map_err(|code| Problem::refused(&request, &code.into()))?;
    Ok(HttpResponse::Accepted().json(CopiedPaper { copy }))
}
