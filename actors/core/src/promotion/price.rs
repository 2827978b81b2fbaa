//! From the lines of a basket to goods, and from their best price back to the lines.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::evaluate::evaluate;
use super::goods::{Goods, GoodsLine};
use super::index::selectors;
use super::outcome::{Applied, Outcome};
use super::rule::Text;
use super::set::PromotionSet;
use super::{
    Certificate, Evaluated, GoodsAttributes, PricedBasket, Pricing, PricingRequest, PricingRules,
    PromotionUse,
};
use crate::tax::TaxMethod;
use crate::transaction::{
    AppliedPromotion, LineItem, LineKind, ModifierMethod, PriceModifier, TaxLine, Totals,
};
use crate::{Currency, Money, MoneyError, PromotionId, ReasonCode, Rounding, split};

/// Why a promotion lowered a line.
const REASON: &str = "promotion";

/// Prices a basket: every recorded modifier with its amount, every line with its net, the totals.
///
/// A line's recorded modifiers apply in the order in which they were recorded, each to what the
/// ones before it left; then come the promotions. The basket's own modifiers come after them and
/// are shared out over the lines in proportion to their net amounts, so that the lines always add
/// up to the basket.
///
/// # Errors
/// Where an amount leaves the range of [`Money`].
pub fn price(request: PricingRequest) -> Result<PricedBasket, MoneyError> {
    let PricingRequest {
        rules,
        mut lines,
        attributes,
        mut basket_modifiers,
        currency,
        context,
        nodes_max,
    } = request;
    for line in &mut lines {
        price_line(line)?;
    }
    let promoted = match rules.promotions.is_empty() {
        true => None,
        false => {
            let (goods, places) = goods(&rules, &lines, &attributes, currency);
            let outcome = evaluate(&rules.promotions, &goods, &context, nodes_max)?;
            let pricing = promote(&rules.promotions, &mut lines, &places, &outcome, currency)?;
            Some((pricing, Evaluated { goods, context, outcome }))
        }
    };
    for modifier in &mut basket_modifiers {
        share_out(&mut lines, modifier, currency)?;
    }
    let live = || lines.iter().filter(|line| line.voided.is_none());
    let shelf = Money::sum(currency, live().map(|line| line.shelf_amount))?;
    let net = Money::sum(currency, live().map(|line| line.net))?;
    let mut taxes = rules.taxes.of(live(), currency)?;
    if let Some((_, evaluated)) = &promoted {
        adjust(&mut taxes, &evaluated.outcome.taxes)?;
    }
    let added = taxes.iter().filter(|tax| tax.method == TaxMethod::Exclusive);
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
    let (pricing, evaluated) = promoted
        .map_or_else(|| (nothing(total), None), |(pricing, of)| (pricing, Some(Arc::new(of))));
    Ok(PricedBasket { lines, basket_modifiers, totals, pricing, evaluated })
}

/// What promotions did where there are none.
fn nothing(total: Money) -> Pricing {
    let (bound, nodes) = (total.minor(), 0);
    Pricing {
        applied: Vec::new(),
        points_earned: 0,
        points_spent: 0,
        coupons_earned: Vec::new(),
        certificate: Certificate { is_optimal: true, bound, nodes, by_priority: false },
    }
}

/// Lowers the lines by what promotions take off.
fn promote(
    set: &PromotionSet,
    lines: &mut [LineItem],
    places: &[usize],
    outcome: &Outcome,
    currency: Currency,
) -> Result<Pricing, MoneyError> {
    for (modifier, place) in modifiers(set, outcome, currency)? {
        let Some(line) = places.get(place).and_then(|place| lines.get_mut(*place)) else {
            continue;
        };
        line.net = line.net.subtract(modifier.amount)?;
        line.modifiers.push(modifier);
    }
    let uses = outcome.applied.iter().map(|applied| used(set, outcome, applied, currency));
    Ok(Pricing {
        applied: uses.collect::<Result<_, _>>()?,
        points_earned: outcome.points_earned,
        points_spent: outcome.points_spent,
        coupons_earned: outcome.coupons_earned.clone(),
        certificate: outcome.certificate,
    })
}

/// The lines that promotions look at, and where each of them stands in the basket.
fn goods(
    rules: &PricingRules,
    lines: &[LineItem],
    attributes: &[GoodsAttributes],
    currency: Currency,
) -> (Goods, Vec<usize>) {
    let none = GoodsAttributes::default();
    // A deposit is money that comes back: promotions leave it alone unless one is about it.
    let is_meant = |line: &LineItem| {
        let mut all = rules.promotions.promotions().iter().flat_map(selectors);
        line.deposit_of.is_none() || all.any(|selector| selector.items.contains(&line.item))
    };
    let is_bought = |line: &LineItem| {
        line.voided.is_none()
            && line.kind == LineKind::Sale
            && !line.net.is_negative()
            && is_meant(line)
    };
    let bought = lines.iter().enumerate().filter(|(_, line)| is_bought(line));
    let goods = bought.map(|(place, line)| {
        let attributes = attributes.get(place).unwrap_or(&none);
        let goods = GoodsLine {
            line: line.line,
            item: line.item.clone(),
            brand: attributes.brand.clone(),
            department: line.department.clone(),
            category: line.category.clone(),
            tags: attributes.tags.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price.minor(),
            amount: line.net.minor(),
            tax_class: line.tax_class.clone(),
            tax: rules.taxes.rate(&line.tax_class),
            is_fixed: !line.recorded_modifiers.is_empty(),
        };
        (goods, place)
    });
    let (lines, places) = goods.unzip();
    (Goods { currency, lines }, places)
}

/// One modifier for each line and promotion, in the order in which they were applied.
fn modifiers(
    set: &PromotionSet,
    outcome: &Outcome,
    currency: Currency,
) -> Result<Vec<(PriceModifier, usize)>, MoneyError> {
    let mut modifiers: Vec<(PriceModifier, usize)> = Vec::new();
    let mut of_line = 0;
    for unit in &outcome.units {
        if modifiers.get(of_line).is_some_and(|(_, line)| *line != unit.line) {
            of_line = modifiers.len();
        }
        for part in &unit.parts {
            let Some(promotion) = set.get(part.promotion) else { continue };
            let amount = Money::from_minor(part.amount, currency)?;
            let is_its = |(modifier, _): &&mut (PriceModifier, usize)| {
                modifier.promotion.as_ref().is_some_and(|by| by.id == promotion.id)
            };
            if let Some((modifier, _)) = modifiers[of_line..].iter_mut().find(is_its) {
                modifier.amount = modifier.amount.add(amount)?;
                continue;
            }
            let promotion = named(&promotion.id, &promotion.name);
            let modifier = PriceModifier {
                method: ModifierMethod::AmountOff,
                amount,
                reason: ReasonCode::from_static(REASON),
                operator: None,
                promotion: Some(promotion),
            };
            modifiers.push((modifier, unit.line));
        }
    }
    modifiers.retain(|(modifier, _)| !modifier.amount.is_zero());
    Ok(modifiers)
}

fn named(id: &PromotionId, name: &Text) -> AppliedPromotion {
    AppliedPromotion { id: id.clone(), name: name.clone() }
}

fn used(
    set: &PromotionSet,
    outcome: &Outcome,
    applied: &Applied,
    currency: Currency,
) -> Result<PromotionUse, MoneyError> {
    let is_its = |unit: &&super::outcome::UnitOutcome| {
        unit.taken_by.is_some_and(|(by, _)| by == applied.index)
            || unit.parts.iter().any(|part| part.promotion == applied.index)
    };
    let sales = outcome.units.iter().filter(is_its).map(|unit| unit.net).sum();
    let unnamed = || Text { zh: Arc::from(""), en: Arc::from("") };
    let name = set.get(applied.index).map_or_else(unnamed, |promotion| promotion.name.clone());
    Ok(PromotionUse {
        promotion: named(&applied.promotion, &name),
        uses: applied.uses,
        units: applied.units,
        amount: Money::from_minor(applied.amount, currency)?,
        sales: Money::from_minor(sales, currency)?,
        coupons: applied.coupons.clone(),
    })
}

/// Where promotions of orders lowered what is to pay, the tax is what is left of it, which may be
/// another minor unit than the tax of what is booked.
fn adjust(taxes: &mut [TaxLine], of_goods: &[TaxLine]) -> Result<(), MoneyError> {
    for goods in of_goods.iter().filter(|tax| tax.method == TaxMethod::Exclusive) {
        let product = goods.base.amount().checked_mul(goods.percent).ok_or(MoneyError::TooLarge)?;
        let computed = product / Decimal::ONE_HUNDRED;
        let computed = Money::rounded(computed, goods.base.currency(), Rounding::HalfUp)?;
        if let Some(tax) = taxes.iter_mut().find(|tax| tax.class == goods.class) {
            tax.tax = tax.tax.add(goods.tax)?.subtract(computed)?;
        }
    }
    Ok(())
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
    currency: Currency,
) -> Result<(), MoneyError> {
    let targets: Vec<usize> = (0..lines.len())
        .filter(|index| {
            let line = &lines[*index];
            line.voided.is_none() && line.deposit_of.is_none() && line.net.minor() > 0
        })
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

/// What promotions make of a basket, also where there are none.
pub(super) fn evaluated(request: &PricingRequest) -> Result<Evaluated, MoneyError> {
    let PricingRequest { rules, attributes, currency, context, nodes_max, .. } = request;
    let mut lines = request.lines.clone();
    for line in &mut lines {
        price_line(line)?;
    }
    let (goods, _) = goods(rules, &lines, attributes, *currency);
    let outcome = evaluate(&rules.promotions, &goods, context, *nodes_max)?;
    Ok(Evaluated { goods, context: context.clone(), outcome })
}
