//! Who works here: people, their badges, and the PIN that everybody changes for themselves.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use store_core::OperatorId;
use store_core::permission::Role;
use store_core::policy::Part;
use utoipa::{IntoParams, ToSchema};

use super::session::caller;
use crate::access::{MayManagePeople, NewOperator, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The id to sign in with.
    #[schema(value_type = openapi::TextId)]
    id: OperatorId,
    /// The name on the screens, 1 to 64 characters.
    name: String,
    /// What they may do.
    #[schema(value_type = openapi::Role)]
    role: String,
    /// The PIN: 6 to 12 digits, not all alike and not in a row.
    #[schema(value_type = openapi::Pin)]
    pin: String,
}

/// Adds a person.
///
/// Needs a manager.
///
/// # Errors
/// `weak_pin`, `operator_exists`, `bad_name`, `malformed` for a role that does not exist,
/// `decided_by_hq` where headquarters names the people.
#[utoipa::path(
    tag = "session",
    request_body = NewPerson,
    responses((status = 201, description = "They may sign in")),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "weak_pin", "operator_exists", "bad_name", "decided_by_hq",
        "disk_full", "journal_failed",
    ]))),
)]
#[post("/operators")]
pub async fn add_operator(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
    body: web::Json<NewPerson>,
) -> Result<HttpResponse, Problem> {
    let NewPerson { id, name, role, pin } = body.into_inner();
    let Some(role) = Role::from_code(&role) else {
        let reason = "the role is none of cashier, supervisor, manager";
        return Err(Problem::malformed(&request, reason));
    };
    store.policy.check(Part::People).map_err(|part| Problem::decided_by_hq(&request, part))?;
    let added = store.access.add_operator(NewOperator { id, name, role, pin }).await;
    added.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().finish())
}

/// Everybody who works here.
///
/// Needs a manager.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The people", body = [openapi::Person])),
    extensions(("x-problem-codes" = json!(["permission_needed"]))),
)]
#[get("/operators")]
pub async fn operators(store: web::Data<Store>, _may: MayManagePeople) -> HttpResponse {
    HttpResponse::Ok().json(store.access.operators())
}

/// Who is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneOperator {
    /// The person.
    #[param(value_type = openapi::TextId)]
    operator: OperatorId,
}

#[derive(Serialize, ToSchema)]
struct BadgeMade {
    /// What the badge has to say to a scanner, in Code 39. It cannot be read here again.
    badge: String,
}

/// Makes a badge for somebody; the one before is good for nothing any more.
///
/// Needs the permission `manage_people`.
///
/// # Errors
/// `not_found` where nobody has this id; `decided_by_hq` where headquarters names the people.
#[utoipa::path(
    tag = "session",
    params(OneOperator),
    responses((status = 201, description = "The badge", body = BadgeMade)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "not_found", "decided_by_hq", "disk_full", "journal_failed",
    ]))),
)]
#[post("/operators/{operator}/badge")]
pub async fn give_badge(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
    one: web::Path<OneOperator>,
) -> Result<HttpResponse, Problem> {
    store.policy.check(Part::People).map_err(|part| Problem::decided_by_hq(&request, part))?;
    let badge = store.access.give_badge(&one.operator).await;
    let badge = badge.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().json(BadgeMade { badge }))
}

/// Makes somebody's badge good for nothing.
///
/// Needs the permission `manage_people`.
///
/// # Errors
/// `not_found` where nobody has this id; `decided_by_hq` where headquarters names the people.
#[utoipa::path(
    tag = "session",
    params(OneOperator),
    responses((status = 204, description = "They have no badge")),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "not_found", "decided_by_hq", "disk_full", "journal_failed",
    ]))),
)]
#[delete("/operators/{operator}/badge")]
pub async fn take_badge(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
    one: web::Path<OneOperator>,
) -> Result<HttpResponse, Problem> {
    store.policy.check(Part::People).map_err(|part| Problem::decided_by_hq(&request, part))?;
    let taken = store.access.take_badge(&one.operator).await;
    taken.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().finish())
}

/// One's PIN, and the one to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPin {
    /// The PIN until now.
    #[schema(value_type = openapi::Pin)]
    pin: String,
    /// The PIN from now on: 6 to 12 digits, not all alike and not in a row.
    #[schema(value_type = openapi::Pin)]
    new_pin: String,
}

/// Changes one's own PIN. Other sessions of the same person are over.
///
/// It stays also where headquarters names the people, until it decides another PIN than before.
///
/// # Errors
/// `bad_credentials`, `locked_out`, `weak_pin`.
#[utoipa::path(
    tag = "session",
    request_body = NewPin,
    responses((status = 204, description = "It is changed")),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "locked_out", "weak_pin", "not_found", "disk_full", "journal_failed",
    ]))),
)]
#[put("/session/pin")]
pub async fn change_pin(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    body: web::Json<NewPin>,
) -> Result<HttpResponse, Problem> {
    let NewPin { pin, new_pin } = body.into_inner();
    let changed = store.access.change_pin(&session, (pin, new_pin), &caller(&request)).await;
    changed.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().finish())
}
