//! What is promised is synced before it is answered and so is a basket in progress, what a power
//! cut may take back is not, and a failed sync ends the process: counted and brought about from
//! outside, by strace.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use store_core::fact::Fact;
use store_core::{
    BootId, CommandId, JournalSequence, Now, OperatorId, StoreId, StreamId, TransactionId,
    WorkstationId,
};
use store_journal::{
    Append, Draft, DraftChange, LedgerReads, LinkCursor, OpenOptions, Reader, SqliteJournal, Write,
    Writer,
};
use uuid::Uuid;

use crate::support;

/// Set for the process that is traced: what it writes, how often, and where.
const CHILD: &str = "JOURNAL_TRACED";
/// Commits that are counted.
const COMMITS: u32 = 100;

fn now() -> Now {
    Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

fn open(data_dir: &Path) -> SqliteJournal {
    let options = OpenOptions::new(StoreId::from_static("367"), "the tests", now());
    SqliteJournal::open(data_dir, &options).unwrap().0
}

fn promise(number: u32) -> Write {
    Write::Append(Box::new(Append {
        id: CommandId::new(Uuid::from_u128(number.into())),
        now: now(),
        fact: Fact::OperatorSignedOn {
            workstation: WorkstationId::from_static("1"),
            operator: OperatorId::from_static("c1"),
        },
        draft: DraftChange::Keep,
        print: None,
    }))
}

/// A basket of about a page.
fn draft(number: u32) -> Write {
    Write::SaveDraft(Draft {
        transaction: TransactionId::new(Uuid::nil()),
        workstation: WorkstationId::from_static("1"),
        version: number.into(),
        body: "a basket in progress ".repeat(190),
    })
}

/// How far headquarters has come: after a power cut it gets a row twice, and no harm is done.
fn cursor(number: u32) -> Write {
    Write::Cursor(LinkCursor {
        stream: StreamId::new(Uuid::nil()),
        through: JournalSequence(number.into()),
        digest: [0; 32],
    })
}

/// Where this process is the one that is traced: writes, says what was answered, and ends.
fn write_if_traced() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let words: Vec<&str> = order.splitn(3, ' ').collect();
    let [what, commits, data_dir] = words[..] else { panic!("{order}") };
    let make = match what {
        "promises" => promise,
        "drafts" => draft,
        _ => cursor,
    };
    // Whatever the test runner has begun to say ends here.
    say("");
    let writer = Writer::spawn(open(Path::new(data_dir))).unwrap();
    for number in 1..=commits.parse().unwrap() {
        writer.handle().write(make(number)).unwrap().unwrap();
        say(&format!("answered {number}"));
    }
    say(&format!("level {:?}", writer.handle().synchronous().unwrap()));
    // It ends as it stands: closing is another matter, and syncs.
    std::process::exit(0);
}

fn say(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// A traced process, and the syncs of the journal's log that it asked for.
struct Traced {
    output: Output,
    syncs: usize,
}

impl Traced {
    fn said(&self, start: &str) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.output.stdout).into_owned();
        text.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned).collect()
    }
}

/// Lets the calling test run once more, traced, on this directory; nothing where nobody can
/// trace here, with the skip reported.
fn trace(test: &str, order: (&str, u32), data_dir: &Path, inject: Option<&str>) -> Option<Traced> {
    let (what, commits) = order;
    if !support::finds_program("strace") {
        return None;
    }
    let probe = Command::new("strace").args(["-f", "-e", "trace=fsync", "true"]).output().unwrap();
    if !probe.status.success() {
        support::skip("strace is not allowed to trace here");
        return None;
    }
    // The journal is there already: what making it costs does not count.
    drop(open(data_dir));
    let log = data_dir.join("trace");
    let mut strace = Command::new("strace");
    // Only what concerns the journal's log, so that it can be counted by itself.
    strace.args(["-f", "-y", "-e", "trace=fsync,fdatasync"]).arg("-o").arg(&log);
    strace.arg("-P").arg(data_dir.join("journal.db-wal"));
    if let Some(inject) = inject {
        strace.arg("-e").arg(format!("inject=fsync,fdatasync:error=EIO:{inject}"));
    }
    let output = strace
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env(CHILD, format!("{what} {commits} {}", data_dir.display()))
        .output()
        .unwrap();
    let log = std::fs::read_to_string(log).unwrap();
    let syncs = log.lines().filter(|line| line.contains("journal.db-wal>")).count();
    Some(Traced { output, syncs })
}

#[test]
fn a_hundred_promises_are_synced_a_hundred_times() {
    const TEST: &str = "syncs::a_hundred_promises_are_synced_a_hundred_times";
    write_if_traced();
    let dir = support::temp_dir("syncs");
    let Some(traced) = trace(TEST, ("promises", COMMITS), dir.path(), None) else { return };
    assert_eq!(traced.said("answered ").len(), 100, "{:?}", traced.output);
    assert_eq!(traced.said("level "), ["Some(2)"], "FULL after a promise");
    println!("{} syncs of the log for {COMMITS} promises", traced.syncs);
    assert!(traced.syncs >= 100, "{} syncs", traced.syncs);
}

#[test]
fn a_hundred_baskets_in_progress_are_synced_a_hundred_times() {
    const TEST: &str = "syncs::a_hundred_baskets_in_progress_are_synced_a_hundred_times";
    write_if_traced();
    let dir = support::temp_dir("syncs");
    let Some(traced) = trace(TEST, ("drafts", COMMITS), dir.path(), None) else { return };
    assert_eq!(traced.said("answered ").len(), 100, "{:?}", traced.output);
    assert_eq!(traced.said("level "), ["Some(2)"], "FULL after a draft");
    println!("{} syncs of the log for {COMMITS} drafts", traced.syncs);
    assert!(traced.syncs >= 100, "{} syncs", traced.syncs);
}

#[test]
fn what_may_be_lost_is_hardly_ever_synced() {
    const TEST: &str = "syncs::what_may_be_lost_is_hardly_ever_synced";
    write_if_traced();
    let dir = support::temp_dir("syncs");
    let Some(traced) = trace(TEST, ("cursors", COMMITS), dir.path(), None) else { return };
    assert_eq!(traced.said("answered ").len(), 100, "{:?}", traced.output);
    assert_eq!(traced.said("level "), ["Some(1)"], "NORMAL after what may be lost");
    println!("{} syncs of the log for {COMMITS} cursors", traced.syncs);
    // The log's own header, once.
    assert!(traced.syncs <= 2, "{} syncs", traced.syncs);
}

/// The kernel reports a failed sync once: what comes after it would seem to succeed.
fn assert_ended(traced: &Traced, data_dir: &Path, commits: usize) -> Vec<String> {
    const SIGABRT: i32 = 6;
    let answered = traced.said("answered ");
    assert_eq!(traced.output.status.signal(), Some(SIGABRT), "{:?}", traced.output);
    assert!(answered.len() < commits, "nothing is answered after it");
    drop(open(data_dir));
    store_journal::verify(data_dir, true).unwrap();
    answered
}

#[test]
fn a_promise_whose_sync_fails_ends_the_process_and_is_not_answered() {
    const TEST: &str = "syncs::a_promise_whose_sync_fails_ends_the_process_and_is_not_answered";
    write_if_traced();
    let dir = support::temp_dir("syncs");
    let Some(traced) = trace(TEST, ("promises", COMMITS), dir.path(), Some("when=20")) else {
        return;
    };
    let answered = assert_ended(&traced, dir.path(), 100);
    println!("{} promises were answered before", answered.len());
    assert!(!answered.is_empty());
    let reader = Reader::open(dir.path()).unwrap();
    for number in answered {
        let id = CommandId::new(Uuid::from_u128(number.parse().unwrap()));
        assert!(reader.row_of(id).unwrap().is_some(), "{number} was answered");
    }
}

#[test]
fn a_checkpoint_whose_sync_fails_ends_the_process_too() {
    const TEST: &str = "syncs::a_checkpoint_whose_sync_fails_ends_the_process_too";
    write_if_traced();
    let dir = support::temp_dir("syncs");
    // The writer's first sync is of the log's header; the second is the first of a checkpoint,
    // which SQLite by itself would pass over.
    let commits = 1500;
    let Some(traced) = trace(TEST, ("cursors", commits), dir.path(), Some("when=2")) else {
        return;
    };
    let answered = assert_ended(&traced, dir.path(), 1500);
    println!("{} cursors were answered before", answered.len());
    assert!(answered.len() > 100, "the log has to fill first");
}
