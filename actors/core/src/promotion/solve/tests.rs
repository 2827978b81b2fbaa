mod agree;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::promotion::PricingContext;
use crate::promotion::evaluate::{NODES_MAX, evaluate};
use crate::promotion::goods::{Goods, GoodsLine};
use crate::promotion::outcome::Outcome;
use crate::promotion::rule::*;
use crate::promotion::set::{Policy, PromotionSet};
use crate::tax::{TaxMethod, TaxRate};
use crate::{BootId, Currency, ItemId, LineNumber, MoneyError, Now, PromotionId, Quantity};

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

#[test]
fn a_pallet_of_one_item_is_proven() {
    let half = UnitAward::PercentOff(BasisPoints(5000));
    let promotions = vec![
        promotion("each", each(items(&["a"]), UnitAward::PercentOff(BasisPoints(2000)))),
        promotion(
            "second",
            group(&[(items(&["a"]), 2)], GroupAward::Cheapest { count: 1, award: half }),
        ),
        promotion("seven", group(&[(items(&["a"]), 7)], GroupAward::Price(500))),
    ];
    let outcome = priced(promotions, &goods(&[("a", 9_999, 100, 0)]));
    // 1,428 times seven for 500; of the three that are left two as a pair, one by itself.
    assert_eq!(outcome.total, 1428 * 500 + 150 + 80);
    assert!(outcome.certificate.is_optimal);
}

#[test]
fn what_is_too_much_to_be_searched_is_answered_and_says_so() {
    let names: Vec<String> = (0..100).map(|number| format!("i{number}")).collect();
    let lines: Vec<(&str, i64, i64, i64)> = (names.iter().zip(0_i64..))
        .map(|(name, number)| (name.as_str(), 1, 1000 + number * number * 37 % 997, 0))
        .collect();
    let promotions = (0..12).map(|number| {
        let fits = |place: &usize| (place * 7 + number * 13) % 5 < 3;
        let some: Vec<&str> = (0..100).filter(fits).map(|place| names[place].as_str()).collect();
        let others: Vec<&str> =
            (0..100).filter(|it| !fits(it)).map(|it| names[it].as_str()).collect();
        let count = 2 + u32::try_from(number).unwrap() % 3;
        let off = GroupAward::AmountOff(300 + i64::try_from(number).unwrap() * 61);
        promotion(&format!("p{number}"), group(&[(items(&some), count), (items(&others), 1)], off))
    });
    let outcome = priced(promotions.collect(), &goods(&lines));
    let certificate = outcome.certificate;
    assert!(!certificate.is_optimal && certificate.bound < outcome.total);
    assert!(certificate.nodes < 20 * NODES_MAX, "{certificate:?}");
    let all: i64 = lines.iter().map(|(_, _, price, _)| price).sum();
    assert!(outcome.total < all, "what was found is better than nothing");
}

#[test]
fn absurd_numbers_are_refused_and_absurd_awards_are_cut() {
    let set = PromotionSet::new(
        vec![
            promotion("a", each(Selector::default(), UnitAward::Price(i64::MAX))),
            promotion("b", each(Selector::default(), UnitAward::AmountOff(i64::MAX))),
            promotion("c", group(&[(Selector::default(), u32::MAX)], GroupAward::Price(i64::MAX))),
            promotion("d", group(&[(Selector::default(), 2)], GroupAward::AmountOff(i64::MAX))),
            promotion("e", Rule::Order(order(i64::MIN, OrderAward::AmountOff(i64::MAX)))),
            promotion("f", Rule::Order(order(0, OrderAward::PercentOff(BasisPoints(u32::MAX))))),
        ],
        Policy::Best,
        None,
    );
    let context = PricingContext::anonymous(now(), now().date());
    let price = |goods: &Goods| evaluate(&set, goods, &context, NODES_MAX);
    let mut basket = goods(&[("a", 3, 300_000_000_000_000, 5)]);
    assert_eq!(price(&basket).unwrap().total, 0, "all of it is taken off");
    basket.lines[0].amount = -1;
    assert_eq!(price(&basket).unwrap_err(), MoneyError::BadAmount);
    basket.lines[0].amount = 1_000_000_000_000_001;
    assert_eq!(price(&basket).unwrap_err(), MoneyError::TooLarge);
    assert_eq!(price(&goods(&[("a", 20_001, 1, 0)])).unwrap_err(), MoneyError::TooLarge);
    let most = goods(&[("a", 10_000, 1, 0), ("b", 9_999, 1, 0)]);
    assert_eq!(price(&most).unwrap().total, 0);
}

#[test]
fn a_threshold_of_many_lines_is_just_reached() {
    let names: Vec<String> = (0..40).map(|number| format!("i{number}")).collect();
    let prices = (0..40).map(|number| 101 + number * number * 37 % 97);
    let lines: Vec<(&str, i64, i64, i64)> =
        names.iter().zip(prices).map(|(name, price)| (name.as_str(), 1, price, 0)).collect();
    let all: i64 = lines.iter().map(|(_, _, price, _)| price).sum();
    let from = all - all / 20;
    let promotions = vec![
        promotion("tenth", each(Selector::default(), UnitAward::PercentOff(BasisPoints(1_000)))),
        promotion("order", Rule::Order(order(from, OrderAward::AmountOff(700)))),
    ];
    let outcome = priced(promotions, &goods(&lines));
    assert!(outcome.certificate.is_optimal, "{:?}", outcome.certificate);
    assert_eq!(outcome.total, from - 700, "units give up exactly what the threshold needs");
}

#[test]
fn points_for_many_uses_go_as_far_as_they_go() {
    let names: Vec<String> = (0..20).map(|number| format!("i{number:02}")).collect();
    let lines: Vec<(&str, i64, i64, i64)> =
        names.iter().map(|name| (name.as_str(), 1, 1_000, 0)).collect();
    let mut half =
        promotion("half", each(Selector::default(), UnitAward::PercentOff(BasisPoints(5_000))));
    half.cost_points = 5_000;
    let set = PromotionSet::new(vec![half], Policy::Best, None);
    let mut context = PricingContext::anonymous(now(), now().date());
    let id = crate::MemberId::new("m").unwrap();
    context.member = Some(crate::promotion::Member { id, tier: None, points: 40_000 });
    let goods = goods(&lines);
    let outcome = evaluate(&set, &goods, &context, NODES_MAX).unwrap();
    check(&goods, &outcome);
    assert_eq!((outcome.total, outcome.points_spent), (16_000, 40_000));
    assert!(outcome.certificate.bound <= outcome.total, "{:?}", outcome.certificate);
}
