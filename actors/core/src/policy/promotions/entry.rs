//! One promotion.

use serde_json::Value;

use super::super::reader::Reader;
use super::amounts::amount;
use super::selector::{entries, name};
use super::{POINTS_MAX, conditions, meaning, rules};
use crate::promotion::rule::{Promotion, Replaces, Rule, Text};
use crate::transaction::TenderTypeId;
use crate::{Currency, PromotionId};

/// Longest name, in characters: a line of a receipt and a half.
const NAME_CHARS_MAX: usize = 60;

/// The keys besides the kinds.
pub(super) const KEYS: &[&str] = &[
    "id",
    "name",
    "when",
    "place",
    "who",
    "coupon",
    "tenders",
    "limits",
    "cap",
    "cost_points",
    "combine",
    "class",
    "replaces",
    "priority",
];
/// The keys of a name.
pub(super) const NAME_KEYS: &[&str] = &["zh", "en"];

pub(super) fn promotion(
    reader: &mut Reader,
    value: &Value,
    currency: Currency,
) -> Option<Promotion> {
    let table = reader.table(value, &[KEYS, rules::KINDS].concat())?;
    let id = reader.needed(table, "id", |reader, value| reader.id(value, PromotionId::new));
    let name_of = reader.needed(table, "name", text);
    let rule = rules::rule(reader, table, currency);
    let when = reader.optional(table, "when", conditions::when);
    let place = reader.optional(table, "place", conditions::place);
    let who = reader.optional(table, "who", conditions::who);
    let coupon = reader.optional(table, "coupon", conditions::coupon);
    let tenders =
        entries(reader, table, "tenders", |reader, value| reader.id(value, TenderTypeId::new));
    let limits = reader
        .optional(table, "limits", |reader, value| conditions::limits(reader, value, currency));
    let cap = reader.optional(table, "cap", |reader, value| amount(reader, value, currency, 1));
    let cost_points =
        reader.optional(table, "cost_points", |reader, value| reader.whole(value, 1, POINTS_MAX));
    let combine = reader.optional(table, "combine", conditions::combine);
    let class = reader.optional(table, "class", name);
    let replaces = reader.optional(table, "replaces", conditions::replaces);
    let priority =
        reader.optional(table, "priority", |reader, value| reader.whole(value, 0, u32::MAX));
    let rule = rule?;
    // Not to promote is said to take the place of something.
    let usual = match rule {
        Rule::NoPromotion(_) => Replaces::Wider,
        _ => Replaces::Nothing,
    };
    let promotion = Promotion {
        id: id?,
        name: name_of?,
        rule,
        when: when.unwrap_or_default(),
        place: place.unwrap_or_default(),
        who: who.unwrap_or_default(),
        coupon,
        tenders,
        limits: limits.unwrap_or_default(),
        cap,
        cost_points: cost_points.unwrap_or_default().into(),
        combine: combine.unwrap_or_default(),
        class,
        replaces: replaces.unwrap_or(usual),
        priority: priority.unwrap_or_default(),
    };
    meaning::check(reader, table, &promotion);
    Some(promotion)
}

fn text(reader: &mut Reader, value: &Value) -> Option<Text> {
    let table = reader.table(value, NAME_KEYS)?;
    let mut language =
        |key| reader.needed(table, key, |reader, value| reader.text(value, NAME_CHARS_MAX));
    let (zh, en) = (language("zh"), language("en"));
    Some(Text { zh: zh?.into(), en: en?.into() })
}
