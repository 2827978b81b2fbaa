//! Looking into the hub.

use actix_web::{HttpResponse, get, web};

use crate::access::Session;
use crate::store::Store;

/// Every actor as it is.
#[get("/actors")]
pub async fn actors(store: web::Data<Store>, _session: Session) -> HttpResponse {
    let mut statuses = Vec::with_capacity(store.actors.len());
    for actor in &store.actors {
        if let Ok(status) = actor.send(store_actors::messages::StatusQuery).await {
            statuses.push(status);
        }
    }
    HttpResponse::Ok().json(statuses)
}
