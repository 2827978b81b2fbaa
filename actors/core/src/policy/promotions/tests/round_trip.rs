//! Whatever can be said is the same when it was written and read again.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::policy::promotions::{Promotions, SCHEMA, conditions, read, write, write_set};
use crate::promotion::rule::*;
use crate::promotion::set::{BasePoints, Policy, PromotionSet};
use crate::transaction::TenderTypeId;
use crate::{Currency, ItemId, PromotionId, StoreId};

fn money(least: i64) -> impl Strategy<Value = i64> {
    prop_oneof![least..10_000, Just(1_000_000_000_000)]
}

fn names(all: &'static [&'static str]) -> impl Strategy<Value = Vec<Arc<str>>> {
    subsequence(all.to_vec(), 0..=all.len())
        .prop_map(|names| names.into_iter().map(Arc::from).collect())
}

fn items(all: &'static [&'static str]) -> impl Strategy<Value = Vec<ItemId>> {
    subsequence(all.to_vec(), 0..=all.len())
        .prop_map(|ids| ids.into_iter().map(ItemId::from_static).collect())
}

prop_compose! {
    fn selector()(
        items in items(&["m", "鮮乳", "z"]),
        brands in names(&["光泉", "b"]),
        categories in names(&["飲料", "飲料/鮮乳"]),
        tags in names(&["red", "green"]),
        from in of(money(0)),
        more in of(0..100_i64),
        except in (items(&["x", "y"]), names(&["c"]), names(&["d"]), names(&["e", "f"])),
    ) -> Selector {
        let (left_items, left_brands, left_categories, left_tags) = except;
        let from = from.map(|from| from.min(1_000));
        Selector {
            items, brands, categories, tags,
            price_from: from,
            price_to: more.map(|more| from.unwrap_or_default() + more),
            except: Exclusion {
                items: left_items, brands: left_brands,
                categories: left_categories, tags: left_tags,
            },
        }
    }
}

fn points() -> impl Strategy<Value = BasisPoints> {
    prop_oneof![1..=10_000_u32, Just(10_000)].prop_map(BasisPoints)
}

fn unit_award() -> impl Strategy<Value = UnitAward> {
    prop_oneof![
        points().prop_map(UnitAward::PercentOff),
        money(1).prop_map(UnitAward::AmountOff),
        money(0).prop_map(UnitAward::Price),
    ]
}

fn order_award() -> impl Strategy<Value = OrderAward> {
    let amount = money(1).prop_map(OrderAward::AmountOff);
    prop_oneof![points().prop_map(OrderAward::PercentOff), amount]
}

fn basis() -> impl Strategy<Value = Basis> {
    select(vec![Basis::AfterTax, Basis::BeforeTax])
}

fn spend() -> impl Strategy<Value = Option<Spend>> {
    let spend = (selector(), money(1), basis(), any::<bool>());
    of(spend.prop_map(|(items, amount, basis, is_repeatable)| Spend {
        items,
        amount,
        basis,
        is_repeatable,
    }))
}

/// Thresholds that ascend.
fn ascending(least: i64, most: i64) -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::btree_set(least..most, 1..5).prop_map(|set| set.into_iter().collect())
}

fn each() -> impl Strategy<Value = Each> {
    let tiers = (ascending(1, 9), vec(unit_award(), 5)).prop_map(|(from, awards)| {
        let tiers = from.into_iter().zip(awards);
        tiers.map(|(from, award)| UnitTier { from: from.try_into().unwrap(), award }).collect()
    });
    (selector(), tiers, spend()).prop_map(|(items, tiers, spend)| Each { items, tiers, spend })
}

fn group() -> impl Strategy<Value = Group> {
    let slot = (selector(), 1..5_u32, of(unit_award()), any::<bool>());
    let award = prop_oneof![
        Just(GroupAward::BySlot),
        money(0).prop_map(GroupAward::Price),
        points().prop_map(GroupAward::PercentOff),
        money(1).prop_map(GroupAward::AmountOff),
        unit_award().prop_map(|award| GroupAward::Cheapest { count: 1, award }),
        unit_award().prop_map(|award| GroupAward::Dearest { count: 1, award }),
    ];
    let rest = (any::<[bool; 3]>(), spend(), unit_award());
    (vec(slot, 1..4), award, rest).prop_map(|(slots, award, (flags, spend, usual))| {
        let [same_item, is_retailer, is_all] = flags;
        let by_slot = award == GroupAward::BySlot;
        let slots = slots.into_iter().enumerate();
        let slots = slots.map(|(index, (items, count, award, reusable))| {
            let reusable = reusable && index > 0;
            let award = award.filter(|_| by_slot && !reusable);
            // The first one gives something if nobody else does.
            let award = award.or((by_slot && index == 0).then_some(usual));
            Slot { items, count, award, reusable }
        });
        Group {
            slots: slots.collect(),
            award,
            same_item,
            favour: if is_retailer { Favour::Retailer } else { Favour::Customer },
            carried_by: if is_all { CarriedBy::All } else { CarriedBy::Awarded },
            spend,
        }
    })
}

fn order() -> impl Strategy<Value = Order> {
    let tiers = (ascending(0, 20_000), vec(order_award(), 5));
    let rest = (any::<[bool; 3]>(), basis(), 0..3_u32);
    (selector(), tiers, rest).prop_map(|(items, (from, awards), (flags, basis, sequence))| {
        let [undiscounted_only, is_quantity, is_repeatable] = flags;
        let tiers = from.into_iter().zip(awards);
        let tiers: Vec<_> = tiers.map(|(from, award)| OrderTier { from, award }).collect();
        let can_repeat =
            matches!(tiers.as_slice(), [OrderTier { from: 1.., award: OrderAward::AmountOff(_) }]);
        Order {
            items,
            undiscounted_only,
            counts: if is_quantity { Counts::Quantity } else { Counts::Amount },
            basis: if is_quantity { Basis::AfterTax } else { basis },
            tiers,
            is_repeatable: is_repeatable && can_repeat,
            sequence,
        }
    })
}

fn reward() -> impl Strategy<Value = Reward> {
    let award = prop_oneof![
        (1..99_u64).prop_map(RewardAward::Points),
        (1..99_u64).prop_map(RewardAward::PointsPerUnit),
        (2..99_u32).prop_map(RewardAward::PointsTimes),
        Just(RewardAward::Coupon(Arc::from("spring"))),
    ];
    (selector(), any::<bool>(), 0..20_000_i64, award).prop_map(
        |(items, is_quantity, from, award)| {
            let counts = if is_quantity { Counts::Quantity } else { Counts::Amount };
            Reward { items, counts, from, award }
        },
    )
}

fn when() -> impl Strategy<Value = When> {
    let time = (0..24_i8, 0..60_i8).prop_map(|(hour, minute)| Time::constant(hour, minute, 0, 0));
    let hours = proptest::collection::btree_set((time.clone(), time), 0..3);
    let day = |day: i8| Date::constant(2026, 11, day);
    let days = (of(1..15_i8), of(15..30_i8));
    let weekdays = subsequence(conditions::WEEKDAYS.map(|(_, day)| day).to_vec(), 0..=7);
    (days, weekdays, hours).prop_map(move |((from, until), weekdays, hours)| When {
        from: from.map(day),
        until: until.map(day),
        weekdays,
        hours: hours.into_iter().collect(),
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    let uses = || of(1..100_u32);
    let shares = btree_map(select(vec!["1", "2", "三"]), (0..30_u32, 0..30_i64), 0..3);
    let of_chain = (of(90..100_u32), of(90..1_000_i64), shares);
    (uses(), uses(), uses(), of_chain).prop_map(|(per_basket, per_member, per_day, of_chain)| {
        let (total, budget, shares) = of_chain;
        let shares = shares.into_iter().filter(|_| total.is_some() || budget.is_some());
        let shares = shares.map(|(store, (uses, money))| {
            let (uses, money) = (total.map(|_| uses), budget.map(|_| money));
            let share =
                Share { total: uses.unwrap_or_default(), budget: money.unwrap_or_default() };
            (StoreId::from_static(store), share)
        });
        Limits { per_basket, per_member, per_day, total, budget, shares: shares.collect() }
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        each().prop_map(Rule::Each),
        group().prop_map(Rule::Group),
        order().prop_map(Rule::Order),
        reward().prop_map(Rule::Reward),
        selector().prop_map(Rule::NoPromotion),
    ]
}

fn conditions() -> impl Strategy<Value = (Who, Option<Coupon>, Combine, bool)> {
    let who = prop_oneof![
        Just(Who::Everyone),
        names(&["gold", "silver"]).prop_map(Who::Members),
        Just(Who::Employees),
    ];
    let coupon = of(prop_oneof![
        Just(Coupon::Code(Arc::from("SAVE50"))),
        Just(Coupon::Unique(Arc::from("U50-"))),
    ]);
    let combine = prop_oneof![
        Just(Combine::Alone),
        Just(Combine::WithOthers),
        Just(Combine::Exclusive),
        (0..9_u32).prop_map(Combine::OnTop),
    ];
    (who, coupon, combine, any::<bool>())
}

fn promotion() -> impl Strategy<Value = Promotion> {
    let place = (any::<bool>(), names(&["north", "south"]), names(&["store", "online"]));
    let more = (limits(), of(money(1)), 0..3_u64, any::<bool>(), 0..3_u32, any::<bool>());
    (rule(), when(), place, conditions(), more).prop_map(
        |(mut rule, when, (has_store, regions, channels), conditions, more)| {
            let (who, coupon, mut combine, has_tender) = conditions;
            let (limits, cap, cost_points, has_class, priority, replaces) = more;
            let is_of_items = matches!(rule, Rule::Each(_) | Rule::Group(_));
            let (is_reward, is_none) =
                (matches!(rule, Rule::Reward(_)), matches!(rule, Rule::NoPromotion(_)));
            let is_plain = matches!(&rule, Rule::Each(each)
                if matches!(each.tiers.as_slice(), [UnitTier { from: 1, .. }]));
            let has_uses = !is_reward && !is_none;
            if !has_uses || (matches!(combine, Combine::OnTop(_)) && !is_plain) {
                combine = Combine::Alone;
            }
            if let Rule::Order(order) = &mut rule
                && combine != Combine::WithOthers
            {
                order.sequence = 0;
            }
            let stores: Vec<StoreId> =
                (has_store || is_none).then(|| StoreId::from_static("367")).into_iter().collect();
            let place = Place { stores, regions, channels };
            let can_replace = (is_of_items || is_none) && place.width() > Width::Chain;
            Promotion {
                id: PromotionId::from_static("p"),
                name: Text { zh: Arc::from("第二件 8 折"), en: Arc::from("20 % off") },
                rule,
                when,
                place,
                who,
                coupon: coupon.filter(|_| !is_none),
                tenders: (has_tender && !is_none)
                    .then(|| TenderTypeId::new("card").unwrap())
                    .into_iter()
                    .collect(),
                limits: if is_none { Limits::default() } else { limits },
                cap: cap.filter(|_| has_uses),
                cost_points: if has_uses { cost_points } else { 0 },
                combine,
                class: (has_class && has_uses).then(|| Arc::from("birthday")),
                replaces: match (can_replace, is_none, replaces) {
                    (true, false, true) => Replaces::These(vec![PromotionId::from_static("wide")]),
                    (true, true, _) => Replaces::Wider,
                    (true, false, false) => Replaces::Wider,
                    _ => Replaces::Nothing,
                },
                priority,
            }
        },
    )
}

/// Something of the whole chain's that narrower ones can replace.
fn wide() -> Promotion {
    let value = super::promotion(
        "wide",
        "order",
        serde_json::json!({ "award": { "percent_off": 5 } }),
        serde_json::json!({}),
    );
    let file = read(&super::file(&[value]), Currency::USD).unwrap();
    file.set.promotions()[0].clone()
}

proptest! {
    #[test]
    fn a_promotion_that_was_written_is_read_as_it_was(
        promotion in promotion(),
        currency in select(vec![Currency::TWD, Currency::USD, Currency::KWD]),
        is_by_priority in any::<bool>(),
    ) {
        let policy = if is_by_priority { Policy::Priority } else { Policy::Best };
        let points = BasePoints { per_amount: 100, points: 1 };
        let set = PromotionSet::new(vec![promotion.clone(), wide()], policy, Some(points));
        let written = write_set(&set, currency);
        let again = read(&written, currency);
        let again = again.map(|Promotions { set, .. }| set);
        prop_assert_eq!(again.as_ref(), Ok(&set), "{}", written);
        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        prop_assert!(schema.is_valid(&written), "{}", written);
        let alone = write(&promotion, currency);
        prop_assert_eq!(&written["promotions"][0], &alone);
    }
}
