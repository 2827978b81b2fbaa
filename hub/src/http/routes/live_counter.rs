//! What stands on a register's counter, as its screen hears of it: scans and weights.

use std::future::pending;

use store_core::WorkstationId;
use store_core::device::register_number;
use tokio::sync::{broadcast, watch};

use crate::access::Session;
use crate::peripherals::{Peripherals, ScaleView, ScanHeard};
use crate::store::Store;

/// What was heard.
pub(super) enum Heard {
    /// A scanner read a code.
    Scan(ScanHeard),
    /// The scale shows something else.
    Scale(ScaleView),
}

/// The devices of a register; none where the browser is not one.
pub(super) struct Counter {
    peripherals: Peripherals,
    workstation: Option<WorkstationId>,
    scans: broadcast::Receiver<ScanHeard>,
    scale: Option<watch::Receiver<ScaleView>>,
    shown: Option<ScaleView>,
    /// Of which devices.
    generation: u64,
}

impl Counter {
    pub(super) fn of(store: &Store, session: &Session) -> Self {
        let peripherals = store.peripherals.clone();
        let scans = peripherals.scans();
        let workstation = session.workstation.clone();
        let (scale, shown, generation) = (None, None, 0);
        let mut counter = Self { peripherals, workstation, scans, scale, shown, generation };
        counter.look();
        counter
    }

    /// Finds the scale again where the devices are others now.
    pub(super) fn look(&mut self) {
        let now = self.peripherals.generation();
        if self.generation != now {
            self.generation = now;
            let workstation = self.workstation.as_ref();
            let scale = workstation.and_then(|at| self.peripherals.scale_of(at));
            self.scale = scale.map(|scale| scale.view);
        }
    }

    /// The next that is heard; never, where there is nothing to hear.
    pub(super) async fn heard(&mut self) -> Heard {
        let Self { workstation: Some(workstation), scans, scale, shown, .. } = self else {
            return pending().await;
        };
        tokio::select! {
            scan = next_scan(scans, workstation) => Heard::Scan(scan),
            view = next_view(scale, shown) => Heard::Scale(view),
        }
    }
}

/// The next scan for a register.
pub(super) async fn next_scan(
    scans: &mut broadcast::Receiver<ScanHeard>,
    workstation: &WorkstationId,
) -> ScanHeard {
    let number = register_number(workstation);
    loop {
        match scans.recv().await {
            Ok(scan) if scan.registers.is_empty() => return scan,
            Ok(scan) if number.is_some_and(|it| scan.registers.contains(&it)) => return scan,
            // A page that was that slow shows too few goods, and its cashier scans them again.
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return pending().await,
        }
    }
}

async fn next_view(
    scale: &mut Option<watch::Receiver<ScaleView>>,
    shown: &mut Option<ScaleView>,
) -> ScaleView {
    while let Some(view) = scale {
        let now = view.borrow_and_update().clone();
        if shown.as_ref() != Some(&now) {
            *shown = Some(now.clone());
            return now;
        }
        if view.changed().await.is_err() {
            // It was taken out of the settings.
            break;
        }
    }
    pending().await
}
