use std::collections::BTreeMap;

use store_core::policy::{Bundle, Part};

/// What is in force: of each part that one with the highest version.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    /// Grows with every change of what is in force while this process lives.
    pub serial: u64,
    /// The highest version of a bundle in force.
    pub version: u64,
    /// That bundle's id: a UUID.
    pub id: String,
    /// Which version and which bundle each part is of.
    pub parts: BTreeMap<Part, (u64, String)>,
    /// The parts.
    pub bundle: Bundle,
}

impl InForce {
    /// The bundle that a part is of.
    #[must_use]
    pub fn source(&self, part: Part) -> Option<&str> {
        self.parts.get(&part).map(|(_, id)| id.as_str())
    }
}
