//! What arrives: how large it may be, and what is answered where it cannot be read.

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, HttpRequest};

use super::problem::Problem;

/// Longest body, in bytes: a person with a thousand stores.
const BODY_BYTES_MAX: usize = 128 * 1024;

/// Lets every route read its input within the limits, and answer a problem where it cannot.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .app_data(web::JsonConfig::default().limit(BODY_BYTES_MAX).error_handler(json))
        .app_data(web::PathConfig::default().error_handler(path))
        .app_data(web::QueryConfig::default().error_handler(query))
        .app_data(web::PayloadConfig::new(BODY_BYTES_MAX));
}

fn json(error: JsonPayloadError, request: &HttpRequest) -> Error {
    let problem = match &error {
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
            Problem::plain(request, "too_large")
        }
        JsonPayloadError::ContentType => Problem::plain(request, "unsupported_media_type"),
        error => Problem::malformed(request, &error.to_string()),
    };
    problem.into()
}

fn path(error: PathError, request: &HttpRequest) -> Error {
    Problem::malformed(request, &error.to_string()).into()
}

fn query(error: QueryPayloadError, request: &HttpRequest) -> Error {
    Problem::malformed(request, &error.to_string()).into()
}
