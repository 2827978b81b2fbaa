//! The run: stores side by side, the registers of a store side by side, each in file order.

mod answered;
mod deliver;
mod drive;
mod host;
mod progress;
mod report;
#[cfg(test)]
mod tests;
mod trade;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use store_core::{Currency, StoreId};

use super::ReplayError;
use super::agreement::{self, Terms};
use super::client::{AnsweredCommand, LatencySamples, Refused, Repeat, RepeatCounts};
use super::headquarters::{Arrivals, Listening};
use super::plan::{BasketPlan, plan};
use super::stores::StoreJournals;

use answered::Answered;
use drive::{Drive, DrivenStore, Part};
use progress::Progress;
use trade::StoreTrade;

pub use host::{HostError, RunningStore, StoreHost, StoreOpening};
pub use report::{ReplayOutcome, Report};
pub use trade::Trade;

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
    /// What each basket is priced by besides, to see how the price agrees.
    pub promotions: Option<Terms>,
    /// When the replay was asked for.
    pub begun: Instant,
}

/// How trade is sold.
#[derive(Clone, Debug)]
pub struct SellOptions {
    /// Registers in each store; at least one.
    pub registers: usize,
    /// Where each answered completion is noted.
    pub answered: Option<PathBuf>,
    /// Whether commands are repeated, see [`ReplayOptions::repeat`].
    pub repeat: Option<Repeat>,
    /// Whether the stores say what is due, and not the trade: their promotions may lower it.
    pub follows_prices: bool,
    /// When it was asked for.
    pub begun: Instant,
}

/// What selling came to.
#[derive(Debug, Default)]
pub struct Sold {
    /// How long answers took.
    pub latency: LatencySamples,
    /// Every basket that a hub would not take.
    pub refused: Vec<Refused>,
    /// How many commands were repeated, where that was asked for.
    pub repeats: RepeatCounts,
    /// Each store's journal.
    pub journals: BTreeMap<StoreId, PathBuf>,
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
    let trade = Trade::read(&options.catalogue, &options.baskets)?;
    // Before anything is sold: a file that does not hold is said at once.
    let agreement =
        options.promotions.as_ref().map(|terms| agreement::of(&options.catalogue, terms, &trade));
    let agreement = agreement.transpose()?;
    let failed = |source| ReplayError::Headquarters { source };
    let headquarters = host.headquarters();
    let listening = headquarters.map(|hq| hq.listen()).transpose().map_err(failed)?;
    let how = SellOptions {
        registers: options.registers,
        answered: options.answered.clone(),
        repeat: options.repeat,
        follows_prices: false,
        begun: options.begun,
    };
    let arrivals = listening.as_ref().map(Listening::arrivals);
    let mut sold = sell(&trade, &how, host, journals, arrivals)?;
    sold.latency.headquarters = listening.map(Listening::end);
    let at_headquarters = headquarters.map(|hq| hq.read()).transpose().map_err(failed)?;
    let mut outcome = ReplayOutcome {
        refused: std::mem::take(&mut sold.refused),
        repeats: sold.repeats,
        seen_at_headquarters: sold.latency.headquarters.as_ref().map(Vec::len),
        ..ReplayOutcome::default()
    };
    outcome.report.promotions = agreement;
    outcome.compare(&trade, &sold.journals, journals, at_headquarters.as_ref())?;
    outcome.report.set_measured(&sold.latency, options.begun.elapsed());
    outcome.report.write(&options.report)?;
    Ok(outcome)
}

/// Sells every basket of some trade and closes the stores again; those that are linked to
/// headquarters only when it has acknowledged all they have. What is completed meanwhile is noted
/// in the arrivals.
///
/// # Errors
/// Where a store does not open, a register does not answer or headquarters takes nothing.
pub fn sell(
    trade: &Trade,
    how: &SellOptions,
    host: &dyn StoreHost,
    journals: &dyn StoreJournals,
    arrivals: Option<&Arrivals>,
) -> Result<Sold, ReplayError> {
    let answered = Answered::open(how.answered.as_deref())?;
    let progress = Progress::new(trade.baskets(), how.begun);
    let run = Run { trade, how, host, journals, answered, progress, arrivals };
    let driven = run.all()?;
    run.progress.finish();
    let mut sold = Sold::default();
    for (store, mut driven) in driven {
        sold.latency.append(&mut driven.latency);
        sold.refused.extend(driven.refused);
        sold.repeats.add(driven.repeats);
        sold.journals.insert(store, driven.journal);
    }
    Ok(sold)
}

/// Commands to be sent again after a restart, each with the register it was sent from.
type Repeatable = Vec<(usize, AnsweredCommand)>;

struct Run<'a> {
    trade: &'a Trade,
    how: &'a SellOptions,
    host: &'a dyn StoreHost,
    journals: &'a dyn StoreJournals,
    answered: Answered,
    progress: Progress,
    arrivals: Option<&'a Arrivals>,
}

type Driven = BTreeMap<StoreId, DrivenStore>;

impl Run<'_> {
    /// Runs every store, the first of the file first.
    fn all(&self) -> Result<Driven, ReplayError> {
        let trade = &self.trade.stores;
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
                registers: self.how.registers.max(1),
                currency: self.trade.currency(),
                repeat: self.how.repeat,
                follows_prices: self.how.follows_prices,
                answered: &self.answered,
                arrivals: self.arrivals,
                progress: &self.progress,
                must_stop,
            };
            let done = drive.all();
            let is_sold = done.is_ok() && !must_stop.load(Ordering::Relaxed);
            let delivered =
                if is_sold { self.progress.delivered(&trade.store, &*running) } else { Ok(()) };
            let closed = running.close().map_err(host);
            driven.add(done?);
            delivered?;
            closed?;
        }
        Ok(driven)
    }

    /// All baskets in one go; in two where the store is to be stopped in between.
    fn parts(&self, baskets: usize) -> Vec<Part> {
        match self.how.repeat {
            None => vec![Part { number: 0, from: 0, until: baskets, is_last: true }],
            Some(_) => vec![
                Part { number: 0, from: 0, until: baskets / 2, is_last: false },
                Part { number: 1, from: baskets / 2, until: baskets, is_last: true },
            ],
        }
    }

    fn plans(&self, trade: &StoreTrade) -> Result<Vec<BasketPlan>, ReplayError> {
        let currency: Currency = self.trade.currency();
        let planned = trade.baskets.iter().map(|basket| {
            plan(basket, &self.trade.prices, currency).map_err(|source| ReplayError::Plan {
                path: self.trade.path.clone(),
                line: basket.file_line,
                source,
            })
        });
        planned.collect()
    }

    fn opening<'b>(&self, trade: &'b StoreTrade) -> StoreOpening<'b> {
        StoreOpening {
            store: &trade.store,
            currency: self.trade.currency(),
            zone: self.trade.format.zone(),
            registers: self.how.registers.max(1),
            begins: trade.baskets.first().map(|basket| basket.time),
        }
    }
}

/// Takes a lock; a thread that died holding it has already failed the run, and says so itself.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
