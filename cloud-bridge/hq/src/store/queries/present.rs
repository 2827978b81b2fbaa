//! The stores with their presence, and what they last told.

use std::collections::BTreeMap;

use hq_wire::link::v1::{PolicyState, State, TradeState};

use super::Scope;
use crate::store::StoreError;
use crate::store::sql::Connection;
use crate::view::StoreView;

/// The stores by id, and the sum of their changes.
pub fn stores(
    sql: &mut Connection,
    scope: &Scope,
) -> Result<(BTreeMap<String, StoreView>, u64), StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, name, region, currency, online, since_ms, heard_ms, waiting_rows,
             waiting_sales, waiting_since_ms, stream, changes
         from stores where 1 = 1{within}"
    );
    let mut revision = 0;
    let stores = sql.query(&text, &params, |row| {
        revision += row.count(11)?;
        let view = StoreView {
            store: row.string(0)?,
            name: row.string(1)?,
            region: row.string(2)?,
            currency: row.string(3)?,
            online: row.opt_int(4)?.map(|it| it != 0),
            since_ms: row.opt_int(5)?,
            heard_ms: row.opt_int(6)?,
            waiting_rows: row.count(7)?,
            waiting_sales: row.count(8)?,
            waiting_since_ms: row.opt_int(9)?,
            stream: row.opt_string(10)?,
            ..StoreView::default()
        };
        Ok((view.store.clone(), view))
    })?;
    let mut stores: BTreeMap<String, StoreView> = stores.into_iter().collect();
    for store in stores.values_mut().filter(|store| store.name.is_empty()) {
        store.name.clone_from(&store.store);
    }
    add_streams(sql, scope, &mut stores)?;
    add_states(sql, scope, &mut stores)?;
    Ok((stores, revision))
}

fn add_streams(
    sql: &mut Connection,
    scope: &Scope,
    stores: &mut BTreeMap<String, StoreView>,
) -> Result<(), StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!("select store, stream, through, frozen from streams where 1 = 1{within}");
    let streams = sql.query(&text, &params, |row| {
        Ok((row.string(0)?, row.string(1)?, row.count(2)?, row.opt_string(3)?))
    })?;
    for (store, stream, through, frozen) in streams {
        let Some(view) = stores.get_mut(&store) else { continue };
        view.frozen |= frozen.is_some();
        if view.stream.as_ref() == Some(&stream) {
            view.through = through;
        }
    }
    Ok(())
}

fn add_states(
    sql: &mut Connection,
    scope: &Scope,
    stores: &mut BTreeMap<String, StoreView>,
) -> Result<(), StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, thing, payload from states where thing in ('policy', 'trade'){within}"
    );
    let states =
        sql.query(&text, &params, |row| Ok((row.string(0)?, row.string(1)?, row.string(2)?)))?;
    for (store, thing, payload) in states {
        let Some(view) = stores.get_mut(&store) else { continue };
        if thing == "trade" {
            let state = serde_json::from_str::<State<TradeState>>(&payload);
            view.trade = state.ok().map(|state| state.value.on);
        } else if let Ok(state) = serde_json::from_str::<State<PolicyState>>(&payload) {
            view.policy_version = state.value.in_force;
            // A newer bundle that was taken makes an older one's refusal history; one that only
            // says that it is the one in force does not.
            let refused = state.value.offered.into_iter().filter(|it| it.standing == "refused");
            let refused = refused.filter(|it| Some(it.version) >= view.policy_version);
            view.policy_refused = refused
                .max_by_key(|it| it.version)
                .map(|it| it.reason.unwrap_or_else(|| "refused".to_owned()));
        }
    }
    Ok(())
}
