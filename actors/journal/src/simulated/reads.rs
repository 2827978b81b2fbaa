use std::collections::BTreeMap;

use hq_wire::link::v1::Waiting;
use store_core::buyer::BuyerWish;
use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::inventory::InventoryMachine;
use store_core::promotion::uses::Sold;
use store_core::safety_stock::SafetyStockMachine;
use store_core::till::Till;
use store_core::{
    BusinessDay, CommandId, ItemId, MemberId, OperatorId, PromotionId, Quantity, StreamId,
    TransactionId, WorkstationId,
};

use super::SimulatedJournal;
use crate::{
    DayRecord, Draft, Ended, FoundReceipt, Head, JournalRow, LedgerReads, LinkCursor, Lockout,
    Operator, PrintJob, PrintStanding, PrintState, PromotionDays, ReadError, ReceiptQuery,
    RegisterRecord, Session, StockAlert, StreamState, Suspended, TillRecord, WorkstationClaim,
};

type Answer<T> = Result<T, ReadError>;

impl LedgerReads for SimulatedJournal {
    fn head(&self) -> Answer<Head> {
        self.last()
    }

    fn streams(&self) -> Answer<Vec<StreamState>> {
        Ok(self.chain.stream_infos())
    }

    fn rows(&self, after: RowPosition, limit: usize) -> Answer<Vec<JournalRow>> {
        Ok(self.chain.rows_after(after, limit))
    }

    fn row_of(&self, id: CommandId) -> Answer<Option<JournalRow>> {
        Ok(self.chain.row_of(id).cloned())
    }

    fn transaction(&self, id: TransactionId) -> Answer<Option<CommittedFact>> {
        let index = self.chain.transactions.get(&id);
        let Some(row) = index.and_then(|index| self.chain.rows.get(*index)) else {
            return Ok(None);
        };
        row.committed().map_err(|error| ReadError::Malformed {
            what: "a transaction",
            reason: error.to_string(),
        })
    }

    fn draft(&self, workstation: &WorkstationId) -> Answer<Option<Draft>> {
        Ok(self.beside.drafts.values().find(|draft| draft.workstation == *workstation).cloned())
    }

    fn drafts(&self) -> Answer<Vec<Draft>> {
        let mut drafts: Vec<Draft> = self.beside.drafts.values().cloned().collect();
        drafts.sort_by(|a, b| a.workstation.cmp(&b.workstation));
        Ok(drafts)
    }

    fn ended(&self, transaction: TransactionId) -> Answer<Option<Ended>> {
        Ok(self.beside.ended.get(&transaction).map(|(ended, _)| ended.clone()))
    }

    fn draft_of(&self, transaction: TransactionId) -> Answer<Option<Draft>> {
        Ok(self.beside.drafts.get(&transaction).cloned())
    }

    fn suspended(&self) -> Answer<Vec<Suspended>> {
        let mut aside: Vec<Suspended> = self.beside.suspended.values().cloned().collect();
        aside.sort_by_key(|one| (one.wall_ms, one.draft.transaction));
        Ok(aside)
    }

    fn suspended_basket(&self, transaction: TransactionId) -> Answer<Option<Suspended>> {
        Ok(self.beside.suspended.get(&transaction).cloned())
    }

    fn buyer(&self, sale: TransactionId) -> Answer<Option<BuyerWish>> {
        Ok(self.beside.buyers.get(&sale).cloned())
    }

    fn post_void(&self, sale: TransactionId) -> Answer<Option<JournalRow>> {
        let index = self.chain.post_voids.get(&sale);
        Ok(index.and_then(|index| self.chain.rows.get(*index)).map(|row| row.as_ref().clone()))
    }

    fn register(&self, workstation: &WorkstationId) -> Answer<Option<RegisterRecord>> {
        Ok(self.chain.registers.get(workstation).cloned())
    }

    fn registers(&self) -> Answer<Vec<RegisterRecord>> {
        Ok(self.chain.registers.values().cloned().collect())
    }

    fn stock(&self, item: &ItemId) -> Answer<Option<Quantity>> {
        Ok(self.chain.inventory.on_hand.get(item).copied())
    }

    fn inventory(&self) -> Answer<InventoryMachine> {
        Ok(self.chain.inventory.clone())
    }

    fn safety_stock(&self) -> Answer<SafetyStockMachine> {
        Ok(self.chain.safety.clone())
    }

    fn stock_alerts(&self) -> Answer<Vec<StockAlert>> {
        let mut alerts: Vec<_> = self.chain.alerts.values().cloned().collect();
        alerts.sort_by(|(a, left), (b, right)| a.cmp(b).then_with(|| left.item.cmp(&right.item)));
        Ok(alerts.into_iter().map(|(_, alert)| alert).collect())
    }

    fn receipts(&self, query: &ReceiptQuery) -> Answer<Vec<FoundReceipt>> {
        let mut found = Vec::new();
        for (index, row) in self.chain.rows.iter().enumerate().rev() {
            let position = i64::try_from(index + 1).unwrap_or(i64::MAX);
            if found.len() >= query.limit {
                break;
            }
            let committed = row.committed().map_err(|error| ReadError::Malformed {
                what: "the receipts",
                reason: error.to_string(),
            })?;
            let Some(CommittedFact { fact: Fact::SaleCompleted(sale), now, .. }) = committed else {
                continue;
            };
            if query.fits(position, &sale, &now) {
                let is_undone = self.chain.post_voids.contains_key(&sale.id);
                found.extend(FoundReceipt::of(position, &sale, &now, is_undone));
            }
        }
        Ok(found)
    }

    fn print_job(&self, transaction: TransactionId, copy: u32) -> Answer<Option<PrintJob>> {
        Ok(self.beside.print_jobs.get(&(transaction, copy)).map(|(job, _)| job.clone()))
    }

    fn print_jobs(&self, transaction: TransactionId) -> Answer<Vec<PrintJob>> {
        let jobs = self.beside.print_jobs.range((transaction, 0)..=(transaction, u32::MAX));
        Ok(jobs.map(|(_, (job, _))| job.clone()).collect())
    }

    fn print_jobs_open(&self) -> Answer<Vec<PrintStanding>> {
        let jobs = self.beside.print_order.iter();
        let jobs = jobs.filter_map(|key| self.beside.print_jobs.get(key));
        let open = jobs.filter(|(job, _)| !job.state.is_settled());
        Ok(open.map(|(job, _)| job.standing()).collect())
    }

    fn print_jobs_done(&self, limit: u32) -> Answer<Vec<PrintStanding>> {
        let jobs = self.beside.print_order.iter().rev();
        let jobs = jobs.filter_map(|key| self.beside.print_jobs.get(key));
        let mut done: Vec<_> = jobs.filter(|(job, _)| job.state == PrintState::Done).collect();
        done.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(done.into_iter().take(limit).map(|(job, _)| job.standing()).collect())
    }

    fn operator(&self, id: &OperatorId) -> Answer<Option<Operator>> {
        Ok(self.beside.operators.get(id).cloned())
    }

    fn operators(&self) -> Answer<Vec<Operator>> {
        Ok(self.beside.operators.values().cloned().collect())
    }

    fn claim(&self, workstation: &WorkstationId) -> Answer<Option<WorkstationClaim>> {
        Ok(self.beside.claims.get(workstation).cloned())
    }

    fn claims(&self) -> Answer<Vec<WorkstationClaim>> {
        Ok(self.beside.claims.values().cloned().collect())
    }

    fn session(&self, token_hash: &str) -> Answer<Option<Session>> {
        Ok(self.beside.sessions.get(token_hash).cloned())
    }

    fn sessions(&self) -> Answer<Vec<Session>> {
        Ok(self.beside.sessions.values().cloned().collect())
    }

    fn lockout(&self, key: &str) -> Answer<Option<Lockout>> {
        Ok(self.beside.lockouts.get(key).cloned())
    }

    fn lockouts(&self) -> Answer<Vec<Lockout>> {
        Ok(self.beside.lockouts.values().cloned().collect())
    }

    fn setting(&self, key: &str) -> Answer<Option<String>> {
        Ok(self.beside.settings.get(key).cloned())
    }

    fn cursor(&self, stream: StreamId) -> Answer<Option<LinkCursor>> {
        Ok(self.beside.cursors.get(&stream).copied())
    }

    fn promotion_sold(&self, promotion: &PromotionId, day: BusinessDay) -> Answer<Sold> {
        Ok(self.chain.promotions.sold(promotion, day))
    }

    fn promotions_sold_to(&self, member: &MemberId) -> Answer<BTreeMap<PromotionId, u32>> {
        Ok(self.chain.promotions.sold_to(member))
    }

    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Answer<u64> {
        let spent = &self.chain.promotions.points;
        Ok(spent.get(&(member.clone(), day)).copied().unwrap_or(0))
    }

    fn is_coupon_used(&self, code: &str) -> Answer<bool> {
        Ok(self.chain.promotions.coupons.get(code).is_some_and(|uses| *uses > 0))
    }

    fn promotion_days(&self) -> Answer<PromotionDays> {
        Ok(self.chain.promotions.days.clone())
    }

    fn till(&self, workstation: &WorkstationId) -> Answer<Till> {
        Ok(self.chain.tills.get(workstation).cloned().unwrap_or_default())
    }

    fn tills_of(&self, day: BusinessDay) -> Answer<Vec<TillRecord>> {
        let records = self.chain.till_records.values();
        Ok(records.filter(|record| record.till.business_day == day).cloned().collect())
    }

    fn days(&self) -> Answer<Vec<DayRecord>> {
        let days = self.chain.days.iter().rev();
        Ok(days
            .map(|(business_day, range)| DayRecord {
                business_day: *business_day,
                is_closed: range.closed.is_some(),
            })
            .collect())
    }

    fn day_facts(&self, day: BusinessDay, each: &mut dyn FnMut(&CommittedFact)) -> Answer<()> {
        let Some(range) = self.chain.days.get(&day) else { return Ok(()) };
        for row in self.chain.rows.get(range.first..=range.last).unwrap_or_default() {
            let committed = row.committed().map_err(|error| ReadError::Malformed {
                what: "the facts of a day",
                reason: error.to_string(),
            })?;
            if let Some(committed) = committed {
                each(&committed);
            }
        }
        Ok(())
    }

    fn waiting(&self, after: RowPosition) -> Answer<Waiting> {
        let rows = self.chain.rows_after(after, usize::MAX);
        let sales = rows.iter().filter(|row| row.kind == "sale_completed").count();
        Ok(Waiting {
            rows: rows.len() as u64,
            sales: sales as u64,
            since_ms: rows.first().map(|row| row.now.wall.as_millisecond()),
        })
    }
}
