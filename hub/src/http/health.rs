//! Whether the hub lives, whether it is ready, and its figures.

use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, get, web};
use store_actors::messages::StatusQuery;

use super::problem::Problem;
use crate::security::token;
use crate::store::Store;

/// How long a part may take to answer before the hub is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

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

/// Every actor answers, and so does the journal's writer.
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
    if is_ready(&store).await {
        Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("ready\n"))
    } else {
        Err(Problem::stopping(&request))
    }
}

/// Makes a round trip through every actor and the journal's writer.
pub async fn is_ready(store: &Store) -> bool {
    let writer = store.writer.clone();
    let writer = web::block(move || writer.synchronous());
    match tokio::time::timeout(PATIENCE, writer).await {
        Ok(Ok(Ok(_))) => {}
        _ => return false,
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
    let is_here = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    let fits = match (&store.settings.metrics_token, shown) {
        (Some(token), Some(shown)) => token::hash(token) == token::hash(shown),
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
