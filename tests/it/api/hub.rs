//! A hub of its own for one test: a real process, asked over real HTTP.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::support;

/// The manager of every store of these tests.
pub const MANAGER: &str = "m1";
/// The manager's PIN.
pub const PIN: &str = "274951";

/// A running hub; it is killed when the value is dropped.
pub struct Hub {
    child: Child,
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// The code of the first start.
    pub setup_code: Option<String>,
}

impl Hub {
    /// Starts a hub on a data directory. Its log is left there as `log`.
    pub fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    /// Starts a hub with variables of the environment.
    pub fn start_with(data_dir: &Path, variables: &[(&str, &str)]) -> Self {
        // Asked before the start, which makes the journal.
        let is_first = !data_dir.join("journal.db").exists();
        Self::start_as(is_first, data_dir, variables)
    }

    /// As [`Self::start_with`], by somebody who knows whether it was never set up.
    pub fn start_as(is_first: bool, data_dir: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_by(None, is_first, data_dir, variables)
    }

    /// As [`Self::start_as`], with a file of settings.
    pub fn start_by(
        config: Option<&Path>,
        is_first: bool,
        data_dir: &Path,
        variables: &[(&str, &str)],
    ) -> Self {
        std::fs::create_dir_all(data_dir).unwrap();
        let log = data_dir.with_extension("log");
        let mut child = Command::new(support::hub_binary())
            .args(["run", "--port", "0", "--data-dir"])
            .arg(data_dir)
            .args(config.iter().flat_map(|file| [Path::new("--config"), file]))
            .envs([("HUB_HTTP__LISTEN", "127.0.0.1"), ("HUB_HTTP__TLS_PORT", "0")])
            // Who wants to try tills says so.
            .env("HUB_TILL__POLICY", "none")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, greeting) = mpsc::channel();
        // Read to the end, so that the hub never finds its output closed.
        thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        let mut hub = Self { child, url: String::new(), setup_code: None };
        while let Ok(line) = greeting.recv() {
            hub.greeted(&line);
            if !hub.url.is_empty() && (hub.setup_code.is_some() || !is_first) {
                return hub;
            }
        }
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        panic!("the hub did not start: {said}");
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        support::terminate(&self.child);
        self.child.wait().unwrap()
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn greeted(&mut self, line: &str) {
        let line = line.trim();
        if self.url.is_empty() && line.starts_with("http://") {
            line.split_whitespace().next().unwrap().clone_into(&mut self.url);
        }
        if let Some((_, code)) = line.split_once("set-up code: ") {
            self.setup_code = code.split_whitespace().next().map(str::to_owned);
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
    }
}
