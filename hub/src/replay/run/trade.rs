use std::collections::HashMap;
use std::path::{Path, PathBuf};

use store_core::{Currency, StoreId};

use crate::replay::ReplayError;
use crate::replay::catalogue::PriceList;
use crate::replay::file::{FileBasket, FileFormat, FileReader};

/// The baskets of one store, in file order.
#[derive(Clone, Debug)]
pub(in crate::replay) struct StoreTrade {
    pub store: StoreId,
    pub baskets: Vec<FileBasket>,
}

/// What is to be sold, store by store, the first of the file first.
#[derive(Clone, Debug)]
pub struct Trade {
    pub(in crate::replay) path: PathBuf,
    pub(in crate::replay) format: FileFormat,
    pub(in crate::replay) prices: PriceList,
    pub(in crate::replay) stores: Vec<StoreTrade>,
}

impl Trade {
    /// Reads a file of baskets and the price list that they were sold by.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn read(catalogue: &Path, baskets: &Path) -> Result<Self, ReplayError> {
        let prices = PriceList::open(catalogue)?;
        let mut reader = FileReader::open(baskets)?;
        let read = (&mut reader).collect::<Result<Vec<_>, _>>()?;
        // A file without baskets has no format; then nothing depends on it.
        let format = reader.format().unwrap_or(FileFormat::Derived);
        Ok(Self::new(baskets, format, prices, read))
    }

    /// Baskets that were read already; the path is what an error names.
    #[must_use]
    pub fn new(
        path: &Path,
        format: FileFormat,
        prices: PriceList,
        baskets: Vec<FileBasket>,
    ) -> Self {
        let mut stores: Vec<StoreTrade> = Vec::new();
        let mut places: HashMap<StoreId, usize> = HashMap::new();
        for basket in baskets {
            let place = *places.entry(basket.store.clone()).or_insert_with(|| {
                stores.push(StoreTrade { store: basket.store.clone(), baskets: Vec::new() });
                stores.len() - 1
            });
            if let Some(store) = stores.get_mut(place) {
                store.baskets.push(basket);
            }
        }
        Self { path: path.to_owned(), format, prices, stores }
    }

    /// The currency of its amounts.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.format.currency()
    }

    /// How many baskets there are.
    pub(super) fn baskets(&self) -> u64 {
        self.stores.iter().map(|store| store.baskets.len() as u64).sum()
    }
}
