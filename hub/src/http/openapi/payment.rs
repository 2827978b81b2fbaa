//! What a screen shows while money is taken, as it stands in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::values::{Money, TextId};

/// What pays for the rest in notes and coins, in one way of paying.
#[derive(Serialize, ToSchema)]
pub struct PayableView {
    /// The way of paying.
    pub tender_type: TextId,
    /// What pays for all of it and leaves nothing to give back, by the rule for part of a coin;
    /// absent in another currency.
    #[schema(nullable = false)]
    pub exact: Option<Money>,
    /// Decimals of the amounts that are handed over.
    pub scale: u32,
    /// What covers it with few notes, in the currency that is handed over, the least first.
    pub quick: Vec<Money>,
}

/// What the customer says about the invoice; what they do not say is absent.
#[derive(Serialize, ToSchema)]
pub struct BuyerView {
    /// The number of the company that buys.
    #[schema(nullable = false)]
    pub ban: Option<String>,
    /// Where the invoice goes.
    #[schema(nullable = false)]
    pub carrier: Option<String>,
    /// The cause that it is given to.
    #[schema(nullable = false)]
    pub donation: Option<String>,
}
