use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use cloud_bridge::{BridgeHandle, Commands};
use serde_json::{Value, json};

/// What headquarters calls it.
const COMMAND: &str = "background_trade";
/// Where the store says how it stands.
const STATE: &str = "trade";
/// The body is not `{"on": true}` or `{"on": false}`.
const BAD_BODY: &str = "bad_body";

/// Whether trade goes on in a store: off at first, so that a person's own first sale is seen, and
/// then as headquarters says. A clone is the same switch.
#[derive(Clone, Default)]
pub struct Switch(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
    link: OnceLock<BridgeHandle>,
}

#[derive(Default)]
struct State {
    is_on: bool,
    is_closing: bool,
}

impl Switch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the command of headquarters.
    pub fn listen(&self, commands: &mut Commands) {
        let switch = self.clone();
        commands.add(COMMAND, move |body| {
            let on = body.get("on").and_then(Value::as_bool).ok_or(BAD_BODY)?;
            switch.set(on);
            Ok(json!({ "on": on }))
        });
    }

    /// Says how it stands, now and whenever that changes.
    pub fn tell(&self, link: BridgeHandle) {
        // There is one link.
        let _ = self.0.link.set(link);
        self.say();
    }

    fn say(&self) {
        if let Some(link) = self.0.link.get() {
            link.set_state(STATE, json!({ "on": self.is_on() }));
        }
    }

    /// Switches it.
    pub fn set(&self, on: bool) {
        self.state().is_on = on;
        self.0.changed.notify_all();
        self.say();
    }

    /// Whether to go on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let state = self.state();
        state.is_on && !state.is_closing
    }

    /// Waits until it is on; false where it never will be again.
    #[must_use]
    pub fn wait(&self) -> bool {
        let waits = |state: &mut State| !state.is_on && !state.is_closing;
        let state = self.0.changed.wait_while(self.state(), waits);
        !state.unwrap_or_else(PoisonError::into_inner).is_closing
    }

    /// Waits for a while, or until it is off.
    pub fn rest(&self, pause: Duration) {
        let waits = |state: &mut State| state.is_on && !state.is_closing;
        // Whether it was the time or the switch, the caller looks at the switch.
        let _ = self.0.changed.wait_timeout_while(self.state(), pause, waits);
    }

    /// Never again.
    pub fn close(&self) {
        self.state().is_closing = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_off_at_first_and_closed_for_good() {
        let switch = Switch::default();
        assert!(!switch.is_on());
        let other = switch.clone();
        let waiting = std::thread::spawn(move || other.wait());
        switch.set(true);
        assert!(waiting.join().unwrap() && switch.is_on());
        switch.close();
        switch.rest(Duration::from_secs(3600));
        assert!(!switch.is_on() && !switch.wait());
    }
}
