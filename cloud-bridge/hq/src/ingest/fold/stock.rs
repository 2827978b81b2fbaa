use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use store_core::inventory::{InventoryEffect, InventoryMachine, StockChange};
use store_core::safety_stock::{SafetyStockInput, SafetyStockLevel, SafetyStockMachine};
use store_core::{BootId, ItemId, Machine, Now, Quantity};
use uuid::Uuid;

/// What is known of an item of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemRecord {
    /// What it was last called.
    pub name: String,
    /// Its stock; nothing before it moved.
    pub on_hand: Option<Quantity>,
    /// Its levels of safety stock.
    pub level: Option<SafetyStockLevel>,
    /// Since when its alert is up, in milliseconds since 1970.
    pub alert_since_ms: Option<i64>,
}

/// The stock of a store while facts are folded: the core's own machines over the items that the
/// facts name, which have to be put in before.
#[derive(Debug, Default)]
pub struct StoreStock {
    inventory: InventoryMachine,
    safety: SafetyStockMachine,
    names: BTreeMap<ItemId, String>,
    since_ms: BTreeMap<ItemId, i64>,
    known: BTreeSet<ItemId>,
    touched: BTreeSet<ItemId>,
}

impl StoreStock {
    /// How many items were put in.
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// The database has it as it is.
    pub fn written(&mut self) {
        self.touched.clear();
    }

    /// Whether an item was put in.
    pub fn knows(&self, item: &ItemId) -> bool {
        self.known.contains(item)
    }

    /// Puts an item in, as the database has it; nothing for an item that it does not have.
    pub fn put(&mut self, item: ItemId, record: Option<ItemRecord>) {
        if !self.known.insert(item.clone()) {
            return;
        }
        let Some(record) = record else { return };
        if let Some(on_hand) = record.on_hand {
            self.inventory.on_hand.insert(item.clone(), on_hand);
            self.safety.on_hand.insert(item.clone(), on_hand);
        }
        if let Some(level) = record.level {
            self.safety.levels.insert(item.clone(), level);
        }
        if let Some(since_ms) = record.alert_since_ms {
            self.safety.raised.insert(item.clone());
            self.since_ms.insert(item.clone(), since_ms);
        }
        self.names.insert(item, record.name);
    }

    /// An item is called so.
    pub fn name(&mut self, item: &ItemId, name: &str) {
        if self.names.get(item).is_none_or(|known| known != name) {
            self.names.insert(item.clone(), name.to_owned());
            self.touched.insert(item.clone());
        }
    }

    /// The stock of an item changes.
    pub fn change(&mut self, item: &ItemId, change: &StockChange, wall_ms: i64) {
        let mut effects = Vec::new();
        self.inventory.change(item, change, &mut effects);
        for InventoryEffect::LevelChanged { item, on_hand, .. } in effects {
            self.tell(SafetyStockInput::LevelChanged { item, on_hand }, wall_ms);
        }
        self.touched.insert(item.clone());
    }

    /// Levels are set.
    pub fn set_levels(&mut self, levels: Vec<SafetyStockLevel>, wall_ms: i64) {
        self.touched.extend(levels.iter().map(|level| level.item.clone()));
        self.tell(SafetyStockInput::LevelsSet(levels), wall_ms);
    }

    fn tell(&mut self, input: SafetyStockInput, wall_ms: i64) {
        let mut effects = Vec::new();
        self.safety.step(no_moment(), input, &mut effects);
        for effect in effects {
            let store_core::safety_stock::SafetyStockEffect::Alert { item, .. } = effect;
            if self.safety.raised.contains(&item) {
                self.since_ms.entry(item).or_insert(wall_ms);
            } else {
                self.since_ms.remove(&item);
            }
        }
    }

    /// The items that changed, as the database should have them.
    pub fn touched(&self) -> impl Iterator<Item = (&ItemId, ItemRecord)> {
        self.touched.iter().map(|item| {
            let record = ItemRecord {
                name: self.names.get(item).cloned().unwrap_or_default(),
                on_hand: self.inventory.on_hand.get(item).copied(),
                level: self.safety.levels.get(item).cloned(),
                alert_since_ms: self.since_ms.get(item).copied(),
            };
            (item, record)
        })
    }
}

/// The machines take a moment, and do not look at it.
fn no_moment() -> Now {
    Now {
        wall: Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: false,
    }
}
