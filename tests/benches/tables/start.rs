//! How long a store waits for its hub.

use std::path::Path;
use std::time::Duration;

use super::markdown::Markdown;
use super::process::{self, Program};
use super::register::{self, Register};
use super::samples::{met, ms, percentile};
use super::{Scale, year};
use crate::support;

/// The longest wait.
const TARGET: Duration = Duration::from_secs(1);
/// Registers of the store.
const REGISTERS: usize = 8;
/// Lines of the basket that is open when the power goes.
const LINES_OPEN: usize = 3;

/// The table.
pub fn table(scale: &Scale) -> String {
    let mut table = Markdown::new(
        "From the start of the process to the first good answer of `/readyz`, ms",
        &["store", "start", "median", "slowest", "target"],
    );
    let fresh = support::temp_dir("start");
    let stores = [
        ("demonstration, no sale yet".to_owned(), fresh.path().to_owned(), scale.items),
        (format!("{} items", scale.items), year::store(scale.items, 0), scale.items),
        (
            format!("{} items, {} sales", scale.items_max, scale.sales),
            year::store(scale.items_max, scale.sales),
            scale.items_max,
        ),
    ];
    for (index, (name, dir, items)) in stores.iter().enumerate() {
        let sells = index > 0;
        for (kind, samples) in starts(dir, *items, sells, scale.starts) {
            let (median, slowest) = (percentile(&samples, 50), percentile(&samples, 100));
            let target = format!("≤ {} s: {}", TARGET.as_secs(), met(median <= TARGET));
            table.row(&[name, kind, &ms(median), &ms(slowest), &target]);
        }
    }
    table.note(&format!(
        "The hub's own program, {REGISTERS} registers, {} starts of each kind in turn. \
         Cold: the system had forgotten every file of the data directory. SIGKILL: after a sale, \
         with a basket of {LINES_OPEN} lines open, which is there again. The journal's verified \
         mark is present.",
        scale.starts,
    ))
}

type Kinds = Vec<(&'static str, Vec<Duration>)>;

fn starts(dir: &Path, items: usize, sells: bool, rounds: usize) -> Kinds {
    // Not counted: it makes what a new store has not got yet.
    let first = Program::hub(dir, REGISTERS);
    let mut register = sells.then(|| register::open_one(&first, items));
    first.stop();
    let (mut warm, mut cold, mut killed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let hub = Program::hub(dir, REGISTERS);
        warm.push(hub.ready_after);
        if let Some(register) = &mut register {
            sell_and_open(register, &hub);
        }
        hub.kill();
        let hub = Program::hub(dir, REGISTERS);
        killed.push(hub.ready_after);
        if let Some(register) = &mut register {
            register.move_to(&hub.url);
            let lines = register.view()["basket"]["lines"].as_array().map_or(0, Vec::len);
            assert!(lines + 1 >= LINES_OPEN, "a power cut costs at most one scan");
        }
        hub.stop();
        process::forget_files(dir);
        let hub = Program::hub(dir, REGISTERS);
        cold.push(hub.ready_after);
        hub.stop();
    }
    vec![("after an orderly stop", warm), ("cold", cold), ("after SIGKILL", killed)]
}

fn sell_and_open(register: &mut Register, hub: &Program) {
    register.move_to(&hub.url);
    register.adopt();
    register.scan();
    register.sell();
    for _ in 0..LINES_OPEN {
        register.scan();
    }
}
