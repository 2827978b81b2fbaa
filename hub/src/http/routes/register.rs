//! The register's own routes: how it looks, and what a terminal asks of it.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use store_actors::messages::{Ask, RegisterQuery};
use store_actors::translate;
use store_core::register::{Answer, Command, CommandAnswer, CommandEnvelope, Request};
use store_core::{CommandId, TransactionId};

use crate::access::AtRegister;
use crate::http::problem::Problem;
use crate::store::Store;

/// How the register of this browser looks.
///
/// # Errors
/// Where the browser is not a workstation, or the hub is closing.
#[get("/register")]
pub async fn look(store: web::Data<Store>, at: AtRegister) -> Result<HttpResponse, Problem> {
    let view = at.register(&store)?.query.send(RegisterQuery).await;
    Ok(HttpResponse::Ok().json(view.map_err(|_| Problem::stopping())?))
}

/// Carries out a command.
///
/// # Errors
/// The register's refusal, with its view.
#[post("/register/commands")]
pub async fn carry_out(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    envelope: web::Json<CommandEnvelope>,
) -> Result<HttpResponse, Problem> {
    let started = Instant::now();
    let envelope = envelope.into_inner();
    let kind = Kind::of(&envelope.command);
    let operator = at.session.operator.clone();
    let ask = Ask(Request::Command { operator, envelope });
    let answer = at.register(&store)?.ask.send(ask).await.map_err(|_| Problem::stopping())?;
    store.metrics.command(kind.label(), started.elapsed());
    match answer {
        Ok(Answer::Command(answer)) => {
            if matches!(kind, Kind::Complete) && !answer.repeated {
                store.metrics.sale_committed();
            }
            Ok(HttpResponse::Ok().json(answer))
        }
        Ok(Answer::Register(view)) => Ok(HttpResponse::Ok().json(view)),
        Err(refused) => {
            store.metrics.refusal(refused.refusal.code);
            Err(Problem::refused(&request, &refused.refusal).with_view(&refused.view))
        }
    }
}

/// What a command did, if the basket has taken it in.
///
/// # Errors
/// `not_found` where it has not.
#[get("/register/commands/{transaction}/{command}")]
pub async fn outcome(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
    path: web::Path<(TransactionId, CommandId)>,
) -> Result<HttpResponse, Problem> {
    let (transaction, id) = path.into_inner();
    let register = at.register(&store)?;
    let view = register.query.send(RegisterQuery).await.map_err(|_| Problem::stopping())?;
    let workstation = at.workstation.clone();
    let found =
        store.reader.read(move |reader| translate::absorbed(reader, &workstation, transaction, id));
    let found = found.await.map_err(|_| Problem::stopping())?.map_err(Problem::reading)?;
    let Some(absorbed) = found else { return Err(Problem::not_found(&request)) };
    let answer = CommandAnswer { command_id: id, repeated: true, outcome: absorbed.outcome, view };
    Ok(HttpResponse::Ok().json(answer))
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
