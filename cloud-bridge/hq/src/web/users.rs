//! The people who may sign in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Hq;
use super::problem::Problem;
use crate::people::{Change, NewUser, Role, UserView};

/// Everybody who may sign in.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users",
    responses((status = 200, description = "By id", body = [UserView])),
)]
pub(super) async fn list(hq: web::Data<Hq>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let users = hq.people.users().await.map_err(|error| Problem::asking(&request, &error))?;
    Ok(HttpResponse::Ok().json(users))
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Added {
    /// The id to sign in with, 1 to 64 characters.
    id: String,
    /// The name, 1 to 64 characters.
    name: String,
    /// What they may do.
    role: Role,
    /// The regions or stores that they read, where the role has some.
    #[serde(default)]
    scope: Vec<String>,
    /// 10 to 128 characters, at least 5 of them different.
    password: String,
}

/// Adds somebody.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", request_body = Added,
    responses((status = 201, description = "They may sign in")),
    extensions(("x-problem-codes" = json!([
        "bad_name", "bad_scope", "weak_password", "user_exists",
    ]))),
)]
pub(super) async fn add(
    hq: web::Data<Hq>,
    request: HttpRequest,
    body: web::Json<Added>,
) -> Result<HttpResponse, Problem> {
    let Added { id, name, role, scope, password } = body.into_inner();
    let added = hq.people.add(NewUser { id, name, role, scopes: scope, password }).await;
    added.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().finish())
}

/// What somebody is from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    /// The name, 1 to 64 characters.
    name: String,
    /// What they may do.
    role: Role,
    /// The regions or stores that they read, where the role has some.
    #[serde(default)]
    scope: Vec<String>,
    /// Another password; the one that they have stays where none is said.
    password: Option<String>,
}

/// Gives somebody another name, role, scope or password.
///
/// Another role, scope or password ends all of their sessions.
#[utoipa::path(
    put, path = "/api/v1/users/{id}", tag = "users", request_body = Changed,
    params(("id" = String, Path, description = "Who")),
    responses((status = 200, description = "As they are now", body = UserView)),
    extensions(("x-problem-codes" = json!([
        "no_such_user", "bad_name", "bad_scope", "weak_password", "last_admin",
    ]))),
)]
pub(super) async fn change(
    hq: web::Data<Hq>,
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Json<Changed>,
) -> Result<HttpResponse, Problem> {
    let Changed { name, role, scope, password } = body.into_inner();
    let changed = hq.people.change(&id, Change { name, role, scopes: scope, password }).await;
    let user = changed.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Ok().json(user))
}

/// Takes somebody off, and ends all of their sessions.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "Who")),
    responses((status = 204, description = "They are gone")),
    extensions(("x-problem-codes" = json!(["no_such_user", "last_admin"]))),
)]
pub(super) async fn remove(
    hq: web::Data<Hq>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let removed = hq.people.remove(&id).await;
    removed.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends all sessions of somebody.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/sessions", tag = "users",
    params(("id" = String, Path, description = "Who")),
    responses((status = 204, description = "They are signed in nowhere")),
    extensions(("x-problem-codes" = json!(["no_such_user"]))),
)]
pub(super) async fn end_sessions(
    hq: web::Data<Hq>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let ended = hq.people.end_sessions(&id).await;
    ended.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().finish())
}
