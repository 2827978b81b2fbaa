//! A store that comes back after a week alone, and goes on scanning.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use store_journal::{LedgerReads as _, Reader};

use super::headquarters::{Headquarters, free_port};
use super::markdown::{self, Markdown};
use super::process::Program;
use super::register::{self, Register};
use super::samples::{met, ms, percentile};
use super::views::Page;
use super::{Scale, posts, year};
use crate::support;

/// How soon everything should be at headquarters.
const TARGET: Duration = Duration::from_secs(3);
/// How much later a scan may be answered meanwhile.
const TARGET_RATIO: f64 = 2.0;
/// Registers of the store.
const REGISTERS: usize = 8;

/// What came of one return.
#[derive(Default)]
struct Return {
    took: Vec<Duration>,
    before: Vec<Duration>,
    meanwhile: Vec<Duration>,
}

/// The table.
pub fn table(scale: &Scale) -> String {
    let mut all = Return::default();
    for _ in 0..scale.returns {
        come_back(scale, &mut all);
    }
    let mut table = Markdown::new(
        &format!("A store with {} sales comes back to headquarters", scale.backlog),
        &["figure", "median", "worst", "target"],
    );
    let seconds = |percent| percentile(&all.took, percent).as_secs_f64();
    let is_met = met(percentile(&all.took, 50) <= TARGET);
    table.row(&[
        "from its birth to caught up, s",
        &format!("{:.2}", seconds(50)),
        &format!("{:.2}", seconds(100)),
        &format!("≤ {} s: {is_met}", TARGET.as_secs()),
    ]);
    let shown = |percent| {
        let of = |scans: &[Duration]| ms(percentile(scans, percent));
        format!("{} / {}", of(&all.meanwhile), of(&all.before))
    };
    let late = |scans: &[Duration]| percentile(scans, 99).as_secs_f64();
    let ratio = late(&all.meanwhile) / late(&all.before);
    table.row(&[
        &format!("a scan meanwhile / before, ms ({} / {})", all.meanwhile.len(), all.before.len()),
        &shown(50),
        &format!("p99 {}: {ratio:.2}", shown(99)),
        &format!("p99 ≤ {TARGET_RATIO:.0} ×: {}", met(ratio <= TARGET_RATIO)),
    ]);
    table.note(&format!(
        "{} returns. The hub's own program, {} items, sold for a week while headquarters could \
         not be reached; then headquarters' own program starts on the same machine. {REGISTERS} \
         registers scan every {} ms each, before for {:?} and meanwhile. From the page's first \
         view that has the store online to the first that has every row it had then. {}",
        scale.returns,
        scale.items,
        posts::BEAT.as_millis(),
        scale.alone,
        markdown::load(),
    ))
}

fn come_back(scale: &Scale, all: &mut Return) {
    let directory = support::temp_dir("catch-up");
    let (office, shop) = (directory.path().join("hq"), directory.path().join("hub"));
    let port = free_port();
    let hq = Headquarters::start(&office, port);
    let link = hq.link_file(&hq.enrol(["1".to_owned()])[0]);
    hq.program.stop();
    year::week(scale.items, scale.backlog, &shop);
    let hub = Program::linked_hub(&shop, REGISTERS, &link);
    let mut registers = register::open_all_of(&hub, REGISTERS, scale.items);
    registers.iter().for_each(Register::follow);
    let until = Instant::now() + scale.alone;
    let scans = scan(&mut registers, |now| now < until);
    all.before.extend(scans.into_iter().map(|(_, took)| took));
    let is_back = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (is_back, registers) = (&is_back, &mut registers);
        let go_on = move |_| !is_back.load(Ordering::Relaxed);
        let scanning = scope.spawn(move || scan(registers, go_on));
        let rows = last_row(&shop);
        let hq = Headquarters::start_again(&office, port);
        let page = Page::open(&hq, None, |view| {
            let store = view.stores.first().expect("headquarters has one store").clone();
            (store.online == Some(true), store.through)
        });
        let born = page.first("the store", |(is_online, _)| *is_online);
        let back = page.first("all of its rows", |(_, through)| *through >= rows);
        is_back.store(true, Ordering::Relaxed);
        all.took.push(back - born);
        let scans = scanning.join().unwrap();
        // What was scanned before the store was back is neither.
        let meanwhile = scans.into_iter().filter(|(at, _)| (born..=back).contains(at));
        all.meanwhile.extend(meanwhile.map(|(_, took)| took));
    });
    hub.stop();
}

/// The number of the last row of a store's journal.
fn last_row(directory: &Path) -> u64 {
    let streams = Reader::open(directory).unwrap().streams().unwrap();
    streams.last().unwrap().head.sequence.0
}

/// All registers scan as long as it goes on: when each scan was, and what it took.
fn scan(
    registers: &mut [Register],
    goes_on: impl Fn(Instant) -> bool + Sync,
) -> Vec<(Instant, Duration)> {
    let one = |number: usize, register: &mut Register| {
        let mut scans = Vec::new();
        posts::at_beat(number, REGISTERS, |now| {
            let (reply, _) = register.scan();
            scans.push((now, reply.took));
            if register.is_full() {
                register.sell();
            }
            goes_on(now)
        });
        scans
    };
    std::thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> = registers
            .iter_mut()
            .enumerate()
            .map(|(number, register)| scope.spawn(move || one(number, register)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
