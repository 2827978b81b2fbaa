//! Stock on hand, movements and alerts.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use store_actors::messages::Append;
use store_core::fact::Fact;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::policy::Part;
use store_core::register::DraftChange;
use store_core::safety_stock::SafetyStockLevel;
use store_core::{CommandId, ItemId, Quantity, ReasonCode, Refusal, RefusalCode};
use store_journal::LedgerReads as _;
use utoipa::ToSchema;

use super::items::Search;
use crate::access::{MayKeepStock, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;

/// Most levels that one request sets.
const LEVELS_MAX: usize = 1000;

#[derive(Debug, Serialize, ToSchema)]
struct StockView {
    /// Which item.
    #[schema(value_type = openapi::TextId)]
    item: ItemId,
    /// Its name.
    description: String,
    /// What is there; nothing is known of an item that never moved.
    #[schema(value_type = Option<openapi::Quantity>)]
    on_hand: Option<Quantity>,
    /// Whether that is below nothing, which wants a look.
    is_negative: bool,
    /// The level at which somebody is told, where there is one.
    #[schema(value_type = Option<openapi::Quantity>)]
    safety_stock: Option<Quantity>,
    /// Whether somebody is told now.
    alert: bool,
}

/// Stock of the items that a text finds.
///
/// # Errors
/// Where the journal cannot be read.
#[utoipa::path(
    tag = "stock",
    params(Search),
    responses((status = 200, description = "As the search finds them", body = [StockView])),
    extensions(("x-problem-codes" = json!(["journal_failed"]))),
)]
#[get("/stock")]
pub async fn stock(
    store: web::Data<Store>,
    request: HttpRequest,
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
    let levels = read.await.map_err(|_| Problem::stopping(&request))?;
    let levels = levels.map_err(|error| Problem::reading(&request, &error))?;
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
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    /// Made by the caller: sent again, it is not recorded again.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
    /// Which item.
    #[schema(value_type = openapi::TextId)]
    item: ItemId,
    /// What moved it.
    #[schema(value_type = openapi::MovementKind)]
    kind: MovementKind,
    /// By how much, in the item's unit; for a count, how much is there.
    #[schema(value_type = openapi::Quantity)]
    quantity: Quantity,
    /// Why.
    #[schema(value_type = openapi::TextId)]
    reason: ReasonCode,
}

/// Records a delivery, a write-off, a correction or a count.
///
/// Needs a supervisor.
///
/// # Errors
/// `unknown_barcode` where there is no such item, `bad_quantity` where the quantity does not fit,
/// `command_id_reused` where the id stands for something else.
#[utoipa::path(
    tag = "stock",
    request_body = Movement,
    responses((status = 201, description = "It is recorded", body = openapi::RowPosition)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "unknown_barcode", "bad_quantity", "command_id_reused", "disk_full",
        "journal_failed",
    ]))),
)]
#[post("/stock/movements")]
pub async fn movement(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MayKeepStock,
    body: web::Json<Movement>,
) -> Result<HttpResponse, Problem> {
    let Movement { command_id, item, kind, quantity, reason } = body.into_inner();
    check_item(&store, &item, quantity).map_err(|refusal| Problem::refused(&request, &refusal))?;
    if quantity.is_negative() && kind != MovementKind::Adjusted {
        return Err(Problem::refused(&request, &RefusalCode::BadQuantity.into()));
    }
    let operator = may.session.operator.clone();
    let fact = Fact::StockMoved(StockMovement { item, kind, quantity, reason, operator });
    append(&store, &request, command_id, fact).await
}

/// Levels of alert for some items.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Made by the caller: sent again, they are not set again.
    #[schema(value_type = openapi::Id)]
    command_id: CommandId,
    /// 1 to 1000 of them.
    #[schema(min_items = 1, max_items = 1000)]
    levels: Vec<Level>,
}

/// The levels of one item at which somebody is told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Level {
    /// Which item.
    #[schema(value_type = openapi::TextId)]
    item: ItemId,
    /// Alert when stock on hand falls to this or below.
    #[schema(value_type = openapi::Quantity)]
    safety_stock: Quantity,
    /// Clear when stock on hand rises to this or above; not below `safety_stock`.
    #[schema(value_type = openapi::Quantity)]
    clear_at: Quantity,
}

impl From<Level> for SafetyStockLevel {
    fn from(level: Level) -> Self {
        let Level { item, safety_stock, clear_at } = level;
        Self { item, safety_stock, clear_at }
    }
}

/// Sets the levels at which somebody is told.
///
/// Needs a supervisor.
///
/// # Errors
/// `unknown_barcode` where there is no such item, `bad_quantity` where a level does not fit,
/// `command_id_reused` where the id stands for something else, `decided_by_hq` where headquarters
/// sets the levels.
#[utoipa::path(
    tag = "stock",
    request_body = Levels,
    responses((status = 201, description = "They hold", body = openapi::RowPosition)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training",
        "unknown_barcode", "bad_quantity", "command_id_reused",
        "decided_by_hq",
        "disk_full", "journal_failed",
    ]))),
)]
#[put("/stock/safety")]
pub async fn safety(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayKeepStock,
    body: web::Json<Levels>,
) -> Result<HttpResponse, Problem> {
    store.policy.check(Part::SafetyStock).map_err(|part| Problem::decided_by_hq(&request, part))?;
    let Levels { command_id, levels } = body.into_inner();
    if levels.is_empty() || levels.len() > LEVELS_MAX {
        return Err(Problem::refused(&request, &RefusalCode::BadQuantity.into()));
    }
    for level in &levels {
        let checked = check_item(&store, &level.item, level.safety_stock)
            .and_then(|()| check_item(&store, &level.item, level.clear_at));
        checked.map_err(|refusal| Problem::refused(&request, &refusal))?;
        if level.clear_at.thousandths() < level.safety_stock.thousandths() {
            return Err(Problem::refused(&request, &RefusalCode::BadQuantity.into()));
        }
    }
    let levels = levels.into_iter().map(SafetyStockLevel::from).collect();
    append(&store, &request, command_id, Fact::SafetyStockSet(levels)).await
}

#[derive(Serialize, ToSchema)]
struct AlertView {
    /// Which item.
    #[schema(value_type = openapi::TextId)]
    item: ItemId,
    /// Its name; none where the catalogue does not have it any more.
    description: Option<String>,
    /// What was there when it was raised.
    #[schema(value_type = openapi::Quantity)]
    on_hand: Quantity,
    /// Since when, in milliseconds since 1970 UTC.
    since_ms: i64,
}

/// The alerts that are up.
#[utoipa::path(
    tag = "stock",
    responses((status = 200, description = "The alerts", body = [AlertView])),
)]
#[get("/alerts")]
pub async fn alerts(store: web::Data<Store>, _session: Session) -> HttpResponse {
    let catalogue = store.shelf.catalogue();
    let raised = store.alerts.raised().into_iter();
    let alerts: Vec<AlertView> = raised
        .map(|entry| AlertView {
            description: catalogue.item(&entry.item).map(|item| item.description.to_string()),
            item: entry.item,
            on_hand: entry.on_hand,
            since_ms: entry.since_ms,
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
    let append = Append { id, now, fact: Box::new(fact.clone()), draft: DraftChange::Keep };
    let appended = store.append.send(append).await.map_err(|_| Problem::stopping(request))?;
    let appended = appended.map_err(|code| Problem::refused(request, &code.into()))?;
    // An id that was used before is answered with its row; the same id may not mean another fact.
    let there = store.reader.read(move |reader| reader.row_of(id)).await;
    let there = there.map_err(|_| Problem::stopping(request))?;
    let there = there.map_err(|error| Problem::reading(request, &error))?;
    let there = there.and_then(|row| row.committed().ok().flatten());
    if there.is_some_and(|row| row.fact != fact) {
        return Err(Problem::refused(request, &RefusalCode::CommandIdReused.into()));
    }
    Ok(HttpResponse::Created().json(appended.position))
}
