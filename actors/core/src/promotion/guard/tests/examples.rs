//! One set for each thing that may be found.

use super::*;
use crate::StoreId;
use crate::catalogue::import_all;
use crate::promotion::set::PromotionSet;
use crate::promotion::solve::tests::{each, group, items, order, promotion};
use crate::tax::{TaxMethod, TaxRate, TaxTable};

const CATALOGUE: &str = "\
item,description,unit,price,brand,category,tags,cost,floor_price
a,甲,piece,100,north,food,red,60,
b,乙,piece,50,south,food,green,20,45
c,丙,piece,30,south,home,,,
";

fn found(promotions: Vec<Promotion>) -> Vec<Finding> {
    found_in(PromotionSet::new(promotions, Policy::Best, None))
}

fn found_in(set: PromotionSet) -> Vec<Finding> {
    let catalogue = import_all(CATALOGUE.as_bytes(), Currency::TWD).unwrap();
    let taxes = TaxTable::flat(TaxRate { percent: 5.into(), method: TaxMethod::Inclusive });
    let day = "2026-11-24".parse().unwrap();
    let request =
        GuardRequest { set: &set, catalogue: &catalogue, taxes: &taxes, day, nodes: NODES_MAX };
    check(request).unwrap().findings
}

/// The codes with the promotions that they are about.
fn codes(promotions: Vec<Promotion>) -> Vec<(FindingCode, Vec<String>)> {
    named(found(promotions))
}

fn named(findings: Vec<Finding>) -> Vec<(FindingCode, Vec<String>)> {
    let ids = |finding: &Finding| finding.promotions.iter().map(ToString::to_string).collect();
    findings.iter().map(|finding| (finding.code, ids(finding))).collect()
}

fn one(code: FindingCode, ids: &[&str]) -> Vec<(FindingCode, Vec<String>)> {
    vec![(code, ids.iter().map(ToString::to_string).collect())]
}

fn percent(id: &str, goods: &[&str], percent: u32) -> Promotion {
    promotion(id, each(items(goods), UnitAward::PercentOff(BasisPoints(percent * 100))))
}

fn brand(name: &str) -> Selector {
    Selector { brands: vec![Arc::from(name)], ..Selector::default() }
}

#[test]
fn two_that_are_harmless_alone_lose_money_together() {
    let own = Promotion { combine: Combine::WithOthers, ..percent("own", &["a"], 30) };
    let whole = Rule::Order(order(0, OrderAward::PercentOff(BasisPoints(2000))));
    let whole = promotion("whole", whole);
    assert_eq!(codes(vec![own.clone()]), []);
    assert_eq!(named(found(vec![whole.clone()])), one(FindingCode::BelowFloorPrice, &["whole"]));
    let findings = found(vec![own, whole]);
    let below = findings.iter().find(|it| it.code == FindingCode::BelowCost).unwrap();
    assert_eq!(below.severity, Severity::Error);
    assert_eq!(
        (&*below.text.zh, &*below.text.en),
        (
            "「own」、「whole」:商品成本 NT$60,只收 NT$56",
            "“own”, “whole”: goods that cost NT$60 are sold for NT$56"
        )
    );
    let basket = below.basket.as_ref().unwrap();
    assert_eq!(basket.at, "2026-11-24T12:00:00");
    assert_eq!((basket.lines.len(), basket.total.minor()), (1, 56));
    assert_eq!((basket.lines[0].item.as_str(), basket.lines[0].count), ("a", 1));
}

#[test]
fn a_price_below_the_lowest_one_is_found_and_one_at_it_is_not() {
    assert_eq!(codes(vec![percent("ten", &["b"], 10)]), []);
    let findings = found(vec![percent("more", &["b"], 12)]);
    assert_eq!(&*findings[0].text.zh, "「more」:「乙」最低售價 NT$45,只賣 NT$44");
}

#[test]
fn what_nobody_can_ever_use_is_found() {
    let p = || percent("p", &["a"], 10);
    let is = |promotion: Promotion, code| assert_eq!(codes(vec![promotion]), one(code, &["p"]));
    is(percent("p", &["zzz"], 10), FindingCode::NoItemMatches);
    let when = |from: Option<&str>, until: Option<&str>| When {
        from: from.map(|day| day.parse().unwrap()),
        until: until.map(|day| day.parse().unwrap()),
        ..When::default()
    };
    is(Promotion { when: when(None, Some("2026-11-23")), ..p() }, FindingCode::Over);
    assert_eq!(codes(vec![Promotion { when: when(None, Some("2026-11-24")), ..p() }]), []);
    let backwards = when(Some("2026-12-24"), Some("2026-12-01"));
    is(Promotion { when: backwards, ..p() }, FindingCode::NoSuchDay);
    // The 28th and 29th of November 2026 are a weekend.
    let mut monday = when(Some("2026-11-28"), Some("2026-11-29"));
    monday.weekdays = vec![jiff::civil::Weekday::Monday];
    is(Promotion { when: monday, ..p() }, FindingCode::NoSuchDay);
    let limits = |limits: Limits| Promotion { limits, ..p() };
    is(limits(Limits { per_day: Some(0), ..Limits::default() }), FindingCode::LimitTooLow);
    is(limits(Limits { budget: Some(0), ..Limits::default() }), FindingCode::LimitTooLow);
    is(Promotion { cap: Some(0), ..p() }, FindingCode::LimitTooLow);
    let tiers = vec![UnitTier { from: 3, award: UnitAward::AmountOff(5) }];
    let three = Rule::Each(Each { items: items(&["a"]), tiers, spend: None });
    let two = Limits { per_basket: Some(2), ..Limits::default() };
    let three = Promotion { limits: two, ..promotion("p", three) };
    is(three.clone(), FindingCode::LimitTooLow);
    let coupon = Some(Coupon::Code(Arc::from("X")));
    is(Promotion { limits: Limits::default(), coupon, ..three }, FindingCode::LimitTooLow);
    is(promotion("p", each(items(&["a"]), UnitAward::Price(100))), FindingCode::LowersNothing);
    let dear = group(&[(items(&["a"]), 1), (items(&["b"]), 1)], GroupAward::Price(150));
    is(promotion("p", dear), FindingCode::LowersNothing);
    let far = Rule::Order(order(i64::MAX / 2, OrderAward::AmountOff(1)));
    is(promotion("p", far), FindingCode::OutOfReach);
}

#[test]
fn a_share_of_nought_is_a_limit_of_nought_in_that_store() {
    let store = StoreId::new("7").unwrap();
    let shares = [(StoreId::new("8").unwrap(), Share { total: 5, budget: 0 })].into();
    let limits = Limits { total: Some(5), shares, ..Limits::default() };
    let set = PromotionSet::new(
        vec![Promotion { limits, ..percent("p", &["a"], 10) }],
        Policy::Best,
        None,
    );
    assert_eq!(named(found_in(set.clone())), []);
    let here = set.for_store(&store, &[]);
    assert_eq!(named(found_in(here)), one(FindingCode::LimitTooLow, &["p"]));
}

#[test]
fn what_another_one_always_outdoes_is_found() {
    let small = percent("small", &["a"], 10);
    let large = promotion("large", each(brand("north"), UnitAward::PercentOff(BasisPoints(2000))));
    assert_eq!(
        codes(vec![small.clone(), large.clone()]),
        one(FindingCode::Shadowed, &["small", "large"])
    );
    // Not where the better one asks for something, or goes with others less well.
    let card = TenderTypeId::new("card").unwrap();
    let bound = Promotion { tenders: vec![card], ..large.clone() };
    assert_eq!(codes(vec![small.clone(), bound]), []);
    let with_others = Promotion { combine: Combine::WithOthers, ..small.clone() };
    assert_eq!(codes(vec![with_others, large.clone()]), []);
    let limited = Limits { per_basket: Some(1), ..Limits::default() };
    assert_eq!(codes(vec![small.clone(), Promotion { limits: limited, ..large }]), []);
    // Of two that say the same the second is one too many.
    let same = Promotion { id: PromotionId::new("tiny").unwrap(), ..small.clone() };
    assert_eq!(codes(vec![small, same]), one(FindingCode::Shadowed, &["tiny", "small"]));
}

#[test]
fn of_two_that_reuse_what_the_other_took_none_is_pointless() {
    // Of two pieces each lowers one and counts the other; alone it counts none of its own.
    let lowers_one = |id: &str, reusable: bool| {
        let mut rule = group(&[(items(&["c"]), 1), (items(&["c"]), 1)], GroupAward::BySlot);
        if let Rule::Group(group) = &mut rule {
            group.slots[0].award = Some(UnitAward::PercentOff(BasisPoints(5000)));
            group.slots[1].reusable = reusable;
        }
        promotion(id, rule)
    };
    let codes = |reusable| codes(vec![lowers_one("one", reusable), lowers_one("two", reusable)]);
    assert_eq!(codes(false), one(FindingCode::Shadowed, &["two", "one"]));
    assert_eq!(codes(true), []);
}

#[test]
fn of_two_that_group_differently_none_is_pointless() {
    // One groups the dearest with the dearest; two may each have a dear and a cheap one.
    let off = |id: &str, count: u32| {
        let rule = group(&[(items(&["c"]), count)], GroupAward::AmountOff(5));
        promotion(id, rule)
    };
    let codes = |count| codes(vec![off("one", count), off("two", count)]);
    assert_eq!(codes(1), one(FindingCode::Shadowed, &["two", "one"]));
    assert_eq!(codes(2), []);
}

#[test]
fn what_replaces_nothing_and_what_is_always_replaced_are_found() {
    let store = StoreId::new("7").unwrap();
    let here = Place { stores: vec![store.clone()], ..Place::default() };
    let wide = percent("wide", &["a"], 10);
    let none = promotion("none", Rule::NoPromotion(items(&["a"])));
    let none = Promotion { place: here.clone(), replaces: Replaces::Wider, ..none };
    let set = |promotions| PromotionSet::new(promotions, Policy::Best, None).for_store(&store, &[]);
    assert_eq!(
        named(found_in(set(vec![wide.clone(), none.clone()]))),
        one(FindingCode::ReplacedEverywhere, &["wide", "none"])
    );
    assert_eq!(named(found_in(set(vec![none]))), one(FindingCode::ReplacesNothing, &["none"]));
    let these = |id: &str| {
        let replaces = Replaces::These(vec![PromotionId::new(id).unwrap()]);
        Promotion { place: here.clone(), replaces, ..percent("mine", &["a", "b"], 5) }
    };
    let codes = |promotions| named(found_in(set(promotions)));
    let other = percent("other", &["c"], 10);
    let nothing = one(FindingCode::ReplacesNothing, &["mine"]);
    assert_eq!(codes(vec![these("gone"), other.clone()]), nothing);
    assert_eq!(codes(vec![these("other"), other]), nothing);
}

#[test]
fn those_that_are_in_each_others_way_are_found() {
    let class = Some(Arc::from("birthday"));
    let own = Promotion { class: class.clone(), ..percent("own", &["a"], 5) };
    let other = promotion("two", group(&[(items(&["a"]), 2)], GroupAward::AmountOff(5)));
    let other = Promotion { class: class.clone(), ..other };
    assert_eq!(
        codes(vec![own.clone(), other.clone()]),
        one(FindingCode::SameClass, &["own", "two"])
    );
    let apart = Promotion { class, ..percent("apart", &["c"], 5) };
    assert_eq!(codes(vec![own.clone(), apart]), []);
    let alone = Promotion { combine: Combine::Exclusive, class: None, ..own };
    let other = Promotion { class: None, ..other };
    assert_eq!(
        codes(vec![alone.clone(), other.clone()]),
        one(FindingCode::ExclusiveAmongOthers, &["own", "two"])
    );
    let same = Promotion { combine: Combine::Alone, ..alone };
    let set = PromotionSet::new(vec![same, other], Policy::Priority, None);
    assert_eq!(named(found_in(set)), one(FindingCode::SamePriority, &["own", "two"]));
}

#[test]
fn orders_that_cross_are_never_used_together() {
    let of = |id: &str, items: Selector| {
        let rule = Order { items, ..order(10_000, OrderAward::AmountOff(1)) };
        Promotion { combine: Combine::WithOthers, ..promotion(id, Rule::Order(rule)) }
    };
    let food = Selector { categories: vec![Arc::from("food")], ..Selector::default() };
    let crossing = vec![of("food", food.clone()), of("south", brand("south"))];
    assert_eq!(codes(crossing), one(FindingCode::OrdersNotTogether, &["food", "south"]));
    let nested = vec![of("food", food), of("all", Selector::default())];
    assert_eq!(codes(nested), []);
}
