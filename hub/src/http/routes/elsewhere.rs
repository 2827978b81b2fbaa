//! What other stores have, as headquarters knows it.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store_core::{ItemId, Quantity, RefusalCode, Unit};
use utoipa::ToSchema;

use crate::access::Session;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;

/// What headquarters answers.
#[derive(Debug, Deserialize)]
struct Said {
    stores: Vec<SaidOfStore>,
}

#[derive(Debug, Deserialize)]
struct SaidOfStore {
    store: String,
    name: String,
    /// A decimal text.
    on_hand: String,
    unit: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct StockElsewhere {
    /// Which store.
    store: String,
    /// Its name.
    name: String,
    /// What is there, as of the last row that headquarters has of it.
    #[schema(value_type = openapi::Quantity)]
    on_hand: Quantity,
}

/// What the chain's other stores have of an item, asked of headquarters.
///
/// # Errors
/// `hq_unreachable` where the store is not linked, or headquarters does not answer within 800 ms.
#[utoipa::path(
    tag = "items",
    params(("item", description = "The item's id")),
    responses((
        status = 200,
        description = "The stores in which it ever moved, without this one",
        body = [StockElsewhere],
    )),
    extensions(("x-problem-codes" = json!(["unknown_barcode", "hq_unreachable"]))),
)]
#[get("/items/{item}/elsewhere")]
pub async fn elsewhere(
    store: web::Data<Store>,
    request: HttpRequest,
    _session: Session,
    item: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let item = ItemId::new(&item).ok().filter(|item| store.shelf.catalogue().item(item).is_some());
    let unknown = || Problem::refused(&request, &RefusalCode::UnknownBarcode.into());
    let item = item.ok_or_else(unknown)?;
    let unreachable = || Problem::plain(&request, "hq_unreachable");
    let link = store.link.as_ref().ok_or_else(unreachable)?;
    let said = link.query("stock", json!({ "item": item })).await.map_err(|error| {
        tracing::debug!(%error, "asking headquarters for stock elsewhere");
        unreachable()
    })?;
    let said: Said = serde_json::from_value(said).map_err(|error| {
        tracing::warn!(%error, "headquarters' answer of stock elsewhere cannot be read");
        unreachable()
    })?;
    let own = store.settings.store.id.as_str();
    let others = said.stores.into_iter().filter(|other| other.store != own);
    let stores: Vec<StockElsewhere> = others.filter_map(read).collect();
    Ok(HttpResponse::Ok().json(stores))
}

/// A store's stock; nothing where its unit or amount is not known here.
fn read(said: SaidOfStore) -> Option<StockElsewhere> {
    let SaidOfStore { store, name, on_hand, unit } = said;
    let on_hand = Quantity::parse(&on_hand, Unit::from_code(&unit)?).ok()?;
    Some(StockElsewhere { store, name, on_hand })
}
