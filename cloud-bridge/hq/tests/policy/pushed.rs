//! Pushed, listed, withdrawn and published, on every database.

use std::collections::BTreeMap;

use hq::policy::{Order, PolicyWatch, Publication, PushError, Pushed, push};
use hq::store::{HqStore, StorePlace};
use hq_wire::link::v1::{Place as StoreOfChain, PolicyOffer, verify_manifest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use store_core::Currency;
use store_core::policy::{Bundle, Part};

use crate::support::Place;
use crate::{GOOD, directory, everywhere};

everywhere!(
    what_is_pushed_is_signed_published_and_listed,
    of_two_that_come_into_force_the_older_stays_on_offer_for_what_only_it_has,
    a_bundle_is_withdrawn_before_its_moment_and_not_after,
    nobody_signs_in_again_because_of_a_push,
    what_is_refused_changes_nothing,
);

pub const NOW: i64 = 1_780_000_000_000;
const HOUR: i64 = 3_600_000;

pub fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn open(place: &Place) -> HqStore {
    let mut store = place.open();
    for id in ["s1", "s2"] {
        let place = StorePlace { store: id.to_owned(), ..StorePlace::default() };
        store.add_store(&place).unwrap();
    }
    store
}

fn order(dir: &tempfile::TempDir) -> Order {
    Order {
        directory: dir.path().to_owned(),
        chain: "c".to_owned(),
        currency: Some(Currency::TWD),
        effective_ms: None,
        stores: Vec::new(),
        now_ms: NOW,
    }
}

fn pushed(store: &mut HqStore, files: &[(&str, &str)], effective_ms: i64) -> Pushed {
    let dir = directory(files);
    let order = Order { effective_ms: Some(effective_ms), ..order(&dir) };
    push(store, &key(), &order).unwrap()
}

fn published(store: &mut HqStore, id: &str, now_ms: i64) -> Vec<Publication> {
    published_again(store, id, now_ms, &[])
}

/// The same for a store that lacks some of it.
fn published_again(
    store: &mut HqStore,
    id: &str,
    now_ms: i64,
    lacking: &[&str],
) -> Vec<Publication> {
    let place = StoreOfChain { chain: "c".to_owned(), store: id.to_owned() };
    let lacking = lacking.iter().map(|id| (*id).to_owned()).collect();
    store.policy_publications(&place, now_ms, &lacking).unwrap()
}

/// The versions that an offer among publications has.
fn versions(publications: &[Publication]) -> Vec<u64> {
    let offer = publications.iter().find(|one| one.topic.ends_with("/policy")).unwrap();
    let offer: PolicyOffer = serde_json::from_slice(&offer.payload).unwrap();
    let public: String =
        key().public_key().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let read = |signed: hq_wire::link::v1::Signed| {
        assert!(verify_manifest(&public, &signed));
        let manifest: hq_wire::link::v1::BundleManifest =
            serde_json::from_str(signed.manifest.get()).unwrap();
        manifest.version
    };
    offer.bundles.into_iter().map(read).collect()
}

fn pieces(publications: &[Publication]) -> (usize, usize) {
    let pieces = publications.iter().filter(|one| one.topic.contains("/policy/"));
    let (kept, cleared): (Vec<_>, Vec<_>) = pieces.partition(|one| !one.payload.is_empty());
    (kept.len(), cleared.len())
}

fn what_is_pushed_is_signed_published_and_listed(place: &Place) {
    let mut store = open(place);
    let mut watch = PolicyWatch::default();
    assert!(watch.has_changed(&mut store, NOW).unwrap(), "at the start everything is new");
    assert!(!watch.has_changed(&mut store, NOW).unwrap());
    let one = pushed(&mut store, GOOD, NOW + HOUR);
    assert_eq!((one.version, one.parts.len()), (1, 7));
    assert!(watch.has_changed(&mut store, NOW).unwrap());
    assert!(watch.has_changed(&mut store, NOW + HOUR).unwrap(), "its moment has come");

    let first = published(&mut store, "s1", NOW);
    assert_eq!((versions(&first), pieces(&first)), (vec![1], (7, 0)));
    assert_eq!(first[0].topic, format!("v1/c/s1/policy/{}/0", one.id));
    assert_eq!(pieces(&published(&mut store, "s1", NOW)), (0, 0), "it is published");
    let again = published_again(&mut store, "s1", NOW, &[&one.id]);
    assert_eq!(pieces(&again), (7, 0), "the broker may be new");
    let again = published_again(&mut store, "s1", NOW, &["another"]);
    assert_eq!(pieces(&again), (0, 0), "what it has is not sent again");

    let said = format!(
        r#"{{"at_ms":1,"in_force":1,"id":"{0}","offered":[{{"version":1,"id":"{0}",
            "standing":"refused","reason":"why not"}}]}}"#,
        one.id
    );
    tell(&mut store, "s2", &said);
    let views = store.policy_views().unwrap();
    assert_eq!((views.len(), views[0].version, views[0].effective_ms), (1, 1, NOW + HOUR));
    let standings = [
        ("s1".to_owned(), "unreported".to_owned(), None),
        ("s2".to_owned(), "refused".to_owned(), Some("why not".to_owned())),
    ];
    assert_eq!(views[0].standings, standings);
}

fn tell(store: &mut HqStore, id: &str, payload: &str) {
    let sql = format!(
        "insert into states (store, thing, heard_ms, payload)
         values ('{id}', 'policy', 1, '{payload}')"
    );
    store.sql().execute(&sql, &[]).unwrap();
}

fn of_two_that_come_into_force_the_older_stays_on_offer_for_what_only_it_has(place: &Place) {
    let mut store = open(place);
    pushed(&mut store, GOOD, NOW);
    // Favourites speak of the catalogue that was pushed before.
    let second = pushed(&mut store, &GOOD[2..4], NOW + HOUR);
    assert_eq!((second.version, second.parts.len()), (2, 2));
    let publications = published(&mut store, "s1", NOW + HOUR);
    assert_eq!((versions(&publications), pieces(&publications)), (vec![1, 2], (9, 0)));
    pushed(&mut store, GOOD, NOW + HOUR);
    let publications = published(&mut store, "s1", NOW + HOUR);
    assert_eq!((versions(&publications), pieces(&publications)), (vec![3], (7, 9)));
    let again = published(&mut store, "s1", NOW + HOUR);
    assert_eq!((again.len(), versions(&again)), (1, vec![3]), "what is cleared stays cleared");

    // One of another store's own is nothing to this one.
    let dir = directory(&GOOD[2..3]);
    let own = Order { stores: vec!["s2".to_owned()], now_ms: NOW + HOUR, ..order(&dir) };
    assert_eq!(push(&mut store, &key(), &own).unwrap().version, 4);
    assert_eq!(versions(&published(&mut store, "s1", NOW + HOUR)), [3]);
    assert_eq!(versions(&published(&mut store, "s2", NOW + HOUR)), [3, 4]);
}

fn a_bundle_is_withdrawn_before_its_moment_and_not_after(place: &Place) {
    let mut store = open(place);
    pushed(&mut store, GOOD, NOW);
    pushed(&mut store, GOOD, NOW + 2 * HOUR);
    let sooner = directory(GOOD);
    let sooner = Order { effective_ms: Some(NOW + HOUR), ..order(&sooner) };
    let overtaken = push(&mut store, &key(), &sooner).unwrap_err();
    assert!(matches!(overtaken, PushError::Overtaken { version: 2 }), "{overtaken}");
    assert_eq!(versions(&published(&mut store, "s1", NOW)), [1, 2]);
    store.withdraw_policy(2, NOW).unwrap();
    let publications = published(&mut store, "s1", NOW);
    assert_eq!((versions(&publications), pieces(&publications)), (vec![1], (0, 7)));
    for (version, now) in [(1, NOW), (2, NOW), (9, NOW)] {
        let refused = store.withdraw_policy(version, now).unwrap_err();
        assert_eq!(refused.code(), "policy_not_withdrawn", "{refused}");
    }
    assert_eq!(push(&mut store, &key(), &sooner).unwrap().version, 3, "no number comes twice");
    tell(&mut store, "s1", r#"{"at_ms":1,"in_force":7,"offered":[]}"#);
    let next = pushed(&mut store, GOOD, NOW + HOUR);
    assert_eq!(next.version, 8, "a store has heard of more than this headquarters remembers");
    let standings = store.policy_views().unwrap().pop().unwrap().standings;
    assert_eq!(standings[0].1, "superseded");
}

fn people(store: &mut HqStore, id: &str) -> BTreeMap<String, String> {
    let bundle = store.policy_bundles().unwrap().pop().unwrap();
    let publications = published_again(store, id, NOW, &[&bundle.manifest.id]);
    let mut first = 0;
    for part in &bundle.manifest.parts {
        let numbers = first..first + part.pieces.len();
        first = numbers.end;
        if part.name != Part::People.name() {
            continue;
        }
        let piece = |number: usize| {
            let topic = format!("v1/c/{id}/policy/{}/{number}", bundle.manifest.id);
            publications.iter().find(|one| one.topic == topic).unwrap().payload.clone()
        };
        let content = part.join(&numbers.map(piece).collect::<Vec<_>>()).unwrap();
        let parts = [(Part::People, content)].into();
        let people = Bundle::read(&parts, Currency::TWD).unwrap().people.unwrap();
        return people.0.iter().map(|one| (one.id.to_string(), one.pin_hash.clone())).collect();
    }
    BTreeMap::new()
}

fn nobody_signs_in_again_because_of_a_push(place: &Place) {
    let mut store = open(place);
    pushed(&mut store, GOOD, NOW);
    let before = people(&mut store, "s1");
    let changed = GOOD[1].1.replace("738291", "914735");
    pushed(&mut store, &[("people.toml", &changed)], NOW);
    let after = people(&mut store, "s1");
    assert_eq!(before["m1"], after["m1"], "the same PIN keeps its hash");
    assert_ne!(before["c1"], after["c1"]);
    for (id, pin) in [("m1", "502846"), ("c1", "914735")] {
        assert!(service_kit::security::hashing::verify(pin, Some(&after[id])));
    }
}

fn what_is_refused_changes_nothing(place: &Place) {
    let mut store = open(place);
    let dir = directory(&[("reasons.toml", "price = 3\n")]);
    let refused = push(&mut store, &key(), &order(&dir)).unwrap_err();
    assert_eq!(refused.code(), "bad_policy");
    let said = refused.to_string();
    assert!(
        said.contains("reasons.toml, line 1: price: a list is expected here (not_a_list)"),
        "{said}"
    );
    let dir = directory(GOOD);
    let nobody = Order { stores: vec!["s9".to_owned()], ..order(&dir) };
    assert_eq!(push(&mut store, &key(), &nobody).unwrap_err().code(), "unknown_store");
    let no_currency = Order { currency: None, ..order(&dir) };
    let refused = push(&mut store, &key(), &no_currency).unwrap_err().to_string();
    assert!(refused.contains("no_currency"), "{refused}");
    store.sql().execute("update stores set currency = 'TWD' where store = 's1'", &[]).unwrap();
    assert_eq!(push(&mut store, &key(), &no_currency).unwrap().version, 1, "its stores say it");
    assert_eq!(store.policy_bundles().unwrap().len(), 1);
}
