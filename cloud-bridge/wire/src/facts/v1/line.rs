use serde::{Deserialize, Serialize};

use super::Sale;

/// A basket was put aside: `basket_suspended`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketSuspended {
    /// The basket as it stood; its end is the moment in which it was put aside.
    pub basket: Sale,
    /// By whom, by id.
    pub operator: String,
}

/// A basket that had been put aside goes on: `basket_retrieved`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketRetrieved {
    /// The basket.
    pub transaction: String,
    /// Where.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
}

/// A sale was undone as a whole: `sale_post_voided`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePostVoided {
    /// The sale as it was completed; its end is the moment in which it was undone.
    pub sale: Sale,
    /// Where it was undone.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// Who approved it, by id, where they could not alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Why, as a code.
    pub reason: String,
}
