//! What the store itself may do beside headquarters' policy, asked over HTTP.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;

use clap::Parser as _;
use serde_json::{Value, json};
use service_kit::security::hashing;
use store_core::policy::{Part, People};
use ureq::http::Method;

use super::*;
use crate::cli::Cli;
use crate::commands;
use crate::replay::client::{Connection, Reply};
use crate::settings::Settings;

/// Who looks after the store, and is in every list of people.
const MANAGER: &str = "m1";

/// People as a part of a bundle: the manager alone.
fn manager_alone() -> (&'static str, String) {
    let hash = hashing::hash(PIN).unwrap();
    let manager = json!({ "id": MANAGER, "name": "Wu", "role": "manager", "pin_hash": hash });
    ("people.json", json!({ "people": [manager] }).to_string())
}

/// Does what blocks beside the hub, which runs in this thread.
async fn at<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn url(hub: &RunningHub) -> String {
    hub.server.plain_urls(&[])[0].clone()
}

async fn send(browser: &Arc<Connection>, method: Method, path: &'static str, body: Value) -> Reply {
    let browser = browser.clone();
    at(move || browser.send(&method, path, &body).unwrap()).await
}

/// A browser that is this workstation, where the manager has signed in.
async fn sign_in(hub: &RunningHub, workstation: &str) -> (Arc<Connection>, Reply) {
    let browser = Arc::new(Connection::new(&url(hub)));
    let path = format!("/api/v1/workstations/{workstation}/claim");
    let (claiming, claim) = (browser.clone(), json!({ "operator": MANAGER, "pin": PIN }));
    let claimed = at(move || claiming.send(&Method::POST, &path, &claim).unwrap()).await;
    assert_eq!(claimed.status, 200, "{}", claimed.body);
    let body = json!({ "operator": MANAGER, "pin": PIN, "command_id": Uuid::now_v7() });
    let signed_in = send(&browser, Method::POST, "/api/v1/session", body).await;
    (browser, signed_in)
}

async fn with_manager(hub: &RunningHub) {
    let manager = person(OperatorId::from_static(MANAGER));
    let manager = NewOperator { role: Role::Manager, ..manager };
    hub.store.access.add_operator(manager).await.unwrap();
}

#[actix_web::test]
async fn what_headquarters_decides_cannot_be_changed_in_the_store_and_the_rest_can() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    with_manager(&hub).await;
    let (browser, _) = sign_in(&hub, "1").await;
    let add = |id: &str| json!({ "id": id, "name": "Lin", "role": "cashier", "pin": PIN });
    let level = json!({
        "item": "D0001",
        "safety_stock": { "amount": "9", "unit": "piece" },
        "clear_at": { "amount": "9", "unit": "piece" },
    });
    let levels = || json!({ "command_id": Uuid::now_v7(), "levels": [level] });
    let mut catalogue = parts(20);
    catalogue.truncate(1);
    deliver(&hub, 1, &catalogue, false);
    until(|| standing(&hub, 1) == "in_force ").await;
    let refused = send(&browser, Method::PUT, "/api/v1/catalogue", json!("any")).await;
    assert_eq!((refused.status, &*refused.code()), (409, "decided_by_hq"));
    assert!(refused.body.contains("Ask headquarters to change it"), "{}", refused.body);
    // What the bundle says nothing of is the store's own.
    assert_eq!(send(&browser, Method::POST, "/api/v1/operators", add("c7")).await.status, 201);
    assert_eq!(send(&browser, Method::PUT, "/api/v1/stock/safety", levels()).await.status, 201);

    let levels_of_hq = parts(20).remove(4);
    deliver(&hub, 2, &[manager_alone(), levels_of_hq], false);
    until(|| standing(&hub, 2) == "in_force ").await;
    // The manager's PIN has another hash there.
    let (browser, signed_in) = sign_in(&hub, "1").await;
    let refused = send(&browser, Method::POST, "/api/v1/operators", add("c8")).await;
    assert_eq!(refused.code(), "decided_by_hq");
    let refused = send(&browser, Method::PUT, "/api/v1/stock/safety", levels()).await;
    assert_eq!(refused.code(), "decided_by_hq");
    let decided = &serde_json::from_str::<Value>(&signed_in.body).unwrap()["decided_by_hq"];
    assert_eq!(*decided, json!(["catalogue.csv", "people.json", "safety_stock.json"]));
    hub.stop().await;

    // From the first moment of the next run on.
    let hub = self::hub(&dir).await;
    assert_eq!(hub.store.policy.check(Part::Catalogue), Err(Part::Catalogue));
    drop(browser);
    hub.stop().await;
}

#[actix_web::test]
async fn a_basket_of_somebody_who_was_removed_in_the_moment_of_the_scan_is_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    with_manager(&hub).await;
    hub.store.access.add_operator(person(cashier())).await.unwrap();
    let mut till = Till::open(&hub.store, "1").await;
    let people = serde_json::from_str(&manager_alone().1).unwrap();
    let people = People::read(&people).unwrap();
    assert_eq!(scan(&mut till).await, "15 TWD");
    // What policy does whose look at the open baskets came just before that scan: it spares nobody.
    hub.store.access.set_people(&people, &BTreeSet::new()).await.unwrap();
    let (browser, signed_in) = sign_in(&hub, "1").await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let view = register_of(&browser).await;
    assert_eq!((&view["operator"]["id"], lines_of(&view)), (&json!(MANAGER), 1));
    assert_eq!(abandon(&mut till, "changed_mind").await, Err(RefusalCode::OtherOperatorSignedOn));
    hub.stop().await;

    // It is theirs after a restart, too, and can be given up.
    let hub = self::hub(&dir).await;
    let (browser, _) = sign_in(&hub, "1").await;
    let view = register_of(&browser).await;
    assert_eq!((&view["operator"]["id"], lines_of(&view)), (&json!(MANAGER), 1));
    let command = json!({
        "command_id": Uuid::now_v7(),
        "transaction_id": view["basket"]["transaction_id"],
        "version": view["basket"]["version"],
        "command": { "type": "abandon", "reason": "changed_mind" },
    });
    let given_up = send(&browser, Method::POST, "/api/v1/register/commands", command).await;
    assert_eq!(given_up.status, 200, "{}", given_up.body);
    hub.stop().await;
}

async fn register_of(browser: &Arc<Connection>) -> Value {
    let browser = browser.clone();
    let reply = at(move || browser.get("/api/v1/register").unwrap()).await;
    serde_json::from_str(&reply.body).unwrap()
}

fn lines_of(view: &Value) -> usize {
    view["basket"]["lines"].as_array().map_or(0, Vec::len)
}

#[actix_web::test]
async fn whoever_may_only_finish_a_basket_can_be_relieved_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    with_manager(&hub).await;
    hub.store.access.add_operator(person(cashier())).await.unwrap();
    let mut till = Till::open(&hub.store, "1").await;
    scan(&mut till).await;
    let (_, refused) = sign_in(&hub, "1").await;
    assert_eq!(refused.code(), "other_operator_signed_on", "a colleague's basket is theirs");
    deliver(&hub, 1, &[manager_alone()], false);
    until(|| standing(&hub, 1).starts_with("waiting somebody")).await;
    let (_, signed_in) = sign_in(&hub, "1").await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    until(|| standing(&hub, 1) == "in_force ").await;
    assert_eq!(hub.store.access.operators().len(), 1);
    hub.stop().await;
}

/// What a store was linked by, and the file with it.
fn link_file(dir: &tempfile::TempDir) -> std::path::PathBuf {
    let public: String = key().public_key().as_ref().iter().map(|it| format!("{it:02x}")).collect();
    let text = format!(
        "broker = \"mqtt://127.0.0.1:1\"\nchain = \"c\"\nstore = \"1\"\nsecret = \"x\"\n\
         policy_key = \"{public}\"\n"
    );
    let path = dir.path().join("link.toml");
    std::fs::write(&path, text).unwrap();
    path
}

async fn linked(dir: &tempfile::TempDir, change: impl FnOnce(&mut Settings)) -> RunningHub {
    let file = dir.path().join("link.toml");
    hub_with(dir, move |settings| {
        settings.link.file = Some(file);
        change(settings);
    })
    .await
}

#[actix_web::test]
async fn a_store_whose_link_file_is_spoilt_opens_and_sells_by_the_policy_it_had_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let file = link_file(&dir);
    let hub = linked(&dir, |_| {}).await;
    deliver(&hub, 1, &parts(20), false);
    until(|| standing(&hub, 1) == "in_force ").await;
    assert!(hub.store.link.is_some());
    hub.stop().await;

    // What would be undone at the next start is refused by the command as well.
    let import = ["hub", "import", "--data-dir", dir.path().to_str().unwrap(), "any.csv"];
    let refused = commands::run(Cli::parse_from(import)).unwrap_err().to_string();
    assert!(refused.contains("headquarters decides the catalogue of this store"), "{refused}");

    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let hub = linked(&dir, |settings| settings.metrics_token = Some("t".repeat(32))).await;
    assert!(hub.store.link.is_none());
    assert_eq!(hub.store.link_fault, Some("link_file_malformed"));
    let figures = hub.store.metrics.text(&hub.store).unwrap();
    assert!(figures.contains("\nhub_link_file_faulty 1\n"), "{figures}");
    let mut till = Till::open(&hub.store, "1").await;
    assert_eq!(scan(&mut till).await, "22 TWD", "with headquarters' price and tax");
    abandon(&mut till, "closed").await.unwrap();
    hub.store
        .access
        .add_operator(NewOperator { role: Role::Manager, ..person(cashier()) })
        .await
        .unwrap();
    let said = at({
        let browser = Connection::new(&url(&hub));
        move || {
            let body = json!({ "operator": "c1", "pin": PIN, "command_id": Uuid::now_v7() });
            browser.send(&Method::POST, "/api/v1/session", &body).unwrap();
            let mut live = browser.stream("/api/v1/live").unwrap();
            let mut text = String::new();
            let mut byte = [0];
            while !(text.contains("event: link") && text.ends_with("\n\n")) {
                live.read_exact(&mut byte).unwrap();
                text.push(char::from(byte[0]));
            }
            text
        }
    })
    .await;
    assert!(said.contains(r#""fault":"link_file_malformed""#), "{said}");
    hub.stop().await;

    // With the file in its place again all of it is as it was.
    std::fs::write(&file, whole).unwrap();
    let hub = linked(&dir, |_| {}).await;
    assert_eq!((hub.store.link.is_some(), hub.store.link_fault), (true, None));
    hub.stop().await;
}

#[actix_web::test]
async fn a_link_file_that_somebody_has_just_named_has_to_hold() {
    let dir = tempfile::tempdir().unwrap();
    let flags = crate::settings::Flags {
        data_dir: Some(dir.path().to_owned()),
        link: Some(dir.path().join("nowhere.toml")),
        ..crate::settings::Flags::default()
    };
    let settings = crate::settings::load(&flags).unwrap();
    let refused = crate::link::enrol(&settings).unwrap_err();
    assert_eq!(refused.code(), "link_file_unreadable");
}

#[actix_web::test]
async fn a_store_that_went_on_in_a_new_stream_says_so_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    link_file(&dir);
    let hub = linked(&dir, |_| {}).await;
    let notices = |hub: &RunningHub| {
        let register = hub.store.registers.values().next().unwrap();
        register.view.borrow().notices.clone()
    };
    assert!(!notices(&hub).contains(&"journal_diverged"));
    let diverge = store_journal::Write::Diverge {
        id: store_core::CommandId::new(Uuid::now_v7()),
        now: hub.store.clock.now(None),
        stream: store_core::StreamId::new(Uuid::now_v7()),
    };
    hub.store.writer.write(diverge).unwrap().unwrap();
    hub.stop().await;
    let hub = linked(&dir, |_| {}).await;
    until(|| notices(&hub).contains(&"journal_diverged")).await;
    hub.stop().await;
}

#[actix_web::test]
async fn a_manager_sees_the_bundle_that_was_refused_until_headquarters_has_mended_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    with_manager(&hub).await;
    let (browser, _) = sign_in(&hub, "1").await;
    let told = async || -> Value {
        let told = send(&browser, Method::GET, "/api/v1/promotions", Value::Null).await;
        assert_eq!(told.status, 200, "{}", told.body);
        serde_json::from_str(&told.body).unwrap()
    };
    deliver(&hub, 1, &[water_at("-1")], false);
    let first = told().await;
    assert_eq!((&first["is_decided_by_hq"], &first["count"]), (&json!(false), &json!(0)));
    assert_eq!(first["refused"][0]["stays"], Value::Null, "{first}");

    deliver(&hub, 2, &[water_at("12")], false);
    until(|| standing(&hub, 2) == "in_force ").await;
    deliver(&hub, 3, &[water_at("-1")], false);
    let faulty = told().await;
    let names = json!([{ "id": "water", "name": { "zh": "水特價", "en": "Water" } }]);
    assert_eq!((&faulty["is_decided_by_hq"], &faulty["in_force"]), (&json!(true), &names));
    let refused = &faulty["refused"];
    assert_eq!((&refused[0]["version"], &refused[0]["stays"]), (&json!(3), &json!(2)), "{refused}");
    let reason = refused[0]["reason"].as_str().unwrap();
    assert!(reason.contains("promotions.json, promotions[1].each.award.price: "), "{reason}");

    deliver(&hub, 4, &[water_at("11")], false);
    until(|| standing(&hub, 4) == "in_force ").await;
    assert_eq!(told().await["refused"], json!([]));
    hub.stop().await;
}
