//! The two cookies: which workstation a browser is, and whose session it has.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, web};
use service_kit::http::cookies::{cookie, removal, secret_of};

use crate::store::Store;

/// The cookie of a browser that is a workstation, over plain HTTP.
pub const WORKSTATION: &str = "hub_workstation";
/// The cookie of a session, over plain HTTP.
pub const SESSION: &str = "hub_session";

/// The cookie of a screen for customers, over plain HTTP.
pub const CUSTOMER: &str = "hub_customer";

/// How long a browser stays a workstation, in days: until another one takes over.
const WORKSTATION_DAYS: i64 = 3650;

/// The name of a cookie. Browsers do not tell the ports of a host apart, so stores that share one
/// have names of their own.
fn named(request: &HttpRequest, name: &str) -> String {
    let store = request.app_data::<web::Data<Store>>();
    let ending = store.map(|store| store.settings.http.cookie_ending.as_str()).unwrap_or_default();
    format!("{name}{ending}")
}

/// The secret of a browser that says that it is a workstation.
#[must_use]
pub fn workstation_of(request: &HttpRequest) -> Option<String> {
    secret_of(request, &named(request, WORKSTATION))
}

/// The secret of a browser that says that it has a session.
#[must_use]
pub fn session_of(request: &HttpRequest) -> Option<String> {
    secret_of(request, &named(request, SESSION))
}

/// Makes a browser a workstation for good.
#[must_use]
pub fn workstation(request: &HttpRequest, secret: String) -> Cookie<'static> {
    let mut cookie = cookie(request, &named(request, WORKSTATION), secret);
    cookie.set_max_age(Duration::days(WORKSTATION_DAYS));
    cookie
}

/// The secret of a browser that says that it is a register's screen for customers.
#[must_use]
pub fn customer_of(request: &HttpRequest) -> Option<String> {
    secret_of(request, &named(request, CUSTOMER))
}

/// Makes a browser a register's screen for customers.
#[must_use]
pub fn customer(request: &HttpRequest, secret: String) -> Cookie<'static> {
    let mut cookie = cookie(request, &named(request, CUSTOMER), secret);
    cookie.set_max_age(Duration::days(WORKSTATION_DAYS));
    cookie
}

/// Opens a session; it goes with the browser.
#[must_use]
pub fn session(request: &HttpRequest, secret: String) -> Cookie<'static> {
    cookie(request, &named(request, SESSION), secret)
}

/// Takes the session's cookie away.
#[must_use]
pub fn no_session(request: &HttpRequest) -> Cookie<'static> {
    removal(request, &named(request, SESSION))
}
