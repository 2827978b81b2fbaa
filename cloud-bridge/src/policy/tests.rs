use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hq_wire::link::v1::{BundleManifest, BundlePart, PolicyOffer, Signed, sign_manifest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::value::to_raw_value;
use store_core::policy::Part;
use store_core::{BootId, Currency, Now};

use super::*;

mod damage;
mod moments;

const HOUR_MS: i64 = 3_600_000;
const START_MS: i64 = 1_780_000_000_000;
const CATALOGUE: &str = "item,description,unit,price\nm,MILK,piece,65\n";
const REASONS: &str = r#"{"price":["damaged"],"return":["refund"],"abandon":["mistake"]}"#;

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn identity() -> Identity {
    let public = key().public_key().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Identity {
        chain: "c".to_owned(),
        store: "s1".to_owned(),
        currency: Currency::TWD,
        public_key: public,
    }
}

fn at(hours: i64) -> Now {
    Now {
        wall: jiff::Timestamp::from_millisecond(START_MS + hours * HOUR_MS).unwrap(),
        utc_offset_s: 0,
        monotonic_ms: u64::try_from(hours * HOUR_MS).unwrap(),
        boot: BootId::new(uuid::Uuid::nil()),
        clock_trusted: true,
    }
}

/// A bundle as headquarters has it.
#[derive(Clone)]
struct Made {
    id: String,
    signed: Signed,
    pieces: Vec<Vec<u8>>,
}

fn manifest(version: u64, hours: i64) -> BundleManifest {
    BundleManifest {
        id: uuid::Uuid::from_u128(u128::from(version)).to_string(),
        version,
        chain: "c".to_owned(),
        stores: Vec::new(),
        effective_ms: START_MS + hours * HOUR_MS,
        currency: Some("TWD".to_owned()),
        parts: Vec::new(),
    }
}

/// Signs a bundle; a piece is at most 40 bytes, so that there are several.
fn made(mut manifest: BundleManifest, parts: &[(&str, &str)]) -> Made {
    let mut pieces = Vec::new();
    for (name, content) in parts {
        let (mut part, whole) = BundlePart::cut(name, content.as_bytes());
        let small: Vec<Vec<u8>> = whole.concat().chunks(40).map(<[u8]>::to_vec).collect();
        let cut = small.iter().map(|piece| BundlePart::cut("", piece).0.digest);
        part.pieces = cut.collect();
        manifest.parts.push(part);
        pieces.extend(small);
    }
    let text = to_raw_value(&manifest).unwrap();
    let signature = sign_manifest(&key(), text.get());
    Made { id: manifest.id, signed: Signed { manifest: text, signature }, pieces }
}

fn offer(bundles: &[&Made]) -> Vec<u8> {
    let bundles = bundles.iter().map(|bundle| bundle.signed.clone()).collect();
    serde_json::to_vec(&PolicyOffer { bundles }).unwrap()
}

fn catalogue(version: u64, hours: i64) -> Made {
    let csv = CATALOGUE.replace("65", &version.to_string());
    made(manifest(version, hours), &[("catalogue.csv", &csv)])
}

/// Keeps in memory; what was kept outlives the desk.
#[derive(Clone, Default)]
struct Drawer(Arc<Mutex<(Kept, bool)>>);

impl Drawer {
    fn kept(&self) -> Kept {
        self.0.lock().unwrap().0.clone()
    }

    fn set_full(&self, is_full: bool) {
        self.0.lock().unwrap().1 = is_full;
    }

    fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut KeptBundle),
    ) -> Result<(), PolicyStoreError> {
        let (kept, is_full) = &mut *self.0.lock().unwrap();
        if *is_full {
            let (doing, reason) = ("writing".to_owned(), "no room".to_owned());
            return Err(PolicyStoreError { doing, reason });
        }
        if kept.bundles.iter().all(|bundle| bundle.id != id) {
            kept.bundles.push(KeptBundle { id: id.to_owned(), ..KeptBundle::default() });
        }
        change(kept.bundles.iter_mut().find(|bundle| bundle.id == id).unwrap());
        Ok(())
    }
}

impl PolicyStore for Drawer {
    fn load(&mut self) -> Result<Kept, PolicyStoreError> {
        Ok(self.kept())
    }

    fn keep_manifest(&mut self, id: &str, manifest: &[u8]) -> Result<(), PolicyStoreError> {
        self.change(id, |bundle| bundle.manifest = manifest.to_vec())
    }

    fn keep_piece(&mut self, id: &str, number: u32, piece: &[u8]) -> Result<(), PolicyStoreError> {
        self.change(id, |bundle| drop(bundle.pieces.insert(number, piece.to_vec())))
    }

    fn forget(&mut self, id: &str) -> Result<(), PolicyStoreError> {
        self.0.lock().unwrap().0.bundles.retain(|bundle| bundle.id != id);
        Ok(())
    }

    fn mark_in_force(&mut self, ids: &[String]) -> Result<(), PolicyStoreError> {
        self.0.lock().unwrap().0.in_force = ids.to_vec();
        Ok(())
    }
}

/// A store that puts in force at once what it is told to.
struct Shop {
    desk: PolicyDesk,
    drawer: Drawer,
    now: Now,
}

impl Shop {
    fn open(drawer: Drawer, now: Now) -> Self {
        let desk = PolicyDesk::open(identity(), Box::new(drawer.clone()), now).unwrap();
        Self { desk, drawer, now }
    }

    fn new() -> Self {
        Self::open(Drawer::default(), at(0))
    }

    fn restart(&mut self) {
        *self = Self::open(self.drawer.clone(), self.now);
    }

    fn input(&mut self, input: Input) {
        for effect in self.desk.input(self.now, input) {
            if let Effect::Apply(in_force) = effect {
                self.input(Input::Applied { serial: in_force.serial });
            }
        }
    }

    fn moment(&mut self, now: Now) {
        self.now = now;
        self.input(Input::Moment);
    }

    fn piece(&mut self, bundle: &Made, number: usize) {
        let (id, piece) = (bundle.id.clone(), bundle.pieces[number].clone());
        self.input(Input::Piece { id, number: u32::try_from(number).unwrap(), piece });
    }

    fn deliver(&mut self, bundles: &[&Made]) {
        self.input(Input::Offered(offer(bundles)));
        for bundle in bundles {
            (0..bundle.pieces.len()).for_each(|number| self.piece(bundle, number));
        }
    }

    /// What milk costs by the catalogue in force.
    fn price(&self) -> Option<i64> {
        let in_force = self.desk.in_force();
        let catalogue = in_force.bundle.catalogue.as_ref()?;
        Some(catalogue.items().next()?.price_on("2030-01-01".parse().unwrap())?.minor())
    }

    fn standings(&self) -> BTreeMap<u64, String> {
        let state = self.desk.state();
        let said = state.offered.into_iter().map(|one| {
            let reason = one.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            (one.version, format!("{}{reason}", one.standing))
        });
        said.collect()
    }
}

#[test]
fn a_bundle_arrives_in_any_order_doubled_and_over_a_restart_at_any_point() {
    let bundle = made(manifest(1, 0), &[("catalogue.csv", CATALOGUE), ("reasons.json", REASONS)]);
    let count = bundle.pieces.len();
    assert!(count >= 4, "{count} pieces");
    let mut orders = vec![Vec::new()];
    // Message 0 is the offer, the others are pieces; of the last ones the order is free.
    for message in 0..=count.min(4) {
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, message);
                order
            })
        });
        orders = longer.collect();
    }
    for order in orders {
        let order: Vec<usize> = order.into_iter().chain(5..=count).collect();
        for restart in 0..=order.len() {
            let mut shop = Shop::new();
            for (step, message) in order.iter().enumerate() {
                if step == restart {
                    shop.restart();
                    // A new connection has the retained messages again.
                    (0..step).for_each(|before| shop.take(&bundle, order[before]));
                }
                shop.take(&bundle, *message);
                shop.take(&bundle, *message);
                assert_eq!(shop.price().is_some(), step + 1 == order.len(), "{order:?} at {step}");
            }
            shop.restart();
            assert_eq!(shop.price(), Some(65), "{order:?}, restart before {restart}");
            assert_eq!(shop.standings(), BTreeMap::from([(1, "in_force".to_owned())]));
        }
    }
}

impl Shop {
    fn take(&mut self, bundle: &Made, message: usize) {
        match message {
            0 => self.input(Input::Offered(offer(&[bundle]))),
            piece => self.piece(bundle, piece - 1),
        }
    }
}

#[test]
fn what_a_bundle_says_nothing_of_stays_as_it_was() {
    let mut shop = Shop::new();
    let first = made(manifest(1, 0), &[("catalogue.csv", CATALOGUE), ("reasons.json", REASONS)]);
    let second = catalogue(2, 0);
    shop.deliver(&[&first, &second]);
    let in_force = shop.desk.in_force();
    assert_eq!((in_force.version, shop.price()), (2, Some(2)));
    let of = |part| in_force.parts.get(&part).map(|(version, _)| *version);
    assert_eq!((of(Part::Catalogue), of(Part::Reasons)), (Some(2), Some(1)));
    assert_eq!(in_force.bundle.reasons.as_ref().unwrap().abandon.len(), 1);

    let third = made(manifest(3, 0), &[("reasons.json", &REASONS.replace("mistake", "closed"))]);
    shop.deliver(&[&first, &second, &third]);
    let standings = shop.standings();
    assert_eq!(standings[&1], "superseded");
    assert_eq!((&*standings[&2], &*standings[&3]), ("in_force", "in_force"));
    // Headquarters does not offer what is over, and it is not kept.
    shop.input(Input::Offered(offer(&[&second, &third])));
    assert_eq!(shop.standings().len(), 2);
    assert_eq!(shop.drawer.kept().bundles.len(), 2);
    shop.restart();
    assert_eq!((shop.desk.in_force().version, shop.price()), (3, Some(2)));
}

#[test]
fn an_older_version_never_takes_the_place_of_a_newer_one() {
    let mut shop = Shop::new();
    shop.deliver(&[&catalogue(5, 0)]);
    shop.deliver(&[&catalogue(4, 0)]);
    assert_eq!((shop.price(), &*shop.standings()[&4]), (Some(5), "superseded"));
    let mut other = manifest(5, 0);
    other.id = uuid::Uuid::from_u128(99).to_string();
    let other = made(other, &[("catalogue.csv", CATALOGUE)]);
    shop.deliver(&[&other]);
    assert_eq!(shop.price(), Some(5), "the same version is not a higher one");
    let state = shop.desk.state();
    let refused = state.offered.iter().find(|one| one.id == other.id).unwrap();
    assert!(refused.reason.as_ref().unwrap().contains("version_taken"), "{refused:?}");
}
