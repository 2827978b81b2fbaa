//! What a hub takes up again: the registers, the stock, the receipts that wait.

use std::collections::BTreeMap;
use std::sync::Arc;

use store_actors::{AlertEntry, LeftPapers, paper_of, translate};
use store_core::day::DayState;
use store_core::inventory::InventoryMachine;
use store_core::register::{RegisterState, SignedOn};
use store_core::safety_stock::SafetyStockMachine;
use store_core::till::Till;
use store_core::{Quantity, TransactionNumber, Unit, WorkstationId};
use store_journal::{LedgerReads as _, PrintState, ReadError, Reader, RegisterRecord};

use crate::access::Access;

/// What the journal's tables say at the start.
pub struct Resumed {
    registers: BTreeMap<WorkstationId, RegisterRecord>,
    drafts: BTreeMap<WorkstationId, String>,
    tills: BTreeMap<WorkstationId, Till>,
    /// The store's business day.
    pub day: DayState,
    /// The stock.
    pub inventory: InventoryMachine,
    /// The levels and alerts.
    pub safety_stock: SafetyStockMachine,
    /// The alerts that are up, as screens show them.
    pub alerts: Vec<AlertEntry>,
    /// The papers that were left, oldest first.
    pub papers: LeftPapers,
}

impl Resumed {
    /// Reads the tables.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn read(reader: &Reader, workstations: &[WorkstationId]) -> Result<Self, ReadError> {
        let tills = workstations.iter().map(|at| Ok((at.clone(), reader.till(at)?)));
        let tills = tills.collect::<Result<_, ReadError>>()?;
        let day = translate::day(reader, workstations.iter().cloned())?;
        let registers = reader.registers()?.into_iter();
        let drafts = reader.drafts()?.into_iter();
        let inventory = reader.inventory()?;
        let levels = reader.safety_stock_levels()?.into_iter();
        let raised = reader.stock_alerts()?;
        // The stock of every item that ever moved is read once and shared by both machines.
        let safety_stock = SafetyStockMachine {
            levels: levels.map(|level| (level.item.clone(), level)).collect(),
            on_hand: inventory.on_hand.clone(),
            raised: raised.iter().map(|alert| alert.item.clone()).collect(),
        };
        let alerts = raised.into_iter().map(|alert| AlertEntry {
            on_hand: inventory
                .on_hand
                .get(&alert.item)
                .copied()
                .unwrap_or(Quantity::zero(Unit::Piece)),
            item: alert.item,
            is_raised: true,
            since_ms: alert.since_wall_ms,
        });
        let jobs = reader.print_jobs_open()?;
        let left = |state| {
            let left = jobs.iter().filter(move |job| job.state == state);
            left.map(paper_of).collect()
        };
        Ok(Self {
            registers: registers.map(|record| (record.workstation.clone(), record)).collect(),
            drafts: drafts.map(|draft| (draft.workstation, draft.body)).collect(),
            tills,
            day,
            safety_stock,
            alerts: alerts.collect(),
            papers: LeftPapers {
                queued: left(PrintState::Queued),
                unknown: left(PrintState::Unknown),
            },
            inventory,
        })
    }

    /// What one register takes up again.
    #[must_use]
    pub fn register(&self, workstation: &WorkstationId, access: &Access) -> RegisterState {
        let record = self.registers.get(workstation);
        let operator = record.and_then(|record| record.operator.clone());
        let signed_on = operator.map(|operator| SignedOn {
            name: access.name(&operator).unwrap_or_else(|| Arc::from(operator.as_str())),
            operator,
        });
        RegisterState {
            signed_on,
            draft: self.drafts.get(workstation).cloned(),
            last_number: record.map_or(TransactionNumber(0), |record| record.last_number),
            till: self.tills.get(workstation).cloned().unwrap_or_default(),
        }
    }
}
