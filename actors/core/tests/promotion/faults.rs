//! Deliberate faults: an engine that misreads one thing is found out on the suite's own baskets.
//!
//! An engine with a fault is the engine that is given something else than what is written: who
//! overlooks a cap computes what a set without caps comes to.

use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::rule::{
    Basis, CarriedBy, Combine, Counts, Coupon, Favour, GroupAward, OrderAward, OrderTier,
    Promotion, Replaces, RewardAward, Rule, UnitAward, Who,
};
use store_core::promotion::set::PromotionSet;

use crate::brute::{Basket, best};
use crate::equal::differ;
use crate::generate::{Case, case};
use crate::verdict::of_best;

/// The suite's first baskets have to do.
const FIRST: u64 = 1_000_000_000;
const BASKETS: u64 = 20_000;

type Fault = (&'static str, fn(&mut Promotion, &mut Case));

fn unit_awards(one: &mut Promotion) -> Vec<&mut UnitAward> {
    match &mut one.rule {
        Rule::Each(each) => each.tiers.iter_mut().map(|tier| &mut tier.award).collect(),
        Rule::Group(group) => {
            let mut awards: Vec<_> =
                group.slots.iter_mut().filter_map(|slot| slot.award.as_mut()).collect();
            if let GroupAward::Cheapest { award, .. } | GroupAward::Dearest { award, .. } =
                &mut group.award
            {
                awards.push(award);
            }
            awards
        }
        _ => Vec::new(),
    }
}

fn group(one: &mut Promotion, change: impl Fn(&mut store_core::promotion::rule::Group)) {
    if let Rule::Group(group) = &mut one.rule {
        change(group);
    }
}

fn order(one: &mut Promotion, change: impl Fn(&mut store_core::promotion::rule::Order)) {
    if let Rule::Order(order) = &mut one.rule {
        change(order);
    }
}

fn tiers(one: &mut Promotion, change: impl Fn(&mut OrderTier)) {
    order(one, |order| order.tiers.iter_mut().for_each(&change));
}

fn spend(one: &mut Promotion, change: impl Fn(&mut Option<store_core::promotion::rule::Spend>)) {
    match &mut one.rule {
        Rule::Each(each) => change(&mut each.spend),
        Rule::Group(group) => change(&mut group.spend),
        _ => {}
    }
}

const FAULTS: &[Fault] = &[
    ("percent: halves go down", |one, _| {
        for award in unit_awards(one) {
            if let UnitAward::PercentOff(points) = award {
                points.0 -= 1;
            }
        }
    }),
    ("amount: one too much", |one, _| {
        for award in unit_awards(one) {
            if let UnitAward::AmountOff(amount) = award {
                *amount += 1;
            }
        }
    }),
    ("price: read as an amount", |one, _| {
        for award in unit_awards(one) {
            if let UnitAward::Price(price) = *award {
                *award = UnitAward::AmountOff(price);
            }
        }
    }),
    ("tier: from one too few", |one, _| {
        if let Rule::Each(each) = &mut one.rule {
            each.tiers.iter_mut().for_each(|tier| tier.from = tier.from.max(2) - 1);
        }
    }),
    ("tier: only the last", |one, _| {
        if let Rule::Each(each) = &mut one.rule {
            each.tiers.drain(..each.tiers.len() - 1);
        }
    }),
    ("group price: read as an amount", |one, _| {
        group(one, |group| {
            if let GroupAward::Price(price) = group.award {
                group.award = GroupAward::AmountOff(price);
            }
        });
    }),
    ("group percent: of the dearest", |one, _| {
        group(one, |group| {
            if let GroupAward::PercentOff(points) = group.award {
                let award = UnitAward::PercentOff(points);
                group.award = GroupAward::Dearest { count: 1, award };
            }
        });
    }),
    ("group amount: of each unit", |one, _| {
        group(one, |group| {
            if let GroupAward::AmountOff(amount) = group.award {
                group.award =
                    GroupAward::Cheapest { count: 9, award: UnitAward::AmountOff(amount) };
            }
        });
    }),
    ("cheapest: the dearest", |one, _| {
        group(one, |group| {
            if let GroupAward::Cheapest { count, award } = group.award {
                group.award = GroupAward::Dearest { count, award };
            }
        });
    }),
    ("dearest: one too many", |one, _| {
        group(one, |group| {
            if let GroupAward::Dearest { count, .. } = &mut group.award {
                *count += 1;
            }
        });
    }),
    ("by slot: the first slot only", |one, _| {
        group(one, |group| group.slots.iter_mut().skip(1).for_each(|slot| slot.award = None));
    }),
    ("slot: counts one too few", |one, _| {
        group(one, |group| {
            group.slots.iter_mut().for_each(|slot| slot.count = slot.count.max(2) - 1);
        });
    }),
    ("reusable: used up", |one, _| {
        group(one, |group| group.slots.iter_mut().for_each(|slot| slot.reusable = false));
    }),
    ("same item: overlooked", |one, _| group(one, |group| group.same_item = false)),
    ("retailer's favour: overlooked", |one, _| {
        group(one, |group| group.favour = Favour::Customer);
    }),
    ("carried by all: by the awarded", |one, _| {
        group(one, |group| group.carried_by = CarriedBy::Awarded);
    }),
    ("order percent: halves go down", |one, _| {
        tiers(one, |tier| {
            if let OrderAward::PercentOff(points) = &mut tier.award {
                points.0 -= 1;
            }
        });
    }),
    ("order amount: one too much", |one, _| {
        tiers(one, |tier| {
            if let OrderAward::AmountOff(amount) = &mut tier.award {
                *amount += 1;
            }
        });
    }),
    ("order: reached one too late", |one, _| tiers(one, |tier| tier.from += 1)),
    ("order: the first tier only", |one, _| order(one, |order| order.tiers.truncate(1))),
    ("order: repeated once", |one, _| order(one, |order| order.is_repeatable = false)),
    ("order: units taken for money", |one, _| order(one, |order| order.counts = Counts::Amount)),
    ("order: tax counted", |one, _| order(one, |order| order.basis = Basis::AfterTax)),
    ("order: discounted ones too", |one, _| order(one, |order| order.undiscounted_only = false)),
    ("order: in reverse", |one, _| order(one, |order| order.sequence = 9 - order.sequence)),
    ("spend: overlooked", |one, _| spend(one, |spend| *spend = None)),
    ("spend: once is enough", |one, _| {
        spend(one, |spend| spend.iter_mut().for_each(|spend| spend.is_repeatable = false));
    }),
    ("spend: tax counted", |one, _| {
        spend(one, |spend| spend.iter_mut().for_each(|spend| spend.basis = Basis::AfterTax));
    }),
    ("cap: overlooked", |one, _| one.cap = None),
    ("budget: all of it left", |one, case| {
        case.context.used.get_mut(&one.id).into_iter().for_each(|used| used.budget = 0);
    }),
    ("per basket: overlooked", |one, _| one.limits.per_basket = None),
    ("per member: nothing used", |one, case| {
        case.context.used.get_mut(&one.id).into_iter().for_each(|used| used.by_member = 0);
    }),
    ("per day: nothing used", |one, case| {
        case.context.used.get_mut(&one.id).into_iter().for_each(|used| used.today = 0);
    }),
    ("total: nothing used", |one, case| {
        case.context.used.get_mut(&one.id).into_iter().for_each(|used| used.ever = 0);
    }),
    ("coupon: one for all", |one, case| {
        if let Some(Coupon::Code(code)) = &one.coupon {
            let start = code.clone();
            if case.context.coupons.contains(&start) {
                let more = (0..9).map(|nth| format!("{start}{nth}").into());
                case.context.coupons.extend(more);
            }
            one.coupon = Some(Coupon::Unique(start));
        }
    }),
    ("coupons: every one once", |one, _| {
        if let Some(Coupon::Unique(_)) = &one.coupon {
            one.limits.per_basket = Some(one.limits.per_basket.unwrap_or(1).min(1));
        }
    }),
    ("points: half the cost", |one, _| one.cost_points = one.cost_points.div_ceil(2)),
    ("class: overlooked", |one, _| one.class = None),
    ("exclusive: overlooked", |one, _| {
        if one.combine == Combine::Exclusive {
            one.combine = Combine::WithOthers;
        }
    }),
    ("alone: overlooked", |one, _| {
        if one.combine == Combine::Alone {
            one.combine = Combine::WithOthers;
        }
    }),
    ("on top: in reverse", |one, _| {
        if let Combine::OnTop(number) = &mut one.combine {
            *number = 9 - *number;
        }
    }),
    ("on top: instead", |one, _| {
        if let Combine::OnTop(_) = one.combine {
            one.combine = Combine::WithOthers;
        }
    }),
    ("replaces: overlooked", |one, _| one.replaces = Replaces::Nothing),
    ("except: overlooked", |one, _| {
        crate::shrink::selectors_of(&mut one.rule)
            .into_iter()
            .for_each(|selector| selector.except = Default::default());
    }),
    ("price range: its end left out", |one, _| {
        for selector in crate::shrink::selectors_of(&mut one.rule) {
            selector.price_from.iter_mut().for_each(|from| *from += 1);
            selector.price_to.iter_mut().for_each(|to| *to -= 1);
        }
    }),
    ("who: everyone", |one, _| one.who = Who::Everyone),
    ("tender: any", |one, _| one.tenders.clear()),
    ("channel: any", |one, _| one.place.channels.clear()),
    ("days: any", |one, _| (one.when.from, one.when.until) = (None, None)),
    ("weekdays: any", |one, _| one.when.weekdays.clear()),
    ("hours: any", |one, _| one.when.hours.clear()),
    ("reward: one point too many", |one, _| {
        if let Rule::Reward(reward) = &mut one.rule {
            match &mut reward.award {
                RewardAward::Points(points) | RewardAward::PointsPerUnit(points) => *points += 1,
                RewardAward::PointsTimes(times) => *times += 1,
                RewardAward::Coupon(campaign) => *campaign = "spring".into(),
            }
        }
    }),
];

/// The case as an engine with a fault reads it, where that is something else.
fn misread(case: &Case, fault: fn(&mut Promotion, &mut Case)) -> Option<Case> {
    let mut changed = case.clone();
    let mut promotions = case.set.promotions().to_vec();
    promotions.iter_mut().for_each(|promotion| fault(promotion, &mut changed));
    changed.set = PromotionSet::new(promotions, case.set.policy(), case.set.base_points());
    let is_other = changed.set != case.set || changed.context != case.context;
    is_other.then_some(changed)
}

#[test]
fn every_deliberate_fault_is_found() {
    let mut found: Vec<Option<(u64, u32)>> = vec![None; FAULTS.len()];
    let mut touched = vec![0; FAULTS.len()];
    for seed in FIRST..FIRST + BASKETS {
        if found.iter().all(Option::is_some) {
            break;
        }
        let case = case(seed);
        let basket = Basket::new(&case.set, &case.goods, &case.context);
        let right = of_best(&basket, &best(&basket));
        for (nth, (_, fault)) in FAULTS.iter().enumerate() {
            let Some(other) = misread(&case, *fault).filter(|_| found[nth].is_none()) else {
                continue;
            };
            touched[nth] += 1;
            let set = &other.set;
            let outcome = evaluate(set, &other.goods, &other.context, NODES_MAX).unwrap();
            if differ(&case, &right, &outcome).is_some() {
                found[nth] = Some((seed - FIRST + 1, touched[nth]));
            }
        }
    }
    println!("{:<36}{:>16}{:>16}", "fault", "found after", "of its kind");
    for ((name, _), found) in FAULTS.iter().zip(&found) {
        let (baskets, of_kind) = found.unwrap_or_default();
        println!("{name:<36}{baskets:>16}{of_kind:>16}");
    }
    let missed = FAULTS.iter().zip(&found).filter(|(_, found)| found.is_none());
    let missed: Vec<_> = missed.map(|((name, _), _)| *name).collect();
    assert_eq!(missed, Vec::<&str>::new(), "no basket of {BASKETS} shows these");
}

#[test]
fn an_engine_that_reads_right_is_not_accused() {
    let fault: fn(&mut Promotion, &mut Case) = |_, _| {};
    assert!((FIRST..FIRST + 100).all(|seed| misread(&case(seed), fault).is_none()));
}
