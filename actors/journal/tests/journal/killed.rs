//! A process that is killed again and again at any moment, and the journal that it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use store_core::{CommandId, TransactionId};
use store_journal::{LedgerReads, OpenError, Reader, SqliteJournal, Write, Writer, WriterHandle};

use crate::bench::all_rows;
use crate::on_disk::{open, options};
use crate::random::Random;
use crate::trade::{Trade, draft, promise};

/// Set for the process that is to be killed: the directory and the number of its run.
const CHILD: &str = "JOURNAL_KILLED";
/// Kills that count, at least.
const KILLS: usize = 54;
/// Registers of the process that is killed.
const REGISTERS: [&str; 4] = ["1", "2", "3", "4"];

#[test]
fn killed_at_any_moment_what_was_answered_is_there_once_and_all_of_it_holds() {
    if let Ok(order) = std::env::var(CHILD) {
        let (run, data_dir) = order.split_once(' ').unwrap();
        sell(Path::new(data_dir), run.parse().unwrap());
    }
    let mut chance = Random::new("killed");
    let dir = tempfile::tempdir().unwrap();
    let mut told = Told::default();
    let mut phases: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut kills, mut runs) = (0, 0);
    while kills < KILLS {
        runs += 1;
        assert!(runs < 4 * KILLS, "most kills count: {phases:?}");
        let is_early = runs % 6 == 0;
        let lines = if is_early { 0 } else { 2 + chance.below(40) };
        let phase = run_and_kill(dir.path(), runs, lines, &mut told);
        *phases.entry(phase).or_default() += 1;
        kills += usize::from(phase != "nothing under way");
        told.check(dir.path(), chance.one_in(2));
    }
    println!("{runs} runs, kills by what was under way: {phases:?}");
    println!("{} rows answered, {} drafts", told.answered.len(), told.drafts_answered);
    for phase in ["a promise", "drafts alone", "the start"] {
        assert!(phases.contains_key(phase), "no kill during {phase}: {phases:?}");
    }
}

/// What the processes said before they were killed.
#[derive(Default)]
struct Told {
    /// Promises that were begun, answered or not.
    begun: BTreeSet<CommandId>,
    /// Promises that were answered.
    answered: BTreeSet<CommandId>,
    /// The last draft of each basket that was answered.
    drafts: BTreeMap<TransactionId, u64>,
    drafts_answered: usize,
}

impl Told {
    /// Takes the journal up again and looks for everything.
    fn check(&self, data_dir: &Path, closes: bool) {
        let (mut journal, _) = SqliteJournal::open(data_dir, &options()).unwrap();
        let rows = all_rows(&journal);
        let ids: BTreeSet<CommandId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len(), "no id twice");
        for id in &self.answered {
            assert!(ids.contains(id), "{id} was answered and is not there");
        }
        for row in rows.iter().filter(|row| row.kind != "stream_started") {
            assert!(self.begun.contains(&row.id), "nobody wrote {}", row.id);
        }
        // A kill takes nothing from the disk's cache, so a draft that was answered is there too.
        for (id, version) in &self.drafts {
            let is_over = journal.ended(*id).unwrap().is_some();
            let drafts = journal.drafts().unwrap();
            let stored = drafts.iter().find(|draft| draft.transaction == *id);
            assert!(is_over || stored.is_some_and(|draft| draft.version >= *version), "{id}");
        }
        if closes {
            store_journal::Ledger::close(&mut journal).unwrap();
        }
        drop(journal);
        store_journal::verify(data_dir, true).unwrap();
    }
}

/// Starts a process, kills it after so many lines and says what was under way.
fn run_and_kill(data_dir: &Path, run: usize, lines: usize, told: &mut Told) -> &'static str {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "--test-threads=1"])
        .arg("killed::killed_at_any_moment_what_was_answered_is_there_once_and_all_of_it_holds")
        .env(CHILD, format!("{run} {}", data_dir.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut under_way: BTreeMap<String, bool> = BTreeMap::new();
    let (mut is_open, mut heard, mut is_killed) = (false, 0, false);
    for line in said {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["open"] => {
                is_open = true;
                if run == 1 {
                    let second = SqliteJournal::open(data_dir, &options());
                    assert!(matches!(second, Err(OpenError::InUse(_))), "one process at a time");
                }
            }
            ["promise", id] => {
                told.begun.insert(id.parse().unwrap());
                under_way.insert((*id).to_owned(), true);
            }
            ["draft", id, version] => {
                under_way.insert(format!("{id} {version}"), false);
            }
            ["promised", id] => {
                told.answered.insert(id.parse().unwrap());
                under_way.remove(*id);
            }
            ["drafted", id, version] => {
                told.drafts.insert(id.parse().unwrap(), version.parse().unwrap());
                told.drafts_answered += 1;
                under_way.remove(&format!("{id} {version}"));
            }
            _ => {}
        }
        heard += usize::from(is_open || line == "starting");
        if heard > lines && !is_killed {
            // What it said until it died is still in the pipe and is read before the end.
            child.kill().unwrap();
            is_killed = true;
        }
    }
    child.wait().unwrap();
    assert!(is_killed, "it ended by itself");
    match (is_open, under_way.values().any(|is_promise| *is_promise), under_way.is_empty()) {
        (false, ..) => "the start",
        (_, true, _) => "a promise",
        (_, _, false) => "drafts alone",
        _ => "nothing under way",
    }
}

fn say(line: &str) {
    // One write for the whole line: a line that was begun is a line that is heard.
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The process that is killed: four registers that sell until then.
fn sell(data_dir: &Path, run: u32) -> ! {
    say("\nstarting");
    let writer = Writer::spawn(open(data_dir)).unwrap();
    say("open");
    let registers: Vec<_> = (0..)
        .zip(REGISTERS)
        .map(|(number, workstation)| {
            let (handle, reader) = (writer.handle(), Reader::open(data_dir).unwrap());
            let trade = Trade::new(run * 8 + number);
            std::thread::spawn(move || register(workstation, &handle, &reader, trade))
        })
        .collect();
    for register in registers {
        register.join().unwrap();
    }
    unreachable!("registers sell until they are killed")
}

fn register(workstation: &'static str, handle: &WriterHandle, reader: &Reader, mut trade: Trade) {
    let at = crate::trade::at(workstation);
    let mut number = reader.last_number(&at).unwrap().0;
    // The basket that was in progress when the last process died is given up.
    if let Some(left) = reader.draft(&at).unwrap() {
        let mut basket = trade.basket(workstation, "milk", 1);
        basket.id = left.transaction;
        promised(handle, &trade.abandoned(basket));
    }
    loop {
        let basket = trade.basket(workstation, "milk", 2);
        for version in 1..=4 {
            let draft = draft(&basket, version);
            say(&format!("draft {} {version}", basket.id));
            handle.write(Write::SaveDraft(draft)).unwrap().unwrap();
            say(&format!("drafted {} {version}", basket.id));
        }
        promised(handle, &trade.tender_taken(&basket, 5));
        number += 1;
        promised(handle, &trade.completed(basket, number));
    }
}

fn promised(handle: &WriterHandle, append: &store_journal::Append) {
    say(&format!("promise {}", append.id));
    handle.write(promise(append)).unwrap().unwrap();
    say(&format!("promised {}", append.id));
}
