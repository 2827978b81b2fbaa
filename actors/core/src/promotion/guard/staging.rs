//! The stage on which promotions are tried: items that fit, and the moments and customers for whom
//! they are live.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use uuid::Uuid;

use super::GuardRequest;
use crate::catalogue::Item;
use crate::promotion::assortment::{Assortment, goods_line};
use crate::promotion::index::selectors;
use crate::promotion::rule::{Coupon, Promotion, Rule, Selector, When, Who};
use crate::promotion::{Member, PricingContext};
use crate::transaction::TenderTypeId;
use crate::{BootId, MemberId, Now};

/// Customers of one moment that are tried: each tier of membership with each way of paying.
const CUSTOMERS_MAX: usize = 6;

/// Points of a customer who lacks none.
const POINTS: u64 = 1_000_000;

/// Weeks that are searched for a day: with the longest cycle, that of weekdays, one is enough.
const DAYS_SEARCHED: i32 = 7;

/// A set with its catalogue.
pub(super) struct Staging<'a> {
    pub(super) request: GuardRequest<'a>,
    assortment: Assortment<'a>,
}

impl<'a> Staging<'a> {
    pub(super) fn new(request: GuardRequest<'a>) -> Self {
        let all = request.set.promotions().iter();
        let words: Vec<&Selector> = all.flat_map(every_selector).collect();
        let items = request.catalogue.items();
        let priced = items.filter_map(|item| Some((item.price_on(request.day)?.minor(), item)));
        Self { request, assortment: Assortment::new(priced, &words) }
    }

    /// The items on sale that a selector matches, the cheapest first.
    pub(super) fn fitting<'s>(
        &'s self,
        selector: &'s Selector,
    ) -> impl DoubleEndedIterator<Item = (i64, &'a Item)> + use<'a, 's> {
        self.assortment.fitting(selector)
    }

    /// The items on sale that a promotion covers, those of several slots as often.
    pub(super) fn covered<'s>(
        &'s self,
        promotion: &'s Promotion,
    ) -> impl Iterator<Item = (i64, &'a Item)> + use<'a, 's> {
        selectors(promotion).into_iter().flat_map(|selector| self.fitting(selector))
    }

    /// Whether two promotions have an item in common.
    pub(super) fn shares_items(&self, one: &Promotion, other: &Promotion) -> bool {
        self.covered(one)
            .any(|(price, item)| crate::promotion::scene::covers(other, &goods_line(item, price)))
    }

    /// Customers for whom a promotion is live, with all that others ask for besides, at its first
    /// moment. Whoever is tried is anything at once: an employee, a member, with every coupon.
    pub(super) fn customers(
        &self,
        promotion: &Promotion,
        beside: &[&Promotion],
    ) -> Vec<PricingContext> {
        let Some(at) = first_moment(&promotion.when, self.request.day) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for tier in tiers(promotion, beside) {
            for tender in tenders(promotion, beside) {
                if found.len() < CUSTOMERS_MAX {
                    let member = MemberId::new("check").ok();
                    let member = member.map(|id| Member { id, tier: tier.clone(), points: POINTS });
                    found.push(PricingContext {
                        tender_intended: tender,
                        member,
                        is_employee: true,
                        channel: promotion.place.channels.first().cloned(),
                        coupons: coupons(promotion, beside),
                        ..PricingContext::anonymous(now(at), at.date())
                    });
                }
            }
        }
        found
    }
}

/// What a promotion covers, and what has to be spent for it.
fn every_selector(promotion: &Promotion) -> Vec<&Selector> {
    let mut all = selectors(promotion);
    match &promotion.rule {
        Rule::Each(each) => all.extend(each.spend.iter().map(|spend| &spend.items)),
        Rule::Group(group) => all.extend(group.spend.iter().map(|spend| &spend.items)),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => {}
    }
    all
}

/// The first day from `day` on that is within the dates and weekdays.
pub(super) fn first_day(when: &When, day: Date) -> Option<Date> {
    let first = when.from.map_or(day, |from| from.max(day));
    (0..DAYS_SEARCHED).filter_map(|days| first.checked_add(days.days()).ok()).find(|day| {
        let is_before_end = when.until.is_none_or(|until| *day <= until);
        is_before_end && (when.weekdays.is_empty() || when.weekdays.contains(&day.weekday()))
    })
}

/// The first moment from a day on; at noon where the hours are free.
fn first_moment(when: &When, day: Date) -> Option<DateTime> {
    let time = when.hours.first().map_or(Time::constant(12, 0, 0, 0), |(from, _)| *from);
    Some(first_day(when, day)?.to_datetime(time))
}

fn now(at: DateTime) -> Now {
    Now {
        wall: Offset::UTC.to_timestamp(at).unwrap_or_default(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

fn tiers(promotion: &Promotion, beside: &[&Promotion]) -> Vec<Option<Arc<str>>> {
    let named = |promotion: &Promotion| match &promotion.who {
        Who::Members(tiers) => tiers.clone(),
        Who::Everyone | Who::Employees => Vec::new(),
    };
    let own = named(promotion);
    if !own.is_empty() {
        return own.into_iter().map(Some).collect();
    }
    let others: BTreeSet<Arc<str>> = beside.iter().flat_map(|other| named(other)).collect();
    std::iter::once(None).chain(others.into_iter().map(Some)).collect()
}

fn tenders(promotion: &Promotion, beside: &[&Promotion]) -> Vec<Option<TenderTypeId>> {
    if !promotion.tenders.is_empty() {
        return promotion.tenders.iter().cloned().map(Some).collect();
    }
    let others: BTreeSet<&TenderTypeId> = beside.iter().flat_map(|other| &other.tenders).collect();
    std::iter::once(None).chain(others.into_iter().cloned().map(Some)).collect()
}

fn coupons(promotion: &Promotion, beside: &[&Promotion]) -> Vec<Arc<str>> {
    let code = |promotion: &&Promotion| match promotion.coupon.as_ref()? {
        Coupon::Code(code) => Some(code.clone()),
        // Any code that begins like this would do.
        Coupon::Unique(prefix) => Some(Arc::from(format!("{prefix}1"))),
    };
    let all = std::iter::once(&promotion).chain(beside).filter_map(code);
    all.collect::<BTreeSet<Arc<str>>>().into_iter().collect()
}
