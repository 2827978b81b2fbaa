//! A row of the journal and its place in the chain.

use hq_wire::facts::v1;
use hq_wire::row::v1::{Fields, digest};
use store_core::fact::{CommittedFact, RowPosition};
use store_core::{CommandId, JournalSequence, Now, StreamId, TransactionId};

use crate::convert::{self, ConvertError};
use crate::{Append, Head};

/// A SHA-256 digest of a row, taken as `hq_wire::row::v1` describes.
pub type Digest = [u8; 32];

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// Its place.
    pub position: RowPosition,
    /// The append's id.
    pub id: CommandId,
    /// The body's kind.
    pub kind: String,
    /// The body's version.
    pub body_version: u32,
    /// The transaction it speaks of.
    pub transaction: Option<TransactionId>,
    /// When it was decided.
    pub now: Now,
    /// The body, a versioned type of `hq-wire` as compact JSON.
    pub body: String,
    /// The digest over this row and the one before.
    pub digest: Digest,
}

impl JournalRow {
    /// Makes the row that follows `head` from an append.
    ///
    /// # Errors
    /// Where the fact has no wire form.
    pub fn sealed(head: &Head, append: &Append) -> Result<Self, ConvertError> {
        let body = convert::to_wire(&append.fact, &append.now).write()?;
        let (sequence, transaction) = (head.sequence.next(), append.fact.transaction());
        let position = RowPosition { stream: head.stream, sequence };
        let kind = append.fact.kind().to_owned();
        let row = Self {
            position,
            id: append.id,
            kind,
            body_version: v1::VERSION,
            transaction,
            now: append.now,
            body,
            digest: head.digest,
        };
        Ok(row.with_digest_after(&head.digest))
    }

    /// Makes the first row of a stream.
    ///
    /// # Errors
    /// Where the body has no wire form.
    pub fn first(
        stream: StreamId,
        id: CommandId,
        now: Now,
        body: v1::StreamStarted,
    ) -> Result<Self, ConvertError> {
        let fact = v1::Fact::StreamStarted(body);
        let row = Self {
            position: RowPosition { stream, sequence: JournalSequence(1) },
            id,
            kind: fact.kind().to_owned(),
            body_version: v1::VERSION,
            transaction: None,
            now,
            body: fact.write()?,
            digest: hq_wire::row::v1::NO_DIGEST,
        };
        Ok(row.with_digest_after(&hq_wire::row::v1::NO_DIGEST))
    }

    fn with_digest_after(mut self, previous: &Digest) -> Self {
        self.digest = self.digest_after(previous);
        self
    }

    /// The digest the row has to have when the row before has the digest `previous`.
    #[must_use]
    pub fn digest_after(&self, previous: &Digest) -> Digest {
        let transaction = self.transaction.map(TransactionId::uuid);
        digest(
            previous,
            &Fields {
                stream: self.position.stream.uuid().as_bytes(),
                sequence: self.position.sequence.0,
                id: self.id.uuid().as_bytes(),
                kind: &self.kind,
                body_version: self.body_version,
                transaction: transaction.as_ref().map(uuid::Uuid::as_bytes),
                wall_ms: self.now.wall.as_millisecond(),
                utc_offset_s: self.now.utc_offset_s,
                monotonic_ms: self.now.monotonic_ms,
                boot: self.now.boot.uuid().as_bytes(),
                clock_trusted: self.now.clock_trusted,
                body: &self.body,
            },
        )
    }

    /// The head of a stream that ends with this row.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head { stream: self.position.stream, sequence: self.position.sequence, digest: self.digest }
    }

    /// What happened, in the domain's words; nothing for the row that starts a stream.
    ///
    /// # Errors
    /// Where the body is of an unknown version or kind, or not of its form.
    pub fn committed(&self) -> Result<Option<CommittedFact>, ConvertError> {
        if self.body_version != v1::VERSION {
            return Err(ConvertError::UnknownVersion(self.body_version));
        }
        let wire = v1::Fact::read(&self.kind, &self.body)?;
        let fact = convert::from_wire(wire)?;
        Ok(fact.map(|fact| CommittedFact { position: self.position, now: self.now, fact }))
    }
}
