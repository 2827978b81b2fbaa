//! What comes back for goods that come back (退貨), so that nobody gains by buying more than they
//! keep and nobody loses by returning in parts.
//!
//! Prices are those of the original sale: its shelf prices, promotions, member and coupons. What
//! was charged is read from it and never computed again.

mod kept;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::PricingContext;
use super::evaluate::evaluate;
use super::goods::Goods;
use super::outcome::Outcome;
use super::set::PromotionSet;
use crate::tax::TaxMethod;
use crate::transaction::{LineItem, LineKind, RetailTransaction, TaxLine};
use crate::{LineNumber, Money, MoneyError, Quantity, Rounding, split};
use kept::Kept;

/// A sale as it was. All money is in minor units.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// What was bought, as promotions saw it then.
    pub goods: &'a Goods,
    /// The promotions of then that touched it.
    pub set: &'a PromotionSet,
    /// What else counted then; uses as they were without this sale.
    pub context: &'a PricingContext,
    /// What was charged.
    pub charged: &'a Charged,
}

/// What a sale charged and gave, as it was stored. All money is in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Charged {
    /// What was paid for each line with all tax, in the order of the goods; never negative.
    pub lines: Vec<i64>,
    /// What the cashier took off the whole basket, by line and with the tax that would have been
    /// added to it; never negative. Empty where nothing was.
    pub taken_off: Vec<i64>,
    /// Points that it earned.
    pub points_earned: u64,
    /// Points that it cost.
    pub points_spent: u64,
    /// The codes of the coupons that it used up.
    pub coupons_used: Vec<Arc<str>>,
    /// The campaigns of which it gave a coupon.
    pub coupons_earned: Vec<Arc<str>>,
}

impl Charged {
    /// What a stored sale charged for the goods it sold, in the order of its lines; what came back
    /// in it, and what was voided, is left out.
    ///
    /// Added tax is read from the sale and shared over the lines of its class in proportion to
    /// their net amounts by the largest remainder. Where goods came back in the sale as well, the
    /// tax that they brought back is not part of it.
    ///
    /// # Errors
    /// Where an amount leaves the range of [`crate::Money`].
    pub fn of(sale: &RetailTransaction) -> Result<Self, MoneyError> {
        let sold: Vec<&LineItem> =
            sale.live_lines().filter(|line| line.kind == LineKind::Sale).collect();
        let mut charged = Self {
            lines: sold.iter().map(|line| line.net.minor()).collect(),
            taken_off: sold.iter().map(|line| off_basket(line)).collect::<Result<_, _>>()?,
            ..Self::default()
        };
        let added = sale.totals.taxes.iter().filter(|tax| tax.method == TaxMethod::Exclusive);
        for tax in added {
            charged.add_tax(sale, &sold, tax)?;
        }
        if let Some(pricing) = &sale.pricing {
            let coupons = pricing.promotions.iter().flat_map(|used| used.coupons.iter().cloned());
            charged.points_earned = pricing.points_earned;
            charged.points_spent = pricing.points_spent;
            // Two promotions may take the same code: it comes back once.
            charged.coupons_used = coupons.collect::<BTreeSet<Arc<str>>>().into_iter().collect();
            charged.coupons_earned.clone_from(&pricing.coupons_earned);
        }
        Ok(charged)
    }

    /// Puts the added tax of one class to what was charged for its lines.
    fn add_tax(
        &mut self,
        sale: &RetailTransaction,
        sold: &[&LineItem],
        tax: &TaxLine,
    ) -> Result<(), MoneyError> {
        let of = |amount: Money| -> Result<Money, MoneyError> {
            amount.times(tax.percent / Decimal::ONE_HUNDRED, Rounding::HalfUp)
        };
        let is_its = |line: &&LineItem| line.tax_class == tax.class;
        let back = sale.live_lines().filter(|line| line.kind == LineKind::Return).filter(is_its);
        let back = Money::sum(sale.currency, back.map(|line| line.net))?;
        let due = tax.tax.subtract(of(back)?)?;
        let its: Vec<usize> = (0..sold.len()).filter(|place| is_its(&sold[*place])).collect();
        if its.is_empty() {
            return Ok(());
        }
        let weights: Vec<i64> = its.iter().map(|place| sold[*place].net.minor()).collect();
        for (place, part) in its.into_iter().zip(split(due, &weights)?) {
            let taken_off = Money::from_minor(self.taken_off[place], sale.currency)?;
            self.lines[place] = self.lines[place].saturating_add(part.minor());
            self.taken_off[place] = taken_off.add(of(taken_off)?)?.minor();
        }
        Ok(())
    }

    /// All that was paid.
    #[must_use]
    pub fn paid(&self) -> i64 {
        self.lines.iter().fold(0, |sum, line| sum.saturating_add(*line))
    }
}

/// What a line's modifiers of the whole basket come to: neither recorded at the line nor by a
/// promotion.
fn off_basket(line: &LineItem) -> Result<i64, MoneyError> {
    let later = line.modifiers.iter().skip(line.recorded_modifiers.len());
    let of_basket = later.filter(|modifier| modifier.promotion.is_none());
    let sum = Money::sum(line.net.currency(), of_basket.map(|modifier| modifier.amount))?;
    Ok(sum.minor())
}

/// How much comes back for goods that were bought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ReturnPolicy {
    /// So that what is kept costs what it would have cost alone, at best.
    #[default]
    Fair,
    /// What was charged for the goods themselves.
    ProRata,
}

/// All that came back of a sale so far. Before the first return it is empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Refunded {
    /// Money, in minor units.
    pub amount: i64,
    /// Earned points that were taken back.
    pub points_taken_back: u64,
    /// Spent points that were given back.
    pub points_given_back: u64,
    /// Codes of used coupons that were given back.
    pub coupons_given_back: BTreeSet<Arc<str>>,
    /// Campaigns whose coupon was taken back.
    pub coupons_taken_back: BTreeSet<Arc<str>>,
    /// How much of each line came back, in thousandths of its unit, in the order of the goods.
    pub returned: Vec<i64>,
}

/// One return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Money for the customer, in minor units; never negative.
    pub amount: i64,
    /// Earned points to take back.
    pub points_taken_back: u64,
    /// Spent points to give back.
    pub points_given_back: u64,
    /// Codes of used coupons to give back.
    pub coupons_given_back: Vec<Arc<str>>,
    /// Campaigns whose coupon is to be taken back.
    pub coupons_taken_back: Vec<Arc<str>>,
    /// Whether the price of what is kept is proven; if not, a later return makes it good.
    pub is_proven: bool,
    /// All returns of the sale, this one included: what the next one starts from.
    pub so_far: Refunded,
}

/// Why a return is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The sale has no such line.
    #[error("the sale has no line {0:?}; choose one of its lines")]
    NoSuchLine(LineNumber),
    /// Not more than nought, in another unit, or more than is left of the line.
    #[error("line {0:?} cannot come back in that quantity; choose what is left of it at most")]
    BadQuantity(LineNumber),
    /// What was charged does not fit the goods.
    #[error("what was charged does not fit the goods of the sale; read the sale again")]
    BadSale,
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What comes back for some lines of a sale, after the returns before.
///
/// `nodes` bounds the search for the price of what is kept.
///
/// # Errors
/// Where the goods are not all of the sale, and where an amount leaves the range of
/// [`crate::Money`].
pub fn refund(
    original: Original,
    before: &Refunded,
    returned: &[(LineNumber, Quantity)],
    policy: ReturnPolicy,
    nodes: u64,
) -> Result<Refund, RefundError> {
    let kept = Kept::after(original, before, returned)?;
    let (claims, is_proven) = match policy {
        ReturnPolicy::Fair => fair(original, before, &kept, nodes)?,
        ReturnPolicy::ProRata => (pro_rata(original, &kept), true),
    };
    Ok(settled(before, claims, kept, is_proven))
}

/// What the customer may have got back altogether; what was already given is not asked back.
struct Claims {
    amount: i64,
    points_taken_back: u64,
    points_given_back: u64,
    coupons_given_back: BTreeSet<Arc<str>>,
    coupons_taken_back: BTreeSet<Arc<str>>,
}

impl Claims {
    /// Everything: nothing is kept.
    fn all(charged: &Charged) -> Self {
        Self {
            amount: charged.paid(),
            points_taken_back: charged.points_earned,
            points_given_back: charged.points_spent,
            coupons_given_back: charged.coupons_used.iter().cloned().collect(),
            coupons_taken_back: charged.coupons_earned.iter().cloned().collect(),
        }
    }
}

/// What was paid less the best price of what is kept, with the points and coupons that are still
/// in the sale.
fn fair(
    original: Original,
    before: &Refunded,
    kept: &Kept,
    nodes: u64,
) -> Result<(Claims, bool), RefundError> {
    let Original { set, charged, .. } = original;
    let everything = Claims::all(charged);
    if kept.is_nothing() {
        return Ok((everything, true));
    }
    let context = still_invested(original, before);
    let outcome = evaluate(set, &kept.goods(original), &context, nodes)?;
    let cost = outcome.total.saturating_sub(kept.taken_off(charged)).max(0);
    let used = coupons_used(&outcome);
    let earned: BTreeSet<Arc<str>> = outcome.coupons_earned.iter().cloned().collect();
    let claims = Claims {
        amount: everything.amount.saturating_sub(cost),
        points_taken_back: charged.points_earned.saturating_sub(outcome.points_earned),
        points_given_back: charged.points_spent.saturating_sub(outcome.points_spent),
        coupons_given_back: &everything.coupons_given_back - &used,
        coupons_taken_back: &everything.coupons_taken_back - &earned,
    };
    Ok((claims, outcome.certificate.is_optimal || outcome.certificate.by_priority))
}

fn coupons_used(outcome: &Outcome) -> BTreeSet<Arc<str>> {
    outcome.applied.iter().flat_map(|applied| applied.coupons.iter().cloned()).collect()
}

/// The context of the sale with the coupons and points that it used and that have not come back:
/// what is kept may not use again what was given back.
fn still_invested(original: Original, before: &Refunded) -> PricingContext {
    let Original { context, charged, .. } = original;
    let mut context = context.clone();
    let coupons = charged.coupons_used.iter();
    context.coupons =
        coupons.filter(|code| !before.coupons_given_back.contains(*code)).cloned().collect();
    if let Some(member) = &mut context.member {
        member.points = charged.points_spent.saturating_sub(before.points_given_back);
    }
    context
}

/// The part of what was charged that belongs to what came back, points in proportion to it;
/// coupons come back with the last of the goods.
fn pro_rata(original: Original, kept: &Kept) -> Claims {
    let charged = original.charged;
    let everything = Claims::all(charged);
    if kept.is_nothing() {
        return everything;
    }
    let left = kept.charged(charged);
    let part = |points: u64| {
        let kept = match everything.amount {
            0 => u128::from(points),
            paid => {
                u128::from(points) * u128::from(left.unsigned_abs())
                    / u128::from(paid.unsigned_abs())
            }
        };
        points.saturating_sub(u64::try_from(kept).unwrap_or(points))
    };
    Claims {
        amount: everything.amount.saturating_sub(left),
        points_taken_back: part(charged.points_earned),
        points_given_back: part(charged.points_spent),
        coupons_given_back: BTreeSet::new(),
        coupons_taken_back: BTreeSet::new(),
    }
}

/// The difference to what came back before, where there is more to claim now.
fn settled(before: &Refunded, claims: Claims, kept: Kept, is_proven: bool) -> Refund {
    let so_far = Refunded {
        amount: claims.amount.max(before.amount),
        points_taken_back: claims.points_taken_back.max(before.points_taken_back),
        points_given_back: claims.points_given_back.max(before.points_given_back),
        coupons_given_back: &claims.coupons_given_back | &before.coupons_given_back,
        coupons_taken_back: &claims.coupons_taken_back | &before.coupons_taken_back,
        returned: kept.returned,
    };
    let new = |now: &BTreeSet<Arc<str>>, before: &BTreeSet<Arc<str>>| {
        now.difference(before).cloned().collect()
    };
    Refund {
        amount: so_far.amount - before.amount,
        points_taken_back: so_far.points_taken_back - before.points_taken_back,
        points_given_back: so_far.points_given_back - before.points_given_back,
        coupons_given_back: new(&so_far.coupons_given_back, &before.coupons_given_back),
        coupons_taken_back: new(&so_far.coupons_taken_back, &before.coupons_taken_back),
        is_proven,
        so_far,
    }
}
