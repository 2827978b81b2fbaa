//! What a register's browser hears while nobody is signed on there: the scanner, which may read the
//! badge of whoever is coming.

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use serde_json::json;
use store_core::WorkstationId;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::live::{HEARTBEAT_INTERVAL, event, streamed};
use super::live_counter::next_scan;
use crate::http::cookies;
use crate::http::problem::Problem;
use crate::peripherals::ScanHeard;
use crate::store::Store;

struct Waiting {
    store: web::Data<Store>,
    /// What makes the browser this workstation, until another one is.
    secret: String,
    workstation: WorkstationId,
    scans: broadcast::Receiver<ScanHeard>,
    stopping: watch::Receiver<bool>,
    heartbeat: Interval,
    is_over: bool,
}

impl Waiting {
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        let heard = tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stopping| *stopping) => {
                self.is_over = true;
                return Some(event("notice", &json!({ "code": "stopping" })));
            }
            scan = next_scan(&mut self.scans, &self.workstation) => Some(scan),
            _ = self.heartbeat.tick() => None,
        };
        // Also with a scan in hand: a badge is for no browser that is not the register any more.
        if self.store.access.workstation_of(&self.secret).as_ref() != Some(&self.workstation) {
            self.is_over = true;
            return Some(event("notice", &json!({ "code": "workstation_taken_over" })));
        }
        Some(match heard {
            Some(scan) => event("scan", &scan),
            None => event("heartbeat", &json!({ "boot": self.store.clock.now(None).boot })),
        })
    }
}

/// Server-sent events for a browser that is a workstation, whether somebody is signed on or not:
/// `scan`, what a scanner at a port of the hub reads for this register, as on `/live`; `heartbeat`
/// four times a second; `notice` with `{"code": …}` as the last, `stopping` or
/// `workstation_taken_over`. A page listens here before anybody is signed on, so that a badge signs
/// on, and to `/live` from then on.
///
/// # Errors
/// `not_a_workstation` where this browser is none.
#[utoipa::path(
    tag = "live",
    security(()),
    responses((
        status = 200,
        description = "The stream",
        body = String,
        content_type = "text/event-stream",
    )),
    extensions(("x-problem-codes" = json!(["not_a_workstation"]))),
)]
#[get("/workstation/live")]
pub async fn live(store: web::Data<Store>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let secret = cookies::workstation_of(&request);
    let known = secret.and_then(|secret| Some((store.access.workstation_of(&secret)?, secret)));
    let (workstation, secret) =
        known.ok_or_else(|| Problem::plain(&request, "not_a_workstation"))?;
    let mut heartbeat = interval(HEARTBEAT_INTERVAL);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let waiting = Waiting {
        scans: store.peripherals.scans(),
        stopping: store.stopping.clone(),
        store: store.clone(),
        secret,
        workstation,
        heartbeat,
        is_over: false,
    };
    let events = stream::unfold(waiting, |mut waiting| async move {
        let bytes = waiting.next().await?;
        Some((Ok::<_, actix_web::Error>(bytes), waiting))
    });
    Ok(streamed(events))
}
