use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::web;
use cloud_bridge::policy::{Effect, InForce, Input, PolicyDesk};
use hq_wire::link::v1::PolicyState;
use tokio::sync::watch;

use super::apply;
use crate::store::Store;

/// How often it is looked whether a bundle's moment has come.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Takes what comes of policy, from any thread, and says what is to be put in force.
pub struct Clerk {
    desk: Mutex<PolicyDesk>,
    clock: Arc<dyn store_actors::Clock>,
    in_force: watch::Sender<Arc<InForce>>,
    state: watch::Sender<PolicyState>,
}

impl Clerk {
    /// With what was kept.
    #[must_use]
    pub fn new(desk: PolicyDesk, clock: Arc<dyn store_actors::Clock>) -> Self {
        let (in_force, _) = watch::channel(desk.in_force());
        let (state, _) = watch::channel(desk.state());
        Self { desk: Mutex::new(desk), clock, in_force, state }
    }

    /// Takes an input; what is to be kept is on the disk when it returns, so it may block.
    pub fn input(&self, input: Input) {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        for effect in desk.input(self.clock.now(None), input) {
            match effect {
                // The same may come again, where it could not be put in force.
                Effect::Apply(in_force) => drop(self.in_force.send_replace(in_force)),
                Effect::Report(state) => drop(self.state.send_replace(state)),
                _ => {}
            }
        }
    }

    /// How the bundles stand, now and whenever it changes: `state/policy`.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<PolicyState> {
        self.state.subscribe()
    }

    /// What is to be in force, now and whenever it changes.
    #[must_use]
    pub fn in_force(&self) -> watch::Receiver<Arc<InForce>> {
        self.in_force.subscribe()
    }
}

/// Puts in force what the clerk says, beginning with what was in force at the start, until the hub
/// closes.
pub async fn keep_applying(store: web::Data<Store>, clerk: Arc<Clerk>) {
    let mut in_force = clerk.in_force();
    let mut stopping = store.stopping.clone();
    in_force.mark_changed();
    // What could not be done may be possible as soon as a basket is over.
    let mut is_waiting = false;
    let mut look = tokio::time::interval(LOOK_INTERVAL);
    loop {
        tokio::select! {
            biased;
            // A sender that is gone has stopped the hub without a word.
            _ = stopping.wait_for(|stopping| *stopping) => return,
            changed = in_force.changed() => {
                if changed.is_err() {
                    return;
                }
                let next = in_force.borrow_and_update().clone();
                let input = applied(&store, &next).await;
                is_waiting = matches!(input, Input::NotApplied { .. });
                take(&clerk, input).await;
            }
            _ = look.tick() => {
                if is_waiting {
                    let next = in_force.borrow().clone();
                    let input = applied(&store, &next).await;
                    is_waiting = matches!(input, Input::NotApplied { .. });
                    take(&clerk, input).await;
                }
                take(&clerk, Input::Moment).await;
            }
        }
    }
}

async fn applied(store: &Store, in_force: &InForce) -> Input {
    let serial = in_force.serial;
    match apply::apply(store, in_force).await {
        Ok(()) => {
            if in_force.version > 0 {
                let bundle = &in_force.id;
                tracing::info!(version = in_force.version, %bundle, "policy in force");
            }
            Input::Applied { serial }
        }
        Err(reason) => {
            tracing::warn!(version = in_force.version, %reason, "putting policy in force");
            Input::NotApplied { serial, reason }
        }
    }
}

async fn take(clerk: &Arc<Clerk>, input: Input) {
    let clerk = clerk.clone();
    // Without a thread the hub is closing.
    let _ = web::block(move || clerk.input(input)).await;
}
