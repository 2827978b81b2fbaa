//! Whether somebody may do what they ask for: decided here and nowhere else. Whoever may not is
//! told what they lack, and that they asked is written down; a second person may approve it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Serialize;
use store_actors::messages::Append;
use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::register::DraftChange;
use store_core::{CommandId, OperatorId, Refusal, RefusalCode, TransactionId, WorkstationId};
use uuid::Uuid;

use super::{Deed, Session};
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// The header that brings an approval's token.
pub const APPROVAL: &str = "approval";

/// What may be done in training too, with what was done there; all else is the real store's.
const IN_TRAINING_TOO: [Permission; 3] =
    [Permission::SeeExpected, Permission::ReadJournal, Permission::Reprint];

/// What somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// What it needs.
    pub permission: Permission,
    /// The command: an approval is used up by one.
    pub command: CommandId,
    /// The basket, where it is for one.
    pub transaction: Option<TransactionId>,
}

/// Somebody lacks a permission.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// Where, if at a register.
    pub workstation: Option<WorkstationId>,
    /// Who.
    pub operator: OperatorId,
    /// What.
    pub permission: Permission,
    /// The basket, where it was asked for one.
    pub transaction: Option<TransactionId>,
}

/// Lets somebody do what they ask for; answers who approved it, where they may not alone.
///
/// # Errors
/// `permission_needed`, and then it is written down.
pub async fn permit(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
    wanted: Wanted,
) -> Result<Option<OperatorId>, Problem> {
    permit_words(store, request, session, wanted, &()).await
}

/// Lets somebody read what a till came to: its own register's everybody, another's whoever may see
/// what tills should hold.
///
/// # Errors
/// `permission_needed`, and then it is written down.
pub async fn permit_till(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
    workstation: &WorkstationId,
) -> Result<(), Problem> {
    if session.workstation.as_ref() == Some(workstation) {
        return Ok(());
    }
    let (permission, command) = (Permission::SeeExpected, CommandId::new(Uuid::now_v7()));
    permit(store, request, session, Wanted { permission, command, transaction: None }).await?;
    Ok(())
}

/// Lets somebody have a paper of a register that is no receipt: as [`permit_till`], and while its
/// money is counted blindly only who may see what the till should hold, which an X says.
///
/// # Errors
/// `permission_needed`, and then it is written down.
pub async fn permit_till_paper(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
    workstation: &WorkstationId,
) -> Result<(), Problem> {
    let counts_blindly = store.register(workstation).is_some_and(|register| {
        let view = register.view.borrow();
        view.till.is_blind && view.till.open.is_some()
    });
    if !counts_blindly {
        return permit_till(store, request, session, workstation).await;
    }
    let (permission, command) = (Permission::SeeExpected, CommandId::new(Uuid::now_v7()));
    permit(store, request, session, Wanted { permission, command, transaction: None }).await?;
    Ok(())
}

/// Lets somebody do what they ask for in so many words: an approval that was used for others, or in
/// another basket, is none.
///
/// # Errors
/// `permission_needed`, and then it is written down.
pub async fn permit_words(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
    wanted: Wanted,
    words: &impl Serialize,
) -> Result<Option<OperatorId>, Problem> {
    match decide(store, request, session, wanted, words) {
        Ok(approved_by) => Ok(approved_by),
        Err(lacking) => Err(refuse(store, request, lacking).await),
    }
}

fn decide(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
    wanted: Wanted,
    words: &impl Serialize,
) -> Result<Option<OperatorId>, Lacking> {
    let Wanted { permission, command, transaction } = wanted;
    if store.access.permissions().allows(session.role, permission) {
        return Ok(None);
    }
    let token = request.headers().get(APPROVAL).and_then(|value| value.to_str().ok());
    let deed = || Deed::new(command, transaction, words);
    let allowed = (permission, store.is_training);
    let by = token.and_then(|token| store.access.redeem(token, session, allowed, deed()));
    let (workstation, operator) = (session.workstation.clone(), session.operator.clone());
    by.map(Some).ok_or(Lacking { workstation, operator, permission, transaction })
}

/// Refuses what somebody may not do, and writes down that they asked.
pub async fn refuse(store: &Store, request: &HttpRequest, lacking: Lacking) -> Problem {
    let problem = problem(request, &lacking);
    if is_noted(store, request, &lacking) {
        note(store, lacking).await;
    }
    problem
}

fn problem(request: &HttpRequest, lacking: &Lacking) -> Problem {
    let refusal = Refusal::new(RefusalCode::PermissionNeeded);
    Problem::refused(request, &refusal.with("permission", lacking.permission))
}

/// Whether it is written down that somebody asked: a page reads again and again by itself.
fn is_noted(store: &Store, request: &HttpRequest, lacking: &Lacking) -> bool {
    request.method() != Method::GET || store.access.is_first(lacking)
}

/// Writes down that somebody asked. It stays refused also where that cannot be written.
async fn note(store: &Store, lacking: Lacking) {
    let Lacking { workstation, operator, permission, transaction } = lacking;
    store.metrics.refusal(RefusalCode::PermissionNeeded);
    let now = store.clock.now(workstation.as_ref());
    let fact = Fact::PermissionRefused { workstation, operator, permission, transaction };
    let append = Append {
        // Not the command's: with an approval it may yet be carried out.
        id: CommandId::new(Uuid::now_v7()),
        now,
        fact: Box::new(fact),
        draft: DraftChange::Keep,
    };
    match store.append.send(append).await {
        Ok(Ok(_)) => {}
        Ok(Err(code)) => tracing::error!(code = code.as_str(), "writing a refused permission"),
        Err(error) => tracing::error!(%error, "writing a refused permission"),
    }
}

macro_rules! who_may {
    ($(#[$doc:meta])* $name:ident, $permission:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Whose session it is.
            pub session: Session,
            /// Who approved it, where they may not alone.
            pub approved_by: Option<OperatorId>,
        }

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let may = may(request, $permission);
                ready(may.map(|(session, approved_by)| Self { session, approved_by }))
            }
        }
    };
}

/// Decides at once, before the body is looked at; that somebody asked is written on the way.
fn may(
    request: &HttpRequest,
    permission: Permission,
) -> Result<(Session, Option<OperatorId>), Problem> {
    let store = request.app_data::<web::Data<Store>>().cloned();
    let store = store.ok_or_else(|| Problem::stopping(request))?;
    let session = Session::of_open_screen(request)?;
    let store = training::here(&store, &session);
    if !IN_TRAINING_TOO.contains(&permission) && store.is_training {
        return Err(Problem::plain(request, "in_training"));
    }
    let command = CommandId::new(Uuid::now_v7());
    let wanted = Wanted { permission, command, transaction: None };
    match decide(&store, request, &session, wanted, &()) {
        Ok(approved_by) => Ok((session, approved_by)),
        Err(lacking) => {
            let problem = problem(request, &lacking);
            if is_noted(&store, request, &lacking) {
                actix_web::rt::spawn(async move { note(&store, lacking).await });
            }
            Err(problem)
        }
    }
}

who_may! {
    /// Whoever may book stock and set its levels.
    MayKeepStock, Permission::KeepStock
}
who_may! {
    /// Whoever may see what tills should hold, and what days came to.
    MaySeeExpected, Permission::SeeExpected
}
who_may! {
    /// Whoever may set the store's time.
    MaySetTime, Permission::SetTime
}
who_may! {
    /// Whoever may say which peripherals there are, and try them.
    MaySetUpDevices, Permission::SetUpDevices
}
who_may! {
    /// Whoever may look after people, workstations, goods and promotions.
    MayManagePeople, Permission::ManagePeople
}
who_may! {
    /// Whoever may find receipts in the electronic journal.
    MayReadJournal, Permission::ReadJournal
}
who_may! {
    /// Whoever may print a receipt again.
    MayReprint, Permission::Reprint
}
