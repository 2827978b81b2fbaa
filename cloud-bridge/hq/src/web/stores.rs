//! One store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Hq;
use super::chain::Wish;
use super::problem::Problem;
use crate::people::Session;
use crate::view::{StockView, StoreDetail};

/// A store on a day.
#[utoipa::path(
    get, path = "/api/v1/stores/{store}", tag = "stores",
    params(("store" = String, Path, description = "Which store"), Wish),
    responses((status = 200, description = "The store", body = StoreDetail)),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn day(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    id: web::Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let day = wish.into_inner().day_or_today(&hq, &request)?;
    let id = id.into_inner();
    hq.let_see(&request, &session, &id).await?;
    let found = hq.ask(&request, move |store| store.store_detail(&id, &day)).await?;
    let detail = found.ok_or_else(|| Problem::plain(&request, "no_such_store"))?;
    Ok(HttpResponse::Ok().json(detail))
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    /// What an item's id begins with, or its name contains; everything where it is empty.
    #[serde(default)]
    search: String,
}

/// What is on a store's shelves.
#[utoipa::path(
    get, path = "/api/v1/stores/{store}/stock", tag = "stores",
    params(("store" = String, Path, description = "Which store"), Search),
    responses((status = 200, description = "By item, at most 200", body = [StockView])),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn stock(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    id: web::Path<String>,
    search: web::Query<Search>,
) -> Result<HttpResponse, Problem> {
    let (id, Search { search }) = (id.into_inner(), search.into_inner());
    hq.let_see(&request, &session, &id).await?;
    let found = hq.ask(&request, move |store| store.stock(&id, search.trim())).await?;
    Ok(HttpResponse::Ok().json(found))
}
