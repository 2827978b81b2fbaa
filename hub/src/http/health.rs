//! Whether the hub lives, whether it is ready, and its figures.

use std::time::{Duration, Instant};

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, get, web};
use service_kit::http::caller::Caller;
use service_kit::security::token;
use store_actors::messages::StatusQuery;
use tokio::sync::{Mutex, oneshot};

use super::problem::Problem;
use crate::store::Store;

/// How long a part may take to answer before the hub is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer stands for everybody who asks: asking costs the registers' journal nothing
/// more, however often a stranger does.
const REMEMBERED: Duration = Duration::from_secs(1);

/// Whether the hub was ready when it was last looked into, and when that was.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Readiness {
    /// Whether it is ready, or was a moment ago. Those who ask at once wait for one answer.
    async fn of(&self, store: &Store) -> bool {
        let mut last = self.0.lock().await;
        match *last {
            Some((at, was_ready)) if at.elapsed() < REMEMBERED => was_ready,
            _ => {
                let is_ready = is_ready(store).await;
                *last = Some((Instant::now(), is_ready));
                is_ready
            }
        }
    }
}

/// The process answers.
#[utoipa::path(
    tag = "health",
    security(()),
    responses((status = 200, description = "It lives", body = String, content_type = "text/plain")),
)]
#[get("/healthz")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok\n")
}

/// Every actor answers, and so does the journal's writer. Where a row of the journal does not hold
/// the store sells all the same, and the answer says that it needs care; which row it is stands in
/// the log, for a stranger may ask here.
///
/// # Errors
/// `stopping` where one does not.
#[utoipa::path(
    tag = "health",
    security(()),
    responses((status = 200, description = "It sells", body = String, content_type = "text/plain")),
    extensions(("x-problem-codes" = json!(["stopping"]))),
)]
#[get("/readyz")]
pub async fn ready(store: web::Data<Store>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if store.readiness.of(&store).await {
        let needs_care = store.care.bad_row().is_some();
        let said = if needs_care { "ready, needs care\n" } else { "ready\n" };
        Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(said))
    } else {
        Err(Problem::stopping(&request))
    }
}

/// Makes a round trip through every actor and the journal's writer.
pub async fn is_ready(store: &Store) -> bool {
    let (sender, answer) = oneshot::channel();
    let asked = store.writer.ask_synchronous(Box::new(move |level| {
        // Whoever asked may have lost patience.
        let _ = sender.send(level);
    }));
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    if asked.is_err() || !matches!(answer, Ok(Ok(_))) {
        return false;
    }
    for actor in &store.actors {
        match tokio::time::timeout(PATIENCE, actor.send(StatusQuery)).await {
            Ok(Ok(_)) => {}
            _ => return false,
        }
    }
    true
}

/// The figures: from this machine, or with the token.
///
/// # Errors
/// `forbidden` for anybody else.
#[utoipa::path(
    tag = "health",
    security((), ("metrics_token" = [])),
    responses((
        status = 200,
        description = "The figures, in Prometheus' text format",
        body = String,
        content_type = "text/plain",
    )),
    extensions(("x-problem-codes" = json!(["forbidden", "internal"]))),
)]
#[get("/metrics")]
pub async fn metrics(
    store: web::Data<Store>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let is_here = Caller::of(&request).is_here();
    let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    let fits = match (&store.settings.metrics_token, shown) {
        (Some(token), Some(shown)) => token::are_equal(token, shown),
        _ => false,
    };
    if !is_here && !fits {
        return Err(Problem::plain(&request, "forbidden"));
    }
    let text = store.metrics.text(&store).map_err(|error| {
        tracing::error!(%error, "writing the figures");
        Problem::plain(&request, "internal")
    })?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(text))
}
