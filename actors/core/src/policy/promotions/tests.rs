mod described;
mod faults;
mod round_trip;

use serde_json::{Value, json};

use super::*;
use crate::Currency;

/// A promotion with an id and all else that it says.
fn named(id: &str, more: Value) -> Value {
    let mut promotion = json!({ "id": id, "name": { "zh": "促銷", "en": "Promotion" } });
    if let (Value::Object(promotion), Value::Object(more)) = (&mut promotion, more) {
        promotion.extend(more);
    }
    promotion
}

/// A promotion of one kind, with what else it says over it.
fn promotion(id: &str, kind: &str, rule: Value, mut more: Value) -> Value {
    more[kind] = rule;
    named(id, more)
}

fn file(promotions: &[Value]) -> Value {
    json!({ "promotions": promotions })
}

/// One of everything that a file can say.
fn everything() -> Value {
    let lists = [of_items(), of_orders_and_others()];
    let promotions: Vec<&Value> = lists.iter().filter_map(Value::as_array).flatten().collect();
    json!({
        "policy": "priority",
        "points": { "per_amount": "100", "points": 1 },
        "promotions": promotions,
    })
}

/// All that promotions of items can say, and nearly all of the rest.
fn of_items() -> Value {
    let milk = json!({ "items": ["milk"] });
    json!([
        promotion(
            "a",
            "each",
            json!({
                "items": {
                    "brands": ["光泉"], "categories": ["飲料/鮮乳"], "tags": ["red"],
                    "price_from": 10, "price_to": "99.5",
                    "except": {
                        "items": ["x"], "brands": ["b"], "categories": ["c"], "tags": ["t"],
                    },
                },
                "tiers": [
                    { "from": 2, "award": { "percent_off": 10 } },
                    { "from": 3, "award": "free" },
                ],
                "spend": { "items": {}, "amount": 1000, "basis": "before_tax", "repeatable": true },
            }),
            json!({
                "when": {
                    "from": "2026-11-01", "until": "2026-11-30",
                    "weekdays": ["sat", "sun"], "hours": ["14:00-17:00", "22:00-24:00"],
                },
                "place": { "stores": ["1"], "regions": ["north"], "channels": ["store"] },
                "who": { "tiers": ["gold"] },
                "coupon": { "unique": "U50-" },
                "tenders": ["card"],
                "limits": {
                    "per_basket": 1, "per_member": 2, "per_day": 3, "total": 100, "budget": 5000,
                    "shares": {
                        "1": { "total": 10, "budget": "500" }, "2": { "total": 0, "budget": 0 },
                    },
                },
                "cap": 50,
                "cost_points": 300,
                "class": "birthday",
                "replaces": ["f"],
                "priority": 7,
            })
        ),
        promotion(
            "b",
            "group",
            json!({
                "slots": [
                    { "items": milk, "count": 2 },
                    { "items": { "tags": ["green"] }, "reusable": true },
                ],
                "award": { "cheapest": 1, "award": { "price": 0 } },
                "same_item": true, "favour": "retailer", "carried_by": "all",
            }),
            json!({ "combine": "with_others", "who": "members" })
        ),
        promotion(
            "c",
            "group",
            json!({
                "slots": [
                    { "items": milk },
                    { "items": {}, "award": { "amount_off": 5 } },
                ],
            }),
            json!({ "coupon": { "code": "SAVE50" }, "combine": "exclusive" })
        ),
    ])
}

/// All that the other kinds can say.
fn of_orders_and_others() -> Value {
    let milk = json!({ "items": ["milk"] });
    json!([
        promotion(
            "d",
            "order",
            json!({
                "items": milk, "tiers": [
                    { "from": 3, "award": { "percent_off": "12.5" } },
                    { "from": 5, "award": { "amount_off": 100 } },
                ],
                "counts": "quantity", "undiscounted_only": true, "sequence": 2,
            }),
            json!({ "combine": "with_others", "who": "employees" })
        ),
        promotion(
            "e",
            "order",
            json!({
                "from": 500, "award": { "amount_off": 50 },
                "basis": "before_tax", "repeatable": true,
            }),
            json!({})
        ),
        promotion(
            "f",
            "each",
            json!({ "items": milk, "award": { "price": "29" } }),
            json!({ "combine": { "on_top": 10 } })
        ),
        promotion("g", "reward", json!({ "award": { "points_times": 2 } }), json!({})),
        promotion(
            "h",
            "reward",
            json!({
                "items": milk, "from": 2, "counts": "quantity", "award": { "coupon": "spring" },
            }),
            json!({ "who": "everyone" })
        ),
        promotion(
            "i",
            "no_promotion",
            json!({ "items": milk }),
            json!({ "place": { "regions": ["north"] } })
        ),
    ])
}

#[test]
fn what_stands_in_a_file_is_what_was_read() {
    use crate::promotion::rule::*;
    let read = read(&everything(), Currency::USD).unwrap();
    let set = &read.set;
    assert_eq!(set.policy(), Policy::Priority);
    assert_eq!(set.base_points(), Some(BasePoints { per_amount: 10_000, points: 1 }));
    let found = |id| set.find(&PromotionId::from_static(id)).unwrap().1;
    let Rule::Each(each) = &found("a").rule else { panic!("another kind") };
    assert_eq!((each.items.price_from, each.items.price_to), (Some(1_000), Some(9_950)));
    let free = UnitTier { from: 3, award: UnitAward::PercentOff(BasisPoints(10_000)) };
    assert_eq!(each.tiers[1], free);
    let (from, to) = found("a").when.hours[1];
    assert_eq!((from.hour(), to.hour(), to.minute()), (22, 0, 0));
    assert_eq!(found("a").limits.shares.len(), 2);
    assert_eq!(found("a").limits.budget, Some(500_000));
    assert_eq!(found("a").cap, Some(5_000));
    let Rule::Group(group) = &found("b").rule else { panic!("another kind") };
    assert_eq!(group.award, GroupAward::Cheapest { count: 1, award: UnitAward::Price(0) });
    let Rule::Order(order) = &found("d").rule else { panic!("another kind") };
    assert_eq!(
        order.tiers[0],
        OrderTier { from: 3, award: OrderAward::PercentOff(BasisPoints(1_250)) }
    );
    let Rule::Order(order) = &found("e").rule else { panic!("another kind") };
    assert_eq!(order.tiers[0], OrderTier { from: 50_000, award: OrderAward::AmountOff(5_000) });
    assert_eq!(found("i").replaces, Replaces::Wider);
    assert_eq!(found("f").combine, Combine::OnTop(10));
    assert_eq!(found("f").replaces, Replaces::Nothing);
}

/// One of each kind, that names items in every place where it can.
fn of_many_items() -> Value {
    file(&[
        promotion(
            "z",
            "each",
            json!({
                "items": { "items": ["milk", "mlik"] }, "award": "free",
                "spend": { "items": { "items": ["tea"] }, "amount": 1 },
            }),
            json!({}),
        ),
        promotion(
            "a",
            "group",
            json!({
                "slots": [{ "items": {}, "award": "free" }, {
                    "items": { "except": { "items": ["rice"] } },
                }],
                "spend": { "items": { "items": ["oil"] }, "amount": 1 },
            }),
            json!({}),
        ),
        promotion(
            "m",
            "no_promotion",
            json!({ "items": { "items": ["milk"] } }),
            json!({ "place": { "stores": ["1"] } }),
        ),
        promotion(
            "o",
            "order",
            json!({
                "items": { "items": ["oats"] }, "award": { "percent_off": 5 },
            }),
            json!({}),
        ),
        promotion(
            "r",
            "reward",
            json!({
                "items": { "items": ["rum"] }, "award": { "points": 5 },
            }),
            json!({}),
        ),
    ])
}

#[test]
fn items_that_no_catalogue_has_are_named_where_they_stand() {
    let csv = b"item,description,unit,price\nmilk,MILK,piece,65\n";
    let catalogue = crate::catalogue::import(csv, Currency::TWD).unwrap();
    let promotions = of_many_items();
    let parts = [
        (Part::Catalogue, csv.to_vec()),
        (Part::Promotions, serde_json::to_vec(&promotions).unwrap()),
    ];
    let faults = super::super::Bundle::read(&parts.into(), Currency::TWD).unwrap_err();
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "promotions.json, promotions[1].each.items.items[2]: \
             the catalogue has no item mlik (unknown_item)",
            "promotions.json, promotions[1].each.spend.items.items[1]: \
             the catalogue has no item tea (unknown_item)",
            "promotions.json, promotions[2].group.slots[2].items.except.items[1]: \
             the catalogue has no item rice (unknown_item)",
            "promotions.json, promotions[2].group.spend.items.items[1]: \
             the catalogue has no item oil (unknown_item)",
            "promotions.json, promotions[4].order.items.items[1]: \
             the catalogue has no item oats (unknown_item)",
            "promotions.json, promotions[5].reward.items.items[1]: \
             the catalogue has no item rum (unknown_item)",
        ]
    );
    let read = read(&promotions, Currency::TWD).unwrap();
    assert_eq!(read.check_items(&catalogue).len(), 6);
}
