use std::sync::Arc;

use actix_web::rt::System;
use service_kit::certificates::lan_addresses;
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::http::server::ListenError;
use service_kit::{logging, notify, signals};

use crate::broker::BrokerError;
use crate::settings::{BrokerSettings, Settings};
use crate::store::StoreError;
use crate::wiring::{self, HqOptions, RunningHq, StartError};

pub(super) fn run(settings: Settings) -> Result<(), Failure> {
    logging::begin(settings.log.format, &settings.log.level)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the log", &error))?;
    System::new().block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Failure> {
    let stop = signals::stop()?;
    let options = HqOptions { settings: Arc::new(settings) };
    let hq = wiring::start(options).await.map_err(|error| not_started(&error))?;
    // It opens for the stores, whether or not anybody reads this.
    if let Err(failure) = exit::say(&greeting(&hq)) {
        tracing::warn!(%failure, "greeting");
    }
    notify::ready();
    if let Some(every) = notify::watchdog_interval() {
        let database = hq.hq.database.clone();
        let probe = move || {
            let database = database.clone();
            async move {
                let asked = database.ask(|store| store.sql().query("select 1", &[], |_| Ok(())));
                asked.await.is_ok()
            }
        };
        actix_web::rt::spawn(notify::watchdog(every, probe));
    }
    stop.await;
    tracing::info!("closing");
    notify::stopping();
    hq.stop().await;
    Ok(())
}

/// What a person who started it wants to know.
fn greeting(hq: &RunningHq) -> String {
    let settings = &hq.hq.settings;
    let mut lines = vec![format!("{} ({})", settings.chain.name, settings.chain.id)];
    let addresses = lan_addresses();
    let urls = hq.server.tls_urls(&addresses);
    lines.extend(urls.iter().map(|url| format!("  {url}")));
    lines.push(format!("  {}", hq.url));
    if let (Some(certificates), Some(url)) = (&hq.hq.certificates, urls.last()) {
        let fingerprint = certificates.authority().fingerprint();
        lines.push(format!("  browsers install {url}/ca.crt  (SHA-256 {fingerprint})"));
    }
    match hq.broker_address {
        Some(address) => lines.push(format!("  stores connect to {address}")),
        None if matches!(settings.broker, BrokerSettings::Own { .. }) => {
            lines.push("  stores connect to the broker that `hq broker` runs".to_owned());
        }
        None => lines.push("  stores connect to the broker of broker.url".to_owned()),
    }
    lines.push(format!("  data in {}", settings.data_dir.display()));
    if let Some(code) = &hq.setup_code {
        lines.push(format!("  one-time set-up code: {code}  (makes the first administrator)"));
    }
    lines.join("\n")
}

pub(super) fn not_started(error: &StartError) -> Failure {
    let listening = match error {
        StartError::Listen(error) | StartError::Broker(BrokerError::Listen(error)) => Some(error),
        _ => None,
    };
    if let Some(ListenError { address, key, error }) = listening {
        return Failure::listening(*address, key, error);
    }
    let code = match error {
        StartError::DataDir(_, error) => exit::code_of(error, ExitCode::CannotCreate),
        StartError::InUse(_) => ExitCode::TryAgain,
        StartError::BrokerAccess(_) => ExitCode::NoInput,
        StartError::NotVouchedFor { .. } => ExitCode::Settings,
        StartError::Store(error) => match error {
            StoreError::BadAddress { .. } | StoreError::NotLocal { .. } => ExitCode::Settings,
            StoreError::Unavailable { .. } => ExitCode::Unavailable,
            _ => ExitCode::InputOutput,
        },
        _ => ExitCode::Software,
    };
    Failure::because(code, "headquarters did not start", error)
}
