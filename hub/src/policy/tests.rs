//! A whole hub that takes policy while it sells.

mod in_the_store;
mod plugged_in;

use std::net::Ipv4Addr;

use cloud_bridge::policy::{Identity, Input};
use hq_wire::link::v1::{BundleManifest, BundlePart, PolicyOffer, Signed, sign_manifest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::value::to_raw_value;
use store_core::permission::Role;
use store_core::register::{BasketEvent, Command};
use store_core::till::{TillPolicy, TillRules};
use store_core::{Currency, OperatorId, ReasonCode, RefusalCode, TransactionId};
use store_journal::LedgerReads as _;
use uuid::Uuid;

use crate::access::{Caller, NewOperator, Proof};
use crate::wiring::RunningHub;
use crate::wiring::tests::{Till, WATER, cashier, hub_with, until};

const PIN: &str = "502846";
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn pin_of(operator: &OperatorId) -> Proof {
    Proof::Pin { operator: operator.clone(), pin: PIN.to_owned() }
}

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

async fn hub(dir: &tempfile::TempDir) -> RunningHub {
    let public = key().public_key().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    hub_with(dir, |settings| {
        settings.policy = Some(Identity {
            chain: "c".to_owned(),
            store: settings.store.id.to_string(),
            currency: Currency::TWD,
            public_key: public,
        });
    })
    .await
}

/// The parts of a bundle in which water costs so much.
fn parts(price: u32) -> Vec<(&'static str, String)> {
    let csv = format!(
        "item,barcodes,description,unit,price,tax_class\nD0001,{WATER},天然水,piece,{price},high\n"
    );
    let people =
        format!(r#"{{"people":[{{"id":"m9","name":"Wu","role":"manager","pin_hash":"{HASH}"}}]}}"#);
    vec![
        ("catalogue.csv", csv),
        ("people.json", people),
        ("reasons.json", r#"{"price":[],"return":[],"abandon":["closed"]}"#.to_owned()),
        (
            "favourites.json",
            r#"{"groups":[{"label":"水","tiles":[{"item":"D0001","label":"水"}]}]}"#.to_owned(),
        ),
        (
            "safety_stock.json",
            r#"{"levels":[{"item":"D0001","unit":"piece","safety_stock":"7"}]}"#.to_owned(),
        ),
        (
            "settings.json",
            r#"{"store":{"receipt_footer":["謝謝光臨"]},"tenders":[{"id":"cash","gives_change":true}],
                "tax":{"default":{"percent":"0","method":"inclusive"},
                       "classes":{"high":{"percent":"10","method":"exclusive"}}}}"#
                .to_owned(),
        ),
    ]
}

/// Hands a bundle to the hub as the link does; a byte of the last piece may be damaged.
fn deliver(hub: &RunningHub, version: u64, parts: &[(&'static str, String)], is_damaged: bool) {
    let clerk = hub.policy.as_ref().unwrap();
    let cut = parts.iter().map(|(name, content)| BundlePart::cut(name, content.as_bytes()));
    let (parts, pieces): (Vec<_>, Vec<_>) = cut.unzip();
    let manifest = BundleManifest {
        id: Uuid::from_u128(u128::from(version)).to_string(),
        version,
        chain: "c".to_owned(),
        stores: Vec::new(),
        effective_ms: 0,
        currency: None,
        parts,
    };
    let text = to_raw_value(&manifest).unwrap();
    let signature = sign_manifest(&key(), text.get());
    let offer = PolicyOffer { bundles: vec![Signed { manifest: text, signature }] };
    clerk.input(Input::Offered(serde_json::to_vec(&offer).unwrap()));
    let mut pieces = pieces.concat();
    if is_damaged {
        pieces.last_mut().unwrap()[9] ^= 1;
    }
    for (number, piece) in (0..).zip(pieces) {
        clerk.input(Input::Piece { id: manifest.id.clone(), number, piece });
    }
}

fn standing(hub: &RunningHub, version: u64) -> String {
    let state = hub.policy.as_ref().unwrap().state().borrow().clone();
    let of = state.offered.into_iter().find(|one| one.version == version);
    of.map(|one| [one.standing, one.reason.unwrap_or_default()].join(" ")).unwrap_or_default()
}

/// Adds water and answers what is to pay for the whole basket.
async fn scan(till: &mut Till) -> String {
    let scan = Command::ScanItem { code: WATER.to_owned(), onto: None, item: None };
    let (_, view) = till.run(scan).await.unwrap();
    view.basket.unwrap().totals.total.to_string()
}

async fn abandon(till: &mut Till, reason: &'static str) -> Result<BasketEvent, RefusalCode> {
    let reason = ReasonCode::from_static(reason);
    till.run(Command::Abandon { reason }).await.map(|(event, _)| event)
}

fn next_basket(till: &mut Till) {
    (till.transaction, till.version) = (TransactionId::new(Uuid::now_v7()), 0);
}

fn caller() -> Caller {
    Caller { browser: None, address: Some(Ipv4Addr::LOCALHOST.into()) }
}

fn person(id: OperatorId) -> NewOperator {
    NewOperator { id, name: "Lin".to_owned(), role: Role::Cashier, pin: PIN.to_owned() }
}

#[actix_web::test]
async fn policy_comes_between_two_baskets_and_holds_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let access = hub.store.access.clone();
    access.add_operator(person(cashier())).await.unwrap();
    access.add_operator(person(OperatorId::from_static("c2"))).await.unwrap();
    let session = access.sign_in(pin_of(&cashier()), &caller()).await.unwrap().session;
    let mut till = Till::open(&hub.store, "1").await;
    let mut other = Till::open(&hub.store, "2").await;
    assert_eq!(scan(&mut till).await, "15 TWD");

    deliver(&hub, 1, &parts(20), false);
    until(|| standing(&hub, 1).starts_with("waiting somebody")).await;
    // The register without a basket has it at once, the other one when its basket is over.
    assert_eq!(scan(&mut other).await, "22 TWD");
    assert_eq!(scan(&mut till).await, "30 TWD");
    assert_eq!(abandon(&mut till, "closed").await, Err(RefusalCode::UnknownReason));
    assert!(access.is_open(&session), "who has a basket open may finish it");
    let people: Vec<_> = access.operators().into_iter().map(|one| one.id.to_string()).collect();
    assert_eq!(people, ["c1", "m9"]);
    abandon(&mut till, "changed_mind").await.unwrap();
    abandon(&mut other, "closed").await.unwrap();
    until(|| standing(&hub, 1) == "in_force ").await;
    assert!(!access.is_open(&session));
    assert_eq!(access.operators().len(), 1);
    next_basket(&mut till);
    assert_eq!(scan(&mut till).await, "22 TWD");
    abandon(&mut till, "closed").await.unwrap();
    assert_eq!(hub.store.policy.favourites().groups[0].tiles.len(), 1);
    hub.stop().await;

    // While headquarters' catalogue is in force the store's own file is not even read.
    std::fs::write(crate::places::catalogue(dir.path()), "no catalogue").unwrap();
    let reader = store_journal::Reader::open(dir.path()).unwrap();
    let levels = reader.safety_stock_levels().unwrap();
    let water = levels.iter().find(|level| level.item.as_str() == "D0001").unwrap();
    assert_eq!(water.safety_stock.thousandths(), 7000);
    let rows = reader.head().unwrap().sequence;
    drop(reader);
    let hub = self::hub(&dir).await;
    assert_eq!(hub.store.shelf.catalogue().len(), 1);
    until(|| hub.store.policy.favourites().groups.len() == 1).await;
    let reader = store_journal::Reader::open(dir.path()).unwrap();
    assert_eq!(reader.head().unwrap().sequence, rows, "what holds is not written again");
    let mut till = Till::open(&hub.store, "1").await;
    next_basket(&mut till);
    assert_eq!(scan(&mut till).await, "22 TWD");
    hub.stop().await;
}

#[actix_web::test]
async fn a_bundle_that_is_refused_leaves_the_old_one_in_force() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    deliver(&hub, 1, &parts(20)[..1], false);
    until(|| standing(&hub, 1) == "in_force ").await;
    deliver(&hub, 2, &parts(30)[..1], true);
    let refused = "refused piece 0 is not the one that was signed (bad_piece)";
    assert_eq!(standing(&hub, 2), refused);
    let mut faulty = parts(30);
    faulty[2].1 = r#"{"price":[],"return":[],"abandon":[]}"#.to_owned();
    deliver(&hub, 3, &faulty, false);
    assert!(standing(&hub, 3).contains("no_reason"), "{}", standing(&hub, 3));
    let mut till = Till::open(&hub.store, "1").await;
    // Without the tax table of the bundle the store's own one counts, which contains the tax.
    assert_eq!(scan(&mut till).await, "20 TWD");
    hub.stop().await;
    let hub = self::hub(&dir).await;
    assert_eq!(hub.policy.as_ref().unwrap().state().borrow().in_force, Some(1));
    let mut till = Till::open(&hub.store, "2").await;
    assert_eq!(scan(&mut till).await, "20 TWD");
    hub.stop().await;
}

#[actix_web::test]
async fn what_tills_follow_is_decided_by_headquarters_and_the_stores_own_where_it_says_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let own = hub.store.shelf.in_force().rules.till;
    let notes = |hub: &RunningHub| {
        let notes = hub.store.policy.denominations(Currency::TWD);
        notes.iter().map(|note| note.minor()).collect::<Vec<_>>()
    };
    assert_eq!(notes(&hub).len(), 10);
    let till = r#"{"till":{"policy":"per_operator","is_blind":true,"denominations":[100,1000,7]}}"#;
    deliver(&hub, 1, &[("settings.json", till.to_owned())], false);
    until(|| standing(&hub, 1) == "in_force ").await;
    let decided = TillRules { policy: TillPolicy::PerOperator, is_blind: true };
    assert_eq!(hub.store.shelf.in_force().rules.till, decided);
    // There is no note of 7.
    assert_eq!(notes(&hub), [1000, 100]);
    deliver(&hub, 2, &[("settings.json", "{}".to_owned())], false);
    until(|| standing(&hub, 2) == "in_force ").await;
    assert_eq!(hub.store.shelf.in_force().rules.till, own);
    hub.stop().await;
}

/// Promotions by which water costs so much.
fn water_at(price: &str) -> (&'static str, String) {
    let text = format!(
        r#"{{"promotions":[{{"id":"water","name":{{"zh":"水特價","en":"Water"}},
            "each":{{"items":{{"items":["D0001"]}},"award":{{"price":"{price}"}}}}}}]}}"#
    );
    ("promotions.json", text)
}

#[actix_web::test]
async fn promotions_come_with_a_bundle_and_stay_where_others_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let mut till = Till::open(&hub.store, "1").await;
    assert_eq!(scan(&mut till).await, "15 TWD");
    deliver(&hub, 1, &[parts(20).remove(0), water_at("12")], false);
    until(|| standing(&hub, 1) == "in_force ").await;
    // The basket that is open keeps to what it began with.
    assert_eq!(scan(&mut till).await, "30 TWD");
    abandon(&mut till, "changed_mind").await.unwrap();
    next_basket(&mut till);
    assert_eq!(scan(&mut till).await, "12 TWD");
    deliver(&hub, 2, &[water_at("-1")], false);
    assert!(standing(&hub, 2).contains("bad_amount"), "{}", standing(&hub, 2));
    abandon(&mut till, "changed_mind").await.unwrap();
    next_basket(&mut till);
    assert_eq!(scan(&mut till).await, "12 TWD");
    hub.stop().await;
    let hub = self::hub(&dir).await;
    let mut till = Till::open(&hub.store, "2").await;
    assert_eq!(scan(&mut till).await, "12 TWD");
    hub.stop().await;
}

#[actix_web::test]
async fn a_store_whose_kept_policy_is_damaged_sells_on_what_it_last_sold() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    deliver(&hub, 1, &parts(20), false);
    until(|| standing(&hub, 1) == "in_force ").await;
    hub.stop().await;
    let id = Uuid::from_u128(1).to_string();
    let piece = crate::places::policy(dir.path()).join(id).join("0");
    let mut content = std::fs::read(&piece).unwrap();
    content[20] ^= 1;
    std::fs::write(&piece, content).unwrap();

    let hub = self::hub(&dir).await;
    assert!(standing(&hub, 1).starts_with("incomplete what was kept of it is damaged"));
    assert_eq!(hub.store.shelf.catalogue().len(), 1, "the catalogue is the store's own by now");
    deliver(&hub, 1, &parts(20), false);
    until(|| standing(&hub, 1) == "in_force ").await;
    let mut till = Till::open(&hub.store, "1").await;
    assert_eq!(scan(&mut till).await, "22 TWD");
    hub.stop().await;
}
