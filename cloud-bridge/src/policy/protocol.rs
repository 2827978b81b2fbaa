use std::sync::Arc;

use hq_wire::link::v1::PolicyState;

use super::InForce;

/// What may happen to the receiver.
#[derive(Clone, Debug)]
pub enum Input {
    /// The topic `policy` has this payload.
    Offered(Vec<u8>),
    /// The topic `policy/{id}/{number}` has this payload.
    Piece {
        /// The bundle.
        id: String,
        /// The piece.
        number: u32,
        /// The payload.
        piece: Vec<u8>,
    },
    /// Time has passed: to be said at least once a second, and after what was to be kept was tried.
    Moment,
    /// Something of a bundle could not be kept.
    NotKept {
        /// The bundle.
        id: String,
        /// Why.
        reason: String,
    },
    /// Which bundles are in force could not be noted.
    NotMarked,
    /// What was to be applied holds in all of the store.
    Applied {
        /// As it was named by [`InForce::serial`].
        serial: u64,
    },
    /// What was to be applied does not hold yet, or not in all of the store.
    NotApplied {
        /// As it was named by [`InForce::serial`].
        serial: u64,
        /// Why.
        reason: String,
    },
}

/// What the receiver wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Keep a manifest over a restart.
    KeepManifest {
        /// The bundle.
        id: String,
        /// The manifest with its signature.
        manifest: Vec<u8>,
    },
    /// Keep a piece over a restart.
    KeepPiece {
        /// The bundle.
        id: String,
        /// The piece.
        number: u32,
        /// Its bytes.
        piece: Vec<u8>,
    },
    /// Forget a bundle.
    Forget {
        /// Which.
        id: String,
    },
    /// Note which bundles are in force, before anything is put in force.
    MarkInForce(Vec<String>),
    /// Put this in force, at each register with its next basket; to be answered with
    /// [`Input::Applied`] or [`Input::NotApplied`].
    Apply(Arc<InForce>),
    /// Say how the bundles stand: `state/policy`.
    Report(PolicyState),
}
