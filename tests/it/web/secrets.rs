//! What the log must never have.

use serde_json::json;

use super::running::{CASHIER_PIN, Hub, MANAGER_PIN, claim, sign_in};

#[test]
fn the_log_of_a_day_has_no_names_no_pins_and_no_secrets() {
    let mut hub = Hub::start_with(&[("HUB_LOG__LEVEL", "trace")]);
    hub.set_up_people();
    let mut secrets = vec![hub.setup_code().to_owned()];
    for (mut browser, workstation) in [(hub.browser(), "1"), (hub.encrypted_browser(), "2")] {
        assert_eq!(claim(&mut browser, workstation).status, 200);
        assert_eq!(sign_in(&mut browser, "m1", "777123").status, 401);
        assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
        secrets.extend(browser.cookies.values().cloned());
        browser.post("/api/v1/operators", &json!({ "id": "c2", "name": "陳美麗", "pin": 1 }));
        assert_eq!(browser.ask("DELETE", "/api/v1/session", None).status, 204);
    }
    hub.restart();
    let log = hub.log();
    assert!(log.contains("journal open") && log.contains("closing"), "this is the log: {log}");
    let names = ["林經理", "王小明", "陳美麗"].map(str::to_owned);
    secrets
        .extend(names.into_iter().chain([MANAGER_PIN, CASHIER_PIN, "777123"].map(str::to_owned)));
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} stands in the log");
    }
}

#[test]
fn no_secret_is_kept_as_it_is() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut browser = hub.browser();
    assert_eq!(claim(&mut browser, "1").status, 200);
    assert_eq!(sign_in(&mut browser, "c1", CASHIER_PIN).status, 200);
    let mut read = 0;
    for entry in std::fs::read_dir(hub.directory()).unwrap() {
        let Ok(bytes) = std::fs::read(entry.unwrap().path()) else { continue };
        read += bytes.len();
        for secret in browser.cookies.values().map(String::as_str).chain([CASHIER_PIN]) {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{secret} is on the disk");
        }
    }
    assert!(read > 10_000, "the journal was read: {read} bytes");
}
