//! The demonstration store: what stands on its shelves when it opens for the first time.

use futures_util::future::join_all;
use store_actors::messages::Append;
use store_core::catalogue::Catalogue;
use store_core::fact::Fact;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::register::DraftChange;
use store_core::{CommandId, ItemId, Now, OperatorId, Quantity, ReasonCode, TransactionNumber};
use store_journal::LedgerReads as _;
use uuid::Uuid;

use crate::catalogue::demonstration;
use crate::store::Store;

/// Opening stock, an item a row: `item,quantity` in the item's unit.
const STOCK: &str = include_str!("../assets/demo-stock.csv");

/// Counts the demonstration store's shelves, once and before anything is sold: without stock its
/// first sale would fall below nothing and ring every bell. A store with a catalogue of its own is
/// left alone.
pub async fn count_shelves(store: &Store) {
    let catalogue = store.shelf.catalogue();
    if catalogue.digest() != demonstration(catalogue.currency()).digest() {
        return;
    }
    let now = store.clock.now(None);
    let counts = counts(&catalogue, now);
    let Some(last) = counts.last().map(|append| append.id) else { return };
    // The counts are written in order and each under its own id, so a start that was cut short is
    // carried on by the next one.
    let is_due = store.reader.read(move |reader| {
        let registers = reader.registers()?;
        let is_new = registers.iter().all(|known| known.last_number == TransactionNumber(0));
        Ok::<_, store_journal::ReadError>(is_new && reader.row_of(last)?.is_none())
    });
    if !matches!(is_due.await, Ok(Ok(true))) {
        return;
    }
    let appended = join_all(counts.into_iter().map(|append| store.append.send(append))).await;
    if !appended.iter().all(|appended| matches!(appended, Ok(Ok(_)))) {
        tracing::warn!("counting the demonstration store's shelves; the next start tries again");
    }
}

/// A count of every shelf; an item that is not in the catalogue, or is counted in another unit,
/// has none.
fn counts(catalogue: &Catalogue, now: Now) -> Vec<Append> {
    let rows = STOCK.lines().skip(1).filter_map(|row| row.split_once(','));
    rows.filter_map(|(item, quantity)| {
        let item = catalogue.item(&ItemId::new(item).ok()?)?;
        let movement = StockMovement {
            item: item.id.clone(),
            kind: MovementKind::Counted,
            quantity: Quantity::parse(quantity, item.unit).ok()?,
            reason: ReasonCode::from_static("opening_stock"),
            operator: OperatorId::from_static("hub"),
        };
        let name = format!("opening stock of {}", item.id);
        Some(Append {
            id: CommandId::new(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
            now,
            fact: Box::new(Fact::StockMoved(movement)),
            draft: DraftChange::Keep,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests;
