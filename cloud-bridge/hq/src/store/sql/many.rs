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

    /// Reads the rows whose key is one of many: `head` up to and with `in`, or `in (values` where a
    /// key has several columns. Parameters before the keys are not possible; a text after them is.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn query_many<T>(
        &mut self,
        head: &str,
        columns: usize,
        tail: &str,
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
            let tuples = if columns == 1 { tuples(1, size) } else { tuples(size, columns) };
            let sql = format!("{head} {tuples} {tail}");
            found.extend(self.query(&sql, &padded, &mut read)?);
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
