//! What promotions brought: by promotion, store and day, each basket once whatever comes twice.

use std::collections::{BTreeMap, BTreeSet};

use hq::store::{Days, HqStore, Scope, StoreError, promotion_uses};
use hq::view::{PromotionSums, PromotionView};
use hq_wire::facts::v1::{Fact, PromptOutcome, Sale, SaleAbandoned, StreamCause};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::journal::{Journal, pricing, prompt, sale, twd, used};
use crate::support::{Place, with_stores};

const DAY: &str = "2026-11-24";

crate::everywhere! {
    what_promotions_brought_is_summed_by_store_and_day,
    a_promotion_is_called_what_it_was_last_called,
    prompts_of_a_basket_that_did_not_sell_are_shown_and_not_taken,
    a_basket_counts_once_by_whatever_stream_it_comes,
    a_sale_whose_promotions_cannot_be_read_is_kept_aside,
    sums_are_those_of_the_baskets_in_whatever_order_and_how_often_they_come,
}

/// A sale in which a promotion was used and a prompt about another was taken.
pub fn sold(store: &str, number: u64, promotion: &str) -> Fact {
    let mut sale = sale(store, number, 9, &[("a1", 2)]);
    let taken = vec![prompt(promotion, PromptOutcome::Taken)];
    sale.pricing = Some(pricing(vec![used(promotion, 2, 18)], taken));
    Fact::SaleCompleted(Box::new(sale))
}

/// A basket that was given up after a prompt was taken and another declined.
pub fn abandoned(store: &str, number: u64, promotion: &str) -> Fact {
    let mut basket = sale(store, number, 9, &[("a1", 2)]);
    let prompts = [PromptOutcome::Taken, PromptOutcome::Declined];
    let prompts = prompts.map(|outcome| prompt(promotion, outcome));
    basket.pricing = Some(pricing(vec![used(promotion, 2, 18)], prompts.to_vec()));
    Fact::SaleAbandoned(Box::new(SaleAbandoned { basket, reason: "left".to_owned() }))
}

fn on(day: &str) -> Days {
    Days::until(day, 1).unwrap()
}

fn week() -> Days {
    Days::until(DAY, 7).unwrap()
}

/// The promotions of a scope, as id, baskets, units, discount and net.
fn brought(hq: &mut HqStore, scope: &Scope, days: &Days) -> Vec<(String, u64, u64, i64, i64)> {
    let found = hq.promotions(scope, days).unwrap().into_iter();
    found
        .map(|PromotionView { promotion, sums, .. }| {
            (promotion, sums.baskets, sums.units, sums.discount, sums.net)
        })
        .collect()
}

fn row(
    id: &str,
    baskets: u64,
    units: u64,
    discount: i64,
    net: i64,
) -> (String, u64, u64, i64, i64) {
    (id.to_owned(), baskets, units, discount, net)
}

/// Two stores on two days: the first sells "milk" and "order", the second "milk" alone.
fn two_stores(place: &Place) -> HqStore {
    let mut hq = with_stores(place, &["1", "2"]);
    for (store, salt) in [("1", 1_u64), ("2", 2)] {
        let mut journal = Journal::new(store, salt);
        let mut sell = |number, day: &str, promotions| {
            let mut sale = sale(store, salt * 100 + number, 9, &[("a1", 2)]);
            sale.business_day = day.to_owned();
            sale.pricing = Some(pricing(promotions, Vec::new()));
            journal.push(&Fact::SaleCompleted(Box::new(sale)));
        };
        sell(1, DAY, vec![used("milk", 20, 70)]);
        sell(2, "2026-11-23", vec![used("milk", 20, 70)]);
        if salt == 1 {
            sell(3, DAY, vec![used("milk", 10, 30), used("order", 100, 900)]);
            // It says one promotion twice: one basket still.
            sell(4, DAY, vec![used("milk", 1, 5), used("milk", 2, 6)]);
        }
        sell(5, "2026-11-17", vec![used("old", 1, 1)]);
        sell(6, DAY, Vec::new());
        hq.ingest(&[journal.all()], 1000).unwrap();
    }
    hq
}

fn what_promotions_brought_is_summed_by_store_and_day(place: &Place) {
    let mut hq = two_stores(place);
    let all = brought(&mut hq, &Scope::All, &on(DAY));
    assert_eq!(all, [row("order", 1, 2, 100, 900), row("milk", 4, 10, 53, 181)]);
    let all = brought(&mut hq, &Scope::All, &week());
    assert_eq!(all, [row("order", 1, 2, 100, 900), row("milk", 6, 14, 93, 321)]);
    let second = Scope::of("2");
    assert_eq!(brought(&mut hq, &second, &week()), [row("milk", 2, 4, 40, 140)]);
    let both = Scope::Stores(BTreeSet::from(["1".to_owned(), "2".to_owned()]));
    assert_eq!(brought(&mut hq, &both, &week()), all);
    assert_eq!(brought(&mut hq, &Scope::Stores(BTreeSet::new()), &week()), []);
    assert_eq!(brought(&mut hq, &Scope::All, &on("2026-11-25")), []);
    assert_eq!(brought(&mut hq, &second, &Days::until(DAY, 8).unwrap()).len(), 2);

    let detail = hq.promotion(&Scope::All, &week(), "milk").unwrap();
    assert_eq!((detail.totals.len(), detail.totals[0].sums.net), (1, 321));
    let stores = detail.stores.iter().map(|it| (it.store.as_str(), it.sums.net));
    assert_eq!(stores.collect::<Vec<_>>(), [("1", 181), ("2", 140)]);
    let days = detail.days.iter().map(|it| (it.day.as_str(), it.sums.baskets));
    assert_eq!(days.collect::<Vec<_>>(), [("2026-11-23", 2), (DAY, 4)]);
    let part = hq.promotion(&second, &week(), "milk").unwrap();
    assert_eq!((part.totals[0].sums.net, part.stores.len()), (140, 1));
    // What nothing is known of looks like what is elsewhere.
    for id in ["order", "nothing"] {
        assert_eq!(hq.promotion(&second, &week(), id).unwrap(), Default::default());
    }
    let shown = hq.chain(&second, DAY, 5000).unwrap().promotions;
    assert_eq!((shown.len(), shown[0].sums.net), (1, 70), "the live view is of the scope too");
    assert_eq!(hq.chain(&Scope::All, DAY, 5000).unwrap().promotions[0].promotion, "order");
    let totals = hq.totals(&Scope::All).unwrap();
    assert_eq!(totals["1"].by_promotion["milk"].net, 181);
    assert_eq!(promotion_uses(hq.sql(), "milk", "TWD").unwrap()["1"], (5, 53));
    assert_eq!(promotion_uses(hq.sql(), "milk", "USD").unwrap()["1"], (5, 0));
    assert!(matches!(Days::until("24/11", 1), Err(StoreError::BadDay(_))));
    assert!(Days::until("-009999-01-01", 7).is_err(), "before the first day there is");
}

fn a_promotion_is_called_what_it_was_last_called(place: &Place) {
    let mut hq = with_stores(place, &["1"]);
    let mut journal = Journal::new("1", 1);
    let rule =
        |id: &str, zh: &str| serde_json::json!({ "id": id, "name": { "zh": zh, "en": "e" } });
    for (number, day, name) in [(1, DAY, "舊名"), (2, DAY, "新名"), (3, "2026-11-20", "更舊")]
    {
        let mut sale = sale("1", number, 9, &[("a1", 2)]);
        sale.business_day = day.to_owned();
        let mut milk = used("milk", 1, 9);
        milk.name.zh = name.to_owned();
        let mut priced = pricing(
            vec![milk],
            ["tea", "mute"].map(|id| prompt(id, PromptOutcome::Shown)).to_vec(),
        );
        // Of what was only spoken of the rules say it; rules may be in any form.
        priced.rules =
            vec![rule("tea", name), serde_json::json!(7), serde_json::json!({ "id": "mute" })];
        sale.pricing = Some(priced);
        journal.push(&Fact::SaleCompleted(Box::new(sale)));
    }
    // A basket that names nothing takes no name away.
    let mut nameless = abandoned("1", 4, "tea");
    if let Fact::SaleAbandoned(abandoned) = &mut nameless {
        let said = vec![prompt("tea", PromptOutcome::Declined)];
        abandoned.basket.pricing = Some(pricing(Vec::new(), said));
    }
    journal.push(&nameless);
    hq.ingest(&[journal.all()], 1000).unwrap();
    let named = |hq: &mut HqStore, days: &Days| -> BTreeMap<String, Option<String>> {
        let found = hq.promotions(&Scope::All, days).unwrap().into_iter();
        found.map(|it| (it.promotion, it.name.map(|name| name.zh))).collect()
    };
    let expected = |milk: &str, tea: &str| {
        let some = |name: &str| Some(name.to_owned());
        BTreeMap::from([
            ("milk".to_owned(), some(milk)),
            ("tea".to_owned(), some(tea)),
            ("mute".to_owned(), None),
        ])
    };
    assert_eq!(named(&mut hq, &week()), expected("新名", "新名"));
    assert_eq!(named(&mut hq, &on("2026-11-20")), expected("更舊", "更舊"));
}

fn prompts_of_a_basket_that_did_not_sell_are_shown_and_not_taken(place: &Place) {
    let mut hq = with_stores(place, &["1"]);
    let mut journal = Journal::new("1", 1);
    journal.push(&sold("1", 1, "milk"));
    journal.push(&abandoned("1", 2, "milk"));
    // Of a basket with nothing to say nothing is read, and nothing can be wrong with it.
    let mut plain = sale("1", 3, 9, &[("a1", 1)]);
    plain.business_day = "whenever".to_owned();
    let plain = SaleAbandoned { basket: plain, reason: "left".to_owned() };
    journal.push(&Fact::SaleAbandoned(Box::new(plain)));
    let taken = hq.ingest(&[journal.all()], 1000).unwrap();
    assert_eq!((taken.folded_sales, taken.put_aside), (1, 0));
    let sums = hq.promotions(&Scope::All, &on(DAY)).unwrap()[0].sums;
    assert_eq!((sums.shown, sums.taken, sums.declined), (3, 1, 1));
    assert_eq!((sums.baskets, sums.uses, sums.net), (1, 1, 18), "the abandoned one sold nothing");
}

fn a_basket_counts_once_by_whatever_stream_it_comes(place: &Place) {
    let mut hq = with_stores(place, &["1"]);
    let mut journal = Journal::new("1", 1);
    journal.push(&sold("1", 1, "milk"));
    journal.push(&abandoned("1", 2, "milk"));
    journal.push(&abandoned("1", 3, "milk"));
    let mut restored = journal.forked(2, StreamCause::Restored);
    // Rung up or given up again after a backup was put back; and what was given up is sold now.
    restored.push(&sold("1", 1, "milk"));
    restored.push(&abandoned("1", 2, "milk"));
    restored.push(&sold("1", 3, "milk"));
    restored.push(&abandoned("1", 1, "milk"));
    hq.ingest(&[journal.all(), journal.all()], 1000).unwrap();
    hq.ingest(&[restored.message(1..=3)], 1001).unwrap();
    hq.ingest(&[restored.message(3..=5), journal.message(2..=4)], 1002).unwrap();
    let sums = hq.promotions(&Scope::All, &on(DAY)).unwrap()[0].sums;
    assert_eq!((sums.baskets, sums.net, sums.discount), (2, 36, 4));
    assert_eq!((sums.shown, sums.taken, sums.declined), (1 + 2 + 2, 1, 2));
}

fn a_sale_whose_promotions_cannot_be_read_is_kept_aside(place: &Place) {
    let mut hq = with_stores(place, &["1"]);
    let mut journal = Journal::new("1", 1);
    let odd = |number, change: &dyn Fn(&mut Sale)| {
        let Fact::SaleCompleted(mut sale) = sold("1", number, "milk") else { unreachable!() };
        change(&mut sale);
        Fact::SaleCompleted(sale)
    };
    let of = |sale: &mut Sale| sale.pricing.clone().unwrap();
    journal.push(&odd(1, &|sale| {
        let mut priced = of(sale);
        priced.promotions[0].sales.currency = "USD".to_owned();
        sale.pricing = Some(priced);
    }));
    journal.push(&odd(2, &|sale| {
        let mut priced = of(sale);
        priced.prompts[0].promotion = "a\nb".to_owned();
        sale.pricing = Some(priced);
    }));
    let mut foreign = abandoned("1", 3, "milk");
    if let Fact::SaleAbandoned(abandoned) = &mut foreign {
        abandoned.basket.store = "2".to_owned();
    }
    journal.push(&foreign);
    journal.push(&odd(4, &|_| ()));
    // The ends of the range are nobody's trade, and break nothing.
    journal.push(&odd(5, &|sale| {
        let mut priced = of(sale);
        priced.promotions = vec![used("milk", 1, 1); 3];
        priced.promotions[0].uses = u32::MAX;
        priced.promotions[0].amount = twd(1_000_000_000_000_000);
        sale.pricing = Some(priced);
    }));
    let taken = hq.ingest(&[journal.all()], 1000).unwrap();
    assert_eq!((taken.folded_sales, taken.put_aside), (2, 3));
    let mut codes: Vec<_> =
        hq.aside(&Scope::All, None).unwrap().into_iter().map(|it| it.code).collect();
    codes.sort();
    assert_eq!(codes, ["foreign", "unreadable_fact", "unreadable_fact"]);
    let sums = hq.promotions(&Scope::All, &on(DAY)).unwrap()[0].sums;
    assert_eq!(sums.uses, 1 + u64::from(u32::MAX) + 2);
    assert_eq!(sums.discount, 2 + 1_000_000_000_000_000 + 2);
}

/// A basket: its number, whether it sold, what was used, what was said.
type Basket = (u64, bool, Vec<(u8, i64)>, Vec<(u8, u8)>);

fn basket() -> impl Strategy<Value = Basket> {
    let used = prop::collection::vec((0..3_u8, 0..50_i64), 0..3);
    let said = prop::collection::vec((0..3_u8, 0..3_u8), 0..3);
    (0..12_u64, any::<bool>(), used, said)
}

const OUTCOMES: [PromptOutcome; 3] =
    [PromptOutcome::Shown, PromptOutcome::Taken, PromptOutcome::Declined];

fn fact((number, is_sold, uses, said): &Basket) -> Fact {
    let name = |id: &u8| format!("p{id}");
    let mut basket = sale("1", *number, 9, &[("a1", 2)]);
    let uses = uses.iter().map(|(id, amount)| used(&name(id), *amount, amount * 10)).collect();
    let said = said.iter().map(|(id, which)| prompt(&name(id), OUTCOMES[usize::from(*which)]));
    basket.pricing = Some(pricing(uses, said.collect()));
    if *is_sold {
        return Fact::SaleCompleted(Box::new(basket));
    }
    Fact::SaleAbandoned(Box::new(SaleAbandoned { basket, reason: "left".to_owned() }))
}

/// What should come of baskets, in the plainest words.
fn expected(baskets: &[Basket]) -> BTreeMap<String, PromotionSums> {
    let (mut sold, mut spoken) = (BTreeSet::new(), BTreeSet::new());
    let mut sums: BTreeMap<String, PromotionSums> = BTreeMap::new();
    for (number, is_sold, uses, said) in baskets {
        if sold.contains(number) {
            continue;
        }
        if *is_sold {
            sold.insert(*number);
            for (id, amount) in uses {
                let sum = sums.entry(format!("p{id}")).or_default();
                (sum.uses, sum.units) = (sum.uses + 1, sum.units + 2);
                (sum.discount, sum.net) = (sum.discount + amount, sum.net + amount * 10);
            }
            for id in uses.iter().map(|(id, _)| id).collect::<BTreeSet<_>>() {
                sums.entry(format!("p{id}")).or_default().baskets += 1;
            }
        }
        if said.is_empty() || !spoken.insert(*number) {
            continue;
        }
        for (id, which) in said {
            let sum = sums.entry(format!("p{id}")).or_default();
            sum.shown += 1;
            sum.taken += u64::from(*is_sold && *which == 1);
            sum.declined += u64::from(*which == 2);
        }
    }
    sums
}

fn sums_are_those_of_the_baskets_in_whatever_order_and_how_often_they_come(place: &Place) {
    let cases = if place.is_fast() { 200 } else { 6 };
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let input = (
        prop::collection::vec(basket(), 1..30),
        prop::collection::vec((0..32_usize, 0..8_usize), 1..12),
    );
    let outcome = runner.run(&input, |(baskets, messages)| {
        let mut hq = with_stores(&place.another(), &["1"]);
        let mut journal = Journal::new("1", 1);
        baskets.iter().for_each(|basket| journal.push(&fact(basket)));
        let last = journal.rows.len();
        for (from, more) in messages {
            let from = (from + 1).min(last);
            hq.ingest(&[journal.message(from..=(from + more).min(last))], 1000).unwrap();
        }
        hq.ingest(&[journal.all()], 1001).unwrap();
        let found = hq.promotions(&Scope::All, &on(DAY)).unwrap().into_iter();
        let found: BTreeMap<_, _> = found.map(|it| (it.promotion, it.sums)).collect();
        prop_assert_eq!(found, expected(&baskets));
        Ok(())
    });
    outcome.unwrap();
}
