//! Whom a route lets in. The list of routes says it; it is enforced here, once, before the route's
//! own code runs.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, ResponseError as _, web};
use service_kit::http::caller::Caller;
use service_kit::http::cookies;

use super::Hq;
use super::problem::Problem;
use crate::people::{Role, Session};

/// The cookie of a session, over plain HTTP.
pub const COOKIE: &str = "hq_session";

/// Whom a route lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetsIn {
    /// Everybody: what leads to signing in, and what tells nothing.
    Everybody,
    /// Whoever is signed in, to what their role and scope let them see.
    SignedIn,
    /// Administrators.
    Admin,
}

/// Lets a request through to its route, with the session that it belongs to.
pub(super) async fn check(
    lets_in: LetsIn,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if lets_in != LetsIn::Everybody {
        let session = session_of(request.request()).await?;
        if lets_in == LetsIn::Admin && session.user.role != Role::Admin {
            return Err(Problem::plain(request.request(), "forbidden").into());
        }
        request.extensions_mut().insert(session);
    }
    next.call(request).await
}

async fn session_of(request: &HttpRequest) -> Result<Session, Problem> {
    let Some(hq) = request.app_data::<web::Data<Hq>>() else {
        return Err(Problem::plain(request, "stopping"));
    };
    if let Some(secret) = cookies::secret_of(request, COOKIE) {
        let found = hq.people.session(&secret).await;
        if let Some(session) = found.map_err(|error| Problem::asking(request, &error))? {
            return Ok(session);
        }
    }
    let code = if hq.people.needs_setup() { "not_set_up" } else { "not_signed_in" };
    Err(Problem::plain(request, code))
}

/// The session that [`check`] found.
impl FromRequest for Session {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = request.extensions().get::<Self>().cloned();
        // A route that asks for one and is open to everybody is a fault of ours; it stays shut.
        ready(session.ok_or_else(|| Problem::plain(request, "not_signed_in")))
    }
}

/// Refuses what is not asked by our own pages, and puts the safety headers on every answer.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let http = request.app_data::<web::Data<Hq>>().map(|hq| &hq.settings.http);
    let allowed = http.map(|http| http.allowed_hosts.clone()).unwrap_or_default();
    Caller::note(request.request(), http.and_then(|http| http.behind_proxy));
    let refuse = |request: &_, code| Problem::plain(request, code).error_response();
    service_kit::http::guard::guard(request, next, allowed, refuse).await
}
