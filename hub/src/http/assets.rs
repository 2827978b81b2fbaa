//! The page's files, embedded in the program.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get, web};
use rust_embed::RustEmbed;

use super::problem::Problem;
use crate::security::token::hex;

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
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(&tag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind.ends_with("javascript");
    let kind = if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, tag))
        .body(file.data.into_owned()))
}

/// The page.
///
/// # Errors
/// Where it was not built in.
#[get("/")]
pub async fn index(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, "index.html")
}

/// A file of the page.
///
/// # Errors
/// `not_found`.
#[get("/ui/{path:.*}")]
pub async fn asset(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    file(&request, &path)
}
