//! What a store says of itself besides its facts: who is signed on where, the stock in sum, the
//! alerts that are up, and how its policy stands.

use std::time::Duration;

use actix_web::web;
use cloud_bridge::BridgeHandle;
use hq_wire::link::v1::{AlertState, PolicyState, RegisterState, StockState};
use serde::Serialize;
use store_actors::messages::StatusQuery;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::store::Store;

/// How often it is looked at; the link says only what is new.
const INTERVAL: Duration = Duration::from_secs(1);
/// Every how many looks the stock is counted: whoever keeps it counts every item there is, in the
/// thread in which registers decide. Headquarters folds it from the facts.
const STOCK_EVERY: u32 = 10;
/// Most alerts that are told, the newest: far below what a broker takes in one message.
/// Headquarters folds all of them from the facts.
const ALERTS_MAX: usize = 2_000;

/// Keeps the link told until the hub closes.
pub async fn keep_telling(
    store: web::Data<Store>,
    link: BridgeHandle,
    policy: Option<watch::Receiver<PolicyState>>,
) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = store.stopping.clone();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            // A sender that is gone is a hub that closes.
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
            _ = interval.tick() => {
                tell(&store, &link);
                if looks.is_multiple_of(STOCK_EVERY)
                    && let Some(stock) = stock(&store).await
                {
                    say(&link, "stock", &stock);
                }
                looks = looks.wrapping_add(1);
                if let Some(policy) = &policy {
                    say(&link, "policy", &*policy.borrow());
                }
            }
        }
    }
}

fn tell(store: &Store, link: &BridgeHandle) {
    let registers = store.registers.iter().map(|(workstation, register)| {
        let view = register.view.borrow();
        let signed_on = view.operator.as_ref().map(|signed_on| signed_on.id.to_string());
        (workstation.to_string(), signed_on)
    });
    say(link, "registers", &RegisterState { registers: registers.collect() });
    let mut raised = store.alerts.raised();
    raised.sort_by_key(|alert| std::cmp::Reverse(alert.since_ms));
    raised.truncate(ALERTS_MAX);
    let alerts = raised.into_iter().map(|alert| (alert.item.to_string(), alert.since_ms));
    say(link, "alerts", &AlertState { alerts: alerts.collect() });
}

/// The stock in sum, from whoever keeps it.
async fn stock(store: &Store) -> Option<StockState> {
    let status = store.inventory.send(StatusQuery).await.ok()?;
    let count = |name: &str| status.state.get(name)?.as_u64();
    Some(StockState { items: count("items")?, negative: count("negative")? })
}

fn say(link: &BridgeHandle, thing: &'static str, state: &impl Serialize) {
    match serde_json::to_value(state) {
        Ok(value) => link.set_state(thing, value),
        Err(error) => tracing::error!(%error, thing, "saying how the store is"),
    }
}
