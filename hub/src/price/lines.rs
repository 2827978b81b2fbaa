//! The lines of a basket file as goods: what can be priced, and what is refused.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use store_core::barcode::{Measure, VariableMeasureLayout};
use store_core::catalogue::{Catalogue, Item};
use store_core::promotion::goods::{GoodsLine, UNITS_MAX};
use store_core::tax::{TaxMethod, TaxRate, TaxTable};
use store_core::{ItemId, LineNumber, Money, Quantity, RefusalCode, Rounding, StoreId, Unit};

use super::file::{BasketLine, Written};
use crate::promotions::recorded::RecordedPrices;

/// A line that is not priced; the rest of the basket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// Its place in the file, from 1.
    pub line: usize,
    /// Its item or code as written.
    pub code: String,
    /// A stable code of what is wrong.
    pub refusal: &'static str,
    /// A sentence that says what to do.
    pub reason: String,
}

/// A line that is priced.
#[derive(Clone, Debug)]
pub struct TakenLine {
    /// Its place in the file, from 1.
    pub line: usize,
    /// What the catalogue calls it; its id where it is in none.
    pub description: Arc<str>,
    /// As promotions see it.
    pub goods: GoodsLine,
}

/// What lines are looked up in.
pub struct Shelves<'a> {
    /// What is sold.
    pub catalogue: &'a Catalogue,
    /// Recorded shelf prices: they count more than the catalogue's.
    pub prices: &'a RecordedPrices,
    /// Whose prices, where there are some of one store's.
    pub store: Option<&'a StoreId>,
    /// The day whose prices hold.
    pub day: Date,
    /// How price and weight are embedded in barcodes.
    pub layouts: &'a [VariableMeasureLayout],
    /// The tax of every class.
    pub taxes: &'a TaxTable,
}

/// What is wrong with a line: a stable code and a sentence.
type Fault = (&'static str, String);

/// What a line is of.
struct Meant<'a> {
    id: ItemId,
    item: Option<&'a Item>,
    pack: u32,
    measure: Option<Measure>,
}

impl Shelves<'_> {
    /// Takes the lines that can be priced; names the others.
    #[must_use]
    pub fn take(&self, lines: &[BasketLine]) -> (Vec<TakenLine>, Vec<RefusedLine>) {
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        let mut units = 0_i64;
        for (line, place) in lines.iter().zip(1_usize..) {
            let read = self.line(line, place).and_then(|taken| {
                units += units_of(&taken.goods);
                if units > i64::from(UNITS_MAX) {
                    units -= units_of(&taken.goods);
                    let reason = format!("a basket has at most {UNITS_MAX} units: split it");
                    return Err(("too_many_units", reason));
                }
                Ok(taken)
            });
            match read {
                Ok(read) => taken.push(read),
                Err((refusal, reason)) => {
                    let written = line.ean.as_ref().or(line.item.as_ref());
                    let code = written.map(|name| shown(&name.0)).unwrap_or_default();
                    refused.push(RefusedLine { line: place, code, refusal, reason });
                }
            }
        }
        (taken, refused)
    }

    fn line(&self, line: &BasketLine, place: usize) -> Result<TakenLine, Fault> {
        let meant = self.meant(line)?;
        let item = meant.item;
        let price = self.unit_price(line, &meant)?;
        let (quantity, amount) = self.amount(line, &meant, price)?;
        let (tax_class, tax) = self.tax(line, item)?;
        let named = |own: &Option<String>, listed: Option<&Arc<str>>| match own {
            Some(own) => Arc::from(own.as_str()),
            None => listed.cloned().unwrap_or_else(|| Arc::from("")),
        };
        let tags: Arc<[Arc<str>]> = match &line.tags {
            Some(tags) => tags.iter().map(|tag| Arc::from(tag.as_str())).collect(),
            None => item.map_or(&[][..], Item::tags).iter().cloned().collect(),
        };
        let goods = GoodsLine {
            line: LineNumber(u32::try_from(place).unwrap_or(u32::MAX)),
            brand: named(&line.brand, item.map(|item| &item.brand)),
            department: named(&None, item.map(|item| &item.department)),
            category: named(&line.category, item.map(|item| &item.category)),
            tags,
            quantity,
            unit_price: price.unwrap_or(amount).minor(),
            amount: amount.minor(),
            tax_class,
            tax,
            is_fixed: false,
            item: meant.id,
        };
        let description = item.map(|item| item.description.clone());
        let description = description.unwrap_or_else(|| Arc::from(goods.item.as_str()));
        Ok(TakenLine { line: place, description, goods })
    }

    /// What a line is of; something that no catalogue has is itself where it has a price.
    fn meant(&self, line: &BasketLine) -> Result<Meant<'_>, Fault> {
        let bad_code = |reason: &str| ("bad_code", reason.to_owned());
        let (name, found) = match (&line.item, &line.ean) {
            (Some(id), None) => {
                let item = ItemId::new(&id.0).ok().and_then(|id| self.catalogue.item(&id));
                (id, item.map(|item| (item, 1, None)))
            }
            (None, Some(code)) => {
                let found = self.catalogue.find(&code.0, self.layouts);
                if found.as_ref().is_err_and(|no| no.code == RefusalCode::AmbiguousCode) {
                    return Err(bad_code("several items have this code: name the item instead"));
                }
                let found = found.ok();
                (code, found.map(|found| (found.item, found.pack, found.measure)))
            }
            _ => return Err(bad_code("either item or ean says what it is: name one of them")),
        };
        if let Some((item, pack, measure)) = found {
            return Ok(Meant { id: item.id.clone(), item: Some(item), pack, measure });
        }
        let id = ItemId::new(&name.0).map_err(|error| bad_code(&error.to_string()))?;
        let meant = Meant { id, item: None, pack: 1, measure: None };
        if line.unit_price.is_none() && self.listed(&meant).is_none() {
            let reason = "the catalogue does not have it: give it a unit_price, or add it there";
            return Err(("unknown_item", reason.to_owned()));
        }
        Ok(meant)
    }

    fn listed(&self, meant: &Meant) -> Option<Money> {
        let minor = self.prices.price(&meant.id, self.store, self.day)?;
        Money::from_minor(minor, self.catalogue.currency()).ok()
    }

    fn unit_price(&self, line: &BasketLine, meant: &Meant) -> Result<Option<Money>, Fault> {
        let Some(Written(text)) = &line.unit_price else {
            let of_catalogue = || meant.item.and_then(|item| item.price_on(self.day));
            let price = self.listed(meant).or_else(of_catalogue);
            if price.is_none() && !matches!(meant.measure, Some(Measure::Price(_))) {
                let reason = "it has no price on that day: give it a unit_price";
                return Err(("no_price", reason.to_owned()));
            }
            return Ok(price);
        };
        let price = Money::parse(text, self.catalogue.currency());
        let price = price.map_err(|error| ("bad_amount", format!("unit_price: {error}")))?;
        if price.is_negative() {
            return Err(("bad_amount", "unit_price: a price is not negative".to_owned()));
        }
        Ok(Some(price))
    }

    /// How much of it, and what that costs on the shelf.
    fn amount(
        &self,
        line: &BasketLine,
        meant: &Meant,
        price: Option<Money>,
    ) -> Result<(Quantity, Money), Fault> {
        let Written(text) = &line.qty;
        let bad = |reason: &str| ("bad_quantity", format!("qty: {reason}"));
        let too_large = |_| ("bad_amount", "the amount is too large".to_owned());
        let is_whole = Decimal::from_str_exact(text).is_ok_and(|qty| qty.fract().is_zero());
        let unit = match (meant.item, meant.measure) {
            (_, Some(Measure::Price(_))) => Unit::Piece,
            (_, Some(Measure::Weight(weight))) => weight.unit(),
            (Some(item), None) => item.unit,
            (None, None) if is_whole => Unit::Piece,
            // What is in no catalogue was weighed where it is no whole number: 2.5, but not 2.0.
            (None, None) => Unit::Kilogram,
        };
        let said = match meant.measure {
            Some(_) => Quantity::parse(text, Unit::Piece),
            None => Quantity::parse(text, unit),
        };
        let said = said.map_err(|error| bad(&error.to_string()))?;
        if said.is_negative() || said.is_zero() {
            return Err(bad("more than nought is expected; what comes back is not priced here"));
        }
        if said.unit() == Unit::Piece && said.amount() > Decimal::from(UNITS_MAX) {
            return Err(bad(&format!("at most {UNITS_MAX} pieces")));
        }
        let times =
            |money: Money, by: Decimal| money.times(by, Rounding::HalfUp).map_err(too_large);
        match (meant.measure, price) {
            (Some(Measure::Price(minor)), _) => {
                let label =
                    Money::from_minor(minor, self.catalogue.currency()).map_err(too_large)?;
                Ok((said, times(label, said.amount())?))
            }
            (Some(Measure::Weight(weight)), Some(price)) => {
                let weight = Quantity::new(weight.amount() * said.amount(), unit);
                let weight = weight.map_err(|error| bad(&error.to_string()))?;
                Ok((weight, times(price, weight.amount())?))
            }
            (None, Some(price)) => {
                let quantity = Quantity::new(said.amount() * Decimal::from(meant.pack), unit);
                let quantity = quantity.map_err(|error| bad(&error.to_string()))?;
                Ok((quantity, times(price, quantity.amount())?))
            }
            (Some(Measure::Weight(_)) | None, None) => {
                Err(("no_price", "it has no price: give it a unit_price".to_owned()))
            }
        }
    }

    fn tax(&self, line: &BasketLine, item: Option<&Item>) -> Result<(Arc<str>, TaxRate), Fault> {
        let bad = |reason: &str| ("bad_tax_rate", reason.to_owned());
        let Some(Written(text)) = &line.tax_rate else {
            if line.tax_included.is_some() {
                return Err(bad("tax_included says how tax_rate is meant: name both"));
            }
            let class = item.map_or_else(|| Arc::from(""), |item| item.tax_class.clone());
            let rate = self.taxes.rate(&class);
            return Ok((class, rate));
        };
        let method = match line.tax_included {
            Some(false) => TaxMethod::Exclusive,
            Some(true) | None => TaxMethod::Inclusive,
        };
        let rate = TaxRate::parse(text, method);
        let rate = rate.ok_or_else(|| bad("tax_rate: a percentage from 0 to 100 is expected"))?;
        Ok((rate.class(), rate))
    }
}

/// How many units promotions see.
fn units_of(goods: &GoodsLine) -> i64 {
    match goods.quantity.unit() {
        Unit::Piece => goods.quantity.thousandths() / 1_000,
        _ => 1,
    }
}

/// What somebody wrote, at a length that a line can hold.
fn shown(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(64).collect()
}
