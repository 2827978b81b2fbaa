//! Limits of the chain as shares of its stores: they come to the limit, and it holds whatever a
//! store hears late.

use std::collections::BTreeMap;

use hq::policy::{Order, PushError, push};
use hq::store::{HqStore, StorePlace};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store_core::Currency;
use store_core::policy::{Bundle, Part};
use store_core::promotion::rule::{Limits, Share};

use crate::pushed::{NOW, key};
use crate::support::{Kind, Place, place};
use crate::{directory, everywhere};

everywhere!(
    a_limit_comes_to_the_stores_in_parts_that_add_up_to_it,
    parts_go_by_the_trade_of_late,
    what_was_dealt_once_is_never_given_to_another,
    a_lowered_limit_leaves_what_was_used_and_no_more,
    a_limit_is_for_those_stores_in_which_the_promotion_may_be_live,
    what_is_dealt_by_hand_stays_and_a_limit_for_nobody_is_refused,
);

fn open(place: &Place, stores: &[&str]) -> HqStore {
    let mut store = place.open();
    stores.iter().for_each(|id| add(&mut store, id, "north"));
    store
}

fn add(store: &mut HqStore, id: &str, region: &str) {
    let place =
        StorePlace { store: id.to_owned(), region: region.to_owned(), ..Default::default() };
    store.add_store(&place).unwrap();
}

/// A promotion file; `more` follows the limits.
fn file(limits: &str, more: &str) -> String {
    format!(
        r#"
        [[promotions]]
        id = "p"
        name = {{ zh = "活動", en = "Offer" }}
        each = {{ items = {{}}, award = {{ percent_off = 10 }} }}
        limits = {{ {limits} }}
        {more}
        "#
    )
}

fn try_push(store: &mut HqStore, text: &str, stores: &[&str]) -> Result<u64, PushError> {
    let dir = directory(&[("promotions.toml", text)]);
    let order = Order {
        directory: dir.path().to_owned(),
        chain: "c".to_owned(),
        currency: Some(Currency::TWD),
        effective_ms: None,
        stores: stores.iter().map(|id| (*id).to_owned()).collect(),
        now_ms: NOW,
    };
    push(store, &key(), &order).map(|pushed| pushed.version)
}

/// The limits of a bundle's one promotion, as a store reads them.
fn limits_of(store: &mut HqStore, version: u64) -> Limits {
    let bundles = store.policy_bundles().unwrap();
    let bundle = bundles.iter().find(|it| it.manifest.version == version).unwrap();
    assert_eq!(bundle.manifest.currency.as_deref(), Some("TWD"), "what its amounts are in");
    let part = &bundle.manifest.parts[0];
    let text = "select content from policy_pieces where id = ?1 order by piece";
    let id = (&bundle.manifest.id).into();
    let pieces = store.sql().query(text, &[id], |row| row.bytes(0).map(<[u8]>::to_vec)).unwrap();
    let content = part.join(&pieces).unwrap();
    let parts = BTreeMap::from([(Part::named(&part.name).unwrap(), content)]);
    let promotions = Bundle::read(&parts, Currency::TWD).unwrap().promotions.unwrap();
    promotions.set.promotions()[0].limits.clone()
}

fn pushed(store: &mut HqStore, text: &str, stores: &[&str]) -> BTreeMap<String, Share> {
    let version = try_push(store, text, stores).unwrap();
    let limits = limits_of(store, version);
    limits.shares.into_iter().map(|(id, share)| (id.to_string(), share)).collect()
}

fn totals(store: &mut HqStore, total: u32, stores: &[&str]) -> Vec<(String, u32)> {
    let shares = pushed(store, &file(&format!("total = {total}"), ""), stores);
    shares.into_iter().map(|(id, share)| (id, share.total)).collect()
}

fn parts(expected: &[(&str, u32)]) -> Vec<(String, u32)> {
    expected.iter().map(|(id, total)| ((*id).to_owned(), *total)).collect()
}

/// What headquarters has heard that a store used.
fn heard(store: &mut HqStore, id: &str, uses: u64, discount: u64) {
    let text = format!(
        "insert into promotions_by (day, store, promotion, currency, name, baskets, uses, units,
             discount, net, shown, taken, declined)
         values ('2026-11-24', '{id}', 'p', 'TWD', '', 1, {uses}, 0, {discount}, 0, 0, 0, 0)
         on conflict (day, store, promotion, currency) do update set
             uses = excluded.uses, discount = excluded.discount"
    );
    store.sql().execute(&text, &[]).unwrap();
}

/// A store says which policy it follows.
fn follows(store: &mut HqStore, id: &str, version: u64) {
    let text = format!(
        r#"insert into states (store, thing, heard_ms, payload)
         values ('{id}', 'policy', 1, '{{"at_ms":1,"in_force":{version},"offered":[]}}')
         on conflict (store, thing) do update set payload = excluded.payload"#
    );
    store.sql().execute(&text, &[]).unwrap();
}

fn a_limit_comes_to_the_stores_in_parts_that_add_up_to_it(place: &Place) {
    let mut store = open(place, &["s1", "s2", "s3"]);
    let shares = pushed(&mut store, &file("total = 10, budget = 1000, per_day = 5", ""), &[]);
    let dealt = |total, budget| Share { total, budget };
    let expected = [("s1", dealt(4, 334)), ("s2", dealt(3, 333)), ("s3", dealt(3, 333))];
    assert_eq!(shares, expected.map(|(id, share)| (id.to_owned(), share)).into());
    let limits = limits_of(&mut store, 1);
    assert_eq!((limits.total, limits.budget, limits.per_day), (Some(10), Some(1000), Some(5)));
    // The same again, as it stays with whom it was dealt to.
    assert_eq!(totals(&mut store, 10, &[]), parts(&[("s1", 4), ("s2", 3), ("s3", 3)]));
    let unlimited = pushed(&mut store, &file("per_day = 5", ""), &[]);
    assert!(unlimited.is_empty(), "what is a store's own is not dealt out");
}

fn parts_go_by_the_trade_of_late(place: &Place) {
    let mut store = open(place, &["s1", "s2", "s3", "s4"]);
    // NOW is 2026-05-28.
    for (id, day, sales) in [
        ("s1", "2026-05-28", 50),
        ("s1", "2026-05-01", 20),
        ("s2", "2026-05-20", 10),
        ("s3", "2026-04-01", 900),
        ("s3", "2026-05-29", 900),
    ] {
        let text = format!(
            "insert into sales_by (day, dimension, store, key, hour, currency, unit, sales, lines,
                 quantity_thousandths, shelf, discount, net)
             values ('{day}', 'total', '{id}', '', 9, 'TWD', '', {sales}, 0, 0, 0, 0, 0)"
        );
        store.sql().execute(&text, &[]).unwrap();
    }
    // Those that have not sold of late count as the average of 70 and 10.
    assert_eq!(
        totals(&mut store, 160, &[]),
        parts(&[("s1", 70), ("s2", 10), ("s3", 40), ("s4", 40)])
    );
}

fn what_was_dealt_once_is_never_given_to_another(place: &Place) {
    let mut store = open(place, &["s1", "s2"]);
    assert_eq!(totals(&mut store, 10, &[]), parts(&[("s1", 5), ("s2", 5)]));
    add(&mut store, "s3", "north");
    assert_eq!(totals(&mut store, 10, &[]), parts(&[("s1", 5), ("s2", 5), ("s3", 0)]));
    assert_eq!(totals(&mut store, 13, &[]), parts(&[("s1", 5), ("s2", 5), ("s3", 3)]));
    // For one store alone: the others keep what they have.
    assert_eq!(totals(&mut store, 20, &["s3"]), parts(&[("s3", 10)]));
    assert_eq!(totals(&mut store, 20, &["s1"]), parts(&[("s1", 5)]));
    // What will never come into force was never dealt.
    let later = directory(&[("promotions.toml", &file("total = 90", ""))]);
    let order = Order {
        directory: later.path().to_owned(),
        chain: "c".to_owned(),
        currency: Some(Currency::TWD),
        effective_ms: Some(NOW + 1000),
        stores: vec!["s2".to_owned()],
        now_ms: NOW,
    };
    let version = push(&mut store, &key(), &order).unwrap().version;
    assert_eq!(limits_of(&mut store, version).shares.values().next().unwrap().total, 75);
    assert_eq!(totals(&mut store, 90, &["s1"]), parts(&[("s1", 5)]), "it may come");
    store.withdraw_policy(version, NOW).unwrap();
    assert_eq!(totals(&mut store, 90, &["s1"]), parts(&[("s1", 75)]));
}

fn a_lowered_limit_leaves_what_was_used_and_no_more(place: &Place) {
    let mut store = open(place, &["s1", "s2"]);
    assert_eq!(totals(&mut store, 100, &[]), parts(&[("s1", 50), ("s2", 50)]));
    heard(&mut store, "s1", 30, 3000);
    assert_eq!(totals(&mut store, 40, &[]), parts(&[("s1", 30), ("s2", 10)]));
    heard(&mut store, "s2", 30, 3000);
    assert_eq!(totals(&mut store, 40, &[]), parts(&[("s1", 20), ("s2", 20)]), "nobody any more");
    // Raised again: who does not say that it follows newer policy may still have its fifty.
    assert_eq!(totals(&mut store, 80, &[]), parts(&[("s1", 40), ("s2", 40)]));
    for id in ["s1", "s2"] {
        follows(&mut store, id, 3);
    }
    let last = totals(&mut store, 70, &["s1"]);
    assert_eq!(last, parts(&[("s1", 30)]), "the other may have forty");
    let budget = pushed(&mut store, &file("budget = 7000", ""), &[]);
    let budget: Vec<_> = budget.values().map(|share| (share.total, share.budget)).collect();
    assert_eq!(budget, [(0, 3500), (0, 3500)]);
}

fn a_limit_is_for_those_stores_in_which_the_promotion_may_be_live(place: &Place) {
    let mut store = open(place, &["s1", "s2"]);
    add(&mut store, "s3", "south");
    let dealt = |store: &mut HqStore, more: &str, stores: &[&str]| {
        let shares = pushed(store, &file("total = 10", more), stores);
        shares.into_iter().map(|(id, share)| (id, share.total)).collect::<Vec<_>>()
    };
    let north = "place = { regions = [\"north\"] }";
    assert_eq!(dealt(&mut store, north, &[]), parts(&[("s1", 5), ("s2", 5)]));
    // It moves: those who may not have heard of it keep what they were dealt.
    let south = "place = { stores = [\"s3\"] }";
    assert_eq!(dealt(&mut store, south, &[]), parts(&[("s3", 0)]));
    for id in ["s1", "s2", "s3"] {
        follows(&mut store, id, 2);
    }
    assert_eq!(dealt(&mut store, south, &[]), parts(&[("s3", 10)]));
    // For none of the stores it goes to: nobody must take it for undealt.
    assert_eq!(dealt(&mut store, south, &["s1"]), parts(&[("s1", 0)]));
}

fn what_is_dealt_by_hand_stays_and_a_limit_for_nobody_is_refused(place: &Place) {
    let mut store = place.open();
    let refused = try_push(&mut store, &file("total = 10", ""), &[]).unwrap_err();
    let PushError::Faults(faults) = &refused else { panic!("{refused}") };
    assert_eq!((faults[0].code, faults[0].file.as_str()), ("no_store", "promotions.toml"));
    assert!(store.policy_bundles().unwrap().is_empty());
    add(&mut store, "s1", "north");
    add(&mut store, "s2", "north");
    let by_hand = "total = 10, shares = { s1 = { total = 7 } }";
    let shares = pushed(&mut store, &file(by_hand, ""), &[]);
    assert_eq!(shares, [("s1".to_owned(), Share { total: 7, budget: 0 })].into());
    assert_eq!(totals(&mut store, 10, &[]), parts(&[("s1", 7), ("s2", 3)]));
    let too_much = "total = 10, shares = { s1 = { total = 11 } }";
    let refused = try_push(&mut store, &file(too_much, ""), &[]).unwrap_err().to_string();
    assert!(refused.contains("promotions.toml, line 6: promotions[1].limits.shares"), "{refused}");
    let unknown = file("total = 10", "colour = \"red\"");
    let refused = try_push(&mut store, &unknown, &[]).unwrap_err().to_string();
    assert!(refused.contains("promotions.toml, line 7"), "{refused}");
}

/// What happens at headquarters and in stores, one after another.
#[derive(Clone, Debug)]
enum Step {
    /// The limit is raised by so much and pushed, for all or for the stores of a mask.
    Push(u32, u8),
    /// A store takes up the newest policy that is for it, and says so if it is heard.
    TakeUp(usize, bool),
    /// A store uses so much as its share leaves it.
    Use(usize, u64),
    /// Headquarters hears what a store has used.
    Hear(usize),
    /// A store is added.
    Add,
}

fn step() -> impl Strategy<Value = Step> {
    // Often nothing is added, and often all is used that may be: that is where a limit breaks.
    let more = prop_oneof![3 => Just(0_u32), 1 => 0..30_u32];
    let uses = prop_oneof![2 => Just(u64::MAX), 1 => 0..10_u64];
    prop_oneof![
        3 => (more, 0..8_u8).prop_map(|(more, mask)| Step::Push(more, mask)),
        4 => (0..4_usize, any::<bool>()).prop_map(|(store, heard)| Step::TakeUp(store, heard)),
        4 => (0..4_usize, uses).prop_map(|(store, uses)| Step::Use(store, uses)),
        3 => (0..4_usize).prop_map(Step::Hear),
        1 => Just(Step::Add),
    ]
}

/// A store as it is, whatever headquarters has heard of it.
#[derive(Default)]
struct Shop {
    follows: u64,
    used: u64,
}

struct Chain {
    hq: HqStore,
    limit: u32,
    shops: Vec<Shop>,
}

impl Chain {
    fn id(shop: usize) -> String {
        format!("s{shop}")
    }

    fn add(&mut self) {
        if self.shops.len() < 4 {
            add(&mut self.hq, &Self::id(self.shops.len()), "north");
            self.shops.push(Shop::default());
        }
    }

    /// The newest bundle for a shop, up to a version.
    fn newest(&mut self, shop: usize, through: u64) -> u64 {
        let bundles = self.hq.policy_bundles().unwrap();
        let own = bundles.iter().filter(|it| it.is_for(&Self::id(shop)));
        own.map(|it| it.manifest.version).filter(|it| *it <= through).max().unwrap_or(0)
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Push(more, mask) => {
                self.limit += more;
                let named: Vec<String> =
                    (0..self.shops.len()).filter(|it| mask >> it & 1 == 1).map(Self::id).collect();
                let named: Vec<&str> = named.iter().map(String::as_str).collect();
                // None named is all of the chain.
                let text = file(&format!("total = {}", self.limit), "");
                let version = try_push(&mut self.hq, &text, &named).unwrap();
                let shares = limits_of(&mut self.hq, version).shares;
                let sum: u64 = shares.values().map(|share| u64::from(share.total)).sum();
                assert!(sum <= u64::from(self.limit));
            }
            Step::TakeUp(shop, is_heard) if shop < self.shops.len() => {
                let version = self.newest(shop, u64::MAX);
                self.shops[shop].follows = version;
                if is_heard && version > 0 {
                    follows(&mut self.hq, &Self::id(shop), version);
                }
            }
            Step::Use(shop, uses) if shop < self.shops.len() => {
                let version = self.shops[shop].follows;
                if version == 0 {
                    return;
                }
                let shares = limits_of(&mut self.hq, version).shares;
                let own = shares.iter().find(|(id, _)| id.as_str() == Self::id(shop));
                let share = own.map_or(0, |(_, share)| u64::from(share.total));
                let left = share.saturating_sub(self.shops[shop].used);
                self.shops[shop].used += uses.min(left);
            }
            Step::Hear(shop) if shop < self.shops.len() => {
                let used = self.shops[shop].used;
                heard(&mut self.hq, &Self::id(shop), used, used * 100);
            }
            Step::TakeUp(..) | Step::Use(..) | Step::Hear(_) => {}
            Step::Add => self.add(),
        }
        let used: u64 = self.shops.iter().map(|shop| shop.used).sum();
        assert!(used <= u64::from(self.limit), "{used} of {}", self.limit);
    }
}

#[test]
fn a_limit_that_is_never_lowered_holds_whatever_headquarters_hears_late() {
    let mut runner = TestRunner::new(Config { cases: 150, ..Config::default() });
    let steps = prop::collection::vec(step(), 1..40);
    let outcome = runner.run(&steps, |steps| {
        let hq = place(Kind::Memory).unwrap().open();
        let mut chain = Chain { hq, limit: 10, shops: Vec::new() };
        (0..3).for_each(|_| chain.add());
        steps.iter().for_each(|step| chain.take(step));
        Ok(())
    });
    outcome.unwrap();
}
