//! Policy that somebody else wrote, with all that the broker can be asked for: what is not signed
//! as it stands is refused, what was in force stays, and headquarters shows why.

use serde_json::Value;

use super::Chain;
use super::mosquitto::{Stranger, are_installed};
use super::sales::{Sales, until_acknowledged};
use super::until::until_some;

const OFFER: &str = "v1/kette/s1/policy";

/// How the store stands to a bundle, once that is so.
fn until_standing(chain: &Chain, version: u64, standing: &str) {
    let what = format!("bundle {version} is {standing}");
    until_some(&what, || {
        let bundles = chain.hq.get("/api/v1/policy");
        let bundle = bundles.as_array()?.iter().find(|it| it["version"] == version)?.clone();
        let of_store = bundle["standings"].as_array()?.iter().find(|it| it[0] == "s1")?.clone();
        (of_store[1] == standing).then_some(())
    });
}

fn store(chain: &Chain) -> Value {
    chain.hq.get("/api/v1/chain")["stores"][0].clone()
}

/// The same bytes but one, in a digest.
fn with_one_byte_flipped(offer: &[u8]) -> Vec<u8> {
    let mark = b"\"digest\":\"";
    let at = offer.windows(mark.len()).position(|it| it == mark).unwrap() + mark.len();
    let mut forged = offer.to_vec();
    forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
    forged
}

#[test]
fn a_bundle_with_one_flipped_byte_is_refused_and_headquarters_shows_why() {
    if !are_installed() {
        return;
    }
    let mut chain = Chain::start("forged", &[]);
    let mut shop = chain.open("s1");
    shop.sell(3);
    let directory = chain.directory.path().join("policy");
    std::fs::create_dir(&directory).unwrap();
    let catalogue = directory.join("catalogue.csv");
    std::fs::copy(chain.trade.catalogue(), &catalogue).unwrap();
    let push = ["policy", "push", directory.to_str().unwrap(), "--currency", "USD"];
    chain.hq.must(&push);
    until_standing(&chain, 1, "in_force");

    let rogue = Stranger::with_file_of(&shop, chain.hq.broker()).as_headquarters(&chain.hq);
    let (_, offer) = rogue.listen(&[OFFER]).next();
    let forged = with_one_byte_flipped(&offer);
    assert!(rogue.publish(OFFER, &forged, true).status.success());
    let reason = until_some("headquarters shows why", || {
        store(&chain)["policy_refused"].as_str().map(str::to_owned)
    });
    assert!(reason.contains("signature"), "{reason}");
    assert_eq!(store(&chain)["policy_version"], 1, "what was in force stays");
    shop.sell(3);

    // A piece of the next bundle, changed on its way: it never takes the place of the true one.
    chain.hq.line("s1").cut();
    chain.hq.must(&[&push[..], &["--effective", "2099-01-01T00:00Z"]].concat());
    let mut pieces = rogue.listen(&["v1/kette/s1/policy/+/+"]);
    let (first, _) = pieces.next();
    let (topic, mut piece) = until_some("a piece of the next bundle", || {
        let (topic, piece) = pieces.next();
        let of = |topic: &str| topic.rsplit('/').nth(1).unwrap().to_owned();
        (of(&topic) != of(&first)).then_some((topic, piece))
    });
    piece[20] ^= 1;
    assert!(rogue.publish(&topic, &piece, true).status.success());
    chain.hq.line("s1").mend();
    until_standing(&chain, 2, "waiting");
    until_standing(&chain, 1, "in_force");
    shop.sell(3);
    until_acknowledged(&shop);
    Sales::of(&[&shop]).are_at(&chain.hq);
}
