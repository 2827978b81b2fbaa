//! Looking into the hub.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{MayManagePeople, Session};
use crate::http::openapi::ActorStatus;
use crate::store::Store;

/// Every actor as it is, for a manager.
#[utoipa::path(
    tag = "debug",
    responses((status = 200, description = "One status each", body = [ActorStatus])),
    extensions(("x-problem-codes" = json!(["permission_needed", "in_training"]))),
)]
#[get("/actors")]
pub async fn actors(store: web::Data<Store>, _may: MayManagePeople) -> HttpResponse {
    let mut statuses = Vec::with_capacity(store.actors.len());
    for actor in &store.actors {
        if let Ok(status) = actor.send(store_actors::messages::StatusQuery).await {
            statuses.push(status);
        }
    }
    HttpResponse::Ok().json(statuses)
}

#[derive(Serialize, ToSchema)]
struct Version {
    /// The hub's version.
    version: &'static str,
    /// The version of the API that it serves: the part of every path after `/api/`.
    api: &'static str,
}

/// Which software this is.
#[utoipa::path(
    tag = "debug",
    responses((status = 200, description = "The versions", body = Version)),
)]
#[get("/version")]
pub async fn version(_session: Session) -> HttpResponse {
    HttpResponse::Ok().json(Version { version: env!("CARGO_PKG_VERSION"), api: "v1" })
}
