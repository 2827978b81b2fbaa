use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hq_wire::link::v1::{PolicyOffer, PolicyStanding, PolicyState, Signed, read_json};
use store_core::policy::{Bundle, Part};
use store_core::{Machine, Now};

use super::entry::{Entry, Unkept};
use super::verify::{self, Identity, Refused};
use super::{Effect, InForce, Input, Kept, KeptBundle};

/// Most bytes of pieces that came before their manifest: a large catalogue, compressed, and more.
const STRAYS_BYTES_MAX: usize = 32 << 20;
/// Most bundles of one offer: those of each part that counts, and those to come.
const OFFERED_MAX: usize = 64;
/// How long until what could not be kept, or applied, is tried again.
const RETRY_MS: u64 = 30_000;

/// Receives the bundles of one store.
#[derive(Debug)]
pub struct PolicyReceiver {
    identity: Identity,
    /// By version.
    entries: BTreeMap<u64, Entry>,
    /// What the last offer had that is not believed.
    rejected: Vec<PolicyStanding>,
    /// Pieces that came before their manifest.
    strays: BTreeMap<(String, u32), Vec<u8>>,
    /// The ids that were noted as in force.
    marked: BTreeSet<String>,
    mark_retry_ms: Option<u64>,
    in_force: Arc<InForce>,
    /// The serial, version and id of what holds in all of the store.
    applied: (u64, u64, String),
    apply_retry_ms: Option<u64>,
    not_applied: Option<String>,
    reported: PolicyState,
}

impl PolicyReceiver {
    /// As it was left: everything is verified again, and what was in force, or whose moment has
    /// come, is in force.
    #[must_use]
    pub fn restore(identity: Identity, kept: Kept, now: Now) -> Self {
        let mut receiver = Self {
            identity,
            entries: BTreeMap::new(),
            rejected: Vec::new(),
            strays: BTreeMap::new(),
            marked: kept.in_force.into_iter().collect(),
            mark_retry_ms: None,
            in_force: Arc::default(),
            applied: (0, 0, String::new()),
            apply_retry_ms: None,
            not_applied: None,
            reported: PolicyState::default(),
        };
        for bundle in kept.bundles {
            receiver.restore_bundle(bundle);
        }
        receiver.come_into_force(now, &mut Vec::new());
        let InForce { serial, version, id, .. } = receiver.in_force.as_ref();
        receiver.applied = (*serial, *version, id.clone());
        // What has come into force meanwhile is noted at the first moment.
        receiver.mark_retry_ms = (*version > 0).then_some(0);
        receiver.reported = receiver.state();
        receiver
    }

    /// What is in force, or about to be.
    #[must_use]
    pub fn in_force(&self) -> Arc<InForce> {
        self.in_force.clone()
    }

    /// How the bundles stand.
    #[must_use]
    pub fn state(&self) -> PolicyState {
        let (serial, version, id) = &self.applied;
        let counts: BTreeSet<u64> = self.in_force.parts.values().map(|(of, _)| *of).collect();
        let is_applied = *serial == self.in_force.serial;
        let mut offered: Vec<PolicyStanding> = Vec::new();
        for (of, entry) in &self.entries {
            // What holds already stays in force while another comes.
            let is_applied = is_applied || of <= version;
            let mut standing = entry.standing(counts.contains(of), is_applied);
            if let (true, false, Some(reason)) = (entry.is_in_force, is_applied, &self.not_applied)
            {
                standing.reason = Some(reason.clone());
            }
            offered.push(standing);
        }
        offered.extend(self.rejected.iter().cloned());
        let is_any = *version > 0;
        PolicyState {
            in_force: is_any.then_some(*version),
            id: is_any.then(|| id.clone()),
            offered,
        }
    }

    fn restore_bundle(&mut self, kept: KeptBundle) {
        let signed = serde_json::from_slice::<Signed>(&kept.manifest).ok();
        let believed = signed.and_then(|signed| {
            let manifest = verify::manifest(&self.identity, &signed).ok()?;
            (manifest.id == kept.id).then_some((signed, manifest))
        });
        // What is not believed any more is offered again, or it is not wanted any more.
        let Some((signed, manifest)) = believed else { return };
        let version = manifest.version;
        let mut entry = Entry::new(signed, manifest);
        for (number, piece) in kept.pieces {
            entry.take(number, piece);
        }
        entry.complete(&self.identity);
        // What a disk has spoilt is not what headquarters sent.
        entry.bad_piece = None;
        entry.is_damaged = entry.read.is_none() && self.marked.contains(&entry.manifest.id);
        self.entries.entry(version).or_insert(entry);
    }

    fn on_offered(&mut self, payload: &[u8], effects: &mut Vec<Effect>) {
        let offer: PolicyOffer = match read_json(payload) {
            Ok(offer) => offer,
            Err(error) => {
                self.rejected = vec![rejected(None, &Refused::Unreadable(error.to_string()))];
                return;
            }
        };
        self.rejected.clear();
        for entry in self.entries.values_mut() {
            entry.is_offered = false;
        }
        let mut believed = Vec::new();
        for signed in offer.bundles {
            match verify::manifest(&self.identity, &signed) {
                Err(refused) => self.reject(&signed, &refused),
                Ok(manifest) => believed.push((signed, manifest)),
            }
        }
        // The newest count, and so it is the oldest that there is no room for.
        believed.sort_by_key(|(_, manifest)| std::cmp::Reverse(manifest.version));
        let surplus = believed.split_off(believed.len().min(OFFERED_MAX));
        for (signed, manifest) in believed {
            match self.entries.get_mut(&manifest.version) {
                Some(known) if known.manifest == manifest => known.is_offered = true,
                Some(_) => self.reject(&signed, &Refused::Version),
                None => self.take_up(Entry::new(signed, manifest), effects),
            }
        }
        surplus.iter().for_each(|(signed, _)| self.reject(signed, &Refused::TooMany));
        self.prune(effects);
    }

    fn reject(&mut self, signed: &Signed, refused: &Refused) {
        if self.rejected.len() < OFFERED_MAX {
            self.rejected.push(rejected(Some(signed), refused));
        }
    }

    fn take_up(&mut self, entry: Entry, effects: &mut Vec<Effect>) {
        let (id, version) = (entry.manifest.id.clone(), entry.manifest.version);
        let manifest = serde_json::to_vec(&entry.signed).unwrap_or_default();
        effects.push(Effect::KeepManifest { id: id.clone(), manifest });
        self.entries.insert(version, entry);
        let early = self.strays.keys().filter(|(of, _)| *of == id).cloned().collect::<Vec<_>>();
        for key in early {
            if let Some(piece) = self.strays.remove(&key) {
                self.on_piece(id.clone(), key.1, piece, effects);
            }
        }
        // A bundle without parts is complete at once.
        if let Some(entry) = self.entries.get_mut(&version) {
            entry.complete(&self.identity);
        }
    }

    fn on_piece(&mut self, id: String, number: u32, piece: Vec<u8>, effects: &mut Vec<Effect>) {
        // A retained message is cleared by an empty one.
        if piece.is_empty() {
            return;
        }
        let entry = self.entries.values_mut().find(|entry| entry.manifest.id == id);
        let Some(entry) = entry else { return self.keep_stray(id, number, piece) };
        if !entry.take(number, piece.clone()) {
            return;
        }
        effects.push(Effect::KeepPiece { id: id.clone(), number, piece });
        if entry.complete(&self.identity) {
            effects.push(Effect::Forget { id });
        }
    }

    fn keep_stray(&mut self, id: String, number: u32, piece: Vec<u8>) {
        let held: usize = self.strays.values().map(Vec::len).sum();
        if held + piece.len() > STRAYS_BYTES_MAX {
            // Those of one bundle are kept together: half a bundle is of no use.
            self.strays.retain(|(of, _), _| *of == id);
        }
        let held: usize = self.strays.values().map(Vec::len).sum();
        if held + piece.len() <= STRAYS_BYTES_MAX {
            self.strays.insert((id, number), piece);
        }
    }

    /// Drops what is neither offered nor in force.
    fn prune(&mut self, effects: &mut Vec<Effect>) {
        let counts: BTreeSet<u64> = self.in_force.parts.values().map(|(of, _)| *of).collect();
        let dropped = self.entries.extract_if(.., |version, entry| {
            let is_awaited = self.marked.contains(&entry.manifest.id);
            !entry.is_offered && !counts.contains(version) && (entry.is_in_force || !is_awaited)
        });
        for (_, entry) in dropped {
            effects.push(Effect::Forget { id: entry.manifest.id });
        }
    }

    fn on_not_kept(&mut self, now: Now, id: &str, reason: String) {
        let entry = self.entries.values_mut().find(|entry| entry.manifest.id == id);
        if let Some(entry) = entry {
            let retry_ms = now.monotonic_ms.saturating_add(RETRY_MS);
            entry.unkept = Some(Unkept { reason, retry_ms });
        }
    }

    fn on_moment(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let is_due = |at: Option<u64>| at.is_some_and(|at| at <= now.monotonic_ms);
        for entry in self.entries.values_mut() {
            match &entry.unkept {
                Some(unkept) if unkept.retry_ms <= now.monotonic_ms => {
                    entry.unkept = None;
                    keep_again(entry, effects);
                }
                Some(_) => {}
                None if entry.read.is_some() => entry.pieces.clear(),
                None => {}
            }
        }
        if is_due(self.mark_retry_ms) {
            self.mark(effects);
        }
        // What is tried again in this very moment is known to be kept in the next one.
        if effects.iter().all(|effect| !matches!(effect, Effect::KeepPiece { .. })) {
            self.come_into_force(now, effects);
        }
        if is_due(self.apply_retry_ms) {
            self.apply_retry_ms = None;
            effects.push(Effect::Apply(self.in_force.clone()));
        }
    }

    fn mark(&mut self, effects: &mut Vec<Effect>) {
        self.mark_retry_ms = None;
        effects.push(Effect::MarkInForce(self.marked.iter().cloned().collect()));
    }

    fn come_into_force(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let wall_ms = now.wall.as_millisecond();
        let mut has_come = false;
        for entry in self.entries.values_mut() {
            let is_ready = entry.read.is_some() && entry.unkept.is_none() && !entry.is_in_force;
            let is_due = now.clock_trusted && entry.manifest.effective_ms <= wall_ms;
            if is_ready && (is_due || self.marked.contains(&entry.manifest.id)) {
                entry.is_in_force = true;
                entry.is_damaged = false;
                has_come = true;
            }
        }
        if !has_come {
            return;
        }
        let force = self.overlaid();
        // Noted, and not there any more: its files are damaged, and it is to come again.
        let entries = &self.entries;
        self.marked.retain(|id| {
            entries.values().any(|entry| entry.manifest.id == *id && !entry.is_in_force)
        });
        self.marked.extend(force.parts.values().map(|(_, id)| id.clone()));
        self.mark(effects);
        if force.parts != self.in_force.parts {
            self.not_applied = None;
            self.apply_retry_ms = None;
            self.in_force = Arc::new(force);
            effects.push(Effect::Apply(self.in_force.clone()));
        }
        for entry in self.entries.values_mut().filter(|entry| entry.is_in_force) {
            let id = &entry.manifest.id;
            if !self.in_force.parts.values().any(|(_, of)| of == id) && entry.read.take().is_some()
            {
                effects.push(Effect::Forget { id: id.clone() });
            }
        }
        self.prune(effects);
    }

    /// Of each part the highest version in force.
    fn overlaid(&self) -> InForce {
        let mut force = InForce { serial: self.in_force.serial + 1, ..InForce::default() };
        let entries = self.entries.iter().filter(|(_, entry)| entry.is_in_force);
        for (version, entry) in entries {
            force.version = *version;
            force.id.clone_from(&entry.manifest.id);
            let Some(read) = &entry.read else { continue };
            let named = entry.manifest.parts.iter().filter_map(|part| Part::named(&part.name));
            let of = (*version, entry.manifest.id.clone());
            force.parts.extend(named.map(|part| (part, of.clone())));
            force.bundle = Bundle::clone(read).over(force.bundle);
        }
        force
    }

    fn on_applied(&mut self, serial: u64) {
        if serial == self.in_force.serial {
            let InForce { version, id, .. } = self.in_force.as_ref();
            self.applied = (serial, *version, id.clone());
            self.not_applied = None;
            self.apply_retry_ms = None;
            self.forget_texts();
        }
    }

    /// The catalogue's text is in the store's own file by now; here it would take as much memory
    /// as the catalogue itself.
    fn forget_texts(&mut self) {
        for entry in self.entries.values_mut() {
            if let Some(read) = &mut entry.read
                && entry.is_in_force
            {
                read.catalogue_csv = None;
            }
        }
        let mut in_force = self.in_force.as_ref().clone();
        in_force.bundle.catalogue_csv = None;
        self.in_force = Arc::new(in_force);
    }

    fn on_not_applied(&mut self, now: Now, serial: u64, reason: String) {
        if serial == self.in_force.serial {
            self.not_applied = Some(reason);
            self.apply_retry_ms = Some(now.monotonic_ms.saturating_add(RETRY_MS));
        }
    }
}

fn keep_again(entry: &Entry, effects: &mut Vec<Effect>) {
    let id = &entry.manifest.id;
    let manifest = serde_json::to_vec(&entry.signed).unwrap_or_default();
    effects.push(Effect::KeepManifest { id: id.clone(), manifest });
    let pieces = entry.pieces.iter().map(|(number, piece)| Effect::KeepPiece {
        id: id.clone(),
        number: *number,
        piece: piece.clone(),
    });
    effects.extend(pieces);
}

/// What is said of a bundle that is not believed: its own words, cut.
fn rejected(signed: Option<&Signed>, refused: &Refused) -> PolicyStanding {
    let said = signed.map(|signed| signed.manifest.get()).unwrap_or_default();
    let said: serde_json::Value = serde_json::from_str(said).unwrap_or_default();
    let id = said.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    PolicyStanding {
        version: said.get("version").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        id: id.chars().take(64).collect(),
        standing: "refused".to_owned(),
        reason: Some(format!("{refused} ({})", refused.code())),
    }
}

impl Machine for PolicyReceiver {
    type Input = Input;
    type Effect = Effect;

    fn step(&mut self, now: Now, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Offered(payload) if payload.is_empty() => {}
            Input::Offered(payload) => self.on_offered(&payload, effects),
            Input::Piece { id, number, piece } => self.on_piece(id, number, piece, effects),
            Input::Moment => self.on_moment(now, effects),
            Input::NotKept { id, reason } => self.on_not_kept(now, &id, reason),
            Input::NotMarked => {
                self.mark_retry_ms = Some(now.monotonic_ms.saturating_add(RETRY_MS));
            }
            Input::Applied { serial } => self.on_applied(serial),
            Input::NotApplied { serial, reason } => self.on_not_applied(now, serial, reason),
        }
        let state = self.state();
        if state != self.reported {
            self.reported = state.clone();
            effects.push(Effect::Report(state));
        }
    }
}
