//! The two cookies: which workstation a browser is, and whose session it has.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// The cookie of a browser that is a workstation.
pub const WORKSTATION: &str = "hub_workstation";
/// The cookie of a session.
pub const SESSION: &str = "hub_session";

/// How long a browser stays a workstation, in days: until another one takes over.
const WORKSTATION_DAYS: i64 = 3650;

fn cookie<'a>(request: &HttpRequest, name: &'a str, secret: String) -> Cookie<'a> {
    Cookie::build(name, secret)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(request.app_config().secure())
        .path("/")
        .finish()
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
    let mut cookie = cookie(request, SESSION, String::new());
    cookie.make_removal();
    cookie
}
