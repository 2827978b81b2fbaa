//! Promotions, goods and contexts, written shortly.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use rust_decimal::Decimal;
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::rule::{
    Basis, BasisPoints, CarriedBy, Combine, Counts, Each, Favour, Group, GroupAward, Limits, Order,
    OrderAward, OrderTier, Place, Promotion, Replaces, Rule, Selector, Slot, Text, UnitAward,
    UnitTier, When, Who,
};
use store_core::promotion::set::{Policy, PromotionSet};
use store_core::promotion::{Member, PricingContext};
use store_core::tax::{TaxMethod, TaxRate};
use store_core::{BootId, Currency, ItemId, LineNumber, MemberId, Now, PromotionId, Quantity};

pub fn set(promotions: impl IntoIterator<Item = Promotion>) -> PromotionSet {
    PromotionSet::new(promotions.into_iter().collect(), Policy::Best, None)
}

pub fn promotion(id: &str, rule: Rule) -> Promotion {
    Promotion {
        id: PromotionId::new(id).unwrap(),
        name: Text { zh: id.into(), en: id.into() },
        rule,
        when: When::default(),
        place: Place::default(),
        who: Who::default(),
        coupon: None,
        tenders: Vec::new(),
        limits: Limits::default(),
        cap: None,
        cost_points: 0,
        combine: Combine::default(),
        class: None,
        replaces: Replaces::default(),
        priority: 0,
    }
}

pub const fn percent(percent: u32) -> UnitAward {
    UnitAward::PercentOff(BasisPoints(percent * 100))
}

pub const FREE: UnitAward = percent(100);

pub fn items(ids: &[&str]) -> Selector {
    let items = ids.iter().map(|id| ItemId::new(id).unwrap()).collect();
    Selector { items, ..Selector::default() }
}

pub fn each(items: Selector, award: UnitAward) -> Rule {
    Rule::Each(Each { items, tiers: vec![UnitTier { from: 1, award }], spend: None })
}

pub fn slot(items: Selector, count: u32) -> Slot {
    Slot { items, count, award: None, reusable: false }
}

pub fn group(slots: Vec<Slot>, award: GroupAward) -> Group {
    Group {
        slots,
        award,
        same_item: false,
        favour: Favour::Customer,
        carried_by: CarriedBy::Awarded,
        spend: None,
    }
}

pub fn order(items: Selector, from: i64, award: OrderAward) -> Order {
    Order {
        items,
        undiscounted_only: false,
        counts: Counts::Amount,
        basis: Basis::AfterTax,
        tiers: vec![OrderTier { from, award }],
        is_repeatable: false,
        sequence: 0,
    }
}

pub const fn order_percent(percent: u32) -> OrderAward {
    OrderAward::PercentOff(BasisPoints(percent * 100))
}

pub fn with_others(promotion: Promotion) -> Promotion {
    Promotion { combine: Combine::WithOthers, ..promotion }
}

pub fn tax(percent: &str, method: TaxMethod) -> TaxRate {
    TaxRate { percent: percent.parse().unwrap(), method }
}

pub fn no_tax() -> TaxRate {
    TaxRate { percent: Decimal::ZERO, method: TaxMethod::Exclusive }
}

/// Lines of (item, pieces, unit price), numbered from 1, without tax.
pub fn goods(lines: &[(&str, i64, i64)]) -> Goods {
    let line = |(at, (item, pieces, price)): (usize, &(&str, i64, i64))| GoodsLine {
        line: LineNumber(u32::try_from(at + 1).unwrap()),
        item: ItemId::new(item).unwrap(),
        brand: "".into(),
        department: "".into(),
        category: "".into(),
        tags: Arc::new([]),
        quantity: Quantity::pieces(*pieces).unwrap(),
        unit_price: *price,
        amount: price * pieces,
        tax_class: "standard".into(),
        tax: no_tax(),
        is_fixed: false,
    };
    Goods { currency: Currency::TWD, lines: lines.iter().enumerate().map(line).collect() }
}

/// A Wednesday at half past one in the afternoon in Taipei.
pub fn context() -> PricingContext {
    let wall: Timestamp = "2026-11-25T05:30:00Z".parse().unwrap();
    let boot = "00000000-0000-0000-0000-000000000001".parse::<BootId>().unwrap();
    let now = Now { wall, utc_offset_s: 8 * 3600, monotonic_ms: 0, boot, clock_trusted: true };
    PricingContext::anonymous(now, date(2026, 11, 25))
}

pub fn member(points: u64) -> Member {
    Member { id: MemberId::new("m1").unwrap(), tier: Some("gold".into()), points }
}
