//! The electronic journal: any receipt of the store, found by what is known of it.

use actix_web::{HttpRequest, HttpResponse, get, web};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use store_core::{BusinessDay, Money, OperatorId, TransactionId, TransactionNumber, WorkstationId};
use store_journal::{CARD_DIGITS, FoundReceipt, LedgerReads as _, ReceiptQuery};
use utoipa::{IntoParams, ToSchema};

use crate::access::MayReadJournal;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// Receipts of one answer: more than a screen shows.
const PAGE: usize = 50;

/// What is known of a receipt; all that is said has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Its number, alone or as it is printed: `42`, `1-42`.
    #[param(nullable = false)]
    number: Option<String>,
    /// The signed code that stands on it, as a scanner reads it: `RC1:…`.
    #[param(nullable = false, max_length = 335)]
    code: Option<String>,
    /// An item on it: its id, or the code that was read.
    #[param(nullable = false, max_length = 64)]
    item: Option<String>,
    /// What it came to, as a decimal text.
    #[param(nullable = false)]
    amount: Option<String>,
    /// The last four digits of a card that paid for it.
    #[param(nullable = false, pattern = "^[0-9]{4}$")]
    card: Option<String>,
    /// Not completed before this moment: RFC 3339, or without an offset on the wall of the store.
    #[param(nullable = false)]
    from: Option<String>,
    /// Completed before this moment, said in the same way.
    #[param(nullable = false)]
    to: Option<String>,
    /// Who sold.
    #[param(nullable = false, value_type = Option<String>)]
    operator: Option<OperatorId>,
    /// `next` of the answer before: goes on from there.
    #[param(nullable = false)]
    cursor: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct ReceiptsPage {
    /// The newest first.
    receipts: Vec<ReceiptEntry>,
    /// The cursor of the next page; none where there is nothing more.
    next: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct ReceiptEntry {
    /// The sale.
    #[schema(value_type = openapi::Id)]
    transaction_id: TransactionId,
    /// Its register.
    #[schema(value_type = openapi::TextId)]
    workstation: WorkstationId,
    /// The printed number.
    #[schema(value_type = u64)]
    number: TransactionNumber,
    /// Who sold.
    #[schema(value_type = openapi::TextId)]
    operator: OperatorId,
    /// The day that it is booked on.
    #[schema(value_type = String, format = "date")]
    business_day: BusinessDay,
    /// When it was completed, with the store's offset.
    completed: String,
    /// What it came to.
    #[schema(value_type = openapi::Money)]
    total: Money,
    /// How many lines it has.
    lines: u32,
    /// Whether the sale was undone.
    is_undone: bool,
}

impl ReceiptEntry {
    fn of(found: FoundReceipt) -> Self {
        Self {
            completed: moment(found.wall_ms, found.utc_offset_s),
            transaction_id: found.transaction,
            workstation: found.workstation,
            number: found.number,
            operator: found.operator,
            business_day: found.business_day,
            total: found.total,
            lines: found.lines,
            is_undone: found.is_undone,
        }
    }
}

/// A moment as RFC 3339 with its offset.
fn moment(wall_ms: i64, utc_offset_s: i32) -> String {
    let wall = Timestamp::from_millisecond(wall_ms).unwrap_or_default();
    let offset = Offset::from_seconds(utc_offset_s).unwrap_or(Offset::UTC);
    let local: Zoned = wall.to_zoned(offset.to_time_zone());
    local.timestamp().display_with_offset(offset).to_string()
}

/// Finds receipts of the store, the newest first, 50 at once.
///
/// # Errors
/// `malformed` where something is no number, amount or moment; `not_our_receipt` where a code is
/// not this store's.
#[utoipa::path(
    tag = "receipts",
    params(
        Wanted,
        ("approval" = Option<String>, Header, description = "The token of an approval"),
    ),
    responses((status = 200, description = "The receipts that fit", body = ReceiptsPage)),
    extensions(("x-problem-codes" = json!([
        "malformed", "not_our_receipt", "permission_needed", "journal_failed",
    ]))),
)]
#[get("/receipts")]
pub async fn receipts(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayReadJournal,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let store = training::here(&store, &may.session);
    let wanted = wanted.into_inner();
    let code = wanted.code.as_deref().map(|code| store.receipts.keys.read(code)).transpose();
    let code = code.map_err(|_| Problem::plain(&request, "not_our_receipt"))?;
    let query = wanted.query(&store).map_err(|field| {
        Problem::malformed(&request, &format!("{field} cannot be what is looked for"))
    })?;
    let query = ReceiptQuery { transaction: code.map(|code| code.transaction), ..query };
    let read = store.reader.read(move |reader| reader.receipts(&query));
    let found = read.await.map_err(|_| Problem::stopping(&request))?;
    let found = found.map_err(|error| Problem::reading(&request, &error))?;
    let next = found.last().filter(|_| found.len() == PAGE).map(|last| last.position);
    let receipts = found.into_iter().map(ReceiptEntry::of).collect();
    Ok(HttpResponse::Ok().json(ReceiptsPage { receipts, next }))
}

impl Wanted {
    /// What the journal is asked; the field that makes no sense otherwise.
    fn query(self, store: &Store) -> Result<ReceiptQuery, &'static str> {
        let (workstation, number) = self.number.as_deref().map_or(Ok((None, None)), numbered)?;
        let currency = store.settings.store.currency;
        let total = self.amount.map(|amount| Money::parse(amount.trim(), currency));
        let total = total.transpose().map_err(|_| "amount")?;
        let is_card = |card: &String| {
            card.len() == CARD_DIGITS && card.bytes().all(|byte| byte.is_ascii_digit())
        };
        if self.card.as_ref().is_some_and(|card| !is_card(card)) {
            return Err("card");
        }
        let zone = TimeZone::get(&store.settings.store.time_zone).unwrap_or(TimeZone::UTC);
        let instant = |text: Option<String>, field| {
            text.map(|text| instant(&text, &zone).ok_or(field)).transpose()
        };
        Ok(ReceiptQuery {
            transaction: None,
            number,
            workstation,
            item: self.item.map(|item| item.trim().to_owned()),
            total_minor: total.map(Money::minor),
            card: self.card,
            from_ms: instant(self.from, "from")?,
            to_ms: instant(self.to, "to")?,
            operator: self.operator,
            before: self.cursor,
            limit: PAGE,
        })
    }
}

/// A moment in milliseconds since 1970, with its offset or on the wall of the store.
fn instant(text: &str, zone: &TimeZone) -> Option<i64> {
    let at: Option<Timestamp> = text.parse().ok();
    let at = at.or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(zone.to_zoned(local).ok()?.timestamp())
    });
    at.map(Timestamp::as_millisecond)
}

type Numbered = (Option<WorkstationId>, Option<TransactionNumber>);

/// `42`, or with its register `1-42`.
fn numbered(text: &str) -> Result<Numbered, &'static str> {
    let (workstation, number) = match text.trim().rsplit_once('-') {
        Some((workstation, number)) => {
            (Some(WorkstationId::new(workstation).map_err(|_| "number")?), number)
        }
        None => (None, text.trim()),
    };
    // Larger than the journal can count: there is no such receipt, and nothing to be asked.
    let number = number.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok());
    Ok((workstation, Some(TransactionNumber(number.ok_or("number")?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_printed_or_alone() {
        let at = |workstation: &str| WorkstationId::new(workstation).ok();
        let number = |number| Some(TransactionNumber(number));
        assert_eq!(numbered("42"), Ok((None, number(42))));
        assert_eq!(numbered(" 1-42 "), Ok((at("1"), number(42))));
        assert_eq!(numbered("a-b-7"), Ok((at("a-b"), number(7))));
        for bad in ["", "-", "x", "1-", "-5", "1-x", "99999999999999999999"] {
            assert_eq!(numbered(bad), Err("number"), "{bad}");
        }
    }

    #[test]
    fn a_moment_without_an_offset_is_the_stores() {
        let taipei = TimeZone::get("Asia/Taipei").unwrap();
        let ten_ms = Some(1_764_036_000_000);
        assert_eq!(instant("2025-11-25T10:00", &taipei), ten_ms);
        assert_eq!(instant("2025-11-25T10:00:00", &taipei), ten_ms);
        assert_eq!(instant("2025-11-25T02:00:00Z", &taipei), ten_ms);
        assert_eq!(instant("2025-11-25T11:00:00+09:00", &taipei), ten_ms);
        assert_eq!(instant("yesterday", &taipei), None);
    }

    #[test]
    fn a_moment_bears_the_stores_offset() {
        assert_eq!(moment(1_764_036_000_000, 28_800), "2025-11-25T10:00:00+08:00");
    }
}
