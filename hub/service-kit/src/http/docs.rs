//! The pages that show an API's description, embedded in the program. They load nothing from
//! elsewhere.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, LOCATION,
};
use utoipa_swagger_ui::Config;

/// Where the description is.
pub const DOCUMENT: &str = "/api/openapi.json";

/// The description: OpenAPI 3.1.
#[must_use]
pub fn document(json: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(json)
}

/// Leads to where the pages' relative addresses hold.
#[must_use]
pub fn index() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/api/docs/")).finish()
}

/// A file of the pages; none where there is no such file.
///
/// # Errors
/// What is wrong with the pages that were built in.
pub fn file(name: &str) -> Result<Option<HttpResponse>, String> {
    // Without this the page would send the description to a validator on the internet.
    let config = Config::new([DOCUMENT]).validator_url("none");
    let found = utoipa_swagger_ui::serve(name, Arc::new(config));
    let Some(found) = found.map_err(|error| error.to_string())? else { return Ok(None) };
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    let response = response
        .insert_header((CONTENT_TYPE, found.content_type))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(found.bytes.into_owned());
    Ok(Some(response))
}
