//! The store's business days: which there are, what each came to, and its close.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::{CloseDay, DayQuery};
use store_core::day::{Booking, CloseAsk, DaySummary, Scope, SummaryFold};
use store_core::permission::Permission;
use store_core::till::TillNumber;
use store_core::{BusinessDay, CommandId, WorkstationId};
use store_journal::{LedgerReads, ReadError};
use utoipa::{IntoParams, ToSchema};

use crate::access::Session;
use crate::access::authority::{self, MaySeeExpected, Wanted};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// Most days that are listed: five years.
const DAYS_MAX: usize = 1830;

/// Which day is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneDay {
    /// `YYYY-MM-DD`.
    #[param(value_type = String, format = "date")]
    day: jiff::civil::Date,
}

/// Which till is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneTill {
    /// `YYYY-MM-DD`.
    #[param(value_type = String, format = "date")]
    day: jiff::civil::Date,
    /// The register.
    #[param(value_type = openapi::TextId)]
    workstation: WorkstationId,
    /// The till's number there.
    number: u64,
}

#[derive(Serialize, ToSchema)]
struct Days {
    /// The day that is open.
    #[schema(value_type = Option<String>, format = "date")]
    open: Option<BusinessDay>,
    /// The day on which a till books that is opened now.
    #[schema(value_type = String, format = "date")]
    next: BusinessDay,
    /// The registers whose till is open.
    #[schema(value_type = Vec<openapi::TextId>)]
    tills: Vec<WorkstationId>,
    /// The days on which anything was booked, newest first.
    days: Vec<Day>,
}

#[derive(Serialize, ToSchema)]
struct Day {
    /// Which.
    #[schema(value_type = String, format = "date")]
    business_day: BusinessDay,
    /// Whether it is closed.
    is_closed: bool,
}

#[derive(Serialize, ToSchema)]
struct Closed {
    /// The day that is over.
    #[schema(value_type = String, format = "date")]
    business_day: BusinessDay,
    /// The registers whose tills were closed with it, uncounted.
    #[schema(value_type = Vec<openapi::TextId>)]
    forced: Vec<WorkstationId>,
}

/// What closes the day, with what makes it safe to send twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayClose {
    /// Made by the terminal: the same id gets the first outcome again.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
    /// The day that the person sees: another one is not closed.
    #[schema(value_type = String, format = "date")]
    business_day: jiff::civil::Date,
    /// Whether tills that are open are closed with it, uncounted, and what lies unpaid in baskets
    /// is given up.
    is_forced: bool,
}

/// The store's business days, and where the present one stands.
///
/// # Errors
/// `journal_failed`, `stopping`.
#[utoipa::path(
    tag = "till",
    responses((status = 200, description = "The days", body = Days)),
    extensions(("x-problem-codes" = json!(["journal_failed"]))),
)]
#[get("/days")]
pub async fn list(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let standing = store.day.send(DayQuery).await.map_err(|_| Problem::stopping(&request))?;
    let days = store.reader.read(|reader| reader.days()).await;
    let days = days.map_err(|_| Problem::stopping(&request))?;
    let days = days.map_err(|error| Problem::reading(&request, &error))?;
    let days = days.into_iter().take(DAYS_MAX);
    let days = days.map(|day| Day { business_day: day.business_day, is_closed: day.is_closed });
    let (open, next, tills) = (standing.open, standing.next, standing.tills);
    Ok(HttpResponse::Ok().json(Days { open, next, tills, days: days.collect() }))
}

/// What a business day came to: by way of paying, tax, department, operator and hour, with its
/// tills and how often things happened.
///
/// # Errors
/// `permission_needed`, `not_found` where nothing is booked on it.
#[utoipa::path(
    tag = "till",
    params(OneDay),
    responses((status = 200, description = "The day", body = openapi::DaySummary)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "not_found", "journal_failed",
    ]))),
)]
#[get("/days/{day}")]
pub async fn look(
    store: web::Data<Store>,
    request: HttpRequest,
    who: MaySeeExpected,
    day: web::Path<OneDay>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &who.session);
    let day = BusinessDay::new(day.day);
    Ok(HttpResponse::Ok().json(summary(&store, &request, day, Scope::Day(day)).await?))
}

/// What one till came to: while it is open its X report, which changes nothing, and after its close
/// its Z report, which has the till's number.
///
/// # Errors
/// `permission_needed` while it is open and counted blindly, and for another register's till;
/// `not_found` where there is none.
#[utoipa::path(
    tag = "till",
    params(OneTill),
    responses((status = 200, description = "The till", body = openapi::DaySummary)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "not_found", "journal_failed",
    ]))),
)]
#[get("/days/{day}/tills/{workstation}/{number}")]
pub async fn one_till(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    one: web::Path<OneTill>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let OneTill { day, workstation, number } = one.into_inner();
    let day = BusinessDay::new(day);
    authority::permit_till(&store, &request, &session, &workstation).await?;
    let scope = Scope::Till(workstation, TillNumber(number));
    let till = summary(&store, &request, day, scope).await?;
    let Some(found) = till.tills.first() else { return Err(Problem::not_found(&request)) };
    // A till follows to its close what held when it was opened.
    let is_blind = match store.register(&found.workstation) {
        Some(register) => register.view.borrow().till.is_blind,
        None => store.shelf.in_force().rules.till.is_blind,
    };
    if found.closing.is_none() && is_blind {
        let command = CommandId::new(uuid::Uuid::now_v7());
        let permission = Permission::SeeExpected;
        let wanted = Wanted { permission, command, transaction: None };
        authority::permit(&store, &request, &session, wanted).await?;
    }
    Ok(HttpResponse::Ok().json(till))
}

/// Closes the business day: when every till is closed, or, by whoever may force it, with the tills
/// that are open. What has been paid for in an open basket is nobody's to give up: then nothing is
/// closed.
///
/// # Errors
/// `permission_needed`, `tills_open`, `day_not_open`, `day_closing`, `tender_taken`.
#[utoipa::path(
    tag = "till",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = DayClose,
    responses((status = 200, description = "It is closed", body = Closed)),
    extensions(("x-problem-codes" = json!(["permission_needed", "every refusal"]))),
)]
#[post("/days/close")]
pub async fn close(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    body: web::Json<DayClose>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &session);
    let DayClose { command_id: id, business_day, is_forced } = body.into_inner();
    let permission = if is_forced { Permission::ForceClose } else { Permission::CloseDay };
    let wanted = Wanted { permission, command: id, transaction: None };
    let words = &(business_day, is_forced);
    let approved_by = authority::permit_words(&store, &request, &session, wanted, words).await?;
    let business_day = BusinessDay::new(business_day);
    let ask =
        CloseAsk { id, business_day, operator: session.operator.clone(), approved_by, is_forced };
    let closed = store.day.send(CloseDay(ask)).await;
    let closed = closed.map_err(|_| Problem::stopping(&request))?;
    let closed = closed.map_err(|refusal| {
        store.metrics.refusal(refusal.code);
        Problem::refused(&request, &refusal)
    })?;
    let (business_day, forced) = (closed.business_day, closed.forced);
    Ok(HttpResponse::Ok().json(Closed { business_day, forced }))
}

/// Folds the facts of a day.
async fn summary(
    store: &Store,
    request: &HttpRequest,
    day: BusinessDay,
    scope: Scope,
) -> Result<DaySummary, Problem> {
    let currency = store.settings.store.currency;
    let read = store.reader.read(move |reader| {
        let mut fold = SummaryFold::new(scope, currency);
        let mut is_there = false;
        reader.day_facts(day, &mut |row| {
            is_there = true;
            if let Some(booking) = Booking::of(&row.fact) {
                fold.add(&booking);
            }
        })?;
        Ok::<_, ReadError>(is_there.then(|| fold.summary()))
    });
    let found = read.await.map_err(|_| Problem::stopping(request))?;
    let found = found.map_err(|error| Problem::reading(request, &error))?;
    found.ok_or_else(|| Problem::not_found(request))
}
