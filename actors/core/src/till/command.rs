use serde::{Deserialize, Serialize};

use super::count::{CashCount, Denomination};
use super::entry::TillEvent;
use super::fold::{OpenTill, TillError};
use super::sums::TenderSum;
use crate::permission::Permission;
use crate::register::RegisterRules;
use crate::{Money, ReasonCode, Refusal, RefusalCode};

/// What a cashier does with a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TillCommand {
    /// Opens it.
    Open {
        /// What lies in it.
        float: Money,
    },
    /// Puts money from the safe into it.
    Loan {
        /// How much.
        amount: Money,
        /// Why, if anybody wants to say.
        #[serde(default)]
        reason: Option<ReasonCode>,
    },
    /// Takes money out of it to the safe.
    Pickup {
        /// How much.
        amount: Money,
    },
    /// Puts money into it that is not for goods.
    PaidIn {
        /// How much.
        amount: Money,
        /// Why.
        reason: ReasonCode,
    },
    /// Pays money out of it that is not for goods.
    PaidOut {
        /// How much.
        amount: Money,
        /// Why.
        reason: ReasonCode,
    },
    /// Says what is in it.
    Count {
        /// Notes and coins.
        denominations: Vec<Denomination>,
        /// What lies in it besides, by way of paying.
        #[serde(default)]
        others: Vec<TenderSum>,
    },
    /// Closes it as it was counted.
    Close,
    /// Opens the drawer without a sale.
    NoSale {
        /// Why.
        reason: ReasonCode,
    },
}

impl TillCommand {
    /// The permission that it needs.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Open { .. } => Permission::OpenTill,
            Self::Loan { .. } => Permission::Loan,
            Self::Pickup { .. } => Permission::Pickup,
            Self::PaidIn { .. } => Permission::PaidIn,
            Self::PaidOut { .. } => Permission::PaidOut,
            Self::Count { .. } => Permission::CountTill,
            Self::Close => Permission::CloseTill,
            Self::NoSale { .. } => Permission::NoSale,
        }
    }

    /// What opening a till comes to.
    ///
    /// # Errors
    /// `bad_amount` for a float that is less than nothing or of another currency.
    pub(crate) fn opening(float: Money, rules: &RegisterRules) -> Result<TillEvent, Refusal> {
        if float.is_negative() || float.currency() != rules.currency {
            return Err(bad_amount(rules));
        }
        Ok(TillEvent::Opened { float, rules: Some(rules.till) })
    }

    /// What the command comes to at a till that is open.
    ///
    /// # Errors
    /// Why it may not be.
    pub(crate) fn event(
        &self,
        open: &OpenTill,
        rules: &RegisterRules,
    ) -> Result<TillEvent, Refusal> {
        Ok(match self {
            Self::Open { .. } => return Err(RefusalCode::TillOpen.into()),
            Self::Loan { amount, reason } => {
                if let Some(reason) = reason {
                    known(reason, rules)?;
                }
                TillEvent::Loan { amount: positive(*amount, rules)?, reason: reason.clone() }
            }
            Self::Pickup { amount } => TillEvent::Pickup { amount: positive(*amount, rules)? },
            Self::PaidIn { amount, reason } => TillEvent::PaidIn {
                amount: positive(*amount, rules)?,
                reason: known(reason, rules)?,
            },
            Self::PaidOut { amount, reason } => TillEvent::PaidOut {
                amount: positive(*amount, rules)?,
                reason: known(reason, rules)?,
            },
            Self::Count { denominations, others } => {
                let count =
                    CashCount { denominations: denominations.clone(), others: others.clone() };
                for sum in count.sums()?.as_slice() {
                    check_counted(sum, rules)?;
                }
                TillEvent::Counted { count }
            }
            Self::Close if open.count.is_none() => return Err(RefusalCode::CountNeeded.into()),
            Self::Close => TillEvent::Closed { closing: open.closing(false).map_err(unsound)? },
            Self::NoSale { reason } => TillEvent::DrawerOpened { reason: known(reason, rules)? },
        })
    }

    /// Whether an event is what this command came to, so that the command is answered by it.
    #[must_use]
    pub fn is_done_by(&self, event: &TillEvent) -> bool {
        match (self, event) {
            (Self::Open { float }, TillEvent::Opened { float: done, .. }) => float == done,
            (Self::Loan { amount, reason }, TillEvent::Loan { amount: done, reason: why }) => {
                (amount, reason) == (done, why)
            }
            (Self::Pickup { amount }, TillEvent::Pickup { amount: done }) => amount == done,
            (Self::PaidIn { amount, reason }, TillEvent::PaidIn { amount: done, reason: why })
            | (
                Self::PaidOut { amount, reason },
                TillEvent::PaidOut { amount: done, reason: why },
            ) => (amount, reason) == (done, why),
            (Self::Count { denominations, others }, TillEvent::Counted { count }) => {
                (denominations, others) == (&count.denominations, &count.others)
            }
            (Self::Close, TillEvent::Closed { closing }) => !closing.is_forced,
            (Self::NoSale { reason }, TillEvent::DrawerOpened { reason: done }) => reason == done,
            _ => false,
        }
    }
}

/// A reason, if it is one of the store's.
pub(crate) fn known(reason: &ReasonCode, rules: &RegisterRules) -> Result<ReasonCode, Refusal> {
    if rules.reasons.cash.contains(reason) {
        return Ok(reason.clone());
    }
    Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason))
}

/// Refuses what is counted in another currency than its way of paying is expected in: it would
/// stand beside what is expected, and both would be wrong.
fn check_counted(sum: &TenderSum, rules: &RegisterRules) -> Result<(), Refusal> {
    let Some(rule) = rules.tender(&sum.tender_type) else {
        return Err(Refusal::new(RefusalCode::UnknownTender).with("tender", &sum.tender_type));
    };
    let currency = rule.foreign.map_or(rules.currency, |foreign| foreign.currency);
    if sum.amount.currency() == currency {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::BadAmount).with("tender", &sum.tender_type);
    Err(refusal.with("currency", currency))
}

fn positive(amount: Money, rules: &RegisterRules) -> Result<Money, Refusal> {
    let is_good = amount.currency() == rules.currency && !amount.is_zero() && !amount.is_negative();
    if is_good { Ok(amount) } else { Err(bad_amount(rules)) }
}

fn bad_amount(rules: &RegisterRules) -> Refusal {
    Refusal::new(RefusalCode::BadAmount).with("currency", rules.currency)
}

/// Sums that are no money any more.
pub(crate) fn unsound(_: TillError) -> Refusal {
    RefusalCode::BadAmount.into()
}
