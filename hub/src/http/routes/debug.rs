//! Looking into the hub.

use actix_web::{HttpResponse, get, web};

use crate::access::Manager;
use crate::store::Store;

/// Every actor as it is, for a manager.
#[get("/actors")]
pub async fn actors(store: web::Data<Store>, _manager: Manager) -> HttpResponse {
    let mut statuses = Vec::with_capacity(store.actors.len());
    for actor in &store.actors {
        if let Ok(status) = actor.send(store_actors::messages::StatusQuery).await {
            statuses.push(status);
        }
    }
    HttpResponse::Ok().json(statuses)
}
