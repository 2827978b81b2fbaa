//! Sales as a store sends them: rows of its journal, in messages.

use hq_wire::link::v1::{FactsBatch, Place, Topic};
use store_core::fact::Fact;
use store_core::{JournalSequence, StoreId, StreamId};
use store_journal::{Append, Head, JournalRow};
use uuid::Uuid;

use super::headquarters::CHAIN;

/// A message of a store.
pub struct Message {
    /// Its topic.
    pub topic: String,
    /// What it carries, as it goes over the wire.
    pub payload: Vec<u8>,
}

/// A store with the journal that it would have.
pub struct Sending {
    store: StoreId,
    head: Head,
}

impl Sending {
    /// A store that has not sold anything.
    pub fn new(store: &str) -> Self {
        let stream = StreamId::new(Uuid::now_v7());
        let head = Head { stream, sequence: JournalSequence(0), digest: [0; 32] };
        Self { store: StoreId::new(store).unwrap(), head }
    }

    /// The name of its stream.
    pub fn stream(&self) -> Uuid {
        self.head.stream.uuid()
    }

    /// Where it stands in topics.
    pub fn place(&self) -> Place {
        Place { chain: CHAIN.to_owned(), store: self.store.to_string() }
    }

    /// Sales of any store, sold here, in one message.
    pub fn message(&mut self, sales: Vec<Append>) -> Message {
        let rows = sales.into_iter().map(|mut append| {
            if let Fact::SaleCompleted(sale) = &mut append.fact {
                sale.store = self.store.clone();
            }
            let row = JournalRow::sealed(&self.head, &append).unwrap();
            self.head.sequence = row.position.sequence;
            self.head.digest = row.digest;
            row.to_wire().unwrap()
        });
        let rows = rows.collect();
        let (place, stream) = (self.place(), self.stream().to_string());
        let payload = FactsBatch::new(&place, &stream, None, rows).write().unwrap();
        Message { topic: place.topic(&Topic::Facts(stream)), payload }
    }
}
