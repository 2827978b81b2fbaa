//! The API's description, for programs and for people. It needs a session like everything else:
//! what a shop's hub can do is not for every guest of its Wi-Fi to read.

use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, LOCATION,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa_swagger_ui::Config;

use crate::access::Session;
use crate::http::openapi;
use crate::http::problem::Problem;

/// Where the description is.
const DOCUMENT: &str = "/api/openapi.json";

/// The description: OpenAPI 3.1.
#[get("/api/openapi.json")]
pub async fn document(_session: Session) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(openapi::json())
}

/// Leads to where the pages' relative addresses hold.
#[get("/api/docs")]
pub async fn index(_session: Session) -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/api/docs/")).finish()
}

/// The pages that show the description, embedded in the program. They load nothing from elsewhere.
///
/// # Errors
/// `not_found`.
#[get("/api/docs/{file:.*}")]
pub async fn file(
    request: HttpRequest,
    _session: Session,
    file: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    // Without this the page would send the description to a validator on the internet.
    let config = Config::new([DOCUMENT]).validator_url("none");
    let found = utoipa_swagger_ui::serve(&file, Arc::new(config)).map_err(|error| {
        tracing::error!(%error, "serving the API's description");
        Problem::plain(&request, "internal")
    })?;
    let Some(found) = found else { return Err(Problem::not_found(&request)) };
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    Ok(response
        .insert_header((CONTENT_TYPE, found.content_type))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(found.bytes.into_owned()))
}
