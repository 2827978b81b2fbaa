use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::TenderTypeId;
use crate::rounding::Rounding;
use crate::{Currency, Money, MoneyError};

/// What kind of thing a way of paying is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins of the store's currency.
    Cash,
    /// A card, through the register's terminal where it has one; by hand where it has none.
    Card,
    /// A telephone, likewise.
    Mobile,
    /// Paper with a value: a coupon, a gift voucher.
    Voucher,
    /// Notes of another currency, at a stated rate.
    Foreign,
}

impl TenderKind {
    /// What a way of paying is of which nobody said it: settings older than kinds name none.
    #[must_use]
    pub fn of(id: &TenderTypeId) -> Self {
        match id.as_str() {
            "cash" => Self::Cash,
            "card" => Self::Card,
            "mobile" => Self::Mobile,
            _ => Self::Voucher,
        }
    }

    /// Whether it goes through a terminal where the register has one.
    #[must_use]
    pub const fn has_terminal(self) -> bool {
        matches!(self, Self::Card | Self::Mobile)
    }

    /// Whether what is paid, or given back, are notes and coins of the store's currency.
    #[must_use]
    pub const fn is_rounded(self) -> bool {
        matches!(self, Self::Cash | Self::Foreign)
    }
}

/// What becomes of what is handed over beyond what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It comes back, in cash of the store's currency.
    Change,
    /// It lapses.
    Kept,
    /// It is not taken in the first place.
    Refused,
}

/// How the part of a sale that is paid in cash is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashRounding {
    /// The smallest coin, in the currency's major unit.
    pub step: Decimal,
    /// What becomes of a part of a coin.
    pub rounding: Rounding,
}

impl CashRounding {
    /// The coin in minor units, if it is one: positive, and whole minor units.
    ///
    /// # Errors
    /// Where it has more decimals than the currency or does not fit.
    pub fn step_minor(&self, currency: Currency) -> Result<i64, MoneyError> {
        let step = Money::exact(self.step, currency)?.minor();
        if step > 0 { Ok(step) } else { Err(MoneyError::BadAmount) }
    }
}

/// What money of another currency counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignRate {
    /// Which currency.
    pub currency: Currency,
    /// What one of its major units counts for, in major units of the store's currency.
    pub rate: Decimal,
}

impl ForeignRate {
    /// What an amount counts for, less what is not a whole minor unit: nobody is given more than
    /// they brought.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for money of a third currency, [`MoneyError::TooLarge`].
    pub fn local(&self, amount: Money, currency: Currency) -> Result<Money, MoneyError> {
        if amount.currency() != self.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let local = amount.amount().checked_mul(self.rate).ok_or(MoneyError::TooLarge)?;
        Money::rounded(local, currency, Rounding::Down)
    }
}

/// What a way of paying may do: data, so that a chain adds one without a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenRule")]
pub struct TenderRule {
    /// The way of paying.
    pub id: TenderTypeId,
    /// What it is.
    pub kind: TenderKind,
    /// Whether more than is due may be given, and the rest comes back.
    pub gives_change: bool,
    /// Whether the cash drawer opens for it.
    pub opens_drawer: bool,
    /// Whether it is taken even where nothing is due, as a coupon worth more than the basket is;
    /// all of it then comes back as change.
    pub taken_when_nothing_due: bool,
    /// Whether more than is due may be given and the rest lapses, as that of a voucher may.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keeps_excess: bool,
    /// Most that comes back of one tender, in major units: a barcode keyed as an amount is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_max: Option<Decimal>,
    /// How cash is rounded, where that is otherwise than usual with the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounding: Option<CashRounding>,
    /// The amounts with a key of their own, in major units of what is handed over; those usual
    /// with the currency where none are named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_amounts: Vec<Decimal>,
    /// The other currency, for foreign cash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignRate>,
}

/// A rule as it is written: much may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    id: TenderTypeId,
    #[serde(default)]
    kind: Option<TenderKind>,
    gives_change: bool,
    opens_drawer: bool,
    #[serde(default)]
    taken_when_nothing_due: bool,
    #[serde(default)]
    keeps_excess: bool,
    #[serde(default)]
    change_max: Option<Decimal>,
    #[serde(default)]
    rounding: Option<CashRounding>,
    #[serde(default)]
    quick_amounts: Vec<Decimal>,
    #[serde(default)]
    foreign: Option<ForeignRate>,
}

impl From<WrittenRule> for TenderRule {
    fn from(written: WrittenRule) -> Self {
        Self {
            kind: written.kind.unwrap_or_else(|| TenderKind::of(&written.id)),
            id: written.id,
            gives_change: written.gives_change,
            opens_drawer: written.opens_drawer,
            taken_when_nothing_due: written.taken_when_nothing_due,
            keeps_excess: written.keeps_excess,
            change_max: written.change_max,
            rounding: written.rounding,
            quick_amounts: written.quick_amounts,
            foreign: written.foreign,
        }
    }
}

impl TenderRule {
    /// A way of paying that takes what is due and no more, and opens no drawer.
    #[must_use]
    pub fn exact(id: TenderTypeId) -> Self {
        Self {
            kind: TenderKind::of(&id),
            id,
            gives_change: false,
            opens_drawer: false,
            taken_when_nothing_due: false,
            keeps_excess: false,
            change_max: None,
            rounding: None,
            quick_amounts: Vec::new(),
            foreign: None,
        }
    }

    /// What becomes of what is handed over beyond what is due.
    #[must_use]
    pub const fn excess(&self) -> Excess {
        match (self.gives_change, self.keeps_excess) {
            (true, _) => Excess::Change,
            (false, true) => Excess::Kept,
            (false, false) => Excess::Refused,
        }
    }

    /// The amount in whole coins of the store, by the rule for the part of one: what is paid in
    /// cash, or given back. Any other way of paying is exact.
    ///
    /// # Errors
    /// [`MoneyError`] where the coin is none of the currency's, or the amount is too large.
    pub fn in_coins(&self, amount: Money) -> Result<Money, MoneyError> {
        if !self.kind.is_rounded() {
            return Ok(amount);
        }
        let currency = amount.currency();
        let (step, rounding) = match &self.rounding {
            Some(rounding) => (rounding.step_minor(currency)?, rounding.rounding),
            None => (currency.coin_minor(), Rounding::HalfUp),
        };
        if step == 1 {
            return Ok(amount);
        }
        let coins = Decimal::from(amount.minor()) / Decimal::from(step);
        let coins = i64::try_from(rounding.round(coins)).map_err(|_| MoneyError::TooLarge)?;
        Money::from_minor(coins.checked_mul(step).ok_or(MoneyError::TooLarge)?, currency)
    }

    /// What is wrong with it in a store of this currency; nothing where it can be used.
    #[must_use]
    pub fn fault(&self, currency: Currency) -> Option<&'static str> {
        let is_amount = |amount: &Decimal, currency| {
            Money::exact(*amount, currency).is_ok_and(|money| money.minor() > 0)
        };
        let quick_currency = self.foreign.map_or(currency, |foreign| foreign.currency);
        match (&self.foreign, self.kind) {
            (None, TenderKind::Foreign) => Some("foreign cash needs its currency and rate"),
            (Some(_), kind) if kind != TenderKind::Foreign => {
                Some("only foreign cash has a currency of its own")
            }
            (Some(foreign), _) if foreign.currency == currency => {
                Some("foreign cash is of another currency than the store's")
            }
            (Some(foreign), _) if foreign.rate <= Decimal::ZERO => Some("a rate is above nought"),
            _ if self.gives_change && self.keeps_excess => {
                Some("what is over either comes back or lapses")
            }
            _ if self.gives_change && self.kind.has_terminal() => {
                Some("nothing comes back of a card or a telephone")
            }
            _ if self.rounding.is_some_and(|coin| coin.step_minor(currency).is_err()) => {
                Some("the step of cash is no amount of the currency")
            }
            _ if self.rounding.is_some() && !self.kind.is_rounded() => Some("only cash is rounded"),
            _ if !self.quick_amounts.iter().all(|quick| is_amount(quick, quick_currency)) => {
                Some("a quick amount is no amount of the currency")
            }
            _ if self.change_max.is_some_and(|most| !is_amount(&most, currency)) => {
                Some("the most that comes back is no amount of the currency")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
