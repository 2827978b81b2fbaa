//! What a set of promotions would do before it does it: a static look at all of it together with a
//! catalogue. Every finding is something that the engine itself shows, or that the words of the
//! promotions say.

mod conflicts;
mod cost;
mod fires;
mod report;
mod sentences;
mod shadow;
mod staging;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::set::PromotionSet;
use crate::MoneyError;
use crate::catalogue::Catalogue;
use crate::tax::TaxTable;
use staging::Staging;

pub use report::{ExampleBasket, ExampleLine, Finding, FindingCode, GuardReport, Severity};

/// What a set is checked against.
#[derive(Clone, Copy, Debug)]
pub struct GuardRequest<'a> {
    /// The promotions.
    pub set: &'a PromotionSet,
    /// What the store sells.
    pub catalogue: &'a Catalogue,
    /// The tax of every class.
    pub taxes: &'a TaxTable,
    /// The day whose prices count, and before which promotions are over.
    pub day: Date,
    /// Partial combinations that the price of one example may look at.
    pub nodes: u64,
}

/// Looks at a set of promotions together with a catalogue. Findings stand in the order of their
/// severity, then of their codes, then of the promotions.
///
/// # Errors
/// Where an amount leaves the range of [`crate::Money`].
pub fn check(request: GuardRequest) -> Result<GuardReport, MoneyError> {
    let staging = Staging::new(request);
    let mut findings = Vec::new();
    let mut able: Vec<&super::rule::Promotion> = Vec::new();
    for promotion in request.set.promotions() {
        let found = fires::never(&staging, promotion);
        if found.is_empty() {
            able.push(promotion);
        }
        findings.extend(found);
    }
    findings.extend(shadow::shadowed(&staging, &able));
    findings.extend(conflicts::conflicts(&staging, &able));
    let costs = cost::costs(request.catalogue);
    if costs.with_cost > 0 || costs.with_floor > 0 {
        for promotion in &able {
            findings.extend(cost::below(&staging, promotion)?);
        }
    }
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.severity, finding.code);
        key(a).cmp(&key(b)).then_with(|| a.promotions.cmp(&b.promotions))
    });
    findings.dedup_by(|a, b| (a.code, &a.promotions) == (b.code, &b.promotions));
    Ok(GuardReport {
        promotions: request.set.promotions().len(),
        items: request.catalogue.len(),
        items_with_cost: costs.with_cost,
        items_with_floor_price: costs.with_floor,
        is_cost_checked: costs.with_cost > 0,
        is_floor_price_checked: costs.with_floor > 0,
        findings,
    })
}
