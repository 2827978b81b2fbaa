//! What promotions brought, over some days.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Hq;
use super::chain::{checked_day, scope, today};
use super::problem::Problem;
use crate::people::Session;
use crate::store::{Days, HqStore, Scope, StoreError};
use crate::view::{PromotionDetail, PromotionView};

/// Most days of an answer: a year, the day of a leap year included.
const DAYS_MAX: u16 = 366;

/// Where and when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// The last business day, as in 2026-11-24; today where none is said.
    day: Option<String>,
    /// How many days, 1 to 366; that day alone where nothing is said.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u16>,
    /// In which store; in all that are seen where none is said.
    store: Option<String>,
}

/// Where and when, and which.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct WishForOne {
    /// Which promotion, by id.
    promotion: String,
    /// The last business day, as in 2026-11-24; today where none is said.
    day: Option<String>,
    /// How many days, 1 to 366; that day alone where nothing is said.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u16>,
    /// In which store; in all that are seen where none is said.
    store: Option<String>,
}

impl Wish {
    fn days(&self, hq: &Hq, request: &HttpRequest) -> Result<Days, Problem> {
        let day = self.day.as_deref().map(|day| checked_day(request, day)).transpose()?;
        let day = day.unwrap_or_else(|| today(&hq.settings.chain.time_zone));
        let count = self.days.unwrap_or(1);
        if !(1..=DAYS_MAX).contains(&count) {
            let reason = format!("days are 1 to {DAYS_MAX}");
            return Err(Problem::malformed(request, &reason));
        }
        let reason = "there are no such days";
        Days::until(&day, count).map_err(|_| Problem::malformed(request, reason))
    }
}

/// Asks within the scope of whoever asks, and within one store where one is named.
async fn asked<T: Send + 'static>(
    hq: &Hq,
    request: &HttpRequest,
    session: Session,
    wish: Wish,
    question: impl FnOnce(&mut HqStore, &Scope, &Days) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let days = wish.days(hq, request)?;
    if let Some(store) = &wish.store {
        hq.let_see(request, &session, store).await?;
    }
    let asked = hq.ask(request, move |store| {
        let scope = match &wish.store {
            Some(one) => Scope::of(one),
            None => scope(&session.reach, store)?,
        };
        question(store, &scope, &days)
    });
    asked.await
}

/// What each promotion brought, in each currency.
#[utoipa::path(
    get, path = "/api/v1/promotions", tag = "chain", params(Wish),
    responses((
        status = 200,
        description = "The one that carried most sales first, at most 1000",
        body = [PromotionView],
    )),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn list(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let question = |store: &mut HqStore, scope: &Scope, days: &Days| store.promotions(scope, days);
    let found = asked(&hq, &request, session, wish.into_inner(), question).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// What one promotion brought, by store and by day.
///
/// Of a promotion of which nothing is known, or nothing within what is seen, all of it is empty.
#[utoipa::path(
    get, path = "/api/v1/promotions/one", tag = "chain", params(WishForOne),
    responses((status = 200, description = "The promotion", body = PromotionDetail)),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn one(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    wish: web::Query<WishForOne>,
) -> Result<HttpResponse, Problem> {
    let WishForOne { promotion, day, days, store } = wish.into_inner();
    let wish = Wish { day, days, store };
    let question = move |store: &mut HqStore, scope: &Scope, days: &Days| {
        store.promotion(scope, days, &promotion)
    };
    let found = asked(&hq, &request, session, wish, question).await?;
    Ok(HttpResponse::Ok().json(found))
}
