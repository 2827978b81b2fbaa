//! Headquarters' problem answers: which codes there are, and what becomes one.

use std::sync::OnceLock;

use actix_web::HttpRequest;
use service_kit::language::Sentences;

use crate::database::AskError;
use crate::people::Denied;
use crate::store::StoreError;

const ZH_TW: &str = include_str!("../../text/problems.zh-TW.json");
const EN: &str = include_str!("../../text/problems.en.json");

/// Every code that the API answers, with its status.
pub const CODES: [(&str, u16); 25] = [
    ("not_signed_in", 401),
    ("not_set_up", 401),
    ("bad_credentials", 401),
    ("locked_out", 429),
    ("forbidden", 403),
    ("weak_password", 422),
    ("already_set_up", 409),
    ("user_exists", 409),
    ("last_admin", 409),
    ("bad_name", 422),
    ("bad_scope", 422),
    ("not_found", 404),
    ("no_such_store", 404),
    ("no_such_user", 404),
    ("method_not_allowed", 405),
    ("malformed", 400),
    ("too_large", 413),
    ("unsupported_media_type", 415),
    ("foreign_host", 403),
    ("foreign_origin", 403),
    ("storage_full", 507),
    ("storage_unavailable", 503),
    ("broker_unreachable", 503),
    ("stopping", 503),
    ("internal", 500),
];

fn sentences() -> &'static Sentences {
    static SENTENCES: OnceLock<Sentences> = OnceLock::new();
    SENTENCES.get_or_init(|| Sentences::of(ZH_TW, EN))
}

/// The status of a code.
fn status_of(code: &str) -> u16 {
    CODES.iter().find(|(known, _)| *known == code).map_or(500, |(_, status)| *status)
}

service_kit::problem_answers!(status_of, sentences);

impl Problem {
    /// Somebody may not.
    #[must_use]
    pub fn denied(request: &HttpRequest, denied: &Denied) -> Self {
        let code = match denied {
            Denied::BadCredentials => "bad_credentials",
            Denied::LockedOut(seconds) => {
                return Self::plain(request, "locked_out").with("seconds", seconds);
            }
            Denied::WeakPassword => "weak_password",
            Denied::AlreadySetUp => "already_set_up",
            Denied::UserExists => "user_exists",
            Denied::NoSuchUser => "no_such_user",
            Denied::LastAdmin => "last_admin",
            Denied::BadName => "bad_name",
            Denied::BadScopes => "bad_scope",
            Denied::Asking(error) => return Self::asking(request, error),
        };
        Self::plain(request, code)
    }

    /// The database did not answer.
    #[must_use]
    pub fn asking(request: &HttpRequest, error: &AskError) -> Self {
        let code = match error {
            AskError::Closing => "stopping",
            AskError::Store(StoreError::Full { .. }) => "storage_full",
            AskError::Store(StoreError::Unavailable { .. }) => "storage_unavailable",
            AskError::Store(_) | AskError::Panicked => "internal",
        };
        if code == "internal" {
            tracing::error!(%error, "asking headquarters' database for a page");
        }
        Self::plain(request, code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{CODES, EN, ZH_TW};

    #[test]
    fn every_code_has_a_sentence_in_both_languages_and_no_sentence_is_left_over() {
        let codes: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
        let [chinese, english] = [ZH_TW, EN].map(|json| {
            let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
            texts
        });
        for texts in [&chinese, &english] {
            let known: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
            assert_eq!(known, codes);
        }
        let gaps = |sentence: &str| -> BTreeSet<String> {
            let parts = sentence.split('{').skip(1);
            parts.map(|part| part.split_once('}').unwrap().0.to_owned()).collect()
        };
        for (code, sentence) in &chinese {
            assert_eq!(gaps(sentence), gaps(&english[code]), "{code}");
        }
    }
}
