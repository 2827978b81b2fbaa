//! The real trade's own format.

use jiff::civil::Time;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use serde::Deserialize;
use store_core::StoreId;

use super::{FileBasket, FileFormat, FileLine, FileTime, Name};
use crate::replay::plan::TENDER_CASH;

#[derive(Deserialize)]
struct Basket {
    basket: Name,
    store: Name,
    time: String,
    member: Option<Name>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    item: Name,
    ean: Option<Name>,
    qty: i64,
    reg: i64,
    #[serde(default)]
    disc: i64,
    #[serde(rename = "match", default)]
    matched: i64,
    net: i64,
    #[serde(default)]
    coupon: i64,
    scan: Option<Vec<String>>,
    kind: Option<String>,
}

pub(super) fn parse(text: &str) -> Result<FileBasket, String> {
    let basket: Basket = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let store = basket.store.into_text();
    Ok(FileBasket {
        file_line: 0,
        store: StoreId::new(&store).map_err(|fault| format!("store `{store}`: {fault}"))?,
        key: basket.basket.into_text(),
        time: time(&basket.time).ok_or_else(|| format!("`{}` is not a time", basket.time))?,
        // The file says what was paid and not how.
        tender: TENDER_CASH,
        member: basket.member.map(Name::into_text),
        lines: basket.lines.into_iter().map(Line::checked).collect::<Result<_, _>>()?,
    })
}

fn time(text: &str) -> Option<FileTime> {
    written_time(text, &TimeZone::get(FileFormat::Derived.zone()).ok()?)
}

/// A moment as somebody wrote it; without an offset it is the zone's.
#[must_use]
pub fn written_time(text: &str, zone: &TimeZone) -> Option<FileTime> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let offset = match pieces.to_numeric_offset() {
        Some(offset) => offset,
        None => zone.to_offset(zone.to_ambiguous_timestamp(local).compatible().ok()?),
    };
    let instant = offset.to_timestamp(local).ok()?;
    Some(FileTime { instant, utc_offset_s: offset.seconds() })
}

impl Line {
    fn checked(self) -> Result<FileLine, String> {
        let item = self.item.into_text();
        let parts = self.net.checked_add(self.disc).and_then(|sum| sum.checked_add(self.matched));
        if parts != Some(self.reg) {
            return Err(format!("item {item}: `reg` is not `net` + `disc` + `match`"));
        }
        let is_return = self.reg < 0 || (self.reg == 0 && self.qty < 0);
        let reason = self.kind.filter(|kind| kind == "void").unwrap_or("refund".to_owned());
        Ok(FileLine {
            item,
            ean: self.ean.map(Name::into_text).filter(|ean| !ean.is_empty()),
            quantity: self.qty,
            reg: self.reg,
            disc: self.disc,
            matched: self.matched,
            net: self.net,
            coupon: self.coupon,
            labels: self.scan.unwrap_or_default(),
            return_reason: is_return.then_some(reason),
        })
    }
}
