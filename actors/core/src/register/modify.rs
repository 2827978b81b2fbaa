//! Lowering a price by hand, and what a priced basket must still satisfy.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::basket::{Basket, Undo};
use super::entered::{live_line, own_line, replace};
use super::event::BasketEvent;
use super::rules::RegisterRules;
use crate::transaction::{LineItem, LineKind, ModifierMethod, PriceModifier, RetailTransaction};
use crate::{LineNumber, Money, OperatorId, ReasonCode, Refusal, RefusalCode, Rounding};

/// Most modifiers of one line or basket: several promotions and a cashier's own, with room.
const MODIFIERS_MAX: usize = 20;

/// Most decimals of a percentage: beyond them it says nothing about any amount, and a product with
/// it might be rounded before the rule that is named for it applies.
const PERCENT_DECIMALS_MAX: u32 = 4;

/// How a price is to be lowered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum ModifierRequest {
    /// By this much, for the whole line or basket.
    AmountOff {
        /// A positive amount.
        amount: Money,
    },
    /// By this percentage.
    PercentOff {
        /// Above 0 and at most 100, with at most four decimals.
        percent: Decimal,
    },
    /// To this unit price.
    NewUnitPrice {
        /// Not above the price that holds.
        price: Money,
    },
}

/// Records a modifier on a line or on the whole basket.
pub(super) fn modify(
    rules: &RegisterRules,
    basket: &mut Basket,
    line: Option<LineNumber>,
    request: &ModifierRequest,
    reason: &ReasonCode,
    operator: &OperatorId,
) -> Result<BasketEvent, Refusal> {
    if !rules.reasons.price.contains(reason) {
        return Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason));
    }
    let (method, amount) = checked(rules, request)?;
    let modifier = PriceModifier {
        method,
        amount,
        reason: reason.clone(),
        operator: Some(operator.clone()),
        promotion: None,
    };
    match line {
        Some(line) => {
            let before = own_line(basket, line)?.clone();
            if before.kind == LineKind::Return {
                return Err(Refusal::new(RefusalCode::NoSuchLine).with("line", line));
            }
            let mut after = before.clone();
            after.recorded_modifiers.push(modifier);
            within_limit(after.recorded_modifiers.len())?;
            replace(basket, before, after)?;
        }
        None if matches!(modifier.method, ModifierMethod::NewUnitPrice { .. }) => {
            return Err(RefusalCode::BadAmount.into());
        }
        None => {
            basket.recorded_modifiers.push(modifier);
            within_limit(basket.recorded_modifiers.len())?;
            basket.push_undo(Undo::BasketModifier);
        }
    }
    Ok(BasketEvent::PriceModified { line })
}

fn within_limit(modifiers: usize) -> Result<(), Refusal> {
    if modifiers > MODIFIERS_MAX {
        return Err(Refusal::new(RefusalCode::DiscountExceedsAmount));
    }
    Ok(())
}

fn checked(
    rules: &RegisterRules,
    request: &ModifierRequest,
) -> Result<(ModifierMethod, Money), Refusal> {
    let zero = Money::zero(rules.currency);
    let is_ours = |amount: &Money| amount.currency() == rules.currency && !amount.is_negative();
    match request {
        ModifierRequest::AmountOff { amount } if is_ours(amount) && !amount.is_zero() => {
            Ok((ModifierMethod::AmountOff, *amount))
        }
        ModifierRequest::PercentOff { percent }
            if *percent > Decimal::ZERO
                && *percent <= Decimal::ONE_HUNDRED
                && percent.normalize().scale() <= PERCENT_DECIMALS_MAX =>
        {
            Ok((ModifierMethod::PercentOff { percent: *percent }, zero))
        }
        ModifierRequest::NewUnitPrice { price } if is_ours(price) => {
            Ok((ModifierMethod::NewUnitPrice { price: *price }, zero))
        }
        _ => Err(RefusalCode::BadAmount.into()),
    }
}

/// What must hold of a basket that has just been priced, before it is accepted: no line is sold
/// for less than nothing, and what was just lowered or changed took something off and stays above
/// the floor. What a cashier took off the whole basket moves between its lines with every change,
/// so that then all of them have to; taking a change back is always allowed.
pub(super) fn check(basket: &Basket, event: &BasketEvent) -> Result<(), Refusal> {
    let transaction = &basket.transaction;
    let is_oversold = |line: &LineItem| line.kind == LineKind::Sale && line.net.is_negative();
    if transaction.live_lines().any(is_oversold) {
        return Err(RefusalCode::DiscountExceedsAmount.into());
    }
    let is_sold = transaction.live_lines().all(|line| line.kind == LineKind::Sale);
    if is_sold && transaction.totals.total.is_negative() {
        return Err(RefusalCode::DiscountExceedsAmount.into());
    }
    if !basket.recorded_modifiers.is_empty() && *event != BasketEvent::Undone {
        transaction.live_lines().try_for_each(|line| above_floor(basket, line, Floor::Cashier))?;
    }
    match event {
        BasketEvent::PriceModified { line: Some(line) } => check_line(basket, *line, Floor::All),
        // Another quantity brings recorded modifiers to another amount of each piece.
        BasketEvent::LineChanged { line } => check_line(basket, *line, Floor::Cashier),
        BasketEvent::PriceModified { line: None } => check_basket(basket, transaction),
        _ => Ok(()),
    }
}

/// What has to stay above an item's floor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Floor {
    /// What is left of the price: a cashier lowers it now.
    All,
    /// What the cashier left of it: what promotions take besides, now that something else was
    /// changed, is the chain's own decision, and must not keep goods out of the basket.
    Cashier,
}

fn check_line(basket: &Basket, line: LineNumber, floor: Floor) -> Result<(), Refusal> {
    let line = live_line(basket, line)?;
    let is_raised = line.modifiers.iter().any(|modifier| modifier.amount.is_negative());
    if is_raised {
        return Err(RefusalCode::BadAmount.into());
    }
    above_floor(basket, line, floor)
}

fn check_basket(basket: &Basket, transaction: &RetailTransaction) -> Result<(), Refusal> {
    let took_nothing =
        transaction.basket_modifiers.last().is_some_and(|modifier| modifier.amount.is_zero());
    if took_nothing {
        return Err(RefusalCode::DiscountExceedsAmount.into());
    }
    transaction.live_lines().try_for_each(|line| above_floor(basket, line, Floor::All))
}

fn above_floor(basket: &Basket, line: &LineItem, of: Floor) -> Result<(), Refusal> {
    let mut by_cashier = line.modifiers.iter().filter(|one| one.promotion.is_none()).peekable();
    if by_cashier.peek().is_none() {
        return Ok(());
    }
    let item = basket.in_force.catalogue.item(&line.item);
    let Some(floor) = item.and_then(crate::catalogue::Item::floor_price) else {
        return Ok(());
    };
    let floor = floor
        .times(line.quantity.amount(), Rounding::HalfUp)
        .map_err(|_| Refusal::new(RefusalCode::BadAmount))?;
    let left = match of {
        Floor::All => Ok(line.net),
        Floor::Cashier => {
            by_cashier.try_fold(line.shelf_amount, |left, modifier| left.subtract(modifier.amount))
        }
    };
    if left.is_ok_and(|left| left.minor() >= floor.minor()) {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::BelowFloorPrice).with("item", &line.description))
}
