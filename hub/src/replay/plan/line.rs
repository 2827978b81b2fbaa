//! How one line of the file is entered.

use store_core::{Quantity, Unit};

use super::{
    Command, Entered, Modifier, PlanError, Planner, REASON_COUPON_MATCH, REASON_LOYALTY, StepKind,
};
use crate::replay::catalogue::SoldBy;

impl Planner {
    /// Enters a line by the fewest commands that say the same, and returns its number.
    pub(super) fn enter(&mut self, entered: Entered<'_>) -> Result<u32, PlanError> {
        let line = entered.line;
        self.lines += 1;
        let number = self.lines;
        if let Some(reason) = &line.return_reason {
            self.give_back(entered, reason)?;
        } else if entered.labels_add_up() {
            self.scan_labels(&line.labels, number);
        } else if self.costs_as_listed(entered) {
            self.scan(entered, number)?;
        } else {
            self.key(entered)?;
        }
        self.lower(entered, number, line.disc, REASON_LOYALTY)?;
        self.lower(entered, number, line.matched, REASON_COUPON_MATCH)?;
        Ok(number)
    }

    /// Whether a scan of the item's own code arrives at the file's shelf amount.
    fn costs_as_listed(&self, entered: Entered<'_>) -> bool {
        let Some(item) = entered.item else {
            return false;
        };
        let listed = item.unit_price.and_then(|price| price.checked_mul(entered.line.quantity));
        item.sold_by == SoldBy::Each
            && entered.line.quantity > 0
            && entered.line.reg > 0
            && listed == Some(entered.line.reg)
    }

    fn scan_labels(&mut self, labels: &[String], number: u32) {
        for (index, code) in labels.iter().enumerate() {
            let onto = (index > 0).then_some(number);
            self.push(StepKind::Entry, Command::ScanItem { code: code.clone(), onto });
        }
    }

    fn scan(&mut self, entered: Entered<'_>, number: u32) -> Result<(), PlanError> {
        let code = entered.code()?;
        self.push(StepKind::Entry, Command::ScanItem { code, onto: None });
        if entered.line.quantity > 1 {
            let quantity = entered.quantity()?;
            self.push(StepKind::Change, Command::SetQuantity { line: number, quantity });
        }
        Ok(())
    }

    fn key(&mut self, entered: Entered<'_>) -> Result<(), PlanError> {
        let command = Command::KeyItem {
            code: entered.code()?,
            quantity: Some(entered.quantity()?),
            amount: Some(self.money(entered.line.reg, &entered.line.item)?),
        };
        self.push(StepKind::Entry, command);
        Ok(())
    }

    fn give_back(&mut self, entered: Entered<'_>, reason: &str) -> Result<(), PlanError> {
        let amount = entered.line.reg.saturating_abs();
        let command = Command::ReturnItem {
            code: entered.code()?,
            quantity: entered.quantity()?,
            amount: Some(self.money(amount, &entered.line.item)?),
            reason: reason.to_owned(),
        };
        self.push(StepKind::Entry, command);
        Ok(())
    }

    fn lower(
        &mut self,
        entered: Entered<'_>,
        number: u32,
        amount: i64,
        reason: &str,
    ) -> Result<(), PlanError> {
        if amount == 0 {
            return Ok(());
        }
        let amount = self.money(amount, &entered.line.item)?;
        let command = Command::ModifyPrice {
            line: Some(number),
            modifier: Modifier::AmountOff { amount },
            reason: reason.to_owned(),
        };
        self.push(StepKind::Change, command);
        Ok(())
    }
}

impl Entered<'_> {
    /// Whether one label a piece says exactly what the line costs, and is the item's own.
    fn labels_add_up(self) -> bool {
        let labels = &self.line.labels;
        let plu = self.item.map_or("", |item| &item.plu);
        let price = |text: &String| {
            label(text).filter(|(number, _)| !plu.is_empty() && *number == plu).map(|label| label.1)
        };
        let sum = labels.iter().map(price).sum::<Option<i64>>();
        !labels.is_empty()
            && labels.len() as u64 == self.line.quantity.unsigned_abs()
            && sum == Some(self.line.reg)
    }

    /// The line's quantity without its sign: which way the goods go is the command's to say.
    fn quantity(self) -> Result<Quantity, PlanError> {
        let unit = self.item.map_or(Unit::Piece, |item| item.sold_by.unit());
        // A few lines of the source have an amount and no quantity: money is paid for something.
        let is_missing = self.line.quantity == 0 && self.line.reg != 0;
        let count = if is_missing { 1 } else { self.line.quantity.saturating_abs() };
        let quantity = match unit {
            Unit::Piece => Quantity::pieces(count),
            unit => Quantity::from_thousandths(count, unit),
        };
        quantity.map_err(|source| PlanError::BadQuantity { item: self.line.item.clone(), source })
    }
}

/// The number and the price on a label: `21`, the item's number (5), cents (5), a check digit.
fn label(text: &str) -> Option<(&str, i64)> {
    let is_label = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_label || !text.starts_with("21") || !has_check_digit(text) {
        return None;
    }
    Some((text.get(2..7)?, text.get(7..12)?.parse().ok()?))
}

/// A misprinted label is not scanned, its price is keyed.
fn has_check_digit(label: &str) -> bool {
    let weighted = label
        .bytes()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 1 } else { 3 });
    weighted.sum::<u32>().is_multiple_of(10)
}
