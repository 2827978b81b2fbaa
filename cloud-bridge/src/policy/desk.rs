use std::fmt;
use std::sync::Arc;

use hq_wire::link::v1::PolicyState;
use store_core::{Machine as _, Now};

use super::{Effect, Identity, InForce, Input, PolicyReceiver, PolicyStore, PolicyStoreError};

/// The receiver with the place where it keeps what it received.
pub struct PolicyDesk {
    receiver: PolicyReceiver,
    store: Box<dyn PolicyStore>,
}

impl fmt::Debug for PolicyDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicyDesk").finish_non_exhaustive()
    }
}

impl PolicyDesk {
    /// Reads and verifies what was kept.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(
        identity: Identity,
        mut store: Box<dyn PolicyStore>,
        now: Now,
    ) -> Result<Self, PolicyStoreError> {
        let kept = store.load()?;
        Ok(Self { receiver: PolicyReceiver::restore(identity, kept, now), store })
    }

    /// What is in force, or about to be.
    #[must_use]
    pub fn in_force(&self) -> Arc<InForce> {
        self.receiver.in_force()
    }

    /// How the bundles stand: to be said at every birth.
    #[must_use]
    pub fn state(&self) -> PolicyState {
        self.receiver.state()
    }

    /// Takes an input and keeps what is to be kept; answers the effects that are left, which are
    /// [`Effect::Apply`] and [`Effect::Report`] alone.
    pub fn input(&mut self, now: Now, input: Input) -> Vec<Effect> {
        let mut left = Vec::new();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let is_moment = matches!(input, Input::Moment);
            let mut effects = Vec::new();
            self.receiver.step(now, input, &mut effects);
            let mut has_kept = false;
            for effect in effects {
                has_kept |= matches!(effect, Effect::KeepPiece { .. });
                match self.keep(effect) {
                    Ok(Some(effect)) => left.push(effect),
                    Ok(None) => {}
                    Err(failed) => inputs.push(failed),
                }
            }
            // What has just come may be due: it is, if all of it was kept.
            if has_kept && !is_moment {
                inputs.insert(0, Input::Moment);
            }
        }
        left
    }

    /// Performs what concerns the store; answers what does not, or what the receiver has to hear.
    fn keep(&mut self, effect: Effect) -> Result<Option<Effect>, Input> {
        let not_kept = |id: &str, error: PolicyStoreError| {
            tracing::warn!(bundle = %id, %error, "keeping a bundle of policy");
            Input::NotKept { id: id.to_owned(), reason: error.to_string() }
        };
        match effect {
            Effect::KeepManifest { id, manifest } => {
                let kept = self.store.keep_manifest(&id, &manifest);
                kept.map(|()| None).map_err(|error| not_kept(&id, error))
            }
            Effect::KeepPiece { id, number, piece } => {
                let kept = self.store.keep_piece(&id, number, &piece);
                kept.map(|()| None).map_err(|error| not_kept(&id, error))
            }
            Effect::Forget { id } => {
                if let Err(error) = self.store.forget(&id) {
                    // Nothing counts on it any more; the next start finds it and offers say so.
                    tracing::warn!(bundle = %id, %error, "forgetting a bundle of policy");
                }
                Ok(None)
            }
            Effect::MarkInForce(ids) => match self.store.mark_in_force(&ids) {
                Ok(()) => Ok(None),
                Err(error) => {
                    tracing::warn!(%error, "noting which policy is in force");
                    Err(Input::NotMarked)
                }
            },
            Effect::Apply(_) | Effect::Report(_) => Ok(Some(effect)),
        }
    }
}
