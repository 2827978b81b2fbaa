//! How much memory the hub keeps.

use super::markdown::Markdown;
use super::process::Program;
use super::register;
use super::samples::met;
use super::{Scale, year};

/// What it may keep with the items of an ordinary store, in KiB.
const TARGET_KIB: u64 = 64 * 1024;
/// Registers of the store.
const REGISTERS: usize = 8;

/// The table.
pub fn table(scale: &Scale) -> String {
    let mut table = Markdown::new(
        "Resident memory of the hub, MiB",
        &["store", "ready", "after work", "of that its own", "peak", "target"],
    );
    let ordinary = (scale.items, 0, format!("≤ {} MiB", TARGET_KIB / 1024));
    let largest = (scale.items_max, scale.sales, String::new());
    for (items, sales, target) in [ordinary, largest] {
        let dir = year::store(items, sales);
        let hub = Program::hub(&dir, REGISTERS);
        let ready = hub.memory();
        let mut registers = register::open_all_of(&hub, REGISTERS, items);
        for scan in 0..scale.scans {
            let register = &mut registers[scan % REGISTERS];
            register.scan();
            if register.is_full() {
                register.sell();
            }
        }
        let after = hub.memory();
        hub.stop();
        let mib = |kib: u64| format!("{:.1}", kib as f64 / 1024.0);
        let target = if target.is_empty() {
            "—".to_owned()
        } else {
            format!("{target}: {}", met(after.resident <= TARGET_KIB))
        };
        table.row(&[
            &format!("{items} items, {sales} sales"),
            &mib(ready.resident),
            &mib(after.resident),
            &mib(after.anonymous),
            &mib(after.peak),
            &target,
        ]);
    }
    table.note(&format!(
        "Work: {REGISTERS} browsers become registers (their PINs are hashed), then {} scans in \
         baskets of real sizes, which are sold and printed. No promotion is in force.",
        scale.scans,
    ))
}
