use std::collections::BTreeMap;

use hq_wire::link::v1::{BundleManifest, PolicyStanding, Signed};
use store_core::policy::Bundle;

use super::verify::{self, Identity, Refused};

/// Why something of a bundle is not kept yet, and when it is tried again.
#[derive(Debug)]
pub(super) struct Unkept {
    pub reason: String,
    /// By the clock that only runs forward.
    pub retry_ms: u64,
}

/// One bundle whose manifest is believed.
#[derive(Debug)]
pub(super) struct Entry {
    pub signed: Signed,
    pub manifest: BundleManifest,
    /// What has come of it, until it is read and kept.
    pub pieces: BTreeMap<u32, Vec<u8>>,
    /// Its parts, when all of them are there and hold.
    pub read: Option<Bundle>,
    refused: Option<Refused>,
    /// The last piece that was not the one that was signed.
    pub bad_piece: Option<u32>,
    /// Some of what was kept was damaged: it has to come again.
    pub is_damaged: bool,
    pub unkept: Option<Unkept>,
    pub is_offered: bool,
    /// Its moment has come: it counts, or a higher version has taken the place of all of it.
    pub is_in_force: bool,
}

impl Entry {
    pub(super) const fn new(signed: Signed, manifest: BundleManifest) -> Self {
        Self {
            signed,
            manifest,
            pieces: BTreeMap::new(),
            read: None,
            refused: None,
            bad_piece: None,
            is_damaged: false,
            unkept: None,
            is_offered: true,
            is_in_force: false,
        }
    }

    /// Whether nothing more is wanted of it.
    pub(super) const fn is_settled(&self) -> bool {
        self.read.is_some() || self.refused.is_some() || self.is_in_force
    }

    pub(super) const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Takes a piece; answers whether it is a new and good one.
    pub(super) fn take(&mut self, number: u32, piece: Vec<u8>) -> bool {
        if self.is_settled() || self.pieces.contains_key(&number) {
            return false;
        }
        let is_good =
            self.manifest.part_of(number).is_some_and(|(part, own)| part.is_piece(own, &piece));
        if !is_good {
            self.bad_piece = Some(number);
            return false;
        }
        self.pieces.insert(number, piece);
        if self.bad_piece == Some(number) {
            self.bad_piece = None;
        }
        true
    }

    /// Reads the parts, when all pieces are there; answers whether they do not hold.
    pub(super) fn complete(&mut self, identity: &Identity) -> bool {
        if self.is_settled() || self.pieces.len() != self.manifest.piece_count() {
            return false;
        }
        self.bad_piece = None;
        match verify::bundle(identity, &self.manifest, &self.pieces) {
            Ok(bundle) => self.read = Some(bundle),
            Err(refused) => {
                self.pieces.clear();
                self.refused = Some(refused);
            }
        }
        self.is_refused()
    }

    /// How it stands; `counts` and `is_applied` where its moment has come.
    pub(super) fn standing(&self, counts: bool, is_applied: bool) -> PolicyStanding {
        let refused = self.refused.clone().or(self.bad_piece.map(Refused::Piece));
        let unkept =
            self.unkept.as_ref().map(|unkept| format!("it is not kept: {}", unkept.reason));
        let (standing, reason) = match (self.is_in_force, refused) {
            (true, _) if !counts => ("superseded", None),
            (true, _) if is_applied => ("in_force", None),
            (true, _) => ("waiting", Some("it is being put in force".to_owned())),
            (false, Some(refused)) => ("refused", Some(format!("{refused} ({})", refused.code()))),
            (false, None) if self.read.is_some() => ("waiting", unkept),
            (false, None) if self.is_damaged => {
                let damaged = "what was kept of it is damaged; it is awaited again".to_owned();
                ("incomplete", Some(unkept.unwrap_or(damaged)))
            }
            (false, None) => ("incomplete", unkept),
        };
        PolicyStanding {
            version: self.manifest.version,
            id: self.manifest.id.clone(),
            standing: standing.to_owned(),
            reason,
        }
    }
}
