//! What somebody asked for and may not: a page that reads again and again asks again and again, and
//! once a minute is written down.

use std::collections::BTreeMap;

use store_core::permission::Permission;
use store_core::{OperatorId, WorkstationId};

use super::authority::Lacking;

const MINUTE_MS: u64 = 60_000;

/// When each was written down last, by who asked, where and for what.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeMap<(OperatorId, Option<WorkstationId>, Permission), u64>);

impl Asked {
    /// Whether this reading is the first in a minute; `now_ms` runs steadily.
    pub fn is_first(&mut self, lacking: &Lacking, now_ms: u64) -> bool {
        self.0.retain(|_, noted_ms| now_ms.saturating_sub(*noted_ms) < MINUTE_MS);
        let Lacking { operator, workstation, permission, .. } = lacking.clone();
        let key = (operator, workstation, permission);
        let is_first = !self.0.contains_key(&key);
        if is_first {
            self.0.insert(key, now_ms);
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_is_refused_is_noted_once_a_minute_by_person_place_and_permission() {
        let lacking = |operator: &str, at: &str, permission| Lacking {
            workstation: Some(WorkstationId::new(at).unwrap()),
            operator: OperatorId::new(operator).unwrap(),
            permission,
            transaction: None,
        };
        let (see, read) = (Permission::SeeExpected, Permission::ReadJournal);
        let mut asked = Asked::default();
        assert!(asked.is_first(&lacking("c1", "1", see), 1_000));
        assert!(!asked.is_first(&lacking("c1", "1", see), 60_999));
        assert!(asked.is_first(&lacking("c1", "1", read), 60_999));
        assert!(asked.is_first(&lacking("c1", "2", see), 60_999));
        assert!(asked.is_first(&lacking("c2", "1", see), 60_999));
        assert!(asked.is_first(&lacking("c1", "1", see), 61_000), "a minute later");
        assert_eq!(asked.0.len(), 4);
    }
}
