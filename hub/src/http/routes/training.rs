//! Going into training and out of it, and forgetting what was done there.

use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use serde::Deserialize;
use store_actors::messages::Ask;
use store_core::permission::Permission;
use store_core::register::Request;
use store_core::{CommandId, RefusalCode};
use utoipa::ToSchema;
use uuid::Uuid;

use super::session::{SessionView, session_view};
use crate::access::authority::{self, Wanted};
use crate::access::{AtRegister, MayManagePeople, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training::{self, WipeError};

/// Whether somebody is to be in training.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Train {
    /// Whether they are.
    is: bool,
    /// Made by the browser.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
}

/// Goes into training at this browser's register, or out of it: a register beside the real one,
/// with numbers, a till, a day and a journal of its own, of which nothing counts. What is shown and
/// printed is marked.
///
/// # Errors
/// `basket_open` while a basket is open; `permission_needed`.
#[utoipa::path(
    tag = "session",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = Train,
    responses((status = 200, description = "Where they are now", body = SessionView)),
    extensions(("x-problem-codes" = json!([
        "not_a_workstation", "permission_needed", "basket_open", "other_operator_signed_on",
        "command_id_reused", "register_busy", "disk_full", "journal_failed", "internal",
    ]))),
)]
#[post("/session/training")]
pub async fn train(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    body: web::Json<Train>,
) -> Result<HttpResponse, Problem> {
    let Train { is: wants, command_id } = body.into_inner();
    let here = training::here(&store, &at.session);
    match (wants, here.is_training) {
        (true, false) => begin(&store, &request, &at, command_id).await?,
        (false, true) => sign_off(&here, &request, &at.session).await?,
        (true, true) | (false, false) => {}
    }
    let here = training::here(&store, &at.session);
    Ok(HttpResponse::Ok().json(session_view(&here, &at.session)))
}

async fn begin(
    store: &web::Data<Store>,
    request: &HttpRequest,
    at: &AtRegister,
    id: CommandId,
) -> Result<(), Problem> {
    let wanted = Wanted { permission: Permission::Training, command: id, transaction: None };
    authority::permit(store, request, &at.session, wanted).await?;
    if at.register(store, request)?.view.borrow().basket.is_some() {
        return Err(Problem::refused(request, &RefusalCode::BasketOpen.into()));
    }
    let room = store.training.open(store).await.map_err(|error| {
        tracing::error!(%error, "opening the journal of training");
        Problem::plain(request, "internal")
    })?;
    let register = at.register(&room, request)?;
    // Somebody whose session ran out while they trained is still signed on there.
    let left = register.view.borrow().operator.as_ref().map(|operator| operator.id.clone());
    let (operator, name) = (at.session.operator.clone(), at.session.name.as_str().into());
    let instead_of = left.filter(|left| *left != operator);
    let ask = Ask(Request::SignOn { id, operator, name, instead_of });
    let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping(request))?;
    answer.map_err(|refused| Problem::refused(request, &refused.refusal))?;
    store.training.enter(&at.workstation, &at.session.operator);
    // Meanwhile a real basket may have been opened, by a scan that was on its way: then it is that.
    if store.training.at(store, &at.workstation).is_none() {
        return Err(Problem::refused(request, &RefusalCode::BasketOpen.into()));
    }
    Ok(())
}

/// Signs somebody off at their register, where their browser is one.
///
/// # Errors
/// The register's refusal.
pub(super) async fn sign_off(
    store: &Store,
    request: &HttpRequest,
    session: &Session,
) -> Result<(), Problem> {
    let register = session.workstation.as_ref().and_then(|here| store.register(here));
    let Some(register) = register else { return Ok(()) };
    let id = CommandId::new(Uuid::now_v7());
    let ask = Ask(Request::SignOff { id, operator: session.operator.clone() });
    let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping(request))?;
    answer.map_err(|refused| Problem::refused(request, &refused.refusal))?;
    Ok(())
}

/// Forgets everything that was done in training: the next begins with the first number.
///
/// Needs a manager.
///
/// # Errors
/// `in_training` while a register is in training.
#[utoipa::path(
    tag = "session",
    responses((status = 204, description = "Nothing is left of it")),
    extensions(("x-problem-codes" = json!(["permission_needed", "in_training", "internal"]))),
)]
#[delete("/training")]
pub async fn wipe(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayManagePeople,
) -> Result<HttpResponse, Problem> {
    store.training.wipe(&store).await.map_err(|error| match error {
        WipeError::InUse => Problem::plain(&request, "in_training"),
        WipeError::Io(error) => {
            tracing::error!(%error, "wiping the journal of training");
            Problem::plain(&request, "internal")
        }
    })?;
    tracing::info!(operator = %may.session.operator, "training wiped");
    Ok(HttpResponse::NoContent().finish())
}
