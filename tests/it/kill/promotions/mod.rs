//! A store that sells under limited promotions, killed at random moments and started again.

mod seller;
mod shop;
mod taken;

use std::collections::{BTreeMap, BTreeSet};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use store_journal::{LedgerReads as _, Reader};

use self::seller::{Answered, Seller};
use self::shop::{GOODS, OFF, Shop, TOTAL};
use self::taken::Taken;
use super::evidence::{self, Before, UnderWay};
use super::{LOOK_INTERVAL, wait};
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::support;

/// Kills that must have met a basket in payment that holds something.
const KILLS: u32 = 20;
const ATTEMPTS_MAX: u32 = 200;
/// Registers that sell; one more only asks.
const REGISTERS: usize = 3;
/// A kill comes within this time after a sale was answered.
const MOMENT_MS_MAX: u64 = 100;

/// What there is `TOTAL` of, and what it costs.
const SOLD_OUT: &str = "D0002";
const SOLD_OUT_PRICE: i64 = 25;

/// What the kills met.
#[derive(Debug, Default)]
struct Count {
    attempts: u32,
    kills: u32,
    held: BTreeMap<String, u32>,
    by_phase: BTreeMap<&'static str, u32>,
}

impl Count {
    fn add(&mut self, taken: &Taken, under_way: &UnderWay) {
        self.attempts += 1;
        self.kills += u32::from(!taken.held.is_empty());
        for (id, uses) in &taken.held {
            *self.held.entry(id.clone()).or_default() += uses;
        }
        for phase in under_way.phases() {
            *self.by_phase.entry(phase).or_default() += 1;
        }
    }

    fn is_enough(&self) -> bool {
        let has_met_all = GOODS.iter().all(|(id, _)| self.held.contains_key(*id));
        self.kills >= KILLS && has_met_all && self.by_phase.contains_key("commit")
    }
}

/// A store with everybody at work, from one start to the next.
struct Trade {
    shop: Shop,
    answered: Answered,
    sellers: Vec<Seller>,
    asking: Browser,
}

impl Trade {
    fn begin(seed: &mut u64) -> (Self, Hub) {
        let shop = Shop::new();
        let hub = shop.start();
        let mut sellers = vec![Seller::new(Browser::at_work(&hub), support::draw(seed))];
        for workstation in 2..=REGISTERS {
            let browser = Browser::at_work_at(&hub, &workstation.to_string());
            sellers.push(Seller::new(browser, support::draw(seed)));
        }
        let asking = Shop::asking(&hub);
        (Self { shop, answered: Answered::default(), sellers, asking }, hub)
    }

    /// Everybody goes on where the store answers now.
    fn restart(mut self) -> (Self, Hub) {
        let hub = self.shop.start();
        self.sellers = self.sellers.into_iter().map(|seller| seller.moved(&hub)).collect();
        self.asking = self.asking.moved(&hub);
        (self, hub)
    }

    /// Sells, and is killed at a random moment; what is on the disk then, and what was under way.
    fn kill(&mut self, hub: Hub, moment: Duration) -> (Taken, UnderWay) {
        let store = self.shop.store();
        let before = Before::read(&store);
        let answered = &self.answered;
        let sold_before = answered.sales().len();
        thread::scope(|scope| {
            let sell_on = |seller| scope.spawn(move || Seller::sell_on(seller, answered));
            let selling: Vec<_> = self.sellers.iter_mut().map(sell_on).collect();
            let goes_on = || !selling.iter().all(ScopedJoinHandle::is_finished);
            while answered.sales().len() == sold_before && goes_on() {
                wait(LOOK_INTERVAL);
            }
            wait(moment);
            drop(hub);
        });
        let sales: BTreeSet<String> = answered.sales().into_keys().collect();
        let under_way = UnderWay::read(&store, &before, &sales, REGISTERS);
        (self.check(), under_way)
    }

    /// What was answered is in the journal at the price that was told.
    fn check(&self) -> Taken {
        let taken = Taken::read(&self.shop.store());
        for (id, total) in self.answered.sales() {
            assert_eq!(taken.sales.get(&id), Some(&total), "{id} was answered");
        }
        taken
    }

    /// After a start: what was held is held; and once some have walked away, that is free.
    fn look(&mut self) {
        self.shop.ask_what_is_left(&self.asking);
        self.sellers.iter_mut().for_each(|seller| seller.settle(&self.answered));
        self.shop.ask_what_is_left(&self.asking);
    }

    /// Ends every sale, sells out what there is `TOTAL` of, and looks at everything.
    fn finish(mut self, mut hub: Hub) -> usize {
        self.look();
        let answered = &self.answered;
        for seller in &mut self.sellers {
            seller.finish(answered);
        }
        let left = TOTAL - self.check().uses("total");
        let paid: Vec<i64> = thread::scope(|scope| {
            let selling: Vec<_> = self
                .sellers
                .iter_mut()
                .map(|seller| scope.spawn(move || seller.sell_pieces(SOLD_OUT, left + 1, answered)))
                .collect();
            selling.into_iter().flat_map(|selling| selling.join().unwrap()).collect()
        });
        let cheap = paid.iter().filter(|paid| **paid == SOLD_OUT_PRICE - i64::from(OFF)).count();
        let dear = paid.iter().filter(|paid| **paid == SOLD_OUT_PRICE).count();
        assert_eq!((cheap, cheap + dear), (left as usize, paid.len()), "{paid:?}");
        assert_eq!(self.check().uses("total"), TOTAL, "sold out, and not once more");
        self.shop.ask_what_is_left(&self.asking);
        assert!(hub.stop().success());
        let taken = self.check();
        let store = self.shop.store();
        let sold = evidence::sold(&Reader::open(&store).unwrap());
        assert_eq!(sold, self.answered.sales().into_keys().collect());
        assert_eq!(sold, taken.sales.into_keys().collect());
        store_journal::verify(&store, true).unwrap();
        let days = Reader::open(&store).unwrap().promotion_days().unwrap();
        store_journal::rebuild(&store).unwrap();
        assert_eq!(Reader::open(&store).unwrap().promotion_days().unwrap(), days);
        sold.len()
    }
}

#[test]
fn killed_at_random_moments_what_is_limited_stays_held_and_is_never_given_twice() {
    let mut seed = support::seed();
    let mut count = Count::default();
    let (mut trade, mut hub) = Trade::begin(&mut seed);
    while !count.is_enough() && count.attempts < ATTEMPTS_MAX {
        trade.look();
        let moment = Duration::from_millis(support::draw(&mut seed) % MOMENT_MS_MAX);
        let (taken, under_way) = trade.kill(hub, moment);
        count.add(&taken, &under_way);
        (trade, hub) = trade.restart();
    }
    let sales = trade.finish(hub);
    println!("{sales} sales, {count:?}");
    assert!(count.is_enough(), "{count:?}");
}
