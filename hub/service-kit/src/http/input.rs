//! What arrives: how large it may be, and what is answered where it cannot be read.

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, HttpRequest};

use super::problem::Problems;

/// Lets every route read its input within the limits, in bytes, and answer a problem where it
/// cannot.
pub fn configure<P: Problems>(config: &mut ServiceConfig, json_max: usize, body_max: usize) {
    config
        .app_data(web::JsonConfig::default().limit(json_max).error_handler(json::<P>))
        .app_data(web::PathConfig::default().error_handler(path::<P>))
        .app_data(web::QueryConfig::default().error_handler(query::<P>))
        .app_data(web::PayloadConfig::new(body_max));
}

fn json<P: Problems>(error: JsonPayloadError, request: &HttpRequest) -> Error {
    let problem = match &error {
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
            P::of_code(request, "too_large")
        }
        JsonPayloadError::ContentType => P::of_code(request, "unsupported_media_type"),
        // What a parser says, without what wraps it.
        JsonPayloadError::Deserialize(error) => P::of_input(request, &error.to_string()),
        JsonPayloadError::Payload(error) => P::of_input(request, &error.to_string()),
        error => P::of_input(request, &error.to_string()),
    };
    problem.into()
}

fn path<P: Problems>(error: PathError, request: &HttpRequest) -> Error {
    P::of_input(request, &error.to_string()).into()
}

fn query<P: Problems>(error: QueryPayloadError, request: &HttpRequest) -> Error {
    P::of_input(request, &error.to_string()).into()
}
