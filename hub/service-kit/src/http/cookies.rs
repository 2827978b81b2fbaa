//! Cookies that hold a secret.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use super::caller::Caller;

/// What stands before the names over HTTPS. Browsers take a cookie of such a name from HTTPS only:
/// nobody who answers in our name over plain HTTP can put one of theirs in its place. It also
/// keeps the two apart: a secret that once went in clear opens nothing that is encrypted.
pub const PREFIX: &str = "__Host-";

fn name(request: &HttpRequest, name: &str) -> String {
    let prefix = if Caller::of(request).is_secure { PREFIX } else { "" };
    format!("{prefix}{name}")
}

/// A cookie that only our own pages send and no script reads; it goes with the browser.
#[must_use]
pub fn cookie(request: &HttpRequest, plain_name: &str, secret: String) -> Cookie<'static> {
    Cookie::build(name(request, plain_name), secret)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(Caller::of(request).is_secure)
        .path("/")
        .finish()
}

/// Takes a cookie away.
#[must_use]
pub fn removal(request: &HttpRequest, plain_name: &str) -> Cookie<'static> {
    let mut cookie = cookie(request, plain_name, String::new());
    cookie.make_removal();
    cookie
}

/// The secret that a request brings.
#[must_use]
pub fn secret_of(request: &HttpRequest, plain_name: &str) -> Option<String> {
    request.cookie(&name(request, plain_name)).map(|cookie| cookie.value().to_owned())
}
