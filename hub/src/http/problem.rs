//! RFC 9457 problem answers: a stable code, and a sentence in the reader's language that says what
//! to do.

use std::io;

use actix_web::HttpRequest;
use service_kit::http::problem::{Answer, language};
use store_core::policy::Part;
use store_core::register::RegisterView;
use store_core::{Refusal, RefusalCode};

use crate::access::Denied;
use crate::catalogue::CatalogueError;
use crate::text;

/// Every code that is not a refusal of the domain, with its status.
pub const CODES: [(&str, u16); 36] = [
    ("not_signed_in", 401),
    ("bad_credentials", 401),
    ("locked_out", 429),
    ("forbidden", 403),
    ("locked", 403),
    ("weak_pin", 422),
    ("clock_trusted", 409),
    ("bad_time", 422),
    ("not_a_badge", 422),
    ("badge_elsewhere", 409),
    ("already_set_up", 409),
    ("operator_exists", 409),
    ("bad_name", 422),
    ("workstation_taken_over", 409),
    ("not_a_workstation", 409),
    ("in_training", 409),
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("malformed", 400),
    ("too_many_requests", 429),
    ("receipt_gone", 404),
    ("not_our_receipt", 422),
    ("paper_unreadable", 422),
    ("bad_pairing_code", 404),
    ("not_paired", 409),
    ("too_large", 413),
    ("unsupported_media_type", 415),
    ("foreign_host", 403),
    ("foreign_origin", 403),
    ("bad_catalogue", 422),
    ("decided_by_hq", 409),
    ("device_settings", 422),
    ("device_elsewhere", 422),
    ("no_such_action", 422),
    // Not of the server's own making, so no 5xx: the hub is well, and what it depends on is not.
    ("hq_unreachable", 424),
    ("internal", 500),
];

/// Every code that the API answers, with its status.
pub fn codes() -> impl Iterator<Item = (&'static str, u16)> {
    let refusals = RefusalCode::ALL.iter().map(|code| (code.as_str(), status_of(*code)));
    CODES.into_iter().chain(refusals)
}

/// The status of a refusal.
const fn status_of(code: RefusalCode) -> u16 {
    match code {
        RefusalCode::UnknownBarcode
        | RefusalCode::UnknownDepartment
        | RefusalCode::CouponUnknown
        | RefusalCode::NoSuchLine
        | RefusalCode::NoSuchTender
        | RefusalCode::NoSuchCardRequest
        | RefusalCode::UnknownSale => 404,
        RefusalCode::AmbiguousCode
        | RefusalCode::BasketChanged
        | RefusalCode::CommandIdReused
        | RefusalCode::TotalChanged
        | RefusalCode::TenderChangesTotal
        | RefusalCode::CouponUsed
        | RefusalCode::NoMember
        | RefusalCode::PromptGone
        | RefusalCode::TransactionEnded
        | RefusalCode::OtherBasketOpen
        | RefusalCode::BasketSuspended
        | RefusalCode::NotSuspended
        | RefusalCode::OpenElsewhere
        | RefusalCode::PostVoidTooLate
        | RefusalCode::AlreadyPostVoided
        | RefusalCode::BasketOpen
        | RefusalCode::TenderBegun
        | RefusalCode::TenderTaken
        | RefusalCode::CardPending
        | RefusalCode::CardUnknown
        | RefusalCode::CardPaid
        | RefusalCode::NotPaid
        | RefusalCode::AgeCheckNeeded
        | RefusalCode::SerialNeeded
        | RefusalCode::SerialTwice
        | RefusalCode::GoodsExpired
        | RefusalCode::ScaleReadingSold
        | RefusalCode::DepositFollows
        | RefusalCode::UndoAtTerminal
        | RefusalCode::NothingDue
        | RefusalCode::NotSignedOn
        | RefusalCode::TillNotOpen
        | RefusalCode::TillOpen
        | RefusalCode::TillsNotUsed
        | RefusalCode::TillOfOther
        | RefusalCode::CountNeeded
        | RefusalCode::DayClosing
        | RefusalCode::DayNotOpen
        | RefusalCode::TillsOpen
        | RefusalCode::OtherOperatorSignedOn
        | RefusalCode::PaymentOfAnother => 409,
        RefusalCode::PermissionNeeded => 403,
        RefusalCode::RegisterBusy => 429,
        RefusalCode::DiskFull => 507,
        RefusalCode::Stopping | RefusalCode::JournalFailed => 503,
        _ => 422,
    }
}

service_kit::problem_answers!(status_of_code, text::sentences);

/// The status of one of [`codes`].
fn status_of_code(code: &str) -> u16 {
    codes().find(|(known, _)| *known == code).map_or(500, |(_, status)| status)
}

impl Problem {
    /// A refusal of the domain.
    #[must_use]
    pub fn refused(request: &HttpRequest, refusal: &Refusal) -> Self {
        let (status, code) = (status_of(refusal.code), refusal.code.as_str());
        let plain = Answer::new(status, code, language(request));
        let choices = Some(&refusal.choices).filter(|choices| !choices.is_empty());
        let choices = choices.and_then(|choices| serde_json::to_value(choices).ok());
        let extras = choices.map(|choices| ("choices", choices)).into_iter().collect();
        Self(Answer { details: refusal.details.clone(), extras, ..plain })
    }

    /// The same problem, with the register as it is now.
    #[must_use]
    pub fn with_view(mut self, view: &RegisterView) -> Self {
        self.0.extras.extend(serde_json::to_value(view).ok().map(|view| ("view", view)));
        self
    }

    /// Somebody may not.
    #[must_use]
    pub fn denied(request: &HttpRequest, denied: &Denied) -> Self {
        let code = match denied {
            Denied::BadCredentials => "bad_credentials",
            Denied::LockedOut(seconds) => {
                return Self::plain(request, "locked_out").with("seconds", seconds);
            }
            Denied::Lacks(permission) => {
                let refusal = Refusal::new(RefusalCode::PermissionNeeded);
                return Self::refused(request, &refusal.with("permission", permission));
            }
            Denied::WeakPin => "weak_pin",
            Denied::AlreadySetUp => "already_set_up",
            Denied::NotABadge => "not_a_badge",
            Denied::BadgeElsewhere => "badge_elsewhere",
            Denied::NoSuchWorkstation | Denied::NoSuchOperator => "not_found",
            Denied::OperatorExists => "operator_exists",
            Denied::BadName => "bad_name",
            Denied::Stopping => "stopping",
            Denied::Journal(store_journal::WriteError::DiskFull) => {
                return Self::refused(request, &RefusalCode::DiskFull.into());
            }
            Denied::Journal(error) => {
                tracing::error!(%error, "writing access down");
                "journal_failed"
            }
        };
        Self::plain(request, code)
    }

    /// There is nothing at this address.
    #[must_use]
    pub fn not_found(request: &HttpRequest) -> Self {
        Self::plain(request, "not_found")
    }

    /// The hub is closing, or a part of it has gone.
    #[must_use]
    pub fn stopping(request: &HttpRequest) -> Self {
        Self::plain(request, "stopping")
    }

    /// The journal could not be read.
    #[must_use]
    pub fn reading(request: &HttpRequest, error: &store_journal::ReadError) -> Self {
        tracing::error!(%error, "reading the journal for a page");
        Self::plain(request, "journal_failed")
    }

    /// Headquarters decides this part, and the store may not.
    #[must_use]
    pub fn decided_by_hq(request: &HttpRequest, part: Part) -> Self {
        Self::plain(request, "decided_by_hq").with("part", part.name())
    }

    /// A catalogue was refused.
    #[must_use]
    pub fn import(request: &HttpRequest, error: &CatalogueError) -> Self {
        match error {
            CatalogueError::Import { import, .. } => Self::plain(request, "bad_catalogue")
                .with("line", import.line)
                .with("reason", &import.reason),
            CatalogueError::Decided => Self::decided_by_hq(request, Part::Catalogue),
            CatalogueError::Io(_, source) if source.kind() == io::ErrorKind::StorageFull => {
                Self::refused(request, &RefusalCode::DiskFull.into())
            }
            CatalogueError::Io(..) => {
                tracing::error!(%error, "installing a catalogue");
                Self::plain(request, "internal")
            }
        }
    }
}
