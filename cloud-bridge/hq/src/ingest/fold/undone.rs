use hq_wire::facts::v1::SalePostVoided;

use super::{PromotionSum, SaleFold, Sum, Unreadable};

/// A sale that was undone as a whole, with what that adds: the negative of what the sale did.
#[derive(Clone, Debug)]
pub struct UndoneFold {
    /// The sale: sums, promotions and stock are negative.
    pub sale: SaleFold,
    /// Where it was undone.
    pub workstation: String,
    /// By whom.
    pub operator: String,
    /// Why, as a code.
    pub reason: String,
}

impl UndoneFold {
    /// Reads what was undone.
    pub fn of(void: &SalePostVoided) -> Result<Self, Unreadable> {
        Ok(Self {
            sale: SaleFold::of(&void.sale)?.undone(),
            workstation: void.workstation.clone(),
            operator: void.operator.clone(),
            reason: void.reason.clone(),
        })
    }
}

impl SaleFold {
    /// What undoing it adds.
    #[must_use]
    pub fn undone(mut self) -> Self {
        self.sums.values_mut().for_each(|sum| *sum = negative(sum));
        self.promotions.used.values_mut().for_each(|sum| *sum = without(sum));
        for (_, _, change) in &mut self.items {
            *change = change.take().map(|change| change.undone());
        }
        self
    }
}

const fn negative(sum: &Sum) -> Sum {
    Sum {
        unit: sum.unit,
        sales: sum.sales.saturating_neg(),
        lines: sum.lines.saturating_neg(),
        quantity_thousandths: sum.quantity_thousandths.saturating_neg(),
        shelf: sum.shelf.saturating_neg(),
        discount: sum.discount.saturating_neg(),
        net: sum.net.saturating_neg(),
    }
}

/// What was said to the customer was said: only what was used is taken off.
const fn without(sum: &PromotionSum) -> PromotionSum {
    PromotionSum {
        baskets: sum.baskets.saturating_neg(),
        uses: sum.uses.saturating_neg(),
        units: sum.units.saturating_neg(),
        discount: sum.discount.saturating_neg(),
        net: sum.net.saturating_neg(),
        shown: 0,
        taken: 0,
        declined: 0,
    }
}
