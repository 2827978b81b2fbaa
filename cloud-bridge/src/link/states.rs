use std::collections::BTreeMap;

use hq_wire::link::v1::State;
use serde_json::Value;

/// The shortest time between two publications of one thing: headquarters shows it to people.
const INTERVAL_MS: u64 = 1_000;

/// The last known of everything that a store says of itself, and what of it headquarters has.
#[derive(Debug, Default)]
pub struct States {
    things: BTreeMap<&'static str, Thing>,
}

#[derive(Debug, Default)]
struct Thing {
    value: Value,
    is_unsaid: bool,
    said_ms: Option<u64>,
}

impl States {
    /// Something is so now.
    pub fn set(&mut self, thing: &'static str, value: Value) {
        let known = self.things.entry(thing).or_default();
        if known.value != value {
            known.value = value;
            known.is_unsaid = true;
        }
    }

    /// A new connection: all of it is said again.
    pub fn forget(&mut self) {
        for thing in self.things.values_mut() {
            thing.is_unsaid = true;
            thing.said_ms = None;
        }
    }

    /// What is to be said now, as JSON.
    pub fn take_due(&mut self, now_ms: u64, wall_ms: i64) -> Vec<(&'static str, Vec<u8>)> {
        let mut due = Vec::new();
        for (name, thing) in &mut self.things {
            let is_time = thing.said_ms.is_none_or(|said| now_ms >= said + INTERVAL_MS);
            if thing.is_unsaid && is_time {
                thing.is_unsaid = false;
                thing.said_ms = Some(now_ms);
                let state = State { at_ms: wall_ms, value: &thing.value };
                due.extend(serde_json::to_vec(&state).map(|text| (*name, text)));
            }
        }
        due
    }
}
