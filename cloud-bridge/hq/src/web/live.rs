//! The live stream: whole views, at most the latest one waiting.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::Hq;
use super::chain::Wish;
use super::problem::Problem;
use super::seats::Seat;
use crate::live::{ViewKey, ViewText};
use crate::people::Session;

/// How often a quiet stream says that it is alive; a page gives up after three.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(250);
/// How often a stream asks whether its session has run out.
const SESSION_INTERVAL: Duration = Duration::from_secs(5);

struct Following {
    hq: web::Data<Hq>,
    session: Session,
    ended: LocalBoxFuture<'static, ()>,
    seat: Seat,
    view: watch::Receiver<ViewText>,
    stopping: watch::Receiver<bool>,
    heartbeat: Interval,
    asked: Instant,
    is_over: bool,
}

/// What a stream waits for.
enum Heard {
    Over(&'static str),
    View(Arc<str>),
    Nothing,
}

impl Following {
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        let heard = tokio::select! {
            biased;
            () = &mut self.ended => Heard::Over("session_ended"),
            () = self.seat.given_away() => Heard::Over("too_many_views"),
            _ = self.stopping.wait_for(|stopping| *stopping) => Heard::Over("stopping"),
            latest = latest(&mut self.view) => Heard::View(latest),
            _ = self.heartbeat.tick() => Heard::Nothing,
        };
        match heard {
            Heard::Over(code) => Some(self.over(code)),
            Heard::View(text) => Some(event("view", &text)),
            Heard::Nothing if self.has_run_out().await => Some(self.over("session_ended")),
            Heard::Nothing => Some(event("heartbeat", "{}")),
        }
    }

    /// Whether the session has run out: one that nobody uses does so without a word.
    async fn has_run_out(&mut self) -> bool {
        if self.asked.elapsed() < SESSION_INTERVAL {
            return false;
        }
        self.asked = Instant::now();
        // Where the database does not answer nobody is thrown out for it.
        self.hq.people.is_open(&self.session).await.is_ok_and(|is_open| !is_open)
    }

    fn over(&mut self, code: &str) -> Bytes {
        self.is_over = true;
        event("notice", &format!("{{\"code\":\"{code}\"}}"))
    }
}

/// The next view.
async fn latest(view: &mut watch::Receiver<ViewText>) -> Arc<str> {
    while view.changed().await.is_ok() {
        if let Some(text) = view.borrow_and_update().clone() {
            return text;
        }
    }
    std::future::pending().await
}

/// An event; compact JSON has no line breaks.
fn event(name: &str, json: &str) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {json}\n\n"))
}

fn stream_of(live: Following) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream::unfold(live, |mut live| async move {
        let bytes = live.next().await?;
        Some((Ok(bytes), live))
    })
}

/// The chain on a day, as it changes.
///
/// Server-sent events: `view`, a whole view of the chain, first and at every change; `heartbeat`
/// four times a second; `notice` is `{"code": …}` and the last: `session_ended`, `stopping`,
/// `too_many_views` where the same session has opened so many others that this one has to end.
#[utoipa::path(
    get, path = "/api/v1/live", tag = "chain", params(Wish),
    responses((
        status = 200,
        description = "Events; the data of `view` is a `ChainView`",
        body = String,
        content_type = "text/event-stream",
    )),
)]
pub(super) async fn events(
    hq: web::Data<Hq>,
    request: HttpRequest,
    session: Session,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let day = wish.into_inner().day(&request)?;
    let ended = Box::pin(hq.people.ended(&session));
    // It may have ended after it was let in, and before it was listened to.
    let is_open = hq.people.is_open(&session).await;
    if !is_open.map_err(|error| Problem::asking(&request, &error))? {
        return Err(Problem::plain(&request, "not_signed_in"));
    }
    let mut view = hq.live.watch(ViewKey { reach: session.reach.clone(), day });
    // What was computed for others is at once there for this one.
    view.mark_changed();
    let mut heartbeat = interval(HEARTBEAT_INTERVAL);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let live = Following {
        ended,
        seat: hq.seats.take(&session.token_hash),
        stopping: hq.stopping.clone(),
        hq: hq.clone(),
        session,
        view,
        heartbeat,
        asked: Instant::now(),
        is_over: false,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(stream_of(live)))
}
