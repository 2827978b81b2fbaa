//! What the store sells.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use store_core::catalogue::Item;
use store_core::{ItemId, Money, Unit};

use crate::access::{Manager, Session};
use crate::http::problem::Problem;
use crate::store::Store;

/// Most items that one search answers: more than a screen shows.
const SEARCH_LIMIT_MAX: usize = 50;

/// Longest text that is searched for.
const SEARCH_CHARS_MAX: usize = 64;

/// What is searched for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// A part of the name, or the beginning of a code.
    search: String,
    /// How many items at most.
    limit: Option<usize>,
}

impl Search {
    /// The text, cut to what is searched for.
    pub(super) fn text(&self) -> &str {
        let text = self.search.trim();
        let end = text.char_indices().nth(SEARCH_CHARS_MAX).map_or(text.len(), |(at, _)| at);
        &text[..end]
    }

    /// How many items are answered.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(SEARCH_LIMIT_MAX).min(SEARCH_LIMIT_MAX)
    }
}

#[derive(Debug, Serialize)]
struct ItemView<'a> {
    item: &'a ItemId,
    code: String,
    description: &'a str,
    department: &'a str,
    unit: Unit,
    price: Option<Money>,
}

fn item_view<'a>(item: &'a Item, today: jiff::civil::Date) -> ItemView<'a> {
    ItemView {
        item: &item.id,
        code: item.main_code(),
        description: &item.description,
        department: &item.department,
        unit: item.unit,
        price: item.price_on(today),
    }
}

/// Items by name or code.
#[get("/items")]
pub async fn search(
    store: web::Data<Store>,
    _session: Session,
    query: web::Query<Search>,
) -> HttpResponse {
    let catalogue = store.shelf.catalogue();
    let today = store.day_in_force();
    let found = catalogue.search(query.text(), query.limit());
    let views: Vec<ItemView<'_>> = found.iter().map(|item| item_view(item, today)).collect();
    HttpResponse::Ok().json(views)
}

/// The item with this code.
///
/// # Errors
/// `unknown_barcode`.
#[get("/items/by-code/{code}")]
pub async fn by_code(
    store: web::Data<Store>,
    request: HttpRequest,
    _session: Session,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let catalogue = store.shelf.catalogue();
    let found = catalogue
        .find(&code, &store.rules.layouts)
        .map_err(|refusal| Problem::refused(&request, &refusal))?;
    Ok(HttpResponse::Ok().json(item_view(found.item, store.day_in_force())))
}

#[derive(Debug, Serialize)]
struct Imported {
    items: usize,
    digest: String,
}

/// Replaces the catalogue by a CSV file; a file with one bad row changes nothing.
///
/// # Errors
/// `bad_catalogue` with line and reason.
#[put("/catalogue")]
pub async fn replace_catalogue(
    store: web::Data<Store>,
    request: HttpRequest,
    manager: Manager,
    csv: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let catalogue = crate::catalogue::replace_live(&store, csv).await;
    let catalogue = catalogue.map_err(|error| Problem::import(&request, &error))?;
    tracing::info!(operator = %manager.0.operator, items = catalogue.len(), "catalogue replaced");
    let body = Imported { items: catalogue.len(), digest: catalogue.digest().to_string() };
    Ok(HttpResponse::Ok().json(body))
}
