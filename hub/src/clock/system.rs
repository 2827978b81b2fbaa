use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use store_actors::{ByHandRefused, Clock};
use store_core::{BootId, Now, WorkstationId};

use super::by_hand::ByHand;
use super::trust::ClockTrust;

/// systemd's time service touches this file when a time server has set the clock.
const SYNCHRONIZED_MARK: &str = "/run/systemd/timesync/synchronized";

/// How far ahead of what was known the time may be set: ten years. A store that was closed for
/// longer has other troubles.
const AHEAD_MS_MAX: i64 = 10 * 366 * 24 * 3600 * 1000;

/// Why the machine's clock could not be taken up.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The zone's name is not in the time zone database.
    #[error("there is no time zone {name:?}")]
    UnknownZone {
        /// The name.
        name: String,
        /// What the database said.
        source: jiff::Error,
    },
    /// The file with the latest wall time could not be written.
    #[error("writing down the time in {}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The machine's own clock, in the store's time zone.
pub struct SystemClock {
    zone: TimeZone,
    boot: BootId,
    started: Instant,
    seen_file: Option<PathBuf>,
    trust: Mutex<ClockTrust>,
    synchronized: Mutex<bool>,
    by_hand: Mutex<ByHand>,
}

impl SystemClock {
    /// Starts a run: monotonic time counts from here.
    ///
    /// `seen_file` keeps the latest wall time between runs; without one only this run is judged.
    ///
    /// # Errors
    /// [`ClockError::UnknownZone`].
    pub fn start(zone: &str, seen_file: Option<PathBuf>) -> Result<Self, ClockError> {
        let zone = TimeZone::get(zone)
            .map_err(|source| ClockError::UnknownZone { name: zone.to_owned(), source })?;
        // A file that cannot be read or makes no sense is as good as none: it only warns.
        let seen = seen_file.as_deref().and_then(read_seen);
        let by_hand = seen_file.as_deref().map(|file| file.with_file_name("clock-by-hand"));
        Ok(Self {
            by_hand: Mutex::new(ByHand::read(by_hand)),
            zone,
            boot: super::new_boot(),
            started: Instant::now(),
            seen_file,
            trust: Mutex::new(ClockTrust::new(seen)),
            synchronized: Mutex::new(Path::new(SYNCHRONIZED_MARK).exists()),
        })
    }

    /// Writes the latest wall time down; to be called once a minute and at the end.
    ///
    /// # Errors
    /// [`ClockError::Unwritable`].
    pub fn remember(&self) -> Result<(), ClockError> {
        *self.synchronized.lock().unwrap_or_else(PoisonError::into_inner) =
            Path::new(SYNCHRONIZED_MARK).exists();
        self.judge(Timestamp::now());
        let Some(path) = &self.seen_file else {
            return Ok(());
        };
        let latest_ms = self.trust.lock().unwrap_or_else(PoisonError::into_inner).latest_ms();
        // Torn by a power cut it does not parse, and the next run starts without it.
        fs::write(path, format!("{latest_ms}\n"))
            .map_err(|source| ClockError::Unwritable { path: path.clone(), source })
    }

    /// Which run this is.
    #[must_use]
    pub const fn boot(&self) -> BootId {
        self.boot
    }

    /// The store's time zone.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn judge(&self, wall: Timestamp) -> bool {
        let synchronized = *self.synchronized.lock().unwrap_or_else(PoisonError::into_inner);
        self.trust.lock().unwrap_or_else(PoisonError::into_inner).judge(wall, synchronized)
    }
}

impl Clock for SystemClock {
    fn now(&self, _workstation: Option<&WorkstationId>) -> Now {
        let read = Timestamp::now();
        let clock_trusted = self.judge(read);
        let mut by_hand = self.by_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if clock_trusted {
            by_hand.forget();
        }
        let offset_ms = by_hand.offset_ms().unwrap_or(0);
        drop(by_hand);
        let wall_ms = read.as_millisecond().saturating_add(offset_ms);
        let wall = Timestamp::from_millisecond(wall_ms).unwrap_or(read);
        Now {
            wall,
            utc_offset_s: self.zone.to_offset(wall).seconds(),
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            boot: self.boot,
            clock_trusted,
        }
    }

    fn by_hand(&self, local: DateTime) -> Result<Timestamp, ByHandRefused> {
        if self.judge(Timestamp::now()) {
            return Err(ByHandRefused::Trusted);
        }
        let zoned = self.zone.to_ambiguous_zoned(local).compatible();
        let wall = zoned.map_err(|_| ByHandRefused::NoSuchTime)?.timestamp();
        let latest_ms = self.trust.lock().unwrap_or_else(PoisonError::into_inner).latest_ms();
        // Nothing that was sold already may come after what is sold from now on.
        let ahead_ms = wall.as_millisecond().saturating_sub(latest_ms);
        if !(0..=AHEAD_MS_MAX).contains(&ahead_ms) {
            return Err(ByHandRefused::NoSuchTime);
        }
        Ok(wall)
    }

    fn set_by_hand(&self, wall: Timestamp) {
        let offset_ms = wall.as_millisecond().saturating_sub(Timestamp::now().as_millisecond());
        self.by_hand.lock().unwrap_or_else(PoisonError::into_inner).set(offset_ms);
    }

    fn last_trusted(&self) -> Option<Date> {
        let latest_ms = self.trust.lock().unwrap_or_else(PoisonError::into_inner).latest_ms();
        let latest = Timestamp::from_millisecond(latest_ms).ok()?;
        Some(self.zone.to_datetime(latest).date())
    }
}

fn read_seen(path: &Path) -> Option<i64> {
    fs::read_to_string(path).ok()?.strip_suffix('\n')?.parse().ok()
}
