//! What another way of paying would change.

use serde::{Deserialize, Serialize};

use super::rule::Text;
use crate::Money;
use crate::transaction::TenderTypeId;

/// What the basket costs with another way of paying: 「刷卡:−50」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderOffer {
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What is saved by it; more than nought.
    pub saving: Money,
    /// By what the total changes: the saving as a negative amount.
    pub difference: Money,
    /// What is to pay with it.
    pub total_after: Money,
    /// What to say.
    pub text: Text,
}
