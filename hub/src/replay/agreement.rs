//! Recorded baskets priced by recorded promotions: how often the engine comes to what was booked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use store_core::StoreId;
use store_core::catalogue::Catalogue;
use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::set::PromotionSet;

use super::ReplayError;
use super::file::FileBasket;
use super::run::Trade;
use crate::promotions::{basket, offered};
use crate::settings::Settings;

/// Most baskets that are named as not proven to be priced best.
const UNPROVEN_MAX: usize = 100;

/// What recorded baskets are priced by besides.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The file of promotions, or of recorded facts.
    pub promotions: PathBuf,
    /// Whose taxes; every store of the baskets is in their regions.
    pub settings: Arc<Settings>,
}

/// How often the engine's price is the one that was booked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Facts in the file that change no price.
    pub features: u64,
    /// Lines with a quantity.
    pub lines: u64,
    /// Of them, those that come to `net` and `match` to the cent.
    pub agree: u64,
    /// Lines with a discount.
    pub discounted: u64,
    /// Of them, those that come to `net` and `match` to the cent.
    pub discounted_agree: u64,
    /// Baskets that were priced.
    pub baskets: u64,
    /// Of them, those whose price is proven to be the best.
    pub optimal: u64,
    /// The others: `store/basket`, up to a hundred.
    pub unproven: Vec<String>,
    /// Baskets that could not be priced, with why.
    pub failed: Vec<String>,
}

impl Agreement {
    /// What it comes to in a few lines.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let Self { lines, agree, discounted, discounted_agree, baskets, optimal, .. } = self;
        let mut said = vec![
            format!("promotions: {agree} of {lines} lines agree ({})", share(*agree, *lines)),
            format!(
                "promotions: {discounted_agree} of {discounted} discounted lines agree ({})",
                share(*discounted_agree, *discounted)
            ),
            format!("promotions: {optimal} of {baskets} baskets are proven best"),
        ];
        said.extend(self.unproven.iter().map(|basket| format!("promotions: not proven: {basket}")));
        said.extend(self.failed.iter().map(|basket| format!("promotions: not priced: {basket}")));
        said
    }
}

/// A share in percent with two decimals, rounded down: nothing is called better than it is.
fn share(part: u64, whole: u64) -> String {
    let hundredths = part.saturating_mul(10_000).checked_div(whole).unwrap_or_default();
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Prices all of some trade by the promotions of a file.
///
/// # Errors
/// Where the catalogue or the promotions do not hold.
pub fn of(catalogue: &Path, terms: &Terms, trade: &Trade) -> Result<Agreement, ReplayError> {
    let currency = trade.currency();
    let catalogue = crate::catalogue::read(catalogue, currency)?;
    let offered = offered(&terms.promotions, currency)?;
    let mut repricer = Repricer::new(&offered.set, &catalogue, &terms.settings);
    let mut agreement = Agreement { features: offered.features, ..Agreement::default() };
    for basket in trade.stores.iter().flat_map(|store| &store.baskets) {
        repricer.price(basket, &mut agreement);
    }
    Ok(agreement)
}

/// Prices baskets by the promotions of their own stores.
pub struct Repricer<'a> {
    set: &'a PromotionSet,
    catalogue: &'a Catalogue,
    settings: &'a Settings,
    sets: BTreeMap<StoreId, Arc<PromotionSet>>,
}

impl<'a> Repricer<'a> {
    /// For the baskets of one chain.
    #[must_use]
    pub const fn new(
        set: &'a PromotionSet,
        catalogue: &'a Catalogue,
        settings: &'a Settings,
    ) -> Self {
        Self { set, catalogue, settings, sets: BTreeMap::new() }
    }

    /// Prices one basket at its recorded shelf amounts and counts how it agrees.
    pub fn price(&mut self, basket: &FileBasket, agreement: &mut Agreement) {
        agreement.baskets += 1;
        let name = || format!("{}/{}", basket.store, basket.key);
        let of_store = || self.set.for_store(&basket.store, &self.settings.promotions.regions);
        let set = self.sets.entry(basket.store.clone());
        let set = set.or_insert_with(|| Arc::new(of_store())).clone();
        let lines = basket::bought(basket);
        let goods = match basket::goods(&lines, self.catalogue, &self.settings.tax) {
            Ok(goods) => goods,
            Err(reason) => return agreement.failed.push(format!("{}: {reason}", name())),
        };
        let outcome = match evaluate(&set, &goods, &basket::context(basket), NODES_MAX) {
            Ok(outcome) => outcome,
            Err(error) => return agreement.failed.push(format!("{}: {error}", name())),
        };
        let mut nets = vec![0_i64; lines.len()];
        for unit in &outcome.units {
            if let Some(net) = nets.get_mut(unit.line) {
                *net += unit.net;
            }
        }
        for (line, net) in lines.iter().zip(nets) {
            let agrees = u64::from(net == line.net + line.matched);
            agreement.lines += 1;
            agreement.agree += agrees;
            if line.disc > 0 {
                agreement.discounted += 1;
                agreement.discounted_agree += agrees;
            }
        }
        if outcome.certificate.is_optimal {
            agreement.optimal += 1;
        } else if agreement.unproven.len() < UNPROVEN_MAX {
            agreement.unproven.push(name());
        }
    }
}
