//! What the store sells.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use store_core::catalogue::Item;
use store_core::{ItemId, Money, Unit};
use utoipa::{IntoParams, ToSchema};

use crate::access::{MayManagePeople, Session};
use crate::http::problem::Problem;
use crate::http::{input, openapi};
use crate::store::Store;

/// Most items that one search answers: more than a screen shows.
const SEARCH_LIMIT_MAX: usize = 50;

/// Longest text that is searched for.
const SEARCH_CHARS_MAX: usize = 64;

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words of the name in any order, its initials in pinyin or zhuyin, or the beginning of a
    /// code; what is beyond 64 characters is ignored.
    search: String,
    /// How many items at most; there are never more than 50.
    #[param(nullable = false)]
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

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemView {
    /// Its id.
    #[schema(value_type = openapi::TextId)]
    item: ItemId,
    /// The code that finds it first.
    code: String,
    /// Its name.
    #[schema(value_type = String)]
    description: Arc<str>,
    /// Its department.
    #[schema(value_type = String)]
    department: Arc<str>,
    /// What it is counted in.
    #[schema(value_type = openapi::Unit)]
    unit: Unit,
    /// Today's price of one unit, where there is one.
    #[schema(value_type = Option<openapi::Money>)]
    price: Option<Money>,
}

impl ItemView {
    pub(super) fn of(item: &Item, today: jiff::civil::Date) -> Self {
        Self {
            item: item.id.clone(),
            code: item.main_code(),
            description: item.description.clone(),
            department: item.department.clone(),
            unit: item.unit,
            price: item.price_on(today),
        }
    }
}

/// Items by name or code.
#[utoipa::path(
    tag = "items",
    params(Search),
    responses((status = 200, description = "The best first", body = [ItemView])),
)]
#[get("/items")]
pub async fn search(
    store: web::Data<Store>,
    _session: Session,
    query: web::Query<Search>,
) -> HttpResponse {
    let catalogue = store.shelf.catalogue();
    let today = store.day_in_force();
    let found = catalogue.search(query.text(), query.limit());
    let views: Vec<ItemView> = found.iter().map(|item| ItemView::of(item, today)).collect();
    HttpResponse::Ok().json(views)
}

/// The item with this code. Where several have it, all are named in the refusal, with their prices.
///
/// # Errors
/// `unknown_barcode`, `bad_check_digit`, `ambiguous_code`.
#[utoipa::path(
    tag = "items",
    params(("code", description = "A barcode, a PLU or an item's id")),
    responses((status = 200, description = "The item", body = ItemView)),
    extensions(("x-problem-codes" = json!([
        "unknown_barcode", "bad_check_digit", "ambiguous_code",
    ]))),
)]
#[get("/items/by-code/{code}")]
pub async fn by_code(
    store: web::Data<Store>,
    request: HttpRequest,
    _session: Session,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let catalogue = store.shelf.catalogue();
    let (rules, day) = (store.shelf.rules(), store.day_in_force());
    let found = catalogue
        .find_chosen(&code, None, &rules.layouts, day)
        .map_err(|refusal| Problem::refused(&request, &refusal))?;
    Ok(HttpResponse::Ok().json(ItemView::of(found.item, day)))
}

#[derive(Debug, Serialize, ToSchema)]
struct Imported {
    /// How many items there are now.
    items: usize,
    /// Tells this catalogue from others.
    digest: String,
    /// The codes that stand with more than one item, up to a hundred of them: whoever scans one is
    /// asked which item it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shared_codes: Vec<SharedCode>,
}

/// Most shared codes that are named: somebody who sees a hundred has seen enough.
const SHARED_CODES_MAX: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
struct SharedCode {
    /// The code, as it is printed or keyed.
    code: String,
    /// Its items.
    #[schema(value_type = Vec<openapi::TextId>)]
    items: Vec<ItemId>,
}

/// Replaces the catalogue by a CSV file; a file with one bad row changes nothing.
///
/// Needs a manager.
///
/// # Errors
/// `bad_catalogue` with line and reason, `decided_by_hq` where headquarters sends the catalogue.
#[utoipa::path(
    tag = "items",
    request_body(content = String, content_type = "text/csv", description = "At most 64 MiB"),
    responses((status = 200, description = "It is in force from the next basket", body = Imported)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "bad_catalogue", "decided_by_hq", "disk_full", "internal",
    ]))),
)]
#[put("/catalogue")]
pub async fn replace_catalogue(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayManagePeople,
    csv: Result<web::Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let csv = input::bytes(&request, csv)?;
    let catalogue = crate::catalogue::replace_live(&store, csv).await;
    let catalogue = catalogue.map_err(|error| Problem::import(&request, &error))?;
    tracing::info!(operator = %may.session.operator, items = catalogue.len(), "catalogue replaced");
    let shared = catalogue.shared_codes().into_iter().take(SHARED_CODES_MAX);
    let body = Imported {
        items: catalogue.len(),
        digest: catalogue.digest().to_string(),
        shared_codes: shared.map(|one| SharedCode { code: one.code, items: one.items }).collect(),
    };
    Ok(HttpResponse::Ok().json(body))
}
