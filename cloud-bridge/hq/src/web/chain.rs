//! The chain, or the part of it that somebody may see.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tokio::runtime::Handle;

use super::Hq;
use super::problem::Problem;
use crate::database::Database;
use crate::live::{Computed, Computing, Live, ViewKey};
use crate::metrics::Metrics;
use crate::people::{Reach, Session, now_ms};
use crate::settings::Settings;
use crate::store::{HqStore, Scope, StoreError};
use crate::view::{ChainView, Totals};

/// Which day is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    day: Option<String>,
}

impl Wish {
    /// The day, where one is said.
    pub(super) fn day(self, request: &HttpRequest) -> Result<Option<String>, Problem> {
        self.day.map(|day| checked_day(request, &day)).transpose()
    }

    /// The day, or today.
    pub(super) fn day_or_today(self, hq: &Hq, request: &HttpRequest) -> Result<String, Problem> {
        Ok(self.day(request)?.unwrap_or_else(|| today(&hq.settings.chain.time_zone)))
    }
}

/// A day as it is written everywhere.
pub(super) fn checked_day(request: &HttpRequest, day: &str) -> Result<String, Problem> {
    let parsed: Result<Date, _> = day.parse();
    let reason = "a day is written as in 2026-11-24";
    let day = parsed.map_err(|_| Problem::malformed(request, reason))?;
    Ok(day.to_string())
}

fn today(zone: &TimeZone) -> String {
    Timestamp::now().to_zoned(zone.clone()).date().to_string()
}

/// Which stores a reach stands for at this moment.
pub(super) fn scope(reach: &Reach, store: &mut HqStore) -> Result<Scope, StoreError> {
    if *reach == Reach::Everything {
        return Ok(Scope::All);
    }
    let stores = store.stores()?.into_iter();
    let seen = stores.filter(|one| reach.sees(&one.store, &one.region)).map(|one| one.store);
    Ok(Scope::Stores(seen.collect()))
}

fn chain(
    store: &mut HqStore,
    reach: &Reach,
    day: &str,
    is_storage_full: bool,
) -> Result<ChainView, StoreError> {
    let scope = scope(reach, store)?;
    let mut view = store.chain(&scope, day, now_ms())?;
    view.storage_full = is_storage_full;
    Ok(view)
}

/// The views that are followed live.
#[must_use]
pub fn live_views(
    runtime: &Handle,
    settings: &Settings,
    database: &Database,
    metrics: &Metrics,
) -> Live {
    let zone = settings.chain.time_zone.clone();
    let (database, metrics) = (database.clone(), metrics.clone());
    let compute = move |key: ViewKey, least: u64| {
        let ViewKey { reach, day } = key;
        let day = day.unwrap_or_else(|| today(&zone));
        let (database, is_full) = (database.clone(), metrics.is_storage_full());
        let computed = async move {
            let view = database.ask(move |store| {
                let mut view = chain(store, &reach, &day, is_full)?;
                view.revision = view.revision.max(least);
                // What goes out here always has a JSON form.
                let text = Arc::from(serde_json::to_string(&view).unwrap_or_default());
                Ok(Computed { revision: view.revision, text })
            });
            match view.await {
                Ok(computed) => Some(computed),
                Err(error) => {
                    tracing::warn!(%error, "computing a live view");
                    None
                }
            }
        };
        Box::pin(computed) as Computing
    };
    Live::new(runtime.clone(), Box::new(compute))
}

/// The chain on a day.
pub(super) async fn view(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let day = wish.into_inner().day_or_today(&hq, &request)?;
    let is_full = hq.metrics.is_storage_full();
    let asked = hq.ask(&request, move |store| chain(store, &session.reach, &day, is_full));
    Ok(HttpResponse::Ok().json(asked.await?))
}

/// Exact sums of all days: of each store, and under `all` of all that are seen.
pub(super) async fn totals(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let asked = hq.ask(&request, move |store| {
        let scope = scope(&session.reach, store)?;
        store.totals(&scope)
    });
    let mut stores = asked.await?;
    let mut all = Totals::default();
    for totals in stores.values() {
        all.add(totals);
    }
    stores.insert("all".to_owned(), all);
    Ok(HttpResponse::Ok().json(stores))
}

/// How far headquarters has each stream.
pub(super) async fn streams(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let asked = hq.ask(&request, move |store| {
        let scope = scope(&session.reach, store)?;
        store.streams(&scope)
    });
    Ok(HttpResponse::Ok().json(asked.await?))
}

/// Forks and frozen streams.
pub(super) async fn forks(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let asked = hq.ask(&request, move |store| {
        let scope = scope(&session.reach, store)?;
        store.forks(&scope)
    });
    Ok(HttpResponse::Ok().json(asked.await?))
}

/// Where a page of a list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    before: Option<i64>,
}

/// What was kept aside.
pub(super) async fn aside(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    page: web::Query<Page>,
) -> Result<HttpResponse, Problem> {
    let before = page.before;
    let asked = hq.ask(&request, move |store| {
        let scope = scope(&session.reach, store)?;
        store.aside(&scope, before)
    });
    Ok(HttpResponse::Ok().json(asked.await?))
}

/// The bundles of policy, and who has which.
pub(super) async fn policy(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let asked = hq.ask(&request, move |store| {
        let scope = scope(&session.reach, store)?;
        let mut views = store.policy_views()?;
        if scope != Scope::All {
            // What is for none of the stores that are seen is not there.
            views.retain(|view| view.standings.iter().any(|(store, ..)| scope.has(store)));
            for view in &mut views {
                view.standings.retain(|(store, ..)| scope.has(store));
                view.stores.retain(|store| scope.has(store));
            }
        }
        Ok(views)
    });
    Ok(HttpResponse::Ok().json(asked.await?))
}
