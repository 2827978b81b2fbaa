//! Which printer prints which paper next.
//!
//! A paper is printed where its register prints, and in order. Where that printer has not been
//! able to for a while, the one that stands in for it prints it, so that a customer does not wait
//! for a new roll; what a printer may have begun is never given to another.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::device::Devices;
use crate::{DeviceId, WorkstationId};

/// How long a paper waits for its own printer before another one prints it, in milliseconds: long
/// enough to close a cover, short enough for a customer who waits.
pub const FAILOVER_AFTER_MS: u64 = 5_000;

/// A paper that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<K> {
    /// Which.
    pub key: K,
    /// At which register it was made; none for one that is no register's.
    pub workstation: Option<WorkstationId>,
}

/// How a printer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Since when it has not been able to print, on a clock that only runs forward; none while it
    /// is.
    pub down_since_ms: Option<u64>,
    /// Whether it has a paper under way.
    pub is_busy: bool,
    /// Until when it is left alone, because it was just not able to.
    pub rests_until_ms: u64,
}

impl Standing {
    const fn is_free(&self, now_ms: u64) -> bool {
        self.down_since_ms.is_none() && !self.is_busy && self.rests_until_ms <= now_ms
    }
}

/// One paper for one printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<K> {
    /// Which paper.
    pub key: K,
    /// At which printer.
    pub printer: DeviceId,
    /// Whether it stands in for another.
    pub stands_in: bool,
}

/// What is to be printed now, and when it is worth asking again if nothing happens before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<K> {
    /// At most one paper for each printer.
    pub assignments: Vec<Assignment<K>>,
    /// When a rest or a wait for a printer is over.
    pub again_at_ms: Option<u64>,
}

/// Plans what the printers do next. `waiting` is in the order in which it was queued.
#[must_use]
pub fn plan<K: Clone>(
    waiting: &[Waiting<K>],
    printers: &BTreeMap<DeviceId, Standing>,
    devices: &Devices,
    now_ms: u64,
) -> Plan<K> {
    let mut given = BTreeSet::new();
    let mut plan = Plan { assignments: Vec::new(), again_at_ms: None };
    for paper in waiting {
        let route = devices.paper_printers_of(paper.workstation.as_ref());
        let Some(own) = route.first() else { continue };
        let standing = |id: &DeviceId| printers.get(id).copied();
        let down_since_ms = match standing(own) {
            Some(standing) => standing.down_since_ms,
            // It is not there at all.
            None => Some(0),
        };
        let choice = match (down_since_ms, route.get(1)) {
            (Some(since), Some(other)) if since.saturating_add(FAILOVER_AFTER_MS) <= now_ms => {
                Some((other, true))
            }
            (Some(since), Some(_)) => {
                plan.wake(since.saturating_add(FAILOVER_AFTER_MS));
                None
            }
            (Some(_), None) => None,
            (None, _) => Some((own, false)),
        };
        let Some((printer, stands_in)) = choice else { continue };
        // Whoever comes first has its turn first: what waits behind it for the same printer stays
        // behind it.
        if !given.insert(printer.clone()) {
            continue;
        }
        let Some(standing) = standing(printer) else { continue };
        if standing.is_free(now_ms) {
            let (key, printer) = (paper.key.clone(), printer.clone());
            plan.assignments.push(Assignment { key, printer, stands_in });
        } else if standing.down_since_ms.is_none() && !standing.is_busy {
            plan.wake(standing.rests_until_ms);
        }
    }
    plan
}

impl<K> Plan<K> {
    fn wake(&mut self, at_ms: u64) {
        self.again_at_ms = Some(self.again_at_ms.map_or(at_ms, |before| before.min(at_ms)));
    }
}
