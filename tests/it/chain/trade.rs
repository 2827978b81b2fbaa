//! Customers without end: an invented day of everything odd, over and over.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hub::replay::catalogue::PriceList;
use hub::replay::file::{FileBasket, FileFormat, FileReader};
use hub::replay::plan::{BasketPlan, plan};
use store_core::{Currency, StoreId};

use crate::replay::invented::{LINKED_STORES, invent};

/// Longer baskets take their time and show nothing more.
const LINES_MAX: usize = 4;

/// What customers come with.
#[derive(Clone)]
pub struct Trade(Arc<Baskets>);

struct Baskets {
    catalogue: PathBuf,
    prices: PriceList,
    baskets: Vec<FileBasket>,
    next: AtomicUsize,
}

impl Trade {
    /// Invents it, with its files in this directory.
    pub fn invented(seed: u64, directory: &Path) -> Self {
        let invented = invent(seed, false, LINKED_STORES);
        let (catalogue, file) = (directory.join("catalogue.csv"), directory.join("baskets.jsonl"));
        std::fs::write(&catalogue, &invented.catalogue).unwrap();
        std::fs::write(&file, &invented.baskets).unwrap();
        Self::of_file(catalogue, &file, LINES_MAX)
    }

    /// That of a file; what is longer is left out.
    pub fn of_file(catalogue: PathBuf, baskets: &Path, lines_max: usize) -> Self {
        let prices = PriceList::open(&catalogue).unwrap();
        let baskets = FileReader::open(baskets).unwrap().map(Result::unwrap);
        let baskets: Vec<_> = baskets.filter(|it| it.lines.len() <= lines_max).collect();
        assert!(baskets.len() > 20, "{} baskets", baskets.len());
        Self(Arc::new(Baskets { catalogue, prices, baskets, next: AtomicUsize::new(0) }))
    }

    pub fn catalogue(&self) -> &Path {
        &self.0.catalogue
    }

    pub const fn currency() -> Currency {
        FileFormat::Derived.currency()
    }

    pub const fn zone() -> &'static str {
        FileFormat::Derived.zone()
    }

    /// Baskets once through the day.
    pub fn day(&self) -> usize {
        self.0.baskets.len()
    }

    /// The next customer of a store: no two have one basket.
    pub fn next(&self, store: &StoreId) -> BasketPlan {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let mut basket = self.0.baskets[number % self.0.baskets.len()].clone();
        basket.store = store.clone();
        basket.key = format!("{number}");
        plan(&basket, &self.0.prices, Self::currency()).unwrap()
    }
}
