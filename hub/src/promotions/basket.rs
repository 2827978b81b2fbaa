//! Recorded baskets as promotions see them.

use std::sync::Arc;

use store_core::catalogue::Catalogue;
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::{Member, PricingContext};
use store_core::tax::TaxTable;
use store_core::{BootId, ItemId, LineNumber, MemberId, Now, Quantity, Unit};
use uuid::Uuid;

use crate::replay::file::{FileBasket, FileLine};

/// The lines that goods were bought by: those that have a quantity and do not come back.
#[must_use]
pub fn bought(basket: &FileBasket) -> Vec<&FileLine> {
    let is_bought = |line: &&FileLine| line.quantity > 0 && line.return_reason.is_none();
    basket.lines.iter().filter(is_bought).collect()
}

/// Those lines at their recorded shelf amounts, with what the catalogue says of their items.
///
/// # Errors
/// Where an id or a quantity is none.
pub fn goods(
    lines: &[&FileLine],
    catalogue: &Catalogue,
    taxes: &TaxTable,
) -> Result<Goods, String> {
    let none: Arc<str> = Arc::from("");
    let lines = lines.iter().zip(1..).map(|(line, number)| {
        let id = ItemId::new(&line.item).map_err(|error| error.to_string())?;
        let item = catalogue.item(&id);
        // Of what is weighed these files count the labelled pieces; of fuel, thousandths.
        let quantity = match item.map(|item| item.unit) {
            Some(unit @ (Unit::Gallon | Unit::Litre)) => {
                Quantity::from_thousandths(line.quantity, unit)
            }
            _ => Quantity::pieces(line.quantity),
        };
        let tax_class = item.map_or(&none, |item| &item.tax_class);
        Ok(GoodsLine {
            line: LineNumber(number),
            brand: item.map_or(&none, |item| &item.brand).clone(),
            department: item.map_or(&none, |item| &item.department).clone(),
            category: item.map_or(&none, |item| &item.category).clone(),
            tags: item.map_or(&[][..], |item| item.tags()).iter().cloned().collect(),
            quantity: quantity.map_err(|error| error.to_string())?,
            unit_price: line.reg.checked_div(line.quantity).unwrap_or_default(),
            amount: line.reg,
            tax: taxes.rate(tax_class),
            tax_class: tax_class.clone(),
            is_fixed: false,
            item: id,
        })
    });
    let lines: Result<Vec<GoodsLine>, String> = lines.collect();
    Ok(Goods { currency: catalogue.currency(), lines: lines? })
}

/// Who bought, and when.
#[must_use]
pub fn context(basket: &FileBasket) -> PricingContext {
    let now = Now {
        wall: basket.time.instant,
        utc_offset_s: basket.time.utc_offset_s,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let member = basket.member.as_deref().and_then(|member| MemberId::new(member).ok());
    PricingContext {
        member: member.map(|id| Member { id, tier: None, points: 0 }),
        ..PricingContext::anonymous(now, now.date())
    }
}
