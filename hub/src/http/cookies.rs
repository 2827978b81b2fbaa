//! The two cookies: which workstation a browser is, and whose session it has.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// The cookie of a browser that is a workstation, over plain HTTP.
pub const WORKSTATION: &str = "hub_workstation";
/// The cookie of a session, over plain HTTP.
pub const SESSION: &str = "hub_session";

/// What stands before the names over HTTPS. Browsers take a cookie of such a name from HTTPS only:
/// nobody who answers for the hub over plain HTTP can put one of theirs in its place. It also
/// keeps the two apart: a secret that once went in clear opens nothing that is encrypted.
pub const PREFIX: &str = "__Host-";

/// How long a browser stays a workstation, in days: until another one takes over.
const WORKSTATION_DAYS: i64 = 3650;

fn name(request: &HttpRequest, name: &str) -> String {
    let prefix = if request.app_config().secure() { PREFIX } else { "" };
    format!("{prefix}{name}")
}

fn cookie(request: &HttpRequest, plain_name: &str, secret: String) -> Cookie<'static> {
    Cookie::build(name(request, plain_name), secret)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(request.app_config().secure())
        .path("/")
        .finish()
}

fn secret_of(request: &HttpRequest, plain_name: &str) -> Option<String> {
    request.cookie(&name(request, plain_name)).map(|cookie| cookie.value().to_owned())
}

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
    let mut cookie = cookie(request, SESSION, String::new());
    cookie.make_removal();
    cookie
}
