//! RFC 9457 problem answers: a stable code, and a sentence in the reader's language that says what
//! to do.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER,
};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::language::{Language, Sentences};

/// What a problem answer says that it is.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Longest reason that is repeated to whoever sent something malformed: it may quote what was
/// sent, and that may be long.
const REASON_CHARS_MAX: usize = 200;

/// The language that a request's answer is in.
#[must_use]
pub fn language(request: &HttpRequest) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE);
    Language::of_header(header.and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// A reason as it is repeated: its beginning.
#[must_use]
pub fn short(reason: &str) -> String {
    reason.chars().take(REASON_CHARS_MAX).collect()
}

/// An answer that is not what was asked for.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The stable code.
    pub code: &'static str,
    /// What its sentence is written in.
    pub language: Language,
    /// What stands in the gaps of its sentence. `methods` and `seconds` are headers besides.
    pub details: BTreeMap<String, String>,
    /// A member that the body has besides, by name.
    pub extra: Option<(&'static str, Value)>,
}

impl Answer {
    /// Without details.
    #[must_use]
    pub const fn new(status: u16, code: &'static str, language: Language) -> Self {
        Self { status, code, language, details: BTreeMap::new(), extra: None }
    }

    /// Its status, as HTTP has it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// As it goes out.
    #[must_use]
    pub fn response(&self, sentences: &Sentences) -> HttpResponse {
        let status = self.status();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": self.status,
            "code": self.code,
            "detail": sentences.sentence(self.language, self.code, &self.details),
            "details": self.details,
        });
        if let (Some((name, value)), Some(fields)) = (&self.extra, body.as_object_mut()) {
            fields.insert((*name).to_owned(), value.clone());
        }
        let mut response = HttpResponse::build(status);
        response.insert_header((CONTENT_TYPE, PROBLEM_JSON));
        response.insert_header((CONTENT_LANGUAGE, self.language.tag()));
        if let Some(methods) = self.details.get("methods") {
            response.insert_header((ALLOW, methods.clone()));
        }
        if let Some(seconds) = self.details.get("seconds") {
            response.insert_header((RETRY_AFTER, seconds.clone()));
        }
        response.body(body.to_string())
    }
}
