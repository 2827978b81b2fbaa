//! Devices: those of headquarters over those of a screen over those of the settings.

use store_core::device::Device;
use store_core::policy::Part;
use store_core::{TerminalId, WorkstationId};

use super::*;
use crate::peripherals::{SetDevicesError, Source};
use crate::places;

fn ids(hub: &RunningHub) -> Vec<String> {
    hub.store.peripherals.devices().all().iter().map(|device| device.id.to_string()).collect()
}

fn settings(devices: &str) -> [(&'static str, String); 1] {
    [("settings.json", format!(r#"{{"devices":{devices}}}"#))]
}

fn printer(id: &str) -> Vec<Device> {
    let text = format!(r#"[{{"id":"{id}","kind":"receipt_printer","port":"simulated"}}]"#);
    serde_json::from_str(&text).unwrap()
}

async fn in_force(hub: &RunningHub, version: u64) {
    until(|| standing(hub, version) == "in_force ").await;
}

#[actix_web::test]
async fn headquarters_decides_the_devices_and_what_was_set_on_a_screen_comes_back_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let (before, chosen) = (ids(&hub), hub.store.devices.clone());
    assert_eq!(chosen.source(), Source::Settings);
    chosen.set(&hub.store, printer("own")).await.unwrap();
    assert_eq!((chosen.source(), ids(&hub)), (Source::Screen, vec!["own".to_owned()]));
    assert_ne!(before, ids(&hub));

    let decided = r#"[
        {"id":"hq","kind":"receipt_printer","port":"simulated"},
        {"id":"edc","kind":"card_terminal","port":"simulated","registers":[1]},
        {"id":"far","kind":"scale","port":"serial:/dev/scale","registers":[60]}
    ]"#;
    deliver(&hub, 1, &settings(decided), false);
    in_force(&hub, 1).await;
    assert_eq!(chosen.source(), Source::Headquarters);
    assert_eq!(ids(&hub), ["hq", "edc"], "the store has no register 60");
    let terminals = hub.store.shelf.rules().terminals.clone();
    let first = WorkstationId::new("1").unwrap();
    assert_eq!(terminals.get(&first), Some(&TerminalId::new("edc").unwrap()));
    assert!(hub.store.policy.decided().contains(&Part::Settings));
    let refused = chosen.set(&hub.store, printer("mine")).await;
    assert!(matches!(refused, Err(SetDevicesError::Decided)), "{refused:?}");
    assert_eq!(ids(&hub), ["hq", "edc"]);

    // What only a driver finds wrong is said, and keeps no store from its own devices.
    let odd = r#"[{"id":"hq","kind":"receipt_printer","port":"simulated","profile":"robot"}]"#;
    deliver(&hub, 2, &settings(odd), false);
    in_force(&hub, 2).await;
    assert!(chosen.fault().unwrap().contains("profile"), "{:?}", chosen.fault());
    assert_eq!((chosen.source(), ids(&hub)), (Source::Screen, vec!["own".to_owned()]));
    assert!(hub.store.shelf.rules().terminals.is_empty());
    let twice = r#"[{"id":"a","kind":"scale","port":"x"},{"id":"a","kind":"scale","port":"x"}]"#;
    deliver(&hub, 3, &settings(twice), false);
    assert!(standing(&hub, 3).contains("bad_devices"), "{}", standing(&hub, 3));

    deliver(&hub, 4, &settings("[]"), false);
    in_force(&hub, 4).await;
    assert_eq!(chosen.fault(), None);
    hub.stop().await;
}

#[actix_web::test]
async fn what_was_set_holds_after_a_restart_and_a_spoilt_file_stops_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let before = ids(&hub);
    let rules = hub.store.shelf.in_force().revision;
    hub.store.devices.set(&hub.store, printer("own")).await.unwrap();
    assert_eq!(hub.store.shelf.in_force().revision, rules, "no terminal is another");
    let odd = serde_json::from_str(r#"[{"id":"a","kind":"scale"}]"#).unwrap();
    let refused = hub.store.devices.set(&hub.store, odd).await;
    assert!(matches!(refused, Err(SetDevicesError::Fault(_))), "{refused:?}");
    assert_eq!(ids(&hub), ["own"], "nothing was changed");
    hub.stop().await;
    let hub = self::hub(&dir).await;
    assert_eq!(ids(&hub), ["own"]);
    hub.stop().await;
    std::fs::write(places::devices(dir.path()), "[{").unwrap();
    let hub = self::hub(&dir).await;
    assert_eq!(ids(&hub), before);
    assert!(hub.store.devices.fault().is_some());
    hub.stop().await;
}
