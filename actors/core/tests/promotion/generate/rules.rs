//! What promotions do.

use store_core::promotion::goods::Goods;
use store_core::promotion::rule::{
    Basis, BasisPoints, CarriedBy, Counts, Each, Favour, Group, GroupAward, Order, OrderAward,
    OrderTier, Promotion, Reward, RewardAward, Rule, Selector, Slot, Spend, UnitAward, UnitTier,
};

use super::goods::{ITEMS, subtotal};
use crate::make::promotion;
use crate::random::Random;

pub fn draw(random: &mut Random, goods: &Goods, nth: usize) -> Promotion {
    let rule = match random.below(100) {
        0..35 => Rule::Each(each(random, goods)),
        35..67 => Rule::Group(group(random, goods)),
        67..87 => Rule::Order(order(random, goods)),
        87..96 => Rule::Reward(reward(random, goods)),
        _ => Rule::NoPromotion(selector(random, goods)),
    };
    promotion(&format!("p{nth}"), rule)
}

pub fn selector(random: &mut Random, goods: &Goods) -> Selector {
    let line = random.pick(&goods.lines);
    let mut selector = Selector::default();
    match random.below(16) {
        0..3 => selector.items = vec![line.item.clone()],
        3 => selector.items = vec![line.item.clone(), random.pick(&goods.lines).item],
        4 => selector.brands = vec![line.brand.clone()],
        5 => {
            let path: Vec<&str> = line.category.split('/').collect();
            let depth = 1 + random.below(path.len());
            let category = if random.percent(30) {
                line.department.to_string()
            } else {
                path[..depth].join("/")
            };
            selector.categories = vec![category.into(), "toys".into()];
        }
        6 | 7 => selector.tags = vec![random.pick(&["red", "green", "new"]).into()],
        8 => {
            let near = line.unit_price;
            if random.percent(50) {
                selector.price_from = Some(near + random.between(0, 1));
            } else {
                selector.price_to = Some(near - random.between(0, 1));
            }
        }
        _ => {}
    }
    if random.percent(12) {
        let (id, brand, _, category, tags) = random.pick(&ITEMS);
        let except = &mut selector.except;
        match random.below(4) {
            0 => except.items = vec![store_core::ItemId::from_static(id)],
            1 => except.brands = vec![brand.into()],
            2 => except.categories = vec![category.into()],
            _ => except.tags = tags.iter().map(|tag| (*tag).into()).collect(),
        }
    }
    selector
}

fn percent(random: &mut Random) -> BasisPoints {
    let all = random.percent(6);
    BasisPoints(if all { 10_000 } else { random.pick(&[500, 1000, 2000, 3333, 5000]) })
}

fn unit_award(random: &mut Random) -> UnitAward {
    match random.below(3) {
        0 => UnitAward::PercentOff(percent(random)),
        1 => UnitAward::AmountOff(random.pick(&[1, 3, 5, 10, 20])),
        _ => UnitAward::Price(random.pick(&[0, 9, 29, 45, 90])),
    }
}

fn each(random: &mut Random, goods: &Goods) -> Each {
    let mut tiers = vec![UnitTier { from: 1, award: unit_award(random) }];
    if random.percent(35) {
        tiers[0].from = u32::try_from(random.between(1, 3)).unwrap();
        if random.percent(60) {
            let from = tiers[0].from + u32::try_from(random.between(1, 2)).unwrap();
            tiers.push(UnitTier { from, award: unit_award(random) });
        }
    }
    Each { items: selector(random, goods), tiers, spend: spend(random, goods) }
}

fn spend(random: &mut Random, goods: &Goods) -> Option<Spend> {
    random.percent(10).then(|| Spend {
        items: selector(random, goods),
        amount: (near(random, goods) / random.pick(&[1, 2, 4])).max(1),
        basis: random.pick(&[Basis::AfterTax, Basis::BeforeTax]),
        is_repeatable: random.percent(50),
    })
}

/// About as much as the basket comes to, after some of what may be taken off.
fn near(random: &mut Random, goods: &Goods) -> i64 {
    let part = random.pick(&[25, 50, 70, 80, 90, 100]);
    (subtotal(goods) * part / 100 + random.between(-1, 1)).max(0)
}

fn group(random: &mut Random, goods: &Goods) -> Group {
    let slot = |random: &mut Random| Slot {
        items: selector(random, goods),
        count: u32::try_from(random.pick(&[1, 1, 2, 2, 3])).unwrap(),
        award: None,
        reusable: false,
    };
    let mut slots = vec![slot(random)];
    if random.percent(45) {
        slots.push(slot(random));
        if random.percent(15) {
            slots.push(slot(random));
        }
        slots.iter_mut().for_each(|slot| slot.count = slot.count.min(2));
        if random.percent(25) {
            slots[0].reusable = true;
        }
    }
    let count = u32::try_from(random.between(1, 2)).unwrap();
    let award = match random.below(6) {
        0 => GroupAward::BySlot,
        1 => GroupAward::Price(random.pick(&[25, 39, 60, 99])),
        2 => GroupAward::PercentOff(percent(random)),
        3 => GroupAward::AmountOff(random.pick(&[1, 7, 10, 25, 100])),
        4 => GroupAward::Cheapest { count, award: unit_award(random) },
        _ => GroupAward::Dearest { count, award: unit_award(random) },
    };
    if award == GroupAward::BySlot {
        for slot in slots.iter_mut().filter(|slot| !slot.reusable) {
            slot.award = random.percent(70).then(|| unit_award(random));
        }
        let last = slots.last_mut().unwrap();
        last.award = Some(unit_award(random));
    }
    Group {
        slots,
        award,
        same_item: random.percent(20),
        favour: if random.percent(25) { Favour::Retailer } else { Favour::Customer },
        carried_by: random.pick(&[CarriedBy::Awarded, CarriedBy::All]),
        spend: spend(random, goods),
    }
}

fn order(random: &mut Random, goods: &Goods) -> Order {
    let counts = if random.percent(20) { Counts::Quantity } else { Counts::Amount };
    let from = |random: &mut Random| match counts {
        Counts::Quantity => random.between(0, 6),
        Counts::Amount => near(random, goods),
    };
    let award = |random: &mut Random| match random.below(2) {
        0 => OrderAward::PercentOff(BasisPoints(random.pick(&[500, 1000, 2500]))),
        _ => OrderAward::AmountOff(random.pick(&[1, 3, 10, 10, 30, 400])),
    };
    let mut tiers = vec![OrderTier { from: from(random), award: award(random) }];
    if random.percent(25) {
        tiers.push(OrderTier { from: tiers[0].from + random.between(1, 60), award: award(random) });
    }
    let is_repeatable = tiers.len() == 1 && random.percent(30);
    if is_repeatable {
        let from = (tiers[0].from / random.between(1, 4)).max(1);
        tiers[0] = OrderTier { from, award: OrderAward::AmountOff(random.pick(&[1, 10, 30])) };
    }
    Order {
        items: if random.percent(50) { Selector::default() } else { selector(random, goods) },
        undiscounted_only: random.percent(20),
        counts,
        basis: random.pick(&[Basis::AfterTax, Basis::AfterTax, Basis::BeforeTax]),
        tiers,
        is_repeatable,
        sequence: u32::try_from(random.below(2)).unwrap(),
    }
}

fn reward(random: &mut Random, goods: &Goods) -> Reward {
    let counts = random.pick(&[Counts::Amount, Counts::Amount, Counts::Quantity]);
    let from = match counts {
        Counts::Quantity => random.between(1, 4),
        Counts::Amount => near(random, goods),
    };
    let award = match random.below(4) {
        0 => RewardAward::Points(50),
        1 => RewardAward::PointsPerUnit(5),
        2 => RewardAward::PointsTimes(u32::try_from(random.between(2, 3)).unwrap()),
        _ => RewardAward::Coupon("autumn".into()),
    };
    Reward { items: selector(random, goods), counts, from, award }
}
