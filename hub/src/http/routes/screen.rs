//! A screen that is locked, who unlocks it, and who takes it over.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use store_actors::messages::Ask;
use store_core::permission::Permission;
use store_core::register::Request;
use store_core::{CommandId, OperatorId};
use utoipa::ToSchema;

use super::session::{SessionView, caller, proof, session_view};
use crate::access::AnySession;
use crate::http::problem::Problem;
use crate::http::{cookies, openapi};
use crate::store::Store;
use crate::wiring::training;

/// Locks the screen: until it is unlocked the session may do nothing else. The basket stays.
#[utoipa::path(
    tag = "session",
    responses((status = 204, description = "It is locked")),
)]
#[post("/session/lock")]
pub async fn lock(store: web::Data<Store>, AnySession(session): AnySession) -> HttpResponse {
    store.access.lock(&session).await;
    HttpResponse::NoContent().finish()
}

/// Who goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// Who, with their PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::TextId>)]
    operator: Option<OperatorId>,
    /// Their PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::Pin>)]
    pin: Option<String>,
    /// Their badge as it was read, instead of both.
    #[serde(default)]
    badge: Option<String>,
    /// Made by the browser.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
}

/// Goes on at a locked screen: its own cashier, or another, who takes the register over with the
/// basket that is open; where payment of it has begun, only whoever may say what became of a
/// payment (`resolve_card`), and that they did stands in the sale's approvals.
///
/// # Errors
/// `bad_credentials`, `locked_out`, `not_a_badge`, `badge_elsewhere`; `payment_of_another`.
#[utoipa::path(
    tag = "session",
    request_body = Unlock,
    responses((status = 200, description = "Who is signed in now", body = SessionView)),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "locked_out", "not_a_badge", "badge_elsewhere", "payment_of_another",
        "other_operator_signed_on", "register_busy", "disk_full", "journal_failed",
    ]))),
)]
#[post("/session/unlock")]
pub async fn unlock(
    store: web::Data<Store>,
    request: HttpRequest,
    AnySession(session): AnySession,
    body: web::Json<Unlock>,
) -> Result<HttpResponse, Problem> {
    let denied = |denied| Problem::denied(&request, &denied);
    let Unlock { operator, pin, badge, command_id } = body.into_inner();
    let proof = proof(&request, operator, pin, badge)?;
    let caller = caller(&request);
    let person = store.access.prove(proof, &caller).await.map_err(denied)?;
    if person.id == session.operator {
        store.access.unlock(&session).await.map_err(denied)?;
        let session = session.unlocked();
        let here = training::here(&store, &session);
        return Ok(HttpResponse::Ok().json(session_view(&here, &session)));
    }
    let admitted = store.access.admit(&person, &caller).await.map_err(denied)?;
    let here = admitted.session.workstation.as_ref();
    if let Some(register) = here.and_then(|workstation| store.register(workstation)) {
        let (operator, name) = (person.id.clone(), person.name.as_str().into());
        let before = session.operator.clone();
        let takes_payment =
            store.access.permissions().allows(admitted.session.role, Permission::ResolveCard);
        let id = command_id;
        let ask = Ask(Request::ChangeOperator { id, operator, name, before, takes_payment });
        let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping(&request))?;
        if let Err(refused) = answer {
            store.access.sign_out(&admitted.session).await.map_err(denied)?;
            return Err(Problem::refused(&request, &refused.refusal));
        }
        if let Some(workstation) = here {
            store.training.leave(workstation);
        }
    }
    store.access.sign_out(&session).await.map_err(denied)?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::session(&request, admitted.secret))
        .json(session_view(&training::here(&store, &admitted.session), &admitted.session)))
}
