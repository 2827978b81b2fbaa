//! A priced basket in words.

use std::fmt::{self, Write as _};

use rust_decimal::Decimal;
use store_core::promotion::explain::Explanation;
use store_core::promotion::rule::Text;
use store_core::tax::TaxMethod;
use store_core::transaction::TaxLine;

use super::answer::{Answer, LineAnswer, UnitAnswer};

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = if self.by_priority {
            "the retailer's priority decides".to_owned()
        } else {
            format!("bound {}", self.bound.amount())
        };
        write!(f, "total {} (optimal: {}, {bound})", self.total, self.optimal)?;
        if self.shelf != self.total {
            write!(f, "\nshelf {}", self.shelf)?;
        }
        for line in &self.lines {
            line.write(f)?;
        }
        for used in &self.promotions {
            let (amount, times) = (used.amount.amount(), used.uses);
            write!(f, "\npromotion {}: -{amount}, used {times} times", used.promotion)?;
            write!(f, ": {}", both(&used.name))?;
            if !used.coupons.is_empty() {
                write!(f, ", coupons {}", used.coupons.join(", "))?;
            }
        }
        for tax in &self.taxes {
            let method = match tax.method {
                TaxMethod::Inclusive => "contained",
                TaxMethod::Exclusive => "added",
            };
            write!(f, "\ntax {} % {method}: {}", tax.percent.normalize(), tax.tax.amount())?;
        }
        if self.points_earned + self.points_spent > 0 {
            write!(f, "\npoints +{} -{}", self.points_earned, self.points_spent)?;
        }
        for campaign in &self.coupons_earned {
            write!(f, "\ncoupon for the next visit: {campaign}")?;
        }
        for prompt in &self.prompts {
            write!(f, "\nprompt: {}, then {}", both(&prompt.text), prompt.total_after.amount())?;
        }
        for offer in &self.offers {
            write!(f, "\noffer: {}, then {}", both(&offer.text), offer.total_after.amount())?;
        }
        if let Some(explanation) = &self.explanation {
            explain(f, explanation)?;
            self.add_up(f, explanation)?;
        }
        for refused in &self.refused {
            let line = refused.line;
            write!(f, "\nrefused line {line}, {}: {}", refused.code, refused.reason)?;
            write!(f, " ({})", refused.refusal)?;
        }
        Ok(())
    }
}

impl Answer {
    /// From what is booked for the lines to what is to pay, where that is something else.
    fn add_up(&self, f: &mut fmt::Formatter<'_>, explanation: &Explanation) -> fmt::Result {
        let is_added = |tax: &&TaxLine| tax.method == TaxMethod::Exclusive && !tax.tax.is_zero();
        let added: Vec<&TaxLine> = self.taxes.iter().filter(is_added).collect();
        if added.is_empty() && explanation.beside.is_empty() {
            return Ok(());
        }
        let booked: Decimal = self.lines.iter().map(|line| line.net.amount()).sum();
        write!(f, "\nbooked {booked}")?;
        for tax in added {
            let (percent, base) = (tax.percent.normalize(), tax.base.amount());
            write!(f, "\n  tax {percent} % of {base}: {}", tax.tax.amount())?;
        }
        for beside in &explanation.beside {
            write!(f, "\n  {}", both(&beside.text))?;
        }
        write!(f, "\nto pay {}", explanation.to_pay)
    }
}

/// A text in both languages.
fn both(text: &Text) -> String {
    if text.zh == text.en { text.zh.to_string() } else { format!("{} / {}", text.zh, text.en) }
}

impl LineAnswer {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.quantity.amount().normalize();
        write!(f, "\nline {}: {amount} x {}", self.line, self.description)?;
        if *self.description != *self.item.as_str() {
            write!(f, " ({})", self.item)?;
        }
        write!(f, ": {}", self.shelf.amount())?;
        if !self.discount.is_zero() {
            write!(f, " - {} = {}", self.discount.amount(), self.net.amount())?;
        }
        // Units that came out alike stand together.
        let mut first = 0;
        for alike in self.units.chunk_by(|a, b| a == b) {
            let last = first + alike.len();
            if let Some(unit) = alike.first().filter(|unit| unit.is_touched()) {
                let place = match alike.len() {
                    1 => format!("unit {}", first + 1),
                    _ => format!("units {} to {last}, each", first + 1),
                };
                write!(f, "\n  {place}: {}", unit.sentence())?;
            }
            first = last;
        }
        Ok(())
    }
}

impl UnitAnswer {
    const fn is_touched(&self) -> bool {
        self.taken_by.is_some() || !self.discounts.is_empty()
    }

    fn sentence(&self) -> String {
        let mut text = self.price.amount().to_string();
        for discount in &self.discounts {
            let (amount, promotion) = (discount.amount.amount(), &discount.promotion);
            let _ = write!(text, " - {amount} ({promotion}, {})", both(&discount.name));
        }
        if self.discounts.is_empty() {
            if let Some(promotion) = &self.taken_by {
                let _ = write!(text, ", counts for {promotion}");
            }
        } else {
            let _ = write!(text, " = {}", self.net.amount());
        }
        text
    }
}

fn explain(f: &mut fmt::Formatter<'_>, explanation: &Explanation) -> fmt::Result {
    write!(f, "\nwithout promotions {}", explanation.without_promotions)?;
    for line in &explanation.lines {
        let mut first = 0;
        for alike in line.units.chunk_by(|a, b| a == b) {
            let last = first + alike.len();
            let place = match alike.len() {
                1 => format!("unit {}", first + 1),
                _ => format!("units {} to {last}", first + 1),
            };
            if let Some(unit) = alike.first() {
                write!(f, "\nline {} {place}: {}", line.line, both(&unit.text))?;
            }
            first = last;
        }
    }
    for applied in &explanation.applied {
        write!(f, "\napplied {}: {}", applied.promotion.id, both(&applied.text))?;
        if let Some(rival) = &applied.runner_up {
            write!(f, "\n  runner-up {}: {}", rival.total.amount(), both(&rival.text))?;
        }
    }
    for other in &explanation.not_applied {
        write!(f, "\nnot applied {}: {}", other.promotion.id, both(&other.text))?;
    }
    Ok(())
}
