//! A store with a year behind it, written by the journal's own writer.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use jiff::Timestamp;
use store_core::{BootId, Now, StoreId};
use store_journal::{Append, Ledger as _, OpenOptions, PrintState, SqliteJournal, Write};
use uuid::Uuid;

use super::goods;
use super::sales::{Seller, Shop};
use crate::support;

/// Registers that sold.
const REGISTERS: usize = 8;
/// Promises in one commit: nobody waits for an answer.
const GROUP: usize = 2_000;
/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 3_600 * 1_000;
/// A week.
const WEEK_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// The data directory of a store with so many items and a year's sales. It is made once and kept under
/// `target/` until the journal's tables are others.
pub fn store(items: usize, sales: usize) -> PathBuf {
    over(YEAR_MS, items, sales)
}

/// The same for a store that sold as much in a week, in a copy that may be changed.
pub fn week(items: usize, sales: usize, copy: &Path) {
    std::fs::create_dir_all(copy).unwrap();
    for entry in std::fs::read_dir(over(WEEK_MS, items, sales)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
}

fn over(span_ms: i64, items: usize, sales: usize) -> PathBuf {
    let dir = support::kept_dir("year").join(format!("{items}-{sales}-{span_ms}"));
    let (complete, tables) = (dir.join("complete"), tables());
    if std::fs::read_to_string(&complete).ok().as_ref() != Some(&tables) {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("catalogue.csv"), goods::catalogue(items)).unwrap();
        if sales > 0 {
            write(&dir, items, sales, span_ms);
        }
        std::fs::write(complete, tables).unwrap();
    }
    dir
}

/// What the journal's tables are made by.
fn tables() -> String {
    let dir = support::root().join("actors/journal/migrations");
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn write(dir: &Path, items: usize, sales: usize, span_ms: i64) {
    let begins: Timestamp = "2025-11-25T01:00:00Z".parse().unwrap();
    let now = Now {
        wall: begins,
        utc_offset_s: 8 * 3600,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let options = OpenOptions::new(StoreId::new("1").unwrap(), "bench", now);
    let mut journal = SqliteJournal::open(dir, &options).unwrap().0;
    let (promised, waiting) = sync_channel::<Vec<Append>>(64);
    // One thread sells, this one writes.
    let selling = std::thread::spawn(move || {
        let shop = Shop::new(items);
        let pause_ms = span_ms / (sales / REGISTERS).max(1) as i64;
        let seller = |number| Seller::new(&shop, number, begins, pause_ms);
        let mut sellers: Vec<Seller> = (1..=REGISTERS).map(seller).collect();
        for seller in &mut sellers {
            promised.send(seller.sign_on()).unwrap();
        }
        for sale in 0..sales {
            promised.send(sellers[sale % REGISTERS].sell()).unwrap();
        }
    });
    let mut group = Vec::new();
    for mut appends in waiting {
        for job in appends.iter_mut().filter_map(|append| append.print.as_mut()) {
            // Long since printed.
            job.state = PrintState::Done;
        }
        group.extend(appends.into_iter().map(|append| Write::Append(Box::new(append))));
        if group.len() >= GROUP {
            commit(&mut journal, std::mem::take(&mut group));
        }
    }
    commit(&mut journal, group);
    selling.join().unwrap();
    journal.close().unwrap();
}

fn commit(journal: &mut SqliteJournal, group: Vec<Write>) {
    for outcome in journal.write_group(group) {
        outcome.unwrap();
    }
}
