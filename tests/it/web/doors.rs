//! Set-up, claims and sessions: each once, whoever comes at the same time.

use std::sync::{Arc, mpsc};
use std::thread;

use hub::clock::SystemClock;
use hub::settings::{self, Flags};
use hub::wiring::{self, StartOptions};

use super::client::{Browser, read_answer, read_until};
use super::running::{Hub, MANAGER_PIN, claim, set_up, sign_in};
use crate::support;

#[test]
fn a_second_claim_takes_over_and_the_first_browser_is_told() {
    let hub = Hub::start();
    hub.set_up();
    let (mut first, mut second) = (hub.browser(), hub.browser());
    assert_eq!(claim(&mut first, "2").json()["took_over"], false);
    assert_eq!(sign_in(&mut first, "m1", MANAGER_PIN).json()["workstation"], "2");
    let mut live = first.stream("/api/v1/live");
    read_until(&mut live, "event: heartbeat");

    assert_eq!(claim(&mut second, "2").json()["took_over"], true);
    read_until(&mut live, "workstation_taken_over");
    assert_eq!(first.get("/api/v1/session").code(), "workstation_taken_over");
    assert_eq!(first.get("/api/v1/sign-in").json()["workstation"], serde_json::Value::Null);
    assert_eq!(second.get("/api/v1/sign-in").json()["workstation"], "2");
}

/// Runs the same thing from several browsers at once.
fn at_once<T: Send>(hub: &Hub, run: impl Fn(usize, &mut Browser) -> T + Sync) -> Vec<(T, Browser)> {
    let gate = std::sync::Barrier::new(6);
    thread::scope(|scope| {
        let one = |index| {
            let (gate, run) = (&gate, &run);
            scope.spawn(move || {
                let mut browser = hub.browser();
                gate.wait();
                let outcome = run(index, &mut browser);
                (outcome, browser)
            })
        };
        let threads: Vec<_> = (0..6).map(one).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn of_claims_at_once_one_browser_is_the_workstation_and_each_but_the_first_took_over() {
    let hub = Hub::start();
    hub.set_up();
    let claims = at_once(&hub, |_, browser| {
        let answer = claim(browser, "1");
        (answer.status, answer.text())
    });
    let locked_out = claims.iter().filter(|((status, _), _)| *status == 429).count();
    let claimed: Vec<_> = claims.iter().filter(|((status, _), _)| *status == 200).collect();
    assert_eq!(claimed.len() + locked_out, claims.len(), "{:?}", claims[0].0);
    let first = claimed.iter().filter(|((_, text), _)| text.contains("\"took_over\":false"));
    assert_eq!(first.count(), 1);
    let is_it =
        |browser: &Browser| browser.clone().get("/api/v1/sign-in").json()["workstation"] == "1";
    assert_eq!(claimed.iter().filter(|(_, browser)| is_it(browser)).count(), 1);
}

#[test]
fn the_set_up_code_makes_one_manager_however_many_use_it_at_once() {
    let hub = Hub::start();
    let code = hub.setup_code();
    let tries = at_once(&hub, |index, browser| set_up(browser, code, &format!("m{index}")).status);
    let made: Vec<u16> = tries.iter().map(|(status, _)| *status).collect();
    assert_eq!(made.iter().filter(|status| **status == 201).count(), 1, "{made:?}");
    let winner = made.iter().position(|status| *status == 201).unwrap();
    let mut manager = hub.browser();
    assert_eq!(sign_in(&mut manager, &format!("m{winner}"), MANAGER_PIN).status, 200);
    let people = manager.get("/api/v1/operators").json();
    assert_eq!(people.as_array().unwrap().len(), 1, "{people}");
    assert_eq!(set_up(&mut hub.browser(), code, "late").code(), "already_set_up");
}

#[test]
fn a_start_before_the_set_up_prints_another_code_and_the_old_one_is_worthless() {
    let mut hub = Hub::start();
    let old = hub.setup_code().to_owned();
    hub.restart();
    assert_ne!(hub.setup_code(), old);
    assert_eq!(set_up(&mut hub.browser(), &old, "m1").code(), "bad_credentials");
    hub.set_up();
    hub.restart();
    assert!(!hub.greeting().contains("set-up code"), "{}", hub.greeting());
    assert_eq!(sign_in(&mut hub.browser(), "m1", MANAGER_PIN).status, 200);
}

#[test]
fn signing_in_gives_a_new_secret_and_ends_the_old_session() {
    let hub = Hub::start();
    hub.set_up();
    let mut browser = hub.browser();
    browser.cookies.insert("hub_session".to_owned(), "chosen-by-somebody-else".to_owned());
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    let old = browser.clone();
    assert_ne!(old.cookies["hub_session"], "chosen-by-somebody-else");
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    assert_ne!(old.cookies["hub_session"], browser.cookies["hub_session"]);
    assert_eq!(old.clone().get("/api/v1/session").code(), "not_signed_in");
    assert_eq!(browser.get("/api/v1/session").status, 200);
}

#[test]
fn a_live_stream_ends_with_its_session() {
    let hub = Hub::start();
    hub.set_up();
    let mut browser = hub.browser();
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    let mut live = browser.stream("/api/v1/live");
    read_until(&mut live, "event: heartbeat");
    let old = browser.clone();
    assert_eq!(browser.ask("DELETE", "/api/v1/session", None).status, 204);
    read_until(&mut live, "session_ended");
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut live, &mut rest).unwrap();
    assert!(!rest.contains("heartbeat"), "{rest}");
    assert_eq!(old.clone().get("/api/v1/session").code(), "not_signed_in");
}

#[test]
fn a_cookie_of_a_session_that_ran_out_opens_nothing() {
    let hub = Hub::start_with(&[("HUB_SESSIONS__WORKSTATION_IDLE_MINUTES", "0")]);
    hub.set_up();
    let mut browser = hub.browser();
    assert_eq!(claim(&mut browser, "1").status, 200);
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    assert_eq!(browser.get("/api/v1/session").code(), "not_signed_in");
}

/// Starts a hub in this process, where a session may live for less than a minute.
fn with_short_sessions(idle_ms: i64, test: impl FnOnce(Browser, &str)) {
    let directory = support::temp_dir("short-sessions");
    let mut settings = settings::load(&Flags::default()).unwrap();
    settings.data.dir = directory.path().to_owned();
    settings.http.listen = std::net::Ipv4Addr::LOCALHOST.into();
    (settings.http.port, settings.http.tls_port) = (0, None);
    settings.sessions.roaming_idle_ms = idle_ms;
    let clock = SystemClock::start(&settings.store.time_zone, None).unwrap();
    let options = StartOptions::new(Arc::new(settings), Arc::new(clock));
    let (started, hub) = mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let hub = wiring::start(options).await.unwrap();
            started.send((hub.server.plain, hub.setup_code.clone().unwrap())).unwrap();
            let _ = stopped.await;
            hub.stop().await;
        });
    });
    let (address, code) = hub.recv().unwrap();
    test(Browser::plain(address), &code);
    stop.send(()).unwrap();
    running.join().unwrap();
}

#[test]
fn a_live_stream_ends_when_nobody_uses_its_session_any_more() {
    with_short_sessions(2_000, |mut browser, code| {
        assert_eq!(set_up(&mut browser, code, "m1").status, 201);
        // On a slow machine a session may run out before its stream is open.
        let mut live = loop {
            assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
            let mut live = browser.stream("/api/v1/live");
            if read_answer(&mut live).unwrap().status == 200 {
                break live;
            }
        };
        read_until(&mut live, "session_ended");
    });
}
