//! The brute force against cases worked out by hand.

use store_core::promotion::PricingContext;
use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::goods::Goods;
use store_core::promotion::rule::{
    Combine, Counts, Coupon, Favour, GroupAward, Limits, OrderAward, Promotion, Reward,
    RewardAward, Rule, UnitAward,
};
use store_core::tax::TaxMethod;

use crate::booking::fault;
use crate::brute::{Basket, Best, best};
use crate::generate::Case;
use crate::make::{
    FREE, context, each, goods, group, items, order, order_percent, percent, promotion, set, slot,
    tax, with_others,
};
use crate::verdict::of_brute_force;

fn solve(promotions: Vec<Promotion>, goods: &Goods, context: &PricingContext) -> Best {
    let set = set(promotions);
    let basket = Basket::new(&set, goods, context);
    best(&basket)
}

fn total(promotions: Vec<Promotion>, goods: &Goods) -> i64 {
    solve(promotions, goods, &context()).total
}

#[test]
fn an_items_promotion_is_declined_where_the_order_is_worth_more() {
    let off = promotion("b", each(items(&["b"]), UnitAward::AmountOff(200)));
    let order = order(items(&[]), 5000, OrderAward::AmountOff(300));
    let order = promotion("order", Rule::Order(order));
    assert_eq!(total(vec![off, order], &goods(&[("a", 1, 3000), ("b", 1, 2100)])), 4800);
}

#[test]
fn the_second_one_is_twenty_percent_off() {
    let award = GroupAward::Cheapest { count: 1, award: percent(20) };
    let second = || promotion("second", Rule::Group(group(vec![slot(items(&["m"]), 2)], award)));
    assert_eq!(total(vec![second()], &goods(&[("m", 1, 50)])), 50);
    assert_eq!(total(vec![second()], &goods(&[("m", 2, 50)])), 90);
    assert_eq!(total(vec![second()], &goods(&[("m", 5, 50)])), 230);
    let any = Rule::Group(group(vec![slot(items(&[]), 2)], award));
    // Dearest with dearest: 20 % of 80 and of 10.
    let four = goods(&[("a", 1, 100), ("b", 1, 80), ("c", 1, 20), ("d", 1, 10)]);
    assert_eq!(total(vec![promotion("any", any)], &four), 210 - 16 - 2);
}

#[test]
fn the_retailer_gives_away_the_cheapest_of_all() {
    let award = GroupAward::Cheapest { count: 1, award: FREE };
    let four = goods(&[("a", 1, 100), ("b", 1, 80), ("c", 1, 20), ("d", 1, 10)]);
    let two = |favour| {
        let mut two = group(vec![slot(items(&[]), 2)], award);
        two.favour = favour;
        promotion("two", Rule::Group(two))
    };
    assert_eq!(total(vec![two(Favour::Customer)], &four), 210 - 80 - 10);
    // One group of the two dearest gives 80; two groups give 20 and 10: the customer asks for one.
    assert_eq!(total(vec![two(Favour::Retailer)], &four), 210 - 80);
}

#[test]
fn a_coupon_that_changes_nothing_is_kept() {
    let free = promotion("free", each(items(&["a"]), FREE));
    let mut coupon = promotion("coupon", Rule::Order(order(items(&[]), 0, order_percent(50))));
    coupon.coupon = Some(Coupon::Code("HALF".into()));
    let shown = PricingContext { coupons: vec!["HALF".into()], ..context() };
    let one = goods(&[("a", 1, 100)]);
    let kept = solve(vec![free, coupon.clone()], &one, &shown);
    assert_eq!((kept.total, kept.limited_uses, kept.used), (0, 0, 0b10));
    let used = solve(vec![coupon.clone()], &one, &shown);
    assert_eq!((used.total, used.limited_uses), (50, 1));
    assert_eq!(total(vec![coupon], &one), 100);
}

#[test]
fn caps_and_limits_cut() {
    let one = |cap, per_basket| {
        let mut one = promotion("one", each(items(&[]), percent(50)));
        one.cap = cap;
        one.limits = Limits { per_basket, ..Limits::default() };
        one
    };
    let three = goods(&[("a", 1, 100), ("b", 2, 60)]);
    assert_eq!(total(vec![one(None, None)], &three), 110);
    assert_eq!(total(vec![one(Some(70), None)], &three), 150);
    assert_eq!(total(vec![one(None, Some(2))], &three), 140);
}

#[test]
fn on_top_comes_after_and_only_on_those_that_go_with_others() {
    let base = promotion("base", each(items(&["a"]), percent(10)));
    let mut top = promotion("top", each(items(&[]), percent(10)));
    top.combine = Combine::OnTop(1);
    let two = goods(&[("a", 1, 1000), ("b", 1, 100)]);
    // Alone: either 100 off the a and 10 on top of b, or on top of both: 110 as well.
    assert_eq!(total(vec![base.clone(), top.clone()], &two), 990);
    assert_eq!(total(vec![with_others(base), top], &two), 1100 - 100 - 90 - 10);
}

#[test]
fn what_unique_codes_begin_with_is_no_code() {
    let mut each = promotion("each", each(items(&[]), percent(50)));
    each.coupon = Some(Coupon::Unique("U-".into()));
    let case = |coupons: &[&str]| {
        let coupons = coupons.iter().map(|code| (*code).into()).collect();
        let context = PricingContext { coupons, ..context() };
        Case { set: set([each.clone()]), goods: goods(&[("a", 3, 100)]), context }
    };
    for (shown, total) in [(&["U-"][..], 300), (&["U-", "U-1"], 250), (&["U-1", "U-2"], 200)] {
        let case = case(shown);
        let outcome = evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap();
        assert_eq!((outcome.total, of_brute_force(&case).total), (total, total), "{shown:?}");
    }
}

/// What promotions took off each unit and what is booked for it, at ten percent on top.
fn booked(promotions: Vec<Promotion>, mut goods: Goods) -> (i64, Vec<(Vec<i64>, i64)>) {
    for line in &mut goods.lines {
        line.tax = tax("10", TaxMethod::Exclusive);
    }
    let case = Case { set: set(promotions), goods, context: context() };
    let outcome = evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap();
    assert_eq!(fault(&case, &outcome), None);
    let parts = |unit: &store_core::promotion::outcome::UnitOutcome| {
        unit.parts.iter().map(|part| part.amount).collect()
    };
    (outcome.total, outcome.units.iter().map(|unit| (parts(unit), unit.net)).collect())
}

#[test]
fn added_tax_that_is_rounded_anew_makes_no_unit_dearer() {
    // 25 and 3 of tax; 8 of the 9 that a costs with its tax leave 20, of which 2 are tax: the net
    // falls by 7, all of it off a.
    let eight = || promotion("a", Rule::Order(order(items(&["a"]), 0, OrderAward::AmountOff(8))));
    let three = goods(&[("a", 1, 8), ("b", 1, 8), ("c", 1, 9)]);
    let (total, units) = booked(vec![eight()], three);
    assert_eq!((total, units), (20, vec![(vec![7], 1), (vec![], 8), (vec![], 9)]));
    // 12 and 1 of tax, which a carries: it is first among bins as large. Free, it leaves 8, of
    // which 1 is tax. The net falls by 5, and a has only 4: the dearest other carries the fifth.
    let free = promotion("a", Rule::Order(order(items(&["a"]), 0, order_percent(100))));
    let points = |id: &str| {
        let award = RewardAward::Points(1);
        let (counts, items) = (Counts::Amount, items(&[id]));
        promotion(id, Rule::Reward(Reward { items, counts, from: 0, award }))
    };
    let three = goods(&[("a", 1, 4), ("b", 1, 4), ("c", 1, 4)]);
    let (total, units) = booked(vec![free, points("b"), points("c")], three);
    assert_eq!((total, units), (8, vec![(vec![4], 0), (vec![1], 3), (vec![], 4)]));
}
