//! A receipt that a customer opens by its code: at an address that nobody can guess, without a
//! session, and nothing but that receipt.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use service_kit::http::caller::Caller;
use service_kit::http::guard;
use service_kit::language::Language;
use store_core::TransactionId;
use store_core::fact::{CommittedFact, Fact};
use store_core::receipt::{
    Align, COLUMN_DOTS, Element, ReceiptDocument, ReceiptLanguage, Row, Symbol, TextSize,
};
use store_journal::{LedgerReads as _, ReadError};
use utoipa::ToSchema;

use super::authority::escaped;
use super::openapi;
use crate::store::Store;
use crate::text;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// Dots of a module on a screen, where there is room.
const MODULE_DOTS: u8 = 4;

/// Which language the receipt is read in.
#[derive(Deserialize)]
pub struct Reading {
    language: Option<ReceiptLanguage>,
}

/// Where a customer reads a receipt.
#[derive(Serialize, ToSchema)]
pub struct Online {
    /// The address, as this browser reaches the hub.
    address: String,
    /// The same as a QR code.
    #[schema(value_type = openapi::Symbol)]
    symbol: Symbol,
}

/// Where a sale's receipt is read; nothing where receipts are not shown online,
/// or the sale was made in training.
#[must_use]
pub fn of(store: &Store, request: &HttpRequest, transaction: TransactionId) -> Option<Online> {
    if store.settings.online_receipt_days == 0 || store.is_training {
        return None;
    }
    let scheme = if Caller::of(request).is_secure { "https" } else { "http" };
    let host = guard::authority_of(request)?;
    let token = store.receipts.keys.token(transaction);
    let address = format!("{scheme}://{host}/r/{token}");
    let qr = Element::Qr { text: address.clone(), module_dots: MODULE_DOTS };
    let rows = ReceiptDocument::new(vec![qr]).rows(store.settings.printer.columns);
    rows.into_iter().find_map(|row| match row {
        Row::Symbol(symbol) => Some(Online { address: address.clone(), symbol }),
        _ => None,
    })
}

/// The receipt as a page.
#[get("/r/{token}")]
pub async fn receipt(
    store: web::Data<Store>,
    request: HttpRequest,
    token: web::Path<String>,
    reading: web::Query<Reading>,
) -> HttpResponse {
    let language = wished(&request, reading.language);
    let now = store.clock.now(None);
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let caller = Caller::of(&request).address.unwrap_or(unknown);
    if !store.online_rate.admits(caller, now.monotonic_ms) {
        return told(StatusCode::TOO_MANY_REQUESTS, language, "too_many_requests");
    }
    let Some(transaction) = store.receipts.keys.transaction_of(&token) else {
        return told(StatusCode::NOT_FOUND, language, "receipt_gone");
    };
    let read = store.reader.read(move |reader| {
        Ok::<_, ReadError>((reader.transaction(transaction)?, reader.post_void(transaction)?))
    });
    let (row, post_void) = match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => {
            tracing::error!(%error, "reading a receipt for its customer");
            return told(StatusCode::SERVICE_UNAVAILABLE, language, "journal_failed");
        }
        Err(_) => return told(StatusCode::SERVICE_UNAVAILABLE, language, "stopping"),
    };
    let days = i64::from(store.settings.online_receipt_days);
    let is_shown = |row: &CommittedFact| {
        now.wall.as_millisecond() < row.now.wall.as_millisecond() + days * DAY_MS
    };
    let Some(CommittedFact { fact: Fact::SaleCompleted(sale), .. }) = row.filter(is_shown) else {
        return told(StatusCode::NOT_FOUND, language, "receipt_gone");
    };
    let document = store.receipts.read_in(&sale, language, post_void.is_some());
    let rows = document.rows(store.settings.printer.columns);
    answer(StatusCode::OK, page(language, &paper(&rows, language), true))
}

fn wished(request: &HttpRequest, asked: Option<ReceiptLanguage>) -> ReceiptLanguage {
    asked.unwrap_or_else(|| match service_kit::http::problem::language(request) {
        Language::ZhTw => ReceiptLanguage::ZhTw,
        Language::En => ReceiptLanguage::En,
    })
}

fn told(status: StatusCode, language: ReceiptLanguage, code: &str) -> HttpResponse {
    let spoken = match language {
        ReceiptLanguage::ZhTw => Language::ZhTw,
        ReceiptLanguage::En => Language::En,
    };
    let sentence = text::sentences().sentence(spoken, code, &std::collections::BTreeMap::new());
    let body = format!("<p class=\"online-told\" data-code=\"{code}\">{}</p>", escaped(&sentence));
    answer(status, page(language, &body, false))
}

fn answer(status: StatusCode, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((VARY, "Accept-Language"))
        .insert_header((ROBOTS, "noindex"))
        .body(page)
}

fn page(language: ReceiptLanguage, body: &str, has_switch: bool) -> String {
    let (tag, title, other, other_tag) = match language {
        ReceiptLanguage::ZhTw => ("zh-TW", "電子收據", "English", "en"),
        ReceiptLanguage::En => ("en", "Receipt", "中文", "zh-TW"),
    };
    let switch = format!("<a href=\"?language={other_tag}\" lang=\"{other_tag}\">{other}</a>");
    let switch = if has_switch { switch.as_str() } else { "" };
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/ui/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/ui/style/base.css\">\n\
         <link rel=\"stylesheet\" href=\"/ui/style/paper.css\">\n</head>\n\
         <body class=\"online\">\n<header><h1>{title}</h1>{switch}</header>\n\
         <main>{body}</main>\n</body>\n</html>\n"
    )
}

/// The rows as the page's own `paper.js` shows them.
fn paper(rows: &[Row], language: ReceiptLanguage) -> String {
    let mut out = "<pre class=\"receipt-paper\" tabindex=\"0\"><span class=\"paper\">".to_owned();
    for row in rows {
        match row {
            Row::Text { text, align, is_bold, size } => {
                let align = match align {
                    Align::Left => "left",
                    Align::Centre => "centre",
                    Align::Right => "right",
                };
                let size = if *size == TextSize::Double { " double" } else { "" };
                let bold = if *is_bold { " bold" } else { "" };
                let text = escaped(text);
                let classes = format!("paper-row {align}{size}{bold}");
                // Writing to a text cannot fail.
                let _ = write!(out, "<span class=\"{classes}\">{text}\n</span>");
            }
            Row::Symbol(symbol) => drawn(&mut out, symbol, language),
            Row::Rule => out.push_str("<span class=\"paper-rule\"></span>"),
            Row::Blank => out.push_str("<span class=\"paper-row\"> \n</span>"),
            Row::Cut | Row::DrawerPulse => {}
        }
    }
    out.push_str("</span></pre>");
    out
}

fn drawn(out: &mut String, symbol: &Symbol, language: ReceiptLanguage) {
    let label = match language {
        ReceiptLanguage::ZhTw => "條碼",
        ReceiptLanguage::En => "Code for scanning",
    };
    let across = symbol.cells.first().map_or(0, String::len);
    let hundredths = symbol.width_dots() * 100 / COLUMN_DOTS;
    let (width, height) = (symbol.width_dots(), symbol.height_dots());
    let _ = write!(
        out,
        "<svg class=\"paper-symbol\" width=\"{}.{:02}ch\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"{label}\"><path fill=\"currentColor\" d=\"",
        hundredths / 100,
        hundredths % 100,
    );
    let (cell_width, cell_height) =
        (usize::from(symbol.cell_width_dots), usize::from(symbol.cell_height_dots));
    for (y, cells) in symbol.cells.iter().enumerate() {
        debug_assert_eq!(cells.len(), across);
        for (x, _) in cells.bytes().enumerate().filter(|(_, cell)| *cell == b'1') {
            let (x, y) = (x * cell_width, y * cell_height);
            let _ = write!(out, "M{x} {y}h{cell_width}v{cell_height}h-{cell_width}z");
        }
    }
    out.push_str("\"/></svg>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_part_of_the_page() {
        let text = "<script>alert(\"1\")</script>&".to_owned();
        let row = Row::Text { text, align: Align::Centre, is_bold: true, size: TextSize::Double };
        let page = paper(&[row, Row::Rule], ReceiptLanguage::En);
        assert!(page.contains("centre double bold\">&lt;script&gt;alert(&quot;1&quot;)"), "{page}");
        assert!(!page.contains("<script"));
    }

    #[test]
    fn a_code_is_drawn_cell_by_cell_in_the_printers_dots() {
        let symbol =
            Symbol { cells: vec!["010".to_owned()], cell_width_dots: 2, cell_height_dots: 48 };
        let page = paper(&[Row::Symbol(symbol.clone())], ReceiptLanguage::En);
        assert!(page.contains("width=\"0.50ch\" viewBox=\"0 0 6 48\""), "{page}");
        assert!(page.contains("d=\"M2 0h2v48h-2z\""), "{page}");
        assert!(page.contains("role=\"img\" aria-label=\"Code for scanning\""), "{page}");
        let page = paper(&[Row::Symbol(symbol)], ReceiptLanguage::ZhTw);
        assert!(page.contains("aria-label=\"條碼\""), "{page}");
    }
}
