//! How much of what is limited is left: what sales have used, and what is held for baskets whose
//! payment has begun.
//!
//! One machine for the whole store: whoever asks for a price with the intention to pay it gets it
//! and what it uses in one step, so that two registers cannot both have the last one.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::goods::Goods;
use super::live::{Moment, left};
use super::rule::{Coupon, Limits};
use super::set::{PromotionIndex, PromotionSet};
use super::{PricedBasket, Pricing, PricingContext, PricingRequest, Used, price};
use crate::transaction::TenderTypeId;
use crate::{BusinessDay, MemberId, Money, MoneyError, PromotionId, RefusalCode, TransactionId};

/// What a basket costs, asked by a register.
#[derive(Clone, Debug)]
pub struct PriceAsk {
    /// For which basket.
    pub transaction: TransactionId,
    /// The day that its uses count on.
    pub business_day: BusinessDay,
    /// The basket; what has been used is filled in here.
    pub request: PricingRequest,
    /// Payment is about to begin. Without it the basket is being changed, and nothing is held for
    /// it any more.
    pub hold: Option<Shown>,
}

/// The price on the screen of a basket that is about to be paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is: if the basket still costs that, what it uses is held for it.
    pub total: Money,
    /// The way of paying that it was made for.
    pub tender: Option<TenderTypeId>,
}

/// What a basket costs.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The basket with its prices.
    pub priced: PricedBasket,
    /// The coupons among those shown that were used before, or are held for another basket.
    pub coupons_used: Vec<Arc<str>>,
    /// Whether what it uses is held for it.
    pub is_held: bool,
    /// Where it is: every promotion that is live in the basket and for one of its lines.
    pub live: Vec<PromotionIndex>,
    /// Where it is not, and is paid in another way than was shown: what it costs now in the way
    /// that was. Whether that is still what was shown tells why it is not held.
    pub as_shown: Option<PricedBasket>,
}

/// What the journal says of a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sold {
    /// How often it was used, ever.
    pub ever: u32,
    /// How often it was used on the day that was asked for.
    pub today: u32,
    /// What it gave, ever, in minor units.
    pub amount: i64,
}

/// What the journal says of uses.
///
/// # Errors
/// Every question answers why the journal could not be read.
#[allow(clippy::missing_errors_doc)]
pub trait SalesSoFar {
    /// Of a promotion.
    fn sold(&self, promotion: &PromotionId, day: BusinessDay) -> Result<Sold, RefusalCode>;
    /// The points that a member spent on a day.
    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Result<u64, RefusalCode>;
    /// How often a member used each promotion, ever.
    fn sold_to(&self, member: &MemberId) -> Result<BTreeMap<PromotionId, u32>, RefusalCode>;
    /// Whether a coupon was used.
    fn is_coupon_used(&self, code: &str) -> Result<bool, RefusalCode>;
}

/// Nothing was ever sold: a store that begins, or a basket that stands by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct NothingSold;

impl SalesSoFar for NothingSold {
    fn sold(&self, _: &PromotionId, _: BusinessDay) -> Result<Sold, RefusalCode> {
        Ok(Sold::default())
    }

    fn sold_to(&self, _: &MemberId) -> Result<BTreeMap<PromotionId, u32>, RefusalCode> {
        Ok(BTreeMap::new())
    }

    fn is_coupon_used(&self, _: &str) -> Result<bool, RefusalCode> {
        Ok(false)
    }

    fn points_spent(&self, _: &MemberId, _: BusinessDay) -> Result<u64, RefusalCode> {
        Ok(0)
    }
}

/// What a basket holds from its first tender to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The day that its uses count on.
    pub business_day: BusinessDay,
    /// Whose uses they are besides the store's.
    pub member: Option<MemberId>,
    /// The points that it spends.
    pub points: u64,
    /// What it uses, by promotion.
    pub uses: BTreeMap<PromotionId, HeldUse>,
}

/// What a basket holds of one promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldUse {
    /// How often.
    pub uses: u32,
    /// What it gives, in minor units.
    pub amount: i64,
    /// The coupons.
    pub coupons: Vec<Arc<str>>,
}

impl Hold {
    /// What a priced basket uses.
    #[must_use]
    pub fn of(pricing: &Pricing, business_day: BusinessDay, member: Option<MemberId>) -> Self {
        let held = |used: &super::PromotionUse| HeldUse {
            uses: used.uses,
            amount: used.amount.minor(),
            coupons: used.coupons.clone(),
        };
        let uses = pricing.applied.iter().map(|used| (used.promotion.id.clone(), held(used)));
        Self { business_day, member, points: pricing.points_spent, uses: uses.collect() }
    }
}

/// Days of one promotion that are remembered: baskets over midnight, with room.
const DAYS_MAX: usize = 3;

/// The uses of one store.
#[derive(Debug, Default)]
pub struct PromotionUses {
    holds: BTreeMap<TransactionId, Hold>,
    /// What the journal said, until a basket that touches it is over.
    sold: BTreeMap<PromotionId, BTreeMap<BusinessDay, Sold>>,
    limited: Limited,
}

impl PromotionUses {
    /// What is held for baskets that were being paid for when the store last stopped.
    #[must_use]
    pub fn restored(holds: impl IntoIterator<Item = (TransactionId, Hold)>) -> Self {
        Self { holds: holds.into_iter().collect(), ..Self::default() }
    }

    /// Every basket that something is held for.
    pub fn holds(&self) -> impl Iterator<Item = (&TransactionId, &Hold)> {
        self.holds.iter()
    }

    /// What a basket costs now, and perhaps what it uses held for it.
    ///
    /// # Errors
    /// [`RefusalCode::BadAmount`] where an amount leaves the range of [`Money`]; what the journal
    /// could not be read for.
    pub fn quote(&mut self, ask: PriceAsk, sold: &impl SalesSoFar) -> Result<Quote, RefusalCode> {
        let PriceAsk { transaction, business_day, mut request, hold } = ask;
        self.holds.remove(&transaction);
        let of = (transaction, business_day);
        let coupons_used = self.fill_in(of, &mut request, sold)?;
        let member = request.context.member.as_ref().map(|member| member.id.clone());
        let bad_amount = |_: MoneyError| RefusalCode::BadAmount;
        let set = request.rules.promotions.clone();
        let is_other = |shown: &&Shown| shown.tender != request.context.tender_intended;
        let otherwise = hold.as_ref().filter(is_other).map(|shown| {
            let mut request = request.clone();
            request.context.tender_intended.clone_from(&shown.tender);
            request
        });
        let priced = price(request).map_err(bad_amount)?;
        let is_held = hold.is_some_and(|shown| shown.total == priced.totals.total);
        let otherwise = otherwise.filter(|_| !is_held);
        let as_shown = otherwise.map(price).transpose().map_err(bad_amount)?;
        let mut live = Vec::new();
        if is_held {
            let hold = Hold::of(&priced.pricing, business_day, member);
            self.holds.insert(transaction, hold);
            if let Some(evaluated) = &priced.evaluated {
                live = touching(&set, &evaluated.goods, &evaluated.context);
            }
        }
        Ok(Quote { priced, coupons_used, is_held, live, as_shown })
    }

    /// Says of a basket what has been used, its own part left out, and leaves out the coupons that
    /// were used before; answers those.
    ///
    /// # Errors
    /// What the journal could not be read for.
    pub fn fill_in(
        &mut self,
        of: (TransactionId, BusinessDay),
        request: &mut PricingRequest,
        sold: &impl SalesSoFar,
    ) -> Result<Vec<Arc<str>>, RefusalCode> {
        let (transaction, day) = of;
        let set = &request.rules.promotions;
        self.limited.follow(set);
        let context = &mut request.context;
        let member = context.member.as_ref().map(|member| &member.id);
        let by_member = match member {
            Some(member) if self.limited.has_members => sold.sold_to(member)?,
            _ => BTreeMap::new(),
        };
        for index in &self.limited.promotions {
            let Some(promotion) = set.get(*index) else { continue };
            let id = &promotion.id;
            let known = self.sold.get(id).and_then(|days| days.get(&day)).copied();
            let so_far = match known {
                Some(known) => known,
                None => sold.sold(id, day)?,
            };
            let days = self.sold.entry(id.clone()).or_default();
            days.insert(day, so_far);
            if days.len() > DAYS_MAX {
                days.pop_first();
            }
            let by_member = by_member.get(id).copied().unwrap_or(0);
            let used = self.with_holds(id, of, member, so_far, by_member);
            if used != Used::default() {
                context.used.insert(id.clone(), used);
            }
        }
        if let Some(member) = context.member.as_mut().filter(|_| self.limited.has_points) {
            let held = self
                .held_by_others(transaction)
                .filter(|hold| hold.member.as_ref() == Some(&member.id));
            let held = held.map(|hold| hold.points).fold(0, u64::saturating_add);
            let spent = sold.points_spent(&member.id, day)?;
            member.points = member.points.saturating_sub(spent).saturating_sub(held);
        }
        let mut used_before = Vec::new();
        for code in &context.coupons {
            let is_used = self.limited.is_unique(code)
                && (self.is_coupon_held(transaction, code) || sold.is_coupon_used(code)?);
            if is_used {
                used_before.push(code.clone());
            }
        }
        context.coupons.retain(|code| !used_before.contains(code));
        Ok(used_before)
    }

    fn with_holds(
        &self,
        promotion: &PromotionId,
        (transaction, day): (TransactionId, BusinessDay),
        member: Option<&MemberId>,
        sold: Sold,
        by_member: u32,
    ) -> Used {
        let mut used = Used { by_member, today: sold.today, ever: sold.ever, budget: sold.amount };
        for hold in self.held_by_others(transaction) {
            let Some(held) = hold.uses.get(promotion) else { continue };
            used.ever = used.ever.saturating_add(held.uses);
            used.budget = used.budget.saturating_add(held.amount);
            if hold.business_day == day {
                used.today = used.today.saturating_add(held.uses);
            }
            if member.is_some() && hold.member.as_ref() == member {
                used.by_member = used.by_member.saturating_add(held.uses);
            }
        }
        used
    }

    fn held_by_others(&self, own: TransactionId) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |(of, _)| **of != own).map(|(_, hold)| hold)
    }

    fn is_coupon_held(&self, own: TransactionId, code: &str) -> bool {
        let held = self.held_by_others(own).flat_map(|hold| hold.uses.values());
        held.flat_map(|held| &held.coupons).any(|held| **held == *code)
    }

    /// The basket is sold, given up, or not being paid for any more: what was held for it is free,
    /// and what the journal says of it is asked anew.
    pub fn release(&mut self, transaction: TransactionId) {
        match self.holds.remove(&transaction) {
            Some(hold) => hold.uses.keys().for_each(|promotion| {
                self.sold.remove(promotion);
            }),
            // A sale that was undone, perhaps: which promotions it had used is not known here.
            None => self.sold.clear(),
        }
    }
}

/// Every promotion that is live in a basket and for one of its lines, also one that only takes the
/// place of others: with these its price can be made again.
fn touching(set: &PromotionSet, goods: &Goods, context: &PricingContext) -> Vec<PromotionIndex> {
    let moment = Moment::of(context);
    let mut found = BTreeSet::new();
    for line in &goods.lines {
        let mut note = |index, _| {
            found.insert(index);
        };
        set.index().matching(set.promotions(), line, &mut |_| true, &mut note);
    }
    let is_live = |index: &PromotionIndex| {
        let promotion = set.get(*index);
        promotion.is_some_and(|one| left(one, context, moment, set.store()).is_some())
    };
    found.into_iter().filter(is_live).collect()
}

/// What of a set is limited: worked out once for each set.
#[derive(Debug, Default)]
struct Limited {
    set: Arc<PromotionSet>,
    promotions: Vec<PromotionIndex>,
    has_members: bool,
    has_points: bool,
    /// Those whose codes are each used once.
    uniques: Vec<Coupon>,
}

impl Limited {
    fn follow(&mut self, set: &Arc<PromotionSet>) {
        if Arc::ptr_eq(&self.set, set) {
            return;
        }
        *self = Self { set: set.clone(), ..Self::default() };
        for (index, promotion) in (0..).map(PromotionIndex).zip(set.promotions()) {
            if is_limited(&promotion.limits) {
                self.promotions.push(index);
            }
            self.has_points |= promotion.cost_points > 0;
            self.has_members |= promotion.limits.per_member.is_some();
            let coupon = promotion.coupon.as_ref();
            self.uniques.extend(coupon.filter(|it| matches!(it, Coupon::Unique(_))).cloned());
        }
    }

    fn is_unique(&self, code: &str) -> bool {
        self.uniques.iter().any(|coupon| coupon.fits(code))
    }
}

const fn is_limited(limits: &Limits) -> bool {
    limits.per_member.is_some()
        || limits.per_day.is_some()
        || limits.total.is_some()
        || limits.budget.is_some()
}
