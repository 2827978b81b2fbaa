use super::{Charged, Original, RefundError, Refunded};
use crate::promotion::goods::{Goods, GoodsLine};
use crate::{LineNumber, Quantity, Unit};

/// What the customer keeps of a sale.
pub(super) struct Kept {
    /// How much of each line is kept and was bought, in thousandths of its unit.
    lines: Vec<Share>,
    /// How much of each line came back.
    pub(super) returned: Vec<i64>,
}

/// A part of a line.
#[derive(Clone, Copy)]
struct Share {
    kept: i64,
    bought: i64,
    is_pieces: bool,
}

impl Share {
    /// The part's share of an amount of the whole line. Pieces have it as promotions count them,
    /// the first ones one minor unit more until nothing is left, and the last ones come back
    /// first; so the share never depends on how many returns there were.
    fn of(self, amount: i64) -> i64 {
        let (amount, kept, bought) =
            (i128::from(amount), i128::from(self.kept), i128::from(self.bought));
        let share = if bought <= 0 || kept >= bought {
            amount
        } else if self.is_pieces {
            let (kept, bought) = (kept / 1000, bought / 1000);
            amount / bought * kept + (amount % bought).min(kept)
        } else {
            (amount * kept * 2 + bought) / (bought * 2)
        };
        i64::try_from(share).unwrap_or(i64::MAX)
    }
}

impl Kept {
    /// What is left after the returns before and this one.
    pub(super) fn after(
        original: Original,
        before: &Refunded,
        returned: &[(LineNumber, Quantity)],
    ) -> Result<Self, RefundError> {
        let goods = &original.goods.lines;
        let Charged { lines: charged, taken_off, .. } = original.charged;
        let is_amount = |amounts: &[i64]| amounts.iter().all(|amount| *amount >= 0);
        let fits = charged.len() == goods.len()
            && (taken_off.is_empty() || taken_off.len() == goods.len())
            && (before.returned.is_empty() || before.returned.len() == goods.len())
            && is_amount(charged)
            && is_amount(taken_off);
        if !fits {
            return Err(RefundError::BadSale);
        }
        let mut sum = before.returned.clone();
        sum.resize(goods.len(), 0);
        for (number, quantity) in returned {
            let place = goods.iter().position(|line| line.line == *number);
            let place = place.ok_or(RefundError::NoSuchLine(*number))?;
            let line = goods.get(place).ok_or(RefundError::NoSuchLine(*number))?;
            let total = sum.get_mut(place).ok_or(RefundError::BadSale)?;
            *total = total.saturating_add(quantity.thousandths());
            let is_some = quantity.thousandths() > 0 && quantity.unit() == line.quantity.unit();
            if !is_some || *total > line.quantity.thousandths() {
                return Err(RefundError::BadQuantity(*number));
            }
        }
        let lines = goods.iter().zip(&sum).map(|(line, returned)| share(line, *returned)).collect();
        Ok(Self { lines, returned: sum })
    }

    /// Whether all of it came back.
    pub(super) fn is_nothing(&self) -> bool {
        self.lines.iter().all(|share| share.kept <= 0)
    }

    /// What is kept, at the shelf prices of then.
    pub(super) fn goods(&self, original: Original) -> Goods {
        let lines = original.goods.lines.iter().zip(&self.lines);
        let lines = lines.filter(|(_, share)| share.kept > 0).filter_map(|(line, share)| {
            let quantity = Quantity::from_thousandths(share.kept, line.quantity.unit()).ok()?;
            Some(GoodsLine { quantity, amount: share.of(line.amount), ..line.clone() })
        });
        Goods { currency: original.goods.currency, lines: lines.collect() }
    }

    /// What was charged for what is kept.
    pub(super) fn charged(&self, charged: &Charged) -> i64 {
        self.sum(&charged.lines)
    }

    /// What of the cashier's own reductions of the basket belongs to what is kept.
    pub(super) fn taken_off(&self, charged: &Charged) -> i64 {
        self.sum(&charged.taken_off)
    }

    fn sum(&self, amounts: &[i64]) -> i64 {
        let kept = self.lines.iter().zip(amounts).filter(|(share, _)| share.kept > 0);
        kept.fold(0, |sum, (share, amount)| sum.saturating_add(share.of(*amount)))
    }
}

fn share(line: &GoodsLine, returned: i64) -> Share {
    let bought = line.quantity.thousandths();
    Share { kept: bought - returned, bought, is_pieces: line.quantity.unit() == Unit::Piece }
}
