//! The money at a register.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use store_actors::messages::Ask;
use store_core::CommandId;
use store_core::register::{Request, TillAsk};
use store_core::till::TillCommand;

use crate::access::AtRegister;
use crate::access::authority::{self, Wanted};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// What is to be done, with what makes it safe to send twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TillEnvelope {
    command_id: CommandId,
    command: TillCommand,
}

/// Does something with the till of this browser's register: opens it, takes money in or out, counts
/// it, closes it.
///
/// An answer that never came is asked for by sending the same command again. A refusal carries the
/// register's present view and changes nothing.
///
/// # Errors
/// The register's refusal, with its view.
#[utoipa::path(
    tag = "till",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = openapi::TillEnvelope,
    responses((status = 200, description = "It is done", body = openapi::TillAnswer)),
    extensions(("x-problem-codes" = json!(["not_a_workstation", "every refusal"]))),
)]
#[post("/register/till")]
pub async fn till(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    envelope: web::Json<TillEnvelope>,
) -> Result<HttpResponse, Problem> {
    let TillEnvelope { command_id: id, command } = envelope.into_inner();
    let store = training::here(&store, &at.session);
    let register = at.register(&store, &request)?;
    let wanted = Wanted { permission: command.permission(), command: id, transaction: None };
    let permitted = authority::permit_words(&store, &request, &at.session, wanted, &command);
    let permitted = permitted.await;
    let approved_by =
        permitted.map_err(|problem| problem.with_view(&register.view.borrow().clone()))?;
    let operator = at.session.operator.clone();
    let ask = TillAsk { id, operator, approved_by, command: Some(command) };
    let answer = register.ask.send(Ask(Request::Till(ask))).await;
    match answer.map_err(|_| Problem::stopping(&request))? {
        Ok(answer) => Ok(HttpResponse::Ok().json(answer)),
        Err(refused) => {
            store.metrics.refusal(refused.refusal.code);
            Err(Problem::refused(&request, &refused.refusal).with_view(&refused.view))
        }
    }
}
