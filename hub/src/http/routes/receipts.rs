//! What the customer takes home, on screen and on paper once more.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde_json::json;
use store_actors::messages::PrintCopy;
use store_core::TransactionId;
use store_core::receipt::ReceiptDocument;
use store_journal::LedgerReads as _;

use crate::access::Session;
use crate::http::problem::Problem;
use crate::store::Store;

/// The receipt of a sale as text, and how far its printing is.
///
/// # Errors
/// `not_found` where there is no such sale.
#[get("/transactions/{transaction}/receipt")]
pub async fn receipt(
    store: web::Data<Store>,
    request: HttpRequest,
    _session: Session,
    transaction: web::Path<TransactionId>,
) -> Result<HttpResponse, Problem> {
    let transaction = transaction.into_inner();
    let read = store.reader.read(move |reader| reader.print_job(transaction, 0));
    let job = read.await.map_err(|_| Problem::stopping())?.map_err(Problem::reading)?;
    let Some(job) = job else { return Err(Problem::not_found(&request)) };
    let document: ReceiptDocument =
        serde_json::from_str(&job.document).map_err(|_| Problem::not_found(&request))?;
    Ok(HttpResponse::Ok().json(json!({
        "transaction_id": transaction,
        "text": document.to_text(store.settings.printer.columns),
        "copy": false,
        "print": job.state.code(),
    })))
}

/// Prints the receipt again, marked as a copy.
///
/// # Errors
/// `not_found` where there is no such sale.
#[post("/transactions/{transaction}/receipt/copies")]
pub async fn copy(
    store: web::Data<Store>,
    request: HttpRequest,
    _session: Session,
    transaction: web::Path<TransactionId>,
) -> Result<HttpResponse, Problem> {
    let transaction = transaction.into_inner();
    let queued = store.copies.send(PrintCopy { transaction }).await;
    let copy = queued
        .map_err(|_| Problem::stopping())?
        .map_err(|code| Problem::refused(&request, &code.into()))?;
    Ok(HttpResponse::Accepted().json(json!({ "copy": copy })))
}
