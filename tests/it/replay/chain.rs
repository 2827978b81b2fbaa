//! A whole chain in one process: what it may take of the machine.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::control;
use super::runner::{Chained, Replay, agrees, agrees_in_three_places, took, verify_all};
use crate::support;

/// What a shell gives to a process that asks for nothing.
const FILES_MAX: usize = 1024;
/// The first customer is not kept waiting.
const FIRST_SALE_MS_MAX: u64 = 5_000;
/// Most resident memory, in KiB: a few stores at a time and one catalogue. Where each store left
/// its share behind, the chain took 1.8 GiB.
const MEMORY_KIB_MAX: u64 = 400 * 1024;
/// As much again for headquarters, its broker and its database in the same process.
const CHAINED_MEMORY_KIB_MAX: u64 = 2 * MEMORY_KIB_MAX;
/// How often the process is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// The most that a process was seen to take.
#[derive(Debug, Default)]
struct Taken {
    files: usize,
    threads: usize,
    memory_kib: u64,
}

impl Taken {
    fn look(&mut self, pid: u32) {
        let process = format!("/proc/{pid}");
        let entries =
            |name| std::fs::read_dir(format!("{process}/{name}")).map_or(0, Iterator::count);
        self.files = self.files.max(entries("fd"));
        self.threads = self.threads.max(entries("task"));
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
        self.memory_kib = self.memory_kib.max(peak.unwrap_or(0));
    }
}

/// The number before these words, in what a replay said.
fn number_before(said: &[String], words: &str) -> u64 {
    let found =
        said.iter().find_map(|line| line.split_once(words)?.0.rsplit(' ').next()?.parse().ok());
    found.unwrap_or_else(|| panic!("no `{words}` in {said:?}"))
}

/// Runs a command under a shell's limits: what it said, and the most that it took.
fn watched(arguments: &[String]) -> (Vec<String>, Taken) {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -S -n 1024 && exec \"$0\" \"$@\""])
        .arg(support::hub_binary())
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (heard, said) = channel();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let reading = std::thread::spawn(move || {
        stderr.lines().map_while(Result::ok).for_each(|line| heard.send(line).unwrap());
    });
    let mut lines = Vec::new();
    let mut taken = Taken::default();
    let mut limit = None;
    loop {
        match said.recv_timeout(LOOK_INTERVAL) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        taken.look(child.id());
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id()));
        let files = |limits: String| {
            let files = limits.lines().find_map(|it| it.strip_prefix("Max open files"))?;
            files.split_whitespace().next()?.parse().ok()
        };
        limit = limits.ok().and_then(files).or(limit);
    }
    reading.join().unwrap();
    assert!(child.wait().unwrap().success(), "{lines:?}");
    assert_eq!(limit, Some(FILES_MAX), "the soft limit that the process had");
    assert!(taken.files > 0 && taken.files < FILES_MAX, "{taken:?}");
    (lines, taken)
}

fn chain_day<'a>(derived: &Path, data: &'a Path) -> Replay<'a> {
    Replay {
        catalogue: derived.join("catalogue.csv"),
        baskets: derived.join("chain_day.jsonl.gz"),
        data,
        registers: 3,
    }
}

#[test]
fn the_chain_day_runs_with_1024_open_files_and_one_catalogue() {
    let Some(derived) = support::derived() else { return };
    let begun = Instant::now();
    let data = support::temp_dir("chain");
    let replay = chain_day(&derived, data.path());
    let (lines, taken) = watched(&replay.arguments());
    agrees(&replay.report(), &control::real("chain_day"), "chain_day");
    assert_eq!(verify_all(data.path()), 111);

    let first_sale_ms = number_before(&lines, " ms after the start");
    println!("at most {taken:?}, the first sale after {first_sale_ms} ms");
    assert!((1..=MEMORY_KIB_MAX).contains(&taken.memory_kib), "{taken:?}");
    assert!(first_sale_ms <= FIRST_SALE_MS_MAX, "the first sale after {first_sale_ms} ms");
    assert_eq!(number_before(&lines, " stores opened"), 111);
    assert_eq!(number_before(&lines, " by one catalogue in memory"), 111);
    took("the chain day", begun);
}

#[test]
fn the_chain_day_agrees_in_three_places_with_1024_open_files() {
    let Some(derived) = support::derived() else { return };
    let begun = Instant::now();
    let data = support::temp_dir("chained");
    let replay = Chained(chain_day(&derived, data.path()));
    let (lines, taken) = watched(&replay.arguments());
    agrees_in_three_places(&replay.0.report(), &control::real("chain_day"), "chain_day");
    assert_eq!(verify_all(data.path()), 111);
    println!("at most {taken:?}");
    assert!((1..=CHAINED_MEMORY_KIB_MAX).contains(&taken.memory_kib), "{taken:?}");
    assert_eq!(number_before(&lines, " by one catalogue in memory"), 111);
    assert!(number_before(&lines, " of 628 sales seen on headquarters' live page") > 0);
    took("the chain day through headquarters", begun);
}
