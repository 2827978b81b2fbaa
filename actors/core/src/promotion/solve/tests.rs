use std::collections::BTreeMap;
use std::sync::Arc;

use crate::promotion::PricingContext;
use crate::promotion::evaluate::{NODES_MAX, evaluate};
use crate::promotion::goods::{Goods, GoodsLine};
use crate::promotion::outcome::Outcome;
use crate::promotion::rule::*;
use crate::promotion::set::{Policy, PromotionSet};
use crate::tax::{TaxMethod, TaxRate};
use crate::{BootId, Currency, ItemId, LineNumber, Now, PromotionId, Quantity};

pub fn now() -> Now {
    Now {
        wall: "2026-11-24T02:05:00Z".parse().unwrap(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(uuid::Uuid::nil()),
        clock_trusted: true,
    }
}

pub fn promotion(id: &str, rule: Rule) -> Promotion {
    Promotion {
        id: PromotionId::new(id).unwrap(),
        name: Text { zh: Arc::from(id), en: Arc::from(id) },
        rule,
        when: When::default(),
        place: Place::default(),
        who: Who::default(),
        coupon: None,
        tenders: Vec::new(),
        limits: Limits::default(),
        cap: None,
        cost_points: 0,
        combine: Combine::Alone,
        class: None,
        replaces: Replaces::Nothing,
        priority: 0,
    }
}

pub fn items(ids: &[&str]) -> Selector {
    let items = ids.iter().map(|id| ItemId::new(id).unwrap()).collect();
    Selector { items, ..Selector::default() }
}

pub fn each(items: Selector, award: UnitAward) -> Rule {
    Rule::Each(Each { items, tiers: vec![UnitTier { from: 1, award }], spend: None })
}

pub fn group(slots: &[(Selector, u32)], award: GroupAward) -> Rule {
    let slot = |(items, count): &(Selector, u32)| Slot {
        items: items.clone(),
        count: *count,
        award: None,
        reusable: false,
    };
    Rule::Group(Group {
        slots: slots.iter().map(slot).collect(),
        award,
        same_item: false,
        favour: Favour::Customer,
        carried_by: CarriedBy::Awarded,
        spend: None,
    })
}

pub fn order(from: i64, award: OrderAward) -> Order {
    Order {
        items: Selector::default(),
        undiscounted_only: false,
        counts: Counts::Amount,
        basis: Basis::AfterTax,
        tiers: vec![OrderTier { from, award }],
        is_repeatable: false,
        sequence: 0,
    }
}

/// Lines of so many pieces at a price, with a tax that is added.
pub fn goods(lines: &[(&str, i64, i64, i64)]) -> Goods {
    let line =
        |(number, (item, pieces, price, percent)): (u32, &(&str, i64, i64, i64))| GoodsLine {
            line: LineNumber(number),
            item: ItemId::new(item).unwrap(),
            brand: Arc::from(""),
            department: Arc::from(""),
            category: Arc::from(""),
            tags: Arc::from([]),
            quantity: Quantity::pieces(*pieces).unwrap(),
            unit_price: *price,
            amount: price * pieces,
            tax_class: Arc::from(format!("{percent}")),
            tax: TaxRate { percent: (*percent).into(), method: TaxMethod::Exclusive },
            is_fixed: false,
        };
    Goods { currency: Currency::USD, lines: (1..).zip(lines).map(line).collect() }
}

pub fn priced(promotions: Vec<Promotion>, goods: &Goods) -> Outcome {
    let set = PromotionSet::new(promotions, Policy::Best, None);
    let context = PricingContext::anonymous(now(), now().date());
    let outcome = evaluate(&set, goods, &context, NODES_MAX).unwrap();
    check(goods, &outcome);
    outcome
}

/// Parts add up to wholes.
pub fn check(goods: &Goods, outcome: &Outcome) {
    let mut nets: BTreeMap<Arc<str>, i64> = BTreeMap::new();
    for unit in &outcome.units {
        let parts: i64 = unit.parts.iter().map(|part| part.amount).sum();
        assert_eq!(unit.price - parts, unit.net);
        *nets.entry(goods.lines[unit.line].tax_class.clone()).or_default() += unit.net;
    }
    let added = outcome.taxes.iter().filter(|tax| tax.method == TaxMethod::Exclusive);
    let added: i64 = added.map(|tax| tax.tax.minor()).sum();
    assert_eq!(outcome.net + added, outcome.total);
    assert_eq!(nets.values().sum::<i64>(), outcome.net);
    for tax in &outcome.taxes {
        assert_eq!(nets[&tax.class], tax.base.minor());
    }
}

fn with_others(mut promotion: Promotion) -> Promotion {
    promotion.combine = Combine::WithOthers;
    promotion
}

#[test]
fn the_order_of_two_promotions_of_the_order_is_the_best_one() {
    let percent = order(0, OrderAward::PercentOff(BasisPoints(1000)));
    let amount = order(0, OrderAward::AmountOff(28_850));
    let promotions = vec![
        with_others(promotion("percent", Rule::Order(percent))),
        with_others(promotion("amount", Rule::Order(amount))),
    ];
    let basket = goods(&[("a", 1, 10_000, 15), ("b", 1, 10_000, 0), ("c", 1, 10_000, 0)]);
    assert_eq!(priced(promotions, &basket).total, 0);
}

#[test]
fn what_is_free_is_not_lowered_again() {
    let free = UnitAward::PercentOff(BasisPoints(10_000));
    let mut five = order(0, OrderAward::AmountOff(500));
    five.items = items(&["a", "b"]);
    let promotions =
        vec![promotion("free", each(items(&["a"]), free)), promotion("five", Rule::Order(five))];
    let basket = goods(&[("a", 1, 1000, 10), ("b", 1, 1000, 20)]);
    assert_eq!(priced(promotions, &basket).total, 700);
}

#[test]
fn an_items_promotion_is_declined_where_the_order_comes_out_cheaper() {
    let promotions = vec![
        promotion("b", each(items(&["b"]), UnitAward::AmountOff(200))),
        promotion("order", Rule::Order(order(5000, OrderAward::AmountOff(300)))),
    ];
    let basket = goods(&[("a", 1, 3000, 0), ("b", 1, 2100, 0)]);
    let outcome = priced(promotions, &basket);
    assert_eq!((outcome.total, outcome.certificate.is_optimal), (4800, true));
}

#[test]
fn groups_of_several_kinds_share_the_units() {
    let promotions = vec![
        promotion("three", group(&[(items(&["a", "b"]), 3)], GroupAward::Price(5000))),
        promotion(
            "pair",
            group(&[(items(&["a"]), 1), (items(&["b"]), 1)], GroupAward::AmountOff(700)),
        ),
    ];
    let basket = goods(&[("a", 4, 2000, 5), ("b", 3, 1900, 5)]);
    assert_eq!(priced(promotions, &basket).total, 11_970, "two pairs, and three of what is left");
}

#[test]
fn of_equal_takers_the_first_item_goes_first() {
    let mut two =
        group(&[(Selector::default(), 2), (Selector::default(), 2)], GroupAward::AmountOff(25));
    if let Rule::Group(group) = &mut two {
        group.slots[0].reusable = true;
    }
    let mut basket = goods(&[("grape", 3, 100, 0), ("apple", 1, 20, 5)]);
    basket.lines.iter_mut().for_each(|line| line.tax.method = TaxMethod::Inclusive);
    let outcome = priced(vec![promotion("p1", two)], &basket);
    let taken: Vec<bool> = outcome.units.iter().map(|unit| unit.taken_by.is_some()).collect();
    assert_eq!((outcome.total, taken), (295, vec![true, false, false, true]));
}
