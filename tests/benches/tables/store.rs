//! A hub in this process, on a thread of its own, with the echo beside it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use hub::clock::SystemClock;
use hub::settings::{self, Flags};
use hub::wiring::{self, StartOptions};
use store_core::device::Devices;
use store_core::till::TillPolicy;
use tokio::sync::oneshot;

use super::echo;

/// Both servers.
pub struct Servers {
    /// Where the hub is.
    pub hub: String,
    /// Where the echo is.
    pub echo: String,
    /// What sets the hub up.
    pub setup_code: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// Starts both, with the settings that a store has which says nothing, but for its registers.
pub fn start(data_dir: &Path, registers: u16, sample: String) -> Servers {
    start_with(data_dir, registers, sample, Devices::default())
}

/// The same with devices.
pub fn start_with(data_dir: &Path, registers: u16, sample: String, devices: Devices) -> Servers {
    let flags =
        Flags { data_dir: Some(data_dir.to_owned()), port: Some(0), config: None, link: None };
    let mut settings = settings::load(&flags).unwrap();
    settings.registers = registers;
    settings.devices = devices;
    settings.till.policy = TillPolicy::None;
    let (stop, stopped) = oneshot::channel();
    let (started, starting) = channel();
    let thread = std::thread::spawn(move || {
        let serving = serve(settings, sample, started, stopped);
        actix_web::rt::System::new().block_on(serving);
    });
    let (hub, echo, setup_code) = starting.recv().unwrap();
    Servers { hub, echo, setup_code, stop, thread }
}

async fn serve(
    settings: settings::Settings,
    sample: String,
    started: Sender<(String, String, String)>,
    stopped: oneshot::Receiver<()>,
) {
    let clock = SystemClock::start(&settings.store.time_zone, None).unwrap();
    let options = StartOptions::new(Arc::new(settings), Arc::new(clock));
    let hub = wiring::start(options).await.unwrap_or_else(|error| panic!("{error}"));
    let url = hub.server.urls().remove(0);
    let setup_code = hub.setup_code.clone().unwrap_or_default();
    started.send((url, echo::start(&sample), setup_code)).unwrap();
    stopped.await.unwrap();
    hub.stop().await;
}

impl Servers {
    /// Stops both.
    pub fn stop(self) {
        self.stop.send(()).unwrap();
        self.thread.join().unwrap();
    }
}
