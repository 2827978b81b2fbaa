//! Who may ask the hub at all, see [`service_kit::http::guard`].

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError as _, web};

use super::problem::Problem;
use crate::store::Store;

/// Refuses what is not asked by our own pages, and puts the safety headers on every answer.
///
/// # Errors
/// What the route answers.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let store = request.app_data::<web::Data<Store>>();
    let allowed = store.map(|store| store.settings.http.allowed_hosts.clone()).unwrap_or_default();
    let refuse = |request: &_, code| Problem::plain(request, code).error_response();
    service_kit::http::guard::guard(request, next, allowed, refuse).await
}
