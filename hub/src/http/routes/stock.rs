//! Stock on hand, movements and alerts.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::Append;
use store_core::fact::Fact;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::register::DraftChange;
use store_core::safety_stock::SafetyStockLevel;
use store_core::{CommandId, ItemId, Quantity, ReasonCode, Refusal, RefusalCode};

use store_journal::LedgerReads as _;

use super::items::Search;
use crate::access::{Session, Supervisor};
use crate::http::problem::Problem;
use crate::store::Store;

/// Most levels that one request sets.
const LEVELS_MAX: usize = 1000;

#[derive(Debug, Serialize)]
struct StockView {
    item: ItemId,
    description: String,
    on_hand: Option<Quantity>,
    is_negative: bool,
    safety_stock: Option<Quantity>,
    alert: bool,
}

/// Stock of the items that a text finds.
///
/// # Errors
/// Where the journal cannot be read.
#[get("/stock")]
pub async fn stock(
    store: web::Data<Store>,
    _session: Session,
    query: web::Query<Search>,
) -> Result<HttpResponse, Problem> {
    let catalogue = store.shelf.catalogue();
    let items: Vec<ItemId> =
        catalogue.search(query.text(), query.limit()).iter().map(|item| item.id.clone()).collect();
    let raised: BTreeSet<ItemId> =
        store.alerts.raised().into_iter().map(|entry| entry.item).collect();
    let read = store.reader.read(move |reader| {
        let levels = reader.safety_stock_levels()?.into_iter();
        let levels: BTreeMap<ItemId, SafetyStockLevel> =
            levels.map(|level| (level.item.clone(), level)).collect();
        items
            .into_iter()
            .map(|item| Ok((reader.stock(&item)?, levels.get(&item).cloned(), item)))
            .collect::<Result<Vec<_>, store_journal::ReadError>>()
    });
    let levels = read.await.map_err(|_| Problem::stopping())?.map_err(Problem::reading)?;
    let views: Vec<StockView> = levels
        .into_iter()
        .map(|(on_hand, level, item)| StockView {
            description: catalogue
                .item(&item)
                .map(|item| item.description.to_string())
                .unwrap_or_default(),
            is_negative: on_hand.is_some_and(Quantity::is_negative),
            on_hand,
            safety_stock: level.map(|level| level.safety_stock),
            alert: raised.contains(&item),
            item,
        })
        .collect();
    Ok(HttpResponse::Ok().json(views))
}

/// A movement of stock by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    command_id: CommandId,
    item: ItemId,
    kind: MovementKind,
    quantity: Quantity,
    reason: ReasonCode,
}

/// Records a delivery, a write-off, a correction or a count.
///
/// # Errors
/// `unknown_barcode` where there is no such item, `bad_quantity` where the quantity does not fit.
#[post("/stock/movements")]
pub async fn movement(
    store: web::Data<Store>,
    request: HttpRequest,
    supervisor: Supervisor,
    body: web::Json<Movement>,
) -> Result<HttpResponse, Problem> {
    let Movement { command_id, item, kind, quantity, reason } = body.into_inner();
    check_item(&store, &item, quantity).map_err(|refusal| Problem::refused(&request, &refusal))?;
    if quantity.is_negative() && kind != MovementKind::Adjusted {
        return Err(Problem::refused(&request, &RefusalCode::BadQuantity.into()));
    }
    let operator = supervisor.0.operator.clone();
    let fact = Fact::StockMoved(StockMovement { item, kind, quantity, reason, operator });
    append(&store, &request, command_id, fact).await
}

/// Levels of alert for some items.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    command_id: CommandId,
    levels: Vec<SafetyStockLevel>,
}

/// Sets the levels at which somebody is told.
///
/// # Errors
/// `unknown_barcode` where there is no such item, `bad_quantity` where a level does not fit.
#[put("/stock/safety")]
pub async fn safety(
    store: web::Data<Store>,
    request: HttpRequest,
    _supervisor: Supervisor,
    body: web::Json<Levels>,
) -> Result<HttpResponse, Problem> {
    let Levels { command_id, levels } = body.into_inner();
    if levels.is_empty() || levels.len() > LEVELS_MAX {
        return Err(Problem::refused(&request, &RefusalCode::BadQuantity.into()));
    }
    for level in &levels {
        let checked = check_item(&store, &level.item, level.safety_stock)
            .and_then(|()| check_item(&store, &level.item, level.clear_at));
        checked.map_err(|refusal| Problem::refused(&request, &refusal))?;
    }
    append(&store, &request, command_id, Fact::SafetyStockSet(levels)).await
}

/// The alerts that are up.
#[get("/alerts")]
pub async fn alerts(store: web::Data<Store>, _session: Session) -> HttpResponse {
    let catalogue = store.shelf.catalogue();
    let alerts: Vec<serde_json::Value> = store
        .alerts
        .raised()
        .into_iter()
        .map(|entry| {
            let description = catalogue.item(&entry.item).map(|item| item.description.to_string());
            serde_json::json!({
                "item": entry.item,
                "description": description,
                "on_hand": entry.on_hand,
                "since_ms": entry.since_ms,
            })
        })
        .collect();
    HttpResponse::Ok().json(alerts)
}

fn check_item(store: &Store, item: &ItemId, quantity: Quantity) -> Result<(), Refusal> {
    let catalogue = store.shelf.catalogue();
    let Some(known) = catalogue.item(item) else {
        return Err(Refusal::new(RefusalCode::UnknownBarcode).with("code", item));
    };
    if known.unit != quantity.unit() {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", known.unit.code()));
    }
    Ok(())
}

async fn append(
    store: &Store,
    request: &HttpRequest,
    id: CommandId,
    fact: Fact,
) -> Result<HttpResponse, Problem> {
    let now = store.clock.now(None);
    let append = Append { id, now, fact: Box::new(fact), draft: DraftChange::Keep };
    let appended = store.append.send(append).await.map_err(|_| Problem::stopping())?;
    let position = appended.map_err(|code| Problem::refused(request, &code.into()))?;
    Ok(HttpResponse::Created().json(position))
}
