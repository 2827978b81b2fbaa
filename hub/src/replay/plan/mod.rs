//! A basket of the file as the commands of a cashier: a function of the basket and the prices.

mod command;
mod ids;
mod line;
#[cfg(test)]
mod tests;

use store_core::{CommandId, Currency, Money, MoneyError, QuantityError, TransactionId};

use super::catalogue::{PriceList, PricedItem};
use super::file::{FileBasket, FileLine, FileTime};

pub use command::{Command, Modifier};
pub use ids::{command_id, transaction_id};

/// The reason of the file's `disc`.
pub const REASON_LOYALTY: &str = "loyalty";
/// The reason of the file's `match`.
pub const REASON_COUPON_MATCH: &str = "coupon_match";
/// The way of paying with a manufacturer's coupon.
pub const TENDER_COUPON: &str = "coupon";
/// The way of paying with what is left, where the file names no other, and of paying out.
pub const TENDER_CASH: &str = "cash";
/// The way of paying with a card.
pub const TENDER_CARD: &str = "card";
/// Why a line comes back, as the files have it.
pub const REASONS_RETURN: [&str; 2] = ["refund", "void"];

/// Why a basket cannot be said in commands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Neither the file nor the catalogue has a code to enter.
    #[error("item {0} has no code and is not in the catalogue")]
    NoCode(String),
    /// An amount beyond what a till can hold.
    #[error("item {item}: {source}")]
    BadAmount {
        /// Whose.
        item: String,
        /// What is wrong.
        source: MoneyError,
    },
    /// A quantity beyond what a line can hold.
    #[error("item {item}: {source}")]
    BadQuantity {
        /// Whose.
        item: String,
        /// What is wrong.
        source: QuantityError,
    },
}

/// What a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// An item comes into the basket: timed as a scan.
    Entry,
    /// Something about a line changes.
    Change,
    /// A coupon is taken.
    Coupon,
    /// What is left is taken, or paid out in cash.
    Cash,
    /// The sale: timed as a commit.
    Complete,
}

/// One command with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// The same at every start.
    pub command_id: CommandId,
    /// What it is for.
    pub kind: StepKind,
    /// What to send.
    pub command: Command,
}

/// A basket ready to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketPlan {
    /// The same at every start.
    pub transaction: TransactionId,
    /// What the register's clock shows while it is entered.
    pub time: FileTime,
    /// The commands in order; the last one completes. Each is made for the version that counts
    /// the accepted commands before it.
    pub steps: Vec<PlannedStep>,
}

impl BasketPlan {
    /// The command that makes it a sale.
    #[must_use]
    pub fn completion(&self) -> CommandId {
        self.steps.last().map_or(CommandId::new(self.transaction.uuid()), |step| step.command_id)
    }
}

impl PlannedStep {
    /// The command after `change` was given back for the coupons before it: a coupon worth more
    /// than the basket may be paid out at once, and then cash has nothing left to settle.
    ///
    /// # Errors
    /// Where the amounts cannot be added.
    pub fn after_change(&self, change: Money) -> Result<Option<Command>, MoneyError> {
        let Command::Tender { tender_type, amount, total, reference, line } = &self.command else {
            return Ok(Some(self.command.clone()));
        };
        let is_cash = self.kind == StepKind::Cash;
        let amount = if is_cash { amount.add(change)? } else { *amount };
        if is_cash && amount.is_zero() {
            return Ok(None);
        }
        Ok(Some(Command::Tender {
            tender_type: tender_type.clone(),
            amount,
            total: total.add(change)?,
            reference: reference.clone(),
            line: *line,
        }))
    }
}

/// Turns a basket into commands.
///
/// # Errors
/// What of the basket cannot be said.
pub fn plan(
    basket: &FileBasket,
    prices: &PriceList,
    currency: Currency,
) -> Result<BasketPlan, PlanError> {
    let mut planner = Planner {
        tender: basket.tender,
        transaction: transaction_id(&basket.store, &basket.key),
        currency,
        lines: 0,
        steps: Vec::new(),
    };
    let mut coupons = Vec::new();
    let mut net = 0_i64;
    for line in &basket.lines {
        let entered = Entered { line, item: prices.item(&line.item) };
        let number = if line.is_coupon_alone() { None } else { Some(planner.enter(entered)?) };
        if line.coupon != 0 {
            coupons.push((entered, number));
        }
        net = net.saturating_add(line.net);
    }
    let mut due = net;
    if due < 0 && !coupons.is_empty() {
        // No coupon is taken while the customer has money to get.
        planner.push_cash(due)?;
        due = 0;
    }
    for (entered, number) in coupons {
        planner.take_coupon(entered, number, due)?;
        due = due.saturating_sub(entered.line.coupon);
    }
    planner.settle(due)?;
    Ok(BasketPlan { transaction: planner.transaction, time: basket.time, steps: planner.steps })
}

/// A line of the file with what the catalogue says of its item.
#[derive(Clone, Copy)]
struct Entered<'a> {
    line: &'a FileLine,
    item: Option<&'a PricedItem>,
}

impl Entered<'_> {
    /// What is entered for the item: the code that is written, where the catalogue has it. An item
    /// that the catalogue lacks is tried by its written code, and the hub says that it is unknown.
    fn code(self) -> Result<String, PlanError> {
        let written = self.line.ean.as_ref();
        let Some(item) = self.item else {
            return written.cloned().ok_or_else(|| PlanError::NoCode(self.line.item.clone()));
        };
        let known = written.filter(|code| item.codes.contains(code)).or(item.codes.first());
        let plu = Some(&item.plu).filter(|plu| !plu.is_empty());
        Ok(known.or(plu).unwrap_or(&self.line.item).clone())
    }
}

struct Planner {
    /// The way of paying for what is left.
    tender: &'static str,
    transaction: TransactionId,
    currency: Currency,
    /// How many lines the basket has: the register numbers them 1, 2, 3 …
    lines: u32,
    steps: Vec<PlannedStep>,
}

impl Planner {
    fn push(&mut self, kind: StepKind, command: Command) {
        let command_id = command_id(self.transaction, self.steps.len());
        self.steps.push(PlannedStep { command_id, kind, command });
    }

    fn money(&self, minor: i64, item: &str) -> Result<Money, PlanError> {
        Money::from_minor(minor, self.currency)
            .map_err(|source| PlanError::BadAmount { item: item.to_owned(), source })
    }

    fn take_coupon(
        &mut self,
        entered: Entered<'_>,
        line: Option<u32>,
        due: i64,
    ) -> Result<(), PlanError> {
        let item = &entered.line.item;
        let command = Command::Tender {
            tender_type: TENDER_COUPON.to_owned(),
            amount: self.money(entered.line.coupon, item)?,
            total: self.money(due, item)?,
            reference: Some(entered.code()?),
            line,
        };
        self.push(StepKind::Coupon, command);
        Ok(())
    }

    /// Takes exactly what is due, or pays it out, and completes.
    fn settle(&mut self, due: i64) -> Result<(), PlanError> {
        // Even a planned 0 may turn out to leave the change of a coupon, so the step is left out
        // only where no coupon was taken.
        let has_coupons = self.steps.iter().any(|step| step.kind == StepKind::Coupon);
        if due != 0 || has_coupons {
            self.push_cash(due)?;
        }
        self.push(StepKind::Complete, Command::Complete);
        Ok(())
    }

    fn push_cash(&mut self, due: i64) -> Result<(), PlanError> {
        // A card gives nothing back: what the store owes comes out of the drawer.
        let tender_type = if due > 0 { self.tender } else { TENDER_CASH };
        let due = self.money(due, "of the whole basket")?;
        let command = Command::Tender {
            tender_type: tender_type.to_owned(),
            amount: due,
            total: due,
            reference: None,
            line: None,
        };
        self.push(StepKind::Cash, command);
        Ok(())
    }
}
