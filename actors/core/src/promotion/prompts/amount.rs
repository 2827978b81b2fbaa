//! Goods for some money: what would have to be added for a threshold to be reached.

use std::sync::Arc;

use super::lacking::Missing;
use crate::promotion::goods::GoodsLine;
use crate::promotion::index::matches;
use crate::promotion::rule::{Basis, Selector};
use crate::promotion::scene::measure;
use crate::tax::TaxMethod;
use crate::{ItemId, LineNumber, MoneyError, Quantity, Unit};

/// An amount is worth saying where at least one part in so many of it is already there: nobody
/// wants to hear of 4,965 at the first scan.
const PART_THERE: i64 = 2;

/// The line that reaches a threshold: of the threshold's kind, for the least price that does, and
/// without any promotion of items of its own. Taxed like the goods that count; where they are taxed
/// differently and that makes a difference, what the total would be is not known.
pub(super) fn line(missing: &Missing, line: LineNumber) -> Result<Option<GoodsLine>, MoneyError> {
    let counted = || missing.counted.iter().copied();
    let measured = measure(counted(), missing.basis)?;
    let gap = missing.from.saturating_sub(measured);
    let is_near = gap > 0 && gap.saturating_mul(PART_THERE) <= missing.from;
    let Some(like) = taxed_like(missing).filter(|_| is_near) else {
        return Ok(None);
    };
    let Some(plain) = fitting(missing.items, like) else {
        return Ok(None);
    };
    let reaches = |price: i64| -> Result<bool, MoneyError> {
        let with = counted().chain(std::iter::once((&plain, price)));
        Ok(measure(with, missing.basis)? >= missing.from)
    };
    // What is measured rises with the price; with tax it rises faster or more slowly than it.
    let (mut short, mut enough) = (0, gap);
    while !reaches(enough)? {
        short = enough;
        enough = enough.checked_mul(2).ok_or(MoneyError::TooLarge)?;
    }
    while short + 1 < enough {
        let middle = short.midpoint(enough);
        (short, enough) = if reaches(middle)? { (short, middle) } else { (middle, enough) };
    }
    let priced = GoodsLine { line, unit_price: enough, amount: enough, ..plain };
    Ok(matches(missing.items, &priced).then_some(priced))
}

/// One of the goods that count, if it may stand for all of them.
fn taxed_like<'a>(missing: &Missing<'a>) -> Option<&'a GoodsLine> {
    let mut lines = missing.counted.iter().map(|(line, _)| *line);
    let first = lines.next()?;
    let is_contained = |line: &GoodsLine| line.tax.method == TaxMethod::Inclusive;
    let is_all_the_same = missing.basis == Basis::AfterTax && is_contained(first);
    let is_like = |line: &GoodsLine| {
        (&line.tax_class, line.tax) == (&first.tax_class, first.tax)
            || is_all_the_same && is_contained(line)
    };
    lines.all(is_like).then_some(first)
}

/// A piece that no catalogue has and that a selector matches but for its price; none where the
/// selector contradicts itself.
fn fitting(items: &Selector, like: &GoodsLine) -> Option<GoodsLine> {
    let first = |list: &[Arc<str>]| list.first().cloned().unwrap_or_else(|| Arc::from(""));
    // No id of a catalogue ends in a space.
    let plain_item = || ItemId::new("plain goods").ok();
    Some(GoodsLine {
        line: like.line,
        item: items.items.first().cloned().or_else(plain_item)?,
        brand: first(&items.brands),
        department: Arc::from(""),
        category: first(&items.categories),
        tags: items.tags.iter().take(1).cloned().collect(),
        quantity: Quantity::one(Unit::Piece),
        unit_price: 0,
        amount: 0,
        tax_class: like.tax_class.clone(),
        tax: like.tax,
        is_fixed: true,
    })
}
