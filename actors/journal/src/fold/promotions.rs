use std::collections::BTreeMap;
use std::sync::Arc;

use store_core::fact::Fact;
use store_core::promotion::uses::Sold;
use store_core::transaction::RetailTransaction;
use store_core::{BusinessDay, MemberId, PromotionId};

/// What the sales of one day made of a promotion. Sums stop at the ends of their range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOfPromotion {
    /// Baskets that used it.
    pub baskets: u32,
    /// Uses: units, groups or times.
    pub uses: u32,
    /// Units that it took or lowered.
    pub units: u32,
    /// What it took off, in minor units.
    pub amount: i64,
    /// What those units cost net, in minor units.
    pub sales: i64,
}

/// What one sale used of one promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseOfSale<'a> {
    /// Which.
    pub promotion: &'a PromotionId,
    /// Booked on.
    pub business_day: BusinessDay,
    /// By whom, where that was said.
    pub member: Option<&'a MemberId>,
    /// Whether it was given back: the sale was undone.
    pub is_undone: bool,
    /// How much.
    pub day: DayOfPromotion,
    /// The coupons that it used up.
    pub coupons: &'a [Arc<str>],
}

/// Everything that a fact used of promotions, or gave back: only what was sold and not undone
/// counts, and counts for ever.
pub fn uses_of(fact: &Fact) -> impl Iterator<Item = UseOfSale<'_>> {
    let sale = sale_of(fact);
    let is_undone = matches!(fact, Fact::SalePostVoided(_));
    let priced = sale.and_then(|sale| Some((sale.business_day, sale.pricing.as_ref()?)));
    priced.into_iter().flat_map(move |(business_day, pricing)| {
        pricing.promotions.iter().map(move |used| UseOfSale {
            promotion: &used.promotion.id,
            business_day,
            member: pricing.customer.member.as_ref(),
            is_undone,
            day: DayOfPromotion {
                baskets: 1,
                uses: used.uses,
                units: used.units,
                amount: used.amount.minor(),
                sales: used.sales.minor(),
            },
            coupons: &used.coupons,
        })
    })
}

/// The sale that a fact completes, or undoes.
fn sale_of(fact: &Fact) -> Option<&RetailTransaction> {
    match fact {
        Fact::SaleCompleted(sale) => Some(sale),
        Fact::SalePostVoided(void) => Some(&void.sale),
        _ => None,
    }
}

/// The points that a fact spent or gave back, by whom and on which day.
pub fn points_of(fact: &Fact) -> Option<(&MemberId, BusinessDay, Points)> {
    let sale = sale_of(fact)?;
    let pricing = sale.pricing.as_ref().filter(|pricing| pricing.points_spent > 0)?;
    let points = match fact {
        Fact::SalePostVoided(_) => Points::GivenBack(pricing.points_spent),
        _ => Points::Spent(pricing.points_spent),
    };
    Some((pricing.customer.member.as_ref()?, sale.business_day, points))
}

/// What a sale does to a member's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// It spends them.
    Spent(u64),
    /// It was undone.
    GivenBack(u64),
}

impl Points {
    /// The points spent after it.
    #[must_use]
    pub const fn after(self, spent: u64) -> u64 {
        match self {
            Self::Spent(points) => spent.saturating_add(points),
            Self::GivenBack(points) => spent.saturating_sub(points),
        }
    }
}

impl UseOfSale<'_> {
    /// What was used of the promotion on that day after it.
    #[must_use]
    pub const fn after(&self, day: DayOfPromotion) -> DayOfPromotion {
        if self.is_undone { day.without(self.day) } else { day.and(self.day) }
    }

    /// A count of uses after it.
    #[must_use]
    pub const fn count_after(&self, count: u32, uses: u32) -> u32 {
        if self.is_undone { count.saturating_sub(uses) } else { count.saturating_add(uses) }
    }
}

impl DayOfPromotion {
    /// This, without a sale that was undone.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self {
            baskets: self.baskets.saturating_sub(other.baskets),
            uses: self.uses.saturating_sub(other.uses),
            units: self.units.saturating_sub(other.units),
            amount: self.amount.saturating_sub(other.amount),
            sales: self.sales.saturating_sub(other.sales),
        }
    }

    /// This and another sale's.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            baskets: self.baskets.saturating_add(other.baskets),
            uses: self.uses.saturating_add(other.uses),
            units: self.units.saturating_add(other.units),
            amount: self.amount.saturating_add(other.amount),
            sales: self.sales.saturating_add(other.sales),
        }
    }
}

/// The uses of promotions, folded in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromotionTally {
    /// By promotion and business day.
    pub days: BTreeMap<(PromotionId, BusinessDay), DayOfPromotion>,
    /// By member and promotion: uses.
    pub members: BTreeMap<(MemberId, PromotionId), u32>,
    /// By member and business day: points spent.
    pub points: BTreeMap<(MemberId, BusinessDay), u64>,
    /// By coupon: uses.
    pub coupons: BTreeMap<Arc<str>, u32>,
}

impl PromotionTally {
    /// Takes one fact in.
    pub fn fold(&mut self, fact: &Fact) {
        if let Some((member, day, points)) = points_of(fact) {
            let spent = self.points.entry((member.clone(), day)).or_default();
            *spent = points.after(*spent);
        }
        for used in uses_of(fact) {
            let day = self.days.entry((used.promotion.clone(), used.business_day)).or_default();
            *day = used.after(*day);
            if let Some(member) = used.member {
                let key = (member.clone(), used.promotion.clone());
                let uses = self.members.entry(key).or_default();
                *uses = used.count_after(*uses, used.day.uses);
            }
            for code in used.coupons {
                let uses = self.coupons.entry(code.clone()).or_default();
                *uses = used.count_after(*uses, 1);
            }
        }
    }

    /// What was used of a promotion.
    pub fn sold(&self, promotion: &PromotionId, day: BusinessDay) -> Sold {
        let days = self.days.iter().filter(|((of, _), _)| of == promotion);
        days.fold(Sold::default(), |sold, ((_, on), made)| after(sold, *on == day, *made))
    }

    /// How often a member used each promotion.
    pub fn sold_to(&self, member: &MemberId) -> BTreeMap<PromotionId, u32> {
        let theirs = self.members.iter().filter(|((of, _), _)| of == member);
        theirs.map(|((_, promotion), uses)| (promotion.clone(), *uses)).collect()
    }
}

/// What was used, with one day more.
pub const fn after(sold: Sold, is_today: bool, day: DayOfPromotion) -> Sold {
    Sold {
        ever: sold.ever.saturating_add(day.uses),
        today: if is_today { day.uses } else { sold.today },
        amount: sold.amount.saturating_add(day.amount),
    }
}
