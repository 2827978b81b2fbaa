use std::path::Path;

use store_core::{Currency, StoreId, WorkstationId};

use crate::replay::client::Crew;
use crate::replay::file::FileTime;
use crate::replay::headquarters::Headquarters;

/// Why a store could not be opened or closed: the host's own error.
pub type HostError = Box<dyn std::error::Error + Send + Sync>;

/// What a store is opened with.
#[derive(Clone, Copy, Debug)]
pub struct StoreOpening<'a> {
    /// Which store.
    pub store: &'a StoreId,
    /// The currency of its prices.
    pub currency: Currency,
    /// Its time zone, by its IANA name.
    pub zone: &'static str,
    /// Its registers are `1` to this.
    pub registers: usize,
    /// What its clock shows first.
    pub begins: Option<FileTime>,
}

/// Opens stores: in this process, each on a port of its own.
///
/// A store's reasons for lowering prices include [`REASON_LOYALTY`] and [`REASON_COUPON_MATCH`],
/// its reasons for returns [`REASONS_RETURN`]; it takes [`TENDER_CASH`] and [`TENDER_COUPON`],
/// both giving change; every tax class has the rate 0.
///
/// [`REASON_LOYALTY`]: crate::replay::plan::REASON_LOYALTY
/// [`REASON_COUPON_MATCH`]: crate::replay::plan::REASON_COUPON_MATCH
/// [`REASONS_RETURN`]: crate::replay::plan::REASONS_RETURN
/// [`TENDER_CASH`]: crate::replay::plan::TENDER_CASH
/// [`TENDER_COUPON`]: crate::replay::plan::TENDER_COUPON
pub trait StoreHost: Sync {
    /// Opens a store on what its directory holds, and returns when it answers.
    ///
    /// # Errors
    /// Where it does not start.
    fn open(&self, opening: &StoreOpening<'_>) -> Result<Box<dyn RunningStore>, HostError>;

    /// Headquarters, where its stores are linked to one.
    fn headquarters(&self) -> Option<&Headquarters> {
        None
    }
}

/// A store that answers.
pub trait RunningStore: Sync {
    /// Where, without a slash at the end.
    fn url(&self) -> &str;

    /// The code that sets it up, as long as nobody has.
    fn setup_code(&self) -> Option<String>;

    /// Its directory, where the registers' credentials are kept.
    fn directory(&self) -> &Path;

    /// Who works there.
    fn crew(&self) -> Crew {
        Crew::REPLAY
    }

    /// Its journal.
    fn journal(&self) -> &Path;

    /// Sets the clock that one register's commands read, before the first of a basket.
    ///
    /// Registers work side by side, each at the time of its own basket, so each has a clock: the
    /// time of a command is that of the register it came from. What belongs to no register (the
    /// alerts, the session of a manager) reads the time that was set last.
    fn set_clock(&self, workstation: &WorkstationId, time: FileTime);

    /// How many rows of its journal headquarters has not acknowledged; `None` where it is not
    /// linked.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    fn waiting(&self) -> Result<Option<u64>, HostError> {
        Ok(None)
    }

    /// Closes it as a stop of the hub does, so that the next start finds everything.
    ///
    /// # Errors
    /// Where something could not be brought to the disk.
    fn close(self: Box<Self>) -> Result<(), HostError>;
}
