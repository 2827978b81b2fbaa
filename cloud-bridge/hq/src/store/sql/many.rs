//! Many rows by one statement: what a statement costs besides its rows, most of all a round trip
//! to a server, is paid once for many.

use std::fmt::Write as _;

use super::{Connection, Param, Row};
use crate::store::StoreError;

/// How many rows go into one statement: few sizes, so that all of them stay prepared.
const SIZES: [usize; 3] = [64, 8, 1];

impl Connection {
    /// Inserts rows: `head` up to and with `values`, `tail` after the rows. `cells` has the rows'
    /// columns one after another, `columns` of each.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn insert_many(
        &mut self,
        head: &str,
        columns: usize,
        tail: &str,
        cells: &[Param<'_>],
    ) -> Result<(), StoreError> {
        let mut rest = cells;
        for size in SIZES {
            if rest.len() < size * columns {
                continue;
            }
            let sql = format!("{head} {} {tail}", tuples(size, columns));
            while let Some((chunk, after)) = rest.split_at_checked(size * columns) {
                if chunk.is_empty() {
                    break;
                }
                self.execute(&sql, chunk)?;
                rest = after;
            }
        }
        Ok(())
    }

    /// Reads the rows whose key is one of many: `head` is a query up to and with `in`.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn query_keys<T>(
        &mut self,
        head: &str,
        keys: &[Param<'_>],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let text = |size| format!("{head} {}", tuples(1, size));
        self.query_chunks(text, 1, keys, read)
    }

    /// Reads the rows of a table whose two key columns are one of many pairs, some of them twice.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn query_pairs<T>(
        &mut self,
        columns: &str,
        table: &str,
        (first, second): (&str, &str),
        pairs: &[Param<'_>],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        // SQLite looks up a pair by an index only where it is told by `cross join` to begin with
        // the pairs; for `in (values …)` it reads the whole table.
        let text = |size| {
            format!(
                "with wanted (a, b) as (values {}) select {columns} from wanted cross join {table}
                 where {table}.{first} = wanted.a and {table}.{second} = wanted.b",
                tuples(size, 2)
            )
        };
        self.query_chunks(text, 2, pairs, read)
    }

    fn query_chunks<T>(
        &mut self,
        text: impl Fn(usize) -> String,
        columns: usize,
        keys: &[Param<'_>],
        mut read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        for chunk in keys.chunks(SIZES[0] * columns) {
            let count = chunk.len() / columns;
            let size = SIZES.iter().rev().find(|size| **size >= count).copied().unwrap_or(count);
            let mut padded = chunk.to_vec();
            // The first key once more finds the same rows.
            padded.extend(chunk.iter().take(columns).cycle().take((size - count) * columns));
            found.extend(self.query(&text(size), &padded, &mut read)?);
        }
        Ok(found)
    }
}

/// `(?1, ?2), (?3, ?4)`.
fn tuples(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}?{}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}
