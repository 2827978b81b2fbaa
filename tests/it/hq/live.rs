//! The live stream, and what is said of the process.

use std::time::Instant;

use super::mosquitto::{self, Client, birth};
use super::running::Hq;
use crate::web::client::{Browser, read_until};

#[test]
fn the_whole_view_comes_first_then_every_change_and_the_end_is_said() {
    if !mosquitto::is_there() {
        return;
    }
    let mut hq = Hq::start();
    let mut browser = hq.administrator();
    let mut stream = browser.stream("/api/v1/live");
    let first = read_until(&mut stream, "event: view");
    assert!(!first.contains("event: notice"), "{first}");
    let view = read_until(&mut stream, "\n\n");
    assert!(view.contains("\"stores\":[{\"store\":\"S-1\""), "{view}");
    read_until(&mut stream, "event: heartbeat");
    Client::of(&hq, "S-1").publish("v1/chain/S-1/status", &birth(), true);
    read_until(&mut stream, "\"online\":true");
    assert_eq!(browser.ask("DELETE", "/api/v1/session", None).status, 204);
    read_until(&mut stream, "{\"code\":\"session_ended\"}");

    let mut stream = hq.browser_of("a1").stream("/api/v1/live");
    read_until(&mut stream, "event: view");
    hq.ask_to_stop();
    read_until(&mut stream, "{\"code\":\"stopping\"}");
    let asked = Instant::now();
    assert!(hq.stop().success());
    println!("closed {} ms after the last stream", asked.elapsed().as_millis());
}

#[test]
fn a_reader_of_a_part_follows_that_part() {
    let hq = Hq::start();
    hq.set_up_people();
    let mut stream = hq.browser_of("r1").stream("/api/v1/live?day=2026-11-24");
    read_until(&mut stream, "event: view");
    let view = read_until(&mut stream, "\n\n");
    assert!(view.contains("S-1") && !view.contains("S-2"), "{view}");
    assert!(view.contains("\"day\":\"2026-11-24\""), "{view}");
}

#[test]
fn a_session_that_opens_too_many_views_loses_the_oldest_and_nobody_elses() {
    let hq = Hq::start();
    hq.set_up_people();
    let (reader, other) = (hq.browser_of("c1"), hq.browser_of("c1"));
    let open = |browser: &Browser| {
        let mut stream = browser.stream("/api/v1/live");
        read_until(&mut stream, "event: view");
        stream
    };
    let mut of_other = open(&other);
    let mut streams: Vec<_> = (0..8).map(|_| open(&reader)).collect();
    read_until(&mut streams[0], "event: heartbeat");
    let mut ninth = open(&reader);
    read_until(&mut streams[0], "{\"code\":\"too_many_views\"}");
    for stream in streams[1..].iter_mut().chain([&mut ninth, &mut of_other]) {
        let goes_on = read_until(stream, "event: heartbeat");
        assert!(!goes_on.contains("notice"), "{goes_on}");
    }
}

#[test]
fn figures_and_readiness_are_for_whoever_watches_the_machine() {
    let hq = Hq::start();
    let mut browser = hq.browser();
    assert_eq!(browser.get("/healthz").text(), "ok\n");
    assert_eq!(browser.get("/readyz").text(), "ready\n");
    let figures = browser.get("/metrics").text();
    for (name, help) in hq::metrics::METRICS {
        assert!(figures.contains(&format!("# HELP {name} {help}\n")), "{name}: {figures}");
    }
    assert!(figures.contains("hq_store_online{store=\"S-1\"} 0\n"), "{figures}");
}
