//! From a sale's receipt to headquarters' page.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::headquarters::Headquarters;
use super::markdown::{self, Markdown};
use super::process::Program;
use super::register::{self, Register};
use super::samples::{met, ms, percentile};
use super::views::Page;
use super::{Scale, goods, posts};
use crate::support;

/// What is asked, at the 99th percentile.
const TARGET: Duration = Duration::from_millis(20);
/// What a hub may keep in memory, in KiB.
const TARGET_KIB: u64 = 64 * 1024;
/// Registers of the store.
const REGISTERS: usize = 8;

/// The table.
pub fn table(scale: &Scale) -> String {
    let directory = support::temp_dir("live");
    let hq = Headquarters::start(&directory.path().join("hq"), 0);
    let link = hq.link_file(&hq.enrol(["1".to_owned()])[0]);
    let shop = directory.path().join("hub");
    std::fs::create_dir(&shop).unwrap();
    std::fs::write(shop.join("catalogue.csv"), goods::catalogue(scale.items)).unwrap();
    let hub = Program::linked_hub(&shop, REGISTERS, &link);
    let registers = register::open_all_of(&hub, REGISTERS, scale.items);
    let page = Page::open(&hq, None, |view| {
        view.last_sales.into_iter().map(|sale| sale.transaction).collect::<Vec<_>>()
    });
    let until = Instant::now() + scale.followed;
    let sold = sell(registers, until);
    for (transaction, _) in &sold {
        page.first("a sale", |shown| shown.contains(transaction));
    }
    let mut shown: BTreeMap<String, Instant> = BTreeMap::new();
    for (here, transactions) in page.seen().iter() {
        for transaction in transactions {
            shown.entry(transaction.clone()).or_insert(*here);
        }
    }
    let delay = |(transaction, answered): &(String, Instant)| {
        shown[transaction].saturating_duration_since(*answered)
    };
    let delays: Vec<Duration> = sold.iter().map(delay).collect();
    let (median, late) = (percentile(&delays, 50), percentile(&delays, 99));
    let mut table = Markdown::new(
        "From a sale's answer at the register to headquarters' page",
        &["figure", "measured", "target"],
    );
    table.row(&[&format!("p50 of {} sales, ms", sold.len()), &ms(median), "—"]);
    let target = format!("p99 ≤ {} ms: {}", TARGET.as_millis(), met(late <= TARGET));
    table.row(&[&format!("p99 of {} sales, ms", sold.len()), &ms(late), &target]);
    let memory = hub.memory().resident;
    let target = format!("≤ {} MiB: {}", TARGET_KIB / 1024, met(memory <= TARGET_KIB));
    let mib = format!("{:.1}", memory as f64 / 1024.0);
    table.row(&["memory of the linked hub after it, MiB", &mib, &target]);
    hub.stop();
    table.note(&format!(
        "The hub's and headquarters' own programs on one machine, {} items. {REGISTERS} registers \
         scan every {} ms each for {:?}, in baskets of real sizes. From the last byte of the \
         answer to `complete` to the first byte of the event `view` that has the sale among the \
         last ones; 0 where it was there before. {}",
        scale.items,
        posts::BEAT.as_millis(),
        scale.followed,
        markdown::load(),
    ))
}

/// All registers sell until then: the sales, and when they were answered.
fn sell(registers: Vec<Register>, until: Instant) -> Vec<(String, Instant)> {
    let one = |mut register: Register, number: usize| {
        let mut sold = Vec::new();
        register.follow();
        posts::at_beat(number, REGISTERS, |now| {
            register.scan();
            if register.is_full() {
                let transaction = register.transaction().to_string();
                register.sell();
                sold.push((transaction, Instant::now()));
            }
            now < until
        });
        sold
    };
    std::thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> = registers
            .into_iter()
            .enumerate()
            .map(|(number, register)| scope.spawn(move || one(register, number)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
