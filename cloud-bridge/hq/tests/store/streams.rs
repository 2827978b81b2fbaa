//! What comes in any order, twice, or against itself.

use hq::store::{HqStore, StorePlace};

use crate::journal::Journal;
use crate::support::Place;

crate::everywhere! {
    rows_in_order_are_acknowledged_and_folded,
    a_gap_waits_and_is_folded_when_it_closes,
}

pub fn with_stores(place: &Place, stores: &[&str]) -> HqStore {
    let mut hq = place.open();
    for store in stores {
        let place = StorePlace { store: (*store).to_owned(), ..StorePlace::default() };
        hq.add_store(&place).unwrap();
    }
    hq
}

fn trade(store: &str, salt: u64, sales: u64) -> Journal {
    let mut journal = Journal::new(store, salt);
    for number in 1..=sales {
        journal.sell(number, 8 + u8::try_from(number % 3).unwrap(), &[("a1", 2), ("b1", 1)]);
    }
    journal
}

fn rows_in_order_are_acknowledged_and_folded(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 5);
    let taken = hq.ingest(&[journal.message(1..=3), journal.message(4..=6)], 1000).unwrap();
    assert_eq!((taken.folded_rows, taken.folded_sales, taken.put_aside), (6, 5, 0));
    assert_eq!(taken.acks.len(), 1, "one for the stream");
    let (store, ack) = &taken.acks[0];
    assert_eq!((store.as_str(), ack.through, ack.frozen), ("367", 6, false));
    assert_eq!(ack.digest, journal.rows[5].digest);
    assert_eq!(hq.acks_of("367").unwrap(), [ack.clone()]);
}

fn a_gap_waits_and_is_folded_when_it_closes(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 200);
    let taken = hq.ingest(&[journal.message(1..=2), journal.message(5..=201)], 1000).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales), (2, 1));
    let taken = hq.ingest(&[journal.message(4..=6)], 1001).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales), (2, 0));
    let taken = hq.ingest(&[journal.message(3..=3)], 1002).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales), (201, 199));
}
