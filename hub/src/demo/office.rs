//! Headquarters of the chain: in a thread of this process, or it and its broker in processes of
//! their own.

mod alone;
mod child;
mod enrolment;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use actix_web::rt::System;
use hq::people::{NewUser, Role};
use hq::settings::{BrokerSettings, Flags, Settings};
use hq::wiring::{self, HqOptions, RunningHq, StartError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use service_kit::exit::{ExitCode, Failure};
use service_kit::http::server::ListenError;
use store_core::{Currency, StoreId};
use tokio::sync::oneshot;

use super::place::{self, Place};
use super::season::ZONE;
use crate::cli::DemoPart;
use crate::replay::headquarters::Headquarters;
use crate::replay::here::Links;
use crate::replay::run::HostError;

pub use alone::run_alone;
use child::Child;
use enrolment::Enroller;

/// The chain's name in every topic.
const CHAIN: &str = "demo";

/// Where headquarters listens on this machine; 0 takes any that is free.
#[derive(Clone, Copy, Debug)]
pub struct OfficePorts {
    /// Its page.
    pub page: u16,
    /// Its broker.
    pub broker: u16,
}

/// Headquarters at work.
pub struct Office {
    headquarters: Headquarters,
    broker: SocketAddr,
    enroller: Enroller,
    kind: Kind,
}

enum Kind {
    Thread {
        stop: std::sync::Mutex<Option<Running>>,
    },
    /// The broker, which headquarters is started after and stopped before.
    Processes {
        broker: Child,
        headquarters: Child,
    },
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// What headquarters says when it is there.
#[derive(Clone, Debug)]
struct Ready {
    url: String,
    broker: SocketAddr,
}

impl Office {
    /// Starts headquarters, and returns when it answers.
    ///
    /// # Errors
    /// [`Failure`]: what could not be started.
    pub fn start(place: &Place, ports: OfficePorts, is_separate: bool) -> Result<Self, Failure> {
        let directory = place.directory();
        let (ready, kind) = if is_separate {
            // A process that is started again has to be found where it was.
            let ports = OfficePorts { page: fixed(ports.page)?, broker: fixed(ports.broker)? };
            let (_, broker) = Child::start(DemoPart::Broker, directory, ports)?;
            let (ready, headquarters) = Child::start(DemoPart::Headquarters, directory, ports)?;
            (ready, Kind::Processes { broker, headquarters })
        } else {
            let (ready, running) = in_a_thread(directory, ports)?;
            let stop = std::sync::Mutex::new(Some(running));
            (ready, Kind::Thread { stop })
        };
        let user = place.user();
        let headquarters =
            Headquarters { url: ready.url, user: user.id.clone(), password: user.password.clone() };
        let broker = ready.broker;
        let enroller = Enroller::open(directory, broker, place.links())?;
        Ok(Self { headquarters, broker, enroller, kind })
    }

    /// Where its page is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.headquarters.url
    }

    /// Where its broker listens.
    #[must_use]
    pub const fn broker(&self) -> SocketAddr {
        self.broker
    }

    /// The process that it runs in.
    #[must_use]
    pub fn process(&self) -> u32 {
        match &self.kind {
            Kind::Thread { .. } => std::process::id(),
            Kind::Processes { headquarters, .. } => headquarters.process(),
        }
    }

    /// The process that its broker runs in.
    #[must_use]
    pub fn broker_process(&self) -> u32 {
        match &self.kind {
            Kind::Thread { .. } => std::process::id(),
            Kind::Processes { broker, .. } => broker.process(),
        }
    }

    /// Comes when a process was started again.
    pub async fn restarted(&self) {
        match &self.kind {
            Kind::Thread { .. } => std::future::pending().await,
            Kind::Processes { broker, headquarters } => tokio::select! {
                () = broker.restarted() => {}
                () = headquarters.restarted() => {}
            },
        }
    }

    /// Enrols a store: its link file.
    ///
    /// # Errors
    /// Where it has an id that no topic can hold, or it cannot be written down.
    pub fn enrol(&self, store: &StoreId, name: &str, region: &str) -> Result<PathBuf, HostError> {
        self.enroller.enrol(store, name, region)
    }

    /// Puts a file of policy in force from a moment on, as `hq policy push` does; only where
    /// nothing was pushed yet, so that whoever changes it keeps what they changed.
    ///
    /// # Errors
    /// [`Failure`]: it does not hold, or cannot be kept.
    pub fn push_once(
        &self,
        file: &str,
        content: &str,
        currency: Currency,
        since: Timestamp,
    ) -> Result<(), Failure> {
        self.enroller.push_once(CHAIN, (file, content), currency, since)
    }

    /// Stops it by protocol.
    pub fn stop(&self) {
        match &self.kind {
            Kind::Processes { broker, headquarters } => {
                headquarters.stop();
                broker.stop();
            }
            Kind::Thread { stop } => {
                let running = stop.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
                if let Some(Running { stop, thread }) = running {
                    // One that has ended already has said why.
                    let _ = stop.send(());
                    let _ = thread.join();
                }
            }
        }
    }
}

impl Links for Office {
    fn link_file(&self, store: &StoreId) -> Result<PathBuf, HostError> {
        self.enrol(store, store.as_str(), "")
    }

    fn headquarters(&self) -> &Headquarters {
        &self.headquarters
    }
}

/// What headquarters is told, for a demonstration in this directory.
fn settings(directory: &Path, ports: OfficePorts) -> Result<Settings, Failure> {
    let flags = Flags {
        data_dir: Some(place::office(directory)),
        port: Some(ports.page),
        ..Flags::default()
    };
    let failed = |error: &dyn std::error::Error| {
        Failure::because(ExitCode::Settings, "headquarters' settings do not hold", error)
    };
    let mut settings = hq::settings::load(&flags).map_err(|error| failed(&error))?;
    settings.chain.id = CHAIN.to_owned();
    settings.chain.name = "Demo".to_owned();
    settings.chain.time_zone = TimeZone::get(ZONE).map_err(|error| failed(&error))?;
    settings.postgres = None;
    settings.http.listen = Ipv4Addr::LOCALHOST.into();
    settings.http.tls_port = None;
    // In clear, for nobody but this machine can listen.
    settings.broker = BrokerSettings::Own {
        listen: Ipv4Addr::LOCALHOST.into(),
        port: ports.broker,
        tls: false,
        address: None,
        separate: false,
    };
    Ok(settings)
}

/// Starts headquarters in the actix system that runs here, with somebody who may sign in.
async fn start(
    directory: &Path,
    ports: OfficePorts,
    is_separate: bool,
) -> Result<(RunningHq, Ready), Failure> {
    let mut settings = settings(directory, ports)?;
    if let BrokerSettings::Own { separate, .. } = &mut settings.broker {
        *separate = is_separate;
    }
    let settings = Arc::new(settings);
    let failed = |error: &dyn std::error::Error| {
        Failure::because(ExitCode::Software, "headquarters did not start", error)
    };
    let user = place::user_of(directory).map_err(|error| failed(&error))?;
    let running =
        wiring::start(HqOptions { settings }).await.map_err(|error| not_started(&error))?;
    if let Some(code) = &running.setup_code {
        let somebody = NewUser {
            id: user.id,
            name: "Headquarters".to_owned(),
            role: Role::Admin,
            scopes: Vec::new(),
            password: user.password,
        };
        let made = running.hq.people.set_up(code, somebody, None).await;
        made.map_err(|error| failed(&error))?;
    }
    let missing = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), ports.broker);
    let broker = running.broker_address.unwrap_or(missing);
    let ready = Ready { url: running.url.clone(), broker };
    Ok((running, ready))
}

fn not_started(error: &StartError) -> Failure {
    if let StartError::Listen(ListenError { address, key, error }) = error {
        return Failure::listening(*address, key, error);
    }
    let code = match error {
        StartError::InUse(_) => ExitCode::TryAgain,
        _ => ExitCode::Software,
    };
    Failure::because(code, "headquarters did not start", error)
}

fn in_a_thread(directory: &Path, ports: OfficePorts) -> Result<(Ready, Running), Failure> {
    let (told, telling) = sync_channel(1);
    let (stop, stopping) = oneshot::channel();
    let directory = directory.to_owned();
    let thread = std::thread::Builder::new()
        .name("headquarters".to_owned())
        .spawn(move || System::new().block_on(live(&directory, ports, told, stopping)))
        .map_err(|error| Failure::because(ExitCode::System, "starting headquarters", &error))?;
    let ended = |_| Failure::new(ExitCode::Software, "headquarters ended at its start");
    let ready = telling.recv().map_err(ended)??;
    Ok((ready, Running { stop, thread }))
}

async fn live(
    directory: &Path,
    ports: OfficePorts,
    told: SyncSender<Result<Ready, Failure>>,
    stopping: oneshot::Receiver<()>,
) {
    match start(directory, ports, false).await {
        Ok((running, ready)) => {
            // Whoever started it waits; where it does not, the channel to stop it is closed too.
            let _ = told.send(Ok(ready));
            let _ = stopping.await;
            running.stop().await;
        }
        Err(failure) => {
            let _ = told.send(Err(failure));
        }
    }
}

/// The port, or one that is free now.
fn fixed(port: u16) -> Result<u16, Failure> {
    if port != 0 {
        return Ok(port);
    }
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
    let failed = |error| Failure::because(ExitCode::System, "looking for a free port", &error);
    bound.map(|address| address.port()).map_err(failed)
}
