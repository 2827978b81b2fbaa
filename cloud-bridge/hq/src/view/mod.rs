//! What headquarters shows: the bodies of its API and of its live stream.
//!
//! Amounts are whole minor units of the currency that stands beside them, as JSON numbers: sums of
//! a chain stay far below 2^53. The page writes them with the currency's decimals.

mod day;
mod promotions;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

pub use day::DaySummary;
pub use promotions::{
    DayPromotion, PromotionDetail, PromotionName, PromotionSums, PromotionView, StorePromotion,
};

/// The chain, or the part of it that the asking person may see, on one business day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChainView {
    /// When it was made, in milliseconds since 1970.
    pub now_ms: i64,
    /// Never falls while a view is followed, and grows with nearly every change of what is shown:
    /// a page does not go back to a lower one.
    pub revision: u64,
    /// The business day, `YYYY-MM-DD`.
    pub day: String,
    /// The last business day with a sale, where there is one.
    pub last_day: Option<String>,
    /// Sums of the day, one for each currency, the one with most sales first.
    pub totals: Vec<DayTotal>,
    /// Net by local hour, of the first currency of `totals`.
    pub hours: Vec<HourNet>,
    /// The stores, by id.
    pub stores: Vec<StoreView>,
    /// By department, the greatest first.
    pub departments: Vec<GroupSum>,
    /// By way of paying, the greatest first.
    pub tenders: Vec<GroupSum>,
    /// The promotions that carried most, the greatest first; at most 20.
    pub promotions: Vec<PromotionView>,
    /// The newest sales that headquarters heard of, the newest first; at most 50.
    pub last_sales: Vec<SaleView>,
    /// The alerts of safety stock that are up, the newest first; at most 100.
    pub alerts: Vec<AlertView>,
    /// How many alerts are up.
    pub alert_count: u64,
    /// Forks and frozen streams, the newest first.
    pub forks: Vec<ForkView>,
    /// Messages that were kept aside; of a part of the chain, those that are still kept.
    pub aside_count: u64,
    /// Whether headquarters has no room: nothing is acknowledged then, and the stores keep selling.
    pub storage_full: bool,
}

/// Sums of one day in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayTotal {
    /// ISO 4217.
    pub currency: String,
    /// Completed sales.
    pub sales: u64,
    /// Net amount.
    pub net: i64,
    /// What was taken off.
    pub discount: i64,
    /// Net amount of the same weekday a week before, up to and including the same hour.
    pub net_week_before: i64,
    /// Net amount of the last hour with a sale.
    pub hour_net: i64,
    /// That hour, 0 to 23; none before the first sale.
    pub hour: Option<u8>,
    /// Net amount of the same hour a week before.
    pub hour_net_week_before: i64,
}

/// Net of one local hour and of the same hour a week before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourNet {
    /// 0 to 23.
    pub hour: u8,
    /// Completed sales that began in it.
    pub sales: u64,
    /// Net amount.
    pub net: i64,
    /// Net amount a week before.
    pub net_week_before: i64,
}

/// One store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreView {
    /// Its id.
    pub store: String,
    /// Its name.
    pub name: String,
    /// Its region; empty where none was given.
    pub region: String,
    /// ISO 4217.
    pub currency: String,
    /// Whether it is connected; none for a store that never was.
    pub online: Option<bool>,
    /// Since when it is so, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// When headquarters last heard of it, in milliseconds since 1970.
    pub heard_ms: Option<i64>,
    /// Rows that it has and headquarters lacks, as it last said.
    pub waiting_rows: u64,
    /// Completed sales among them.
    pub waiting_sales: u64,
    /// When the oldest of them was written, in milliseconds since 1970.
    pub waiting_since_ms: Option<i64>,
    /// Its present stream.
    pub stream: Option<String>,
    /// The last row of that stream that headquarters has without a gap.
    pub through: u64,
    /// Completed sales of the day.
    pub sales: u64,
    /// Net amount of the day.
    pub net: i64,
    /// Net amount of the same weekday a week before.
    pub net_week_before: i64,
    /// Alerts of safety stock that are up.
    pub alerts: u64,
    /// The policy in force there.
    pub policy_version: Option<u64>,
    /// Why it refused a policy, where it did.
    pub policy_refused: Option<String>,
    /// Whether one of its streams is frozen.
    pub frozen: bool,
    /// Whether simulated trade goes on there; none for a real store.
    pub trade: Option<bool>,
}

/// A sum of one department, category, item, tender, operator or reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupSum {
    /// Its id or name.
    pub key: String,
    /// What it is called, where that is known.
    pub name: String,
    /// Sales in which it occurs.
    pub sales: u64,
    /// Lines.
    pub lines: u64,
    /// How much, in thousandths of its unit; 0 where units differ.
    pub quantity_thousandths: i64,
    /// Net amount, or what was taken.
    pub net: i64,
}

/// A sale, in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaleView {
    /// Where.
    pub store: String,
    /// Its id, a UUID.
    pub transaction: String,
    /// At which register.
    pub workstation: String,
    /// The printed number.
    pub number: Option<u64>,
    /// By whom, by id.
    pub operator: String,
    /// The business day.
    pub business_day: String,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: i64,
    /// What the store's local time was ahead of UTC, in seconds.
    pub utc_offset_s: i32,
    /// ISO 4217.
    pub currency: String,
    /// Lines that count.
    pub lines: u64,
    /// What was to pay.
    pub total: i64,
    /// Net amount.
    pub net: i64,
    /// When headquarters had it, in milliseconds since 1970.
    pub folded_ms: i64,
}

/// A sale with all that happened to it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SaleDetail {
    /// In a line.
    pub sale: SaleView,
    /// The fact as the store wrote it: the body of a `sale_completed`.
    #[schema(value_type = Object)]
    pub fact: Box<RawValue>,
}

/// One store on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreDetail {
    /// The store.
    pub store: StoreView,
    /// The business day.
    pub day: String,
    /// Sums of the day, one for each currency, the one with most sales first.
    pub totals: Vec<DayTotal>,
    /// Net by local hour, of the first currency of `totals`, as everything below.
    pub hours: Vec<HourNet>,
    /// By department, the greatest first, as everything below.
    pub departments: Vec<GroupSum>,
    /// By category.
    pub categories: Vec<GroupSum>,
    /// By item; at most 200.
    pub items: Vec<GroupSum>,
    /// By way of paying.
    pub tenders: Vec<GroupSum>,
    /// By who sold.
    pub operators: Vec<GroupSum>,
    /// By why something was taken off a line: `net` is what was.
    pub reasons: Vec<GroupSum>,
}

/// An alert of safety stock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertView {
    /// Where.
    pub store: String,
    /// Of which item.
    pub item: String,
    /// What it is called.
    pub name: String,
    /// What is left, in thousandths of its unit.
    pub on_hand_thousandths: i64,
    /// `piece`, `kilogram` …
    pub unit: String,
    /// Since when, in milliseconds since 1970.
    pub since_ms: i64,
}

/// What is on a shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockView {
    /// Where.
    pub store: String,
    /// Which item.
    pub item: String,
    /// What it is called.
    pub name: String,
    /// In thousandths of its unit.
    pub on_hand_thousandths: i64,
    /// `piece`, `kilogram` …
    pub unit: String,
    /// The level at which somebody is told, in thousandths; none where none was set.
    pub safety_stock_thousandths: Option<i64>,
    /// Whether its alert is up.
    pub alert: bool,
}

/// A stream of a store that does not simply go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForkView {
    /// Where.
    pub store: String,
    /// The stream that forked.
    pub stream: String,
    /// The last row that both sides share, as far as headquarters can tell.
    pub after: u64,
    /// `restored` (a backup was put back), `diverged` (an old or copied journal was found),
    /// `frozen`
    /// (two rows with one number: nothing more is taken of the stream), `broken` (a row's digest
    /// does not hold: nothing more is taken of the stream).
    pub cause: String,
    /// The stream or branch that goes on, where there is one.
    pub into: Option<String>,
    /// Rows that headquarters holds of the stream above `after`: what the store no longer has.
    pub rows_ahead: u64,
    /// When headquarters noticed, in milliseconds since 1970.
    pub at_ms: i64,
}

/// A stream as headquarters has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamView {
    /// Where.
    pub store: String,
    /// Its name on the wire.
    pub stream: String,
    /// Of which stream it is a branch.
    pub branch_of: Option<String>,
    /// The last row without a gap.
    pub through: u64,
    /// The last row at all; above `through`, rows wait for those before them.
    pub highest: u64,
    /// That row's digest, in hexadecimal.
    pub digest: String,
    /// Why nothing more is taken of it.
    pub frozen: Option<String>,
}

/// A message that was kept aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AsideView {
    /// Its number.
    pub id: i64,
    /// When it came, in milliseconds since 1970.
    pub at_ms: i64,
    /// Its topic, cut to 256 bytes.
    pub topic: String,
    /// The store that the topic names, where it names one.
    pub store: Option<String>,
    /// A stable code: `oversized`, `not_compressed`, `malformed`, `unknown_type`,
    /// `unknown_version`,
    /// `foreign`, `unknown_store`, `unreadable_fact`, `other_sale` (its id is another sale's),
    /// `failed` (the database refused it).
    pub code: String,
    /// A sentence.
    pub reason: String,
    /// How many bytes it had.
    pub size: u64,
}

/// Exact sums, for whoever compares: `/api/v1/totals`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// Completed sales.
    pub transactions: u64,
    /// Lines that count.
    pub lines: u64,
    /// Before any modifier.
    pub shelf: i64,
    /// After all of them.
    pub net: i64,
    /// What was taken off lines, by reason.
    pub by_reason: BTreeMap<String, i64>,
    /// What was paid with, by type.
    pub by_tender: BTreeMap<String, TenderSum>,
    /// Net amount by department, those that come to nothing included.
    pub by_department: BTreeMap<String, i64>,
    /// Net amount by the local hour in which the sale began: `"7"`.
    pub by_hour: BTreeMap<String, i64>,
    /// Net amount by store.
    pub by_store: BTreeMap<String, i64>,
    /// What promotions brought, by id.
    pub by_promotion: BTreeMap<String, PromotionSums>,
}

/// What was taken in one way of paying.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TenderSum {
    /// What was handed over; what was paid out counts against it.
    pub amount: i64,
    /// What was given back of it.
    pub change: i64,
    /// How often.
    pub count: u64,
    /// How often it was given for no line, by the department of its reference.
    pub untied_by_department: BTreeMap<String, u64>,
}

/// A bundle of policy and who has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyView {
    /// Its id.
    pub id: String,
    /// 1, 2, 3 …
    pub version: u64,
    /// When it was pushed, in milliseconds since 1970.
    pub pushed_ms: i64,
    /// From when it holds, in milliseconds since 1970.
    pub effective_ms: i64,
    /// When it was withdrawn, in milliseconds since 1970.
    pub withdrawn_ms: Option<i64>,
    /// The stores it is for; all where none is named.
    pub stores: Vec<String>,
    /// Its parts and their sizes in bytes.
    pub parts: Vec<(String, u64)>,
    /// How each store stands to it: store, standing, reason. Besides what a store says,
    /// `withdrawn`, and `unreported` where it has said nothing of it.
    pub standings: Vec<(String, String, Option<String>)>,
}
