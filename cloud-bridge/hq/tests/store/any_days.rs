//! Any days of any stores, in whatever order and how often their rows come: headquarters answers
//! what the stores themselves make of their rows.

use std::collections::BTreeSet;

use hq::ingest::Message;
use hq_wire::link::v1::{Branch, branch_id};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store_core::BusinessDay;
use store_core::day::{Booking, DaySummary};

use crate::journal::digest_of;
use crate::shop::{Deed, Own, Shop, between, day, folded};
use crate::support::{Place, with_stores};

crate::everywhere! { any_days_are_those_of_the_stores }

/// What happens, without the numbers of sales: those are given when it happens.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Sell(i64),
    /// The last sale that stands is undone.
    Undo,
    GiveUp,
    OpenTill,
    CloseTill,
    Loan(i64),
    NoSale,
    CloseDay,
    Refuse,
    /// What was sold and is not in the backup is rung up again, as it was.
    Again,
}

/// A store's days: what happens, and where it came back from a backup.
#[derive(Clone, Debug)]
struct Days {
    /// Each with how many days it is booked before the day on which most happens then.
    plans: Vec<(Plan, i8)>,
    /// After how many of them the store goes on in another stream.
    turn: usize,
    /// How many rows before its end the backup lacks.
    lost: usize,
    /// How many of the first stream's rows come by the stream; the rest comes by a branch.
    by_stream: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    prop_oneof![
        6 => (1..9_i64).prop_map(Plan::Sell),
        2 => Just(Plan::Undo),
        1 => Just(Plan::GiveUp),
        1 => Just(Plan::OpenTill),
        1 => Just(Plan::CloseTill),
        1 => (1..99_i64).prop_map(Plan::Loan),
        1 => Just(Plan::NoSale),
        1 => Just(Plan::CloseDay),
        3 => Just(Plan::Refuse),
        2 => Just(Plan::Again),
    ]
}

fn days() -> impl Strategy<Value = Days> {
    let late = prop_oneof![4 => Just(0_i8), 1 => Just(1_i8)];
    (prop::collection::vec((plan(), late), 2..40), 0..40_usize, 0..4_usize, 1..40_usize).prop_map(
        |(plans, turn, lost, by_stream)| {
            let turn = turn % plans.len();
            Days { plans, turn, lost, by_stream }
        },
    )
}

/// A sale that a store knows: its number, its pieces and its day.
type Sold = (u64, i64, BusinessDay);

/// The two streams of a store, and the row of the first one after which the second begins.
struct Lived {
    first: Shop,
    second: Shop,
    kept: usize,
    by_stream: usize,
}

/// Most of what happens is on one day, and then on the next.
fn day_of(index: usize, late: i8) -> BusinessDay {
    day(24 + i8::try_from(index / 12).unwrap() - late)
}

fn deed(plan: Plan, number: u64) -> Deed {
    match plan {
        Plan::Sell(pieces) => Deed::Sell { number, pieces },
        Plan::GiveUp => Deed::GiveUp { number },
        Plan::OpenTill => Deed::OpenTill(1),
        Plan::CloseTill => Deed::CloseTill(1),
        Plan::Loan(amount) => Deed::Loan(amount),
        Plan::CloseDay => Deed::CloseDay,
        Plan::Refuse => Deed::Refuse,
        Plan::NoSale | Plan::Undo | Plan::Again => Deed::NoSale,
    }
}

/// The sales among rows, and those of them that stand.
fn sales(rows: &[Option<Own>]) -> (Vec<Sold>, Vec<Sold>) {
    let (mut all, mut standing) = (Vec::new(), Vec::new());
    for row in rows.iter().flatten() {
        let Some(number) = row.number else { continue };
        if let Booking::Sale(sale) = &row.booking {
            let sold = (number, sale.discount.minor(), sale.business_day);
            all.push(sold);
            standing.push(sold);
        } else {
            standing.retain(|sold| sold.0 != number);
        }
    }
    (all, standing)
}

impl Lived {
    fn of(store: &str, salt: u64, days: &Days) -> Self {
        let mut shop = Shop::new(store, salt);
        let (mut standing, mut lost) = (Vec::new(), Vec::new());
        let mut first = None;
        for (index, (plan, late)) in days.plans.iter().enumerate() {
            if index == days.turn {
                let kept = shop.own.len().saturating_sub(days.lost).max(1);
                standing = sales(&shop.own[..kept]).1;
                lost = sales(&shop.own[kept..]).0;
                let second = shop.restored(kept, salt + 1);
                first = Some((std::mem::replace(&mut shop, second), kept));
                // What is refused then is of this day, whatever was lost.
                shop.act(day_of(index, 0), &Deed::NoSale);
            }
            let known = match plan {
                Plan::Again => lost.pop(),
                Plan::Undo => standing.pop(),
                _ => None,
            };
            let (on, deed) = match (plan, known) {
                (Plan::Again, Some((number, pieces, on))) => (on, Deed::Sell { number, pieces }),
                (Plan::Undo, Some((number, pieces, on))) => (on, Deed::Undo { number, pieces }),
                _ => {
                    (day_of(index, *late), deed(*plan, salt * 1000 + u64::try_from(index).unwrap()))
                }
            };
            if let Deed::Sell { number, pieces } = deed {
                standing.push((number, pieces, on));
            }
            shop.act(on, &deed);
        }
        let (first, kept) = first.expect("it turns at one of the plans");
        let by_stream = days.by_stream.min(first.own.len());
        Self { first, second: shop, kept, by_stream }
    }

    /// What a day is: all that lies between its first and its last row, for the store that it
    /// became and for the one that it was, each sale and each undoing once.
    fn summary(&self, day: BusinessDay) -> Option<DaySummary> {
        let was = &self.first.own[..self.kept.max(self.by_stream)];
        let now = [&self.first.own[..self.kept], self.second.own.as_slice()].concat();
        let is_in = |rows: &[Option<Own>], row: usize| {
            between(rows, day).is_some_and(|(first, last)| (first..=last).contains(&row))
        };
        let is_of_day = |row: &usize| is_in(was, *row) || (*row < self.kept && is_in(&now, *row));
        let of_first = (0..was.len()).filter(is_of_day).map(|row| &was[row]);
        let of_second = (self.kept..now.len()).filter(|row| is_in(&now, *row)).map(|row| &now[row]);
        let mut rows: Vec<Own> = of_first.chain(of_second).flatten().cloned().collect();
        let mut seen = BTreeSet::new();
        for row in &mut rows {
            let is_sale = matches!(row.booking, Booking::Sale(_));
            if row.number.is_some_and(|number| !seen.insert((is_sale, number))) {
                // It says the day, and no more.
                row.booking = crate::shop::counted(row.day.unwrap());
            }
        }
        (!rows.is_empty()).then(|| folded(rows.iter(), day))
    }

    /// All that it sends, in pieces.
    fn messages(&self) -> Vec<Message> {
        let (first, second) = (&self.first.journal, &self.second.journal);
        let pieces = |first: usize, last: usize| {
            (first..=last).step_by(3).map(move |it| it..=(it + 2).min(last))
        };
        let mut messages: Vec<Message> =
            pieces(1, self.by_stream).map(|piece| first.message(piece)).collect();
        messages.extend(pieces(1, second.rows.len()).map(|piece| second.message(piece)));
        if self.by_stream < self.kept {
            let after = self.by_stream.div_ceil(2);
            let name = branch_id(first.stream, &digest_of(&first.rows[self.kept - 1]));
            let (stream, digest) = (first.stream.to_string(), first.rows[after - 1].digest.clone());
            let branch = Branch { stream, after: after as u64, digest };
            let piece = |piece| first.message_as(name, Some(branch.clone()), piece);
            messages.extend(pieces(after + 1, self.kept).map(piece));
        }
        messages
    }
}

fn any_days_are_those_of_the_stores(place: &Place) {
    let order = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..60);
    let cases = if place.is_fast() { 48 } else { 6 };
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let property = |(one, other, order): (Days, Days, Vec<(prop::sample::Index, bool)>)| {
        let stores = [("367", Lived::of("367", 1, &one)), ("368", Lived::of("368", 3, &other))];
        let all: Vec<Message> = stores.iter().flat_map(|(_, lived)| lived.messages()).collect();
        let mut hq = with_stores(&place.another(), &["367", "368"]);
        let births = stores.each_ref().map(|(_, lived)| lived.first.journal.birth("boot"));
        hq.ingest(&births, 1000).unwrap();
        let mut batch = Vec::new();
        for (index, is_last) in order {
            batch.push(index.get(&all).clone());
            if is_last {
                hq.ingest(&std::mem::take(&mut batch), 1000).unwrap();
            }
        }
        // What never came comes at last, and what came once more.
        hq.ingest(&batch, 1000).unwrap();
        hq.ingest(&all, 1000).unwrap();
        for (store, lived) in &stores {
            for number in 23..=28 {
                let here = hq.day_summary(store, day(number)).unwrap();
                assert_eq!(here, lived.summary(day(number)), "{store} on {number}");
            }
        }
        Ok(())
    };
    if let Err(failure) = runner.run(&(days(), days(), order), property) {
        panic!("{failure}");
    }
}
