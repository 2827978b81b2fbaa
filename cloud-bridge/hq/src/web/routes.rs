//! Every route, with whom it lets in: the one list that serves them, and that the tests walk.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};

use super::gate::{self, LetsIn};
use super::{assets, chain, commands, health, live, sales, session, stores, users};

/// A route as the tests see it.
#[derive(Clone, Copy, Debug)]
pub struct RouteEntry {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Its path, with `{names}`.
    pub path: &'static str,
    /// Whom it lets in.
    pub lets_in: LetsIn,
}

macro_rules! routes {
    ($($lets_in:ident: $method:ident $path:literal => $handler:path;)*) => {
        /// Every route that is served.
        pub const ROUTES: &[RouteEntry] = &[$(RouteEntry {
            method: stringify!($method),
            path: $path,
            lets_in: LetsIn::$lets_in,
        }),*];

        /// Serves them.
        pub(super) fn configure(config: &mut ServiceConfig) {
            $({
                let gate = |request: ServiceRequest, next: Next<BoxBody>| {
                    gate::check(LetsIn::$lets_in, request, next)
                };
                let route = web::method(Method::$method).to($handler).wrap(from_fn(gate));
                config.route($path, route);
            })*
        }
    };
}

routes! {
    Everybody: GET "/healthz" => health::live;
    Everybody: GET "/readyz" => health::ready;
    Everybody: GET "/metrics" => health::metrics;
    Everybody: GET "/ca.crt" => health::authority;
    Everybody: GET "/" => assets::index;
    Everybody: GET "/ui/{path:.*}" => assets::own;
    Everybody: GET "/shared/{path:.*}" => assets::shared;
    Everybody: POST "/api/v1/setup" => session::set_up;
    Everybody: POST "/api/v1/session" => session::sign_in;
    SignedIn: GET "/api/v1/session" => session::who;
    SignedIn: DELETE "/api/v1/session" => session::sign_out;
    SignedIn: GET "/api/v1/chain" => chain::view;
    SignedIn: GET "/api/v1/live" => live::events;
    SignedIn: GET "/api/v1/stores/{store}" => stores::day;
    SignedIn: GET "/api/v1/stores/{store}/stock" => stores::stock;
    SignedIn: GET "/api/v1/sales" => sales::list;
    SignedIn: GET "/api/v1/sales/{store}/{transaction}" => sales::one;
    SignedIn: GET "/api/v1/totals" => chain::totals;
    SignedIn: GET "/api/v1/streams" => chain::streams;
    SignedIn: GET "/api/v1/forks" => chain::forks;
    SignedIn: GET "/api/v1/aside" => chain::aside;
    SignedIn: GET "/api/v1/policy" => chain::policy;
    SignedIn: GET "/api/v1/commands/{id}" => commands::outcome;
    Admin: POST "/api/v1/commands" => commands::ask;
    Admin: GET "/api/v1/users" => users::list;
    Admin: POST "/api/v1/users" => users::add;
    Admin: PUT "/api/v1/users/{id}" => users::change;
    Admin: DELETE "/api/v1/users/{id}" => users::remove;
    Admin: DELETE "/api/v1/users/{id}/sessions" => users::end_sessions;
}

/// The methods that a path answers.
#[must_use]
pub fn methods_of(path: &str) -> Vec<&'static str> {
    let fits = |route: &&RouteEntry| is_path_of(route.path, path);
    ROUTES.iter().filter(fits).map(|route| route.method).collect()
}

/// Whether a pattern stands for a path.
fn is_path_of(pattern: &str, path: &str) -> bool {
    if let Some((folder, _)) = pattern.split_once("{path:") {
        return path.starts_with(folder);
    }
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(level), Some(found)) => {
                let is_any = level.starts_with('{') && !found.is_empty();
                if !is_any && level != found {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_another() {
        assert_eq!(methods_of("/api/v1/users"), ["GET", "POST"]);
        assert_eq!(methods_of("/api/v1/stores/S-1"), ["GET"]);
        assert_eq!(methods_of("/ui/style/frame.css"), ["GET"]);
        for nothing in ["/api/v1/stores/", "/api/v1/stores/a/b", "/api", "", "/api/v1/users/"] {
            assert!(methods_of(nothing).is_empty(), "{nothing}");
        }
    }
}
