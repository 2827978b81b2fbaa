//! What the random cases hold, counted, so that a kind cannot drop out of them unnoticed.

use std::collections::BTreeMap;

use store_core::promotion::rule::{
    Basis, CarriedBy, Combine, Counts, Coupon, Favour, GroupAward, OrderAward, Promotion, Replaces,
    RewardAward, Rule, UnitAward, Who,
};

use crate::brute::arithmetic::has;
use crate::brute::{Basket, Best};

/// For each kind: in how many cases a promotion of it was live, and in how many it was used.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<&'static str, (u32, u32)>);

impl Tally {
    pub fn count(&mut self, basket: &Basket, best: &Best) {
        let mut seen: BTreeMap<&'static str, bool> = BTreeMap::new();
        for (place, live) in basket.live.iter().enumerate() {
            for kind in kinds(live.promotion) {
                // A reward is used where there is something to reward, one that only replaces
                // wherever it covers something.
                let is_passive =
                    matches!(live.promotion.rule, Rule::Reward(_) | Rule::NoPromotion(_));
                let is_used = has(best.used, place) || (is_passive && live.covers != 0);
                *seen.entry(kind).or_default() |= is_used;
            }
        }
        for (kind, is_used) in seen {
            let (live, used) = self.0.entry(kind).or_default();
            *live += 1;
            *used += u32::from(is_used);
        }
    }

    /// Kinds that were used in fewer cases than this.
    pub fn rare(&self, least: u32) -> Vec<&'static str> {
        let used = |kind: &&str| self.0.get(kind).map_or(0, |counts| counts.1);
        KINDS.iter().copied().filter(|kind| used(kind) < least).collect()
    }

    pub fn print(&self) {
        println!("{:<28} {:>8} {:>8}", "kind", "live in", "used in");
        for (kind, (live, used)) in &self.0 {
            println!("{kind:<28} {live:>8} {used:>8}");
        }
    }
}

/// Every kind that has to turn up.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "each percent", "each amount", "each price", "each tiers", "each spend", "each on top",
    "group by slot", "group price", "group percent", "group amount", "group cheapest",
    "group dearest", "group of several slots", "group reusable", "group same item",
    "group retailer", "group carried by all", "group spend",
    "order percent", "order amount", "order tiers", "order repeatable", "order quantity",
    "order before tax", "order undiscounted", "order of some",
    "reward points", "reward per unit", "reward times", "reward coupon", "no promotion",
    "members", "tier", "employees", "tender", "channel", "days", "weekdays", "hours",
    "coupon code", "coupons unique", "per basket", "per member", "per day", "total", "budget",
    "cap", "cost points", "class", "alone", "with others", "exclusive", "replaces wider",
    "replaces these",
];

/// The kinds of a promotion.
pub fn kinds(promotion: &Promotion) -> Vec<&'static str> {
    let limits = &promotion.limits;
    let mut kinds = rule_kinds(&promotion.rule);
    let when = &promotion.when;
    kinds.extend([
        match promotion.combine {
            Combine::Alone => "alone",
            Combine::WithOthers => "with others",
            Combine::OnTop(_) => "each on top",
            Combine::Exclusive => "exclusive",
        },
        match &promotion.who {
            Who::Everyone => "everyone",
            Who::Members(tiers) if tiers.is_empty() => "members",
            Who::Members(_) => "tier",
            Who::Employees => "employees",
        },
        match &promotion.coupon {
            None => "no coupon",
            Some(Coupon::Code(_)) => "coupon code",
            Some(Coupon::Unique(_)) => "coupons unique",
        },
        match &promotion.replaces {
            Replaces::Nothing => "replaces nothing",
            Replaces::Wider => "replaces wider",
            Replaces::These(_) => "replaces these",
        },
    ]);
    let others = [
        (!promotion.tenders.is_empty(), "tender"),
        (!promotion.place.channels.is_empty(), "channel"),
        (when.from.is_some() || when.until.is_some(), "days"),
        (!when.weekdays.is_empty(), "weekdays"),
        (!when.hours.is_empty(), "hours"),
        (limits.per_basket.is_some(), "per basket"),
        (limits.per_member.is_some(), "per member"),
        (limits.per_day.is_some(), "per day"),
        (limits.total.is_some(), "total"),
        (limits.budget.is_some(), "budget"),
        (promotion.cap.is_some(), "cap"),
        (promotion.cost_points > 0, "cost points"),
        (promotion.class.is_some(), "class"),
    ];
    kinds.extend(others.iter().filter(|(is_it, _)| *is_it).map(|(_, kind)| *kind));
    kinds
}

fn rule_kinds(rule: &Rule) -> Vec<&'static str> {
    let (mut kinds, others) = match rule {
        Rule::Each(each) => (
            each.tiers.iter().map(|tier| unit_award(tier.award)).collect(),
            vec![
                (each.tiers.len() > 1 || each.tiers[0].from > 1, "each tiers"),
                (each.spend.is_some(), "each spend"),
            ],
        ),
        Rule::Group(group) => (
            vec![match group.award {
                GroupAward::BySlot => "group by slot",
                GroupAward::Price(_) => "group price",
                GroupAward::PercentOff(_) => "group percent",
                GroupAward::AmountOff(_) => "group amount",
                GroupAward::Cheapest { .. } => "group cheapest",
                GroupAward::Dearest { .. } => "group dearest",
            }],
            vec![
                (group.slots.len() > 1, "group of several slots"),
                (group.slots.iter().any(|slot| slot.reusable), "group reusable"),
                (group.same_item, "group same item"),
                (group.favour == Favour::Retailer, "group retailer"),
                (group.carried_by == CarriedBy::All, "group carried by all"),
                (group.spend.is_some(), "group spend"),
            ],
        ),
        Rule::Order(order) => (
            order.tiers.iter().map(|tier| order_award(tier.award)).collect(),
            vec![
                (order.tiers.len() > 1, "order tiers"),
                (order.is_repeatable, "order repeatable"),
                (order.counts == Counts::Quantity, "order quantity"),
                (order.basis == Basis::BeforeTax, "order before tax"),
                (order.undiscounted_only, "order undiscounted"),
                (order.items != store_core::promotion::rule::Selector::default(), "order of some"),
            ],
        ),
        Rule::Reward(reward) => (
            vec![match reward.award {
                RewardAward::Points(_) => "reward points",
                RewardAward::PointsPerUnit(_) => "reward per unit",
                RewardAward::PointsTimes(_) => "reward times",
                RewardAward::Coupon(_) => "reward coupon",
            }],
            Vec::new(),
        ),
        Rule::NoPromotion(_) => (vec!["no promotion"], Vec::new()),
    };
    kinds.extend(others.into_iter().filter(|(is_it, _)| *is_it).map(|(_, kind)| kind));
    kinds
}

const fn unit_award(award: UnitAward) -> &'static str {
    match award {
        UnitAward::PercentOff(_) => "each percent",
        UnitAward::AmountOff(_) => "each amount",
        UnitAward::Price(_) => "each price",
    }
}

const fn order_award(award: OrderAward) -> &'static str {
    match award {
        OrderAward::PercentOff(_) => "order percent",
        OrderAward::AmountOff(_) => "order amount",
    }
}
