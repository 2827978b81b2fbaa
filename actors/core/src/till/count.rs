use serde::{Deserialize, Serialize};

use super::sums::{TenderSum, TenderSums, cash};
use crate::{Currency, Money, MoneyError, Refusal, RefusalCode};

/// Most pieces of one note or coin: a bank's bag of the smallest, many times over.
const PIECES_MAX: u32 = 1_000_000;

/// How many of one note or coin there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denomination {
    /// What one is worth.
    pub value: Money,
    /// How many.
    pub pieces: u32,
}

/// What somebody found in a till.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashCount {
    /// Notes and coins of the store's currency.
    pub denominations: Vec<Denomination>,
    /// What lies in it besides, by way of paying: vouchers, slips, and foreign cash in its own
    /// currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<TenderSum>,
}

/// Currencies with the notes and coins that their tills hold, in minor units, largest first. Of
/// others any value is taken.
#[rustfmt::skip]
const DENOMINATIONS: [(&str, &[i64]); 8] = [
    ("TWD", &[2000, 1000, 500, 200, 100, 50, 20, 10, 5, 1]),
    ("USD", &[10_000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1]),
    ("EUR", &[50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]),
    ("JPY", &[10_000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1]),
    ("CNY", &[10_000, 5000, 2000, 1000, 500, 100, 50, 10]),
    ("HKD", &[100_000, 50_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10]),
    ("KRW", &[50_000, 10_000, 5000, 1000, 500, 100, 50, 10]),
    ("GBP", &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]),
];

/// The notes and coins of a currency, largest first; none where nobody wrote them down.
#[must_use]
pub fn denominations(currency: Currency) -> Vec<Money> {
    let known = DENOMINATIONS.iter().find(|(code, _)| *code == currency.code());
    let values = known.map_or(&[] as &[i64], |(_, values)| values).iter();
    values.filter_map(|minor| Money::from_minor(*minor, currency).ok()).collect()
}

impl CashCount {
    /// What it comes to, by way of paying and currency.
    ///
    /// # Errors
    /// `bad_amount` for a sum that is no money, `unknown_denomination` for a note that there is
    /// not or that is named twice.
    pub fn sums(&self) -> Result<TenderSums, Refusal> {
        let mut sums = TenderSums::default();
        for (index, one) in self.denominations.iter().enumerate() {
            let before = self.denominations.iter().take(index);
            let is_twice = before.into_iter().any(|earlier| earlier.value == one.value);
            let known = denominations(one.value.currency());
            let is_known = known.contains(&one.value)
                || (known.is_empty() && !one.value.is_zero() && !one.value.is_negative());
            if is_twice || !is_known {
                let refusal = Refusal::new(RefusalCode::UnknownDenomination);
                return Err(refusal.with("value", one.value.amount()));
            }
            if one.pieces > PIECES_MAX {
                return Err(RefusalCode::BadAmount.into());
            }
            let minor = one.value.minor().checked_mul(i64::from(one.pieces));
            let minor = minor.ok_or(RefusalCode::BadAmount)?;
            let amount = Money::from_minor(minor, one.value.currency()).map_err(too_large)?;
            sums.add(&cash(), amount).map_err(too_large)?;
        }
        for other in &self.others {
            if other.tender_type == cash() || other.amount.is_negative() {
                return Err(RefusalCode::BadAmount.into());
            }
            sums.add(&other.tender_type, other.amount).map_err(too_large)?;
        }
        Ok(sums)
    }
}

fn too_large(_: MoneyError) -> Refusal {
    RefusalCode::BadAmount.into()
}
