//! The terms on which promotions are given.

use jiff::civil::{Weekday, date, time};
use store_core::promotion::rule::{Combine, Coupon, Promotion, Replaces, Rule, When, Who};
use store_core::transaction::TenderTypeId;
use store_core::{PromotionId, StoreId};

use crate::random::Random;

/// `often` is how often a promotion has terms, in hundredths of what it is in busy sets.
pub fn draw(random: &mut Random, often: usize, promotion: &mut Promotion) {
    let is_reward = matches!(promotion.rule, Rule::Reward(_) | Rule::NoPromotion(_));
    if random.percent(12 * often / 100) {
        promotion.who = match random.below(3) {
            0 => Who::Employees,
            1 => Who::Members(Vec::new()),
            _ => Who::Members(vec!["gold".into()]),
        };
    }
    if random.percent(12 * often / 100) {
        promotion.when = when(random);
    }
    if random.percent(6 * often / 100) {
        promotion.tenders = vec![TenderTypeId::new("card").unwrap()];
    }
    if random.percent(4 * often / 100) {
        promotion.place.channels = vec![random.pick(&["store", "online"]).into()];
    }
    place(random, often, promotion);
    limits(random, often, promotion);
    if is_reward {
        return;
    }
    if random.percent(8 * often / 100) {
        promotion.cap = Some(random.pick(&[1, 5, 12, 30]));
    }
    if random.percent(8 * often / 100) {
        promotion.cost_points = random.pick(&[25, 50, 100]);
    }
    if random.percent(15 * often / 100) {
        promotion.class = Some(random.pick(&["birthday", "season"]).into());
    }
    promotion.combine = match random.below(100) {
        0..25 => Combine::Alone,
        25..83 => Combine::WithOthers,
        83..97 if may_come_on_top(promotion) => {
            Combine::OnTop(u32::try_from(random.below(2)).unwrap())
        }
        83..97 => Combine::WithOthers,
        _ => Combine::Exclusive,
    };
}

fn may_come_on_top(promotion: &Promotion) -> bool {
    let Rule::Each(each) = &promotion.rule else {
        return false;
    };
    each.tiers.len() == 1 && each.tiers[0].from == 1
}

fn place(random: &mut Random, often: usize, promotion: &mut Promotion) {
    match random.below(100) * 100 / often {
        0..10 => promotion.place.stores = vec![StoreId::from_static("s1")],
        10..17 => promotion.place.regions = vec!["north".into()],
        _ => {}
    }
    let is_order = matches!(promotion.rule, Rule::Order(_) | Rule::Reward(_));
    if matches!(promotion.rule, Rule::NoPromotion(_)) {
        promotion.place.stores = vec![StoreId::from_static("s1")];
        promotion.replaces = Replaces::Wider;
    } else if !is_order && random.percent(15 * often / 100) {
        promotion.replaces = Replaces::Wider;
        promotion.place.regions = vec!["north".into()];
    }
    if !is_order && random.percent(8 * often / 100) {
        let named = || PromotionId::new(&format!("p{}", random.below(6))).unwrap();
        promotion.replaces = Replaces::These(std::iter::repeat_with(named).take(2).collect());
        promotion.place.stores = vec![StoreId::from_static("s1")];
    }
}

fn limits(random: &mut Random, often: usize, promotion: &mut Promotion) {
    if random.percent(10 * often / 100) {
        promotion.coupon = Some(match random.below(4) {
            0 => Coupon::Code("SAVE".into()),
            1 => Coupon::Code("HALF".into()),
            2 => Coupon::Unique("U50-".into()),
            _ => Coupon::Unique("U9-".into()),
        });
    }
    let mut some = |most: i64| {
        let drawn = random.percent(8 * often / 100).then(|| random.between(1, most));
        drawn.map(|count| u32::try_from(count).unwrap())
    };
    promotion.limits.per_basket = some(3);
    promotion.limits.per_member = some(4);
    promotion.limits.per_day = some(4);
    promotion.limits.total = some(4);
    promotion.limits.budget = some(80).map(i64::from);
}

/// Around the Wednesday afternoon of [`crate::make::context`].
fn when(random: &mut Random) -> When {
    let mut when = When::default();
    match random.below(3) {
        0 => {
            when.from = random.pick(&[None, Some(date(2026, 11, 25)), Some(date(2026, 11, 26))]);
            when.until = random.pick(&[None, Some(date(2026, 11, 25)), Some(date(2026, 11, 24))]);
        }
        1 => when.weekdays = vec![random.pick(&[Weekday::Tuesday, Weekday::Wednesday])],
        _ => {
            when.hours = vec![random.pick(&[
                (time(13, 30, 0, 0), time(15, 0, 0, 0)),
                (time(9, 0, 0, 0), time(13, 30, 0, 0)),
                (time(22, 0, 0, 0), time(14, 0, 0, 0)),
            ])];
            when.weekdays = random.pick(&[vec![], vec![Weekday::Tuesday]]);
        }
    }
    when
}
