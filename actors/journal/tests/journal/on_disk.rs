//! The journal on disk, with the copies that a power cut would leave of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store_journal::{
    FailingCommits, FreeBytes, Ledger, LedgerReads as _, OpenOptions, OpenReport, Reader,
    SqliteJournal, Write,
};
use tempfile::TempDir;

use crate::bench::{Bench, Outcome, SOFTWARE, has_written};
use crate::trade::{Trade, moment, promise, store};

pub const DATABASE: &str = "journal.db";
pub const LOG: &str = "journal.db-wal";
pub const MARK: &str = "journal.mark";

/// The options of every test, in a world that does as it is told.
pub fn options() -> OpenOptions {
    OpenOptions::new(store(), SOFTWARE, moment(0))
}

pub fn open(data_dir: &Path) -> SqliteJournal {
    SqliteJournal::open(data_dir, &options()).unwrap().0
}

/// The database and its log as they are on disk at one moment.
#[derive(Clone, Debug)]
pub struct Files {
    pub database: Vec<u8>,
    pub log: Vec<u8>,
}

impl Files {
    pub fn read(data_dir: &Path) -> Self {
        let read = |name: &str| std::fs::read(data_dir.join(name)).unwrap_or_default();
        Self { database: read(DATABASE), log: read(LOG) }
    }

    pub fn write(&self, data_dir: &Path) {
        std::fs::write(data_dir.join(DATABASE), &self.database).unwrap();
        std::fs::write(data_dir.join(LOG), &self.log).unwrap();
        // The index of the log does not survive the power either; SQLite makes it again.
        let _ = std::fs::remove_file(data_dir.join("journal.db-shm"));
    }
}

pub struct OnDisk {
    dir: TempDir,
    journal: Option<SqliteJournal>,
    options: OpenOptions,
    failing: FailingCommits,
    is_full: Arc<AtomicBool>,
    /// What the last sync left.
    synced: Files,
    /// What each group since then left.
    unsynced: Vec<Files>,
    pub report: OpenReport,
    backups: u32,
}

impl OnDisk {
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Closes the journal and leaves its files.
    pub fn closed(mut self) -> TempDir {
        self.close();
        self.dir
    }

    pub fn close(&mut self) {
        if let Some(mut journal) = self.journal.take() {
            journal.close().unwrap();
        }
    }

    pub fn open(&mut self) {
        let (journal, report) = SqliteJournal::open(self.dir.path(), &self.options).unwrap();
        self.journal = Some(journal);
        self.report = report;
        self.synced = Files::read(self.dir.path());
        self.unsynced.clear();
    }
}

impl Bench for OnDisk {
    type Ledger = SqliteJournal;
    type Backup = PathBuf;

    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (failing, is_full) = (FailingCommits::default(), Arc::new(AtomicBool::new(false)));
        let full = Arc::clone(&is_full);
        let mut options = options();
        options.failing_commits = Some(failing.clone());
        options.free_bytes =
            FreeBytes::new(move |_| Ok(if full.load(Ordering::SeqCst) { 1 } else { u64::MAX }));
        let (journal, report) = SqliteJournal::open(dir.path(), &options).unwrap();
        let synced = Files::read(dir.path());
        let journal = Some(journal);
        Self {
            dir,
            journal,
            options,
            failing,
            is_full,
            synced,
            unsynced: Vec::new(),
            report,
            backups: 0,
        }
    }

    fn ledger(&mut self) -> &mut SqliteJournal {
        self.journal.as_mut().unwrap()
    }

    fn reopen(&mut self) {
        self.close();
        self.open();
    }

    fn power_cut(&mut self, kept: usize) {
        let files = match kept.min(self.unsynced.len()).checked_sub(1) {
            Some(last) => self.unsynced[last].clone(),
            None => self.synced.clone(),
        };
        // The old connection must not touch the new files: it ends with the files it knows.
        self.journal = None;
        files.write(self.dir.path());
        self.open();
    }

    fn set_disk_full(&mut self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
    }

    fn fail_commits(&mut self, count: u32) {
        self.failing.set(count);
    }

    fn backup(&mut self) -> PathBuf {
        self.backups += 1;
        let to = self.dir.path().join(format!("backup-{}.db", self.backups));
        store_journal::backup_to(self.dir.path(), &to).unwrap();
        to
    }

    fn restore(&mut self, backup: &PathBuf) {
        self.close();
        store_journal::restore(backup, self.dir.path(), &self.options, true).unwrap();
        self.open();
    }

    fn verify(&mut self) {
        store_journal::verify(self.dir.path(), true).unwrap();
    }

    fn write(&mut self, group: Vec<Write>) -> Vec<Outcome> {
        let is_synced = group.iter().any(Write::needs_sync);
        let outcomes = self.ledger().write_group(group);
        if has_written(&outcomes) {
            let files = Files::read(self.dir.path());
            if is_synced {
                self.synced = files;
                self.unsynced.clear();
            } else {
                self.unsynced.push(files);
            }
        }
        outcomes
    }
}

#[test]
fn what_is_read_at_once_is_of_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, mut trade) = (open(dir.path()), Trade::new(1));
    let reader = Reader::open(dir.path()).unwrap();
    let mut write = || journal.write_group(vec![promise(&trade.sign_on("1"))]);
    let read = reader.at_once(|reader| {
        let before = reader.head()?;
        assert!(write()[0].is_ok());
        Ok((before, reader.head()?))
    });
    let (before, meanwhile) = read.unwrap();
    assert_eq!(before, meanwhile);
    assert_ne!(reader.head().unwrap(), before, "and what was written is there afterwards");
}
