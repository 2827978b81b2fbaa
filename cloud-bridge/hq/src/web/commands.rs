//! What administrators ask of stores.

use actix_web::{HttpRequest, HttpResponse, web};
use hq_wire::link::v1::COMMANDS;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Hq;
use super::problem::Problem;
use crate::asking::{Asking, CommandView};
use crate::people::Session;

/// What is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Of which store.
    store: String,
    /// What: `verify`, `describe` and what else its software knows.
    name: String,
    /// With what.
    #[serde(default)]
    body: Value,
}

/// Asks a store; it is asked again at every birth until it answers or the command expires.
#[utoipa::path(
    post, path = "/api/v1/commands", tag = "commands", request_body = Asked,
    responses((status = 202, description = "It is on its way", body = CommandView)),
    extensions(("x-problem-codes" = json!(["no_such_store"]))),
)]
pub(super) async fn ask(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    body: web::Json<Asked>,
) -> Result<HttpResponse, Problem> {
    let Asked { store, name, body } = body.into_inner();
    if !Asking::is_name(&name) {
        let reason = format!("the commands are {}", COMMANDS.join(", "));
        return Err(Problem::malformed(&request, &reason));
    }
    hq.let_see(&request, &session, &store).await?;
    let asked = hq.asking.ask(&store, &name, body, &session.user.id).await;
    let asked = asked.map_err(|error| Problem::asking(&request, &error))?;
    Ok(HttpResponse::Accepted().json(asked))
}

/// What came of a command.
#[utoipa::path(
    get, path = "/api/v1/commands/{id}", tag = "commands",
    params(("id" = String, Path, description = "Which command")),
    responses((status = 200, description = "The command", body = CommandView)),
    extensions(("x-problem-codes" = json!(["not_found"]))),
)]
pub(super) async fn outcome(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = hq.asking.outcome(id.into_inner()).await;
    let found = found.map_err(|error| Problem::asking(&request, &error))?;
    let command = found.ok_or_else(|| Problem::plain(&request, "not_found"))?;
    // Whoever may not see the store does not learn that the command exists either.
    let seen = hq.let_see(&request, &session, &command.store).await;
    seen.map_err(|_| Problem::plain(&request, "not_found"))?;
    Ok(HttpResponse::Ok().json(command))
}
