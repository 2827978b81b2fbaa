//! What a screen shows of the customer and of what promotions made of a basket.

use std::sync::Arc;

use serde::Serialize;

use crate::promotion::Pricing;
use crate::promotion::rule::Text;
use crate::transaction::{Customer, RetailTransaction, TenderTypeId};
use crate::{MemberId, Money, PromotionId};

/// What is known of the customer, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerView {
    /// The member.
    pub member: Option<MemberId>,
    /// The member's tier, as a code.
    pub tier: Option<Arc<str>>,
    /// The points that the member has to spend.
    pub points: u64,
    /// Whether one of the chain's own people buys.
    pub employee: bool,
    /// The codes of the coupons that were shown.
    pub coupons: Vec<Arc<str>>,
    /// The way of paying that the price is made for.
    pub tender: Option<TenderTypeId>,
}

/// What promotions do in a basket, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PricingView {
    /// Every promotion that is used, by id.
    pub applied: Vec<AppliedView>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon.
    pub coupons_earned: Vec<Arc<str>>,
    /// What proves the price.
    pub certificate: CertificateView,
}

/// A promotion that is used, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppliedView {
    /// Which.
    pub id: PromotionId,
    /// What it is called.
    pub name: Text,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it takes off what is to pay.
    pub amount: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<Arc<str>>,
}

/// What proves a price, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateView {
    /// Whether the total is proven to be the least.
    pub is_optimal: bool,
    /// No combination costs less than this.
    pub bound: Money,
    /// Whether the retailer's order of priority decided.
    pub by_priority: bool,
}

pub(super) fn customer_view(customer: &Customer) -> CustomerView {
    CustomerView {
        member: customer.member.clone(),
        tier: customer.tier.clone(),
        points: customer.points,
        employee: customer.is_employee,
        coupons: customer.coupons.clone(),
        tender: customer.tender.clone(),
    }
}

pub(super) fn pricing_view(pricing: &Pricing, transaction: &RetailTransaction) -> PricingView {
    let applied = pricing.applied.iter().map(|used| AppliedView {
        id: used.promotion.id.clone(),
        name: used.promotion.name.clone(),
        uses: used.uses,
        units: used.units,
        amount: used.amount,
        coupons: used.coupons.clone(),
    });
    let certificate = pricing.certificate;
    let bound = Money::from_minor(certificate.bound, transaction.currency);
    PricingView {
        applied: applied.collect(),
        points_earned: pricing.points_earned,
        points_spent: pricing.points_spent,
        coupons_earned: pricing.coupons_earned.clone(),
        certificate: CertificateView {
            is_optimal: certificate.is_optimal,
            // A bound beyond the range of money bounds nothing.
            bound: bound.unwrap_or(Money::zero(transaction.currency)),
            by_priority: certificate.by_priority,
        },
    }
}
