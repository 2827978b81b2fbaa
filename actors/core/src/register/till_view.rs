//! The till of a register as its screens show it.

use serde::Serialize;

use super::machine::RegisterMachine;
use super::view::local_time;
use crate::till::{TenderSums, TillNumber, TillPolicy};
use crate::{BusinessDay, Money, OperatorId};

/// A till as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TillView {
    /// Whose the money at a register is.
    pub policy: TillPolicy,
    /// Whether who counts is not shown what should be there.
    pub is_blind: bool,
    /// The one that is open.
    pub open: Option<OpenTillView>,
}

/// A till that is open, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenTillView {
    /// Its number.
    pub number: TillNumber,
    /// The day that is booked on.
    pub business_day: BusinessDay,
    /// Who opened it.
    pub operator: OperatorId,
    /// When, with the store's offset.
    pub opened: String,
    /// What it was opened with.
    pub float: Money,
    /// Whether it has been counted since anything last went in or out.
    pub is_counted: bool,
    /// What should be in it, unless that is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<TenderSums>,
}

impl RegisterMachine {
    pub(super) fn till_view(&self) -> TillView {
        let rules = self.till_rules();
        let open = self.till.open.as_ref().map(|open| OpenTillView {
            number: open.number,
            business_day: open.business_day,
            operator: open.operator.clone(),
            opened: local_time(open.opened),
            float: open.float,
            is_counted: open.count.is_some(),
            expected: if rules.is_blind { None } else { open.expected().ok() },
        });
        TillView { policy: rules.policy, is_blind: rules.is_blind, open }
    }
}
