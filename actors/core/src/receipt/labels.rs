use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The language of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiptLanguage {
    /// Chinese as in Taiwan.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Every word on a receipt, in one language.
///
/// `{name}` in a text is replaced; what may stand where is said at each field. A code without a
/// text (a reason that a store added yesterday) is printed as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptLabels {
    /// Before the store's code.
    pub store: String,
    /// Before the register's number.
    pub register: String,
    /// Before the operator's code.
    pub operator: String,
    /// Before the transaction's number.
    pub number: String,
    /// Instead of the number, where there is none yet.
    pub unnumbered: String,
    /// Beside the time, where the clock was not known to be right.
    pub clock_not_trusted: String,
    /// The number of the company that buys; `{ban}`.
    pub buyer: String,
    /// On a reprint; `{n}` counts the copies.
    pub copy: String,
    /// On the paper of a sale made in training, a row each: in every language that a customer
    /// may read.
    pub training: Vec<String>,
    /// On the paper of a sale that was undone.
    pub post_void: String,
    /// A returned line; `{description}`.
    pub returned: String,
    /// How much at which price; `{quantity}`, `{price}`.
    pub quantity_price: String,
    /// How much, where the price was not made by multiplying; `{quantity}`.
    pub quantity: String,
    /// The number that a piece bears; `{serial}`.
    pub serial: String,
    /// What follows a number of each unit, by the unit's code; may be empty.
    pub units: BTreeMap<String, String>,
    /// An amount taken off; `{reason}`.
    pub amount_off: String,
    /// A percentage taken off; `{percent}`, `{reason}`.
    pub percent_off: String,
    /// A new unit price; `{price}`, `{reason}`.
    pub new_unit_price: String,
    /// A promotion, by its name in this language; `{zh}`, `{en}`.
    pub promotion: String,
    /// The same with what it took off tax and all, where the row bears the net part; `{name}`,
    /// `{amount}`.
    pub promotion_with_tax: String,
    /// Why a price was changed, by the reason's code.
    pub reasons: BTreeMap<String, String>,
    /// How many lines; `{n}`.
    pub line_count: String,
    /// The lines' sum.
    pub subtotal: String,
    /// Tax that is added; `{class}`, `{percent}`.
    pub tax_added: String,
    /// Tax that the prices contain; `{class}`, `{percent}`.
    pub tax_contained: String,
    /// Tax classes by their codes.
    pub tax_classes: BTreeMap<String, String>,
    /// What is to pay; `{currency}`.
    pub total: String,
    /// What all modifiers took off together.
    pub saved: String,
    /// Ways of paying, by their codes.
    pub tenders: BTreeMap<String, String>,
    /// A coupon's code or a slip's number; `{reference}`.
    pub reference: String,
    /// Money of another country; `{amount}`, `{currency}`, `{rate}`.
    pub foreign: String,
    /// What a voucher is worth, where the rest lapses; `{amount}`.
    pub voucher_face: String,
    /// What a terminal said of a card; `{scheme}`, `{last_four}`, `{approval}`.
    pub card: String,
    /// What the part paid in cash was rounded by.
    pub rounding: String,
    /// What was given back.
    pub change: String,
    /// Points that the customer earns; `{n}`.
    pub points_earned: String,
    /// Points that the customer paid with; `{n}`.
    pub points_spent: String,
    /// A coupon for the next visit; `{campaign}`.
    pub coupon_earned: String,
    /// Above the code that goods are taken back by.
    pub return_code: String,
    /// At the end.
    pub thanks: String,
    /// What stands on a till's report.
    pub report: ReportLabels,
}

/// The words of a till's report, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLabels {
    /// Above the report of a till that is open.
    pub x: String,
    /// Above the report of one that is closed; `{n}` is its number.
    pub z: String,
    /// Which till of the register; `{n}`.
    pub till: String,
    /// Before the business day.
    pub business_day: String,
    /// Before who opened it and when.
    pub opened: String,
    /// Before who read it and when.
    pub read: String,
    /// Before who closed it and when.
    pub closed: String,
    /// On the report of one that was closed from elsewhere.
    pub forced: String,
    /// How often something happened; `{name}`, `{n}`.
    pub times: String,
    /// Above the sales.
    pub sales: String,
    /// What the sales came to.
    pub total: String,
    /// What was taken off.
    pub discount: String,
    /// Above the ways of paying.
    pub tenders: String,
    /// What was given back.
    pub change: String,
    /// Above the taxes.
    pub taxes: String,
    /// A tax; `{class}`, `{percent}`.
    pub tax: String,
    /// What it is taken of.
    pub tax_base: String,
    /// Above the departments.
    pub departments: String,
    /// Goods of no department.
    pub no_department: String,
    /// Above the people.
    pub operators: String,
    /// Above the money that was not for goods.
    pub cash: String,
    /// What it was opened with.
    pub float: String,
    /// From the safe.
    pub loans: String,
    /// To the safe.
    pub pickups: String,
    /// In for a reason.
    pub paid_in: String,
    /// Out for a reason.
    pub paid_out: String,
    /// Above what should be in it.
    pub in_till: String,
    /// What should be there; `{tender}`.
    pub expected: String,
    /// What was there.
    pub counted: String,
    /// Where nobody counted.
    pub not_counted: String,
    /// There is more than should be.
    pub over: String,
    /// There is less.
    pub short: String,
    /// There is as much.
    pub exact: String,
    /// Above how often things happened.
    pub counts: String,
    /// How often each did, by its code.
    pub count_names: BTreeMap<String, String>,
    /// Where who closed it signs.
    pub signature: String,
}

impl ReceiptLabels {
    /// Reads a language's file.
    ///
    /// # Errors
    /// Where a text is missing or one is not known.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// The text of a code, or the code.
pub(super) fn named<'a>(texts: &'a BTreeMap<String, String>, code: &'a str) -> &'a str {
    texts.get(code).map_or(code, String::as_str)
}

/// The text with each `{name}` replaced, once, from left to right, so that a value that looks
/// like a name stays as it is.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((value.1, tail))
        });
        if let Some((value, tail)) = value {
            out.push_str(value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}
