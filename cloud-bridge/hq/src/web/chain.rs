//! The chain, or the part of it that somebody may see.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tokio::runtime::Handle;
use utoipa::IntoParams;

use super::Hq;
use super::problem::Problem;
use crate::database::Database;
use crate::live::{Computed, Computing, Live, ViewKey};
use crate::metrics::Metrics;
use crate::people::{Reach, Session, now_ms};
use crate::settings::Settings;
use crate::store::{HqStore, Scope, StoreError};
use crate::view::ChainView;

/// Which day is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// A business day, as in 2026-11-24; today where none is said.
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

/// The business day of this moment, as it is written everywhere.
pub(super) fn today(zone: &TimeZone) -> String {
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
#[utoipa::path(
    get, path = "/api/v1/chain", tag = "chain", params(Wish),
    responses((status = 200, description = "The chain", body = ChainView)),
)]
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
