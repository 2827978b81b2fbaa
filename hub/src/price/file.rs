//! The basket as it is written; `docs/basket.schema.json` describes it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use store_core::Currency;

/// The JSON Schema of a basket file, as text.
pub const SCHEMA: &str = include_str!("../../../docs/basket.schema.json");

/// A basket to be priced.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasketFile {
    /// What all amounts are in; also the catalogue's.
    pub currency: Currency,
    /// When it is bought: `2026-11-01T15:00+08:00`, or without an offset in the store's time.
    pub at: String,
    /// Who buys, where that was said.
    #[serde(default)]
    pub member: Option<Name>,
    /// Their tier.
    #[serde(default)]
    pub tier: Option<String>,
    /// Their points.
    #[serde(default)]
    pub points: u64,
    /// Whether one of the chain's own people buys.
    #[serde(default)]
    pub employee: bool,
    /// The codes of the coupons that were shown.
    #[serde(default)]
    pub coupons: Vec<String>,
    /// The way of paying that the customer means to use.
    #[serde(default)]
    pub tender: Option<String>,
    /// By which channel; the store itself if none is named.
    #[serde(default)]
    pub channel: Option<String>,
    /// What is bought.
    pub lines: Vec<BasketLine>,
}

/// One line of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasketLine {
    /// The item's id; either this or a code.
    #[serde(default)]
    pub item: Option<Name>,
    /// A barcode, or another code that a register knows it by.
    #[serde(default)]
    pub ean: Option<Name>,
    /// How many, or how much.
    pub qty: Written,
    /// What one costs; the price list's or the catalogue's price if nothing is said.
    #[serde(default)]
    pub unit_price: Option<Written>,
    /// Its tax in percent; the catalogue's if nothing is said.
    #[serde(default)]
    pub tax_rate: Option<Written>,
    /// Whether the price contains that tax; it does if nothing is said.
    #[serde(default)]
    pub tax_included: Option<bool>,
    /// Its tags, in the place of the catalogue's.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// Its category, in the place of the catalogue's.
    #[serde(default)]
    pub category: Option<String>,
    /// Its brand, in the place of the catalogue's.
    #[serde(default)]
    pub brand: Option<String>,
}

/// A name that some files write as a number and others as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(pub String);

/// A number as it was written, in quotes or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(pub String);

fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("a number or a text is expected")),
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer).map(Self)
    }
}
