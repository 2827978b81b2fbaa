//! What is kept for all registers of a store, in memory.

use std::collections::BTreeMap;

use store_core::buyer::BuyerWish;
use store_core::fact::Fact;
use store_core::register::{
    AbsorbedCommand, BasketEvent, Command, Draft, DraftChange, EndedTransaction, Known, Outcome,
};
use store_core::transaction::RetailTransaction;
use store_core::{CommandId, RefusalCode, TransactionId, WorkstationId};

/// What the journal keeps for all registers of a store.
#[derive(Default)]
pub struct Store {
    pub ended: BTreeMap<TransactionId, EndedTransaction>,
    /// What buyers said about the invoices of sales.
    pub wishes: BTreeMap<TransactionId, BuyerWish>,
    sales: BTreeMap<TransactionId, RetailTransaction>,
    undone: BTreeMap<TransactionId, AbsorbedCommand>,
    pub aside: BTreeMap<TransactionId, Draft>,
    pub open: BTreeMap<TransactionId, Draft>,
}

impl Store {
    pub fn known(&self, id: TransactionId, by: &WorkstationId) -> Known {
        if let Some(ended) = self.ended.get(&id) {
            let sale = self.sales.get(&id).cloned().map(Box::new);
            let post_void = self.undone.get(&id).cloned().map(Box::new);
            return Known::Ended { ended: ended.clone(), sale, post_void };
        }
        if let Some(draft) = self.aside.get(&id) {
            return Known::Suspended(draft.body.clone());
        }
        match self.open.get(&id) {
            Some(draft) if draft.workstation != *by => {
                let body: serde_json::Value = serde_json::from_str(&draft.body).unwrap();
                Known::Elsewhere(serde_json::from_value(body["absorbed"].clone()).unwrap())
            }
            _ => Known::Nothing,
        }
    }

    /// As the writer does: refuses what somebody else was first with.
    pub fn write(
        &mut self,
        id: CommandId,
        fact: &Fact,
        draft: &DraftChange,
    ) -> Result<(), RefusalCode> {
        match draft {
            DraftChange::Keep => {}
            DraftChange::Save(draft) => {
                self.open.insert(draft.transaction, draft.clone());
            }
            DraftChange::End(ended, wish) => {
                self.wishes.insert(ended.transaction, wish.clone());
                self.open.remove(&ended.transaction);
                self.ended.insert(ended.transaction, ended.clone());
            }
            DraftChange::Suspend(draft) => {
                self.open.remove(&draft.transaction);
                self.aside.insert(draft.transaction, draft.clone());
            }
            DraftChange::Retrieve(draft) => {
                self.aside.remove(&draft.transaction).ok_or(RefusalCode::NotSuspended)?;
                self.open.insert(draft.transaction, draft.clone());
            }
        }
        match fact {
            Fact::SaleCompleted(sale) => {
                self.sales.insert(sale.id, (**sale).clone());
            }
            Fact::SalePostVoided(void) if self.undone.contains_key(&void.sale.id) => {
                return Err(RefusalCode::AlreadyPostVoided);
            }
            Fact::SalePostVoided(void) => {
                let command = Command::PostVoid { reason: void.reason.clone() };
                let outcome = Outcome { version: 0, event: BasketEvent::undoing(&void.sale) };
                let undone = AbsorbedCommand { id, version: 0, command, outcome };
                self.undone.insert(void.sale.id, undone);
            }
            _ => {}
        }
        Ok(())
    }
}
