use service_kit::files;
use store_actors::Clock;
use store_journal::{OpenOptions, ReadError, Reader, SqliteJournal, Writer};

use crate::access::{Access, AccessConfig};
use crate::settings::Settings;
use crate::start_error::StartError;

/// The journal's two ends.
pub(super) struct Memory {
    pub(super) writer: Writer<SqliteJournal>,
    pub(super) reader: Reader,
    /// Whether the journal was put back to an earlier state, and goes on in a new stream.
    pub(super) was_rolled_back: bool,
}

impl Memory {
    pub(super) fn open(settings: &Settings, clock: &dyn Clock) -> Result<Self, StartError> {
        let data_dir = &settings.data.dir;
        let software = concat!("hub ", env!("CARGO_PKG_VERSION"));
        let mut options = OpenOptions::new(settings.store.id.clone(), software, clock.now(None));
        options.reserve_bytes = settings.journal.reserve_bytes;
        let (journal, report) = SqliteJournal::open(data_dir, &options)?;
        tracing::info!(
            sequence = report.head.sequence.0,
            rows_verified = report.rows_verified,
            duration_ms = report.duration_ms,
            "journal open"
        );
        let writer =
            Writer::spawn(journal).map_err(|error| StartError::Part("the journal", error))?;
        let reader = Reader::open(data_dir)?;
        Ok(Self { writer, reader, was_rolled_back: report.was_rolled_back })
    }

    pub(super) fn access(&self, settings: &Settings) -> Result<Access, ReadError> {
        let (workstations, limits) = (settings.workstations(), settings.sessions);
        let writer = self.writer.handle();
        let permissions = settings.permissions.clone();
        Access::load(&self.reader, AccessConfig { workstations, limits, permissions, writer })
    }
}

pub(super) fn make_data_dir(settings: &Settings) -> Result<(), StartError> {
    let data_dir = &settings.data.dir;
    files::make_private(data_dir)
        .map_err(|error| StartError::DataDir(data_dir.display().to_string(), error))
}
