//! Coming and going: set-up, signing in and out.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use service_kit::http::caller::Caller;
use service_kit::http::cookies;

use super::Hq;
use super::gate::COOKIE;
use super::problem::Problem;
use crate::people::{NewUser, Role, Session, UserView};

#[derive(Serialize)]
struct SessionView<'a> {
    user: &'a UserView,
    chain: ChainName<'a>,
}

#[derive(Serialize)]
struct ChainName<'a> {
    id: &'a str,
    name: &'a str,
}

fn session_view<'a>(hq: &'a Hq, user: &'a UserView) -> SessionView<'a> {
    let chain = &hq.settings.chain;
    SessionView { user, chain: ChainName { id: &chain.id, name: &chain.name } }
}

/// The first administrator.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUp {
    code: String,
    user: FirstUser,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstUser {
    id: String,
    name: String,
    password: String,
}

/// Makes the first administrator, with the code that was printed at the start.
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    user: String,
    password: String,
}

/// Signs in.
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
        .json(session_view(&hq, &admitted.user)))
}

/// Who is signed in.
pub(super) async fn who(hq: web::Data<Hq>, session: Session) -> HttpResponse {
    HttpResponse::Ok().json(session_view(&hq, &session.user))
}

/// Signs out.
pub(super) async fn sign_out(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let closed = hq.people.sign_out(&session).await;
    closed.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().cookie(cookies::removal(&request, COOKIE)).finish())
}
