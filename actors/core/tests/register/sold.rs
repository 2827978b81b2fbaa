//! What has been sold, as the promises say it.

use std::collections::BTreeMap;

use store_core::fact::Fact;
use store_core::promotion::PromotionUse;
use store_core::promotion::uses::{SalesSoFar, Sold};
use store_core::transaction::RetailTransaction;
use store_core::{BusinessDay, MemberId, PromotionId, RefusalCode};

/// What the facts say of promotions' uses.
pub struct Sales<'a>(pub &'a [Fact]);

impl Sales<'_> {
    fn uses(&self) -> impl Iterator<Item = (&RetailTransaction, &PromotionUse)> {
        let sold = self.0.iter().filter_map(|fact| match fact {
            Fact::SaleCompleted(sale) => Some((&**sale, sale.pricing.as_ref()?)),
            _ => None,
        });
        sold.flat_map(|(sale, pricing)| pricing.promotions.iter().map(move |used| (sale, used)))
    }
}

impl SalesSoFar for Sales<'_> {
    fn sold(&self, promotion: &PromotionId, day: BusinessDay) -> Result<Sold, RefusalCode> {
        let mut sold = Sold::default();
        for (sale, used) in self.uses().filter(|(_, used)| used.promotion.id == *promotion) {
            sold.ever += used.uses;
            sold.amount += used.amount.minor();
            sold.today += if sale.business_day == day { used.uses } else { 0 };
        }
        Ok(sold)
    }

    fn sold_to(&self, member: &MemberId) -> Result<BTreeMap<PromotionId, u32>, RefusalCode> {
        let mut sold = BTreeMap::new();
        for (sale, used) in self.uses() {
            let buyer = sale.pricing.as_ref().and_then(|pricing| pricing.customer.member.as_ref());
            if buyer == Some(member) {
                *sold.entry(used.promotion.id.clone()).or_default() += used.uses;
            }
        }
        Ok(sold)
    }

    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Result<u64, RefusalCode> {
        let sold = self.0.iter().filter_map(|fact| match fact {
            Fact::SaleCompleted(sale) if sale.business_day == day => sale.pricing.as_ref(),
            _ => None,
        });
        let theirs = sold.filter(|pricing| pricing.customer.member.as_ref() == Some(member));
        Ok(theirs.map(|pricing| pricing.points_spent).sum())
    }

    fn is_coupon_used(&self, code: &str) -> Result<bool, RefusalCode> {
        let mut coupons = self.uses().flat_map(|(_, used)| &used.coupons);
        Ok(coupons.any(|used| **used == *code))
    }
}
