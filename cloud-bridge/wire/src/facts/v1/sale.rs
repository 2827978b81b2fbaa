use serde::{Deserialize, Serialize};

use super::{AppliedPromotion, CardSlip, Moment, Money, Pricing, Quantity};

/// A basket with all that happened to it: `sale_completed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The transaction, a UUID made by the terminal.
    pub transaction: String,
    /// Where.
    pub store: String,
    /// At which register.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// Booked on, `YYYY-MM-DD`.
    pub business_day: String,
    /// When the basket was opened.
    pub opened: Moment,
    /// When it ended.
    pub ended: Moment,
    /// The currency of all amounts.
    pub currency: String,
    /// The printed number, gap-free per workstation; none for a basket that was abandoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Every line that was entered, voided ones included.
    pub lines: Vec<LineItem>,
    /// What the cashier took off the whole basket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basket_modifiers: Vec<PriceModifier>,
    /// What was paid with, voided ones included.
    pub tenders: Vec<Tender>,
    /// The number of the company that buys; none where nobody gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<String>,
    /// What it comes to.
    pub totals: Totals,
    /// What somebody else than its cashier approved, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// What promotions made of it; nothing where there were none in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

/// A second person allowed what the cashier may not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What the cashier lacked, as a code.
    pub permission: String,
    /// Who approved it, by id.
    pub approved_by: String,
}

/// A basket that did not become a sale: `sale_abandoned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleAbandoned {
    /// The basket as it stood.
    pub basket: Sale,
    /// Why, as a code.
    pub reason: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// 1, 2, 3 … in the order of entry.
    pub line: u32,
    /// Sold or returned.
    pub kind: LineKind,
    /// Which item.
    pub item: String,
    /// The code as read or keyed.
    pub code: String,
    /// How it was entered.
    pub entry: EntryMethod,
    /// Its name then.
    pub description: String,
    /// Its department then.
    pub department: String,
    /// Its category then.
    pub category: String,
    /// Its tax class then.
    pub tax_class: String,
    /// How much.
    pub quantity: Quantity,
    /// The catalogue's price for one unit.
    pub unit_price: Money,
    /// What the quantity costs before any modifier.
    pub shelf_amount: Money,
    /// Who said so.
    pub price_source: PriceSource,
    /// What the cashier recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded_modifiers: Vec<PriceModifier>,
    /// Everything that lowers it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<PriceModifier>,
    /// What is booked.
    pub net: Money,
    /// Why it came back, on a return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_reason: Option<String>,
    /// Whether a key of a department sold it: it names no item, and moves no stock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_department: bool,
    /// The line of the goods that it is the deposit on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_of: Option<u32>,
    /// The number that the piece bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What a scale said, where one weighed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighing: Option<Weighing>,
    /// That it does not count any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<VoidedLine>,
}

/// What a scale said of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// Which scale, as the store names it.
    pub scale: String,
    /// Its frame as it came, in hexadecimal.
    pub raw: String,
    /// What it said.
    pub gross: Quantity,
    /// What was taken off for what the goods lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare: Option<Quantity>,
}

/// Which way the goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// To the customer.
    Sale,
    /// Back to the store.
    Return,
}

/// How an item was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryMethod {
    /// Read by a scanner.
    Scanned,
    /// Typed or picked.
    Keyed,
    /// Put on a scale.
    Weighed,
}

/// Who said what a line costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The catalogue.
    Catalogue,
    /// The label of a pre-packed piece.
    Label,
    /// The cashier.
    Keyed,
}

/// What lowers a price, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceModifier {
    /// How it was stated.
    #[serde(flatten)]
    pub method: ModifierMethod,
    /// How much it takes off.
    pub amount: Money,
    /// Why, as a code.
    pub reason: String,
    /// Who recorded it, by id; nobody where a promotion did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The promotion that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<AppliedPromotion>,
}

/// How a modifier was stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum ModifierMethod {
    /// So much off.
    AmountOff,
    /// A percentage off.
    PercentOff {
        /// The percentage, a plain decimal.
        percent: String,
    },
    /// A new unit price.
    NewUnitPrice {
        /// The price that holds instead.
        price: Money,
    },
}

/// Who took a line out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedLine {
    /// Who, by id.
    pub operator: String,
    /// Why, as a code.
    pub reason: String,
}

/// Something that was paid with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// 1, 2, 3 … within the basket.
    pub number: u32,
    /// The way of paying, as a code.
    pub tender_type: String,
    /// What was handed over; negative where money was paid out.
    pub amount: Money,
    /// What was given back of it.
    pub change: Money,
    /// What was shown. Never a card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The line it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The catalogue's entry of the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// That item's department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// What a voucher is worth, where that is more than was due and the rest lapsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<Money>,
    /// The money of another country that was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignCash>,
    /// What a terminal said of a card or a telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSlip>,
    /// Whether it was handed back before completion.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voided: bool,
}

/// Money of another country, at the rate of that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignCash {
    /// What was handed over.
    pub amount: Money,
    /// What one of its major units counted for, in major units of the sale's currency.
    pub rate: String,
}

/// What a basket comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Before any modifier.
    pub shelf: Money,
    /// What the modifiers take off.
    pub discount: Money,
    /// Shelf less discount.
    pub net: Money,
    /// Tax by class.
    pub taxes: Vec<TaxLine>,
    /// What is to pay.
    pub total: Money,
    /// What was taken, less change.
    pub tendered: Money,
    /// What is still to pay.
    pub due: Money,
    /// What was given back.
    pub change: Money,
    /// What the part paid in cash was rounded by: tenders less change are the total and this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Money>,
}

/// The tax of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// The class.
    pub class: String,
    /// Contained or added.
    pub method: TaxMethod,
    /// The rate, a plain decimal.
    pub percent: String,
    /// The net amounts of the class.
    pub base: Money,
    /// The tax of it.
    pub tax: Money,
}

/// Whether a price contains its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMethod {
    /// It does.
    Inclusive,
    /// It does not.
    Exclusive,
}

/// Something was taken for a basket that is still open: `tender_taken`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderTaken {
    /// The basket.
    pub transaction: String,
    /// Where.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// What.
    pub tender: Tender,
}

/// A tender was handed back: `tender_voided`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderVoided {
    /// The basket.
    pub transaction: String,
    /// Where.
    pub workstation: String,
    /// By whom, by id.
    pub operator: String,
    /// The tender's number in the basket.
    pub number: u32,
    /// What a terminal said of giving it back, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSlip>,
}
