use std::io::Read as _;
use std::path::Path;

use actix_web::rt::System;
use serde_json::json;
use service_kit::exit::{self, Failure};
use service_kit::signals;
use tokio::sync::oneshot;

use super::{OfficePorts, start};

/// Headquarters as the whole of a process: says where it is in one line of JSON, and ends with the
/// one that started it, whose end of the pipe closes however that goes.
///
/// # Errors
/// [`Failure`]: what could not be started.
pub fn run_alone(directory: &Path, ports: OfficePorts) -> Result<(), Failure> {
    System::new().block_on(async {
        let stop = signals::stop()?;
        let (running, ready) = start(directory, ports).await?;
        let line = json!({"url": ready.url, "broker": ready.broker});
        exit::say(&line.to_string())?;
        tokio::select! {
            () = stop => {}
            _ = orphaned() => {}
        }
        running.stop().await;
        Ok(())
    })
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
