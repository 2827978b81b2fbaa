use std::io::Read as _;
use std::path::Path;

use actix_web::rt::System;
use hq::wiring::RunningBroker;
use serde_json::json;
use service_kit::exit::{self, Failure};
use service_kit::signals;
use tokio::sync::oneshot;

use super::{OfficePorts, Ready, not_started, settings, start};
use crate::cli::DemoPart;

/// Headquarters, or its broker, as the whole of a process: says where it is in one line of JSON,
/// and ends with the one that started it, whose end of the pipe closes however that goes.
///
/// # Errors
/// [`Failure`]: what could not be started.
pub fn run_alone(directory: &Path, ports: OfficePorts, part: DemoPart) -> Result<(), Failure> {
    System::new().block_on(async {
        match part {
            DemoPart::Headquarters => {
                let (running, ready) = start(directory, ports, true).await?;
                until_the_end(&ready).await?;
                running.stop().await;
            }
            DemoPart::Broker => {
                let started = RunningBroker::start(settings(directory, ports)?).await;
                let running = started.map_err(|error| not_started(&error))?;
                let ready = Ready { url: String::new(), broker: running.address };
                until_the_end(&ready).await?;
                running.stop().await;
            }
        }
        Ok(())
    })
}

async fn until_the_end(ready: &Ready) -> Result<(), Failure> {
    let stop = signals::stop()?;
    exit::say(&json!({"url": ready.url, "broker": ready.broker}).to_string())?;
    tokio::select! {
        () = stop => {}
        _ = orphaned() => {}
    }
    Ok(())
}

/// Comes when nobody holds the other end of the standard input any more.
fn orphaned() -> oneshot::Receiver<()> {
    let (gone, is_gone) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = Vec::new();
        // Nothing is ever written to it.
        let _ = std::io::stdin().lock().read_to_end(&mut ignored);
        let _ = gone.send(());
    });
    is_gone
}
