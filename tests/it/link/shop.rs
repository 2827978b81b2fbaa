//! A store with a link file, and a journal that was written before it opens.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use store_core::fact::Fact;
use store_core::{BootId, CommandId, Now, OperatorId, StoreId, WorkstationId};
use store_journal::{
    Append, DraftChange, Ledger as _, LedgerReads as _, OpenOptions, Reader, SqliteJournal, Write,
};
use uuid::Uuid;

use super::broker::Broker;
use super::office::Office;
use super::{CHAIN, SECRET, STORE};
use crate::api::hub::Hub;
use crate::support;

/// A broker, a headquarters and the files of a store.
pub struct Shop {
    // Dropped in this order: the store's process is a value of its own.
    pub office: Office,
    pub broker: Broker,
    pub data: PathBuf,
    link_file: PathBuf,
    _directory: tempfile::TempDir,
}

impl Shop {
    pub fn new(name: &str) -> Self {
        let directory = support::temp_dir(name);
        let broker = Broker::start(directory.path().join("broker"));
        let office = Office::start(broker.address);
        let link_file = write_link_file(directory.path(), broker.address);
        Self {
            office,
            broker,
            data: directory.path().join("store"),
            link_file,
            _directory: directory,
        }
    }

    /// Opens the store.
    pub fn open(&self) -> Hub {
        let file = self.link_file.to_str().unwrap();
        // A journal that was only written into belongs to a store that nobody set up.
        let is_first = !self.data.with_extension("log").exists();
        let variables = [("HUB_LINK__FILE", file), ("HUB_LINK__RETRY_MAX_S", "1")];
        Hub::start_as(is_first, &self.data, &variables)
    }

    /// The rows of the stream that its journal is in: besides those that were written, a new store
    /// begins its stock when it opens.
    pub fn rows(&self) -> u64 {
        Reader::open(&self.data).unwrap().head().unwrap().sequence.0
    }

    /// The rows of each stream of its journal, the oldest first.
    pub fn rows_by_stream(&self) -> Vec<(String, u64)> {
        let streams = Reader::open(&self.data).unwrap().streams().unwrap();
        streams.iter().map(|it| (it.head.stream.to_string(), it.head.sequence.0)).collect()
    }

    /// Waits until headquarters has every row of its stream.
    pub fn wait_until_complete(&self) {
        self.office.wait("every row", |seen| seen.has(self.rows()).then_some(()));
    }

    /// Writes so many rows into the journal of a store that is closed.
    pub fn write_rows(&self, count: u32) {
        write_rows(&self.data, count);
    }
}

fn write_link_file(directory: &Path, broker: SocketAddr) -> PathBuf {
    let path = directory.join("link.toml");
    let text = format!(
        "broker = \"mqtt://{broker}\"\nchain = \"{CHAIN}\"\nstore = \"{STORE}\"\n\
         secret = \"{SECRET}\"\npolicy_key = \"{}\"\n",
        "00".repeat(32)
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn write_rows(data: &Path, count: u32) {
    let now = Now {
        wall: jiff::Timestamp::now(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    std::fs::create_dir_all(data).unwrap();
    let options = OpenOptions::new(StoreId::from_static(STORE), "the tests", now);
    let (mut journal, _) = SqliteJournal::open(data, &options).unwrap();
    let rows = (0..count).map(|_| {
        Write::Append(Box::new(Append {
            id: CommandId::new(Uuid::now_v7()),
            now,
            fact: Fact::OperatorSignedOn {
                workstation: WorkstationId::from_static("1"),
                operator: OperatorId::from_static("m1"),
            },
            draft: DraftChange::Keep,
            print: None,
        }))
    });
    assert!(journal.write_group(rows.collect()).iter().all(Result::is_ok));
    journal.close().unwrap();
}
