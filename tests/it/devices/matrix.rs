//! Every device with every fault of its cable: the sale goes on, the state is shown, the device
//! works again by itself.

use std::time::{Duration, Instant};

use devices::simulated::{Fault, Plug};
use store_core::TransactionId;

use super::counter::Counter;
use super::{wait_for, wait_within};

/// What is aimed at; the table shows it beside what was measured. It is no limit, because the
/// machine that tests run on has more to do than a store's.
const NOTICED_GOAL_MS: u128 = 1_000;
const WELL_GOAL_MS: u128 = 2_000;
/// The limits: what takes longer hangs.
const NOTICED_MAX: Duration = Duration::from_secs(15);
const WELL_MAX: Duration = Duration::from_secs(30);

/// What is done to a cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cable {
    /// Something is wrong with it for a while.
    Is(Fault),
    /// It is pulled out and put in again: the system gives the line another name.
    Replugged,
}

impl Cable {
    pub const ALL: [Self; 7] = [
        Self::Is(Fault::Unplugged),
        Self::Replugged,
        Self::Is(Fault::Hangs),
        Self::Is(Fault::Garbage),
        Self::Is(Fault::HalfFrames),
        Self::Is(Fault::Slow),
        Self::Is(Fault::WrongSettings),
    ];

    pub fn damage(self, plug: &Plug) {
        match self {
            Self::Is(fault) => plug.set_fault(fault),
            Self::Replugged => plug.replug(),
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::Is(fault) => format!("{fault:?}"),
            Self::Replugged => "Replugged".to_owned(),
        }
    }
}

/// A device on its way through all of them.
pub trait Tried {
    fn id(&self) -> &'static str;

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug;

    /// Whether this can be noticed: a display never answers, and a scanner says nothing while
    /// nobody scans.
    fn is_noticeable(&self, cable: Cable) -> bool;

    /// Uses it while its cable is damaged, as somebody does who has not noticed.
    fn use_in_vain(&mut self, _: &Counter) {}

    /// What is to hold of the sales that were made meanwhile; else their receipts are out, for
    /// the other devices have nothing to do with it.
    fn others_work(&mut self, counter: &Counter, [first, second]: [TransactionId; 2]) {
        for (sale, printer) in [(first, "front"), (second, "back")] {
            assert_eq!(counter.wait_until_printed(sale).0.as_str(), printer);
        }
    }

    /// What hangs on it, and is shown as it is.
    fn hangs_on(&self) -> Option<&'static str> {
        None
    }

    /// Waits until it has done something that it can only do when it is well.
    fn work(&mut self, counter: &Counter);
}

/// One line of the table.
pub struct Row {
    pub device: &'static str,
    pub cable: String,
    pub noticed: Option<Duration>,
    pub shown: String,
    pub sale: Duration,
    pub well: Duration,
}

impl Row {
    pub fn print_all(rows: &[Self]) {
        println!(
            "device    fault          noticed (goal {NOTICED_GOAL_MS} ms)  shown             \
             sale      well again (goal {WELL_GOAL_MS} ms)"
        );
        for row in rows {
            let (noticed, is_late) = match row.noticed {
                Some(noticed) => {
                    (format!("{} ms", noticed.as_millis()), noticed.as_millis() > NOTICED_GOAL_MS)
                }
                None => ("not waited".to_owned(), false),
            };
            let is_slow = row.well.as_millis() > WELL_GOAL_MS;
            println!(
                "{:<9} {:<14} {noticed:>10}{:<13} {:<17} {:>5} ms  {:>6} ms{}",
                row.device,
                row.cable,
                if is_late { " late" } else { "" },
                row.shown,
                row.sale.as_millis(),
                row.well.as_millis(),
                if is_slow { " late" } else { "" },
            );
        }
    }
}

/// Tries a device with every fault, and prints the table.
pub fn run(tried: &mut impl Tried, counter: &Counter) {
    tried.work(counter);
    let rows = Cable::ALL.map(|cable| cell(tried, counter, cable));
    Row::print_all(&rows);
}

fn cell(tried: &mut impl Tried, counter: &Counter, cable: Cable) -> Row {
    let device = tried.id();
    wait_for("it is ready", || counter.condition(device) == "ready");
    let plug = tried.plug(counter);
    let began = Instant::now();
    cable.damage(plug);
    tried.use_in_vain(counter);
    let (early, one) = counter.sell();
    let noticed = tried.is_noticeable(cable).then(|| {
        let is_noticed = || counter.condition(device) != "ready";
        let noticed = wait_within(NOTICED_MAX, is_noticed);
        assert!(noticed.is_some(), "{device} {cable:?}: nobody is told");
        let noticed = began.elapsed();
        if let Some(other) = tried.hangs_on() {
            let is_gone = |it: &str| ["absent", "silent"].contains(&it);
            let agree =
                || is_gone(&counter.condition(other)) == is_gone(&counter.condition(device));
            wait_for("what hangs on it is shown as it is", agree);
        }
        noticed
    });
    let shown = counter.condition(device);
    let (late, other) = counter.sell();
    tried.others_work(counter, early);
    tried.others_work(counter, late);
    let mended = Instant::now();
    plug.set_fault(Fault::None);
    tried.work(counter);
    let well = mended.elapsed();
    assert!(well < WELL_MAX, "{device} {cable:?}: well again after {well:?}");
    for shown in [Some(device), tried.hangs_on()].into_iter().flatten() {
        wait_for("it is shown to be well", || counter.condition(shown) == "ready");
    }
    Row { device, cable: cable.name(), noticed, shown, sale: one.max(other), well }
}
