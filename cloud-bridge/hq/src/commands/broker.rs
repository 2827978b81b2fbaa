use actix_web::rt::System;
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::{logging, notify, signals};

use super::run::not_started;
use crate::settings::{BrokerSettings, Settings};
use crate::wiring::RunningBroker;

pub(super) fn broker(settings: Settings) -> Result<(), Failure> {
    if let BrokerSettings::Other { .. } = settings.broker {
        let text = "the settings name another broker, so there is none of our own to run";
        return Err(Failure::new(ExitCode::Settings, text).hint("leave broker.url empty"));
    }
    logging::begin(settings.log.format, &settings.log.level)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the log", &error))?;
    System::new().block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Failure> {
    let stop = signals::stop()?;
    let started = RunningBroker::start(settings).await;
    let broker = started.map_err(|error| not_started(&error))?;
    let greeting = format!(
        "{} ({})\n  stores connect to {}\n  headquarters is run beside it with \
         HQ_BROKER__SEPARATE=true and the same settings",
        broker.settings.chain.name, broker.settings.chain.id, broker.address
    );
    // It opens for the stores, whether or not anybody reads this.
    if let Err(failure) = exit::say(&greeting) {
        tracing::warn!(%failure, "greeting");
    }
    notify::ready();
    stop.await;
    tracing::info!("closing");
    notify::stopping();
    broker.stop().await;
    Ok(())
}
