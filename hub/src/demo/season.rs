//! What the stores of the demonstration sell: six weeks of the synthetic year of `tests/data/sim`,
//! two for each store, and its catalogue, made by grocery-sim 0.1.7, under the MIT licence; and the
//! promotions that headquarters has in force for them.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use service_kit::exit::{self, ExitCode, Failure};
use store_core::catalogue::{Catalogue, import};
use store_core::{Currency, StoreId};

use super::office::Office;
use super::place::Place;
use super::shops::{CREW, REGISTERS, SHOPS};
use crate::replay::ReplayError;
use crate::replay::catalogue::PriceList;
use crate::replay::command::failed;
use crate::replay::file::{FileBasket, FileFormat, FileReader, FileTime};
use crate::replay::headquarters::Headquarters;
use crate::replay::here::{Here, Links};
use crate::replay::journals::JournalsHere;
use crate::replay::run::{HostError, SellOptions, Trade, sell};

/// Where the stores are.
pub const ZONE: &str = FileFormat::Synthetic.zone();
/// What they are paid in.
pub const CURRENCY: Currency = FileFormat::Synthetic.currency();
/// Days of trade that each store has of its own.
const DAYS_EACH: i64 = 14;

const CATALOGUE: &str = include_str!("../../assets/demo-chain.csv");
const TRADE: &[u8] = include_bytes!("../../assets/demo-trade.jsonl.gz");
const PROMOTIONS: &str = include_str!("../../assets/demo-promotions.toml");
/// What an error names.
const TRADE_NAME: &str = "demo-trade.jsonl.gz";

/// The catalogue of every store.
///
/// # Errors
/// [`Failure`]: it does not parse.
pub fn catalogue() -> Result<Arc<Catalogue>, Failure> {
    let parsed = import(CATALOGUE.as_bytes(), CURRENCY);
    parsed.map(Arc::new).map_err(|error| unusable("the demonstration's catalogue", &error))
}

/// The same as whoever enters baskets knows it.
///
/// # Errors
/// [`Failure`]: it does not parse.
pub fn prices() -> Result<PriceList, Failure> {
    let read = PriceList::read(CATALOGUE.as_bytes());
    read.map_err(|(line, reason)| {
        let text = format!("the demonstration's catalogue, line {line}: {reason}");
        Failure::new(ExitCode::Software, text)
    })
}

fn unusable(what: &str, error: &dyn std::error::Error) -> Failure {
    Failure::because(ExitCode::Software, what, error)
}

/// The fortnight of trade of one store, the first being 0, in the order in which it was sold.
///
/// # Errors
/// [`Failure`]: it does not parse.
pub fn fortnight(store: usize) -> Result<Vec<FileBasket>, Failure> {
    let read = || -> Result<Vec<FileBasket>, ReplayError> {
        FileReader::over(Path::new(TRADE_NAME), Box::new(Cursor::new(TRADE)))?.collect()
    };
    let baskets = read().map_err(|error| failed(&error))?;
    let Some(first) = baskets.first().map(|basket| day_of(basket.time)) else {
        return Ok(Vec::new());
    };
    let days = i64::try_from(store).unwrap_or(i64::MAX).saturating_mul(DAYS_EACH);
    let is_own = |basket: &FileBasket| {
        let day = days_between(first, day_of(basket.time));
        (days..days.saturating_add(DAYS_EACH)).contains(&day)
    };
    Ok(baskets.into_iter().filter(is_own).collect())
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

fn day_of(time: FileTime) -> Date {
    zone().to_datetime(time.instant).date()
}

fn days_between(first: Date, second: Date) -> i64 {
    i64::from((second - first).get_days())
}

/// A store's trade of the seven days before a moment and of its day so far: each day as the same
/// weekday of the fortnight, the present one as that of its second week.
#[must_use]
pub fn week_before(fortnight: &[FileBasket], store: &StoreId, now: &Zoned) -> Vec<FileBasket> {
    let Some(first) = fortnight.first().map(|basket| day_of(basket.time)) else {
        return Vec::new();
    };
    let mut of_hour: HashMap<(Date, i8), i64> = HashMap::new();
    for basket in fortnight {
        *of_hour.entry((day_of(basket.time), basket.time.hour())).or_default() += 1;
    }
    let mut sold = Vec::new();
    for days_ago in (0..=7).rev() {
        let Ok(day) = now.date().checked_sub(days_ago.days()) else { continue };
        let weekday = i64::from(day.weekday().to_monday_zero_offset());
        let source = if days_ago == 0 { weekday + 7 } else { weekday };
        let mut nth: HashMap<i8, i64> = HashMap::new();
        let of_day = |basket: &&FileBasket| days_between(first, day_of(basket.time)) == source;
        for basket in fortnight.iter().filter(of_day) {
            let hour = basket.time.hour();
            let count = of_hour.get(&(day_of(basket.time), hour)).copied().unwrap_or(1);
            let position = nth.entry(hour).or_default();
            // Spread evenly over the hour that is written.
            *position += 1;
            let second = 3600 * *position / (count + 1);
            let Some(time) = time_of(day, hour, second) else { continue };
            if time.instant < now.timestamp() {
                let key = format!("{day}/{}", sold.len());
                sold.push(FileBasket { store: store.clone(), key, time, ..basket.clone() });
            }
        }
    }
    sold
}

fn time_of(day: Date, hour: i8, second: i64) -> Option<FileTime> {
    let within = |value: i64| i8::try_from(value).ok();
    let local = day.at(hour, within(second / 60)?, within(second % 60)?, 0);
    let zone = zone();
    let instant = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(FileTime { instant, utc_offset_s: zone.to_offset(instant).seconds() })
}

/// Links the stores under their own names.
struct OwnNames(Arc<Office>);

impl Links for OwnNames {
    fn link_file(&self, store: &StoreId) -> Result<PathBuf, HostError> {
        let shop = SHOPS.iter().find(|shop| shop.id == store.as_str());
        let (name, region) = shop.map_or((store.as_str(), ""), |shop| (shop.name, shop.region));
        self.0.enrol(store, name, region)
    }

    fn headquarters(&self) -> &Headquarters {
        self.0.headquarters()
    }
}

/// Puts the promotions in force before anything is sold, once: each store is enrolled first, for a
/// limit of the chain is dealt out to those that there are.
///
/// # Errors
/// [`Failure`]: headquarters does not take them.
pub fn begin_promotions(office: &Office) -> Result<(), Failure> {
    for shop in &SHOPS {
        let enrolled = office.enrol(&shop.store()?, shop.name, shop.region);
        enrolled.map_err(|error| unusable("enrolling a store", &*error))?;
    }
    // Before the first hour that is sold.
    let since = Timestamp::now().checked_sub((8 * 24).hours()).unwrap_or_default();
    office.push_once("promotions.toml", PROMOTIONS, CURRENCY, since)
}

/// Sells the week before the first day, so that there is something to compare it with; once.
///
/// # Errors
/// [`Failure`]: what could not be opened or sold.
pub fn sell_last_week(place: &Place, office: &Arc<Office>) -> Result<(), Failure> {
    if place.has_last_week() {
        return Ok(());
    }
    exit::note("demo: selling the week before today; once, a few seconds");
    let now = Zoned::now().with_time_zone(zone());
    let mut baskets = Vec::new();
    for (index, shop) in SHOPS.iter().enumerate() {
        baskets.extend(week_before(&fortnight(index)?, &shop.store()?, &now));
    }
    let trade = Trade::new(Path::new(TRADE_NAME), FileFormat::Synthetic, prices()?, baskets);
    let how = SellOptions {
        registers: REGISTERS,
        answered: None,
        repeat: None,
        follows_prices: true,
        begun: Instant::now(),
    };
    let here = Here::selling(catalogue()?, place.directory(), false)
        .map_err(|error| unusable("opening the stores", &*error))?
        .with_crew(CREW)
        .linked_by(Some(Arc::new(OwnNames(office.clone()))));
    let sold = sell(&trade, &how, &here, &JournalsHere, None);
    // How many were opened is of no interest.
    let _ = here.stop();
    for refused in sold.map_err(|error| failed(&error))?.refused {
        exit::note(&format!("demo: {refused}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_store_has_a_fortnight_that_begins_on_a_monday() {
        for store in 0..SHOPS.len() {
            let fortnight = fortnight(store).unwrap();
            let first = day_of(fortnight[0].time);
            assert_eq!(first.weekday().to_monday_zero_offset(), 0, "{first}");
            let days: std::collections::BTreeSet<_> =
                fortnight.iter().map(|basket| day_of(basket.time)).collect();
            assert_eq!(days.len(), 14);
        }
        assert_eq!(fortnight(SHOPS.len()).unwrap(), []);
    }

    #[test]
    fn the_week_before_ends_now_and_keeps_hours_and_weekdays() {
        let now: Zoned = "2026-03-31T12:30:00+02:00[Europe/Berlin]".parse().unwrap();
        let store = StoreId::new("mitte").unwrap();
        let fortnight = fortnight(0).unwrap();
        let sold = week_before(&fortnight, &store, &now);
        let days: std::collections::BTreeSet<_> =
            sold.iter().map(|basket| day_of(basket.time).to_string()).collect();
        assert_eq!(days.first().unwrap(), "2026-03-24");
        assert_eq!(days.last().unwrap(), "2026-03-31");
        assert_eq!(days.len(), 8, "the hour that summer time left out was nobody's");
        assert!(sold.iter().all(|basket| basket.time.instant < now.timestamp()));
        assert!(sold.is_sorted_by_key(|basket| basket.time.instant));
        let hours = |baskets: &[FileBasket], date: &str| -> Vec<i8> {
            let of_day = baskets.iter().filter(|it| day_of(it.time).to_string() == date);
            of_day.map(|basket| basket.time.hour()).collect()
        };
        assert_eq!(hours(&sold, "2026-03-24"), hours(&fortnight, "2025-01-07"), "a Tuesday");
        let keys: std::collections::HashSet<_> = sold.iter().map(|basket| &basket.key).collect();
        assert_eq!(keys.len(), sold.len());
    }
}
