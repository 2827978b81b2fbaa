//! One store.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use serde::Deserialize;
use store_core::BusinessDay;
use utoipa::IntoParams;

use super::Hq;
use super::chain::Wish;
use super::problem::Problem;
use crate::people::Session;
use crate::view::{DaySummary, StockView, StoreDetail};

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

/// What a business day of a store came to: the same that the store itself answers, down to the
/// cent. Amounts are decimal texts here, as the store's are.
#[utoipa::path(
    get, path = "/api/v1/stores/{store}/days/{day}", tag = "stores",
    params(
        ("store" = String, Path, description = "Which store"),
        ("day" = String, Path, description = "The business day, as in 2026-11-24"),
    ),
    responses((status = 200, description = "The day", body = DaySummary)),
    extensions(("x-problem-codes" = json!(["no_such_store", "not_found"]))),
)]
pub(super) async fn summary(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    of: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, day) = of.into_inner();
    let day: Result<Date, _> = day.parse();
    let reason = "a day is written as in 2026-11-24";
    let day = BusinessDay::new(day.map_err(|_| Problem::malformed(&request, reason))?);
    hq.let_see(&request, &session, &id).await?;
    let found = hq.ask(&request, move |store| store.day_summary(&id, day)).await?;
    let summary = found.ok_or_else(|| Problem::plain(&request, "not_found"))?;
    Ok(HttpResponse::Ok().json(summary))
}
