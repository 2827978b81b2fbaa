//! Goods without a code, at a price that the cashier keys.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::basket::Basket;
use super::entered::push;
use super::event::BasketEvent;
use super::lines::{bad_amount, extended, within_limits};
use super::rules::RegisterRules;
use crate::promotion::rule::Text;
use crate::transaction::{EntryMethod, LineItem, LineKind, PriceSource};
use crate::{Currency, ItemId, Money, Quantity, ReasonCode, Refusal, RefusalCode, Unit};

/// Longest name of a department, in bytes: with what stands before it, it has to fit an item's id.
pub const DEPARTMENT_BYTES_MAX: usize = 50;
/// Stands before a department's name where a line names an item.
const ITEM_PREFIX: &str = "department:";

/// A key for goods of a department that have no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentKey {
    /// The department, as the catalogue and the reports name it; never another key's.
    pub id: Arc<str>,
    /// What the key says.
    pub label: Text,
    /// A key of the store's tax table; nothing means the table's default.
    #[serde(default)]
    pub tax_class: Arc<str>,
    /// The least price of one piece, in major units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_min: Option<Decimal>,
    /// The highest price of one piece, in major units: a barcode keyed as a price is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_max: Option<Decimal>,
}

impl DepartmentKey {
    /// What is wrong with it in a store of this currency; nothing where it can be used.
    #[must_use]
    pub fn fault(&self, currency: Currency) -> Option<&'static str> {
        let is_amount = |amount: &Option<Decimal>| {
            amount.is_none_or(|amount| {
                Money::exact(amount, currency).is_ok_and(|money| money.minor() > 0)
            })
        };
        let is_name = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
        match (self.amount_min, self.amount_max) {
            _ if !is_name(&self.id) || self.id.len() > DEPARTMENT_BYTES_MAX => {
                Some("a department has a name of at most 50 bytes")
            }
            _ if !is_name(&self.label.zh) || !is_name(&self.label.en) => {
                Some("a key has a label in both languages")
            }
            _ if !is_amount(&self.amount_min) || !is_amount(&self.amount_max) => {
                Some("a limit is an amount of the currency, above nought")
            }
            (Some(least), Some(most)) if least > most => {
                Some("the least price is above the highest")
            }
            _ => None,
        }
    }

    /// The item that its lines name: none of the catalogue's, and without stock.
    fn item(&self) -> Result<ItemId, Refusal> {
        ItemId::new(&format!("{ITEM_PREFIX}{}", self.id)).map_err(|_| unknown(&self.id))
    }

    /// What a receipt calls it, in whichever language.
    fn description(&self) -> Arc<str> {
        let Text { zh, en } = &self.label;
        if zh == en { zh.clone() } else { Arc::from(format!("{zh} {en}")) }
    }
}

/// Goods of a department, or such that come back where a reason is given.
pub(super) fn key(
    rules: &RegisterRules,
    basket: &mut Basket,
    department: &str,
    (price, quantity): (Money, Option<Quantity>),
    reason: Option<&ReasonCode>,
) -> Result<BasketEvent, Refusal> {
    let key = rules.departments.iter().find(|key| *key.id == *department);
    let key = key.ok_or_else(|| unknown(department))?;
    if reason.is_some_and(|reason| !rules.reasons.returns.contains(reason)) {
        return Err(Refusal::new(RefusalCode::UnknownReason)
            .with("reason", reason.map_or("", ReasonCode::as_str)));
    }
    within(key, price, rules.currency)?;
    let quantity = within_limits(quantity.unwrap_or(Quantity::one(Unit::Piece)))?;
    if quantity.unit() != Unit::Piece || quantity.is_zero() {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", Unit::Piece.code()));
    }
    let amount = extended(price, quantity)?;
    let (kind, quantity, shelf_amount) = match reason {
        None => (LineKind::Sale, quantity, amount),
        Some(_) => (LineKind::Return, quantity.negated(), amount.negated()),
    };
    let line = LineItem {
        line: basket.next_line(),
        kind,
        item: key.item()?,
        code: key.id.clone(),
        entry: EntryMethod::Keyed,
        description: key.description(),
        department: key.id.clone(),
        category: Arc::from(""),
        tax_class: key.tax_class.clone(),
        quantity,
        unit_price: price,
        shelf_amount,
        price_source: PriceSource::Keyed,
        recorded_modifiers: Vec::new(),
        modifiers: Vec::new(),
        net: shelf_amount,
        return_reason: reason.cloned(),
        by_department: true,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: None,
    };
    push(basket, line, None)
}

/// Whether a price is one that the key takes.
fn within(key: &DepartmentKey, price: Money, currency: Currency) -> Result<(), Refusal> {
    if price.currency() != currency || price.minor() <= 0 {
        return Err(bad_amount(crate::MoneyError::BadAmount));
    }
    let amount = price.amount();
    let is_less = key.amount_min.is_some_and(|least| amount < least);
    if !is_less && key.amount_max.is_none_or(|most| amount <= most) {
        return Ok(());
    }
    let shown =
        |limit: Option<Decimal>| limit.map_or_else(|| "…".to_owned(), |one| one.to_string());
    Err(Refusal::new(RefusalCode::AmountOutOfRange)
        .with("least", shown(key.amount_min))
        .with("most", shown(key.amount_max)))
}

fn unknown(department: &str) -> Refusal {
    let shown: String = department.chars().take(DEPARTMENT_BYTES_MAX).collect();
    Refusal::new(RefusalCode::UnknownDepartment).with("department", shown)
}
