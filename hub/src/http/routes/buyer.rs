//! What the buyer of a sale said about its invoice: it is about a person, so that few see it and
//! it can be erased.

use actix_web::{HttpRequest, HttpResponse, delete, get, web};
use serde::Serialize;
use store_core::TransactionId;
use store_core::buyer::BuyerWish;
use store_journal::{LedgerReads as _, Write};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::receipts::OneSale;
use crate::access::MayManagePeople;
use crate::http::problem::Problem;
use crate::store::Store;

#[derive(Serialize, ToSchema)]
struct Buyer {
    /// Where the invoice goes: a mobile barcode, or a citizen's certificate; absent where nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    carrier: Option<String>,
    /// The cause that the invoice is given to; absent where it is not given away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    donation: Option<String>,
}

impl From<BuyerWish> for Buyer {
    fn from(wish: BuyerWish) -> Self {
        Self {
            carrier: wish.carrier.map(|carrier| carrier.as_str().to_owned()),
            donation: wish.donation.map(|code| code.as_str().to_owned()),
        }
    }
}

/// What the buyer of a sale said about its invoice.
///
/// # Errors
/// `not_found` where they said nothing, or it is erased.
#[utoipa::path(
    tag = "receipts",
    params(OneSale),
    responses((status = 200, description = "What they said", body = Buyer)),
    extensions(("x-problem-codes" = json!(["not_found", "permission_needed", "journal_failed"]))),
)]
#[get("/transactions/{transaction}/buyer")]
pub async fn look(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
    sale: web::Path<OneSale>,
) -> Result<HttpResponse, Problem> {
    let wish = said(&store, &request, sale.transaction).await?;
    Ok(HttpResponse::Ok().json(Buyer::from(wish)))
}

/// Erases what the buyer of a sale said about its invoice. The sale itself stays.
///
/// # Errors
/// `not_found` where they said nothing, or it is erased already.
#[utoipa::path(
    tag = "receipts",
    params(OneSale),
    responses((status = 204, description = "It is erased")),
    extensions(("x-problem-codes" = json!([
        "not_found", "permission_needed", "disk_full", "journal_failed",
    ]))),
)]
#[delete("/transactions/{transaction}/buyer")]
pub async fn erase(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
    sale: web::Path<OneSale>,
) -> Result<HttpResponse, Problem> {
    let transaction = sale.transaction;
    said(&store, &request, transaction).await?;
    let (reply, written) = oneshot::channel();
    let done: store_journal::Reply = Box::new(move |result| {
        let _ = reply.send(result);
    });
    let submitted = store.writer.submit(Write::EraseBuyer(transaction), done);
    submitted.map_err(|_| Problem::stopping(&request))?;
    let written = written.await.map_err(|_| Problem::stopping(&request))?;
    written.map_err(|error| {
        Problem::refused(&request, &store_actors::translate::refusal(&error).into())
    })?;
    Ok(HttpResponse::NoContent().finish())
}

async fn said(
    store: &Store,
    request: &HttpRequest,
    transaction: TransactionId,
) -> Result<BuyerWish, Problem> {
    let read = store.reader.read(move |reader| reader.buyer(transaction)).await;
    let read = read.map_err(|_| Problem::stopping(request))?;
    let read = read.map_err(|error| Problem::reading(request, &error))?;
    read.ok_or_else(|| Problem::not_found(request))
}
