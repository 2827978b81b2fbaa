//! Devices that cannot be started.

use std::fs;

use serde_json::json;

use super::wait_for;
use crate::api::basket;
use crate::api::browser::Browser;
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
