//! Any day at a till: what is expected, what the day comes to, and that both say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use store_core::day::{Booking, DaySummary, Scope, SummaryFold};
use store_core::fact::Fact;
use store_core::register::Command;
use store_core::till::{Denomination, TillCommand, TillEvent, TillNumber, TillPolicy};
use store_core::{BusinessDay, Currency, Money, TransactionId, WorkstationId};
use uuid::Uuid;

use crate::cash::{run, with};
use crate::till::{BEER, MILK, SOAP, Till, pieces, reason, tender_type, usd};

/// Something that a cashier may do.
#[derive(Clone, Debug)]
enum Deed {
    Sell {
        goods: usize,
        count: i64,
        kind: usize,
        over: i64,
    },
    /// Two ways of paying for one basket.
    Split {
        count: i64,
        kind: usize,
    },
    Refund {
        goods: usize,
    },
    GiveUp,
    Loan(i64),
    Pickup(i64),
    PaidIn(i64),
    PaidOut(i64),
    NoSale,
    Count(u32),
    PostVoid,
}

const GOODS: [&str; 3] = [MILK, SOAP, BEER];
const KINDS: [&str; 4] = ["cash", "voucher", "card", "coupon"];

fn deed() -> impl Strategy<Value = Deed> {
    let sums = || 1..50_000_i64;
    prop_oneof![
        4 => (0..3_usize, 1..9_i64, 0..4_usize, 0..2000_i64)
            .prop_map(|(goods, count, kind, over)| Deed::Sell { goods, count, kind, over }),
        2 => (2..9_i64, 0..4_usize).prop_map(|(count, kind)| Deed::Split { count, kind }),
        1 => (0..3_usize).prop_map(|goods| Deed::Refund { goods }),
        1 => Just(Deed::GiveUp),
        1 => sums().prop_map(Deed::Loan),
        1 => sums().prop_map(Deed::Pickup),
        1 => sums().prop_map(Deed::PaidIn),
        1 => sums().prop_map(Deed::PaidOut),
        1 => Just(Deed::NoSale),
        1 => (0..500_u32).prop_map(Deed::Count),
        1 => Just(Deed::PostVoid),
    ]
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

/// A sale: what each way of paying brought, and what it came to.
type Sold = (TransactionId, Vec<(&'static str, i64)>, i64);

/// The day's sums, counted along by somebody who knows nothing of facts.
#[derive(Default)]
struct Book {
    cash: i64,
    others: BTreeMap<&'static str, i64>,
    total: i64,
    sales: u64,
    refunds: u64,
    abandoned: u64,
    no_sales: u64,
    post_voids: u64,
    last: Option<Sold>,
}

impl Book {
    fn bring(&mut self, kind: &'static str, minor: i64) {
        if kind == "cash" {
            self.cash += minor;
        } else {
            *self.others.entry(kind).or_default() += minor;
        }
    }

    fn sold(&mut self, till: &Till, brought: Vec<(&'static str, i64)>, total: i64) {
        for (kind, minor) in &brought {
            self.bring(kind, *minor);
        }
        self.total += total;
        self.sales += 1;
        self.last = Some((till.transaction, brought, total));
    }
}

fn begin(till: &mut Till) {
    let id = u128::from(till.next_id()) + 90_000;
    (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(id)), 0);
}

fn due(till: &Till) -> i64 {
    till.machine.basket().unwrap().transaction.totals.due.minor()
}

fn tender(till: &mut Till, kind: &str, minor: i64) {
    let amount = money(minor).amount().to_string();
    till.pay(kind, &amount).unwrap();
}

fn sell(till: &mut Till, book: &mut Book, goods: usize, count: i64, kind: usize, over: i64) {
    begin(till);
    let code = GOODS[goods].to_owned();
    till.run(Command::KeyItem { code, quantity: Some(pieces(count)), amount: None, item: None })
        .unwrap();
    let (kind, total) = (KINDS[kind], due(till));
    // Only these two give change, and they give it in cash.
    let over = if kind == "cash" || kind == "voucher" { over } else { 0 };
    tender(till, kind, total + over);
    till.run(Command::Complete).unwrap();
    book.sold(till, vec![(kind, total + over), ("cash", -over)], total);
}

fn act(till: &mut Till, book: &mut Book, deed: &Deed) {
    match *deed {
        Deed::Sell { goods, count, kind, over } => sell(till, book, goods, count, kind, over),
        Deed::Split { count, kind } => {
            begin(till);
            let command = Command::KeyItem {
                code: MILK.to_owned(),
                quantity: Some(pieces(count)),
                amount: None,
                item: None,
            };
            till.run(command).unwrap();
            let (total, kind) = (due(till), KINDS[kind]);
            tender(till, kind, total / 3);
            tender(till, "cash", total - total / 3);
            till.run(Command::Complete).unwrap();
            book.sold(till, vec![(kind, total / 3), ("cash", total - total / 3)], total);
        }
        Deed::Refund { goods } => refund(till, book, goods),
        Deed::GiveUp => {
            begin(till);
            till.scan(MILK).unwrap();
            till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
            book.abandoned += 1;
        }
        Deed::PostVoid => {
            let Some((id, brought, total)) = book.last.take() else { return };
            (till.transaction, till.version) = (id, 0);
            till.run(Command::PostVoid { reason: reason("changed_mind") }).unwrap();
            for (kind, minor) in brought {
                book.bring(kind, -minor);
            }
            book.total -= total;
            book.post_voids += 1;
        }
        Deed::Loan(minor) => {
            move_cash(till, book, minor, |amount| TillCommand::Loan { amount, reason: None })
        }
        Deed::Pickup(minor) => {
            run(till, TillCommand::Pickup { amount: money(minor) }).unwrap();
            book.cash -= minor;
        }
        Deed::PaidIn(minor) => move_cash(till, book, minor, |amount| TillCommand::PaidIn {
            amount,
            reason: reason("expense"),
        }),
        Deed::PaidOut(minor) => {
            let (amount, reason) = (money(minor), reason("expense"));
            run(till, TillCommand::PaidOut { amount, reason }).unwrap();
            book.cash -= minor;
        }
        Deed::NoSale => {
            run(till, TillCommand::NoSale { reason: reason("expense") }).unwrap();
            book.no_sales += 1;
        }
        Deed::Count(dollars) => {
            run(till, counted(dollars)).unwrap();
        }
    }
}

fn refund(till: &mut Till, book: &mut Book, goods: usize) {
    begin(till);
    let command = Command::ReturnItem {
        code: GOODS[goods].to_owned(),
        quantity: pieces(1),
        amount: None,
        reason: reason("refund"),
    };
    till.run(command).unwrap();
    let total = due(till);
    tender(till, "cash", total);
    till.run(Command::Complete).unwrap();
    book.sold(till, vec![("cash", total)], total);
    book.refunds += 1;
}

fn move_cash(till: &mut Till, book: &mut Book, minor: i64, of: impl Fn(Money) -> TillCommand) {
    run(till, of(money(minor))).unwrap();
    book.cash += minor;
}

fn counted(dollars: u32) -> TillCommand {
    let denominations = vec![Denomination { value: usd("1.00"), pieces: dollars }];
    TillCommand::Count { denominations, others: Vec::new() }
}

fn summary(till: &Till, scope: Scope) -> DaySummary {
    let mut fold = SummaryFold::new(scope, Currency::USD);
    for booking in till.facts.iter().filter_map(Booking::of) {
        fold.add(&booking);
    }
    fold.summary()
}

fn check(till: &Till, book: &Book, day: BusinessDay) {
    let open = till.machine.view(till.now()).till.open.unwrap();
    let expected = open.expected.unwrap();
    assert_eq!(expected.sum(&tender_type("cash"), Currency::USD), money(book.cash));
    for (kind, minor) in &book.others {
        assert_eq!(expected.sum(&tender_type(kind), Currency::USD), money(*minor), "{kind}");
    }
    let of_day = summary(till, Scope::Day(day));
    assert_eq!(of_day.total, money(book.total));
    let sum =
        |amounts: &mut dyn Iterator<Item = Money>| money(amounts.map(Money::minor).sum::<i64>());
    let tenders = sum(&mut of_day.tenders.iter().map(|line| line.amount));
    assert_eq!(tenders, of_day.total.add(of_day.rounding).unwrap(), "tenders less change");
    for line in &of_day.tenders {
        assert_eq!(line.amount, line.taken.subtract(line.change).unwrap());
    }
    assert_eq!(sum(&mut of_day.operators.iter().map(|line| line.total)), of_day.total);
    assert_eq!(sum(&mut of_day.hours.iter().map(|line| line.total)), of_day.total);
    assert_eq!(sum(&mut of_day.departments.iter().map(|line| line.net)), of_day.total);
    let counts = of_day.counts;
    assert_eq!(
        (counts.sales, counts.refunds, counts.abandoned, counts.no_sales, counts.post_voids),
        (book.sales, book.refunds, book.abandoned, book.no_sales, book.post_voids),
    );
    // One till is all of this day.
    let scope = Scope::Till(WorkstationId::new("1").unwrap(), TillNumber(1));
    assert_eq!(summary(till, scope), of_day);
    // And a restart, which has nothing but the facts, has the same till.
    assert_eq!(till.folded().open.unwrap().expected().unwrap(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_day_adds_up(float in 0..100_000_i64, deeds in prop::collection::vec(deed(), 0..25)) {
        let mut till = with(TillPolicy::Shared);
        // The day's last sales are past midnight: it stays the day that the till was opened on.
        let day = till.day.unwrap();
        run(&mut till, TillCommand::Open { float: money(float) }).unwrap();
        let mut book = Book { cash: float, ..Book::default() };
        for (index, deed) in deeds.iter().enumerate() {
            if index == 15 {
                till.wall_s += 86_400;
            }
            act(&mut till, &mut book, deed);
        }
        check(&till, &book, day);
        run(&mut till, counted(40)).unwrap();
        run(&mut till, TillCommand::Close).unwrap();
        let Some(Fact::Till(entry)) = till.facts.last() else { panic!("a close") };
        let TillEvent::Closed { closing } = &entry.event else { panic!("a close") };
        let cash = closing.lines.iter().find(|line| line.tender_type.as_str() == "cash").unwrap();
        prop_assert_eq!(cash.over().unwrap(), Some(money(4000 - book.cash)));
    }
}
