//! Sales, one by one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Hq;
use super::chain::checked_day;
use super::problem::Problem;
use crate::people::Session;
use crate::store::SalesPage;
use crate::view::{SaleDetail, SaleView};

/// Sales of an answer.
const PAGE: u64 = 100;

/// Which sales are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// Of which store.
    store: String,
    /// Of which day; of all where none is said.
    day: Option<String>,
    /// The last sale of the page before: `{ended_ms}-{transaction}`.
    before: Option<String>,
}

fn last_of_page(before: &str) -> Option<(i64, String)> {
    let (ended_ms, transaction) = before.split_once('-')?;
    let transaction: Uuid = transaction.parse().ok()?;
    Some((ended_ms.parse().ok()?, transaction.to_string()))
}

/// Sales of a store, the last that ended first.
#[utoipa::path(
    get, path = "/api/v1/sales", tag = "stores", params(Wish),
    responses((status = 200, description = "At most 100", body = [SaleView])),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn list(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let Wish { store: id, day, before } = wish.into_inner();
    let day = day.map(|day| checked_day(&request, &day)).transpose()?;
    let before = before.map(|before| {
        let reason = "before is the last sale of the page before: {ended_ms}-{transaction}";
        last_of_page(&before).ok_or_else(|| Problem::malformed(&request, reason))
    });
    let before = before.transpose()?;
    hq.let_see(&request, &session, &id).await?;
    let sales = hq.ask(&request, move |store| {
        let before = before.as_ref().map(|(ended_ms, id)| (*ended_ms, id.as_str()));
        store.sales(&SalesPage { store: &id, day: day.as_deref(), before, limit: PAGE })
    });
    Ok(HttpResponse::Ok().json(sales.await?))
}

/// A sale with all that its fact says.
#[utoipa::path(
    get, path = "/api/v1/sales/{store}/{transaction}", tag = "stores",
    params(
        ("store" = String, Path, description = "Where"),
        ("transaction" = String, Path, description = "Which sale, a UUID"),
    ),
    responses((status = 200, description = "The sale", body = SaleDetail)),
    extensions(("x-problem-codes" = json!(["no_such_store", "not_found"]))),
)]
pub(super) async fn one(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, transaction) = path.into_inner();
    hq.let_see(&request, &session, &id).await?;
    let found = hq.ask(&request, move |store| store.sale(&id, &transaction)).await?;
    let sale = found.ok_or_else(|| Problem::plain(&request, "not_found"))?;
    Ok(HttpResponse::Ok().json(sale))
}
