//! Which promotions are live for a basket.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::rule::{Coupon, Limits, Promotion, When, Who};
use super::{PricingContext, Used};
use crate::StoreId;

/// The channel of a basket that names none.
pub(super) const STORE_CHANNEL: &str = "store";

/// What a live promotion has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// Uses.
    pub(super) uses: u32,
    /// Money: of its cap and of its budget what is less.
    pub(super) money: i64,
    /// The coupons that were shown for it, in order.
    pub(super) codes: Vec<Arc<str>>,
}

/// The moment that conditions look at, worked out once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    day: Date,
    /// The local time, where it can be trusted.
    time: Option<Time>,
}

impl Moment {
    pub(super) fn of(context: &PricingContext) -> Self {
        let now = context.now;
        let time = now.clock_trusted.then(|| now.local().time());
        Self { day: context.day_in_force, time }
    }
}

/// What is left of a promotion, if it is live in the basket.
pub(super) fn left(
    promotion: &Promotion,
    context: &PricingContext,
    moment: Moment,
    store: Option<&StoreId>,
) -> Option<Left> {
    if !is_when(&promotion.when, moment) || !is_for(promotion, context) {
        return None;
    }
    let (codes, by_coupon) = coupons(promotion.coupon.as_ref(), &context.coupons)?;
    let used = context.used.get(&promotion.id).copied().unwrap_or_default();
    let by_points = match (promotion.cost_points, &context.member) {
        (0, _) => u32::MAX,
        (cost, Some(member)) => u32::try_from(member.points / cost).unwrap_or(u32::MAX),
        (_, None) => 0,
    };
    let has_member = context.member.is_some();
    let by_limits = uses_left(&promotion.limits, used, has_member, store)?;
    let uses = by_limits.min(by_coupon).min(by_points);
    let money = money_left(promotion, used, store);
    (uses > 0 && money > 0).then_some(Left { uses, money, codes })
}

fn is_when(when: &When, moment: Moment) -> bool {
    let is_day = |day: Date| {
        when.from.is_none_or(|from| from <= day)
            && when.until.is_none_or(|until| day <= until)
            && (when.weekdays.is_empty() || when.weekdays.contains(&day.weekday()))
    };
    if when.hours.is_empty() {
        return is_day(moment.day);
    }
    let Some(time) = moment.time else { return false };
    when.hours.iter().any(|(from, to)| {
        if from < to {
            *from <= time && time < *to && is_day(moment.day)
        } else if *from <= time {
            is_day(moment.day)
        } else {
            time < *to && moment.day.checked_sub(1.day()).is_ok_and(is_day)
        }
    })
}

fn is_for(promotion: &Promotion, context: &PricingContext) -> bool {
    let channel = context.channel.as_deref().unwrap_or(STORE_CHANNEL);
    let channels = &promotion.place.channels;
    let is_here = channels.is_empty() || channels.iter().any(|name| **name == *channel);
    let is_theirs = match &promotion.who {
        Who::Everyone => true,
        Who::Members(tiers) => context.member.as_ref().is_some_and(|member| {
            tiers.is_empty() || member.tier.as_ref().is_some_and(|tier| tiers.contains(tier))
        }),
        Who::Employees => context.is_employee,
    };
    let tender = context.tender_intended.as_ref();
    let is_paid = promotion.tenders.is_empty()
        || tender.is_some_and(|tender| promotion.tenders.contains(tender));
    is_here && is_theirs && is_paid
}

/// The coupons shown that a promotion takes, and how many uses they allow.
fn coupons(coupon: Option<&Coupon>, shown: &[Arc<str>]) -> Option<(Vec<Arc<str>>, u32)> {
    let Some(coupon) = coupon else { return Some((Vec::new(), u32::MAX)) };
    let codes: BTreeSet<Arc<str>> =
        shown.iter().filter(|code| coupon.fits(code)).cloned().collect();
    let uses = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    (uses > 0).then(|| (codes.into_iter().collect(), uses))
}

fn uses_left(
    limits: &Limits,
    used: Used,
    has_member: bool,
    store: Option<&StoreId>,
) -> Option<u32> {
    if limits.per_member.is_some() && !has_member {
        return None;
    }
    let total = limits.total.map(|total| match share_of(limits, store) {
        None => total,
        Some(share) => share.total,
    });
    let left =
        |most: Option<u32>, used: u32| most.map_or(u32::MAX, |most| most.saturating_sub(used));
    let lefts = [
        left(limits.per_basket, 0),
        left(limits.per_member, used.by_member),
        left(limits.per_day, used.today),
        left(total, used.ever),
    ];
    lefts.into_iter().min()
}

fn money_left(promotion: &Promotion, used: Used, store: Option<&StoreId>) -> i64 {
    let limits = &promotion.limits;
    let budget = limits.budget.map(|budget| match share_of(limits, store) {
        None => budget,
        Some(share) => share.budget,
    });
    let budget = budget.map_or(i64::MAX, |budget| budget.saturating_sub(used.budget));
    promotion.cap.unwrap_or(i64::MAX).min(budget)
}

/// The store's share, where the chain's limits are dealt out and the store is known.
fn share_of(limits: &Limits, store: Option<&StoreId>) -> Option<super::rule::Share> {
    let store = store.filter(|_| !limits.shares.is_empty())?;
    Some(limits.shares.get(store).copied().unwrap_or_default())
}
