use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::Number;
use store_core::{StoreId, TransactionId};

use super::Trade;
use crate::replay::ReplayError;
use crate::replay::agreement::Agreement;
use crate::replay::client::{LatencyReport, LatencySamples, Refused, RepeatCounts};
use crate::replay::headquarters::HeadquartersTrade;
use crate::replay::plan::transaction_id;
use crate::replay::stores::{JournalTrade, StoreJournals};
use crate::replay::totals::{Side, Totals};

/// What `--report` holds.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What the file comes to.
    pub input: Totals,
    /// What each store's journal comes to.
    pub stores: BTreeMap<String, Totals>,
    /// What headquarters says that all stores come to, where they are linked to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hq: Option<Totals>,
    /// How often the engine, given promotions, comes to what was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotions: Option<Agreement>,
    /// Baskets of the file that the journals lack, or headquarters does.
    pub lost: u64,
    /// Transactions that the journals, or headquarters, have more than once.
    pub doubled: u64,
    /// How long answers took.
    pub latency_ms: LatencyReport,
    /// How long the run took, in seconds.
    pub wall_s: Option<Number>,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            input: Totals::default(),
            stores: BTreeMap::new(),
            hq: None,
            promotions: None,
            lost: 0,
            doubled: 0,
            latency_ms: LatencySamples::default().report(),
            wall_s: None,
        }
    }
}

impl Report {
    pub(super) fn set_measured(&mut self, latency: &LatencySamples, wall: Duration) {
        self.latency_ms = latency.report();
        let wall_ms = u64::try_from(wall.as_millis()).unwrap_or(u64::MAX);
        self.wall_s = crate::replay::client::thousandths(wall_ms);
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), ReplayError> {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        fs::write(path, text).map_err(|source| ReplayError::Write { path: path.to_owned(), source })
    }
}

/// What a replay came to.
#[derive(Clone, Debug, Default)]
pub struct ReplayOutcome {
    /// The report as it was written.
    pub report: Report,
    /// Every sum in which the input and the stores, or headquarters, differ, one sentence each.
    pub differences: Vec<String>,
    /// Every basket that a hub would not take.
    pub refused: Vec<Refused>,
    /// How many commands were repeated, where that was asked for.
    pub repeats: RepeatCounts,
    /// How many sales were seen on headquarters' live page, which `hq_p50` and `hq_p99` are of.
    pub seen_at_headquarters: Option<usize>,
}

impl ReplayOutcome {
    /// Whether the stores, and headquarters where there is one, hold exactly what the input says,
    /// each basket once.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        let counts = (self.report.lost, self.report.doubled);
        self.differences.is_empty() && self.refused.is_empty() && counts == (0, 0)
    }

    /// The exit code of the process: 0 only where everything agrees.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.is_equal())
    }

    /// What a person should read where something does not agree, one line each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.refused.iter().map(Refused::to_string).collect();
        lines.extend(self.differences.iter().cloned());
        for (count, what) in [(self.report.lost, "lost"), (self.report.doubled, "doubled")] {
            if count > 0 {
                lines.push(format!("{count} baskets {what}"));
            }
        }
        lines
    }

    /// Adds up all sides.
    pub(super) fn compare(
        &mut self,
        trade: &Trade,
        journals_at: &BTreeMap<StoreId, PathBuf>,
        journals: &dyn StoreJournals,
        headquarters: Option<&HeadquartersTrade>,
    ) -> Result<(), ReplayError> {
        let mut all = Totals::default();
        let mut sales: HashMap<TransactionId, u64> = HashMap::new();
        for (store, path) in journals_at {
            let read = JournalTrade::read(store, path, journals)
                .map_err(|source| ReplayError::Journal { store: store.clone(), source })?;
            all.add(&read.totals);
            for (transaction, times) in read.sales {
                *sales.entry(transaction).or_insert(0) += times;
            }
            self.report.stores.insert(store.to_string(), read.totals);
        }
        let nothing = Totals::default();
        for store in &trade.stores {
            let name = store.store.as_str();
            let input = Totals::of_input(&store.baskets, &trade.prices);
            let sold = self.report.stores.get(name).unwrap_or(&nothing);
            let mut found = input.differences(sold, Side::Stores);
            if let Some(headquarters) = headquarters {
                let known = headquarters.stores.get(name).unwrap_or(&nothing);
                found.extend(input.differences(known, Side::Headquarters));
            }
            self.differences.extend(found.iter().map(|it| format!("store {name}: {it}")));
            self.report.input.add(&input);
            let is_lost = |key: &str| {
                let id = transaction_id(&store.store, key);
                !sales.contains_key(&id) || headquarters.is_some_and(|hq| !hq.has(&store.store, id))
            };
            let lost = store.baskets.iter().filter(|basket| is_lost(&basket.key)).count();
            self.report.lost += lost as u64;
        }
        let mut found = self.report.input.differences(&all, Side::Stores);
        let mut doubled: HashSet<TransactionId> =
            sales.iter().filter(|(_, times)| **times > 1).map(|(id, _)| *id).collect();
        if let Some(headquarters) = headquarters {
            found.extend(self.report.input.differences(&headquarters.all, Side::Headquarters));
            let twice = headquarters.sales.iter().filter(|(_, times)| **times > 1);
            doubled.extend(twice.map(|((_, id), _)| *id));
            self.report.hq = Some(headquarters.all.clone());
        }
        self.differences.extend(found.iter().map(|it| format!("all stores: {it}")));
        self.report.doubled = doubled.len() as u64;
        Ok(())
    }
}
