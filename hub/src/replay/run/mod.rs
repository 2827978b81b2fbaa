//! The run: stores side by side, the registers of a store side by side, each in file order.

mod answered;
mod drive;
mod host;
mod progress;
mod report;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use store_core::{Currency, StoreId};

use super::ReplayError;
use super::catalogue::PriceList;
use super::client::{AnsweredCommand, LatencySamples, Repeat};
use super::file::{FileBasket, FileFormat, FileReader};
use super::plan::{BasketPlan, plan};
use super::stores::StoreJournals;

use answered::Answered;
use drive::{Drive, DrivenStore, Part};
use progress::Progress;

pub use host::{HostError, RunningStore, StoreHost, StoreOpening};
pub use report::{ReplayOutcome, Report};

/// Most stores open at once; one that has sold its baskets is closed and makes room for the next.
/// A hub keeps about thirty files open (database, sockets of its registers and its workers);
/// sixteen of them stay well below the usual limit of 1,024.
const STORES_OPEN_MAX: usize = 16;

/// What to replay.
#[derive(Clone, Debug)]
pub struct ReplayOptions {
    /// The catalogue that the stores sell by.
    pub catalogue: PathBuf,
    /// The baskets, plain or compressed.
    pub baskets: PathBuf,
    /// Where the report goes.
    pub report: PathBuf,
    /// Registers in each store; at least one.
    pub registers: usize,
    /// Where each answered completion is noted.
    pub answered: Option<PathBuf>,
    /// Whether commands are repeated, at once and after each store was stopped in the middle of
    /// its baskets and started again: nothing may come of that.
    pub repeat: Option<Repeat>,
    /// When the replay was asked for.
    pub begun: Instant,
}

/// The baskets of one store, in file order.
struct StoreTrade {
    store: StoreId,
    baskets: Vec<FileBasket>,
}

/// Replays a file and writes the report.
///
/// # Errors
/// Where the files cannot be read or written, a store does not open or a register does not
/// answer. Sums that differ and baskets that were refused are no errors: the outcome tells them.
pub fn replay(
    options: &ReplayOptions,
    host: &dyn StoreHost,
    journals: &dyn StoreJournals,
) -> Result<ReplayOutcome, ReplayError> {
    let prices = PriceList::open(&options.catalogue)?;
    let (format, trade) = read(options)?;
    let answered = Answered::open(options.answered.as_deref())?;
    let baskets = trade.iter().map(|store| store.baskets.len() as u64).sum();
    let progress = Progress::new(baskets, options.begun);
    let run = Run { options, host, journals, format, prices: &prices, answered, progress };
    let driven = run.all(&trade)?;
    run.progress.finish();
    let mut latency = LatencySamples::default();
    let mut outcome = ReplayOutcome::default();
    let mut places = BTreeMap::new();
    for (store, mut driven) in driven {
        latency.append(&mut driven.latency);
        outcome.refused.extend(driven.refused);
        outcome.repeats.add(driven.repeats);
        places.insert(store, driven.journal);
    }
    outcome.compare(&trade, &prices, &places, journals)?;
    outcome.report.set_measured(&latency, options.begun.elapsed());
    outcome.report.write(&options.report)?;
    Ok(outcome)
}

/// Commands to be sent again after a restart, each with the register it was sent from.
type Repeatable = Vec<(usize, AnsweredCommand)>;

fn read(options: &ReplayOptions) -> Result<(FileFormat, Vec<StoreTrade>), ReplayError> {
    let mut reader = FileReader::open(&options.baskets)?;
    let mut trade: Vec<StoreTrade> = Vec::new();
    let mut places: HashMap<StoreId, usize> = HashMap::new();
    for basket in &mut reader {
        let basket = basket?;
        let place = *places.entry(basket.store.clone()).or_insert_with(|| {
            trade.push(StoreTrade { store: basket.store.clone(), baskets: Vec::new() });
            trade.len() - 1
        });
        if let Some(store) = trade.get_mut(place) {
            store.baskets.push(basket);
        }
    }
    // A file without baskets has no format; then nothing depends on it.
    Ok((reader.format().unwrap_or(FileFormat::Derived), trade))
}

struct Run<'a> {
    options: &'a ReplayOptions,
    host: &'a dyn StoreHost,
    journals: &'a dyn StoreJournals,
    format: FileFormat,
    prices: &'a PriceList,
    answered: Answered,
    progress: Progress,
}

type Driven = BTreeMap<StoreId, DrivenStore>;

impl Run<'_> {
    /// Runs every store, the first of the file first.
    fn all(&self, trade: &[StoreTrade]) -> Result<Driven, ReplayError> {
        let waiting = Mutex::new(trade.iter().collect::<VecDeque<_>>());
        let results = Mutex::new(Vec::new());
        let must_stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..self.stores_open_max(trade.len()) {
                scope.spawn(|| {
                    while !must_stop.load(Ordering::Relaxed) {
                        let Some(store) = locked(&waiting).pop_front() else {
                            return;
                        };
                        let result = self.store(store, &must_stop);
                        if result.is_err() {
                            must_stop.store(true, Ordering::Relaxed);
                        }
                        locked(&results).push((store.store.clone(), result));
                    }
                });
            }
        });
        let results = std::mem::take(&mut *locked(&results));
        results.into_iter().map(|(store, result)| Ok((store, result?))).collect()
    }

    fn stores_open_max(&self, stores: usize) -> usize {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        (2 * processors).min(STORES_OPEN_MAX).min(stores)
    }

    fn store(
        &self,
        trade: &StoreTrade,
        must_stop: &AtomicBool,
    ) -> Result<DrivenStore, ReplayError> {
        let plans = self.plans(trade)?;
        let mut driven = DrivenStore::default();
        for part in self.parts(plans.len()) {
            let host = |source| ReplayError::Host { store: trade.store.clone(), source };
            let running = self.host.open(&self.opening(trade)).map_err(host)?;
            let drive = Drive {
                store: &trade.store,
                running: &*running,
                journals: self.journals,
                plans: &plans,
                part,
                earlier: std::mem::take(&mut driven.repeatable),
                registers: self.options.registers.max(1),
                currency: self.format.currency(),
                repeat: self.options.repeat,
                answered: &self.answered,
                progress: &self.progress,
                must_stop,
            };
            let done = drive.all();
            let closed = running.close().map_err(host);
            driven.add(done?);
            closed?;
        }
        Ok(driven)
    }

    /// All baskets in one go; in two where the store is to be stopped in between.
    fn parts(&self, baskets: usize) -> Vec<Part> {
        match self.options.repeat {
            None => vec![Part { number: 0, from: 0, until: baskets, is_last: true }],
            Some(_) => vec![
                Part { number: 0, from: 0, until: baskets / 2, is_last: false },
                Part { number: 1, from: baskets / 2, until: baskets, is_last: true },
            ],
        }
    }

    fn plans(&self, trade: &StoreTrade) -> Result<Vec<BasketPlan>, ReplayError> {
        let currency: Currency = self.format.currency();
        let planned = trade.baskets.iter().map(|basket| {
            plan(basket, self.prices, currency).map_err(|source| ReplayError::Plan {
                path: self.options.baskets.clone(),
                line: basket.file_line,
                source,
            })
        });
        planned.collect()
    }

    fn opening<'b>(&self, trade: &'b StoreTrade) -> StoreOpening<'b> {
        StoreOpening {
            store: &trade.store,
            currency: self.format.currency(),
            zone: self.format.zone(),
            registers: self.options.registers.max(1),
            begins: trade.baskets.first().map(|basket| basket.time),
        }
    }
}

/// Takes a lock; a thread that died holding it has already failed the run, and says so itself.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
