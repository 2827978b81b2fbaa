use std::collections::BTreeMap;

use super::Violation;
use crate::tax::TaxMethod;
use crate::transaction::RetailTransaction;
use crate::{Money, PromotionId};

/// What each promotion took off the lines is what the sale says of it, where prices contain their
/// tax: then what is booked is what is paid. Where tax is added, a promotion takes off what is to
/// pay, tax and all, and its lines only say the net part of it.
pub(super) fn check(sale: &RetailTransaction) -> Result<(), Violation> {
    let Some(pricing) = &sale.pricing else { return Ok(()) };
    if sale.totals.taxes.iter().any(|tax| tax.method == TaxMethod::Exclusive) {
        return Ok(());
    }
    let transaction = sale.id;
    let bad = |source| Violation::BadAmounts { transaction, source };
    let zero = Money::zero(sale.currency);
    let mut taken: BTreeMap<&PromotionId, Money> = BTreeMap::new();
    for modifier in sale.live_lines().flat_map(|line| &line.modifiers) {
        let Some(promotion) = &modifier.promotion else { continue };
        let sum = taken.entry(&promotion.id).or_insert(zero);
        *sum = sum.add(modifier.amount).map_err(bad)?;
    }
    let mut stated: BTreeMap<&PromotionId, Money> = BTreeMap::new();
    for used in &pricing.promotions {
        stated.insert(&used.promotion.id, used.amount);
    }
    for promotion in taken.keys().chain(stated.keys()) {
        let of = |map: &BTreeMap<&PromotionId, Money>| map.get(promotion).copied().unwrap_or(zero);
        let (stated, computed) = (of(&stated), of(&taken));
        if stated != computed {
            let promotion = PromotionId::clone(promotion);
            return Err(Violation::PromotionDoesNotAddUp {
                transaction,
                promotion,
                stated,
                computed,
            });
        }
    }
    Ok(())
}
