//! Devices that cannot be started.

use std::fs;

use serde_json::json;

use super::wait_for;
use crate::api::basket;
use crate::api::browser::{Browser, new_id};
use crate::api::hub::Hub;
use crate::support;

#[test]
fn a_device_that_cannot_be_started_is_shown_with_its_reason_and_works_once_it_can() {
    let dir = support::temp_dir("not-started");
    let store = dir.path().join("store");
    fs::create_dir_all(&store).unwrap();
    // Where the lines of simulated devices are to be there is a file.
    fs::write(store.join("simulated"), "").unwrap();
    let devices = r#"[{id="scale",kind="scale",port="simulated"}]"#;
    let hub = Hub::start_with(&store, &[("HUB_DEVICES", devices)]);
    let browser = Browser::at_work(&hub);
    let shown = || browser.get("/api/v1/devices").json()[1].clone();
    wait_for("it is away", || shown()["condition"] == "absent");
    let (was, reason) = (shown(), shown()["reason"].as_str().unwrap().to_owned());
    assert!(!reason.is_empty() && was["works"] == false, "{was}");
    basket::sell(&browser);
    let settings = browser.get("/api/v1/devices/settings").json()["devices"].clone();
    assert_eq!(
        settings.as_array().unwrap().len(),
        1,
        "the printer of the demonstration is no setting"
    );
    let mut more = settings.clone();
    more[0]["min_g"] = json!(20);
    let set = browser.json("PUT", "/api/v1/devices/settings", &more);
    assert_eq!(set.status, 200, "what cannot be started is kept: {}", set.json());
    assert_eq!(shown()["condition"], "absent");

    fs::remove_file(store.join("simulated")).unwrap();
    wait_for("it works", || shown()["condition"] == "ready");
    let load = json!({ "action": "load", "grams": 500 });
    assert_eq!(browser.post("/api/v1/simulators/scale", &load).status, 204);
    let weigh = || browser.post("/api/v1/devices/scale/try", &json!({ "action": "weigh" })).json();
    wait_for("it weighs", || weigh()["weight"].is_object());
}

#[test]
fn why_a_port_does_not_open_and_where_else_one_could_be_is_not_everybodys() {
    let dir = support::temp_dir("ports");
    let devices = r#"[{id="scale",kind="scale",port="serial:/dev/not-plugged-in"}]"#;
    let hub = Hub::start_with(&dir.path().join("store"), &[("HUB_DEVICES", devices)]);
    let manager = Browser::at_work(&hub);
    let scale = |browser: &Browser| browser.get("/api/v1/devices").json()[1].clone();
    wait_for("it is away", || scale(&manager)["condition"] == "absent");
    let reason = scale(&manager)["reason"].as_str().unwrap().to_owned();
    assert!(!reason.is_empty());
    let person = json!({ "id": "c1", "name": "陳小安", "pin": "830264", "role": "cashier" });
    assert_eq!(manager.post("/api/v1/operators", &person).status, 201);
    let cashier = Browser::new(&hub);
    let signed = json!({ "operator": "c1", "pin": "830264", "command_id": new_id() });
    assert_eq!(cashier.post("/api/v1/session", &signed).status, 200);
    // Whoever sells sees that it is away; what the system says of its ports is no help to them.
    assert_eq!(scale(&cashier)["condition"], "absent");
    assert!(scale(&cashier)["reason"].is_null(), "{}", scale(&cashier));
    for port in ["tcp:8.8.8.8:9100", "tcp:127.0.0.1:5432", "tcp:printer.example.com:9100"] {
        let far = json!([{ "id": "front", "kind": "receipt_printer", "port": port }]);
        let refused = manager.json("PUT", "/api/v1/devices/settings", &far);
        assert_eq!((refused.status, refused.code().as_str()), (422, "device_elsewhere"), "{port}");
        assert_eq!(refused.json()["details"]["port"], port);
    }
    let kept = manager.get("/api/v1/devices/settings").json();
    assert_eq!(kept["devices"].as_array().unwrap().len(), 1, "{kept}");
}
