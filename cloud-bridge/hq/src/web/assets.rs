//! The page's files, embedded in the program: its own, and those that it shares with the hub's page.

use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use service_kit::http::assets::answer;

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/ui"]
struct Page;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/text"]
struct Texts;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../hub/ui"]
struct Shared;

/// The page.
pub(super) async fn index(request: HttpRequest) -> Result<HttpResponse, Problem> {
    found(&request, Page::get("index.html"))
}

/// A file of the page, or one of its texts.
pub(super) async fn own(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let file = match path.strip_prefix("text/") {
        // What problems say is no file of the page.
        Some(text) if text.starts_with("page.") => Texts::get(text),
        Some(_) => None,
        None => Page::get(&path),
    };
    found(&request, file)
}

/// A file that the hub's page has too.
pub(super) async fn shared(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    found(&request, Shared::get(&path))
}

fn found(
    request: &HttpRequest,
    file: Option<rust_embed::EmbeddedFile>,
) -> Result<HttpResponse, Problem> {
    let file = file.ok_or_else(|| Problem::plain(request, "not_found"))?;
    Ok(answer(request, file))
}
