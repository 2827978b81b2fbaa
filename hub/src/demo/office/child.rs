use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child as Process, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::Deserialize;
use service_kit::exit::{ExitCode, Failure};
use tokio::sync::Notify;

use super::{OfficePorts, Ready};
use crate::cli::DemoPart;

/// How long it waits before it starts the process again; doubled up to the longest.
const PAUSE_FIRST: Duration = Duration::from_millis(200);
const PAUSE_LONGEST: Duration = Duration::from_secs(5);

/// Headquarters or its broker in a process of its own, which is started again whenever it ends.
pub(super) struct Child {
    shared: Arc<Shared>,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    part: DemoPart,
    program: PathBuf,
    directory: PathBuf,
    ports: OfficePorts,
    process: AtomicU32,
    restarted: Notify,
    is_stopping: Mutex<bool>,
    stopping: Condvar,
    input: Mutex<Option<std::process::ChildStdin>>,
}

/// What the process says when it is there.
#[derive(Deserialize)]
struct Said {
    url: String,
    broker: std::net::SocketAddr,
}

impl Child {
    /// Starts the process, and returns when it answers.
    pub(super) fn start(
        part: DemoPart,
        directory: &Path,
        ports: OfficePorts,
    ) -> Result<(Ready, Self), Failure> {
        let failed = |error| Failure::because(ExitCode::System, "starting headquarters", &error);
        let shared = Arc::new(Shared {
            part,
            program: std::env::current_exe().map_err(failed)?,
            directory: directory.to_owned(),
            ports,
            process: AtomicU32::new(0),
            restarted: Notify::new(),
            is_stopping: Mutex::new(false),
            stopping: Condvar::new(),
            input: Mutex::new(None),
        });
        let (process, ready) = shared.spawn().map_err(failed)?;
        let kept = shared.clone();
        let keeper = thread::Builder::new()
            .name(format!("{}'s keeper", part.word()))
            .spawn(move || kept.keep(process))
            .map_err(failed)?;
        Ok((ready, Self { shared, keeper: Mutex::new(Some(keeper)) }))
    }

    pub(super) fn process(&self) -> u32 {
        self.shared.process.load(Ordering::Relaxed)
    }

    /// Comes when the process was started again; once is kept for whoever asks later.
    pub(super) async fn restarted(&self) {
        self.shared.restarted.notified().await;
    }

    /// Closes the process's input, at which it ends, and waits for it.
    pub(super) fn stop(&self) {
        *locked(&self.shared.is_stopping) = true;
        self.shared.stopping.notify_all();
        drop(locked(&self.shared.input).take());
        if let Some(keeper) = locked(&self.keeper).take() {
            let _ = keeper.join();
        }
    }
}

impl Shared {
    /// Starts the process, and returns when it answers.
    fn spawn(&self) -> std::io::Result<(Process, Ready)> {
        let mut process = Command::new(&self.program)
            .args(["demo-hq", self.part.word()])
            .arg("--data-dir")
            .arg(&self.directory)
            .args(["--port", &self.ports.page.to_string()])
            .args(["--broker-port", &self.ports.broker.to_string()])
            // Ctrl-C is for the one who started it: it closes headquarters after the stores.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        self.process.store(process.id(), Ordering::Relaxed);
        *locked(&self.input) = process.stdin.take();
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let Ok(Said { url, broker }) = serde_json::from_str(&line) else {
            let status = process.wait()?;
            return Err(std::io::Error::other(format!("its process ended: {status}")));
        };
        Ok((process, Ready { url, broker }))
    }

    fn keep(&self, mut process: Process) {
        let mut pause = PAUSE_FIRST;
        loop {
            let ended = process.wait();
            if *locked(&self.is_stopping) {
                return;
            }
            tracing::warn!(part = self.part.word(), ?ended, "a process ended; it is started again");
            process = loop {
                let waited =
                    self.stopping.wait_timeout_while(locked(&self.is_stopping), pause, |it| !*it);
                if *waited.unwrap_or_else(PoisonError::into_inner).0 {
                    return;
                }
                match self.spawn() {
                    Ok((process, _)) => break process,
                    Err(error) => {
                        tracing::warn!(part = self.part.word(), %error, "starting it again")
                    }
                }
                pause = (pause * 2).min(PAUSE_LONGEST);
            };
            pause = PAUSE_FIRST;
            // Ends at once where the wish to stop came while it started.
            if *locked(&self.is_stopping) {
                drop(locked(&self.input).take());
            }
            self.restarted.notify_one();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
