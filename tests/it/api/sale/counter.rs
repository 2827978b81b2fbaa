//! The counter's part of the scripted day.

use serde_json::json;

use super::Witness;

/// What stands on the counter, all of it simulated.
pub(super) fn counter(witness: &Witness, sale: &str) {
    let seen = |method: &str, path: &str| {
        witness.done.borrow_mut().insert((method.to_owned(), path.to_owned()));
    };
    assert_eq!(witness.get("/api/v1/devices", 200)[0]["id"], "receipt");
    let devices = witness.get("/api/v1/devices/settings", 200)["devices"].clone();
    assert_eq!(devices, json!([]), "the printer of the demonstration is nobody's setting");
    witness.ask("PUT", "/api/v1/devices/settings", &devices, 200);
    let nonsense = json!([{ "id": "x", "kind": "scale" }]);
    witness.ask("PUT", "/api/v1/devices/settings", &nonsense, 422);
    let adrift = json!([{ "id": "till", "kind": "cash_drawer", "printer": "gone" }]);
    let refused = witness.ask("PUT", "/api/v1/devices/settings", &adrift, 422);
    assert_eq!(refused["code"], "device_settings");
    assert!(refused["detail"].as_str().unwrap().contains("gone"), "{refused}");
    witness.ask("POST", "/api/v1/devices/receipt/try", &json!({ "action": "beep" }), 200);
    let scan = witness.browser.send("POST", "/api/v1/devices/scan", &[], None);
    assert_eq!(scan.status, 200, "{}", scan.json());
    witness.check("POST", "/api/v1/devices/scan", &scan);
    assert_eq!(witness.get("/api/v1/simulators", 200)[0]["id"], "receipt");
    let mend = json!({ "action": "status", "status": "online" });
    witness.ask("POST", "/api/v1/simulators/receipt", &mend, 204);
    let paper = witness.browser.get("/api/v1/simulators/receipt/paper.png");
    assert_eq!(paper.status, 200);
    seen("GET", "/api/v1/simulators/{id}/paper.png");
    witness.get("/api/v1/print-jobs", 200);
    // Nothing is unknown here: only the refusal is seen.
    let path = format!("/api/v1/print-jobs/{sale}/0/came-out");
    let settled = witness.browser.send("POST", &path, &[], None);
    assert_eq!(settled.status, 404, "{}", settled.json());
    witness.check("POST", &path, &settled);
    seen("POST", "/api/v1/print-jobs/{transaction}/{copy}/came-out");
    // A sale's receipt is printed again elsewhere.
    let path = format!("/api/v1/print-jobs/{sale}/copies");
    let copied = witness.browser.send("POST", &path, &[], None);
    assert_eq!(copied.status, 404, "{}", copied.json());
    witness.check("POST", &path, &copied);
    seen("POST", "/api/v1/print-jobs/{transaction}/copies");
}
