mod examples;

use std::sync::Arc;

use super::*;
use crate::promotion::evaluate::{NODES_MAX, evaluate};
use crate::promotion::rule::*;
use crate::promotion::set::Policy;
use crate::promotion::tests::random::Shop;
use crate::promotion::{Member, PricingContext};
use crate::transaction::TenderTypeId;
use crate::{Currency, ItemId, MemberId, PromotionId};

fn report(shop: &Shop) -> GuardReport {
    let Shop { set, catalogue, taxes, .. } = shop;
    let day = crate::promotion::solve::tests::now().date();
    check(GuardRequest { set, catalogue, taxes, day, nodes: NODES_MAX }).unwrap()
}

/// The set of a made-up shop without what looks at amounts, which a better price may spoil.
fn without_thresholds(shop: &Shop) -> PromotionSet {
    let promotions = shop.set.promotions().iter().cloned();
    let has_none = |promotion: &Promotion| match &promotion.rule {
        Rule::Each(each) => each.spend.is_none(),
        Rule::Group(group) => group.spend.is_none(),
        Rule::Order(_) => false,
        Rule::Reward(_) | Rule::NoPromotion(_) => true,
    };
    shop.set.with(promotions.filter(has_none).collect())
}

#[test]
fn what_never_fires_never_does_and_what_is_shadowed_is_not_missed() {
    let (mut never, mut shadowed) = (0, 0);
    for seed in 0..4_000 {
        let mut shop = Shop::new(seed);
        shop.set = without_thresholds(&shop);
        // Something to be shadowed: a promotion once more.
        let mut promotions = shop.set.promotions().to_vec();
        promotions.extend(
            promotions
                .first()
                .cloned()
                .map(|first| Promotion { id: PromotionId::new("q").unwrap(), ..first }),
        );
        shop.set = shop.set.with(promotions);
        let outcome = evaluate(&shop.set, &shop.goods, &shop.context, NODES_MAX).unwrap();
        for finding in report(&shop).findings {
            let id = &finding.promotions[0];
            match finding.code {
                FindingCode::NoItemMatches
                | FindingCode::Over
                | FindingCode::NoSuchDay
                | FindingCode::LimitTooLow
                | FindingCode::LowersNothing
                | FindingCode::OutOfReach => {
                    let is_used = outcome.applied.iter().any(|applied| applied.promotion == *id);
                    assert!(!is_used, "seed {seed}: {finding:?}");
                    never += 1;
                }
                FindingCode::Shadowed => {
                    let others = shop.set.promotions().iter().filter(|other| other.id != *id);
                    let set = shop.set.with(others.cloned().collect());
                    let without = evaluate(&set, &shop.goods, &shop.context, NODES_MAX).unwrap();
                    let of = shop.set.find(id);
                    assert_eq!(without.total, outcome.total, "seed {seed}: {finding:?} {of:?}");
                    shadowed += 1;
                }
                _ => {}
            }
        }
    }
    println!("{never} never fire, {shadowed} are shadowed");
    assert!(never > 500 && shadowed > 200);
}

/// A basket of a finding, bought by the customer that it names.
fn bought(shop: &Shop, basket: &ExampleBasket) -> crate::promotion::outcome::Outcome {
    let lines = (1..).zip(&basket.lines).map(|(number, example)| {
        let item = shop.catalogue.item(&example.item).unwrap();
        crate::promotion::tests::random::line(item, example.count.into(), number, &shop.taxes)
    });
    let goods = crate::promotion::goods::Goods { currency: Currency::USD, lines: lines.collect() };
    let tier = basket.tier.as_deref().map(Arc::from);
    let now = crate::promotion::solve::tests::now();
    let context = PricingContext {
        tender_intended: basket.tender.as_deref().map(|it| TenderTypeId::new(it).unwrap()),
        member: Some(Member { id: MemberId::new("m").unwrap(), tier, points: 1_000_000 }),
        is_employee: true,
        coupons: basket.coupons.iter().map(|code| Arc::from(code.as_str())).collect(),
        ..PricingContext::anonymous(now, now.date())
    };
    evaluate(&shop.set, &goods, &context, NODES_MAX).unwrap()
}

#[test]
fn every_basket_that_is_shown_loses_what_is_said() {
    let (mut below_cost, mut below_floor) = (0, 0);
    for seed in 0..1_500 {
        let shop = Shop::with_costs(seed);
        let found = report(&shop);
        assert!(found.is_cost_checked && found.is_floor_price_checked);
        for finding in found.findings {
            let Some(basket) = &finding.basket else { continue };
            let outcome = bought(&shop, basket);
            assert_eq!(outcome.total, basket.total.minor(), "seed {seed}: {finding:?}");
            assert_eq!(outcome.net, basket.net.minor(), "seed {seed}: {finding:?}");
            for id in &finding.promotions {
                let is_used = outcome.applied.iter().any(|applied| applied.promotion == *id);
                assert!(is_used, "seed {seed}: {finding:?}");
            }
            let lowest = |line: usize| {
                let units = outcome.units.iter().filter(|unit| unit.line == line);
                units.map(|unit| unit.net).min().unwrap()
            };
            match finding.code {
                FindingCode::BelowCost => {
                    let cost = basket.cost.unwrap().minor();
                    let shelf: i64 = basket
                        .lines
                        .iter()
                        .map(|line| line.unit_price.minor() * i64::from(line.count))
                        .sum();
                    assert!(outcome.net < cost && cost <= shelf, "seed {seed}: {finding:?}");
                    below_cost += 1;
                }
                _ => {
                    let mut lines = basket.lines.iter().enumerate();
                    let is_below = lines.any(|(place, line)| {
                        line.floor_price.is_some_and(|floor| lowest(place) < floor.minor())
                    });
                    assert!(is_below, "seed {seed}: {finding:?}");
                    below_floor += 1;
                }
            }
        }
    }
    println!("{below_cost} below cost, {below_floor} below the lowest price");
    assert!(below_cost > 300 && below_floor > 300);
}

#[test]
fn without_costs_it_says_that_it_did_not_check_them() {
    let found = report(&Shop::new(1));
    assert!(!found.is_cost_checked && !found.is_floor_price_checked);
    let said: Vec<_> = found.not_checked().into_iter().map(|text| text.en.to_string()).collect();
    assert_eq!(
        said,
        [
            "The catalogue has no costs: whether anything sells below cost was not checked",
            "The catalogue has no lowest prices: whether anything sells below them was not checked",
        ]
    );
    assert!(
        Shop::with_costs(1).catalogue.item(&ItemId::new("a").unwrap()).unwrap().cost().is_some()
    );
}
