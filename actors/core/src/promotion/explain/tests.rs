mod examples;

use std::collections::BTreeMap;

use super::*;
use crate::MemberId;
use crate::promotion::Member;
use crate::promotion::evaluate::{NODES_MAX, evaluate};
use crate::promotion::goods::GoodsLine;
use crate::promotion::index::matches;
use crate::promotion::rule::{Coupon, Rule, Selector, Who};
use crate::promotion::scene::covers;
use crate::promotion::tests::random::Shop;
use crate::tax::{TaxMethod, TaxRate};

fn explained(shop: &Shop) -> (Outcome, Explanation) {
    let Shop { set, goods, context, .. } = shop;
    let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
    let explanation = explain(set, goods, context, &outcome, NODES_MAX).unwrap();
    (outcome, explanation)
}

/// What the basket comes to without some promotions, and which are used then.
fn without(shop: &Shop, left_out: &[&PromotionId]) -> (i64, Vec<PromotionId>) {
    let promotions = shop.set.promotions().iter();
    let promotions = promotions.filter(|promotion| !left_out.contains(&&promotion.id));
    let set = shop.set.with(promotions.cloned().collect());
    let outcome = evaluate(&set, &shop.goods, &shop.context, NODES_MAX).unwrap();
    let used = outcome.applied.iter().map(|applied| applied.promotion.clone());
    (outcome.total, used.collect())
}

#[test]
fn parts_add_up_and_every_runner_up_is_the_best_basket_without_the_promotion() {
    let mut runners_up = 0;
    for seed in 0..2_000 {
        let shop = Shop::new(seed);
        let (outcome, explanation) = explained(&shop);
        assert_eq!(explanation.total.minor(), outcome.total, "seed {seed}");
        let (nothing, _) =
            without(&shop, &shop.set.promotions().iter().map(|p| &p.id).collect::<Vec<_>>());
        assert_eq!(explanation.without_promotions.minor(), nothing, "seed {seed}");
        let taken_off: i64 = explanation.applied.iter().map(|it| it.amount.minor()).sum();
        assert_eq!(nothing - taken_off, outcome.total, "seed {seed}");
        let units: Vec<&UnitExplained> =
            explanation.lines.iter().flat_map(|line| &line.units).collect();
        assert_eq!(units.len(), outcome.units.len(), "seed {seed}");
        for (unit, priced) in units.iter().zip(&outcome.units) {
            let parts: i64 = unit.parts.iter().map(|part| part.amount.minor()).sum();
            assert_eq!(unit.price.minor() - parts, unit.net.minor(), "seed {seed}");
            assert_eq!(unit.taken_by.is_some(), priced.taken_by.is_some(), "seed {seed}");
        }
        for applied in &explanation.applied {
            let runner_up = applied.runner_up.as_ref().unwrap();
            let (total, used) = without(&shop, &[&applied.promotion.id]);
            assert_eq!(runner_up.total.minor(), total, "seed {seed}: {applied:?}");
            assert_eq!(runner_up.worse.minor(), total - outcome.total, "seed {seed}");
            for instead in &runner_up.instead {
                assert!(used.contains(&instead.id), "seed {seed}: {applied:?}");
            }
            // What replaces another may make it dearer; else the basket is the best there is.
            let replaces = shop.set.find(&applied.promotion.id).unwrap().1.replaces.clone();
            let may_be_dearer = replaces != crate::promotion::rule::Replaces::Nothing;
            assert!(may_be_dearer || !runner_up.worse.is_negative(), "seed {seed}: {applied:?}");
            runners_up += 1;
        }
    }
    println!("{runners_up} runners-up");
    assert!(runners_up > 900);
}

/// The basket's customer, changed as a reason says.
fn helped(shop: &Shop, promotion: &Promotion, why: &WhyNot) -> Option<PricingContext> {
    let mut context = shop.context.clone();
    let member = |tier: Option<Arc<str>>| {
        Some(Member { id: MemberId::new("m").unwrap(), tier, points: 1000 })
    };
    match why {
        WhyNot::MembersOnly => {
            let tier = match &promotion.who {
                Who::Members(tiers) => tiers.first().cloned(),
                _ => None,
            };
            context.member = member(tier);
        }
        WhyNot::OtherTier { tiers } => context.member = member(tiers.first().cloned()),
        WhyNot::CouponNotShown => context.coupons.push(match promotion.coupon.as_ref()? {
            Coupon::Code(code) => code.clone(),
            Coupon::Unique(prefix) => Arc::from(format!("{prefix}9")),
        }),
        WhyNot::OtherTender { tenders } => context.tender_intended = tenders.first().cloned(),
        WhyNot::PointsMissing => context.member.as_mut()?.points = 1000,
        WhyNot::LimitUsedUp if promotion.limits.per_basket != Some(0) => context.used.clear(),
        _ => return None,
    }
    Some(context)
}

/// Whether a promotion, alone, is used in the basket with more lines; and what is said if not.
fn alone(shop: &Shop, promotion: &Promotion, more: &[GoodsLine]) -> Option<WhyNot> {
    let mut goods = shop.goods.clone();
    goods.lines.extend_from_slice(more);
    let set = shop.set.with(vec![promotion.clone()]);
    let context = &shop.context;
    let outcome = evaluate(&set, &goods, context, NODES_MAX).unwrap();
    let explanation = explain(&set, &goods, context, &outcome, NODES_MAX).unwrap();
    explanation.not_applied.first().map(|not| not.why.clone())
}

/// As many units as are missing are enough, and one fewer are not.
fn check_units(shop: &Shop, promotion: &Promotion, units: u32, seed: u64) {
    let items = match &promotion.rule {
        Rule::Each(each) => &each.items,
        Rule::Group(group) if group.slots.len() == 1 => &group.slots[0].items,
        _ => return,
    };
    let fits = |line: &&GoodsLine| !line.is_fixed && matches(items, line);
    let like = shop.goods.lines.iter().find(fits).unwrap();
    let one = |number: u32| GoodsLine {
        line: crate::LineNumber(number),
        quantity: crate::Quantity::pieces(1).unwrap(),
        amount: like.unit_price,
        ..like.clone()
    };
    let more: Vec<GoodsLine> = (50..50 + units).map(one).collect();
    let is_group_of_same = matches!(&promotion.rule, Rule::Group(group) if group.same_item);
    let enough = alone(shop, promotion, &more);
    assert!(
        is_group_of_same || !matches!(enough, Some(WhyNot::UnitsMissing { .. })),
        "seed {seed}: {promotion:?} {enough:?}"
    );
    let short = alone(shop, promotion, &more[1..]);
    let expected = Some(WhyNot::UnitsMissing { units: 1 });
    assert!(is_group_of_same || short == expected, "seed {seed}: {promotion:?} {short:?}");
}

/// Plain goods for as much as is missing are enough, and for a cent less are not.
fn check_amount(shop: &Shop, promotion: &Promotion, amount: i64, seed: u64) {
    let Rule::Order(order) = &promotion.rule else { return };
    let is_missing = |why: Option<WhyNot>| matches!(why, Some(WhyNot::AmountMissing { .. }));
    if order.items != Selector::default() || !is_missing(alone(shop, promotion, &[])) {
        return;
    }
    let like = shop.goods.lines.first().unwrap();
    let plain = |amount: i64| GoodsLine {
        line: crate::LineNumber(50),
        quantity: crate::Quantity::pieces(1).unwrap(),
        unit_price: amount,
        amount,
        tax_class: Arc::from("none"),
        tax: TaxRate { percent: 0.into(), method: TaxMethod::Inclusive },
        ..like.clone()
    };
    assert!(!is_missing(alone(shop, promotion, &[plain(amount)])), "seed {seed}: {promotion:?}");
    assert!(is_missing(alone(shop, promotion, &[plain(amount - 1)])), "seed {seed}: {promotion:?}");
}

/// Tries that a reason is true.
fn check_reason(shop: &Shop, outcome: &Outcome, not: &NotApplied, seed: u64) {
    let id = &not.promotion.id;
    let (_, promotion) = shop.set.find(id).unwrap();
    match &not.why {
        WhyNot::TakenByBetter { by, worse } | WhyNot::NotTogether { by, worse } => {
            let ids: Vec<&PromotionId> = by.iter().map(|named| &named.id).collect();
            let (total, used) = without(shop, &ids);
            assert!(used.contains(id), "seed {seed}: {not:?}");
            assert_eq!(total - outcome.total, worse.minor(), "seed {seed}: {not:?}");
            assert!(worse.minor() > 0, "seed {seed}: {not:?}");
            for id in ids {
                let is_used = outcome.applied.iter().any(|used| used.promotion == *id);
                assert!(is_used || by.len() > 1, "seed {seed}: {not:?}");
            }
        }
        WhyNot::NoGain { by } => {
            let ids: Vec<&PromotionId> = by.iter().map(|named| &named.id).collect();
            let (total, used) = without(shop, &ids);
            assert!(used.contains(id) && total <= outcome.total, "seed {seed}: {not:?}");
        }
        WhyNot::NotKnown => panic!("seed {seed}: {not:?}"),
        WhyNot::UnitsMissing { units } => check_units(shop, promotion, *units, seed),
        WhyNot::AmountMissing { amount } => check_amount(shop, promotion, amount.minor(), seed),
        why => {
            if let Some(context) = helped(shop, promotion, why) {
                let scene =
                    Scene { set: &shop.set, goods: &shop.goods, context: &context, outcome };
                let mut rivals = Rivals::new(scene, NODES_MAX);
                let again = super::why::why(scene, promotion, &mut rivals);
                // One obstacle is gone; there may be another one behind it.
                assert_ne!(again.unwrap().as_ref(), Some(why), "seed {seed}: {not:?}");
            }
        }
    }
}

#[test]
fn every_reason_is_true() {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..4_000 {
        let shop = Shop::new(seed);
        let (outcome, explanation) = explained(&shop);
        for not in &explanation.not_applied {
            let id = &not.promotion.id;
            let (_, promotion) = shop.set.find(id).unwrap();
            assert!(outcome.applied.iter().all(|applied| applied.promotion != *id));
            assert!(shop.goods.lines.iter().any(|line| covers(promotion, line)), "seed {seed}");
            let code = serde_json::to_value(not).unwrap()["code"].as_str().unwrap().to_owned();
            *codes.entry(code).or_default() += 1;
            check_reason(&shop, &outcome, not, seed);
        }
        // Nothing that is live and touches the basket is passed over in silence.
        let Shop { set, goods, context, .. } = &shop;
        let scene = Scene { set, goods, context, outcome: &outcome };
        for promotion in set.promotions() {
            let touches = goods.lines.iter().any(|line| covers(promotion, line));
            let is_said = explanation.applied.iter().any(|it| it.promotion.id == promotion.id)
                || explanation.not_applied.iter().any(|it| it.promotion.id == promotion.id);
            let is_silent = matches!(promotion.rule, Rule::NoPromotion(_));
            let is_live = scene.is_live(promotion);
            assert!(is_said || !touches || is_silent || !is_live, "seed {seed}: {promotion:?}");
        }
    }
    println!("{codes:?}");
    let members = ["members_only", "other_tier", "points_missing"];
    let conditions = ["coupon_not_shown", "other_tender", "limit_used_up"];
    let goods = ["price_fixed", "replaced", "units_missing", "amount_missing", "saves_nothing"];
    let rivals = ["taken_by_better", "not_together", "no_gain"];
    for code in [&members[..], &conditions, &goods, &rivals].concat() {
        assert!(codes.get(code).is_some_and(|count| *count > 1), "{code}: {codes:?}");
    }
}

#[test]
fn an_explanation_stops_where_its_budget_ends_and_says_so() {
    let (mut cut, mut known) = (0, 0);
    for seed in 0..500 {
        let Shop { set, goods, context, .. } = &Shop::new(seed);
        let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
        let told = explain(set, goods, context, &outcome, 0).unwrap();
        assert_eq!(told.total.minor(), outcome.total, "the price is not looked for again");
        assert!(told.applied.iter().all(|one| one.runner_up.is_none()), "seed {seed}");
        cut += told.not_applied.iter().filter(|not| not.why == WhyNot::NotKnown).count();
        known += told.not_applied.iter().filter(|not| not.why != WhyNot::NotKnown).count();
        let whole = explain(set, goods, context, &outcome, NODES_MAX).unwrap();
        assert_eq!(told.without_promotions, whole.without_promotions);
        assert_eq!(told.not_applied.len(), whole.not_applied.len(), "seed {seed}");
    }
    assert!(cut > 100 && known > 100, "{cut} {known}");
}
