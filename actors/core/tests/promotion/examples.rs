//! Baskets that were published because engines price them by the order in which they happen to
//! apply what they know, and the one of the brief.

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::rule::{OrderAward, Promotion, Rule, UnitAward};
use store_core::tax::{TaxMethod, TaxRate};

use crate::generate::Case;
use crate::make::{
    FREE, context, each, goods, items, no_tax, order, order_percent, promotion, set, tax,
    with_others,
};
use crate::verdict::{of_brute_force, of_outcome};

/// What both engines say, where they say the same.
fn price(
    promotions: impl IntoIterator<Item = Promotion>,
    goods: Goods,
) -> (i64, Vec<(String, i64)>) {
    let case = Case { set: set(promotions), goods, context: context() };
    let outcome = evaluate(&case.set, &case.goods, &case.context, NODES_MAX).unwrap();
    assert_eq!(of_outcome(&case, &outcome), of_brute_force(&case));
    assert!(outcome.certificate.is_optimal && outcome.certificate.bound == outcome.total);
    let applied = outcome.applied.iter();
    (outcome.total, applied.map(|one| (one.promotion.to_string(), one.amount)).collect())
}

fn taxed(goods: Goods, taxes: &[(&str, TaxRate)]) -> Goods {
    let line = |(line, (class, tax)): (GoodsLine, &(&str, TaxRate))| GoodsLine {
        tax_class: (*class).into(),
        tax: *tax,
        ..line
    };
    Goods { lines: goods.lines.into_iter().zip(taxes).map(line).collect(), ..goods }
}

#[test]
fn ten_percent_and_288_50_off_leave_nothing_to_pay() {
    // 100 with 15 % on top, 100 and 100: 315 to pay. 288.50 first leaves 26.50, a tenth off that
    // 23.85; a tenth first leaves 283.50, which 288.50 pays in full.
    let ten = promotion("ten", Rule::Order(order(items(&[]), 0, order_percent(10))));
    let much = promotion("much", Rule::Order(order(items(&[]), 0, OrderAward::AmountOff(28_850))));
    let lines = goods(&[("a", 1, 10_000), ("b", 1, 10_000), ("c", 1, 10_000)]);
    let exclusive = ("fifteen", tax("15", TaxMethod::Exclusive));
    let lines = taxed(lines, &[exclusive, ("none", no_tax()), ("none", no_tax())]);
    let (total, applied) = price([with_others(ten), with_others(much)], lines);
    assert_eq!(total, 0);
    assert_eq!(applied, [("much".to_owned(), 28_350), ("ten".to_owned(), 3_150)]);
}

#[test]
fn five_off_what_is_to_pay_is_not_spent_on_what_is_free() {
    // A is free, B costs 12 with its tax, and 5 are off that: 7, not 9.40.
    let free = promotion("a-free", each(items(&["a"]), FREE));
    let five = order(items(&["a", "b"]), 0, OrderAward::AmountOff(500));
    let five = promotion("five", Rule::Order(five));
    let lines = goods(&[("a", 1, 1_000), ("b", 1, 1_000)]);
    let taxes =
        [("ten", tax("10", TaxMethod::Exclusive)), ("twenty", tax("20", TaxMethod::Exclusive))];
    let (total, applied) = price([free, five], taxed(lines, &taxes));
    assert_eq!(total, 700);
    assert_eq!(applied, [("a-free".to_owned(), 1_100), ("five".to_owned(), 500)]);
}

#[test]
fn a_reduction_is_declined_that_would_cost_a_larger_one() {
    let two_hundred = promotion("b", each(items(&["b"]), UnitAward::AmountOff(200)));
    let order = order(items(&[]), 5_000, OrderAward::AmountOff(300));
    let order = promotion("order", Rule::Order(order));
    let (total, applied) = price([two_hundred, order], goods(&[("a", 1, 3_000), ("b", 1, 2_100)]));
    assert_eq!(total, 4_800);
    assert_eq!(applied, [("order".to_owned(), 300)]);
}
