//! The register's own routes: how it looks, and what a terminal asks of it.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use store_actors::messages::{Ask, BasketQuery, ExplanationQuery, RegisterQuery};
use store_actors::translate;
use store_core::register::{
    Answer, Attached, Circumstances, Command, CommandAnswer, CommandEnvelope, Phase, Request,
};
use store_core::transaction::Approval;
use store_core::{CommandId, RefusalCode, TransactionId, WorkstationId};
use utoipa::IntoParams;

use crate::access::AtRegister;
use crate::access::authority::{self, Wanted};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::peripherals::{Claimed, Scale};
use crate::store::Store;
use crate::wiring::training;

/// How the register of this browser looks.
///
/// # Errors
/// Where the browser is not a workstation, or the hub is closing.
#[utoipa::path(
    tag = "register",
    responses((status = 200, description = "The register", body = openapi::RegisterView)),
    extensions(("x-problem-codes" = json!(["not_a_workstation"]))),
)]
#[get("/register")]
pub async fn look(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &at.session);
    let view = at.register(&store, &request)?.query.send(RegisterQuery).await;
    Ok(HttpResponse::Ok().json(view.map_err(|_| Problem::stopping(&request))?))
}

/// Carries out a command.
///
/// The first line opens a basket, and so does what a customer shows or says before it: version 0,
/// and a transaction id that the terminal makes. Every further command names the version that the
/// last answer gave. An answer that never came is asked for by sending the same command again. A
/// refusal carries the register's present view and changes nothing.
///
/// # Errors
/// The register's refusal, with its view.
#[utoipa::path(
    tag = "register",
    params(("approval" = Option<String>, Header, description = "The token of an approval")),
    request_body = openapi::CommandEnvelope,
    responses((status = 200, description = "It is done", body = openapi::CommandAnswer)),
    extensions(("x-problem-codes" = json!(["not_a_workstation", "every refusal"]))),
)]
#[post("/register/commands")]
pub async fn carry_out(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    envelope: web::Json<CommandEnvelope>,
) -> Result<HttpResponse, Problem> {
    let started = Instant::now();
    let store = training::here(&store, &at.session);
    let envelope = envelope.into_inner();
    let kind = Kind::of(&envelope.command);
    let register = at.register(&store, &request)?;
    let is_tendering = register.view.borrow().phase == Phase::Tendering;
    let scale = store.peripherals.scale_of(&at.workstation);
    let can_weigh = scale.as_ref().is_some_and(Scale::works);
    let circumstances = Circumstances { is_tender_begun: is_tendering, can_weigh };
    let permission = envelope.command.permission_at(circumstances);
    let wanted = Wanted {
        permission,
        command: envelope.command_id,
        transaction: Some(envelope.transaction_id),
    };
    let words = &envelope.command;
    let permitted = authority::permit_words(&store, &request, &at.session, wanted, words).await;
    let approved_by =
        permitted.map_err(|problem| problem.with_view(&register.view.borrow().clone()))?;
    let claim = Claim::of(scale, &envelope);
    let claimed = claim.as_ref().map_or(Ok(None), Claim::take);
    let claimed = claimed.map_err(|code| {
        store.metrics.refusal(code);
        Problem::refused(&request, &code.into()).with_view(&register.view.borrow().clone())
    })?;
    let is_first = claimed.as_ref().is_some_and(|claimed| claimed.is_first);
    let said = claimed.map(|claimed| Box::new(claimed.weighing));
    let approval = approved_by.map(|approved_by| Approval { permission, approved_by });
    let attached = Attached { approval, said };
    let operator = at.session.operator.clone();
    let ask = Ask(Request::Command { operator, attached, envelope });
    let answer = register.ask.send(ask).await;
    let answer = answer.map_err(|_| Problem::stopping(&request))?;
    if let (Err(_), Some(claim), true) = (&answer, &claim, is_first) {
        claim.give_back();
    }
    store.metrics.command(kind.label(), started.elapsed());
    match answer {
        Ok(Answer::Command(answer)) => {
            if matches!(kind, Kind::Complete) && !answer.repeated && !store.is_training {
                store.metrics.sale_committed();
            }
            Ok(HttpResponse::Ok().json(answer))
        }
        Ok(answer) => Ok(HttpResponse::Ok().json(answer)),
        Err(refused) => {
            store.metrics.refusal(refused.refusal.code);
            Err(Problem::refused(&request, &refused.refusal).with_view(&refused.view))
        }
    }
}

/// A command that sells by a reading of the register's scale: only the hub knows what that said.
struct Claim {
    scale: Scale,
    reading: u64,
    command: CommandId,
}

impl Claim {
    fn of(scale: Option<Scale>, envelope: &CommandEnvelope) -> Option<Self> {
        let Command::WeighItem { scale: Some(claim), .. } = &envelope.command else { return None };
        Some(Self { scale: scale?, reading: claim.reading, command: envelope.command_id })
    }

    /// What the scale said, as far as it is remembered.
    fn take(&self) -> Result<Option<Claimed>, RefusalCode> {
        self.scale.claim(self.reading, self.command)
    }

    /// The command was refused: nothing is sold by the reading.
    fn give_back(&self) {
        self.scale.give_back(self.reading, self.command);
    }
}

/// Which command of which basket is meant.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneCommand {
    /// The basket.
    #[param(value_type = openapi::Id)]
    transaction: TransactionId,
    /// The command.
    #[param(value_type = openapi::Id)]
    command: CommandId,
}

/// What a command did, if the basket has taken it in.
///
/// # Errors
/// `not_found` where it has not.
#[utoipa::path(
    tag = "register",
    params(OneCommand),
    responses((
        status = 200,
        description = "What it did then, and the register as it is now",
        body = openapi::CommandAnswer,
    )),
    extensions(("x-problem-codes" = json!(["not_a_workstation", "not_found", "journal_failed"]))),
)]
#[get("/register/commands/{transaction}/{command}")]
pub async fn outcome(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    one: web::Path<OneCommand>,
) -> Result<HttpResponse, Problem> {
    let OneCommand { transaction, command: id } = one.into_inner();
    let store = training::here(&store, &at.session);
    let register = at.register(&store, &request)?;
    let view = register.query.send(RegisterQuery).await;
    let view = view.map_err(|_| Problem::stopping(&request))?;
    let workstation = at.workstation.clone();
    let found =
        store.reader.read(move |reader| translate::absorbed(reader, &workstation, transaction, id));
    let found = found.await.map_err(|_| Problem::stopping(&request))?;
    let found = found.map_err(|error| Problem::reading(&request, &error))?;
    let Some(absorbed) = found else { return Err(Problem::not_found(&request)) };
    let answer = CommandAnswer { command_id: id, repeated: true, outcome: absorbed.outcome, view };
    Ok(HttpResponse::Ok().json(answer))
}

/// Of which register.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneRegister {
    /// The workstation: the browser's own.
    #[param(value_type = openapi::TextId)]
    workstation: WorkstationId,
}

/// Why the register's basket costs what it costs: what every unit took part in, what each
/// promotion that is used is worth, and why each other that concerns the basket is not.
///
/// Worked out when it is asked, beside the registers' work.
///
/// # Errors
/// `no_basket` where none is open; `forbidden` at another workstation than the browser's own.
#[utoipa::path(
    tag = "register",
    params(OneRegister),
    responses((status = 200, description = "The reasons", body = openapi::Explanation)),
    extensions(("x-problem-codes" = json!([
        "not_a_workstation", "forbidden", "no_basket", "bad_amount", "journal_failed",
    ]))),
)]
#[get("/register/{workstation}/explanation")]
pub async fn explanation(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    one: web::Path<OneRegister>,
) -> Result<HttpResponse, Problem> {
    if one.workstation != at.workstation {
        return Err(Problem::plain(&request, "forbidden"));
    }
    let store = training::here(&store, &at.session);
    let basket = at.register(&store, &request)?.basket.send(BasketQuery).await;
    let basket = basket.map_err(|_| Problem::stopping(&request))?;
    let workstation = at.workstation.clone();
    let refused = |code: RefusalCode| Problem::refused(&request, &code.into());
    let basket = basket.ok_or_else(|| refused(RefusalCode::NoBasket))?;
    let explanation = store.explanations.send(ExplanationQuery { workstation, ask: basket }).await;
    let explanation = explanation.map_err(|_| Problem::stopping(&request))?;
    Ok(HttpResponse::Ok().json(explanation.map_err(refused)?))
}

enum Kind {
    Scan,
    Complete,
    Other,
}

impl Kind {
    const fn of(command: &Command) -> Self {
        match command {
            Command::ScanItem { .. } | Command::KeyItem { .. } => Self::Scan,
            Command::Complete => Self::Complete,
            _ => Self::Other,
        }
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Complete => "complete",
            Self::Other => "other",
        }
    }
}
