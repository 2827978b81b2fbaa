//! A store that is killed at random moments and started again, on the same directory.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use store_journal::{LedgerReads as _, PrintState, Reader};

use crate::support;

/// Kills that count.
const KILLS: u32 = 50;
/// Attempts at most: most of them count.
const ATTEMPTS_MAX: u32 = 400;

fn start(derived: &Path, data: &Path) -> Child {
    Command::new(support::hub_binary())
        .arg("replay")
        .arg("--catalogue")
        .arg(derived.join("catalogue.csv"))
        .arg("--baskets")
        .arg(derived.join("dense_day.jsonl.gz"))
        .arg("--report")
        .arg(data.join("report.json"))
        .arg("--answered")
        .arg(data.join("answered"))
        .arg("--data-dir")
        .arg(data)
        .args(["--registers", "3"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What was under way when the process died, by what it left on disk.
fn phase(store: &Path, sequence_before: u64) -> Option<&'static str> {
    let reader = Reader::open(store).ok()?;
    let printing = reader.print_jobs_open().ok()?;
    if printing.iter().any(|job| job.state == PrintState::Printing) {
        return Some("print");
    }
    let drafts = reader.drafts().ok()?;
    let is_tendered = drafts.iter().any(|draft| {
        let body: Value = serde_json::from_str(&draft.body).unwrap();
        body["transaction"]["tenders"].as_array().is_some_and(|tenders| !tenders.is_empty())
    });
    if is_tendered {
        return Some("commit");
    }
    let moved = reader.head().ok()?.sequence.0 > sequence_before;
    (!drafts.is_empty() && moved).then_some("sale open")
}

fn head(store: &Path) -> u64 {
    let reader = Reader::open(store).ok();
    reader.and_then(|reader| reader.head().ok()).map_or(0, |head| head.sequence.0)
}

#[test]
fn killed_at_random_moments_no_sale_is_lost_or_doubled() {
    let Some(derived) = support::derived() else { return };
    let data = support::temp_dir("kill");
    let store = data.path().join("store-367");
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut seed = since.subsec_nanos().into();
    println!("seed {seed}");
    let mut phases: BTreeMap<&str, u32> = BTreeMap::new();
    let mut attempts = 0;
    while phases.values().sum::<u32>() < KILLS && attempts < ATTEMPTS_MAX {
        attempts += 1;
        let before = head(&store);
        let mut child = start(&derived, data.path());
        let lines = BufReader::new(child.stderr.take().unwrap());
        let reading = std::thread::spawn(move || lines.lines().map_while(Result::ok).count());
        seed = next(seed);
        let wait = Duration::from_millis(400 + seed % 500);
        let until = Instant::now() + wait;
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        reading.join().unwrap();
        if let Some(phase) = phase(&store, before) {
            *phases.entry(phase).or_default() += 1;
        }
    }
    println!("kills by phase: {phases:?} in {attempts} attempts");
    assert!(phases.values().sum::<u32>() >= KILLS, "{phases:?}");
    let output = start(&derived, data.path()).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check_end(data.path(), &store);
    for phase in ["sale open", "commit"] {
        assert!(phases.contains_key(phase), "no kill during: {phase}");
    }
}

fn check_end(data: &Path, store: &Path) {
    let report: Value =
        serde_json::from_slice(&std::fs::read(data.join("report.json")).unwrap()).unwrap();
    assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()));
    let answered = std::fs::read_to_string(data.join("answered")).unwrap();
    let sold: BTreeSet<String> =
        Reader::open(store).unwrap().completed().unwrap().iter().map(ToString::to_string).collect();
    for id in answered.lines() {
        assert!(sold.contains(id), "{id} was answered and is not in the journal");
    }
    let report = store_journal::verify(store, true).unwrap();
    println!("verified {} stream(s), {} sales", report.streams.len(), sold.len());
}

/// The next number of a xorshift generator.
const fn next(mut seed: u64) -> u64 {
    seed |= 1;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^ (seed << 17)
}
