//! The people who may sign in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::Hq;
use super::problem::Problem;
use crate::people::{Change, NewUser, Role};

/// Everybody who may sign in.
pub(super) async fn list(hq: web::Data<Hq>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let users = hq.people.users().await.map_err(|error| Problem::asking(&request, &error))?;
    Ok(HttpResponse::Ok().json(users))
}

/// Somebody new.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Added {
    id: String,
    name: String,
    role: Role,
    #[serde(default)]
    scope: Vec<String>,
    password: String,
}

/// Adds somebody.
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    name: String,
    role: Role,
    #[serde(default)]
    scope: Vec<String>,
    password: Option<String>,
}

/// Gives somebody another name, role, scope or password.
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

/// Takes somebody off.
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
pub(super) async fn end_sessions(
    hq: web::Data<Hq>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let ended = hq.people.end_sessions(&id).await;
    ended.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().finish())
}
