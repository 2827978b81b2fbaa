use super::{Certificate, PricedBasket, Pricing, PricingRequest};
use crate::transaction::{LineItem, ModifierMethod, PriceModifier, Totals};
use crate::{Money, MoneyError, Rounding, split};
use rust_decimal::Decimal;

/// Prices a basket: every recorded modifier with its amount, every line with its net, the totals.
///
/// A line's modifiers apply in the order in which they were recorded, each to what the ones before
/// it left. The basket's own come after them and are shared out over the lines in proportion to
/// their net amounts, so that the lines always add up to the basket.
///
/// # Errors
/// Where an amount leaves the range of [`Money`].
pub fn price(request: PricingRequest) -> Result<PricedBasket, MoneyError> {
    let PricingRequest { rules, mut lines, mut basket_modifiers, currency, .. } = request;
    for line in &mut lines {
        price_line(line)?;
    }
    for modifier in &mut basket_modifiers {
        share_out(&mut lines, modifier, currency)?;
    }
    let live = || lines.iter().filter(|line| line.voided.is_none());
    let shelf = Money::sum(currency, live().map(|line| line.shelf_amount))?;
    let net = Money::sum(currency, live().map(|line| line.net))?;
    let taxes = rules.taxes.of(live(), currency)?;
    let added = taxes.iter().filter(|tax| tax.method == crate::tax::TaxMethod::Exclusive);
    let total = net.add(Money::sum(currency, added.map(|tax| tax.tax))?)?;
    let totals = Totals {
        shelf,
        discount: shelf.subtract(net)?,
        net,
        taxes,
        total,
        due: total,
        ..Totals::zero(currency)
    };
    let pricing = Pricing {
        applied: Vec::new(),
        points_earned: 0,
        points_spent: 0,
        coupons_earned: Vec::new(),
        certificate: Certificate {
            is_optimal: true,
            bound: total.minor(),
            nodes: 0,
            by_priority: false,
        },
    };
    Ok(PricedBasket { lines, basket_modifiers, totals, pricing })
}

fn price_line(line: &mut LineItem) -> Result<(), MoneyError> {
    let mut net = line.shelf_amount;
    line.modifiers.clear();
    for recorded in &line.recorded_modifiers {
        let mut modifier = recorded.clone();
        modifier.amount = match &modifier.method {
            ModifierMethod::AmountOff => modifier.amount,
            ModifierMethod::PercentOff { percent } => percent_of(net, *percent)?,
            ModifierMethod::NewUnitPrice { price } => {
                net.subtract(price.times(line.quantity.amount(), Rounding::HalfUp)?)?
            }
        };
        net = net.subtract(modifier.amount)?;
        line.modifiers.push(modifier);
    }
    line.net = net;
    Ok(())
}

fn percent_of(amount: Money, percent: Decimal) -> Result<Money, MoneyError> {
    amount.times(percent / Decimal::ONE_HUNDRED, Rounding::HalfUp)
}

fn share_out(
    lines: &mut [LineItem],
    modifier: &mut PriceModifier,
    currency: crate::Currency,
) -> Result<(), MoneyError> {
    let targets: Vec<usize> = (0..lines.len())
        .filter(|index| lines[*index].voided.is_none() && lines[*index].net.minor() > 0)
        .collect();
    let base = Money::sum(currency, targets.iter().map(|index| lines[*index].net))?;
    if let ModifierMethod::PercentOff { percent } = &modifier.method {
        modifier.amount = percent_of(base, *percent)?;
    }
    if targets.is_empty() || base.subtract(modifier.amount)?.is_negative() {
        modifier.amount = Money::zero(currency);
        return Ok(());
    }
    let weights: Vec<i64> = targets.iter().map(|index| lines[*index].net.minor()).collect();
    for (index, part) in targets.into_iter().zip(split(modifier.amount, &weights)?) {
        let line = &mut lines[index];
        line.net = line.net.subtract(part)?;
        line.modifiers.push(PriceModifier { amount: part, ..modifier.clone() });
    }
    Ok(())
}
