//! What stands on the counter: how it is, which there are to be, finding and trying it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use devices::discovery::{self, Kind};
use devices::port::SystemRoot;
use devices::printer::PROFILES;
use devices::terminal::Dialect;
use serde::{Deserialize, Serialize};
use store_actors::messages::Append;
use store_core::device::{Device, Devices};
use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::policy::Part;
use store_core::register::DraftChange;
use store_core::till::{DEVICE_TRIAL, TillEntry, TillEvent, TillPolicy};
use store_core::{CommandId, DeviceId, Quantity, ReasonCode, RefusalCode, WorkstationId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::access::{MaySetUpDevices, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::peripherals::{
    Asked, Asks, DeviceView, Seen, SetDevicesError, Source, Trial, TrialError, see,
};
use crate::store::Store;

/// How all peripherals are, now; the live stream tells of every change. What the system said of a
/// port is for those alone who may set devices up.
#[utoipa::path(
    tag = "devices",
    responses((status = 200, description = "Every device", body = [DeviceView])),
)]
#[get("/devices")]
pub async fn board(store: web::Data<Store>, session: Session) -> HttpResponse {
    let now = store.peripherals.board().now();
    HttpResponse::Ok().json(seen_by(&store, &session, &now))
}

/// The board as somebody may see it: the reasons tell what answers where on the store's network.
pub(super) fn seen_by(store: &Store, session: &Session, all: &[DeviceView]) -> Vec<DeviceView> {
    let may = store.access.permissions().allows(session.role, Permission::SetUpDevices);
    let seen = |view: &DeviceView| DeviceView {
        reason: view.reason.clone().filter(|_| may),
        ..view.clone()
    };
    all.iter().map(seen).collect()
}

#[derive(Serialize, ToSchema)]
struct DeviceSettings {
    /// The devices that the store has.
    #[schema(value_type = Vec<openapi::Device>)]
    devices: Vec<Device>,
    /// Who said so.
    source: Source,
    /// What is wrong with what was decided or kept, so that others hold; none where all is well.
    fault: Option<String>,
    /// How many registers the store has.
    registers: u16,
    /// What options can be, by `kind.option`.
    choices: BTreeMap<&'static str, Vec<String>>,
}

/// Which peripherals the store has, as settings say them.
///
/// # Errors
/// `permission_needed`.
#[utoipa::path(
    tag = "devices",
    responses((status = 200, description = "The settings", body = DeviceSettings)),
    extensions(("x-problem-codes" = json!(["permission_needed", "in_training"]))),
)]
#[get("/devices/settings")]
pub async fn settings(store: web::Data<Store>, _may: MaySetUpDevices) -> HttpResponse {
    HttpResponse::Ok().json(settings_of(&store))
}

fn settings_of(store: &Store) -> DeviceSettings {
    let devices: Arc<Devices> = store.peripherals.devices_set();
    let profiles = PROFILES.iter().map(|profile| profile.name.to_owned()).collect();
    let choices = BTreeMap::from([
        ("receipt_printer.profile", profiles),
        ("card_terminal.dialect", dialects()),
    ]);
    DeviceSettings {
        devices: devices.all().to_vec(),
        source: store.devices.source(),
        fault: store.devices.fault(),
        registers: store.settings.registers,
        choices,
    }
}

/// What card terminals may speak.
fn dialects() -> Vec<String> {
    Dialect::known().iter().map(|dialect| dialect.name.clone()).collect()
}

/// Sets which peripherals the store has: they are at work at once, and after a restart too. One
/// that stays as it was is not disturbed.
///
/// # Errors
/// `device_settings` where they do not fit, with what does not; `device_elsewhere` where one is
/// not on the store's own network; `decided_by_hq` where headquarters
/// decides them.
#[utoipa::path(
    tag = "devices",
    request_body = Vec<openapi::Device>,
    responses((status = 200, description = "They are at work", body = DeviceSettings)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training", "device_settings", "device_elsewhere",
        "decided_by_hq", "disk_full", "internal", "stopping",
    ]))),
)]
#[put("/devices/settings")]
pub async fn set(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MaySetUpDevices,
    body: web::Json<Vec<Device>>,
) -> Result<HttpResponse, Problem> {
    let all = body.into_inner();
    let count = all.len();
    store.devices.set(&store, all).await.map_err(|error| match error {
        SetDevicesError::Decided => Problem::decided_by_hq(&request, Part::Settings),
        SetDevicesError::Elsewhere(device, port) => {
            Problem::plain(&request, "device_elsewhere").with("device", device).with("port", port)
        }
        SetDevicesError::Fault(reason) => {
            Problem::plain(&request, "device_settings").with("reason", reason)
        }
        SetDevicesError::Io(source) if source.kind() == std::io::ErrorKind::StorageFull => {
            Problem::refused(&request, &store_core::RefusalCode::DiskFull.into())
        }
        SetDevicesError::Stopping => Problem::stopping(&request),
        SetDevicesError::Io(_) => {
            tracing::error!(%error, "setting the devices");
            Problem::plain(&request, "internal")
        }
    })?;
    tracing::info!(operator = %may.session.operator, count, "devices set");
    Ok(HttpResponse::Ok().json(settings_of(&store)))
}

/// Which device is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneDevice {
    /// The device.
    #[param(value_type = openapi::TextId)]
    pub(super) id: DeviceId,
}

#[derive(Serialize, ToSchema)]
struct Tried {
    /// What kept the device from doing it, as a code; none where it did it.
    fault: Option<&'static str>,
    /// What lay on a scale.
    #[schema(value_type = Option<openapi::Quantity>)]
    weight: Option<Quantity>,
}

/// Has a device do something, to see whether it works.
///
/// # Errors
/// `not_found` where there is no such device, `no_such_action` where it does nothing of the kind.
#[utoipa::path(
    tag = "devices",
    params(OneDevice),
    request_body = Trial,
    responses((status = 200, description = "Whether it did it", body = Tried)),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training", "not_found", "no_such_action", "disk_full",
        "journal_failed",
    ]))),
)]
#[post("/devices/{id}/try")]
pub async fn try_out(
    store: web::Data<Store>,
    request: HttpRequest,
    may: MaySetUpDevices,
    one: web::Path<OneDevice>,
    body: web::Json<Trial>,
) -> Result<HttpResponse, Problem> {
    let trial = body.into_inner();
    let here = may.session.workstation.as_ref();
    if let Some(at) = store.peripherals.opens_drawer_of(&one.id, trial, here) {
        let noted = note_drawer(&store, &may, &at).await;
        noted.map_err(|code| Problem::refused(&request, &code.into()))?;
    }
    let tried = store.peripherals.try_out(&one.id, trial).await;
    let tried = match tried {
        Ok(weight) => Tried { fault: None, weight },
        Err(TrialError::Failed(code)) => Tried { fault: Some(code), weight: None },
        Err(TrialError::NoDevice) => return Err(Problem::not_found(&request)),
        Err(TrialError::NoAction) => return Err(Problem::plain(&request, "no_such_action")),
    };
    Ok(HttpResponse::Ok().json(tried))
}

/// Writes down that a register's drawer is about to be opened to try it, where somebody answers for
/// what lies in it: in its till, or in a store without tills. Else there is a line in the log.
async fn note_drawer(
    store: &Store,
    may: &MaySetUpDevices,
    at: &WorkstationId,
) -> Result<(), RefusalCode> {
    let operator = may.session.operator.clone();
    tracing::info!(%operator, workstation = at.as_str(), "a drawer is opened to try it");
    let Some(register) = store.register(at) else { return Ok(()) };
    let till = register.view.borrow().till.clone();
    let now = store.clock.now(Some(at));
    let (business_day, till) = match (till.open, till.policy) {
        (Some(open), _) => (open.business_day, Some(open.number)),
        (None, TillPolicy::None) => (now.business_day(), None),
        (None, _) => return Ok(()),
    };
    let entry = TillEntry {
        workstation: at.clone(),
        operator,
        approved_by: may.approved_by.clone(),
        business_day,
        till,
        event: TillEvent::DrawerOpened { reason: ReasonCode::from_static(DEVICE_TRIAL) },
    };
    let (id, fact) = (CommandId::new(Uuid::now_v7()), Box::new(Fact::Till(Box::new(entry))));
    let append = Append { id, now, fact, draft: DraftChange::Keep };
    store.append.send(append).await.unwrap_or(Err(RefusalCode::Stopping))?;
    Ok(())
}

#[derive(Serialize, ToSchema)]
struct FoundView {
    /// How settings name it; none for the lines of a GPIO chip.
    address: Option<String>,
    /// Its file as it is now.
    file: String,
    /// What it seems to be.
    #[schema(value_type = String)]
    kind: Kind,
    /// Which model, where that is known.
    model: Option<String>,
    /// What it calls itself.
    product: Option<String>,
    /// Why it seems so, as a code.
    reason: &'static str,
    /// What stands in the sentence that belongs to the code.
    parameters: BTreeMap<&'static str, String>,
    /// The names of a chip's lines.
    lines: Vec<String>,
    /// The device of the settings that uses it already.
    used_by: Option<String>,
    /// The question that it answered, where it was asked.
    answered: Option<&'static str>,
    /// What its settings say besides its port, as its answer showed.
    options: BTreeMap<&'static str, &'static str>,
}

/// One look at a time: two would take each other's answers.
static LOOKING: Mutex<()> = Mutex::new(());

/// Looks what is plugged in, says what it seems to be and why, and asks those that nobody uses
/// questions that do nothing. It may take some seconds.
///
/// # Errors
/// `too_many_requests` while somebody else looks.
#[utoipa::path(
    tag = "devices",
    responses((status = 200, description = "What was found", body = [FoundView])),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "in_training", "too_many_requests",
    ]))),
)]
#[post("/devices/scan")]
pub async fn scan(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MaySetUpDevices,
) -> Result<HttpResponse, Problem> {
    let devices = store.peripherals.devices();
    let looked = web::block(move || {
        let _alone = match LOOKING.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(alone)) => PoisonError::into_inner(alone),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(look(&SystemRoot::default(), &devices))
    });
    let looked = looked.await.map_err(|_| Problem::stopping(&request))?;
    let found = looked.ok_or_else(|| Problem::plain(&request, "too_many_requests"))?;
    Ok(HttpResponse::Ok().json(found))
}

fn look(root: &SystemRoot, devices: &Devices) -> Vec<FoundView> {
    let found = discovery::scan(root).into_iter();
    found.map(|found| FoundView::of(see(root, found, devices, Asks::Unnamed, |_| ()))).collect()
}

impl FoundView {
    fn of(seen: Seen) -> Self {
        let answered = match &seen.asked {
            Asked::Answered(answered) => Some(answered.question),
            // A port that cannot be opened answers nothing; why, the log of a device in use says.
            _ => None,
        };
        let protocol = seen.protocol().map(|protocol| ("protocol", protocol));
        Self {
            address: seen.address().map(ToString::to_string),
            file: seen.found.file.display().to_string(),
            kind: seen.kind(),
            options: protocol.into_iter().collect(),
            used_by: seen.used_by.as_ref().map(ToString::to_string),
            model: seen.found.model,
            product: seen.found.product,
            reason: seen.found.reason.code,
            parameters: seen.found.reason.parameters.into_iter().collect(),
            lines: seen.found.lines,
            answered,
        }
    }
}
