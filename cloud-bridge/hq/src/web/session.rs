//! Coming and going: set-up, signing in and out.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use service_kit::http::caller::Caller;
use service_kit::http::cookies;
use utoipa::ToSchema;

use super::Hq;
use super::gate::COOKIE;
use super::problem::Problem;
use crate::people::{NewUser, Role, Session, UserView};

/// Somebody who is signed in, and where.
#[derive(Serialize, ToSchema)]
struct SessionView {
    /// Who.
    user: UserView,
    /// Of which chain this is the headquarters.
    chain: ChainName,
}

/// A chain.
#[derive(Serialize, ToSchema)]
struct ChainName {
    /// Its id, as in topics.
    id: String,
    /// What the page is headed with.
    name: String,
}

fn session_view(hq: &Hq, user: UserView) -> SessionView {
    let chain = &hq.settings.chain;
    SessionView { user, chain: ChainName { id: chain.id.clone(), name: chain.name.clone() } }
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUp {
    /// As headquarters printed it; case, spaces and dashes do not count.
    code: String,
    /// Who it is.
    user: FirstUser,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstUser {
    /// The id to sign in with, 1 to 64 characters.
    id: String,
    /// The name, 1 to 64 characters.
    name: String,
    /// 10 to 128 characters, at least 5 of them different.
    password: String,
}

/// Makes the first administrator, with the code that was printed at the start.
#[utoipa::path(
    post, path = "/api/v1/setup", tag = "session", request_body = SetUp,
    responses((status = 201, description = "There is an administrator; the code is used up")),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "locked_out", "bad_name", "weak_password", "already_set_up",
        "user_exists",
    ]))),
)]
pub(super) async fn set_up(
    hq: web::Data<Hq>,
    request: HttpRequest,
    body: web::Json<SetUp>,
) -> Result<HttpResponse, Problem> {
    let SetUp { code, user: FirstUser { id, name, password } } = body.into_inner();
    let user = NewUser { id, name, role: Role::Admin, scopes: Vec::new(), password };
    let made = hq.people.set_up(&code, user, Caller::of(&request).address).await;
    made.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().finish())
}

/// Somebody who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The id.
    user: String,
    /// The password.
    password: String,
}

/// Signs in.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", request_body = SignIn,
    responses((status = 201, description = "The browser has the cookie", body = SessionView)),
    extensions(("x-problem-codes" = json!(["bad_credentials", "locked_out"]))),
)]
pub(super) async fn sign_in(
    hq: web::Data<Hq>,
    request: HttpRequest,
    body: web::Json<SignIn>,
) -> Result<HttpResponse, Problem> {
    let SignIn { user, password } = body.into_inner();
    let admitted = hq.people.sign_in(&user, password, Caller::of(&request).address).await;
    let admitted = admitted.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created()
        .cookie(cookies::cookie(&request, COOKIE, admitted.secret))
        .json(session_view(&hq, admitted.user)))
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session",
    responses((status = 200, description = "Who, and where", body = SessionView)),
)]
pub(super) async fn who(hq: web::Data<Hq>, session: Session) -> HttpResponse {
    HttpResponse::Ok().json(session_view(&hq, session.user))
}

/// Signs out.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "The session is over, and the cookie gone")),
)]
pub(super) async fn sign_out(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let closed = hq.people.sign_out(&session).await;
    closed.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().cookie(cookies::removal(&request, COOKIE)).finish())
}
