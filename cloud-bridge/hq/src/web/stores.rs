//! One store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::Hq;
use super::chain::Wish;
use super::problem::Problem;
use crate::people::Session;

/// A store on a day.
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    #[serde(default)]
    search: String,
}

/// What is on a store's shelves.
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
