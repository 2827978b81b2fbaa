//! The page's files, embedded in the program.

use actix_web::{HttpRequest, HttpResponse, get, web};
use rust_embed::RustEmbed;
use service_kit::http::assets::answer;

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/ui"]
struct Page;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/text"]
struct Texts;

fn file(request: &HttpRequest, path: &str) -> Result<HttpResponse, Problem> {
    let file = match path.strip_prefix("text/") {
        Some(text) if text.starts_with("page.") => Texts::get(text),
        Some(_) => None,
        None => Page::get(path),
    };
    let Some(file) = file else { return Err(Problem::not_found(request)) };
    Ok(answer(request, file))
}

/// The page.
///
/// # Errors
/// Where it was not built in.
#[get("/")]
pub async fn index(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, "index.html")
}

/// The customer's screen.
///
/// # Errors
/// Where it was not built in.
#[get("/customer")]
pub async fn customer(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, "customer/index.html")
}

/// The page of the simulated devices; what it shows needs a session.
///
/// # Errors
/// Where it was not built in.
#[get("/simulators")]
pub async fn simulators(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, "simulators/index.html")
}

/// A file of the page.
///
/// # Errors
/// `not_found`.
#[get("/ui/{path:.*}")]
pub async fn asset(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    file(&request, &path)
}
