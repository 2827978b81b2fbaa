//! Between which rows of a stream each business day was booked.

use std::collections::BTreeMap;

use super::FoldedAt;
use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// Whose rows: of which store, day and stream.
type Key = (String, String, u64);

/// The first and the last row of days, of facts that are not written yet.
#[derive(Default)]
pub struct BookedDays(BTreeMap<Key, (u64, u64)>);

impl BookedDays {
    /// Notes the day that a row is booked on, where it is booked on one.
    pub fn note(&mut self, at: &FoldedAt<'_>) {
        let Some(day) = at.day else { return };
        let key = (at.store.to_owned(), day.to_string(), at.stream);
        let (first, last) = self.0.entry(key).or_insert((at.sequence, at.sequence));
        *first = at.sequence.min(*first);
        *last = at.sequence.max(*last);
    }

    /// Writes everything.
    pub fn write(&self, sql: &mut Connection) -> Result<(), StoreError> {
        let mut cells = Vec::new();
        for ((store, day, stream), (first, last)) in &self.0 {
            cells.extend_from_slice(params![store, day, *stream, *first, *last]);
        }
        // SQLite and PostgreSQL have no one name for the lesser of two.
        sql.insert_many(
            "insert into business_days (store, business_day, stream, first_sequence,
                 last_sequence) values",
            5,
            "on conflict (store, business_day, stream) do update set
                 first_sequence = case
                     when excluded.first_sequence < business_days.first_sequence
                     then excluded.first_sequence else business_days.first_sequence end,
                 last_sequence = case
                     when excluded.last_sequence > business_days.last_sequence
                     then excluded.last_sequence else business_days.last_sequence end",
            &cells,
        )
    }
}
