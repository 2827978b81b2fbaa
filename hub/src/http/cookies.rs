//! The two cookies: which workstation a browser is, and whose session it has.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use service_kit::http::cookies::{cookie, removal, secret_of};

/// The cookie of a browser that is a workstation, over plain HTTP.
pub const WORKSTATION: &str = "hub_workstation";
/// The cookie of a session, over plain HTTP.
pub const SESSION: &str = "hub_session";

/// How long a browser stays a workstation, in days: until another one takes over.
const WORKSTATION_DAYS: i64 = 3650;

/// The secret of a browser that says that it is a workstation.
#[must_use]
pub fn workstation_of(request: &HttpRequest) -> Option<String> {
    secret_of(request, WORKSTATION)
}

/// The secret of a browser that says that it has a session.
#[must_use]
pub fn session_of(request: &HttpRequest) -> Option<String> {
    secret_of(request, SESSION)
}

/// Makes a browser a workstation for good.
#[must_use]
pub fn workstation(request: &HttpRequest, secret: String) -> Cookie<'static> {
    let mut cookie = cookie(request, WORKSTATION, secret);
    cookie.set_max_age(Duration::days(WORKSTATION_DAYS));
    cookie
}

/// Opens a session; it goes with the browser.
#[must_use]
pub fn session(request: &HttpRequest, secret: String) -> Cookie<'static> {
    cookie(request, SESSION, secret)
}

/// Takes the session's cookie away.
#[must_use]
pub fn no_session(request: &HttpRequest) -> Cookie<'static> {
    removal(request, SESSION)
}
