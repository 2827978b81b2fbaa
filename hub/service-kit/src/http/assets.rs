//! Files that are embedded in a program.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::EmbeddedFile;

use crate::security::token::hex;

/// Answers a file, or that the browser has it already.
#[must_use]
pub fn answer(request: &HttpRequest, file: EmbeddedFile) -> HttpResponse {
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(&tag) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind.ends_with("javascript");
    let kind = if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, tag))
        .body(file.data.into_owned())
}
