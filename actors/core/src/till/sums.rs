use serde::{Deserialize, Serialize};

use crate::transaction::{Tender, TenderTypeId};
use crate::{Currency, Money, MoneyError};

/// The way of paying that a till's own money is: change is given in it, whatever was paid with.
pub const CASH: &str = "cash";

/// A sum of one way of paying in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenderSum {
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// How much, in its own currency.
    pub amount: Money,
}

/// Sums by way of paying and currency, in that order; none of them twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenderSums(Vec<TenderSum>);

impl TenderSums {
    /// Adds an amount to the sum of its kind.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`]; then nothing has changed.
    pub fn add(&mut self, tender_type: &TenderTypeId, amount: Money) -> Result<(), MoneyError> {
        match self.place(tender_type, amount.currency()) {
            Ok(place) => {
                if let Some(sum) = self.0.get_mut(place) {
                    sum.amount = sum.amount.add(amount)?;
                }
            }
            Err(place) => {
                self.0.insert(place, TenderSum { tender_type: tender_type.clone(), amount });
            }
        }
        Ok(())
    }

    /// Adds what a tender of a sale brings into the till: all that was handed over, in the money
    /// that it was, less the change, which is the store's own cash.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn take(&mut self, tender: &Tender) -> Result<(), MoneyError> {
        self.add(&tender.tender_type, handed_over(tender))?;
        if tender.change.is_zero() {
            return Ok(());
        }
        self.add(&cash(), tender.change.negated())
    }

    /// Takes away what [`Self::take`] adds: the sale was undone, and all goes back as it came.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn give_back(&mut self, tender: &Tender) -> Result<(), MoneyError> {
        self.add(&tender.tender_type, handed_over(tender).negated())?;
        if tender.change.is_zero() {
            return Ok(());
        }
        self.add(&cash(), tender.change)
    }

    /// The sum of one kind; nothing where there is none.
    #[must_use]
    pub fn sum(&self, tender_type: &TenderTypeId, currency: Currency) -> Money {
        self.get(tender_type, currency).unwrap_or(Money::zero(currency))
    }

    /// The sum of one kind, where there is one.
    #[must_use]
    pub fn get(&self, tender_type: &TenderTypeId, currency: Currency) -> Option<Money> {
        let place = self.place(tender_type, currency).ok()?;
        self.0.get(place).map(|sum| sum.amount)
    }

    /// Every sum, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[TenderSum] {
        &self.0
    }

    fn place(&self, tender_type: &TenderTypeId, currency: Currency) -> Result<usize, usize> {
        let key = (tender_type, currency);
        self.0.binary_search_by(|sum| (&sum.tender_type, sum.amount.currency()).cmp(&key))
    }
}

/// What lies in the drawer afterwards: of a voucher that is worth more than was due, the voucher.
fn handed_over(tender: &Tender) -> Money {
    let foreign = tender.foreign.as_ref().map(|foreign| foreign.amount);
    foreign.or(tender.face).unwrap_or(tender.amount)
}

/// [`CASH`] as a way of paying.
pub(super) fn cash() -> TenderTypeId {
    TenderTypeId::from_static(CASH)
}
