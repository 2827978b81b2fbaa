//! Whether headquarters lives, whether it is ready, its figures, and its authority.

use std::time::{Duration, Instant};

use actix_web::http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::http::caller::Caller;
use service_kit::security::token;
use tokio::sync::Mutex;

use super::Hq;
use super::problem::Problem;
use crate::metrics;
use crate::people::now_ms;

/// How long the database may take to answer before headquarters is not ready.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer stands for everybody who asks, however often a stranger does.
const REMEMBERED: Duration = Duration::from_secs(1);

/// Whether headquarters was ready when it was last looked into, and when that was.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Option<&'static str>)>>);

impl Readiness {
    /// What keeps headquarters from its work, as a code.
    async fn obstacle(&self, hq: &Hq) -> Option<&'static str> {
        let mut last = self.0.lock().await;
        match *last {
            Some((at, found)) if at.elapsed() < REMEMBERED => found,
            _ => {
                let found = obstacle(hq).await;
                *last = Some((Instant::now(), found));
                found
            }
        }
    }
}

async fn obstacle(hq: &Hq) -> Option<&'static str> {
    if hq.metrics.is_storage_full() {
        return Some("storage_full");
    }
    let asked = hq.database.ask(|store| store.sql().query("select 1", &[], |_| Ok(())).map(drop));
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) if hq.metrics.is_connected() => None,
        // Headquarters shows what it has, and hears nothing new.
        Ok(Ok(())) => Some("broker_unreachable"),
        _ => Some("storage_unavailable"),
    }
}

/// The process answers.
#[utoipa::path(
    get, path = "/healthz", tag = "health",
    responses((status = 200, description = "It lives", body = String, content_type = "text/plain")),
)]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok\n")
}

/// The database answers and has room, and the broker is reached.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((
        status = 200,
        description = "It takes in what stores send",
        body = String,
        content_type = "text/plain",
    )),
    extensions((
        "x-problem-codes" =
            json!(["storage_full", "storage_unavailable", "broker_unreachable"])
    )),
)]
pub(super) async fn ready(
    hq: web::Data<Hq>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    match hq.readiness.obstacle(&hq).await {
        None => Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("ready\n")),
        Some(code) => Err(Problem::plain(&request, code)),
    }
}

/// The figures: from this machine, or with the token.
#[utoipa::path(
    get, path = "/metrics", tag = "health",
    security((), ("metrics_token" = [])),
    responses((
        status = 200,
        description = "The figures, in Prometheus' text format",
        body = String,
        content_type = "text/plain",
    )),
    extensions(("x-problem-codes" = json!(["forbidden", "internal"]))),
)]
pub(super) async fn metrics(
    hq: web::Data<Hq>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let is_here = Caller::of(&request).is_here();
    let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    let fits = match (&hq.settings.metrics_token, shown) {
        (Some(token), Some(shown)) => token::are_equal(token, shown),
        _ => false,
    };
    if !is_here && !fits {
        return Err(Problem::plain(&request, "forbidden"));
    }
    let chain = hq.database.ask(|store| metrics::read(store.sql(), now_ms())).await;
    let chain = chain.unwrap_or_else(|error| {
        // The figures of the process are worth most when the database does not answer.
        tracing::warn!(%error, "reading the figures of the chain");
        metrics::ChainFigures::default()
    });
    let text = hq.metrics.text(hq.live.count(), &chain).map_err(|error| {
        tracing::error!(%error, "writing the figures");
        Problem::plain(&request, "internal")
    })?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(text))
}

/// The authority that browsers install, as a certificate in DER.
pub(super) async fn authority(
    hq: web::Data<Hq>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    // Where HTTPS is not served there is nothing to install.
    let certificates = hq.certificates.as_ref();
    let certificates = certificates.ok_or_else(|| Problem::plain(&request, "not_found"))?;
    let name = "attachment; filename=\"headquarters.crt\"";
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/x-x509-ca-cert"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(certificates.authority().certificate().to_vec()))
}
