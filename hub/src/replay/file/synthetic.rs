//! The synthetic year's own format: one store, one tender a receipt, times to the hour.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use store_core::StoreId;

use super::tenders::tender_type;
use super::{FileBasket, FileFormat, FileLine, FileTime, Name};

/// The one store of the year has no name of its own.
const STORE: &str = "1";

#[derive(Deserialize)]
struct Receipt {
    receipt: Name,
    date: Date,
    hour: i8,
    tender: String,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    item: Name,
    ean: Option<String>,
    qty: i64,
    price: i64,
    kind: Option<String>,
}

pub(super) fn parse(text: &str) -> Result<FileBasket, String> {
    let receipt: Receipt = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    // Receipts are numbered anew every day.
    let key = format!("{}/{}", receipt.date, receipt.receipt.into_text());
    Ok(FileBasket {
        file_line: 0,
        store: StoreId::new(STORE).map_err(|fault| fault.to_string())?,
        key,
        time: time(receipt.date, receipt.hour)?,
        tender: tender_type(&receipt.tender)?,
        member: None,
        lines: receipt.lines.into_iter().map(Line::checked).collect::<Result<_, _>>()?,
    })
}

fn time(date: Date, hour: i8) -> Result<FileTime, String> {
    if !(0..24).contains(&hour) {
        return Err(format!("{hour} is not an hour"));
    }
    let zone = TimeZone::get(FileFormat::Synthetic.zone()).map_err(|fault| fault.to_string())?;
    let local = date.at(hour, 0, 0, 0);
    let instant =
        zone.to_ambiguous_timestamp(local).compatible().map_err(|fault| fault.to_string())?;
    Ok(FileTime { instant, utc_offset_s: zone.to_offset(instant).seconds() })
}

impl Line {
    fn checked(self) -> Result<FileLine, String> {
        let item = self.item.into_text();
        let Some(amount) = self.qty.checked_mul(self.price) else {
            return Err(format!("item {item}: the amount is too large"));
        };
        let is_return = amount < 0 || (amount == 0 && self.qty < 0);
        Ok(FileLine {
            item,
            ean: self.ean.filter(|ean| !ean.is_empty()),
            quantity: self.qty,
            reg: amount,
            net: amount,
            return_reason: is_return.then(|| self.kind.unwrap_or("refund".to_owned())),
            ..FileLine::default()
        })
    }
}
