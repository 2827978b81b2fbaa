use std::fmt::Write as _;

use service_kit::exit::{self, ExitCode, Failure};

use super::run::not_started;
use crate::settings::Settings;
use crate::store::{Rebuilt, RebuiltStore, StoreError};
use crate::wiring::{self, RUNNING_LOCK, StartError};

/// Makes the projections again, and says what is another now.
pub(super) fn rebuild(settings: &Settings) -> Result<(), Failure> {
    let dir = &settings.data_dir;
    if settings.postgres.is_none() && !dir.join("hq.db").is_file() {
        let text = format!("there is no database in {}", dir.display());
        return Err(Failure::new(ExitCode::NoInput, text)
            .hint("name headquarters' directory with --data-dir, or storage.postgres"));
    }
    let _ours = wiring::lock(settings, RUNNING_LOCK).map_err(|error| not_ours(&error))?;
    let mut store = wiring::open_store(settings).map_err(|error| not_started(&error))?;
    let mut tell = |store: &str, rows: u64| exit::note(&format!("{store}: {rows} rows"));
    let rebuilt = store.rebuild_telling(&mut tell).map_err(|error| failed(&error))?;
    exit::say(&said(&rebuilt))
}

/// Every store is locked until all is done: a headquarters that runs would take nothing in for so
/// long, and its page would show what was there before.
fn not_ours(error: &StartError) -> Failure {
    match error {
        StartError::InUse(dir) => Failure::new(
            ExitCode::TryAgain,
            format!(
                "headquarters runs on {}: it could take nothing in until the rebuild is done",
                dir.display()
            ),
        )
        .hint("stop it first; the stores keep selling and send everything when it is back"),
        error => not_started(error),
    }
}

fn failed(error: &StoreError) -> Failure {
    let code = match error {
        StoreError::Full { .. } => ExitCode::CannotCreate,
        StoreError::Unavailable { .. } => ExitCode::TryAgain,
        _ => ExitCode::InputOutput,
    };
    Failure::because(code, "making the projections again, nothing was changed", error)
}

/// What came of it, a line each.
fn said(rebuilt: &Rebuilt) -> String {
    let all = |count: fn(&RebuiltStore) -> u64| rebuilt.stores.values().map(count).sum::<u64>();
    let (rows, stores) = (all(|store| store.rows), rebuilt.stores.len());
    let mut text = format!("projections made again from {rows} rows of {stores} stores");
    let (again, unreadable) = (all(|store| store.read_again), all(|store| store.unreadable));
    // Writing to a String cannot fail.
    if again > 0 {
        let _ = write!(text, "\n{again} rows were kept aside before and are read now");
    }
    if unreadable > 0 {
        let _ = write!(text, "\n{unreadable} rows cannot be read and stay aside");
    }
    let changed = rebuilt.stores.iter().filter(|(_, store)| store.before != store.now);
    let lines = changed.map(|(id, store)| changed_line(id, store)).collect::<Vec<_>>();
    if lines.is_empty() {
        text.push_str("\nno sum is another");
    }
    for line in lines {
        let _ = write!(text, "\n{line}");
    }
    text
}

/// A store whose sums are others, amounts in minor units.
fn changed_line(id: &str, RebuiltStore { before, now, .. }: &RebuiltStore) -> String {
    let sums = format!(
        "{id}: {} sales with net {} were {} sales with net {}",
        now.transactions, now.net, before.transactions, before.net
    );
    if (before.transactions, before.net) == (now.transactions, now.net) {
        return format!("{sums}; sums by hour, department, tender, reason or promotion are others");
    }
    sums
}
