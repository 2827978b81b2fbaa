//! The live stream: one per browser, whole views, at most the latest one waiting.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use cloud_bridge::LinkStatus;
use futures_util::stream::{self, Stream};
use hq_wire::link::v1::Waiting;
use serde::Serialize;
use serde_json::json;
use store_actors::AlertEntry;
use store_core::register::{Phase, RegisterView};
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::devices::seen_by;
use super::live_counter::{Counter, Heard};
use crate::access::{AnySession, Session, SessionWatch};
use crate::http::problem::Problem;
use crate::peripherals::DeviceView;
use crate::store::Store;
use crate::wiring::training;

/// How often a quiet stream says that it is alive; a page gives up after three.
pub(super) const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(250);

struct Live {
    /// The store that the session began with.
    real: web::Data<Store>,
    /// The one that it works in now.
    store: web::Data<Store>,
    session: Session,
    ends: SessionWatch,
    view: Option<watch::Receiver<Arc<RegisterView>>>,
    alerts: broadcast::Receiver<AlertEntry>,
    link: Option<LinkWatch>,
    suspended: watch::Receiver<u64>,
    devices: watch::Receiver<Arc<Vec<DeviceView>>>,
    counter: Counter,
    stopping: watch::Receiver<bool>,
    heartbeat: Interval,
    is_first: bool,
    is_over: bool,
}

impl Live {
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        if self.is_first {
            self.is_first = false;
            if let Some(view) = &mut self.view {
                let latest = view.borrow_and_update().clone();
                return Some(seen(&self.store, &self.session, &latest));
            }
        }
        let heard = tokio::select! {
            biased;
            notice = self.ends.ended() => {
                self.is_over = true;
                Some(event("notice", &json!({ "code": notice })))
            }
            _ = self.stopping.wait_for(|stopping| *stopping) => {
                self.is_over = true;
                Some(event("notice", &json!({ "code": "stopping" })))
            }
            latest = changed(&mut self.view) => Some(seen(&self.store, &self.session, &latest)),
            alert = self.alerts.recv() => Some(match alert {
                Ok(alert) => event("alert", &alert),
                // Too slow for every change: the page reads the board again.
                Err(_) => event("alert", &json!({ "reload": true })),
            }),
            Ok(()) = self.suspended.changed() => {
                self.suspended.borrow_and_update();
                Some(event("suspended", &json!({})))
            }
            link = told(&mut self.link) => Some(event("link", &link)),
            Ok(()) = self.devices.changed() => {
                let board = self.devices.borrow_and_update().clone();
                Some(event("devices", &seen_by(&self.store, &self.session, &board)))
            }
            heard = self.counter.heard() => Some(match heard {
                Heard::Scan(scan) => event("scan", &scan),
                Heard::Scale(scale) => event("scale", &scale),
            }),
            // Also because a session that nobody uses runs out without a word.
            _ = self.heartbeat.tick() => None,
        };
        Some(heard.unwrap_or_else(|| self.beat()))
    }

    /// Says that the stream is alive, or what there is to say instead.
    fn beat(&mut self) -> Bytes {
        self.counter.look();
        if !self.store.access.is_open(&self.session) {
            self.is_over = true;
            event("notice", &json!({ "code": "session_ended" }))
        } else if let Some(view) = self.moved() {
            seen(&self.store, &self.session, &view)
        } else {
            let boot = self.store.clock.now(None).boot;
            event("heartbeat", &json!({ "boot": boot }))
        }
    }

    /// Follows the session where it has gone into training or out of it; answers the view of the
    /// register there.
    fn moved(&mut self) -> Option<Arc<RegisterView>> {
        let here = training::here(&self.real, &self.session);
        if here.is_training == self.store.is_training {
            return None;
        }
        self.suspended = here.suspended.clone();
        self.view = view_of(&here, &self.session);
        self.store = here;
        self.view.as_mut().map(|view| view.borrow_and_update().clone())
    }
}

/// The views of the session's register; none where its browser is not one.
fn view_of(store: &Store, session: &Session) -> Option<watch::Receiver<Arc<RegisterView>>> {
    let workstation = session.workstation.as_ref()?;
    store.register(workstation).map(|register| register.view.clone())
}

/// The register, or as much of it as may be known before a locked screen.
fn seen(store: &Store, session: &Session, view: &RegisterView) -> Bytes {
    if store.access.is_locked(session) {
        return event("locked", &Behind::of(view));
    }
    event("view", view)
}

/// What a locked screen says of its register.
#[derive(Debug, Serialize)]
struct Behind<'a> {
    phase: Phase,
    has_basket: bool,
    notices: &'a [&'static str],
}

impl<'a> Behind<'a> {
    fn of(view: &'a RegisterView) -> Self {
        Self { phase: view.phase, has_basket: view.basket.is_some(), notices: &view.notices }
    }
}

/// What the link says, where the store has one, or should have.
struct LinkWatch {
    status: watch::Receiver<LinkStatus>,
    fault: Option<&'static str>,
    told: Option<LinkView>,
}

impl LinkWatch {
    fn of(store: &Store) -> Option<Self> {
        let status = match (&store.link, store.link_fault) {
            (Some(link), _) => link.status(),
            (None, Some(_)) => watch::channel(LinkStatus::default()).1,
            (None, None) => return None,
        };
        Some(Self { status, fault: store.link_fault, told: None })
    }
}

/// The link as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct LinkView {
    is_connected: bool,
    /// Sales that headquarters has not acknowledged.
    sales: u64,
    /// When the oldest row that waits was written, in milliseconds since 1970.
    since_ms: Option<i64>,
    /// Why there is no link until the hub starts again, as a code.
    fault: Option<&'static str>,
}

impl LinkView {
    fn of(status: &LinkStatus, fault: Option<&'static str>) -> Self {
        let Waiting { sales, since_ms, .. } = status.waiting;
        Self { is_connected: status.is_connected, sales, since_ms, fault }
    }
}

/// The next that screens have not been told of the link; never, where there is none.
async fn told(link: &mut Option<LinkWatch>) -> LinkView {
    if let Some(LinkWatch { status, fault, told }) = link {
        loop {
            let now = LinkView::of(&status.borrow_and_update(), *fault);
            if told.as_ref() != Some(&now) {
                *told = Some(now.clone());
                return now;
            }
            if status.changed().await.is_err() {
                break;
            }
        }
    }
    std::future::pending().await
}

/// The next view of the register; never, where the browser is not one.
async fn changed(view: &mut Option<watch::Receiver<Arc<RegisterView>>>) -> Arc<RegisterView> {
    if let Some(view) = view
        && view.changed().await.is_ok()
    {
        return view.borrow_and_update().clone();
    }
    std::future::pending().await
}

pub(super) fn event(name: &str, data: &impl Serialize) -> Bytes {
    // What goes out here always has a JSON form; compact JSON has no line breaks.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// Answers with events for as long as they come; nothing on the way may keep or gather them.
pub(super) fn streamed(
    all: impl Stream<Item = Result<Bytes, actix_web::Error>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(all)
}

fn stream_of(live: Live) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream::unfold(live, |mut live| async move {
        let bytes = live.next().await?;
        Some((Ok(bytes), live))
    })
}

/// Server-sent events: `view`, `locked`, `heartbeat`, `alert`, `link`, `suspended`, `devices`,
/// `scan`, `scale`, `notice`.
///
/// `view` is a whole `RegisterView`, sent first and at every change; while the screen is locked
/// `locked` comes instead, `{"phase": …, "has_basket": …, "notices": […]}`, and the register is to
/// be read when it is unlocked; `heartbeat` comes four times
/// a second; `alert` is an alert of safety stock, or `{"reload": true}` where some were missed;
/// `link` is `{"is_connected": …, "sales": …, "since_ms": …, "fault": …}`, first and at every
/// change, where the store is linked to headquarters: sales that wait for it, and since when
/// something waits; `fault` says, as a code, why the link file cannot be used, and is `null` where
/// it can;
/// `devices` is how all peripherals are, as `GET /devices` says it, first and at every change;
/// `scan` is what a scanner at a port of the hub read for this register, `{"scanner": …, "code": …,
/// "number": …}`, once and never again: a page takes it as a scan of its own;
/// `scale` is what the register's scale shows, `{"reading": …, "state": …, "weight": …}`, first and
/// at every change;
/// `suspended` says that the baskets which lie aside are others now, and is to be read again;
/// `notice` is `{"code": …}` and the last: `session_ended`, `workstation_taken_over`, `stopping`.
///
/// # Errors
/// Where there is no session.
#[utoipa::path(
    tag = "live",
    responses((
        status = 200,
        description = "The stream",
        body = String,
        content_type = "text/event-stream",
    )),
)]
#[get("/live")]
pub async fn events(
    store: web::Data<Store>,
    AnySession(session): AnySession,
) -> Result<HttpResponse, Problem> {
    let here = training::here(&store, &session);
    let view = view_of(&here, &session);
    let mut devices = store.peripherals.board().watch();
    devices.mark_changed();
    let mut heartbeat = interval(HEARTBEAT_INTERVAL);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let live = Live {
        ends: store.access.watch(&session),
        alerts: store.alerts.changes(),
        link: LinkWatch::of(&store),
        counter: Counter::of(&store, &session),
        suspended: here.suspended.clone(),
        devices,
        stopping: store.stopping.clone(),
        store: here,
        real: store.clone(),
        session,
        view,
        heartbeat,
        is_first: true,
        is_over: false,
    };
    Ok(streamed(stream_of(live)))
}
