//! Reports of tills of which nobody knows whether they came out.

use devices::printer::PrinterStatus;
use serde_json::{Value, json};
use store_journal::{LedgerReads as _, PrintState, Reader};

use super::simulators::Simulators;
use super::wait_for;
use crate::api::browser::{Browser, new_id, twd};
use crate::api::hub::Hub;
use crate::support;

/// The papers of which nobody knows.
fn unknown(browser: &Browser) -> Vec<Value> {
    let papers = browser.get("/api/v1/print-jobs").json();
    let papers = papers.as_array().unwrap().iter();
    papers.filter(|paper| paper["state"] == "unknown").cloned().collect()
}

/// Asks for an X report, and takes the paper away under it; answers how it stands on the list.
fn lose_x(browser: &Browser, devices: &Simulators) -> Value {
    let front = &devices.front.simulated;
    front.close_gate();
    let x = browser.post("/api/v1/register/till/report", &json!({ "command_id": new_id() }));
    assert_eq!(x.status, 200, "{}", x.json());
    wait_for("it is being printed", || front.is_printing());
    front.set_status(PrinterStatus::PaperOut);
    wait_for("unknown", || !unknown(browser).is_empty());
    front.open_gate();
    front.set_status(PrinterStatus::Online);
    unknown(browser).remove(0)
}

#[test]
fn a_report_that_may_have_come_out_is_printed_again_as_a_copy_or_settled() {
    let dir = support::temp_dir("reports");
    let devices = Simulators::new(dir.path(), None);
    let settings = devices.settings("[1]", "[2]");
    let store = dir.path().join("store");
    let variables = [("HUB_DEVICES", settings.as_str()), ("HUB_TILL__POLICY", "shared")];
    let hub = Hub::start_with(&store, &variables);
    let browser = Browser::at_work(&hub);
    let open = json!({ "command_id": new_id(), "command": { "type": "open", "float": twd(100) } });
    assert_eq!(browser.post("/api/v1/register/till", &open).status, 200);

    let lost = lose_x(&browser, &devices);
    assert_eq!((&lost["number"], &lost["copy"]), (&Value::Null, &json!(0)));
    let name = lost["transaction_id"].as_str().unwrap();
    let copied = browser.post(&format!("/api/v1/print-jobs/{name}/copies"), &Value::Null);
    assert_eq!((copied.status, copied.json()), (202, json!({ "copy": 1 })));
    let reader = Reader::open(&store).unwrap();
    let states = |name: &str| {
        let jobs = reader.print_jobs(name.parse().unwrap()).unwrap();
        jobs.iter().map(|job| job.state).collect::<Vec<_>>()
    };
    let done = [PrintState::Replaced, PrintState::Done];
    wait_for("the copy is out", || states(name) == done);
    assert_eq!(unknown(&browser), Vec::<Value>::new());

    let lost = lose_x(&browser, &devices);
    let name = lost["transaction_id"].as_str().unwrap();
    let path = format!("/api/v1/print-jobs/{name}/0/came-out");
    assert_eq!(browser.send("POST", &path, &[], None).status, 204);
    assert_eq!(states(name), [PrintState::CameOut], "before it is answered");
    assert_eq!(browser.send("POST", &path, &[], None).status, 404, "once");
    let nothing = format!("/api/v1/print-jobs/{}/copies", new_id());
    assert_eq!(browser.post(&nothing, &Value::Null).status, 404);
}
