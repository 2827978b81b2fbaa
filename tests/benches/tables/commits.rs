//! Durable sales, beside the same rows in bare SQLite.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use store_core::{BootId, Now, StoreId};
use store_journal::{Append, Ledger as _, OpenOptions, SqliteJournal, Write, Writer, Written};
use uuid::Uuid;

use super::Scale;
use super::alternate::alternate;
use super::bare::{self, BareRows, BareWriter};
use super::markdown::Markdown;
use super::sales::{Seller, Shop};
use super::samples::{Ratios, met};
use crate::support;

/// Callers that wait for their sale at once.
const CALLERS: [usize; 3] = [1, 8, 32];
/// What is asked of the journal.
const TARGET: f64 = 0.8;

/// The table.
pub fn table(scale: &Scale) -> String {
    let shop = Shop::new(scale.items);
    let mut table = Markdown::new(
        "Durable sales",
        &[
            "callers",
            "journal, sales/s",
            "bare SQLite, sales/s",
            "sales in a commit, journal / bare",
            "journal / bare",
            "target",
        ],
    );
    let mut rows_differ = false;
    for callers in CALLERS {
        let dir = support::temp_dir("commits");
        let measured = Arms::open(dir.path(), &shop, callers).measure(scale);
        rows_differ |= !bare::have_the_same_rows(dir.path());
        let mean = |of: fn(&Slice) -> f64, all: &[(Slice, Slice)]| {
            let sum = all.iter().fold((0.0, 0.0), |sum, (a, b)| (sum.0 + of(a), sum.1 + of(b)));
            (sum.0 / all.len() as f64, sum.1 / all.len() as f64)
        };
        let rates = mean(Slice::rate, &measured);
        let groups = mean(Slice::group, &measured);
        let ratios = Ratios::of(measured.iter().map(|(ours, bare)| (ours.rate(), bare.rate())));
        table.row(&[
            &callers.to_string(),
            &format!("{:.0}", rates.0),
            &format!("{:.0}", rates.1),
            &format!("{:.1} / {:.1}", groups.0, groups.1),
            &ratios.shown(),
            &format!("≥ {:.0} %: {}", TARGET * 100.0, met(ratios.median() >= TARGET)),
        ]);
    }
    assert!(!rows_differ, "both arms must have written as many rows per sale");
    table.note(&format!(
        "A sale is its row of the journal, its transaction, lines and tender, the stock of its \
         items, the register's number, the receipt and the remembered commands; baskets of real \
         sizes. Bare SQLite (WAL, `synchronous=FULL`) inserts the same rows into the same tables, \
         made before it is timed, in groups made in the same way. {} pairs of slices of {:?}.",
        scale.pairs, scale.slice,
    ))
}

/// What one slice did.
struct Slice {
    sales: usize,
    took: Duration,
    groups: u64,
}

impl Slice {
    fn rate(&self) -> f64 {
        self.sales as f64 / self.took.as_secs_f64()
    }

    fn group(&self) -> f64 {
        self.sales as f64 / self.groups.max(1) as f64
    }
}

/// Both arms and those who call them.
struct Arms {
    journal: Writer<SqliteJournal>,
    bare: BareWriter,
    /// Those who call the journal.
    ours: Vec<Caller<Append>>,
    /// The same registers, for bare SQLite.
    limit: Vec<Caller<BareRows>>,
}

/// One who waits for each sale before the next. What a slice leaves is for the next one: the
/// numbers of a register have no gaps.
struct Caller<T> {
    seller: Seller,
    ready: VecDeque<T>,
}

impl<T> Caller<T> {
    fn make_ready(&mut self, sales: usize, make: impl Fn(Append) -> T) {
        while self.ready.len() < sales {
            // The sale itself, without the row of its cash before it.
            self.ready.extend(self.seller.sell().pop().map(&make));
        }
    }
}

impl Arms {
    fn open(dir: &Path, shop: &Arc<Shop>, callers: usize) -> Self {
        let begins: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        let journal = open_journal(&dir.join("journal"), begins);
        let mut empty = open_journal(&dir.join("bare"), begins);
        empty.close().unwrap();
        drop(empty);
        let seller = |number| {
            let mut seller = Seller::new(shop, number, begins, 1000);
            seller.sign_on();
            seller
        };
        Self {
            journal: Writer::spawn(journal).unwrap(),
            bare: BareWriter::open(&dir.join("bare")),
            ours: (1..=callers).map(seller).map(Caller::new).collect(),
            limit: (1..=callers).map(seller).map(Caller::new).collect(),
        }
    }

    fn measure(self, scale: &Scale) -> Vec<(Slice, Slice)> {
        let Self { journal, bare, mut ours, mut limit } = self;
        let each =
            (scale.sales_per_s * scale.slice.as_secs_f64() / ours.len() as f64).ceil() as usize;
        let handle = journal.handle();
        let groups = || handle.stats().groups;
        let write = |append: Append| {
            let written = handle.write(Write::Append(Box::new(append))).unwrap();
            assert!(matches!(written, Ok(Written::Committed { repeated: false, .. })));
        };
        let at_journal = |_| {
            ours.iter_mut().for_each(|caller| caller.make_ready(each, |append| append));
            slice(&mut ours, scale.slice, &groups, &write)
        };
        let bare_groups = || bare.groups();
        let at_bare = |_| {
            limit.iter_mut().for_each(|caller| caller.make_ready(each, BareRows::of));
            slice(&mut limit, scale.slice, &bare_groups, &|rows| bare.write(rows))
        };
        let pairs = alternate(scale.pairs, at_journal, at_bare);
        journal.stop().unwrap();
        bare.stop();
        pairs
    }
}

impl<T> Caller<T> {
    const fn new(seller: Seller) -> Self {
        Self { seller, ready: VecDeque::new() }
    }
}

/// Every caller sells until the time is over, or what was made ready is sold.
fn slice<T: Send>(
    callers: &mut [Caller<T>],
    length: Duration,
    groups: &(dyn Fn() -> u64 + Sync),
    write: &(dyn Fn(T) + Sync),
) -> Slice {
    let groups_before = groups();
    let begun = Instant::now();
    let sell = |caller: &mut Caller<T>| {
        let mut sales = 0;
        while begun.elapsed() < length
            && let Some(sale) = caller.ready.pop_front()
        {
            write(sale);
            sales += 1;
        }
        sales
    };
    let sales = std::thread::scope(|scope| {
        let threads: Vec<_> =
            callers.iter_mut().map(|caller| scope.spawn(|| sell(caller))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    Slice { sales, took: begun.elapsed(), groups: groups() - groups_before }
}

fn open_journal(dir: &Path, begins: Timestamp) -> SqliteJournal {
    let now = Now {
        wall: begins,
        utc_offset_s: 8 * 3600,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let options = OpenOptions::new(StoreId::new("1").unwrap(), "bench", now);
    SqliteJournal::open(dir, &options).unwrap().0
}
