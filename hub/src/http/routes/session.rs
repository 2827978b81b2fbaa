//! Coming and going: set-up, claiming a workstation, signing in and out, people.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store_actors::messages::Ask;
use store_core::register::Request;
use store_core::{CommandId, OperatorId, WorkstationId};
use store_journal::Role;
use uuid::Uuid;

use crate::access::{Caller, Manager, NewOperator, OperatorView, Session};
use crate::http::cookies;
use crate::http::problem::Problem;
use crate::store::Store;

/// What a browser has to know before anybody signs in.
#[get("/sign-in")]
pub async fn before(store: web::Data<Store>, request: HttpRequest) -> HttpResponse {
    let browser = cookies::workstation_of(&request);
    let workstation = browser.and_then(|secret| store.access.workstation_of(&secret));
    HttpResponse::Ok().json(json!({
        "store": store_view(&store),
        "needs_setup": store.access.needs_setup(),
        "workstation": workstation,
        "workstations": store.access.workstations(),
        "secure": request.app_config().secure(),
        "languages": crate::text::LANGUAGES,
    }))
}

fn store_view(store: &Store) -> serde_json::Value {
    json!({ "id": store.settings.store.id, "name": store.settings.store.name })
}

fn caller(request: &HttpRequest) -> Caller {
    let address = request.peer_addr().map(|address| address.ip());
    Caller { browser: cookies::workstation_of(request), address }
}

/// Ends the session that a browser had before it got another one.
async fn end_session_before(store: &Store, request: &HttpRequest) -> Result<(), Problem> {
    let secret = cookies::session_of(request);
    let Some(old) = secret.and_then(|secret| store.access.session(&secret)) else {
        return Ok(());
    };
    let ended = store.access.sign_out(&old).await;
    ended.map_err(|denied| Problem::denied(request, &denied))
}

/// The first manager.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    code: String,
    operator: FirstOperator,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstOperator {
    id: OperatorId,
    name: String,
    pin: String,
}

/// Makes the first manager, with the code that the hub printed when it started.
///
/// # Errors
/// `bad_credentials`, `weak_pin`, `already_set_up`, `locked_out`.
#[post("/setup")]
pub async fn set_up(
    store: web::Data<Store>,
    request: HttpRequest,
    body: web::Json<SetUp>,
) -> Result<HttpResponse, Problem> {
    let SetUp { code, operator: FirstOperator { id, name, pin } } = body.into_inner();
    let person = NewOperator { id, name, role: Role::Manager, pin };
    let set_up = store.access.set_up(&code, person, &caller(&request)).await;
    set_up.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().finish())
}

/// Somebody's id and PIN.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    operator: OperatorId,
    pin: String,
}

/// Makes this browser a workstation; the browser that was it before is told.
///
/// # Errors
/// `bad_credentials`, `forbidden`, `locked_out`, `not_found`.
#[post("/workstations/{workstation}/claim")]
pub async fn claim(
    store: web::Data<Store>,
    request: HttpRequest,
    workstation: web::Path<WorkstationId>,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    let Credentials { operator, pin } = body.into_inner();
    let workstation = workstation.into_inner();
    let claimed = store.access.claim(&workstation, &operator, pin, &caller(&request)).await;
    let (secret, took_over) = claimed.map_err(|denied| Problem::denied(&request, &denied))?;
    end_session_before(&store, &request).await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::workstation(&request, secret))
        .cookie(cookies::no_session(&request))
        .json(json!({ "workstation": workstation, "took_over": took_over })))
}

/// Somebody's id and PIN, and the key under which they sign on at the register.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    operator: OperatorId,
    pin: String,
    command_id: CommandId,
}

/// Lets somebody in, and signs them on at the register where the browser is a workstation.
///
/// # Errors
/// `bad_credentials`, `locked_out`, or the register's refusal.
#[post("/session")]
pub async fn sign_in(
    store: web::Data<Store>,
    request: HttpRequest,
    body: web::Json<SignIn>,
) -> Result<HttpResponse, Problem> {
    let SignIn { operator, pin, command_id } = body.into_inner();
    let admitted = store.access.sign_in(&operator, pin, &caller(&request)).await;
    let admitted = admitted.map_err(|denied| Problem::denied(&request, &denied))?;
    if let Some(workstation) = &admitted.session.workstation
        && let Some(register) = store.register(workstation)
    {
        let name = admitted.session.name.as_str().into();
        let ask = Ask(Request::SignOn { id: command_id, operator, name });
        let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping())?;
        if let Err(refused) = answer {
            let signed_out = store.access.sign_out(&admitted.session).await;
            signed_out.map_err(|denied| Problem::denied(&request, &denied))?;
            return Err(Problem::refused(&request, &refused.refusal));
        }
    }
    end_session_before(&store, &request).await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::session(&request, admitted.secret))
        .json(session_view(&store, &admitted.session)))
}

#[derive(Serialize)]
struct SessionView<'a> {
    operator: OperatorView,
    workstation: Option<&'a WorkstationId>,
    store: serde_json::Value,
    currency: store_core::Currency,
    scale: u32,
    tenders: &'a [store_core::transaction::TenderRule],
    reasons: &'a store_core::register::ReasonCodes,
}

fn session_view<'a>(store: &'a Store, session: &'a Session) -> SessionView<'a> {
    SessionView {
        operator: session.operator_view(),
        workstation: session.workstation.as_ref(),
        store: store_view(store),
        currency: store.rules.currency,
        scale: store.rules.currency.scale(),
        tenders: &store.rules.tenders,
        reasons: &store.rules.reasons,
    }
}

/// Who is signed in at this browser, and what the store's registers follow.
#[get("/session")]
pub async fn who(store: web::Data<Store>, session: Session) -> HttpResponse {
    HttpResponse::Ok().json(session_view(&store, &session))
}

/// Signs off.
///
/// # Errors
/// `basket_open` while a basket is open.
#[delete("/session")]
pub async fn sign_out(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
) -> Result<HttpResponse, Problem> {
    let register = session.workstation.as_ref().and_then(|here| store.register(here));
    if let Some(register) = register {
        let id = CommandId::new(Uuid::now_v7());
        let ask = Ask(Request::SignOff { id, operator: session.operator.clone() });
        let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping())?;
        answer.map_err(|refused| Problem::refused(&request, &refused.refusal))?;
    }
    let signed_out = store.access.sign_out(&session).await;
    signed_out.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().cookie(cookies::no_session(&request)).finish())
}

/// Somebody new.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    id: OperatorId,
    name: String,
    role: String,
    pin: String,
}

/// Adds a person.
///
/// # Errors
/// `weak_pin`, `operator_exists`, `bad_name`, `malformed` for a role that does not exist.
#[post("/operators")]
pub async fn add_operator(
    store: web::Data<Store>,
    request: HttpRequest,
    _manager: Manager,
    body: web::Json<NewPerson>,
) -> Result<HttpResponse, Problem> {
    let NewPerson { id, name, role, pin } = body.into_inner();
    let Some(role) = Role::from_code(&role) else {
        return Err(Problem::plain(&request, "malformed"));
    };
    let added = store.access.add_operator(NewOperator { id, name, role, pin }).await;
    added.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::Created().finish())
}

/// Everybody who works here.
#[get("/operators")]
pub async fn operators(store: web::Data<Store>, _manager: Manager) -> HttpResponse {
    HttpResponse::Ok().json(store.access.operators())
}
