//! What a route asks for in its arguments: a session, a register.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use store_core::permission::Role;
use store_core::{OperatorId, WorkstationId};
use store_journal::{Operator, Session as StoredSession};

use super::OperatorView;
use crate::http::cookies;
use crate::http::problem::Problem;
use crate::store::{RegisterHandle, Store};

/// What a page reads again and again where nobody touches it: no use of the session.
const READ_BY_ITSELF: [&str; 6] = [
    "/api/v1/live",
    "/api/v1/suspended",
    "/api/v1/alerts",
    "/api/v1/devices",
    "/api/v1/print-jobs",
    "/api/v1/simulators",
];

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub operator: OperatorId,
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have a badge.
    pub has_badge: bool,
    /// The workstation that their browser is.
    pub workstation: Option<WorkstationId>,
    /// Whether their screen is locked.
    pub is_locked: bool,
    pub(super) token_hash: String,
}

impl Session {
    pub(super) fn of(stored: &StoredSession, person: &Operator) -> Self {
        Self {
            operator: stored.operator.clone(),
            name: person.name.clone(),
            role: person.role,
            has_badge: person.badge_hash.is_some(),
            workstation: stored.workstation.clone(),
            is_locked: stored.is_locked,
            token_hash: stored.token_hash.clone(),
        }
    }

    /// The person, as the page shows them.
    #[must_use]
    pub fn operator_view(&self) -> OperatorView {
        let (id, name) = (self.operator.clone(), self.name.clone());
        OperatorView { id, name, role: self.role.code(), has_badge: self.has_badge }
    }

    /// The same session at a screen that is not locked any more.
    #[must_use]
    pub fn unlocked(self) -> Self {
        Self { is_locked: false, ..self }
    }

    /// The session of a request whose screen is not locked.
    ///
    /// # Errors
    /// `not_signed_in`, `workstation_taken_over`, `locked`.
    pub fn of_open_screen(request: &HttpRequest) -> Result<Self, Problem> {
        let session = Self::from_cookies(request)?;
        if session.is_locked {
            return Err(Problem::plain(request, "locked"));
        }
        Ok(session)
    }

    fn from_cookies(request: &HttpRequest) -> Result<Self, Problem> {
        let store = request.app_data::<web::Data<Store>>();
        let store = store.ok_or_else(|| Problem::stopping(request))?;
        let secret = cookies::session_of(request);
        let is_use = !READ_BY_ITSELF.contains(&request.path());
        let session = secret.and_then(|secret| store.access.session(&secret, is_use));
        if let Some(session) = session {
            return Ok(session);
        }
        let had_workstation = cookies::workstation_of(request)
            .is_some_and(|secret| store.access.workstation_of(&secret).is_none());
        if had_workstation {
            return Err(Problem::plain(request, "workstation_taken_over"));
        }
        Err(Problem::plain(request, "not_signed_in"))
    }
}

impl FromRequest for Session {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of_open_screen(request))
    }
}

/// A session, also one whose screen is locked: for what says so, and what unlocks it.
#[derive(Clone, Debug)]
pub struct AnySession(pub Session);

impl FromRequest for AnySession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Session::from_cookies(request).map(Self))
    }
}

/// A session at a workstation.
#[derive(Clone, Debug)]
pub struct AtRegister {
    /// Whose.
    pub session: Session,
    /// Where.
    pub workstation: WorkstationId,
}

impl AtRegister {
    /// The register.
    ///
    /// # Errors
    /// Where the settings have no such register any more.
    pub fn register<'a>(
        &self,
        store: &'a Store,
        request: &HttpRequest,
    ) -> Result<&'a RegisterHandle, Problem> {
        store.register(&self.workstation).ok_or_else(|| Problem::stopping(request))
    }
}

impl FromRequest for AtRegister {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Session::of_open_screen(request).and_then(|session| match &session.workstation {
            Some(workstation) => {
                Ok(Self { workstation: workstation.clone(), session: session.clone() })
            }
            None => Err(Problem::plain(request, "not_a_workstation")),
        }))
    }
}
