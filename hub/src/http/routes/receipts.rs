//! What the customer takes home, on screen and on paper once more.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::PrintCopy;
use store_core::receipt::{ReceiptDocument, ReceiptLanguage, Row};
use store_core::{RefusalCode, TransactionId};
use store_journal::LedgerReads as _;

use utoipa::{IntoParams, ToSchema};

use crate::access::{MayReprint, Session};
use crate::http::online::{self, Online};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// Which sale is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneSale {
    /// The sale.
    #[param(value_type = openapi::Id)]
    pub transaction: TransactionId,
}

#[derive(Serialize, ToSchema)]
struct Receipt {
    /// The sale.
    #[schema(value_type = openapi::Id)]
    transaction_id: TransactionId,
    /// The receipt, row by row, as wide as the store's paper.
    text: String,
    /// Columns of that paper, each of 12 dots.
    columns: usize,
    /// The very rows that the printer draws, codes included.
    #[schema(value_type = Vec<openapi::ReceiptRow>)]
    rows: Vec<Row>,
    /// Where the customer can read it; none where they cannot.
    online: Option<Online>,
    /// Whether it is a copy.
    copy: bool,
    /// How far its printing is: `queued`, `printing`, `done`, or `unknown` where a person has to
    /// look.
    #[schema(value_type = openapi::PrintState)]
    print: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Copied {
    /// Which copy it is: 1, 2, 3 …
    copy: u32,
}

/// The receipt of a sale as text, and how far its printing is.
///
/// # Errors
/// `not_found` where there is no such sale.
#[utoipa::path(
    tag = "receipts",
    params(OneSale),
    responses((status = 200, description = "The receipt", body = Receipt)),
    extensions(("x-problem-codes" = json!(["not_found", "journal_failed"]))),
)]
#[get("/transactions/{transaction}/receipt")]
pub async fn receipt(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    sale: web::Path<OneSale>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let OneSale { transaction } = sale.into_inner();
    let read = store.reader.read(move |reader| reader.print_job(transaction, 0));
    let job = read.await.map_err(|_| Problem::stopping(&request))?;
    let job = job.map_err(|error| Problem::reading(&request, &error))?;
    let Some(job) = job else { return Err(Problem::not_found(&request)) };
    let document: ReceiptDocument =
        serde_json::from_str(&job.document).map_err(|_| Problem::not_found(&request))?;
    let columns = store.settings.printer.columns;
    Ok(HttpResponse::Ok().json(Receipt {
        transaction_id: transaction,
        text: document.to_text(columns),
        online: online::of(&store, &request, transaction),
        columns,
        rows: document.rows(columns),
        copy: false,
        print: job.state.code(),
    }))
}

/// How a copy is to be.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CopyWish {
    /// In which language; in the store's where nothing is said.
    #[param(value_type = Option<openapi::ReceiptLanguage>)]
    language: Option<ReceiptLanguage>,
}

/// Prints the receipt again, marked as a copy.
///
/// # Errors
/// `not_found` where there is no such sale.
#[utoipa::path(
    tag = "receipts",
    params(
        OneSale,
        CopyWish,
        ("approval" = Option<String>, Header, description = "The token of an approval"),
    ),
    responses((status = 202, description = "It is on its way to the printer", body = Copied)),
    extensions(("x-problem-codes" = json!([
        "not_found", "permission_needed", "disk_full", "journal_failed",
    ]))),
)]
#[post("/transactions/{transaction}/receipt/copies")]
pub async fn copy(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayReprint,
    sale: web::Path<OneSale>,
    wish: web::Query<CopyWish>,
) -> Result<HttpResponse, Problem> {
    let OneSale { transaction } = sale.into_inner();
    let CopyWish { language } = wish.into_inner();
    let store = training::here(&store, &may.session);
    // It comes out where whoever wants it stands.
    let workstation = may.session.workstation.clone();
    let queued = store.copies.send(PrintCopy { transaction, language, workstation }).await;
    let queued = queued.map_err(|_| Problem::stopping(&request))?;
    let copy = queued.map_err(|code| match code {
        RefusalCode::NoBasket => Problem::not_found(&request),
        code => Problem::refused(&request, &code.into()),
    })?;
    Ok(HttpResponse::Accepted().json(Copied { copy }))
}
