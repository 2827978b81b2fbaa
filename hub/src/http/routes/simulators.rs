//! The simulated devices: what they show, and what a person does to them.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use devices::printer::{DrawerPin, PrinterStatus};
use devices::simulated::Fault;
use devices::terminal::{SimulatedTerminal, Trick};
use serde::Deserialize;
use store_core::barcode::Symbology;
use store_core::permission::Permission;
use store_core::{Refusal, RefusalCode};
use utoipa::ToSchema;

use super::devices::OneDevice;
use super::simulator_views::{SimulatorView, view};
use crate::access::Session;
use crate::http::problem::Problem;
use crate::peripherals::Simulator;
use crate::store::Store;

/// Of the paper, so many receipts are drawn: about two metres.
const RECEIPTS_DRAWN: usize = 8;
/// Longest code that is scanned: nobody prints a longer one.
const CODE_BYTES_MAX: usize = 4096;
/// Longest text that is printed as bars, in bytes: a longer one is a QR code.
const CODE_128_BYTES_MAX: usize = 48;
/// Most that is laid on a scale, in grams: what breaks a counter's scale is another simulation.
const LOAD_G_MAX: u32 = 100_000;

/// Somebody before the store's simulated devices: at a register, or whoever may set devices up.
pub struct AtSimulators;

impl FromRequest for AtSimulators {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Session::of_open_screen(request).and_then(|session| {
            let store = request.app_data::<web::Data<Store>>();
            let store = store.ok_or_else(|| Problem::stopping(request))?;
            let permission = Permission::SetUpDevices;
            let may = store.access.permissions().allows(session.role, permission);
            if may || session.workstation.is_some() {
                return Ok(Self);
            }
            let refusal = Refusal::new(RefusalCode::PermissionNeeded);
            Err(Problem::refused(request, &refusal.with("permission", permission)))
        }))
    }
}

/// The simulated devices of the store, and what each shows.
///
/// # Errors
/// `permission_needed` away from the registers.
#[utoipa::path(
    tag = "devices",
    responses((status = 200, description = "The simulators", body = [SimulatorView])),
    extensions(("x-problem-codes" = json!(["permission_needed"]))),
)]
#[get("/simulators")]
pub async fn list(store: web::Data<Store>, _at: AtSimulators) -> HttpResponse {
    let views: Vec<SimulatorView> = store.peripherals.simulators().into_iter().map(view).collect();
    HttpResponse::Ok().json(views)
}

/// What a person does to a simulated device.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Does something to its cable, or mends it.
    Fault {
        /// What.
        #[schema(value_type = String)]
        fault: Fault,
    },
    /// Of a printer: takes its paper, opens its cover, jams its knife, or mends it.
    Status {
        /// How it is then: `online`, `paper_low`, `paper_out`, `cover_open`, `cutter`, `error`,
        /// `offline`.
        #[schema(value_type = String)]
        status: PrinterStatus,
    },
    /// Of a printer: opens a drawer with its key, or pushes it in.
    Drawer {
        /// At which pin: `pin2` or `pin5`.
        #[schema(value_type = String)]
        pin: DrawerPin,
        /// Whether it is open then.
        is_open: bool,
    },
    /// Of a card terminal: says whether a person decides.
    AwaitPerson {
        /// Whether one does.
        awaits: bool,
    },
    /// Of a card terminal: decides what it asks; what it does with the next request, where it asks
    /// nothing.
    Decide {
        /// What it does: `approve`, `decline`, `approve_less`, `silent`, `deaf` …
        #[schema(value_type = String)]
        trick: Trick,
    },
    /// Of a scale: lays something on it, or takes it off.
    Load {
        /// How much lies on it then, in grams.
        grams: u32,
    },
    /// Of a scanner: scans a code.
    Scan {
        /// The code.
        #[schema(max_length = 4096)]
        code: String,
    },
    /// Of a signal: opens the door, or closes it.
    Door {
        /// Whether it is open then.
        is_open: bool,
    },
    /// Of a signal: presses the button.
    Press,
}

/// Does something to a simulated device.
///
/// # Errors
/// `not_found` where there is no such simulator, `no_such_action` where it has nothing of the kind.
#[utoipa::path(
    tag = "devices",
    params(OneDevice),
    request_body = Act,
    responses((status = 204, description = "It is done")),
    extensions(("x-problem-codes" = json!([
        "permission_needed", "not_found", "no_such_action",
    ]))),
)]
#[post("/simulators/{id}")]
pub async fn lay_hands_on(
    store: web::Data<Store>,
    request: HttpRequest,
    _at: AtSimulators,
    one: web::Path<OneDevice>,
    body: web::Json<Act>,
) -> Result<HttpResponse, Problem> {
    let simulator = store.peripherals.simulator(&one.id);
    let simulator = simulator.ok_or_else(|| Problem::not_found(&request))?;
    if !is_done(&simulator, body.into_inner()) {
        return Err(Problem::plain(&request, "no_such_action"));
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Does it; answers whether the device has anything of the kind.
fn is_done(simulator: &Simulator, act: Act) -> bool {
    match (simulator, act) {
        (Simulator::Signal(signal), Act::Fault { fault: Fault::None }) => {
            signal.set_plugged_in(true);
        }
        (Simulator::Signal(signal), Act::Fault { fault: Fault::Unplugged }) => {
            signal.set_plugged_in(false);
        }
        (simulator, Act::Fault { fault }) => match simulator.plug() {
            Some(plug) => plug.set_fault(fault),
            None => return false,
        },
        (Simulator::Printer { printer, .. }, Act::Status { status }) => printer.set_status(status),
        (Simulator::Printer { printer, .. }, Act::Drawer { pin, is_open }) => {
            printer.set_drawer(pin, is_open);
        }
        (Simulator::Terminal { terminal }, Act::AwaitPerson { awaits }) => {
            terminal.awaits_person(awaits);
        }
        (Simulator::Terminal { terminal }, Act::Decide { trick }) => decide(terminal, trick),
        (Simulator::Scale(scale, _), Act::Load { grams }) => scale.set_load(grams.min(LOAD_G_MAX)),
        (Simulator::Scanner(trigger, _), Act::Scan { code }) if code.len() <= CODE_BYTES_MAX => {
            let kind = printed(&code);
            trigger.scan(&code, kind);
        }
        (Simulator::Signal(signal), Act::Door { is_open }) => signal.open_door(is_open),
        (Simulator::Signal(signal), Act::Press) => signal.press_button(),
        _ => return false,
    }
    true
}

/// What kind of code people print a text as; one that says so itself (`]A0…`) goes out as it is.
fn printed(text: &str) -> Symbology {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        13 if is_number => Symbology::Ean13,
        8 if is_number => Symbology::Ean8,
        0..=CODE_128_BYTES_MAX => Symbology::Code128,
        _ => Symbology::Qr,
    }
}

/// Decides what a terminal asks; else what it does next.
fn decide(terminal: &SimulatedTerminal, trick: Trick) {
    if !terminal.decide(trick) {
        terminal.will([trick]);
    }
}

/// The end of a simulated printer's roll, as a picture.
///
/// # Errors
/// `not_found` where there is no such printer, or nothing on its paper.
#[utoipa::path(
    tag = "devices",
    params(OneDevice),
    responses((
        status = 200,
        description = "The paper",
        body = String,
        content_type = "image/png",
    )),
    extensions(("x-problem-codes" = json!(["permission_needed", "not_found", "internal"]))),
)]
#[get("/simulators/{id}/paper.png")]
pub async fn paper(
    store: web::Data<Store>,
    request: HttpRequest,
    _at: AtSimulators,
    one: web::Path<OneDevice>,
) -> Result<HttpResponse, Problem> {
    let simulator = store.peripherals.simulator(&one.id);
    let printer = simulator.as_ref().and_then(Simulator::printer).cloned();
    let printer = printer.ok_or_else(|| Problem::not_found(&request))?;
    let drawn = web::block(move || printer.roll_png(RECEIPTS_DRAWN)).await;
    let drawn = drawn.map_err(|_| Problem::stopping(&request))?;
    let drawn = drawn.map_err(|error| {
        tracing::error!(%error, "drawing the paper of a simulated printer");
        Problem::plain(&request, "internal")
    })?;
    let png = drawn.ok_or_else(|| Problem::not_found(&request))?;
    Ok(HttpResponse::Ok().content_type("image/png").body(png))
}
