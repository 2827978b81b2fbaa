//! A store that is killed at random moments and started again, on the same directory.

mod card;
mod evidence;
mod paper;
mod promotions;
mod report;
mod suspended;
mod wal;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use store_journal::{LedgerReads as _, PrintState, Reader};

use crate::replay::runner::{Replay, took};
use crate::support;
use evidence::{Before, UnderWay};

/// Kills that count.
const KILLS: u32 = 50;
/// Attempts at most: nearly all of them count.
const ATTEMPTS_MAX: u32 = 400;
/// A kill comes within this time after a sale that was new in its run: some twenty sales.
const MOMENT_MS_MAX: u64 = 250;
/// How often it is looked whether a sale was answered.
const LOOK_INTERVAL: Duration = Duration::from_millis(2);
/// The printer prints as a serial one does at 19,200 baud, about two receipts a second; at once it
/// would hardly ever be met at work.
const PRINTER_PACE: (&str, &str) = ("HUB_PRINTER__BYTES_PER_S", "1920");
/// Starts that may be needed to print, at once, what had gathered.
const STARTS_TO_PRINT_MAX: u32 = 50;

/// One store on its way through the dense day.
struct Day<'a> {
    replay: Replay<'a>,
    store: PathBuf,
    kills: u32,
    prints_killed: u32,
}

/// What all kills came to.
#[derive(Debug, Default)]
struct Count {
    attempts: u32,
    kills: u32,
    by_phase: BTreeMap<&'static str, u32>,
}

impl Count {
    fn is_enough(&self) -> bool {
        let is_met = |phase: &&str| self.by_phase.get(phase).is_some_and(|count| *count > 0);
        self.kills >= KILLS && UnderWay::PHASES.iter().all(is_met)
    }

    fn add(&mut self, under_way: &UnderWay) {
        self.attempts += 1;
        let phases = under_way.phases();
        self.kills += u32::from(!phases.is_empty());
        for phase in phases.into_iter().chain(under_way.details()) {
            *self.by_phase.entry(phase).or_default() += 1;
        }
    }
}

fn wait(time: Duration) {
    let (_nobody, never) = channel::<()>();
    // Nobody sends: this is how a moment at random is waited for.
    let _ = never.recv_timeout(time);
}

impl<'a> Day<'a> {
    fn new(derived: &Path, data: &'a Path) -> Self {
        let replay = Replay {
            catalogue: derived.join("catalogue.csv"),
            baskets: derived.join("dense_day.jsonl.gz"),
            data,
            registers: 3,
        };
        Self { replay, store: data.join("store-367"), kills: 0, prints_killed: 0 }
    }

    fn start(&self, is_paced: bool) -> Child {
        let mut hub = Command::new(support::hub_binary());
        hub.args(self.replay.arguments()).arg("--keep-paper").stderr(Stdio::null());
        if is_paced {
            hub.env(PRINTER_PACE.0, PRINTER_PACE.1);
        }
        hub.spawn().unwrap()
    }

    fn answered_bytes(&self) -> u64 {
        std::fs::metadata(self.replay.answered_file()).map_or(0, |file| file.len())
    }

    /// Starts the store, lets it sell, and kills it at a random moment; nothing where the day was
    /// over before that.
    fn kill(&mut self, moment: Duration) -> Option<UnderWay> {
        let before = Before::read(&self.store);
        let answered = self.answered_bytes();
        let mut child = self.start(true);
        while self.answered_bytes() == answered && child.try_wait().unwrap().is_none() {
            wait(LOOK_INTERVAL);
        }
        wait(moment);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return None;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let registers = self.replay.registers.into();
        let under_way = UnderWay::read(&self.store, &before, &self.answered(), registers);
        self.kills += 1;
        self.prints_killed += u32::from(under_way.print);
        Some(under_way)
    }

    fn answered(&self) -> BTreeSet<String> {
        self.replay.answered().into_iter().collect()
    }

    /// Sells the rest of the day without a kill, and looks at everything.
    fn finish(&self) {
        let output = self.start(true).wait_with_output().unwrap();
        assert!(output.status.success(), "{:?}", self.replay.output());
        let report = self.replay.report();
        assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()));
        let baskets = report["input"]["transactions"].as_u64().unwrap();
        assert_eq!(report["stores"]["367"], report["input"]);
        let sold = evidence::sold(&Reader::open(&self.store).unwrap());
        assert_eq!(self.answered(), sold, "every sale was answered, and every answer is a sale");
        assert_eq!(sold.len() as u64, baskets);
        self.print_the_rest();
        let verified = store_journal::verify(&self.store, true).unwrap();
        let receipts = paper::check(&self.store, self.prints_killed);
        println!(
            "{} kills, {} sales, {} rows verified, {receipts}",
            self.kills, baskets, verified.streams[0].sequence
        );
    }

    /// Starts the store again, with a printer that prints at once, until nothing waits.
    fn print_the_rest(&self) {
        let is_waiting = || {
            let open = Reader::open(&self.store).unwrap().print_jobs_open().unwrap();
            open.iter().any(|job| job.state != PrintState::Unknown)
        };
        let mut starts = 0;
        while is_waiting() {
            starts += 1;
            assert!(starts <= STARTS_TO_PRINT_MAX, "receipts still wait to be printed");
            assert!(self.start(false).wait().unwrap().success());
        }
    }
}

#[test]
fn killed_at_random_moments_no_sale_is_lost_or_doubled() {
    let Some(derived) = support::derived() else { return };
    let begun = Instant::now();
    let mut seed = support::seed();
    let mut count = Count::default();
    while !count.is_enough() && count.attempts < ATTEMPTS_MAX {
        let data = support::temp_dir("kill");
        let mut day = Day::new(&derived, data.path());
        while !count.is_enough() && count.attempts < ATTEMPTS_MAX {
            let moment = Duration::from_millis(support::draw(&mut seed) % MOMENT_MS_MAX);
            match day.kill(moment) {
                Some(under_way) => count.add(&under_way),
                None => break,
            }
        }
        day.finish();
    }
    println!("{count:?}");
    assert!(count.is_enough(), "{count:?}");
    took("the kills", begun);
}
