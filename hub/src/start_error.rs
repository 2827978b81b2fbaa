//! Why a hub does not start.

use service_kit::certificates::CertificateError;
use service_kit::http::server::ListenError;
use store_core::WorkstationId;
use store_core::register::DraftError;

use crate::catalogue::CatalogueError;

/// Why a hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be made.
    #[error("making the data directory {0}")]
    DataDir(String, #[source] std::io::Error),
    /// The journal does not open, or does not hold.
    #[error(transparent)]
    Journal(#[from] store_journal::OpenError),
    /// The journal's tables cannot be read.
    #[error(transparent)]
    Reading(#[from] store_journal::ReadError),
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A basket in progress cannot be read.
    #[error("the basket in progress at workstation {0}")]
    Draft(WorkstationId, #[source] DraftError),
    /// The policy that was kept cannot be read.
    #[error("the policy of headquarters")]
    Policy(#[from] cloud_bridge::policy::PolicyStoreError),
    /// A thread or a printer could not be had.
    #[error("starting {0}")]
    Part(&'static str, #[source] std::io::Error),
    /// A port cannot be listened at.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The certificates cannot be made or read.
    #[error("the hub's certificates")]
    Certificates(#[from] CertificateError),
    /// The receipt's texts do not parse.
    #[error("the receipt's texts")]
    Texts(#[source] serde_json::Error),
    /// Two figures have one name.
    #[error("the figures")]
    Metrics(#[source] prometheus::Error),
    /// The link file does not hold.
    #[error(transparent)]
    Link(#[from] crate::link::LinkError),
    /// A part ended while the hub was starting.
    #[error("{0} ended while the hub was starting")]
    Ended(&'static str),
}
