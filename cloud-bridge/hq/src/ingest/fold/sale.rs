use std::collections::BTreeMap;

use hq_wire::facts::v1::{self, LineItem, Sale};
use jiff::civil::Date;
use store_core::inventory::StockChange;
use store_core::{Currency, ItemId, Money};

use super::promotions::PromotionFold;
use super::{Unreadable, item, quantity};

/// By what sales are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Nothing but the hour.
    Total,
    /// The lines' department.
    Department,
    /// The lines' category.
    Category,
    /// The lines' item.
    Item,
    /// The way of paying.
    Tender,
    /// What the part paid in cash was rounded by.
    Rounding,
    /// Who sold.
    Operator,
    /// Why something was taken off a line.
    Reason,
    /// Tenders for no line, by way of paying and the department of their reference, with a tab
    /// between.
    UntiedTender,
}

impl Dimension {
    /// As it stands in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Department => "department",
            Self::Category => "category",
            Self::Item => "item",
            Self::Tender => "tender",
            Self::Rounding => "rounding",
            Self::Operator => "operator",
            Self::Reason => "reason",
            Self::UntiedTender => "untied_tender",
        }
    }
}

/// One sum of a business day and a currency.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SumKey {
    /// By what.
    pub dimension: Dimension,
    /// Which of it.
    pub key: String,
    /// The local hour in which the sale began; -1 for the whole day.
    pub hour: i64,
}

/// What is summed. The sums saturate: amounts near the ends of the range are nobody's trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The unit of the quantity: empty where nothing has one, `*` where units differ.
    pub unit: &'static str,
    /// Sales in which it occurs.
    pub sales: i64,
    /// Lines, or how often.
    pub lines: i64,
    /// How much, in thousandths.
    pub quantity_thousandths: i64,
    /// Before any modifier; of a tender, what was handed over.
    pub shelf: i64,
    /// What was taken off; of a tender, what was given back.
    pub discount: i64,
    /// What is booked.
    pub net: i64,
}

impl Sum {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        // Not only where it comes to nothing: a sale that was undone leaves its unit.
        if *self == Self::default() {
            self.unit = other.unit;
        } else if self.unit != other.unit {
            self.unit = "*";
        }
        for (mine, theirs) in [
            (&mut self.sales, other.sales),
            (&mut self.lines, other.lines),
            (&mut self.quantity_thousandths, other.quantity_thousandths),
            (&mut self.shelf, other.shelf),
            (&mut self.discount, other.discount),
            (&mut self.net, other.net),
        ] {
            *mine = mine.saturating_add(theirs);
        }
    }
}

/// A completed sale as the projections need it.
#[derive(Clone, Debug)]
pub struct SaleFold {
    /// Its id, as a UUID is written.
    pub transaction: String,
    /// At which register.
    pub workstation: String,
    /// The printed number.
    pub number: Option<u64>,
    /// By whom.
    pub operator: String,
    /// `YYYY-MM-DD`.
    pub business_day: String,
    /// When it ended.
    pub ended_ms: i64,
    /// The local offset then.
    pub utc_offset_s: i32,
    /// ISO 4217.
    pub currency: String,
    /// Lines that count.
    pub lines: u64,
    /// What was to pay.
    pub total: i64,
    /// What is booked.
    pub net: i64,
    /// What it adds to sums.
    pub sums: BTreeMap<SumKey, Sum>,
    /// Its items with their names, and what the lines that count do to their stock.
    pub items: Vec<(ItemId, String, Option<StockChange>)>,
    /// What its promotions brought.
    pub promotions: PromotionFold,
}

impl SaleFold {
    /// Whether another is the same trade: a till that lost the answer, or whose store went back to
    /// a backup, may ring a sale up again under its id, later and under another number.
    pub fn is_same_trade(&self, other: &Self) -> bool {
        let trade = |sale: &Self| {
            let is_trade = |(key, _): &(&SumKey, &Sum)| key.dimension != Dimension::Operator;
            let mut sums: Vec<_> = sale
                .sums
                .iter()
                .filter(is_trade)
                .map(|(key, sum)| (key.dimension, key.key.clone(), *sum))
                .collect();
            sums.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
            (sale.currency.clone(), sale.total, sums)
        };
        trade(self) == trade(other)
    }

    /// Reads a sale.
    pub fn of(sale: &Sale) -> Result<Self, Unreadable> {
        let currency = currency(sale)?;
        let mut fold = Self {
            transaction: transaction(sale)?,
            workstation: sale.workstation.clone(),
            number: sale.number.filter(|number| i64::try_from(*number).is_ok()),
            operator: sale.operator.clone(),
            business_day: business_day(sale)?,
            ended_ms: sale.ended.wall_ms,
            utc_offset_s: sale.ended.utc_offset_s,
            currency: sale.currency.clone(),
            lines: 0,
            total: minor("total", &sale.totals.total, currency)?,
            net: 0,
            sums: BTreeMap::new(),
            items: Vec::new(),
            promotions: PromotionFold::of(sale.pricing.as_ref(), currency)?,
        };
        let mut whole = Sum::default();
        for line in sale.lines.iter().filter(|line| line.voided.is_none()) {
            fold.take_line(line, currency, &mut whole)?;
        }
        for tender in sale.tenders.iter().filter(|tender| !tender.voided) {
            fold.take_tender(tender, currency)?;
        }
        if let Some(rounding) = &sale.totals.rounding {
            let net = minor("rounding", rounding, currency)?;
            fold.add(Dimension::Rounding, "", Sum { lines: 1, net, ..Sum::default() });
        }
        fold.lines = u64::try_from(whole.lines).unwrap_or(0);
        fold.net = whole.net;
        // Units of a whole sale differ more often than not: it has none.
        (whole.unit, whole.quantity_thousandths) = ("", 0);
        fold.add(Dimension::Operator, &sale.operator, whole);
        let hour = local_hour(&sale.opened);
        let key = SumKey { dimension: Dimension::Total, key: String::new(), hour };
        fold.sums.insert(key, whole);
        // A sale counts once in each sum, however many lines it has there.
        fold.sums.values_mut().for_each(|sum| sum.sales = 1);
        Ok(fold)
    }

    fn take_line(
        &mut self,
        line: &LineItem,
        currency: Currency,
        whole: &mut Sum,
    ) -> Result<(), Unreadable> {
        let quantity = quantity("quantity", &line.quantity)?;
        let shelf = minor("shelf_amount", &line.shelf_amount, currency)?;
        let net = minor("net", &line.net, currency)?;
        let sum = Sum {
            unit: quantity.unit().code(),
            sales: 0,
            lines: 1,
            quantity_thousandths: quantity.thousandths(),
            shelf,
            discount: shelf.saturating_sub(net),
            net,
        };
        let item = item(&line.item)?;
        whole.add(&sum);
        self.add(Dimension::Department, &line.department, sum);
        self.add(Dimension::Category, &line.category, sum);
        self.add(Dimension::Item, item.as_str(), sum);
        for modifier in &line.modifiers {
            let net = minor("amount", &modifier.amount, currency)?;
            self.add(Dimension::Reason, &modifier.reason, Sum { lines: 1, net, ..Sum::default() });
        }
        if line.by_department {
            return Ok(());
        }
        self.items.push((item, line.description.clone(), StockChange::of_line(quantity)));
        Ok(())
    }

    fn take_tender(&mut self, tender: &v1::Tender, currency: Currency) -> Result<(), Unreadable> {
        let amount = minor("amount", &tender.amount, currency)?;
        let change = minor("change", &tender.change, currency)?;
        let net = amount.saturating_sub(change);
        let sum = Sum { lines: 1, shelf: amount, discount: change, net, ..Sum::default() };
        self.add(Dimension::Tender, &tender.tender_type, sum);
        if tender.line.is_none() {
            let department = tender.department.as_deref().unwrap_or_default();
            let key = format!("{}\t{department}", tender.tender_type);
            self.add(Dimension::UntiedTender, &key, Sum { lines: 1, ..Sum::default() });
        }
        Ok(())
    }

    fn add(&mut self, dimension: Dimension, key: &str, sum: Sum) {
        let key = SumKey { dimension, key: key.to_owned(), hour: -1 };
        self.sums.entry(key).or_default().add(&sum);
    }
}

/// The currency of a basket.
pub(super) fn currency(sale: &Sale) -> Result<Currency, Unreadable> {
    Currency::new(&sale.currency)
        .map_err(|error| Unreadable::field("currency", &sale.currency, error))
}

/// The day on which a basket is booked, as it is written everywhere.
pub(super) fn business_day(sale: &Sale) -> Result<String, Unreadable> {
    let day: Result<Date, _> = sale.business_day.parse();
    day.map(|day| day.to_string())
        .map_err(|error| Unreadable::field("business_day", &sale.business_day, error))
}

/// A basket's id, as a UUID is written.
pub(super) fn transaction(sale: &Sale) -> Result<String, Unreadable> {
    uuid::Uuid::try_parse(&sale.transaction)
        .map(|id| id.to_string())
        .map_err(|error| Unreadable::field("transaction", &sale.transaction, error))
}

pub(super) fn minor(field: &str, wire: &v1::Money, currency: Currency) -> Result<i64, Unreadable> {
    if wire.currency != currency.code() {
        let reason = "another currency than the sale's";
        return Err(Unreadable::field(field, &wire.currency, reason));
    }
    let money = Money::parse(&wire.amount, currency)
        .map_err(|error| Unreadable::field(field, &wire.amount, error))?;
    Ok(money.minor())
}

pub(super) fn local_hour(moment: &v1::Moment) -> i64 {
    let seconds = moment.wall_ms.div_euclid(1000) + i64::from(moment.utc_offset_s);
    seconds.rem_euclid(86_400) / 3600
}
