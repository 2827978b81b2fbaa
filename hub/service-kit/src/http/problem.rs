//! RFC 9457 problem answers: a stable code, and a sentence in the reader's language that says what
//! to do.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER,
};
use actix_web::{Error, HttpRequest, HttpResponse};
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
    /// Members that the body has besides, by name.
    pub extras: Vec<(&'static str, Value)>,
}

impl Answer {
    /// Without details.
    #[must_use]
    pub const fn new(status: u16, code: &'static str, language: Language) -> Self {
        Self { status, code, language, details: BTreeMap::new(), extras: Vec::new() }
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
        if let Some(fields) = body.as_object_mut() {
            let extras = self.extras.iter().cloned();
            fields.extend(extras.map(|(name, value)| (name.to_owned(), value)));
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

/// The problem answers of a program, as far as what reads its input needs them.
pub trait Problems: Into<Error> + 'static {
    /// A problem with one of the program's codes.
    fn of_code(request: &HttpRequest, code: &'static str) -> Self;

    /// What was sent does not parse.
    fn of_input(request: &HttpRequest, reason: &str) -> Self;
}

/// Makes `Problem`, what a program answers instead of what was asked for: of its codes, given as a
/// function from a code to its status, and of its sentences.
#[macro_export]
macro_rules! problem_answers {
    ($status_of:path, $sentences:path) => {
        /// An answer that is not what was asked for.
        #[derive(Debug)]
        pub struct Problem($crate::http::problem::Answer);

        impl Problem {
            /// A problem with one of the codes that there are.
            #[must_use]
            pub fn plain(request: &actix_web::HttpRequest, code: &'static str) -> Self {
                let language = $crate::http::problem::language(request);
                Self($crate::http::problem::Answer::new($status_of(code), code, language))
            }

            /// The same problem, naming one thing more.
            #[must_use]
            pub fn with(mut self, name: &str, value: impl ToString) -> Self {
                self.0.details.insert(name.to_owned(), value.to_string());
                self
            }

            /// What was sent does not parse.
            #[must_use]
            pub fn malformed(request: &actix_web::HttpRequest, reason: &str) -> Self {
                let reason = $crate::http::problem::short(reason);
                Self::plain(request, "malformed").with("reason", reason)
            }

            /// Nothing answers this method at this address: there is no such address, or it has
            /// others.
            #[must_use]
            pub fn unanswered(request: &actix_web::HttpRequest, methods: &[&str]) -> Self {
                if methods.is_empty() {
                    return Self::plain(request, "not_found");
                }
                Self::plain(request, "method_not_allowed").with("methods", methods.join(", "))
            }
        }

        impl $crate::http::problem::Problems for Problem {
            fn of_code(request: &actix_web::HttpRequest, code: &'static str) -> Self {
                Self::plain(request, code)
            }

            fn of_input(request: &actix_web::HttpRequest, reason: &str) -> Self {
                Self::malformed(request, reason)
            }
        }

        impl std::fmt::Display for Problem {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0.code)
            }
        }

        impl actix_web::ResponseError for Problem {
            fn status_code(&self) -> actix_web::http::StatusCode {
                self.0.status()
            }

            fn error_response(&self) -> actix_web::HttpResponse {
                self.0.response($sentences())
            }
        }
    };
}
