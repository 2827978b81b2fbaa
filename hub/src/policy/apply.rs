//! Puts a policy in force in all of the store. It may be done again at any time: what holds already
//! is left as it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::web;
use cloud_bridge::policy::InForce;
use service_kit::files::replace_file;
use store_actors::messages::Append;
use store_core::fact::Fact;
use store_core::policy::{Part, People, SafetyStock};
use store_core::register::DraftChange;
use store_core::safety_stock::SafetyStockLevel;
use store_core::{CommandId, OperatorId};
use store_journal::{AccessChange, LedgerReads as _};
use uuid::Uuid;

use super::over;
use crate::catalogue::LEVELS_PER_ROW;
use crate::places;
use crate::store::Store;

/// Puts it in force: at each register with its next basket, everywhere else at once.
///
/// # Errors
/// What could not be done; the rest is done all the same, and the next attempt does what is left.
pub async fn apply(store: &Store, in_force: &InForce) -> Result<(), String> {
    let turn = store.shelf.turn().await;
    let bundle = &in_force.bundle;
    let own = store.promotions.reading();
    let devices = store.devices.under(bundle);
    let rules = over::register_rules(&store.settings, &devices, &own.set, bundle);
    let now = store.shelf.in_force();
    let rules = (*now.rules != rules).then(|| Arc::new(rules));
    let other = |catalogue: &&Arc<_>| !Arc::ptr_eq(catalogue, &now.catalogue);
    let catalogue = bundle.catalogue.as_ref().filter(other).cloned();
    let tenders = rules.as_ref().unwrap_or(&now.rules).tenders.clone();
    store.receipts.frame.replace(over::receipt_header(&store.settings, bundle), tenders);
    store.access.set_limits(over::session_limits(&store.settings, bundle));
    store.access.set_permissions(over::permissions(&store.settings, bundle));
    let has_changed = store.policy.show(in_force);
    if rules.is_some() || catalogue.is_some() || has_changed {
        store.put_in_force(catalogue, rules).await;
    }
    let plugged = store.devices.put_in_force(store, devices).await;
    let kept = keep_catalogue(store, in_force).await;
    drop(turn);
    let people = set_people(store, in_force).await;
    let levels = set_levels(store, in_force).await;
    kept.and(plugged).and(people).and(levels)
}

/// The name of the setting that says which bundle a part was last taken of.
const fn mark(part: Part) -> Option<&'static str> {
    match part {
        Part::Catalogue => Some("policy.catalogue"),
        Part::People => Some("policy.people"),
        Part::SafetyStock => Some("policy.safety_stock"),
        Part::Reasons | Part::Favourites | Part::Settings | Part::Promotions => None,
    }
}

/// The bundle that a part is to be taken of, if that was not done yet.
async fn source<'a>(
    store: &Store,
    in_force: &'a InForce,
    part: Part,
) -> Result<Option<&'a str>, String> {
    let (Some(source), Some(key)) = (in_force.source(part), mark(part)) else { return Ok(None) };
    let taken = store.reader.read(move |reader| reader.setting(key)).await;
    let taken = taken.map_err(|_| "the hub is closing".to_owned())?;
    let taken = taken.map_err(|error| error.to_string())?;
    Ok((taken.as_deref() != Some(source)).then_some(source))
}

async fn taken(store: &Store, part: Part, source: &str) -> Result<(), String> {
    let Some(key) = mark(part) else { return Ok(()) };
    let change = AccessChange::PutSetting { key: key.to_owned(), value: source.to_owned() };
    store.access.note(change).await.map_err(|denied| denied.to_string())
}

/// Keeps the catalogue as the store's own file: what it sells if the bundle is ever damaged.
async fn keep_catalogue(store: &Store, in_force: &InForce) -> Result<(), String> {
    let Some(source) = source(store, in_force, Part::Catalogue).await? else { return Ok(()) };
    let Some(csv) = in_force.bundle.catalogue_csv.clone() else { return Ok(()) };
    let path = places::catalogue(&store.settings.data.dir);
    let written = web::block(move || replace_file(&path, &csv)).await;
    let written = written.map_err(|_| "the hub is closing".to_owned())?;
    written.map_err(|error| format!("writing catalogue.csv: {error}"))?;
    crate::catalogue::set_new_levels(store).await;
    taken(store, Part::Catalogue, source).await
}

/// Makes those in the bundle the people of the store. Somebody who is not in it and has a basket
/// open may finish it first, and whoever signs on there may take it over; so may they where a
/// basket was begun in the moment between the look and the change.
async fn set_people(store: &Store, in_force: &InForce) -> Result<(), String> {
    let Some(people) = in_force.bundle.people.as_deref() else { return Ok(()) };
    let Some(source) = source(store, in_force, Part::People).await? else { return Ok(()) };
    let spared = busy(store, people);
    store.policy.show_leaving(spared.clone());
    let set = store.access.set_people(people, &spared).await;
    set.map_err(|denied| denied.to_string())?;
    if !spared.is_empty() {
        return Err("somebody who is not in it any more has a basket open".to_owned());
    }
    taken(store, Part::People, source).await
}

/// Those who are not among some people and have a basket open.
fn busy(store: &Store, people: &People) -> BTreeSet<OperatorId> {
    let views = store.registers.values().map(|register| register.view.borrow().clone());
    let open = views.filter(|view| view.basket.is_some());
    let operators = open.filter_map(|view| view.operator.as_ref().map(|one| one.id.clone()));
    operators.filter(|id| people.0.iter().all(|person| person.id != *id)).collect()
}

/// Sets the levels that are others than the store's.
async fn set_levels(store: &Store, in_force: &InForce) -> Result<(), String> {
    let Some(levels) = in_force.bundle.safety_stock.as_deref() else { return Ok(()) };
    let Some(source) = source(store, in_force, Part::SafetyStock).await? else { return Ok(()) };
    for levels in changed(store, levels).await?.chunks(LEVELS_PER_ROW) {
        let append = Append {
            id: level_id(source, levels),
            now: store.clock.now(None),
            fact: Box::new(Fact::SafetyStockSet(levels.to_vec())),
            draft: DraftChange::Keep,
        };
        let appended = store.append.send(append).await;
        let appended = appended.map_err(|_| "the hub is closing".to_owned())?;
        appended.map_err(|code| format!("setting safety stock: {}", code.as_str()))?;
    }
    taken(store, Part::SafetyStock, source).await
}

async fn changed(store: &Store, levels: &SafetyStock) -> Result<Vec<SafetyStockLevel>, String> {
    let known = store.reader.read(|reader| reader.safety_stock_levels()).await;
    let known = known.map_err(|_| "the hub is closing".to_owned())?;
    let known = known.map_err(|error| error.to_string())?;
    let known: std::collections::BTreeMap<_, _> =
        known.into_iter().map(|level| (level.item.clone(), level)).collect();
    let is_other = |level: &&SafetyStockLevel| known.get(&level.item) != Some(*level);
    Ok(levels.0.iter().filter(is_other).cloned().collect())
}

/// The same levels of the same bundle have the same id: set again, they are set once.
fn level_id(bundle: &str, levels: &[SafetyStockLevel]) -> CommandId {
    let bundle = Uuid::try_parse(bundle).unwrap_or(Uuid::NAMESPACE_OID);
    let text = serde_json::to_vec(levels).unwrap_or_default();
    CommandId::new(Uuid::new_v5(&bundle, &text))
}
