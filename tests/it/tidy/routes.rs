//! What the hub serves, read from its source.

use std::collections::BTreeSet;

use super::{code_only, tracked_files};

/// Where the source declares routes.
const PLACE: &str = "hub/src/http/";
/// The routes that stand under the API's scope; the description's own pages name their whole path.
const SCOPED: &str = "hub/src/http/routes/";
const UNSCOPED: &str = "hub/src/http/routes/docs.rs";
const SCOPE: &str = "/api/v1";

/// Every route that the source declares, as method and path.
pub fn served_routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in tracked_files().iter().filter(|file| file.path.starts_with(PLACE)) {
        let is_scoped = file.path.starts_with(SCOPED) && file.path != UNSCOPED;
        let scope = if is_scoped { SCOPE } else { "" };
        let code = code_only(&file.text);
        for way in ["web::resource(", "web::get(", "web::post(", "#[route("] {
            assert!(!code.contains(way), "{}: {way} hides a route from the tests", file.path);
        }
        // `code_only` empties strings, so the paths come from the text itself.
        for (line, code) in file.text.lines().zip(code.lines()) {
            for method in ["get", "post", "put", "patch", "delete", "head"] {
                let attribute = format!("#[{method}(");
                if !code.trim().starts_with(&attribute) {
                    continue;
                }
                let path = line.trim().trim_start_matches(&attribute).trim_start_matches('"');
                let path = path.split('"').next().unwrap_or_default();
                found.insert((method.to_uppercase(), format!("{scope}{path}")));
            }
        }
    }
    found
}
