//! Which promotions are live, and how often each may still be used.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use store_core::promotion::PricingContext;
use store_core::promotion::rule::{Coupon, Promotion, When, Who};

/// How many uses, and how much money, are left of a promotion; nothing where it is not live.
pub fn uses_left(promotion: &Promotion, context: &PricingContext) -> Option<(i64, i64)> {
    let member = context.member.as_ref();
    let is_for = match &promotion.who {
        Who::Everyone => true,
        Who::Members(tiers) if tiers.is_empty() => member.is_some(),
        Who::Members(tiers) => {
            member.and_then(|member| member.tier.as_ref()).is_some_and(|tier| tiers.contains(tier))
        }
        Who::Employees => context.is_employee,
    };
    let channel = context.channel.as_deref().unwrap_or("store");
    let channels = &promotion.place.channels;
    let is_here = channels.is_empty() || channels.iter().any(|one| **one == *channel);
    let tenders = &promotion.tenders;
    let is_paid_so = tenders.is_empty()
        || context.tender_intended.as_ref().is_some_and(|tender| tenders.contains(tender));
    if !is_for || !is_here || !is_paid_so || !is_now(&promotion.when, context) {
        return None;
    }

    let used = context.used.get(&promotion.id).copied().unwrap_or_default();
    let limits = &promotion.limits;
    if limits.per_member.is_some() && member.is_none() {
        return None;
    }
    let less = |most: Option<u32>, used: u32| most.map(|most| i64::from(most) - i64::from(used));
    let coupons = promotion.coupon.as_ref().map(|coupon| match coupon {
        Coupon::Code(code) => i64::from(context.coupons.contains(code)),
        Coupon::Unique(start) => {
            let fitting = context.coupons.iter().filter_map(|code| code.strip_prefix(&**start));
            let fitting = fitting.filter(|rest| !rest.is_empty());
            i64::try_from(fitting.collect::<BTreeSet<_>>().len()).unwrap()
        }
    });
    let points = member.map_or(0, |member| member.points);
    let payable =
        (promotion.cost_points > 0).then(|| i64::try_from(points / promotion.cost_points).unwrap());
    let uses = [
        less(limits.per_basket, 0),
        less(limits.per_member, used.by_member),
        less(limits.per_day, used.today),
        less(limits.total, used.ever),
        coupons,
        payable,
    ];
    let uses = uses.into_iter().flatten().min().unwrap_or(i64::MAX);
    let budget = limits.budget.map_or(i64::MAX, |budget| budget - used.budget);
    (uses > 0 && budget > 0).then_some((uses, budget))
}

fn is_now(when: &When, context: &PricingContext) -> bool {
    let today = context.day_in_force;
    if when.hours.is_empty() {
        return is_on(when, today);
    }
    let time = context.now.local().time();
    let holds = |&(from, to): &(Time, Time)| {
        if from < to {
            return from <= time && time < to && is_on(when, today);
        }
        // Over midnight: before it the window began today, after it yesterday.
        (time >= from && is_on(when, today))
            || (time < to && today.yesterday().is_ok_and(|day| is_on(when, day)))
    };
    context.now.clock_trusted && when.hours.iter().any(holds)
}

fn is_on(when: &When, day: Date) -> bool {
    when.from.is_none_or(|from| from <= day)
        && when.until.is_none_or(|until| day <= until)
        && (when.weekdays.is_empty() || when.weekdays.contains(&day.weekday()))
}
