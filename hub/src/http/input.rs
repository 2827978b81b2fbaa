//! What arrives: how large it may be, and what is answered where it cannot be read.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use service_kit::http::input;

use super::openapi;
use super::problem::Problem;

/// Longest JSON body, in bytes: a thousand levels of safety stock.
pub const JSON_BYTES_MAX: usize = 256 * 1024;
/// Largest catalogue, in bytes: 300,000 items take 30 MB.
pub const CATALOGUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Lets every route read its input within the limits, and answer a problem where it cannot.
pub fn configure(config: &mut ServiceConfig) {
    input::configure::<Problem>(config, JSON_BYTES_MAX, CATALOGUE_BYTES_MAX);
}

/// The problem of a body that could not be read as it came.
///
/// # Errors
/// `too_large`, or `malformed` with what is wrong.
pub fn bytes(
    request: &HttpRequest,
    body: Result<web::Bytes, Error>,
) -> Result<web::Bytes, Problem> {
    body.map_err(|error| match error.as_response_error().status_code() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::plain(request, "too_large"),
        _ => Problem::malformed(request, &error.to_string()),
    })
}

/// What is answered where no route does.
pub async fn unanswered(request: HttpRequest) -> HttpResponse {
    Problem::unanswered(&request, &openapi::methods_of(request.path())).error_response()
}
