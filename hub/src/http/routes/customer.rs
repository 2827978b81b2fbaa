//! The customer's screen: paired by a code that the register shows, then fed by a stream.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service_kit::http::caller::Caller;
use store_core::register::RegisterView;
use store_core::{TransactionId, WorkstationId};
use store_journal::AccessChange;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};
use utoipa::ToSchema;

use super::live::{HEARTBEAT_INTERVAL, event, streamed};
use crate::access::AtRegister;
use crate::customer::{CustomerScreen, Showing, generation_key};
use crate::http::cookies;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;

/// How long a customer is thanked.
const THANKS: Duration = Duration::from_secs(20);

#[derive(Serialize, ToSchema)]
struct PairingCode {
    /// Six digits, good for one screen and five minutes.
    code: String,
}

/// A code that makes another browser this register's screen for customers.
///
/// # Errors
/// Where there is no session at a register, or no random number.
#[utoipa::path(
    tag = "customer",
    responses((status = 201, description = "The code", body = PairingCode)),
    extensions(("x-problem-codes" = json!(["not_a_workstation", "internal"]))),
)]
#[post("/register/customer-screen/code")]
pub async fn code(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
) -> Result<HttpResponse, Problem> {
    let random = getrandom::u32().map_err(|_| Problem::plain(&request, "internal"))?;
    let now_ms = store.clock.now(None).monotonic_ms;
    let code = store.pairing.begin(&at.workstation, random, now_ms);
    Ok(HttpResponse::Created().json(PairingCode { code }))
}

/// Sends the screens for customers of this register away: none of them shows it any more.
///
/// # Errors
/// Where there is no session at a register, or it cannot be written down.
#[utoipa::path(
    tag = "customer",
    responses((status = 204, description = "None is paired")),
    extensions(("x-problem-codes" = json!([
        "not_a_workstation", "disk_full", "journal_failed", "stopping",
    ]))),
)]
#[delete("/register/customer-screen")]
pub async fn send_away(
    store: web::Data<Store>,
    request: HttpRequest,
    at: AtRegister,
) -> Result<HttpResponse, Problem> {
    next_generation(&store, &request, &at.workstation).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Begins another generation of a register's screens, which outlasts a restart.
async fn next_generation(
    store: &Store,
    request: &HttpRequest,
    workstation: &WorkstationId,
) -> Result<u64, Problem> {
    let generation = store.pairing.generation(workstation) + 1;
    let key = generation_key(workstation);
    let change = AccessChange::PutSetting { key, value: generation.to_string() };
    let kept = store.access.note(change).await;
    kept.map_err(|denied| Problem::denied(request, &denied))?;
    store.pairing.set_generation(workstation, generation);
    Ok(generation)
}

/// A code that was read off a register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Six digits.
    code: String,
}

#[derive(Serialize, ToSchema)]
struct Paired {
    /// Whose screen it is now.
    #[schema(value_type = openapi::TextId)]
    workstation: WorkstationId,
}

/// Makes this browser the screen of a register, in place of the one before.
///
/// # Errors
/// `bad_pairing_code` where the code is not one that a register shows now, `too_many_requests`
/// where somebody guesses.
#[utoipa::path(
    tag = "customer",
    security(()),
    request_body = Pair,
    responses((status = 201, description = "It is", body = Paired)),
    extensions(("x-problem-codes" = json!([
        "bad_pairing_code", "too_many_requests", "disk_full", "journal_failed", "stopping",
    ]))),
)]
#[post("/customer-screen")]
pub async fn pair(
    store: web::Data<Store>,
    request: HttpRequest,
    body: web::Json<Pair>,
) -> Result<HttpResponse, Problem> {
    let now_ms = store.clock.now(None).monotonic_ms;
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let caller = Caller::of(&request).address.unwrap_or(unknown);
    if !store.online_rate.admits(caller, now_ms) {
        return Err(Problem::plain(&request, "too_many_requests"));
    }
    let workstation = store.pairing.take(body.code.trim(), now_ms);
    let workstation = workstation.ok_or_else(|| Problem::plain(&request, "bad_pairing_code"))?;
    let generation = next_generation(&store, &request, &workstation).await?;
    let secret = store.receipts.keys.screen(&workstation, generation);
    Ok(HttpResponse::Created()
        .cookie(cookies::customer(&request, secret))
        .json(Paired { workstation }))
}

/// The register whose screen a browser is.
fn workstation(store: &Store, request: &HttpRequest) -> Result<WorkstationId, Problem> {
    let secret = cookies::customer_of(request);
    let ours = |workstation: &&WorkstationId| {
        let generation = store.pairing.generation(workstation);
        let expected = store.receipts.keys.screen(workstation, generation);
        secret
            .as_ref()
            .is_some_and(|secret| service_kit::security::token::are_equal(secret, &expected))
    };
    let workstation = store.registers.keys().find(ours).cloned();
    workstation.ok_or_else(|| Problem::plain(request, "not_paired"))
}

/// The views of a register, of the one for training while it is in training.
fn views(store: &Store, at: &WorkstationId) -> Option<watch::Receiver<Arc<RegisterView>>> {
    let room = store.training.at(store, at);
    let here = room.as_ref().map_or(store, |room| room.as_ref());
    here.register(at).map(|register| register.view.clone())
}

/// What the customer sees now.
///
/// # Errors
/// `not_paired` where this browser is no register's screen.
#[utoipa::path(
    tag = "customer",
    security(()),
    responses((status = 200, description = "The whole screen", body = CustomerScreen)),
    extensions(("x-problem-codes" = json!(["not_paired"]))),
)]
#[get("/customer-screen")]
pub async fn screen(
    store: web::Data<Store>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let view = views(&store, &workstation(&store, &request)?);
    let view = view.ok_or_else(|| Problem::plain(&request, "not_paired"))?.borrow().clone();
    Ok(HttpResponse::Ok().json(CustomerScreen::of(&view, false)))
}

/// What a screen's stream woke up for.
enum Heard {
    Stopping,
    /// The register has changed, or is gone.
    View(bool),
    Beat,
}

struct Live {
    store: web::Data<Store>,
    workstation: WorkstationId,
    view: watch::Receiver<Arc<RegisterView>>,
    stopping: watch::Receiver<bool>,
    /// The generation of the register's screens that this one is of.
    generation: u64,
    heartbeat: Interval,
    /// The last sale that this screen knew of before; a later one was made before its eyes.
    known: Option<TransactionId>,
    /// Heartbeats until nobody is thanked any more.
    thanks: u32,
    is_first: bool,
    is_over: bool,
}

impl Live {
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over || self.is_sent_away() {
            return None;
        }
        if self.is_first {
            self.is_first = false;
            return Some(self.shown());
        }
        let heard = tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stopping| *stopping) => Heard::Stopping,
            changed = self.view.changed() => Heard::View(changed.is_ok()),
            _ = self.heartbeat.tick() => Heard::Beat,
        };
        Some(match heard {
            Heard::Stopping => {
                self.is_over = true;
                event("notice", &json!({ "code": "stopping" }))
            }
            Heard::View(is_open) => {
                self.is_over = !is_open;
                self.shown()
            }
            Heard::Beat if self.has_moved() => self.shown(),
            Heard::Beat if self.thanks == 1 => {
                self.thanks = 0;
                self.shown()
            }
            Heard::Beat => {
                self.thanks = self.thanks.saturating_sub(1);
                event("heartbeat", &json!({ "boot": self.store.clock.now(None).boot }))
            }
        })
    }

    /// Follows the register into training and out of it.
    fn has_moved(&mut self) -> bool {
        let Some(view) = views(&self.store, &self.workstation) else { return false };
        if view.same_channel(&self.view) {
            return false;
        }
        self.known = view.borrow().last_sale.as_ref().map(|last| last.transaction_id);
        self.thanks = 0;
        self.view = view;
        true
    }

    fn is_sent_away(&self) -> bool {
        self.store.pairing.generation(&self.workstation) != self.generation
    }

    fn shown(&mut self) -> Bytes {
        let view = self.view.borrow_and_update().clone();
        let last = view.last_sale.as_ref().map(|last| last.transaction_id);
        if last != self.known {
            self.known = last;
            let beats = THANKS.as_millis() / HEARTBEAT_INTERVAL.as_millis();
            self.thanks = u32::try_from(beats).unwrap_or(1);
        }
        let next = CustomerScreen::of(&view, self.thanks > 0);
        if next.showing != Showing::Thanks {
            self.thanks = 0;
        }
        event("screen", &next)
    }
}

/// Server-sent events: `screen`, a whole `CustomerScreen`, first and at every change; `heartbeat`
/// four times a second; `notice` with `{"code": "stopping"}` as the last.
///
/// # Errors
/// `not_paired` where this browser is no register's screen.
#[utoipa::path(
    tag = "customer",
    security(()),
    responses((
        status = 200,
        description = "The stream",
        body = String,
        content_type = "text/event-stream",
    )),
    extensions(("x-problem-codes" = json!(["not_paired"]))),
)]
#[get("/customer-screen/live")]
pub async fn live(store: web::Data<Store>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let workstation = workstation(&store, &request)?;
    let view = views(&store, &workstation);
    let view = view.ok_or_else(|| Problem::plain(&request, "not_paired"))?;
    let generation = store.pairing.generation(&workstation);
    let mut heartbeat = interval(HEARTBEAT_INTERVAL);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let known = view.borrow().last_sale.as_ref().map(|last| last.transaction_id);
    let live = Live {
        stopping: store.stopping.clone(),
        store: store.clone(),
        workstation,
        view,
        generation,
        heartbeat,
        known,
        thanks: 0,
        is_first: true,
        is_over: false,
    };
    let events = stream::unfold(live, |mut live| async move {
        let bytes = live.next().await?;
        Some((Ok::<_, actix_web::Error>(bytes), live))
    });
    Ok(streamed(events))
}
