//! Every route, with whom it lets in: the one list that serves them, and that the tests walk.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi as _;

use super::gate::{self, LetsIn};
use super::{
    assets, chain, commands, docs, health, live, part, promotions, sales, session, stores, users,
};

/// A route as the tests see it.
#[derive(Clone, Copy, Debug)]
pub struct RouteEntry {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Its path, with `{names}`.
    pub path: &'static str,
    /// Whom it lets in.
    pub lets_in: LetsIn,
    /// Whether the API's description has it: what is for programs.
    pub is_described: bool,
}

/// A route behind its gate.
macro_rules! gated {
    ($lets_in:ident, $method:ident, $handler:path) => {
        web::method(Method::$method).to($handler).wrap(from_fn(
            |request: ServiceRequest, next: Next<BoxBody>| {
                gate::check(LetsIn::$lets_in, request, next)
            },
        ))
    };
}

macro_rules! routes {
    (
        described {
            $($lets_in:ident: $method:ident $path:literal => $module:ident::$handler:ident;)*
        }
        besides { $($whom:ident: $verb:ident $place:literal => $page:ident::$answer:ident;)* }
    ) => {
        /// Every route that is served.
        pub const ROUTES: &[RouteEntry] = &[
            $(RouteEntry {
                method: stringify!($method),
                path: $path,
                lets_in: LetsIn::$lets_in,
                is_described: true,
            },)*
            $(RouteEntry {
                method: stringify!($verb),
                path: $place,
                lets_in: LetsIn::$whom,
                is_described: false,
            },)*
        ];

        /// Serves them.
        pub(super) fn configure(config: &mut ServiceConfig) {
            $(config.route($path, gated!($lets_in, $method, $module::$handler));)*
            $(config.route($place, gated!($whom, $verb, $page::$answer));)*
        }

        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($module::$handler),*))]
        struct Described;
    };
}

routes! {
    described {
        Everybody: GET "/healthz" => health::live;
        Everybody: GET "/readyz" => health::ready;
        Everybody: GET "/metrics" => health::metrics;
        Everybody: POST "/api/v1/setup" => session::set_up;
        Everybody: POST "/api/v1/session" => session::sign_in;
        SignedIn: GET "/api/v1/session" => session::who;
        SignedIn: DELETE "/api/v1/session" => session::sign_out;
        SignedIn: GET "/api/v1/chain" => chain::view;
        SignedIn: GET "/api/v1/live" => live::events;
        SignedIn: GET "/api/v1/stores/{store}" => stores::day;
        SignedIn: GET "/api/v1/stores/{store}/stock" => stores::stock;
        SignedIn: GET "/api/v1/stores/{store}/days/{day}" => stores::summary;
        SignedIn: GET "/api/v1/sales" => sales::list;
        SignedIn: GET "/api/v1/sales/{store}/{transaction}" => sales::one;
        SignedIn: GET "/api/v1/promotions" => promotions::list;
        SignedIn: GET "/api/v1/promotions/one" => promotions::one;
        SignedIn: GET "/api/v1/totals" => part::totals;
        SignedIn: GET "/api/v1/streams" => part::streams;
        SignedIn: GET "/api/v1/forks" => part::forks;
        SignedIn: GET "/api/v1/aside" => part::aside;
        SignedIn: GET "/api/v1/policy" => part::policy;
        SignedIn: GET "/api/v1/commands/{id}" => commands::outcome;
        Admin: POST "/api/v1/commands" => commands::ask;
        Admin: GET "/api/v1/users" => users::list;
        Admin: POST "/api/v1/users" => users::add;
        Admin: PUT "/api/v1/users/{id}" => users::change;
        Admin: DELETE "/api/v1/users/{id}" => users::remove;
        Admin: DELETE "/api/v1/users/{id}/sessions" => users::end_sessions;
    }
    besides {
        Everybody: GET "/ca.crt" => health::authority;
        Everybody: GET "/" => assets::index;
        Everybody: GET "/ui/{path:.*}" => assets::own;
        Everybody: GET "/shared/{path:.*}" => assets::shared;
        SignedIn: GET "/api/openapi.json" => docs::document;
        SignedIn: GET "/api/docs" => docs::index;
        SignedIn: GET "/api/docs/{path:.*}" => docs::file;
    }
}

/// What the routes say of themselves.
pub(super) fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
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
