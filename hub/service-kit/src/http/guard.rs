//! Who may ask at all: under our own host names, from our own pages.
//!
//! A page of another site must not be able to make a browser of ours act here. Cookies are
//! `SameSite=Strict`; besides, a foreign `Host` is refused (a name that was pointed at us),
//! and so is a foreign `Origin` on everything that changes something or streams. The page over
//! plain HTTP is foreign to the one over HTTPS: on a hostile network anybody may have written it.
//!
//! There is no `Strict-Transport-Security`: plain HTTP is promised to work, and a browser that was
//! told otherwise could not come back to install a new authority.

use std::net::IpAddr;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY, HOST, HeaderName,
    HeaderValue, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};

use super::caller::Caller;
use crate::certificates::host_names;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Our pages load nothing from elsewhere and are shown nowhere else.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'self'";

/// The host of a `Host` header or an origin, without its port.
#[must_use]
pub fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether a host is ours: an address literal (which no name service can point elsewhere),
/// `localhost`, the machine's own name, or one that the settings allow.
fn is_ours(host: &str, allowed: &[String]) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    literal.parse::<IpAddr>().is_ok()
        || host == "localhost"
        || allowed.contains(&host)
        || host_names().contains(&host)
}

/// The host and port that a request names; HTTP/2 has them in the request line. (A second `Host`
/// is refused before it gets here.)
#[must_use]
pub fn authority_of(request: &HttpRequest) -> Option<&str> {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    host.or_else(|| request.uri().authority().map(|one| one.as_str()))
}

/// What is wrong with where a request comes from.
fn refusal(request: &ServiceRequest, allowed: &[String]) -> Option<&'static str> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let authority = authority_of(request.request());
    let Some(authority) = authority.filter(|one| is_ours(host_of(one), allowed)) else {
        return Some("foreign_host");
    };
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe && !request.path().starts_with("/api/v1/live") {
        return None;
    }
    let is_own = match header(ORIGIN) {
        Some(origin) => {
            let scheme = if Caller::of(request.request()).is_secure { "https" } else { "http" };
            origin.parse().is_ok_and(|origin: Uri| {
                origin.scheme_str() == Some(scheme)
                    && origin.authority().is_some_and(|one| one.as_str() == authority)
            })
        }
        // No browser leaves both out on a request that another site caused.
        None => matches!(header(FETCH_SITE), None | Some("same-origin" | "none")),
    };
    (!is_own).then_some("foreign_origin")
}

/// Refuses what is not asked by our own pages, with the answer that `refuse` makes of a code, and
/// puts the safety headers on every answer.
///
/// # Errors
/// What the route answers.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
    allowed_hosts: Vec<String>,
    refuse: impl FnOnce(&HttpRequest, &'static str) -> HttpResponse,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let mut response = if let Some(code) = refusal(&request, &allowed_hosts) {
        let refused = refuse(request.request(), code);
        request.into_response(refused).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    // What is not a file of the page may name somebody: no browser and no proxy keeps it.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{host_of, is_ours, refusal};

    #[test]
    fn a_host_is_taken_apart() {
        for (authority, host) in [
            ("hub.local:8080", "hub.local"),
            ("127.0.0.1:1", "127.0.0.1"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("hub", "hub"),
        ] {
            assert_eq!(host_of(authority), host);
        }
    }

    #[test]
    fn only_our_own_names_are_ours() {
        let allowed = ["hub.store.test".to_owned()];
        for ours in ["127.0.0.1", "[::1]", "localhost", "192.168.1.9", "HUB.store.test."] {
            assert!(is_ours(ours, &allowed), "{ours}");
        }
        for foreign in ["evil.example", "", "127.0.0.1.evil.example", "localhost.evil.example"] {
            assert!(!is_ours(foreign, &allowed), "{foreign}");
        }
    }

    fn asked(path: &str, is_post: bool, headers: &[(&str, &str)]) -> Option<&'static str> {
        let request = if is_post { TestRequest::post() } else { TestRequest::get() };
        let mut request = request.uri(path).insert_header(("host", "127.0.0.1:8080"));
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        refusal(&request.to_srv_request(), &[])
    }

    #[test]
    fn what_changes_something_or_streams_must_come_from_our_own_page() {
        let foreign = Some("foreign_origin");
        let own = ("origin", "http://127.0.0.1:8080");
        assert_eq!(asked("/api/v1/session", true, &[own]), None);
        assert_eq!(asked("/api/v1/session", true, &[("origin", "http://evil.test")]), foreign);
        assert_eq!(asked("/api/v1/session", true, &[("origin", "http://127.0.0.1:9")]), foreign);
        assert_eq!(asked("/api/v1/session", true, &[("origin", "null")]), foreign);
        let encrypted = ("origin", "https://127.0.0.1:8080");
        assert_eq!(asked("/api/v1/session", true, &[encrypted]), foreign);
        assert_eq!(asked("/api/v1/session", true, &[]), None, "a program, not a browser");
        assert_eq!(asked("/api/v1/session", true, &[("sec-fetch-site", "cross-site")]), foreign);
        assert_eq!(asked("/api/v1/live", false, &[("origin", "http://evil.test")]), foreign);
        assert_eq!(asked("/api/v1/items", false, &[("origin", "http://evil.test")]), None);
        assert_eq!(asked("/", false, &[("host", "evil.test")]), Some("foreign_host"));
    }
}
