//! Laws that hold whatever happens.
//!
//! Plain functions of what was written: the simulation, the journal before it promises something
//! and the verification of a journal all ask the same ones.

mod promotions;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::fact::Fact;
use crate::inventory::stock_changes;
use crate::tax::TaxMethod;
use crate::transaction::{LineItem, LineKind, RetailTransaction};
use crate::{
    Currency, ItemId, LineNumber, Money, MoneyError, PromotionId, Quantity, TransactionId,
    TransactionNumber, WorkstationId,
};

/// A law that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The lines of a basket are not numbered upwards.
    #[error("the lines of transaction {0} are not numbered upwards")]
    LinesOutOfOrder(TransactionId),
    /// A line goes the wrong way.
    #[error("line {line} of transaction {transaction} has a sign that does not fit its kind")]
    WrongSign {
        /// The transaction.
        transaction: TransactionId,
        /// The line.
        line: LineNumber,
    },
    /// A line's net is not its shelf amount less its modifiers.
    #[error("line {line} of transaction {transaction} is not its shelf amount less modifiers")]
    LineDoesNotAddUp {
        /// The transaction.
        transaction: TransactionId,
        /// The line.
        line: LineNumber,
    },
    /// A total is not what its parts add up to.
    #[error("{total} of transaction {transaction} is {stated}, its parts add up to {computed}")]
    TotalDoesNotAddUp {
        /// The transaction.
        transaction: TransactionId,
        /// Which total.
        total: &'static str,
        /// What it says.
        stated: Money,
        /// What it should be.
        computed: Money,
    },
    /// What a promotion took off the lines is not what the sale says of it.
    #[error(
        "promotion {promotion} of transaction {transaction} took {stated}, its lines say {computed}"
    )]
    PromotionDoesNotAddUp {
        /// The transaction.
        transaction: TransactionId,
        /// The promotion.
        promotion: PromotionId,
        /// What the sale says.
        stated: Money,
        /// What its lines say.
        computed: Money,
    },
    /// A sum cannot be made at all.
    #[error("the amounts of transaction {transaction} cannot be added: {source}")]
    BadAmounts {
        /// The transaction.
        transaction: TransactionId,
        /// Why.
        source: MoneyError,
    },
    /// Something is rounded before all of it is paid.
    #[error("transaction {0} is rounded and not paid for")]
    RoundedTooEarly(TransactionId),
    /// A completed sale is not paid for exactly.
    #[error("transaction {0} was completed and is not paid for exactly")]
    NotPaid(TransactionId),
    /// A completed sale without a number.
    #[error("transaction {0} was completed and has no number")]
    NoNumber(TransactionId),
    /// A workstation's numbers have a gap or a repeat.
    #[error("the number {found} of workstation {workstation} should be {expected}")]
    NumberOutOfOrder {
        /// The workstation.
        workstation: WorkstationId,
        /// The number that was due.
        expected: TransactionNumber,
        /// The number that came.
        found: TransactionNumber,
    },
    /// The stock on hand is not what the movements make it.
    #[error("the stock of item {item} is {stated:?}, its movements make it {computed:?}")]
    StockNotConserved {
        /// The item.
        item: ItemId,
        /// What is stated.
        stated: Option<Quantity>,
        /// What it should be.
        computed: Option<Quantity>,
    },
}

/// A completed sale adds up: lines to net, net and tax to the total, tenders less change to the
/// total as it was rounded for cash; it is numbered and paid for exactly.
///
/// # Errors
/// The first law that does not hold.
pub fn check_sale(sale: &RetailTransaction) -> Result<(), Violation> {
    check_basket(sale)?;
    if sale.number.is_none() {
        return Err(Violation::NoNumber(sale.id));
    }
    if !sale.totals.due.is_zero() {
        return Err(Violation::NotPaid(sale.id));
    }
    promotions::check(sale)
}

/// A basket adds up, paid for or not.
///
/// # Errors
/// The first law that does not hold.
pub fn check_basket(basket: &RetailTransaction) -> Result<(), Violation> {
    let is_upwards = basket.lines.windows(2).all(|pair| match pair {
        [earlier, later] => earlier.line < later.line,
        _ => true,
    });
    if !is_upwards {
        return Err(Violation::LinesOutOfOrder(basket.id));
    }
    for line in basket.live_lines() {
        check_line(basket, line)?;
    }
    check_totals(basket)
}

fn check_line(basket: &RetailTransaction, line: &LineItem) -> Result<(), Violation> {
    let transaction = basket.id;
    let is_right_way = match line.kind {
        LineKind::Sale => !line.quantity.is_negative() && !line.shelf_amount.is_negative(),
        LineKind::Return => line.quantity.thousandths() <= 0 && line.shelf_amount.minor() <= 0,
    };
    if !is_right_way {
        return Err(Violation::WrongSign { transaction, line: line.line });
    }
    let is_promotion_right = line.modifiers.iter().all(|modifier| {
        modifier.promotion.is_none()
            || (line.kind == LineKind::Sale && !modifier.amount.is_negative())
    });
    if !is_promotion_right {
        return Err(Violation::WrongSign { transaction, line: line.line });
    }
    let net = line
        .modifiers
        .iter()
        .try_fold(line.shelf_amount, |left, modifier| left.subtract(modifier.amount))
        .map_err(|source| Violation::BadAmounts { transaction, source })?;
    if net == line.net {
        Ok(())
    } else {
        Err(Violation::LineDoesNotAddUp { transaction, line: line.line })
    }
}

fn check_totals(basket: &RetailTransaction) -> Result<(), Violation> {
    let transaction = basket.id;
    let computed =
        computed_totals(basket).map_err(|source| Violation::BadAmounts { transaction, source })?;
    let totals = &basket.totals;
    let stated = [
        totals.shelf,
        totals.net,
        totals.discount,
        totals.total,
        totals.tendered,
        totals.change,
        totals.due,
    ];
    for ((total, computed), stated) in computed.into_iter().zip(stated) {
        if computed != stated {
            return Err(Violation::TotalDoesNotAddUp { transaction, total, stated, computed });
        }
    }
    if totals.rounding.is_some() && !totals.due.is_zero() {
        return Err(Violation::RoundedTooEarly(transaction));
    }
    Ok(())
}

fn computed_totals(basket: &RetailTransaction) -> Result<[(&'static str, Money); 7], MoneyError> {
    let currency: Currency = basket.currency;
    let shelf = Money::sum(currency, basket.live_lines().map(|line| line.shelf_amount))?;
    let net = Money::sum(currency, basket.live_lines().map(|line| line.net))?;
    let added = basket.totals.taxes.iter().filter(|tax| tax.method == TaxMethod::Exclusive);
    let total = net.add(Money::sum(currency, added.map(|tax| tax.tax))?)?;
    let handed_over = Money::sum(currency, basket.live_tenders().map(|tender| tender.amount))?;
    let change = Money::sum(currency, basket.live_tenders().map(|tender| tender.change))?;
    let tendered = handed_over.subtract(change)?;
    let payable = basket.totals.rounding.map_or(Ok(total), |by| total.add(by))?;
    Ok([
        ("the shelf amount", shelf),
        ("the net amount", net),
        ("the discount", shelf.subtract(net)?),
        ("the total", total),
        ("what was tendered", tendered),
        ("the change", change),
        ("what is due", payable.subtract(tendered)?),
    ])
}

/// The numbers of every workstation are 1, 2, 3 … in the order of the journal.
///
/// # Errors
/// The first gap or repeat.
pub fn check_numbers<'a>(
    sales: impl IntoIterator<Item = (&'a WorkstationId, TransactionNumber)>,
) -> Result<BTreeMap<WorkstationId, TransactionNumber>, Violation> {
    let mut last = BTreeMap::new();
    for (workstation, number) in sales {
        check_next_number(&mut last, workstation, number)?;
    }
    Ok(last)
}

/// One step of [`check_numbers`], for a journal that is read row by row.
///
/// # Errors
/// Where the number is not the next of its workstation.
pub fn check_next_number(
    last: &mut BTreeMap<WorkstationId, TransactionNumber>,
    workstation: &WorkstationId,
    found: TransactionNumber,
) -> Result<(), Violation> {
    let expected = last.get(workstation).copied().unwrap_or_default().next();
    if found != expected {
        let workstation = workstation.clone();
        return Err(Violation::NumberOutOfOrder { workstation, expected, found });
    }
    last.insert(workstation.clone(), found);
    Ok(())
}

/// Stock is what came less what went: the stated levels are what the facts make them.
///
/// # Errors
/// The first item, in order of its id, whose level is another.
pub fn check_stock<'a>(
    facts: impl IntoIterator<Item = &'a Fact>,
    stated: &BTreeMap<ItemId, Quantity>,
) -> Result<(), Violation> {
    let mut computed = BTreeMap::new();
    for fact in facts {
        move_stock(&mut computed, fact);
    }
    check_levels(&computed, stated)
}

/// One step of [`check_stock`]: moves the stock by what one fact says.
pub fn move_stock(levels: &mut BTreeMap<ItemId, Quantity>, fact: &Fact) {
    for (item, change) in stock_changes(fact) {
        let level = change.level_after(levels.get(&item).copied());
        levels.insert(item, level);
    }
}

/// The last step of [`check_stock`]: both say the same of every item.
///
/// # Errors
/// The first item, in order of its id, of which they do not.
pub fn check_levels(
    computed: &BTreeMap<ItemId, Quantity>,
    stated: &BTreeMap<ItemId, Quantity>,
) -> Result<(), Violation> {
    let differing = computed
        .keys()
        .chain(stated.keys())
        .filter(|item| computed.get(*item) != stated.get(*item))
        .min();
    differing.map_or(Ok(()), |item| {
        Err(Violation::StockNotConserved {
            item: item.clone(),
            stated: stated.get(item).copied(),
            computed: computed.get(item).copied(),
        })
    })
}
