//! Goods that are sold only to people of some age.

use jiff::ToSpan as _;
use serde::Serialize;

use super::basket::Basket;
use super::event::BasketEvent;
use crate::transaction::LineKind;
use crate::{Refusal, RefusalCode};

/// How old the customer has to be, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgeView {
    /// In whole years.
    pub age: u8,
    /// The last day of birth of somebody who is, `YYYY-MM-DD`.
    pub born_by: String,
}

/// What the cashier still has to see before the basket can be paid for. What was seen once holds
/// for the whole basket.
pub(super) fn needed(basket: &Basket) -> Option<AgeView> {
    let catalogue = &basket.in_force.catalogue;
    let sold = basket.transaction.live_lines().filter(|line| line.kind == LineKind::Sale);
    let ages = sold.filter_map(|line| catalogue.item(&line.item)?.age_min());
    let age = ages.max().filter(|age| *age > basket.age_seen)?;
    // A till that was opened after the close books on tomorrow: nobody is a day older for that.
    let day = basket.transaction.business_day.date().min(basket.day_in_force);
    let born_by = day.saturating_sub(i32::from(age).years());
    Some(AgeView { age, born_by: born_by.to_string() })
}

/// Refuses payment before the cashier has seen how old the customer is.
pub(super) fn check(basket: &Basket) -> Result<(), Refusal> {
    let Some(AgeView { age, born_by }) = needed(basket) else { return Ok(()) };
    let refusal = Refusal::new(RefusalCode::AgeCheckNeeded).with("age", age);
    Err(refusal.with("born_by", born_by))
}

/// Notes what the cashier has seen.
pub(super) fn confirm(basket: &mut Basket, age: u8) -> Result<BasketEvent, Refusal> {
    basket.age_seen = basket.age_seen.max(age);
    check(basket)?;
    Ok(BasketEvent::AgeConfirmed { age })
}
