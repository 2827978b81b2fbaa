use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::department::DepartmentKey;
use crate::barcode::{MemberCard, VariableMeasureLayout};
use crate::catalogue::Catalogue;
use crate::promotion::PricingRules;
use crate::till::TillRules;
use crate::transaction::{TenderRule, TenderTypeId};
use crate::{Currency, ReasonCode, StoreId, TerminalId, WorkstationId};

/// The reasons that a cashier may give, by what they are given for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonCodes {
    /// For lowering a price.
    pub price: Vec<ReasonCode>,
    /// For taking goods back.
    #[serde(rename = "return")]
    pub returns: Vec<ReasonCode>,
    /// For giving a basket up, and for undoing a sale.
    pub abandon: Vec<ReasonCode>,
    /// For money that goes in or out otherwise than by a sale, and for opening the drawer.
    #[serde(default = "cash_reasons")]
    pub cash: Vec<ReasonCode>,
    /// For saying what became of a request to a terminal.
    #[serde(default = "card_reasons")]
    pub card: Vec<ReasonCode>,
}

/// The reasons of a store that was never told any.
#[must_use]
pub fn cash_reasons() -> Vec<ReasonCode> {
    ["change", "expense", "supplier", "deposit", "test", "other"]
        .map(ReasonCode::from_static)
        .into()
}

/// Likewise, for requests to a terminal.
#[must_use]
pub fn card_reasons() -> Vec<ReasonCode> {
    ["slip_seen", "bank_confirmed", "not_charged"].map(ReasonCode::from_static).into()
}

/// What a store's registers follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRules {
    /// Which store.
    pub store: StoreId,
    /// The currency of everything in it.
    pub currency: Currency,
    /// The ways of paying.
    pub tenders: Vec<TenderRule>,
    /// The reasons.
    pub reasons: ReasonCodes,
    /// How price and weight are embedded in its barcodes.
    pub layouts: Vec<VariableMeasureLayout>,
    /// How its members' cards look to a scanner.
    pub member_cards: Vec<MemberCard>,
    /// What prices follow besides the catalogue.
    pub pricing: Arc<PricingRules>,
    /// Whose the money at a register is.
    pub till: TillRules,
    /// The keys for goods without a code.
    pub departments: Vec<DepartmentKey>,
    /// The payment terminal of each register that has one.
    pub terminals: BTreeMap<WorkstationId, TerminalId>,
}

/// All that a basket keeps to from its first line to its end, however the store's own changes
/// meanwhile.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Tells it from what was in force before: grows with every change in one run of the hub.
    pub revision: u64,
    /// What is sold.
    pub catalogue: Arc<Catalogue>,
    /// What the registers follow.
    pub rules: Arc<RegisterRules>,
}

impl RegisterRules {
    /// The rule of a way of paying.
    #[must_use]
    pub fn tender(&self, id: &TenderTypeId) -> Option<&TenderRule> {
        self.tenders.iter().find(|rule| rule.id == *id)
    }
}
