//! The API's description, for programs and for people. It needs a session like everything else:
//! what a shop's hub can do is not for every guest of its Wi-Fi to read.

use actix_web::{HttpRequest, HttpResponse, get, web};
use service_kit::http::docs;

use crate::access::Session;
use crate::http::openapi;
use crate::http::problem::Problem;

/// The description: OpenAPI 3.1.
#[get("/api/openapi.json")]
pub async fn document(_session: Session) -> HttpResponse {
    docs::document(openapi::json())
}

/// Leads to the pages that show it.
#[get("/api/docs")]
pub async fn index(_session: Session) -> HttpResponse {
    docs::index()
}

/// The pages that show the description.
///
/// # Errors
/// `not_found`.
#[get("/api/docs/{file:.*}")]
pub async fn file(
    request: HttpRequest,
    _session: Session,
    file: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = docs::file(&file).map_err(|error| {
        tracing::error!(%error, "serving the API's description");
        Problem::plain(&request, "internal")
    })?;
    found.ok_or_else(|| Problem::not_found(&request))
}
