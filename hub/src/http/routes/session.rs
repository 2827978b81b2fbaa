//! Coming and going: set-up, claiming a workstation, signing in and out.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use service_kit::language::LANGUAGES;
use store_actors::messages::Ask;
use store_core::permission::{Permission, Role};
use store_core::policy::Part;
use store_core::register::{DepartmentKey, ReasonCodes, Request};
use store_core::transaction::TenderRule;
use store_core::{CommandId, Currency, OperatorId, StoreId, WorkstationId};
use utoipa::{IntoParams, ToSchema};

use super::training::sign_off;
use crate::access::authority::{self, Lacking};
use crate::access::{AnySession, Caller, Denied, NewOperator, OperatorView, Proof, Session};
use crate::http::problem::Problem;
use crate::http::{cookies, openapi};
use crate::store::Store;
use crate::wiring::training::here;

#[derive(Serialize, ToSchema)]
struct SignInView {
    /// Which store this is.
    store: StoreView,
    /// Whether the store waits for its first manager.
    needs_setup: bool,
    /// Which workstation this browser is, where it is one.
    #[schema(value_type = Option<openapi::TextId>)]
    workstation: Option<WorkstationId>,
    /// The workstations of the store.
    #[schema(value_type = Vec<openapi::TextId>)]
    workstations: Vec<WorkstationId>,
    /// Whether the connection is encrypted.
    secure: bool,
    /// The languages of the page, the first where nothing else is asked for.
    languages: [&'static str; 2],
}

#[derive(Serialize, ToSchema)]
struct StoreView {
    /// The id that headquarters knows it by.
    #[schema(value_type = openapi::TextId)]
    id: StoreId,
    /// The name on its receipts.
    name: String,
}

/// What a browser has to know before anybody signs in.
#[utoipa::path(
    tag = "session",
    security(()),
    responses((status = 200, description = "The store and this browser", body = SignInView)),
)]
#[get("/sign-in")]
pub async fn before(store: web::Data<Store>, request: HttpRequest) -> HttpResponse {
    let browser = cookies::workstation_of(&request);
    let workstation = browser.and_then(|secret| store.access.workstation_of(&secret));
    HttpResponse::Ok().json(SignInView {
        store: StoreView::of(&store),
        needs_setup: store.access.needs_setup(),
        workstation,
        workstations: store.access.workstations().to_vec(),
        secure: request.app_config().secure(),
        languages: LANGUAGES,
    })
}

impl StoreView {
    fn of(store: &Store) -> Self {
        Self { id: store.settings.store.id.clone(), name: store.settings.store.name.clone() }
    }
}

pub(super) fn caller(request: &HttpRequest) -> Caller {
    // A proxy on this machine makes nobody look as if they sat at it.
    let address = service_kit::http::caller::Caller::of(request).address;
    Caller { browser: cookies::workstation_of(request), address }
}

/// Ends the session that a browser had before it got another one.
async fn end_session_before(store: &Store, request: &HttpRequest) -> Result<(), Problem> {
    let secret = cookies::session_of(request);
    let Some(old) = secret.and_then(|secret| store.access.session(&secret, true)) else {
        return Ok(());
    };
    let ended = store.access.sign_out(&old).await;
    ended.map_err(|denied| Problem::denied(request, &denied))
}

/// The first manager.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// As the hub printed it; case, spaces and dashes do not count.
    code: String,
    /// Who it is.
    operator: FirstOperator,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstOperator {
    /// The id to sign in with.
    #[schema(value_type = openapi::TextId)]
    id: OperatorId,
    /// The name on the screens, 1 to 64 characters.
    name: String,
    /// The PIN: 6 to 12 digits, not all alike and not in a row.
    #[schema(value_type = openapi::Pin)]
    pin: String,
}

/// Makes the first manager, with the code that the hub printed when it started.
///
/// # Errors
/// `bad_credentials`, `weak_pin`, `already_set_up`, `locked_out`.
#[utoipa::path(
    tag = "session",
    security(()),
    request_body = SetUp,
    responses((status = 201, description = "There is a manager, and the code is used up")),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "weak_pin", "bad_name", "already_set_up", "locked_out", "disk_full",
        "journal_failed", "stopping",
    ]))),
)]
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
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// A manager's id.
    #[schema(value_type = openapi::TextId)]
    operator: OperatorId,
    /// The PIN.
    #[schema(value_type = openapi::Pin)]
    pin: String,
}

/// Which workstation is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneWorkstation {
    /// One of the store's workstations.
    #[param(value_type = openapi::TextId)]
    workstation: WorkstationId,
}

#[derive(Serialize, ToSchema)]
struct Claimed {
    /// The workstation that this browser is now.
    #[schema(value_type = openapi::TextId)]
    workstation: WorkstationId,
    /// Whether another browser was it before.
    took_over: bool,
}

/// Makes this browser a workstation; the browser that was it before is told.
///
/// # Errors
/// `bad_credentials`, `permission_needed`, `locked_out`, `not_found`.
#[utoipa::path(
    tag = "session",
    security(()),
    params(OneWorkstation),
    request_body = Credentials,
    responses((status = 200, description = "The browser has the cookie", body = Claimed)),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "permission_needed", "locked_out", "not_found", "disk_full",
        "journal_failed", "stopping",
    ]))),
)]
#[post("/workstations/{workstation}/claim")]
pub async fn claim(
    store: web::Data<Store>,
    request: HttpRequest,
    one: web::Path<OneWorkstation>,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    let Credentials { operator, pin } = body.into_inner();
    let OneWorkstation { workstation } = one.into_inner();
    let claimed = store.access.claim(&workstation, &operator, pin, &caller(&request)).await;
    let (secret, took_over) = match claimed {
        Ok(claimed) => claimed,
        Err(Denied::Lacks(permission)) => {
            let workstation = Some(workstation);
            let lacking = Lacking { workstation, operator, permission, transaction: None };
            return Err(authority::refuse(&store, &request, lacking).await);
        }
        Err(denied) => return Err(Problem::denied(&request, &denied)),
    };
    end_session_before(&store, &request).await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::workstation(&request, secret))
        .cookie(cookies::no_session(&request))
        .json(Claimed { workstation, took_over }))
}

/// Who somebody is, and the key under which they sign on at the register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Who, with their PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::TextId>)]
    operator: Option<OperatorId>,
    /// The PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::Pin>)]
    pin: Option<String>,
    /// Their badge as it was read, instead of both; at a workstation.
    #[serde(default)]
    badge: Option<String>,
    /// Made by the browser.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
}

/// How somebody says who they are: by id and PIN, or by badge.
///
/// # Errors
/// `malformed` where it is neither, or both.
pub(super) fn proof(
    request: &HttpRequest,
    operator: Option<OperatorId>,
    pin: Option<String>,
    badge: Option<String>,
) -> Result<Proof, Problem> {
    match (operator, pin, badge) {
        (Some(operator), Some(pin), None) => Ok(Proof::Pin { operator, pin }),
        (None, None, Some(badge)) => Ok(Proof::Badge(badge)),
        _ => Err(Problem::malformed(request, "either operator and pin, or badge")),
    }
}

/// Lets somebody in, and signs them on at the register where the browser is a workstation.
///
/// # Errors
/// `bad_credentials`, `locked_out`, or the register's refusal.
#[utoipa::path(
    tag = "session",
    security(()),
    request_body = SignIn,
    responses((status = 200, description = "The browser has the cookie", body = SessionView)),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "locked_out", "not_a_badge", "badge_elsewhere",
        "other_operator_signed_on", "command_id_reused",
        "register_busy", "disk_full", "journal_failed", "stopping",
    ]))),
)]
#[post("/session")]
pub async fn sign_in(
    store: web::Data<Store>,
    request: HttpRequest,
    body: web::Json<SignIn>,
) -> Result<HttpResponse, Problem> {
    let SignIn { operator, pin, badge, command_id } = body.into_inner();
    let proof = proof(&request, operator, pin, badge)?;
    let admitted = store.access.sign_in(proof, &caller(&request)).await;
    let admitted = admitted.map_err(|denied| Problem::denied(&request, &denied))?;
    let operator = admitted.session.operator.clone();
    if let Some(workstation) = &admitted.session.workstation
        && let Some(register) = store.register(workstation)
    {
        let name = admitted.session.name.as_str().into();
        let instead_of = store.left_behind(workstation);
        let ask = Ask(Request::SignOn { id: command_id, operator, name, instead_of });
        let answer = register.ask.send(ask).await.map_err(|_| Problem::stopping(&request))?;
        if let Err(refused) = answer {
            let signed_out = store.access.sign_out(&admitted.session).await;
            signed_out.map_err(|denied| Problem::denied(&request, &denied))?;
            return Err(Problem::refused(&request, &refused.refusal));
        }
        store.training.leave(workstation);
    }
    end_session_before(&store, &request).await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::session(&request, admitted.secret))
        .json(session_view(&here(&store, &admitted.session), &admitted.session)))
}

/// Who is signed in at this browser, and what the store's registers follow.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Who is signed in.
    #[schema(value_type = openapi::Person)]
    operator: OperatorView,
    /// Which workstation this browser is, where it is one.
    #[schema(value_type = Option<openapi::TextId>)]
    workstation: Option<WorkstationId>,
    /// Which store this is.
    store: StoreView,
    /// Whether the screen is locked.
    is_locked: bool,
    /// Minutes without use after which the screen locks; 0 for never.
    lock_minutes: i64,
    /// What they may do without asking anybody.
    #[schema(value_type = Vec<openapi::Permission>)]
    permissions: Vec<Permission>,
    /// The currency of every amount, ISO 4217.
    #[schema(value_type = String)]
    currency: Currency,
    /// How many decimals its amounts have.
    scale: u32,
    /// The ways of paying.
    #[schema(value_type = Vec<openapi::TenderRule>)]
    tenders: Vec<TenderRule>,
    /// The keys for goods without a code.
    #[schema(value_type = Vec<openapi::DepartmentKey>)]
    departments: Vec<DepartmentKey>,
    /// The reasons that may be given.
    #[schema(value_type = openapi::ReasonCodes)]
    reasons: ReasonCodes,
    /// The notes and coins that a till of its currency holds, largest first.
    #[schema(value_type = Vec<openapi::Money>)]
    denominations: Vec<store_core::Money>,
    /// What headquarters decides and the store may not: parts of its policy, by name.
    decided_by_hq: Vec<&'static str>,
    /// Whether they are in training: nothing that they do at their register counts.
    is_training: bool,
}

pub(super) fn session_view(store: &Store, session: &Session) -> SessionView {
    let rules = store.shelf.rules();
    SessionView {
        operator: session.operator_view(),
        workstation: session.workstation.clone(),
        store: StoreView::of(store),
        is_locked: session.is_locked,
        lock_minutes: store.access.lock_minutes(),
        permissions: store.access.permissions().of(session.role),
        currency: rules.currency,
        scale: rules.currency.scale(),
        tenders: rules.tenders.clone(),
        departments: rules.departments.clone(),
        reasons: rules.reasons.clone(),
        denominations: store.policy.denominations(rules.currency),
        decided_by_hq: store.policy.decided().into_iter().map(Part::name).collect(),
        is_training: store.is_training,
    }
}

/// Who is signed in at this browser, and what the store's registers follow.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The session", body = SessionView)),
)]
#[get("/session")]
pub async fn who(store: web::Data<Store>, AnySession(session): AnySession) -> HttpResponse {
    HttpResponse::Ok().json(session_view(&here(&store, &session), &session))
}

/// Signs off.
///
/// # Errors
/// `basket_open` while a basket is open.
#[utoipa::path(
    tag = "session",
    responses((status = 204, description = "The session is over")),
    extensions(("x-problem-codes" = json!([
        "basket_open", "register_busy", "disk_full", "journal_failed",
    ]))),
)]
#[delete("/session")]
pub async fn sign_out(
    store: web::Data<Store>,
    request: HttpRequest,
    AnySession(session): AnySession,
) -> Result<HttpResponse, Problem> {
    let trained = here(&store, &session);
    if trained.is_training {
        sign_off(&trained, &request, &session).await?;
    }
    sign_off(&store, &request, &session).await?;
    let signed_out = store.access.sign_out(&session).await;
    signed_out.map_err(|denied| Problem::denied(&request, &denied))?;
    Ok(HttpResponse::NoContent().cookie(cookies::no_session(&request)).finish())
}
