//! The X and Z reports of tills: read on a screen as they stand on paper, printed, printed again.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::{PrintPaper, QueuePaper};
use store_core::day::ByAt;
use store_core::permission::Permission;
use store_core::receipt::{ReceiptDocument, Row};
use store_core::till::{TillNumber, TillPolicy};
use store_core::{BusinessDay, CommandId, RefusalCode, TransactionId, WorkstationId};
use store_journal::{LedgerReads as _, PrintJob, ReadError, Reader};
use utoipa::{IntoParams, ToSchema};

use crate::access::authority::{self, Wanted};
use crate::access::{AtRegister, MayReprint, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::till_papers::OneTill;
use crate::wiring::training;

/// Which till is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TillOfDay {
    /// `YYYY-MM-DD`.
    #[param(value_type = String, format = "date")]
    day: jiff::civil::Date,
    /// The register.
    #[param(value_type = openapi::TextId)]
    workstation: WorkstationId,
    /// The till's number there.
    number: u64,
}

impl TillOfDay {
    fn till(self) -> OneTill {
        let Self { day, workstation, number } = self;
        OneTill { day: BusinessDay::new(day), workstation, number: TillNumber(number) }
    }
}

/// Which of a till's reports is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhichReport {
    /// The X report that this command asked for; the Z report where nothing is said.
    #[param(value_type = Option<openapi::Id>)]
    x: Option<CommandId>,
}

/// What asks for an X report, with what makes it safe to send twice: it is printed once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct XAsk {
    /// Made by the terminal; it names the report.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
}

#[derive(Serialize, ToSchema)]
struct TillPaper {
    /// The till's number at its register; a Z report has the same.
    till: u64,
    /// The day that it books on.
    #[schema(value_type = String, format = "date")]
    business_day: BusinessDay,
    /// The report, row by row, as wide as the store's paper.
    text: String,
    /// Columns of that paper, each of 12 dots.
    columns: usize,
    /// The very rows that the printer draws.
    #[schema(value_type = Vec<openapi::ReceiptRow>)]
    rows: Vec<Row>,
    /// How far its printing is; nothing of one that was printed long ago.
    #[schema(value_type = Option<openapi::PrintState>)]
    print: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct CopiedReport {
    /// Which copy it is: 1, 2, 3 …
    copy: u32,
}

/// Prints the X report of this register's till: what it came to so far, which changes nothing. The
/// same command again answers the same report and prints nothing.
///
/// # Errors
/// `permission_needed` where tills are counted blindly, `till_not_open`, `tills_not_used`.
#[utoipa::path(
    tag = "till",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = XAsk,
    responses((status = 200, description = "It is on its way to the printer", body = TillPaper)),
    extensions(("x-problem-codes" = json!([
        "not_a_workstation", "permission_needed", "till_not_open", "tills_not_used", "disk_full",
        "journal_failed",
    ]))),
)]
#[post("/register/till/report")]
pub async fn print_x(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    body: web::Json<XAsk>,
) -> Result<HttpResponse, Problem> {
    let XAsk { command_id: id } = body.into_inner();
    let store = training::here(&store, &at.session);
    let register = at.register(&store, &request)?;
    let view = register.view.borrow().clone();
    let Some(open) = &view.till.open else {
        let is_unused = view.till.policy == TillPolicy::None;
        let code = if is_unused { RefusalCode::TillsNotUsed } else { RefusalCode::TillNotOpen };
        return Err(Problem::refused(&request, &code.into()).with_view(&view));
    };
    if view.till.is_blind {
        let permission = Permission::SeeExpected;
        let wanted = Wanted { permission, command: id, transaction: None };
        let permitted = authority::permit(&store, &request, &at.session, wanted).await;
        permitted.map_err(|problem| problem.with_view(&view))?;
    }
    let workstation = view.workstation.clone();
    let operator = at.session.operator.clone();
    let read = ByAt { operator, at: store.clock.now(Some(&workstation)) };
    let till = OneTill { day: open.business_day, workstation, number: open.number };
    let paper = till.x_paper(id);
    let (papers, one) = (store.till_papers.clone(), till.clone());
    let made = ask(&store, &request, move |reader| match reader.print_job(paper, 0)? {
        Some(job) => Ok(stored(&job)),
        None => Ok(papers.report(reader, &one)?.map(|report| papers.paper(&report, &read))),
    });
    // It was closed in this moment.
    let gone = || Problem::refused(&request, &RefusalCode::TillNotOpen.into());
    let document = made.await?.ok_or_else(gone)?;
    let at = till.workstation.clone();
    print(&store, &request, (paper, document.clone(), at), None).await?;
    let print = ask(&store, &request, move |reader| reader.print_job(paper, 0)).await?;
    Ok(HttpResponse::Ok().json(shown(&store, &till, &document, print.as_ref())))
}

/// A till's report as it stands on paper: the Z of one that is closed, or an X that was printed.
///
/// # Errors
/// `permission_needed` for a till of another register, `not_found` where there is none.
#[utoipa::path(
    tag = "till",
    params(TillOfDay, WhichReport),
    responses((status = 200, description = "The report", body = TillPaper)),
    extensions(("x-problem-codes" = json!(["not_found", "permission_needed", "journal_failed"]))),
)]
#[get("/days/{day}/tills/{workstation}/{number}/report")]
pub async fn read_report(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    till: web::Path<TillOfDay>,
    which: web::Query<WhichReport>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let till = till.into_inner().till();
    authority::permit_till(&store, &request, &session, &till.workstation).await?;
    let (_, document, job) = found(&store, &request, &till, which.x).await?;
    Ok(HttpResponse::Ok().json(shown(&store, &till, &document, job.as_ref())))
}

/// Prints a till's report again, marked as a copy.
///
/// # Errors
/// `permission_needed`, `not_found` where there is none.
#[utoipa::path(
    tag = "till",
    params(TillOfDay, WhichReport),
    responses((status = 202, description = "It is on its way to the printer", body = CopiedReport)),
    extensions(("x-problem-codes" = json!([
        "not_found", "permission_needed", "disk_full", "journal_failed",
    ]))),
)]
#[post("/days/{day}/tills/{workstation}/{number}/report/copies")]
pub async fn print_copy(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayReprint,
    till: web::Path<TillOfDay>,
    which: web::Query<WhichReport>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &may.session);
    let till = till.into_inner().till();
    authority::permit_till(&store, &request, &may.session, &till.workstation).await?;
    let (paper, document, _) = found(&store, &request, &till, which.x).await?;
    let label = store.till_papers.copy_label();
    // It comes out where whoever wants it stands.
    let at = may.session.workstation.clone().unwrap_or(till.workstation);
    let copy = print(&store, &request, (paper, document, at), Some(label)).await?;
    Ok(HttpResponse::Accepted().json(CopiedReport { copy }))
}

type Found = (TransactionId, ReceiptDocument, Option<PrintJob>);

/// A report as it was printed; a Z whose print job was let go, or cannot be read, is made again of
/// the journal.
async fn found(
    store: &Store,
    request: &HttpRequest,
    till: &OneTill,
    x: Option<CommandId>,
) -> Result<Found, Problem> {
    let (papers, till) = (store.till_papers.clone(), till.clone());
    let paper = x.map_or_else(|| till.z_paper(), |command| till.x_paper(command));
    let read = ask(store, request, move |reader| {
        let job = reader.print_job(paper, 0)?;
        let document = match (job.as_ref().and_then(stored), x) {
            (Some(document), _) => Some(document),
            (None, None) => papers.z(reader, &till)?,
            (None, Some(_)) => None,
        };
        Ok(document.map(|document| (paper, document, job)))
    });
    read.await?.ok_or_else(|| Problem::not_found(request))
}

fn stored(job: &PrintJob) -> Option<ReceiptDocument> {
    serde_json::from_str(&job.document).ok()
}

async fn ask<T: Send + 'static>(
    store: &Store,
    request: &HttpRequest,
    query: impl FnOnce(&Reader) -> Result<T, ReadError> + Send + 'static,
) -> Result<T, Problem> {
    let read = store.reader.read(query).await.map_err(|_| Problem::stopping(request))?;
    read.map_err(|error| Problem::reading(request, &error))
}

async fn print(
    store: &Store,
    request: &HttpRequest,
    (paper, document, workstation): (TransactionId, ReceiptDocument, WorkstationId),
    copy_label: Option<String>,
) -> Result<u32, Problem> {
    let queue = QueuePaper { paper, document: Box::new(document), copy_label, workstation };
    let queued = store.papers.send(PrintPaper(queue)).await;
    let queued = queued.map_err(|_| Problem::stopping(request))?;
    queued.map_err(|code| Problem::refused(request, &code.into()))
}

fn shown(
    store: &Store,
    till: &OneTill,
    document: &ReceiptDocument,
    job: Option<&PrintJob>,
) -> TillPaper {
    let columns = store.settings.printer.columns;
    TillPaper {
        till: till.number.0,
        business_day: till.day,
        text: document.to_text(columns),
        columns,
        rows: document.rows(columns),
        print: job.map(|job| job.state.code()),
    }
}
