use std::collections::BTreeMap;

/// Something could not be kept or read again.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {reason}")]
pub struct PolicyStoreError {
    /// What was being done, with which thing.
    pub doing: String,
    /// What went wrong.
    pub reason: String,
}

/// A bundle as it was kept; nothing of it is believed before it is verified again.
#[derive(Clone, Debug, Default)]
pub struct KeptBundle {
    /// Its id, by the name under which it was kept.
    pub id: String,
    /// The manifest with its signature, where it is there.
    pub manifest: Vec<u8>,
    /// The pieces that are there.
    pub pieces: BTreeMap<u32, Vec<u8>>,
}

/// All that was kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The bundles.
    pub bundles: Vec<KeptBundle>,
    /// The ids of those in force.
    pub in_force: Vec<String>,
}

/// Where bundles are kept over a restart. A call that succeeds survives a power cut.
pub trait PolicyStore: Send {
    /// All that was kept.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn load(&mut self) -> Result<Kept, PolicyStoreError>;

    /// Keeps a manifest with its signature.
    ///
    /// # Errors
    /// Where it cannot be written; what was there stays.
    fn keep_manifest(&mut self, id: &str, manifest: &[u8]) -> Result<(), PolicyStoreError>;

    /// Keeps a piece.
    ///
    /// # Errors
    /// Where it cannot be written; what was there stays.
    fn keep_piece(&mut self, id: &str, number: u32, piece: &[u8]) -> Result<(), PolicyStoreError>;

    /// Forgets a bundle; one that was never kept is forgotten already.
    ///
    /// # Errors
    /// Where it cannot be removed.
    fn forget(&mut self, id: &str) -> Result<(), PolicyStoreError>;

    /// Notes which bundles are in force.
    ///
    /// # Errors
    /// Where it cannot be written; what was noted before stays.
    fn mark_in_force(&mut self, ids: &[String]) -> Result<(), PolicyStoreError>;
}
