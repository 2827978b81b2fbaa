use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::promotion::rule::Text;
use crate::{DeviceId, ItemId, LineNumber, Money, OperatorId, PromotionId, Quantity, ReasonCode};

/// Which way the goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// To the customer: quantity and amounts are not negative.
    Sale,
    /// Back to the store: quantity and amounts are not positive.
    Return,
}

/// How the item got into the basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryMethod {
    /// Its barcode was read.
    Scanned,
    /// Its code was typed or picked from a list.
    Keyed,
    /// It was put on a scale.
    Weighed,
}

/// Who says what the line costs before discounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The catalogue's price at the time the basket opened.
    Catalogue,
    /// The label of a pre-packed, price-embedded piece.
    Label,
    /// The cashier.
    Keyed,
}

/// How a price modifier was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum ModifierMethod {
    /// This much off the line or the basket.
    AmountOff,
    /// This percentage off, 0 to 100, rounded half up on the whole line.
    PercentOff {
        /// The percentage.
        percent: Decimal,
    },
    /// A new unit price.
    NewUnitPrice {
        /// The unit price that holds instead.
        price: Money,
    },
}

/// Why a line costs less than on the shelf (折讓; ARTS `RetailPriceModifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceModifier {
    /// How it was stated.
    #[serde(flatten)]
    pub method: ModifierMethod,
    /// How much it takes off; not negative on a sale, not positive on a return.
    pub amount: Money,
    /// Why.
    pub reason: ReasonCode,
    /// Who recorded it; nobody where a promotion did.
    pub operator: Option<OperatorId>,
    /// The promotion that gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<AppliedPromotion>,
}

/// A promotion by its name, as receipts and screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedPromotion {
    /// Which.
    pub id: PromotionId,
    /// What it is called.
    pub name: Text,
}

/// That a line was taken out again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedLine {
    /// Who did.
    pub operator: OperatorId,
    /// Why: `voided` or `undone`.
    pub reason: ReasonCode,
}

/// One line of a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// Its number in the basket.
    pub line: LineNumber,
    /// Sold or returned.
    pub kind: LineKind,
    /// Which item.
    pub item: ItemId,
    /// The code as it was read or keyed.
    pub code: Arc<str>,
    /// How it was entered.
    pub entry: EntryMethod,
    /// Its name when it was entered.
    pub description: Arc<str>,
    /// Its department then.
    pub department: Arc<str>,
    /// Its category then.
    pub category: Arc<str>,
    /// Its tax class then.
    pub tax_class: Arc<str>,
    /// How much; nought for a line that is only noted.
    pub quantity: Quantity,
    /// The catalogue's price for one unit when the basket opened.
    pub unit_price: Money,
    /// What the quantity costs before any modifier.
    pub shelf_amount: Money,
    /// Who said so.
    pub price_source: PriceSource,
    /// What the cashier recorded against it.
    pub recorded_modifiers: Vec<PriceModifier>,
    /// Everything that lowers it, recorded or by promotion, after pricing.
    pub modifiers: Vec<PriceModifier>,
    /// What is booked: shelf amount less modifiers.
    pub net: Money,
    /// Why it came back, on a return.
    pub return_reason: Option<ReasonCode>,
    /// Whether a key of a department sold it: it names no item of the catalogue and moves no
    /// stock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_department: bool,
    /// The line of the goods that it is the deposit on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_of: Option<LineNumber>,
    /// The number that the piece bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<Arc<str>>,
    /// What a scale said, where one weighed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighing: Option<Box<Weighing>>,
    /// That it does not count any more.
    pub voided: Option<VoidedLine>,
}

/// What a scale said of goods that are sold by it: what a customer, or an inspector, may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// Which scale.
    pub scale: DeviceId,
    /// Its frame as it came, in hexadecimal.
    pub raw: Arc<str>,
    /// What it said.
    pub gross: Quantity,
    /// What was taken off for what the goods lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare: Option<Quantity>,
}
