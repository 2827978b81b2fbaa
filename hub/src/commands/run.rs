use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::System;
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::http::server::ListenError;
use service_kit::{certificates, logging, notify, signals};

use super::journal;
use crate::clock::SystemClock;
use crate::housekeeping;
use crate::http::health;
use crate::link::LinkError;
use crate::settings::Settings;
use crate::start_error::StartError;
use crate::wiring::{self, RunningHub, StartOptions};

/// How often the wall time is written down, for the next start to judge the clock by.
const REMEMBER_INTERVAL: Duration = Duration::from_secs(60);

pub(super) fn run(settings: &Arc<Settings>) -> Result<(), Failure> {
    logging::begin(settings.log.format, &settings.log.level)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the log", &error))?;
    System::new().block_on(serve(settings.clone()))
}

async fn serve(settings: Arc<Settings>) -> Result<(), Failure> {
    let stop = signals::stop()?;
    let seen = settings.data.dir.join("clock.seen");
    let clock = SystemClock::start(&settings.store.time_zone, Some(seen))
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
    let clock = Arc::new(clock);
    let options = StartOptions::new(settings.clone(), clock.clone());
    let hub = wiring::start(options).await.map_err(|error| not_started(&error))?;
    greet(&settings, &hub);
    notify::ready();
    if let Some(every) = notify::watchdog_interval() {
        let store = hub.store.clone();
        let probe = move || {
            let store = store.clone();
            async move { health::is_ready(&store).await }
        };
        actix_web::rt::spawn(notify::watchdog(every, probe));
    }
    let remembering = actix_web::rt::spawn(async move {
        let mut interval = tokio::time::interval(REMEMBER_INTERVAL);
        loop {
            interval.tick().await;
            if let Err(error) = clock.remember() {
                tracing::warn!(%error, "remembering the time");
            }
        }
    });
    let tidying = actix_web::rt::spawn(housekeeping::keep(hub.store.clone()));
    stop.await;
    tracing::info!("closing");
    notify::stopping();
    remembering.abort();
    tidying.abort();
    hub.stop().await;
    Ok(())
}

/// Prints [`greeting`]. A store opens for its customers, whether or not anybody reads this.
fn greet(settings: &Settings, hub: &RunningHub) {
    if let Err(failure) = exit::say(&greeting(settings, hub)) {
        tracing::warn!(%failure, "greeting");
    }
}

/// What a person who started the hub wants to know.
fn greeting(settings: &Settings, hub: &RunningHub) -> String {
    let mut lines = vec![format!("{} ({})", settings.store.name, settings.store.id)];
    let addresses = certificates::lan_addresses();
    let plain = hub.server.plain_urls(&addresses);
    let urls = hub.server.tls_urls(&addresses);
    lines.extend(urls.iter().chain(&plain).map(|url| format!("  {url}")));
    // The devices that install the authority are not this machine, so not its own URL.
    let elsewhere = plain.get(1).or(plain.first());
    if let (Some(certificates), Some(url)) = (&hub.store.certificates, elsewhere) {
        let fingerprint = certificates.authority().fingerprint();
        lines.push(
            "  plain http is not encrypted; for https each browser installs the authority:".into(),
        );
        lines.push(format!("  {url}/ca  (SHA-256 {fingerprint})"));
    } else {
        lines.push("  plain http is not encrypted, and https is off (http.tls)".into());
    }
    lines.push(format!("  data in {}", settings.data.dir.display()));
    if let Some(file) = &settings.link.file {
        let how = if hub.store.link.is_some() { "linked" } else { "NOT linked" };
        lines.push(format!("  {how} to headquarters by {}", file.display()));
    }
    if let Some(code) = &hub.setup_code {
        lines.push(format!("  one-time set-up code: {code}  (makes the first manager)"));
    }
    lines.join("\n")
}

/// The failure of a hub that did not start.
pub(crate) fn not_started(error: &StartError) -> Failure {
    if let StartError::Listen(ListenError { address, key, error }) = error {
        return Failure::listening(*address, key, error);
    }
    let code = match error {
        StartError::Journal(store_journal::OpenError::InUse(_)) => ExitCode::TryAgain,
        StartError::Journal(
            store_journal::OpenError::BadRow { .. } | store_journal::OpenError::Damaged { .. },
        )
        | StartError::Catalogue(_)
        | StartError::Draft(..) => ExitCode::BadInput,
        StartError::Link(LinkError::Unreadable(_, error)) => {
            exit::code_of(error, ExitCode::NoInput)
        }
        StartError::Link(_) => ExitCode::Settings,
        StartError::DataDir(_, error) => exit::code_of(error, ExitCode::CannotCreate),
        StartError::Journal(error) => journal::code_of(error),
        _ => ExitCode::Software,
    };
    Failure::because(code, "the hub did not start", error)
}
