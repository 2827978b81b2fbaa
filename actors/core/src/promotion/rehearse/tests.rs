use super::*;
use crate::promotion::evaluate::NODES_MAX;
use crate::promotion::rule::{BasisPoints, OrderAward, UnitAward};
use crate::promotion::set::Policy;
use crate::promotion::solve::tests::{each, goods, items, now, order, promotion};

fn basket(name: &str, lines: &[(&str, i64, i64)]) -> RehearsedBasket {
    let lines: Vec<_> = lines.iter().map(|(id, pieces, price)| (*id, *pieces, *price, 0)).collect();
    RehearsedBasket {
        name: name.to_owned(),
        goods: goods(&lines),
        context: PricingContext::anonymous(now(), now().date()),
    }
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn set(percent: u32) -> PromotionSet {
    let off = each(items(&["a"]), UnitAward::PercentOff(BasisPoints(percent * 100)));
    let hundred = Rule::Order(order(1000, OrderAward::AmountOff(100)));
    let promotions = vec![promotion("a-off", off), promotion("hundred", hundred)];
    PromotionSet::new(promotions, Policy::Best, None)
}

fn report(baskets: &[RehearsedBasket], cost: &dyn Fn(&ItemId) -> Option<Money>) -> RehearsalReport {
    let (before, after) = (set(10), set(50));
    let mut rehearsal = Rehearsal::new(Currency::USD, cost, NODES_MAX);
    for basket in baskets {
        rehearsal.add(basket, &before, &after).unwrap();
    }
    rehearsal.report().unwrap()
}

#[test]
fn baskets_are_added_up_under_both_sets() {
    let cost = |item: &ItemId| (item.as_str() != "c").then(|| usd(60));
    let baskets = [
        basket("1", &[("a", 2, 100)]),
        basket("2", &[("b", 10, 120)]),
        basket("3", &[("c", 1, 80)]),
        basket("4", &[("a", 1, 100), ("c", 1, 80)]),
    ];
    let report = report(&baskets, &cost);
    // 180 + 1100 + 80 + 170 and 100 + 1100 + 80 + 130.
    assert_eq!((report.before.total, report.after.total), (usd(1530), usd(1410)));
    assert_eq!(report.before.average, Some(usd(383)));
    assert_eq!(report.after.average, Some(usd(353)));
    assert_eq!((report.baskets, report.changed, report.baskets_with_costs), (4, 2, 2));
    // 180 + 1100 less 12 × 60; and 100 + 1100.
    assert_eq!(report.before.margin, Some(usd(560)));
    assert_eq!(report.after.margin, Some(usd(480)));
    assert_eq!((report.before.below_cost, report.after.below_cost), (Some(0), Some(1)));
    let changes: Vec<_> = report.changes.iter().map(|it| (&*it.basket, it.difference)).collect();
    assert_eq!(changes, [("1", usd(-80)), ("4", usd(-40))]);
    assert_eq!(&*report.changes[0].text.en, "1: $1.80 → $1.00 (−$0.80)");
    let promotions: Vec<_> =
        report.promotions.iter().map(|it| (it.promotion.as_str(), it.baskets, it.amount)).collect();
    assert_eq!(promotions, [("a-off", 2, usd(150)), ("hundred", 1, usd(100))]);
    assert_eq!(report.unproven, Vec::<String>::new());
}

#[test]
fn only_the_ten_largest_changes_are_named() {
    let baskets: Vec<RehearsedBasket> =
        (1..=15).map(|pieces| basket(&pieces.to_string(), &[("a", pieces, 10)])).collect();
    let report = report(&baskets, &|_| None);
    let named: Vec<&str> = report.changes.iter().map(|change| &*change.basket).collect();
    assert_eq!(named, ["15", "14", "13", "12", "11", "10", "9", "8", "7", "6"]);
    assert_eq!(report.changed, 15);
    assert_eq!((report.after.margin, report.after.below_cost), (None, None));
}

#[test]
fn a_basket_of_another_currency_is_refused() {
    let (before, after) = (set(10), set(50));
    let mut rehearsal = Rehearsal::new(Currency::TWD, &|_| None, NODES_MAX);
    let refused = rehearsal.add(&basket("1", &[("a", 1, 100)]), &before, &after);
    assert_eq!(refused, Err(MoneyError::CurrencyMismatch));
}
