//! The simulated devices: what they show, and what a person does to them.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use devices::printer::{DrawerPin, PrinterStatus};
use devices::simulated::Fault;
use devices::terminal::{Shown, SimulatedTerminal, Trick};
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};
use store_core::permission::Permission;
use store_core::{Refusal, RefusalCode};
use utoipa::ToSchema;

use super::devices::OneDevice;
use crate::access::Session;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::peripherals::Simulator;
use crate::store::Store;

/// Of the paper, so many receipts are drawn: about two metres.
const RECEIPTS_DRAWN: usize = 8;

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

#[derive(Serialize, ToSchema)]
struct SimulatorView {
    /// The device.
    #[schema(value_type = openapi::TextId)]
    id: DeviceId,
    /// What it is.
    #[schema(value_type = String)]
    kind: DeviceKind,
    /// The registers that use it, by number; the whole store where there are none.
    registers: Vec<u16>,
    /// How the hub reaches it.
    address: String,
    /// What is wrong with its cable: `none`, `unplugged`, `hangs`, `garbage`, `half_frames`,
    /// `slow`, `wrong_settings`.
    #[schema(value_type = Option<String>)]
    fault: Option<Fault>,
    /// What it shows.
    #[serde(flatten)]
    shows: Shows,
}

/// What a simulated device shows, by its kind.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Shows {
    Printer(PrinterShows),
    Terminal(TerminalShows),
}

#[derive(Serialize, ToSchema)]
struct PrinterShows {
    /// How it is, whatever it says.
    #[schema(value_type = String)]
    status: PrinterStatus,
    /// Another number whenever something else is on its paper.
    paper_revision: u64,
    /// Receipts that it cut off.
    receipts: u64,
    /// Whether it is printing.
    is_printing: bool,
    /// Whether the drawers at its two pins are open.
    drawers: [bool; 2],
    /// Times that it beeped.
    beeps: u64,
}

#[derive(Serialize, ToSchema)]
struct TerminalShows {
    /// Whether a person decides, rather than the amount.
    awaits_person: bool,
    /// What it asks the person.
    #[schema(value_type = Option<Object>)]
    asks: Option<Shown>,
    /// Payments that it carried out.
    slips: u32,
}

fn view((device, simulator): (Device, Simulator)) -> SimulatorView {
    let address = simulator.address().to_owned();
    let (fault, shows) = match &simulator {
        Simulator::Printer { printer, plug } => {
            let drawer = |pin| printer.is_drawer_open(pin);
            let shows = PrinterShows {
                status: printer.status(),
                paper_revision: printer.paper_revision(),
                receipts: printer.receipts_printed(),
                is_printing: printer.is_printing(),
                drawers: [drawer(DrawerPin::Pin2), drawer(DrawerPin::Pin5)],
                beeps: printer.beeps(),
            };
            (Some(plug.fault()), Shows::Printer(shows))
        }
        Simulator::Terminal { terminal } => {
            let shows = TerminalShows {
                awaits_person: terminal.is_awaiting_person(),
                asks: terminal.shows(),
                slips: terminal.slips(),
            };
            (Some(terminal.plug().fault()), Shows::Terminal(shows))
        }
    };
    let Device { id, kind, registers, .. } = device;
    SimulatorView { id, kind, registers, address, fault, shows }
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
        (Simulator::Printer { plug, .. }, Act::Fault { fault }) => plug.set_fault(fault),
        (Simulator::Printer { printer, .. }, Act::Status { status }) => printer.set_status(status),
        (Simulator::Printer { printer, .. }, Act::Drawer { pin, is_open }) => {
            printer.set_drawer(pin, is_open);
        }
        (Simulator::Terminal { terminal }, Act::Fault { fault }) => {
            terminal.plug().set_fault(fault);
        }
        (Simulator::Terminal { terminal }, Act::AwaitPerson { awaits }) => {
            terminal.awaits_person(awaits);
        }
        (Simulator::Terminal { terminal }, Act::Decide { trick }) => decide(terminal, trick),
        _ => return false,
    }
    true
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
        body = Vec<u8>,
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
