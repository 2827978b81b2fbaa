//! Promotions as a file has them: reading it again gives the same.

use std::sync::Arc;

use jiff::civil::{Time, Weekday};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::conditions::WEEKDAYS;
use crate::Currency;
use crate::promotion::rule::{
    Basis, BasisPoints, CarriedBy, Combine, Counts, Coupon, Each, Exclusion, Favour, Group,
    GroupAward, Limits, Order, OrderAward, Place, Promotion, Replaces, Reward, RewardAward, Rule,
    Selector, Slot, Spend, UnitAward, When, Who,
};
use crate::promotion::set::{Policy, PromotionSet};

/// A whole file.
#[must_use]
pub fn write_set(set: &PromotionSet, currency: Currency) -> Value {
    let pen = Pen { currency };
    let mut table = Map::new();
    if set.policy() == Policy::Priority {
        put(&mut table, "policy", "priority");
    }
    if let Some(points) = set.base_points() {
        let per_amount = pen.amount(points.per_amount);
        put(&mut table, "points", json!({ "per_amount": per_amount, "points": points.points }));
    }
    let promotions = set.promotions().iter().map(|promotion| pen.promotion(promotion));
    put(&mut table, "promotions", promotions.collect::<Vec<Value>>());
    Value::Object(table)
}

/// One promotion.
#[must_use]
pub fn write(promotion: &Promotion, currency: Currency) -> Value {
    Pen { currency }.promotion(promotion)
}

type Table = Map<String, Value>;

fn put(table: &mut Table, key: &str, value: impl Into<Value>) {
    table.insert(key.to_owned(), value.into());
}

fn put_some<T: Into<Value>>(table: &mut Table, key: &str, value: Option<T>) {
    if let Some(value) = value {
        put(table, key, value);
    }
}

fn put_list<T>(table: &mut Table, key: &str, list: &[T], write: impl Fn(&T) -> Value) {
    if !list.is_empty() {
        put(table, key, list.iter().map(write).collect::<Vec<Value>>());
    }
}

fn put_table(table: &mut Table, key: &str, value: Table) {
    if !value.is_empty() {
        put(table, key, value);
    }
}

fn put_flag(table: &mut Table, key: &str, flag: bool) {
    if flag {
        put(table, key, true);
    }
}

fn text(text: &Arc<str>) -> Value {
    Value::from(&**text)
}

fn percent(points: BasisPoints) -> Value {
    Decimal::new(points.0.into(), 2).normalize().to_string().into()
}

/// Writes amounts of one currency.
#[derive(Clone, Copy)]
struct Pen {
    currency: Currency,
}

impl Pen {
    fn amount(self, minor: i64) -> Value {
        Decimal::new(minor, self.currency.scale()).to_string().into()
    }

    fn threshold(self, from: i64, counts: Counts) -> Value {
        match counts {
            Counts::Amount => self.amount(from),
            Counts::Quantity => from.into(),
        }
    }

    fn promotion(self, promotion: &Promotion) -> Value {
        let mut table = Map::new();
        put(&mut table, "id", promotion.id.as_str());
        let name = &promotion.name;
        put(&mut table, "name", json!({ "zh": &*name.zh, "en": &*name.en }));
        let (kind, rule) = match &promotion.rule {
            Rule::Each(each) => ("each", self.each(each)),
            Rule::Group(group) => ("group", self.group(group)),
            Rule::Order(order) => ("order", self.order(order)),
            Rule::Reward(reward) => ("reward", self.reward(reward)),
            Rule::NoPromotion(items) => ("no_promotion", json!({ "items": self.selector(items) })),
        };
        put(&mut table, kind, rule);
        put_table(&mut table, "when", when(&promotion.when));
        put_table(&mut table, "place", place(&promotion.place));
        put_some(&mut table, "who", who(&promotion.who));
        put_some(
            &mut table,
            "coupon",
            promotion.coupon.as_ref().map(|coupon| match coupon {
                Coupon::Code(code) => json!({ "code": &**code }),
                Coupon::Unique(start) => json!({ "unique": &**start }),
            }),
        );
        put_list(&mut table, "tenders", &promotion.tenders, |tender| tender.as_str().into());
        put_table(&mut table, "limits", self.limits(&promotion.limits));
        put_some(&mut table, "cap", promotion.cap.map(|cap| self.amount(cap)));
        if promotion.cost_points > 0 {
            put(&mut table, "cost_points", promotion.cost_points);
        }
        put_some(&mut table, "combine", combine(promotion.combine));
        put_some(&mut table, "class", promotion.class.as_ref().map(text));
        let is_no_promotion = matches!(promotion.rule, Rule::NoPromotion(_));
        let replaces = match &promotion.replaces {
            Replaces::Nothing if is_no_promotion => Some("nothing".into()),
            Replaces::Wider if !is_no_promotion => Some("wider".into()),
            Replaces::Nothing | Replaces::Wider => None,
            Replaces::These(ids) => Some(ids.iter().map(|id| Value::from(id.as_str())).collect()),
        };
        put_some::<Value>(&mut table, "replaces", replaces);
        if promotion.priority > 0 {
            put(&mut table, "priority", promotion.priority);
        }
        Value::Object(table)
    }

    fn each(self, each: &Each) -> Value {
        let mut table = Map::new();
        put(&mut table, "items", self.selector(&each.items));
        match each.tiers.as_slice() {
            [tier] if tier.from == 1 => put(&mut table, "award", self.unit(tier.award)),
            tiers => put(
                &mut table,
                "tiers",
                tiers
                    .iter()
                    .map(|tier| json!({ "from": tier.from, "award": self.unit(tier.award) }))
                    .collect::<Vec<Value>>(),
            ),
        }
        put_some(&mut table, "spend", each.spend.as_ref().map(|spend| self.spend(spend)));
        Value::Object(table)
    }

    fn group(self, group: &Group) -> Value {
        let mut table = Map::new();
        put_list(&mut table, "slots", &group.slots, |slot| self.slot(slot));
        let picked = |key: &str, count: u32, award| {
            let mut award_of = Map::new();
            put(&mut award_of, key, count);
            put(&mut award_of, super::awards::PICKED_KEY, self.unit(award));
            Value::Object(award_of)
        };
        let award = match group.award {
            GroupAward::BySlot => None,
            GroupAward::Price(price) => Some(json!({ "price": self.amount(price) })),
            GroupAward::PercentOff(points) => Some(json!({ "percent_off": percent(points) })),
            GroupAward::AmountOff(amount) => Some(json!({ "amount_off": self.amount(amount) })),
            GroupAward::Cheapest { count, award } => Some(picked("cheapest", count, award)),
            GroupAward::Dearest { count, award } => Some(picked("dearest", count, award)),
        };
        put_some(&mut table, "award", award);
        put_flag(&mut table, "same_item", group.same_item);
        let retailer = (group.favour == Favour::Retailer).then_some("retailer");
        put_some(&mut table, "favour", retailer);
        let all = (group.carried_by == CarriedBy::All).then_some("all");
        put_some(&mut table, "carried_by", all);
        put_some(&mut table, "spend", group.spend.as_ref().map(|spend| self.spend(spend)));
        Value::Object(table)
    }

    fn slot(self, slot: &Slot) -> Value {
        let mut table = Map::new();
        put(&mut table, "items", self.selector(&slot.items));
        put(&mut table, "count", slot.count);
        put_some(&mut table, "award", slot.award.map(|award| self.unit(award)));
        put_flag(&mut table, "reusable", slot.reusable);
        Value::Object(table)
    }

    fn order(self, order: &Order) -> Value {
        let mut table = Map::new();
        put_table(&mut table, "items", self.selector(&order.items));
        put_some(&mut table, "counts", counts(order.counts));
        put_some(&mut table, "basis", basis(order.basis));
        let award = |award| match award {
            OrderAward::PercentOff(points) => json!({ "percent_off": percent(points) }),
            OrderAward::AmountOff(amount) => json!({ "amount_off": self.amount(amount) }),
        };
        match order.tiers.as_slice() {
            [tier] => {
                put(&mut table, "from", self.threshold(tier.from, order.counts));
                put(&mut table, "award", award(tier.award));
            }
            tiers => put(
                &mut table,
                "tiers",
                tiers
                    .iter()
                    .map(|tier| {
                        let from = self.threshold(tier.from, order.counts);
                        json!({ "from": from, "award": award(tier.award) })
                    })
                    .collect::<Vec<Value>>(),
            ),
        }
        put_flag(&mut table, "repeatable", order.is_repeatable);
        put_flag(&mut table, "undiscounted_only", order.undiscounted_only);
        if order.sequence > 0 {
            put(&mut table, "sequence", order.sequence);
        }
        Value::Object(table)
    }

    fn reward(self, reward: &Reward) -> Value {
        let mut table = Map::new();
        put_table(&mut table, "items", self.selector(&reward.items));
        put_some(&mut table, "counts", counts(reward.counts));
        put(&mut table, "from", self.threshold(reward.from, reward.counts));
        let award = match &reward.award {
            RewardAward::Points(points) => json!({ "points": points }),
            RewardAward::PointsPerUnit(points) => json!({ "points_per_unit": points }),
            RewardAward::PointsTimes(times) => json!({ "points_times": times }),
            RewardAward::Coupon(campaign) => json!({ "coupon": &**campaign }),
        };
        put(&mut table, "award", award);
        Value::Object(table)
    }

    fn unit(self, award: UnitAward) -> Value {
        match award {
            UnitAward::PercentOff(BasisPoints(10_000)) => "free".into(),
            UnitAward::PercentOff(points) => json!({ "percent_off": percent(points) }),
            UnitAward::AmountOff(amount) => json!({ "amount_off": self.amount(amount) }),
            UnitAward::Price(price) => json!({ "price": self.amount(price) }),
        }
    }

    fn spend(self, spend: &Spend) -> Value {
        let mut table = Map::new();
        put_table(&mut table, "items", self.selector(&spend.items));
        put(&mut table, "amount", self.amount(spend.amount));
        put_some(&mut table, "basis", basis(spend.basis));
        put_flag(&mut table, "repeatable", spend.is_repeatable);
        Value::Object(table)
    }

    fn selector(self, selector: &Selector) -> Table {
        let Selector { items, brands, categories, tags, price_from, price_to, except } = selector;
        let mut table = Map::new();
        put_list(&mut table, "items", items, |item| item.as_str().into());
        put_list(&mut table, "brands", brands, text);
        put_list(&mut table, "categories", categories, text);
        put_list(&mut table, "tags", tags, text);
        put_some(&mut table, "price_from", price_from.map(|price| self.amount(price)));
        put_some(&mut table, "price_to", price_to.map(|price| self.amount(price)));
        let Exclusion { items, brands, categories, tags } = except;
        let mut left_out = Map::new();
        put_list(&mut left_out, "items", items, |item| item.as_str().into());
        put_list(&mut left_out, "brands", brands, text);
        put_list(&mut left_out, "categories", categories, text);
        put_list(&mut left_out, "tags", tags, text);
        put_table(&mut table, "except", left_out);
        table
    }

    fn limits(self, limits: &Limits) -> Table {
        let Limits { per_basket, per_member, per_day, total, budget, shares } = limits;
        let mut table = Map::new();
        put_some(&mut table, "per_basket", *per_basket);
        put_some(&mut table, "per_member", *per_member);
        put_some(&mut table, "per_day", *per_day);
        put_some(&mut table, "total", *total);
        put_some(&mut table, "budget", budget.map(|budget| self.amount(budget)));
        let mut stores = Map::new();
        for (store, share) in shares {
            let mut parts = Map::new();
            put_some(&mut parts, "total", total.map(|_| share.total));
            put_some(&mut parts, "budget", budget.map(|_| self.amount(share.budget)));
            put(&mut stores, store.as_str(), parts);
        }
        put_table(&mut table, "shares", stores);
        table
    }
}

fn counts(counts: Counts) -> Option<&'static str> {
    (counts == Counts::Quantity).then_some("quantity")
}

fn basis(basis: Basis) -> Option<&'static str> {
    (basis == Basis::BeforeTax).then_some("before_tax")
}

fn when(when: &When) -> Table {
    let mut table = Map::new();
    put_some(&mut table, "from", when.from.map(|date| date.to_string()));
    put_some(&mut table, "until", when.until.map(|date| date.to_string()));
    put_list(&mut table, "weekdays", &when.weekdays, |day| weekday(*day).into());
    let time = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let window = |(from, to): &(Time, Time)| format!("{}-{}", time(*from), time(*to)).into();
    put_list(&mut table, "hours", &when.hours, window);
    table
}

fn weekday(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == day).map_or("", |(word, _)| word)
}

fn place(place: &Place) -> Table {
    let mut table = Map::new();
    put_list(&mut table, "stores", &place.stores, |store| store.as_str().into());
    put_list(&mut table, "regions", &place.regions, text);
    put_list(&mut table, "channels", &place.channels, text);
    table
}

fn who(who: &Who) -> Option<Value> {
    match who {
        Who::Everyone => None,
        Who::Members(tiers) if tiers.is_empty() => Some("members".into()),
        Who::Members(tiers) => Some(json!({ "tiers": tiers.iter().map(text).collect::<Value>() })),
        Who::Employees => Some("employees".into()),
    }
}

fn combine(combine: Combine) -> Option<Value> {
    match combine {
        Combine::Alone => None,
        Combine::WithOthers => Some("with_others".into()),
        Combine::Exclusive => Some("exclusive".into()),
        Combine::OnTop(place) => Some(json!({ "on_top": place })),
    }
}
