//! A chain to look at: headquarters and three stores in one program, on this machine alone.
//!
//! Every part is the real one: [`office`] runs headquarters with its broker in a thread or, with
//! `--separate`, each in a process of its own; the stores of [`shops`] are hubs that are linked to
//! it; [`season`] sells them a week before they open for the first time, and [`trade`] goes on
//! selling where somebody switches it on at headquarters' page. What stands on the counter of the
//! first store is simulated ([`counter`]). Only this module names headquarters.

mod counter;
mod office;
mod place;
mod replay;
mod season;
mod shops;
mod trade;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use actix_web::rt::System;
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::logging::{self, LogFormat};
use service_kit::signals;

use crate::cli::{DemoArgs, DemoHqArgs};
use office::{Office, OfficePorts};
use place::Place;
use shops::{SHOPS, Shops};

/// Where a demonstration keeps everything that nobody said another place for.
const DIRECTORY: &str = "hub-demo-data";
/// What of the log is for whoever only looks on.
const LOG_LEVEL: &str = "warn,mqtt5=error";

/// Does what the command line says: shows the chain, or sells a recorded day through it.
///
/// # Errors
/// [`Failure`]: what could not be started, or what differs.
pub fn run(args: &DemoArgs) -> Result<(), Failure> {
    begin_log()?;
    match &args.replay {
        Some(baskets) => replay::replay(args, baskets),
        None => show(args),
    }
}

/// Runs headquarters or its broker alone, for the process that started this one; ends with it.
///
/// # Errors
/// [`Failure`]: what could not be started.
pub fn run_headquarters(args: &DemoHqArgs) -> Result<(), Failure> {
    begin_log()?;
    let ports = OfficePorts { page: args.port, broker: args.broker_port };
    office::run_alone(&args.data_dir, ports, args.part)
}

fn begin_log() -> Result<(), Failure> {
    logging::begin(LogFormat::Human, LOG_LEVEL)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the log", &error))
}

fn show(args: &DemoArgs) -> Result<(), Failure> {
    let directory = args.data_dir.clone().unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let place = Place::open(&directory, args.fresh)?;
    for offset in 0..=SHOPS.len() {
        is_free(args.port, offset)?;
    }
    let ports = OfficePorts { page: args.port, broker: 0 };
    let office = Arc::new(Office::start(&place, ports, args.separate)?);
    let shown = show_stores(args.port, &place, &office);
    office.stop();
    shown
}

fn show_stores(port: u16, place: &Place, office: &Arc<Office>) -> Result<(), Failure> {
    season::begin_promotions(office)?;
    season::sell_last_week(place, office)?;
    System::new().block_on(async {
        let shops = Shops::open(port, place, office).await?;
        let looking_on = look_on(place, office, &shops).await;
        shops.close().await;
        looking_on
    })
}

async fn look_on(place: &Place, office: &Office, shops: &Shops) -> Result<(), Failure> {
    place.write_processes(office, &shops.urls())?;
    let mut stop = pin!(signals::stop()?);
    exit::say(&greeting(place, office, shops))?;
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = office.restarted() => place.write_processes(office, &shops.urls())?,
        }
    }
}

/// What a person who started it wants to know.
fn greeting(place: &Place, office: &Office, shops: &Shops) -> String {
    let user = place.user();
    let mut lines = vec![
        "A chain of three stores, on this machine alone.".to_owned(),
        String::new(),
        "  headquarters".to_owned(),
        format!("    {}", office.url()),
        format!("    user {}, password {}", user.id, user.password),
    ];
    lines.extend(shops.greeting());
    lines.extend([
        String::new(),
        "  At a store: register 1, the manager's id and PIN; then sign on as the cashier."
            .to_owned(),
        format!(
            "  The first store's counter is simulated; signed on there, see {}.",
            shops.simulators()
        ),
        "  Trade at every register 2 is switched on and off at headquarters' page.".to_owned(),
        format!("  data in {}; --fresh starts anew; Ctrl-C ends it", place.directory().display()),
    ]);
    lines.join("\n")
}

/// One of the ports, so far behind the first, has to be nobody's.
fn is_free(first: u16, offset: usize) -> Result<(), Failure> {
    let port = u16::try_from(offset).unwrap_or(u16::MAX).saturating_add(first);
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
    let bound = TcpListener::bind(address);
    bound.map(drop).map_err(|error| Failure::listening(address, "--port", &error))
}

/// A failure about a file or directory of the demonstration.
fn about(path: &Path, doing: &str, error: &std::io::Error) -> Failure {
    let code = exit::code_of(error, ExitCode::CannotCreate);
    Failure::because(code, &format!("{doing} {}", path.display()), error)
}
