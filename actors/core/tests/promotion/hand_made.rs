//! The brute force against cases worked out by hand.

use store_core::promotion::PricingContext;
use store_core::promotion::goods::Goods;
use store_core::promotion::rule::{
    Combine, Coupon, Favour, GroupAward, Limits, OrderAward, Promotion, Rule, UnitAward,
};

use crate::brute::{Basket, Best, best};
use crate::make::{
    FREE, context, each, goods, group, items, order, order_percent, percent, promotion, set, slot,
    with_others,
};

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
