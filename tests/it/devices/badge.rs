//! A badge at a scanner of the hub's ports, where nobody is signed on.

use serde_json::json;

use super::counter::Counter;
use super::live::Live;
use super::wait_for;
use crate::api::browser::{Browser, new_id};

#[test]
fn a_badge_reaches_the_register_at_which_nobody_is_signed_on_and_nobody_else() {
    let counter = Counter::open("badge");
    let person = counter.first.get("/api/v1/session").json()["operator"]["id"].clone();
    let path = format!("/api/v1/operators/{}/badge", person.as_str().unwrap());
    let badge =
        counter.first.send("POST", &path, &[], None).json()["badge"].as_str().unwrap().to_owned();
    let send = |code: &str| counter.devices.trigger.send(format!("{code}\r").as_bytes());

    let other = Live::of(&counter.hub, &counter.second);
    let other_waiting = Live::before_sign_on(&counter.hub, &counter.second);
    let stranger = Live::before_sign_on(&counter.hub, &Browser::new(&counter.hub));
    let left = counter.first.send("DELETE", "/api/v1/session", &[], None);
    assert_eq!(left.status, 204, "{}", left.json());
    let waiting = Live::before_sign_on(&counter.hub, &counter.first);
    wait_for("the scan is heard", || {
        send(&badge);
        super::wait_within(super::LIMIT / 60, || !waiting.codes().is_empty()).is_some()
    });
    assert_eq!(waiting.codes()[0], badge);
    for elsewhere in [&other, &other_waiting, &stranger] {
        assert_eq!(elsewhere.codes(), [""; 0], "it is for its own register alone");
    }
    assert!(!counter.log().contains(&badge), "it is in no log");
    let sign_in = json!({ "badge": badge, "command_id": new_id() });
    let came = counter.first.post("/api/v1/session", &sign_in);
    assert_eq!(came.status, 200, "{}", came.json());

    // Another browser is the register now: the one before hears nothing any more.
    let claimed = Browser::at_work_at(&counter.hub, "1");
    wait_for("it is told", || waiting.notices() == ["workstation_taken_over"]);
    let before = waiting.codes().len();
    let heard = Live::of(&counter.hub, &claimed);
    wait_for("the scan is heard", || {
        send("4710000000014");
        super::wait_within(super::LIMIT / 60, || !heard.codes().is_empty()).is_some()
    });
    assert_eq!(waiting.codes().len(), before);
}
