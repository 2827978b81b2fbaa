//! The store's time, and setting it by hand where the machine's clock cannot be right.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store_actors::ByHandRefused;
use store_actors::messages::Append;
use store_core::fact::Fact;
use store_core::register::DraftChange;
use store_core::{CommandId, Now};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{MaySetTime, Session};
use crate::http::problem::Problem;
use crate::store::Store;

/// The store's time.
#[derive(Serialize, ToSchema)]
struct ClockView {
    /// On the wall of the store, as `2026-11-26T09:30:00`.
    local: String,
    /// Whether the clock can be right; what is dated stays as it is while it cannot.
    clock_trusted: bool,
}

impl ClockView {
    fn of(now: &Now) -> Self {
        let local = now.local().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        Self { local, clock_trusted: now.clock_trusted }
    }
}

/// What time it is in the store.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The time", body = ClockView)),
)]
#[get("/clock")]
pub async fn look(store: web::Data<Store>, _session: Session) -> HttpResponse {
    HttpResponse::Ok().json(ClockView::of(&store.clock.now(None)))
}

/// The time by somebody's watch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    /// On the wall of the store, as `2026-11-26T09:30:00`.
    #[schema(value_type = String, example = "2026-11-26T09:30:00")]
    local: String,
}

/// Sets the store's time by hand, while the clock is not trusted.
///
/// Needs the permission `set_time`. It is shown, printed and booked by; it is not trusted, so what
/// is dated stays as it is. When the machine's own clock is right again, that one counts.
///
/// # Errors
/// `clock_trusted` where the clock can be right; `bad_time` for one before what was known.
#[utoipa::path(
    tag = "session",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = NewTime,
    responses((status = 200, description = "The time now", body = ClockView)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "clock_trusted", "bad_time", "disk_full", "journal_failed",
    ]))),
)]
#[put("/clock")]
pub async fn set(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MaySetTime,
    body: web::Json<NewTime>,
) -> Result<HttpResponse, Problem> {
    let local: Result<DateTime, _> = body.local.parse();
    let local = local.map_err(|_| Problem::plain(&request, "bad_time"))?;
    let after = store.clock.by_hand(local).map_err(|refused| match refused {
        ByHandRefused::Trusted => Problem::plain(&request, "clock_trusted"),
        ByHandRefused::NoSuchTime => Problem::plain(&request, "bad_time"),
    })?;
    let now = store.clock.now(None);
    let fact = Fact::TimeSet {
        workstation: may.session.workstation.clone(),
        operator: may.session.operator.clone(),
        approved_by: may.approved_by,
        before: now.wall,
        after,
    };
    let id = CommandId::new(Uuid::now_v7());
    let append = Append { id, now, fact: Box::new(fact), draft: DraftChange::Keep };
    let appended = store.append.send(append).await.map_err(|_| Problem::stopping(&request))?;
    appended.map_err(|code| Problem::refused(&request, &code.into()))?;
    store.clock.set_by_hand(after);
    Ok(HttpResponse::Ok().json(ClockView::of(&store.clock.now(None))))
}
