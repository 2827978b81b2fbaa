//! Prices and promotions of a real chain as recorded facts (`promos_….jsonl.gz`): a price list and
//! a set of promotions of it.
//!
//! A fact of a store takes the place of the chain's of the same week and item.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde::Deserialize;
use serde::de::IgnoredAny;
use store_core::policy::{Fault, Part, Place};
use store_core::promotion::rule::{
    self, BasisPoints, Combine, Each, Group, GroupAward, Limits, Promotion, Replaces, Rule,
    Selector, Slot, Text, UnitAward, UnitTier, When, Who,
};
use store_core::promotion::set::{Policy, PromotionSet};
use store_core::{Currency, ItemId, PromotionId, StoreId};

use super::Offered;
use super::file::{FileFault, PromotionFileError};

/// What the amounts of recorded facts are in.
pub const CURRENCY: Currency = Currency::USD;

/// The first day of the recorded week 1: weeks begin on Mondays, the first with the last days of
/// the year before.
const FIRST_DAY: Date = date(2016, 12, 26);
/// The last week of a recorded year.
const WEEK_MAX: u32 = 53;

/// Shelf prices by week, item and, where it has its own, store.
#[derive(Clone, Debug, Default)]
pub struct RecordedPrices(BTreeMap<(u32, ItemId), BTreeMap<Option<StoreId>, i64>>);

impl RecordedPrices {
    /// The price of one on a day, in minor units: the store's own, or the chain's.
    #[must_use]
    pub fn price(&self, item: &ItemId, store: Option<&StoreId>, day: Date) -> Option<i64> {
        let prices = self.0.get(&(week_of(day)?, item.clone()))?;
        let own = store.and_then(|store| prices.get(&Some(store.clone())));
        own.or_else(|| prices.get(&None)).copied()
    }
}

/// The recorded week of a day.
fn week_of(day: Date) -> Option<u32> {
    let days = FIRST_DAY.until(day).ok()?.get_days();
    u32::try_from(days.div_euclid(7)).ok()?.checked_add(1)
}

fn days_of(week: u32) -> Option<When> {
    let weeks = i64::from(week.checked_sub(1)?);
    let from = FIRST_DAY.checked_add(weeks.weeks()).ok()?;
    let until = from.checked_add(6.days()).ok()?;
    Some(When { from: Some(from), until: Some(until), ..When::default() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    kind: Kind,
    week: u32,
    item: u64,
    store: Option<u64>,
    price: Option<i64>,
    off: Option<i64>,
    pct: Option<u32>,
    buy: Option<u32>,
    free: Option<u32>,
    #[serde(rename = "for")]
    together: Option<i64>,
    #[serde(rename = "agree")]
    _agree: Option<IgnoredAny>,
    #[serde(rename = "support")]
    _support: Option<IgnoredAny>,
    #[serde(rename = "display")]
    _display: Option<IgnoredAny>,
    #[serde(rename = "mailer")]
    _mailer: Option<IgnoredAny>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    ShelfPrice,
    MemberPrice,
    MemberOff,
    MemberPct,
    Bogo,
    Multibuy,
    NoPromo,
    Feature,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::ShelfPrice => "shelf-price",
            Self::MemberPrice => "member-price",
            Self::MemberOff => "member-off",
            Self::MemberPct => "member-pct",
            Self::Bogo => "bogo",
            Self::Multibuy => "multibuy",
            Self::NoPromo => "no-promo",
            Self::Feature => "feature",
        }
    }
}

/// Whether a file holds recorded facts, by its name: `….jsonl` or `….jsonl.gz`.
#[must_use]
pub fn is_recorded(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")
}

/// Reads recorded facts, plain or compressed.
///
/// # Errors
/// Where the file cannot be read, or all that is wrong with its first hundred bad lines.
pub(super) fn read(path: &Path) -> Result<Offered, PromotionFileError> {
    let io = |error| PromotionFileError::Io(path.to_owned(), error);
    let file = std::fs::File::open(path).map_err(io)?;
    let mut plain = BufReader::new(file);
    let is_compressed = plain.fill_buf().map_err(io)?.starts_with(&[0x1f, 0x8b]);
    let text: Box<dyn std::io::BufRead> = if is_compressed {
        Box::new(BufReader::new(MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    let mut reading = Reading::default();
    for (line, text) in (1..).zip(text.lines()) {
        reading.take(line, &text.map_err(io)?);
        if reading.faults.len() >= store_core::policy::FAULTS_MAX {
            break;
        }
    }
    if !reading.faults.is_empty() {
        let faults = reading.faults;
        return Err(PromotionFileError::Faulty { file: path.to_owned(), faults });
    }
    let promotions = reading.promotions.into_values().collect();
    Ok(Offered {
        set: PromotionSet::new(promotions, Policy::Best, None),
        prices: reading.prices,
        features: reading.features,
    })
}

#[derive(Default)]
struct Reading {
    promotions: BTreeMap<PromotionId, Promotion>,
    prices: RecordedPrices,
    features: u64,
    faults: Vec<FileFault>,
}

impl Reading {
    fn take(&mut self, line: u64, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let taken = serde_json::from_str(text)
            .map_err(|error| error.to_string())
            .and_then(|fact: Fact| self.fact(&fact));
        if let Err(reason) = taken {
            let place = Place::Line(line);
            let fault = Fault { part: Part::Promotions, place, code: "bad_fact", reason };
            self.faults.push(FileFault { line: None, fault });
        }
    }

    fn fact(&mut self, fact: &Fact) -> Result<(), String> {
        let missing = |name: &str| format!("it has no {name}, or one that cannot be");
        let when = Some(fact.week).filter(|week| (1..=WEEK_MAX).contains(week)).and_then(days_of);
        let when = when.ok_or_else(|| missing("week"))?;
        let item = ItemId::new(&fact.item.to_string()).map_err(|error| error.to_string())?;
        let store = fact.store.map(|store| StoreId::new(&store.to_string())).transpose();
        let store = store.map_err(|error| error.to_string())?;
        match fact.kind {
            Kind::Feature => {
                self.features += 1;
                return Ok(());
            }
            Kind::ShelfPrice => {
                let price = fact.price.filter(|price| *price >= 0);
                let price = price.ok_or_else(|| missing("price"))?;
                self.prices.0.entry((fact.week, item)).or_default().insert(store, price);
                return Ok(());
            }
            _ => {}
        }
        let (rule, name) = rule_of(fact, &item).ok_or_else(|| missing("price"))?;
        let who = if fact.kind == Kind::NoPromo { Who::Everyone } else { Who::Members(Vec::new()) };
        let width = store.as_ref().map_or("chain".to_owned(), ToString::to_string);
        let id = format!("w{:02}-{item}-{width}-{}", fact.week, fact.kind.word());
        let id = PromotionId::new(&id).map_err(|error| error.to_string())?;
        let replaces = if store.is_some() { Replaces::Wider } else { Replaces::Nothing };
        if fact.kind == Kind::NoPromo && store.is_none() {
            return Err(missing("store"));
        }
        let stores = store.into_iter().collect();
        let promotion = Promotion {
            id: id.clone(),
            name,
            rule,
            when,
            place: rule::Place { stores, ..rule::Place::default() },
            who,
            coupon: None,
            tenders: Vec::new(),
            limits: Limits::default(),
            cap: None,
            cost_points: 0,
            combine: Combine::Alone,
            class: None,
            replaces,
            priority: 0,
        };
        match self.promotions.insert(id, promotion) {
            None => Ok(()),
            Some(_) => Err("the same is said twice".to_owned()),
        }
    }
}

/// What a fact does to its item, and what it is called.
fn rule_of(fact: &Fact, item: &ItemId) -> Option<(Rule, Text)> {
    let items = Selector { items: vec![item.clone()], ..Selector::default() };
    let each = |award| {
        let tiers = vec![UnitTier { from: 1, award }];
        Rule::Each(Each { items: items.clone(), tiers, spend: None })
    };
    let group = |count, award| {
        let slot = Slot { items: items.clone(), count, award: None, reusable: false };
        Rule::Group(Group {
            slots: vec![slot],
            award,
            same_item: false,
            favour: rule::Favour::Customer,
            carried_by: rule::CarriedBy::All,
            spend: None,
        })
    };
    let name = |zh: String, en: String| Text { zh: Arc::from(zh), en: Arc::from(en) };
    let money =
        |minor: i64| store_core::Money::from_minor(minor, CURRENCY).ok().map(|m| m.amount());
    let whole = |count: Option<u32>| count.filter(|count| (1..=100).contains(count));
    Some(match fact.kind {
        Kind::MemberPrice => {
            let price = fact.price.filter(|price| *price >= 0)?;
            let shown = money(price)?;
            let name = name(format!("會員價 {shown}"), format!("Member price {shown}"));
            (each(UnitAward::Price(price)), name)
        }
        Kind::MemberOff => {
            let off = fact.off.filter(|off| *off > 0)?;
            let shown = money(off)?;
            let name = name(format!("會員折 {shown}"), format!("Members {shown} off"));
            (each(UnitAward::AmountOff(off)), name)
        }
        Kind::MemberPct => {
            let percent = whole(fact.pct)?;
            let name = name(format!("會員減 {percent}%"), format!("Members {percent} % off"));
            (each(UnitAward::PercentOff(BasisPoints(percent * 100))), name)
        }
        Kind::Bogo => {
            let (buy, free) = (whole(fact.buy)?, whole(fact.free)?);
            let name = name(format!("買 {buy} 送 {free}"), format!("Buy {buy}, get {free} free"));
            let award = UnitAward::PercentOff(BasisPoints(10_000));
            (group(buy + free, GroupAward::Cheapest { count: free, award }), name)
        }
        Kind::Multibuy => {
            let (buy, price) = (whole(fact.buy)?, fact.together.filter(|price| *price >= 0)?);
            let shown = money(price)?;
            let name = name(format!("{buy} 件 {shown}"), format!("{buy} for {shown}"));
            (group(buy, GroupAward::Price(price)), name)
        }
        Kind::NoPromo => {
            let name = name("本店無此活動".to_owned(), "Not in this store".to_owned());
            (Rule::NoPromotion(items), name)
        }
        Kind::ShelfPrice | Kind::Feature => return None,
    })
}
