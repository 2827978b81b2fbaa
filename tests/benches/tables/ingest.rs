//! Headquarters' ingest, beside a bare subscriber that writes the same messages durably.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use store_core::fact::Fact;
use store_core::{CommandId, TransactionId};
use store_journal::Append;
use uuid::Uuid;

use super::Scale;
use super::alternate::alternate;
use super::courier::{Courier, options};
use super::headquarters::Headquarters;
use super::markdown::Markdown;
use super::rows::{Message, Sending};
use super::sales::{Seller, Shop};
use super::samples::{Ratios, met};
use super::subscriber::{Bare, SECRET};
use crate::support;

/// What is asked of headquarters.
const TARGET: f64 = 0.8;
/// Stores that send.
const STORES: usize = 8;
/// Different sales of each of them: about a quarter of a day's.
const SALES: usize = 251;
/// Rows in a message, in steady trade and when a store catches up, and how many messages may be on
/// their way that nobody has taken in: some commits of either arm, and no more, because the broker
/// writes a message down that nobody takes for a quarter of a second.
const KINDS: [(u64, u64); 2] = [(1, 256), (64, 64)];

/// The table.
pub fn table(scale: &Scale) -> String {
    let mut table = Markdown::new(
        "Headquarters' ingest, beside a bare subscriber",
        &["rows in a message", "headquarters, rows/s", "bare, rows/s", "ratio", "target"],
    );
    let shop = Shop::new(scale.items);
    for (rows, ahead) in KINDS {
        let pairs = measure(scale, &shop, rows, ahead);
        let mean =
            |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
        let ratios = Ratios::of(pairs.iter().copied());
        table.row(&[
            &rows.to_string(),
            &format!("{:.0}", mean(|pair| pair.0)),
            &format!("{:.0}", mean(|pair| pair.1)),
            &ratios.shown(),
            &format!("≥ {:.0} %: {}", TARGET * 100.0, met(ratios.median() >= TARGET)),
        ]);
    }
    table.note(&format!(
        "Sales of {STORES} stores in baskets of real sizes of {} items, {SALES} different ones at \
         each of them, over a broker of headquarters' kind, never more than 256 messages (64 of \
         64 rows) ahead of what was taken in; until the last of a slice is durable. Headquarters' \
         own program reads, decides, folds and acknowledges to the store; \
         the subscriber unpacks a message and inserts its rows into one table (SQLite, WAL, \
         `synchronous=FULL`, 100 messages a commit, acknowledged to the broker after it). {} \
         pairs of slices of {:?}. {}",
        scale.items,
        scale.pairs,
        scale.slice,
        super::markdown::load(),
    ))
}

fn measure(scale: &Scale, shop: &Arc<Shop>, rows: u64, ahead: u64) -> Vec<(f64, f64)> {
    let directory = support::temp_dir("ingest");
    let mut building = tokio::runtime::Builder::new_multi_thread();
    // As many threads as headquarters has for its broker and its connections.
    let runtime = Arc::new(building.worker_threads(2).enable_all().build().unwrap());
    let hq = Headquarters::start(&directory.path().join("hq"), 0);
    hq.enrol((0..STORES).map(|store| format!("s{store}")));
    let bare = Bare::start(&runtime, directory.path());
    let to_hq = options("courier", hq.broker, &hq.secret());
    let mut ours = Arm::new(Courier::to_headquarters(&runtime, to_hq));
    let to_bare = options("courier", bare.broker, SECRET);
    let mut limit = Arm::new(Courier::to(&runtime, to_bare, bare.taken.clone()));
    let mut trade = Trade::new(shop, rows);
    let each = scale.rows_per_s * scale.slice.as_secs_f64() / rows as f64;
    let each = each.ceil() as usize;
    let trade = std::cell::RefCell::new(&mut trade);
    let slice = |arm: &mut Arm| {
        let mut trade = trade.borrow_mut();
        trade.make_ready(arm.next + each);
        arm.slice(&trade.messages, (rows, ahead), scale.slice)
    };
    alternate(scale.pairs, |_| slice(&mut ours), |_| slice(&mut limit))
}

/// Who brings the messages to one of them, and which comes next.
struct Arm {
    courier: Courier,
    next: usize,
}

impl Arm {
    const fn new(courier: Courier) -> Self {
        Self { courier, next: 0 }
    }

    /// Rows a second.
    fn slice(&mut self, messages: &[Message], (rows, ahead): (u64, u64), length: Duration) -> f64 {
        let waiting = messages.iter().skip(self.next);
        let (sent, took) = self.courier.deliver(waiting, rows, ahead, length);
        self.next += sent;
        assert!(sent > 0, "there were messages to bring");
        (sent as u64 * rows) as f64 / took.as_secs_f64()
    }
}

/// What the stores sell: the same messages for both.
struct Trade {
    /// Sales that each store sells again and again, as customers buy what they bought before.
    sales: Vec<Vec<Append>>,
    sending: Vec<Sending>,
    rows: u64,
    messages: Vec<Message>,
    sold: usize,
}

impl Trade {
    fn new(shop: &Arc<Shop>, rows: u64) -> Self {
        let begins: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        let sales = |number| {
            let mut seller = Seller::new(shop, number, begins, 1000);
            seller.sign_on();
            // The sale itself, without the row of its cash before it.
            (0..SALES).map(|_| seller.sell().pop().unwrap()).collect()
        };
        Self {
            sales: (1..=STORES).map(sales).collect(),
            sending: (0..STORES).map(|store| Sending::new(&format!("s{store}"))).collect(),
            rows,
            messages: Vec::new(),
            sold: 0,
        }
    }

    fn make_ready(&mut self, messages: usize) {
        while self.messages.len() < messages {
            let store = self.messages.len() % STORES;
            let sales = (0..self.rows).map(|_| self.sale(store)).collect();
            self.messages.push(self.sending[store].message(sales));
        }
    }

    /// A sale that was not sold before.
    fn sale(&mut self, store: usize) -> Append {
        self.sold += 1;
        let mut append = self.sales[store][self.sold % SALES].clone();
        append.id = CommandId::new(Uuid::now_v7());
        if let Fact::SaleCompleted(sale) = &mut append.fact {
            sale.id = TransactionId::new(Uuid::now_v7());
        }
        append
    }
}
