//! What headquarters has of a stream on the wire, by the rules of its intake.

use std::collections::BTreeMap;

use hq_wire::row::v1::{Fields, Row, digest, digest_from_hex};
use uuid::Uuid;

use crate::Digest;

#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The stream before, and the branch that it would have.
    pub parent: Option<(Uuid, Uuid)>,
    pub base: u64,
    /// The last row without a gap whose digest follows from the one before, and that digest.
    pub through: u64,
    pub digest: Digest,
    pub rows: BTreeMap<u64, Row>,
    /// What came under a number that was taken.
    pub others: Vec<Row>,
    pub is_frozen: bool,
}

impl Held {
    /// A beginning that is not within what is held moves it there.
    pub fn begin_at(&mut self, (after, digest): (u64, Digest)) {
        if !(self.base..=self.through).contains(&after) && !self.is_frozen {
            (self.base, self.through, self.digest) = (after, after, digest);
        }
    }

    /// Of two rows under one number both are kept, and what comes behind is another's.
    pub fn take(&mut self, rows: Vec<Row>) {
        if self.is_frozen {
            return;
        }
        for row in rows.into_iter().filter(|row| row.sequence > self.base) {
            match self.rows.get(&row.sequence) {
                Some(there) if there.digest == row.digest => {}
                Some(_) => {
                    self.is_frozen = true;
                    self.others.push(row);
                }
                None if self.is_frozen => {}
                None => drop(self.rows.insert(row.sequence, row)),
            }
        }
        self.advance();
    }

    /// Moves the watermark; a next row that does not follow ends the stream there.
    fn advance(&mut self) {
        while let Some(next) = self.rows.get(&(self.through + 1)) {
            if digest_after(&self.digest, next) != digest_of(next) {
                self.is_frozen = true;
                return;
            }
            (self.through, self.digest) = (next.sequence, digest_of(next));
        }
    }

    /// As it was when this row was the last.
    pub fn forget_after(&mut self, last: u64) {
        self.rows.retain(|sequence, _| *sequence <= last);
        (self.through, self.digest) = (last, digest_of(&self.rows[&last]));
    }
}

pub fn digest_of(row: &Row) -> Digest {
    digest_from_hex(&row.digest).expect("a digest")
}

/// The digest that a row has to have where it follows.
fn digest_after(before: &Digest, row: &Row) -> Digest {
    let id = |text: &str| Uuid::parse_str(text).expect("a UUID");
    let transaction = row.transaction.as_deref().map(id);
    digest(
        before,
        &Fields {
            stream: id(&row.stream).as_bytes(),
            sequence: row.sequence,
            id: id(&row.id).as_bytes(),
            kind: &row.kind,
            body_version: row.body_version,
            transaction: transaction.as_ref().map(Uuid::as_bytes),
            wall_ms: row.wall_ms,
            utc_offset_s: row.utc_offset_s,
            monotonic_ms: row.monotonic_ms,
            boot: id(&row.boot).as_bytes(),
            clock_trusted: row.clock_trusted,
            body: row.body.get(),
        },
    )
}
