use serde::{Deserialize, Serialize};

use super::TillRules;
use super::count::CashCount;
use crate::transaction::TenderTypeId;
use crate::{BusinessDay, Money, MoneyError, OperatorId, ReasonCode, WorkstationId};

/// Which till of a register: 1, 2, 3 … as they were opened. It is the number of its Z report too,
/// so that none is missing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct TillNumber(pub u64);

impl TillNumber {
    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl std::fmt::Display for TillNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Something that happened at a till, otherwise than by a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillEntry {
    /// At which register.
    pub workstation: WorkstationId,
    /// By whom.
    pub operator: OperatorId,
    /// Who allowed it, where the operator may not by themselves.
    pub approved_by: Option<OperatorId>,
    /// The day that it is booked on.
    pub business_day: BusinessDay,
    /// Which till; none where the store has no tills.
    pub till: Option<TillNumber>,
    /// What.
    pub event: TillEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TillEvent {
    /// It was opened with this money in it (開帳).
    Opened {
        /// The float (找零金).
        float: Money,
        /// What it follows to its close, whatever is decided meanwhile; what is in force where
        /// nothing is said.
        rules: Option<TillRules>,
    },
    /// Money came from the safe (補零).
    Loan {
        /// How much.
        amount: Money,
        /// Why, where somebody said it.
        reason: Option<ReasonCode>,
    },
    /// Money went to the safe (抽大鈔).
    Pickup {
        /// How much.
        amount: Money,
    },
    /// Money came in that was not for goods.
    PaidIn {
        /// How much.
        amount: Money,
        /// Why.
        reason: ReasonCode,
    },
    /// Money was paid out that was not for goods.
    PaidOut {
        /// How much.
        amount: Money,
        /// Why.
        reason: ReasonCode,
    },
    /// Somebody counted it (盤點).
    Counted {
        /// What was there.
        count: CashCount,
    },
    /// It is over (結帳).
    Closed {
        /// What was expected and what was there.
        closing: TillClosing,
    },
    /// The drawer was opened without a sale.
    DrawerOpened {
        /// Why.
        reason: ReasonCode,
    },
}

/// Why a drawer was opened that somebody tried while setting devices up.
pub const DEVICE_TRIAL: &str = "device_trial";

impl TillEvent {
    /// Whether a drawer was opened only to see whether it opens: whoever tries it gives the pulse.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        matches!(self, Self::DrawerOpened { reason } if reason.as_str() == DEVICE_TRIAL)
    }

    /// The kind, as it stands in the journal's column and on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "till_opened",
            Self::Loan { .. } => "till_loan",
            Self::Pickup { .. } => "till_pickup",
            Self::PaidIn { .. } => "till_paid_in",
            Self::PaidOut { .. } => "till_paid_out",
            Self::Counted { .. } => "till_counted",
            Self::Closed { .. } => "till_closed",
            Self::DrawerOpened { .. } => "drawer_opened",
        }
    }
}

/// One way of paying at a close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingLine {
    /// Which.
    pub tender_type: TenderTypeId,
    /// What should be there.
    pub expected: Money,
    /// What was there; none where nobody counted it.
    pub counted: Option<Money>,
}

impl ClosingLine {
    /// How much more there was than expected, less than nothing where money is missing; none where
    /// nobody counted.
    ///
    /// # Errors
    /// [`MoneyError`] where the two are of different currencies.
    pub fn over(&self) -> Result<Option<Money>, MoneyError> {
        self.counted.map(|counted| counted.subtract(self.expected)).transpose()
    }
}

/// What a till came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillClosing {
    /// By way of paying and currency.
    pub lines: Vec<ClosingLine>,
    /// Whether it was closed from elsewhere, uncounted, because the day was closed.
    pub is_forced: bool,
}
