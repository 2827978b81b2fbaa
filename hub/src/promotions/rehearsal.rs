//! `hub promo rehearse`: what recorded baskets would have cost.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use service_kit::exit::{self, ExitCode, Failure};
use store_core::promotion::evaluate::NODES_MAX;
use store_core::promotion::rehearse::{Rehearsal, RehearsalReport, RehearsedBasket, SetFigures};
use store_core::promotion::set::PromotionSet;
use store_core::{Currency, ItemId, StoreId};

use super::basket;
use super::command::{say, source, sources, together};
use crate::catalogue;
use crate::price::{bad_catalogue, bad_promotions};
use crate::replay::command::failed;
use crate::replay::file::{FileBasket, FileFormat, FileReader};
use crate::settings::Settings;

/// How often it is said how far it has come.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(2);

/// What is rehearsed.
pub(super) struct Asked<'a> {
    pub catalogue: &'a Path,
    pub replay: &'a Path,
    pub before: Option<&'a Path>,
    pub files: &'a [PathBuf],
}

/// A rehearsal as it is printed.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Shown(RehearsalReport);

/// Prices recorded baskets and says what would change.
pub(super) fn rehearse(asked: &Asked, json: bool, settings: &Settings) -> Result<(), Failure> {
    say(&Shown(report(asked, settings)?), json)
}

/// What the baskets come to under the promotions of before and of the files, by the taxes of the
/// settings; every store that sold one is in their regions.
pub(super) fn report(asked: &Asked, settings: &Settings) -> Result<RehearsalReport, Failure> {
    let (baskets, currency) = read(asked.replay)?;
    let catalogue = catalogue::read(asked.catalogue, currency);
    let catalogue = catalogue.map_err(|error| bad_catalogue(&error))?;
    let after = together(&sources(asked.files, currency)?)?;
    let before = match asked.before {
        Some(file) => source(file, currency).map_err(|error| bad_promotions(&error))?.set,
        None => PromotionSet::default(),
    };
    let cost = |item: &ItemId| catalogue.item(item)?.cost();
    let mut rehearsal = Rehearsal::new(currency, &cost, NODES_MAX);
    let mut sets: BTreeMap<StoreId, (PromotionSet, PromotionSet)> = BTreeMap::new();
    let mut said = Instant::now();
    for (basket, done) in baskets.iter().zip(1_usize..) {
        let name = format!("{}/{}", basket.store, basket.key);
        let bad = |reason: &str| {
            let text = format!("{}, line {}: {reason}", asked.replay.display(), basket.file_line);
            Failure::new(ExitCode::BadInput, text)
        };
        let (old, new) = sets.entry(basket.store.clone()).or_insert_with(|| {
            let of_store =
                |set: &PromotionSet| set.for_store(&basket.store, &settings.promotions.regions);
            (of_store(&before), of_store(&after))
        });
        let goods = basket::goods(&basket::bought(basket), &catalogue, &settings.tax);
        let goods = goods.map_err(|reason| bad(&reason))?;
        let rehearsed = RehearsedBasket { name, goods, context: basket::context(basket) };
        let added = rehearsal.add(&rehearsed, old, new);
        added.map_err(|error| bad(&error.to_string()))?;
        if said.elapsed() >= PROGRESS_INTERVAL {
            exit::note(&format!("rehearse: {done} of {} baskets", baskets.len()));
            said = Instant::now();
        }
    }
    rehearsal
        .report()
        .map_err(|error| Failure::because(ExitCode::BadInput, "adding the baskets up", &error))
}

/// All baskets of a file, and what their amounts are in.
fn read(path: &Path) -> Result<(Vec<FileBasket>, Currency), Failure> {
    let mut reader = FileReader::open(path).map_err(|error| failed(&error))?;
    let read = (&mut reader).collect::<Result<Vec<_>, _>>().map_err(|error| failed(&error))?;
    let format = reader.format().unwrap_or(FileFormat::Derived);
    Ok((read, format.currency()))
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RehearsalReport { baskets, changed, before, after, baskets_with_costs, .. } = &self.0;
        write!(f, "{baskets} baskets, {changed} would cost something else")?;
        let average = |figures: &SetFigures| {
            figures.average.map_or("none".to_owned(), |average| average.to_string())
        };
        write!(f, "\naverage basket {} before, {} after", average(before), average(after))?;
        write!(f, "\ntotal {} before, {} after", before.total, after.total)?;
        match (before.margin, after.margin, before.below_cost, after.below_cost) {
            (Some(old), Some(new), Some(old_below), Some(new_below)) => {
                write!(f, "\nmargin {old} before, {new} after, of {baskets_with_costs} baskets ")?;
                write!(f, "whose costs are all known")?;
                write!(f, "\nbelow cost {old_below} baskets before, {new_below} after")?;
            }
            _ => write!(f, "\nmargin not known: no basket has the cost of all its goods")?,
        }
        for change in &self.0.changes {
            let ids: Vec<&str> = change.promotions.iter().map(|id| id.as_str()).collect();
            let by = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
            write!(f, "\nchange {}, by {by}", change.text.en)?;
        }
        for used in &self.0.promotions {
            let (id, baskets, amount) = (&used.promotion, used.baskets, used.amount);
            write!(f, "\npromotion {id}: {amount} off in {baskets} baskets")?;
        }
        for basket in &self.0.unproven {
            write!(f, "\nnot proven best: {basket}")?;
        }
        Ok(())
    }
}
