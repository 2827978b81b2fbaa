//! Baskets that lie aside.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use store_core::{Money, OperatorId, TransactionId, WorkstationId};
use store_journal::{LedgerReads as _, Suspended};
use utoipa::ToSchema;

use crate::access::Session;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// A basket that lies aside, as screens list it.
#[derive(Debug, Serialize, ToSchema)]
struct SuspendedView {
    /// The basket: what `retrieve` names as its transaction.
    #[schema(value_type = openapi::Id)]
    transaction_id: TransactionId,
    /// Its version, which `retrieve` names too.
    version: u64,
    /// Where it was put aside.
    #[schema(value_type = openapi::TextId)]
    workstation: WorkstationId,
    /// By whom, by id.
    #[schema(value_type = openapi::TextId)]
    operator: OperatorId,
    /// Their name; nothing where they do not work here any more.
    operator_name: Option<String>,
    /// When, with the store's offset.
    at: String,
    /// How many lines count in it.
    lines: u32,
    /// What it comes to.
    #[schema(value_type = openapi::Money)]
    total: Money,
}

impl SuspendedView {
    fn of(aside: Suspended, store: &Store) -> Self {
        let Suspended { draft, operator, wall_ms, utc_offset_s, lines, total } = aside;
        let wall = jiff::Timestamp::from_millisecond(wall_ms).unwrap_or_default();
        let offset = jiff::tz::Offset::from_seconds(utc_offset_s).unwrap_or(jiff::tz::Offset::UTC);
        Self {
            transaction_id: draft.transaction,
            version: draft.version,
            workstation: draft.workstation,
            operator_name: store.access.name(&operator).map(|name| name.to_string()),
            operator,
            at: wall.display_with_offset(offset).to_string(),
            lines,
            total,
        }
    }
}

/// The baskets that lie aside in the store, the first put aside first. Any register may go on with
/// one, by the command `retrieve`.
///
/// # Errors
/// Where the journal cannot be read.
#[utoipa::path(
    tag = "register",
    responses((status = 200, description = "All of them", body = [SuspendedView])),
    extensions(("x-problem-codes" = json!(["journal_failed"]))),
)]
#[get("/suspended")]
pub async fn suspended(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let found = store.reader.read(|reader| reader.suspended()).await;
    let found = found.map_err(|_| Problem::stopping(&request))?;
    let found = found.map_err(|error| Problem::reading(&request, &error))?;
    let views: Vec<_> = found.into_iter().map(|one| SuspendedView::of(one, &store)).collect();
    Ok(HttpResponse::Ok().json(views))
}
