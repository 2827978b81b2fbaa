//! The API's description, for programs and for people. It needs a session like everything else:
//! what headquarters can do is not for everybody in reach to read.

use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::http::docs;

use super::openapi;
use super::problem::Problem;

/// The description.
pub(super) async fn document() -> HttpResponse {
    docs::document(openapi::json())
}

/// Leads to the pages that show it.
pub(super) async fn index() -> HttpResponse {
    docs::index()
}

/// The pages that show it.
pub(super) async fn file(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = docs::file(&path).map_err(|error| {
        tracing::error!(%error, "serving the API's description");
        Problem::plain(&request, "internal")
    })?;
    found.ok_or_else(|| Problem::plain(&request, "not_found"))
}
