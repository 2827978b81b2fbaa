//! What is read of the part of the chain that somebody sees, besides its view.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Hq;
use super::chain::scope;
use super::problem::Problem;
use crate::people::Session;
use crate::store::{HqStore, Scope, StoreError};
use crate::view::{AsideView, ForkView, PolicyView, StreamView, Totals};

/// Answers what a question finds within the scope of whoever asks.
async fn answer<T: Serialize + Send + 'static>(
    hq: &Hq,
    request: &HttpRequest,
    session: Session,
    question: impl FnOnce(&mut HqStore, &Scope) -> Result<T, StoreError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let found = hq.ask(request, move |store| {
        let scope = scope(&session.reach, store)?;
        question(store, &scope)
    });
    Ok(HttpResponse::Ok().json(found.await?))
}

/// Exact sums of all days: of each store, and under `all` of all that are seen.
#[utoipa::path(
    get, path = "/api/v1/totals", tag = "chain",
    responses((
        status = 200,
        description = "The sums, by store",
        body = std::collections::BTreeMap<String, Totals>,
    )),
)]
pub(super) async fn totals(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let question = |store: &mut HqStore, scope: &Scope| {
        let mut stores = store.totals(scope)?;
        let mut all = Totals::default();
        stores.values().for_each(|totals| all.add(totals));
        stores.insert("all".to_owned(), all);
        Ok(stores)
    };
    answer(&hq, &request, session, question).await
}

/// How far headquarters has each stream.
#[utoipa::path(
    get, path = "/api/v1/streams", tag = "chain",
    responses((status = 200, description = "By store and age", body = [StreamView])),
)]
pub(super) async fn streams(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    answer(&hq, &request, session, HqStore::streams).await
}

/// Forks and frozen streams.
#[utoipa::path(
    get, path = "/api/v1/forks", tag = "chain",
    responses((status = 200, description = "The newest first", body = [ForkView])),
)]
pub(super) async fn forks(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    answer(&hq, &request, session, HqStore::forks).await
}

/// Where a page of a list goes on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The number of the last one of the page before.
    before: Option<i64>,
}

/// Messages that headquarters could not use and kept.
#[utoipa::path(
    get, path = "/api/v1/aside", tag = "chain", params(Page),
    responses((status = 200, description = "The newest first, at most 200", body = [AsideView])),
)]
pub(super) async fn aside(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    page: web::Query<Page>,
) -> Result<HttpResponse, Problem> {
    let before = page.before;
    answer(&hq, &request, session, move |store, scope| store.aside(scope, before)).await
}

/// The bundles of policy, and who has which.
#[utoipa::path(
    get, path = "/api/v1/policy", tag = "chain",
    responses((status = 200, description = "The newest first", body = [PolicyView])),
)]
pub(super) async fn policy(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let question = |store: &mut HqStore, scope: &Scope| {
        let mut views = store.policy_views()?;
        if *scope != Scope::All {
            // What is for none of the stores that are seen is not there.
            views.retain(|view| view.standings.iter().any(|(store, ..)| scope.has(store)));
            for view in &mut views {
                view.standings.retain(|(store, ..)| scope.has(store));
                view.stores.retain(|store| scope.has(store));
            }
        }
        Ok(views)
    };
    answer(&hq, &request, session, question).await
}
