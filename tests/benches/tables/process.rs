//! The programs themselves, started as a store and headquarters start them.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};

use super::browser::Browser;
use crate::support;

/// Longest wait for a start.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running hub, or headquarters.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    /// Where it answers.
    pub url: String,
    /// From the start of the process to its first good answer at `/readyz`.
    pub ready_after: Duration,
}

/// What the system says of a process's memory, in KiB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// What is in memory now.
    pub resident: u64,
    /// The part of it that is the process's own.
    pub anonymous: u64,
    /// The most that ever was.
    pub peak: u64,
}

impl Program {
    /// Starts a hub and waits until it is ready.
    pub fn hub(data_dir: &Path, registers: usize) -> Self {
        Self::start(hub(data_dir, registers))
    }

    /// The same for a store that has a line to headquarters, which it tries again soon.
    pub fn linked_hub(data_dir: &Path, registers: usize, link: &Path) -> Self {
        let mut hub = hub(data_dir, registers);
        hub.arg("--link").arg(link).env("HUB_LINK__RETRY_MAX_S", "1");
        Self::start(hub)
    }

    /// Starts headquarters, whose broker takes this port and speaks in clear, and waits until it
    /// is ready.
    pub fn headquarters(data_dir: &Path, broker_port: u16) -> Self {
        let mut hq = Command::new(support::hq_binary());
        hq.args(["run", "--port", "0", "--data-dir"]).arg(data_dir);
        hq.env("HQ_BROKER__PORT", broker_port.to_string()).env("HQ_BROKER__TLS", "false");
        hq.env("HQ_LOG__LEVEL", "warn");
        Self::start(hq)
    }

    fn start(mut program: Command) -> Self {
        let begun = Instant::now();
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        // Ends with the process; nobody listens any more by then.
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| said.send(line).is_ok())
        });
        let url = line_with(&lines, "http://");
        while Browser::open(&url).get("/readyz").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "the program does not become ready");
        }
        let ready_after = begun.elapsed();
        Self { child, lines, url, ready_after }
    }

    /// The code that sets it up, where it has not been; waits for it.
    pub fn setup_code(&self) -> String {
        let line = line_with(&self.lines, "one-time set-up code: ");
        line.split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// Where the broker of headquarters listens.
    pub fn broker(&self) -> SocketAddr {
        line_with(&self.lines, "stores connect to ").parse().unwrap()
    }

    /// How much memory it has.
    pub fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let kib = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
        };
        Memory { resident: kib("VmRSS:"), anonymous: kib("RssAnon:"), peak: kib("VmHWM:") }
    }

    /// Takes its power away.
    pub fn kill(self) {
        drop(self);
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it must stop in order");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have stopped by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hub(data_dir: &Path, registers: usize) -> Command {
    let mut hub = Command::new(support::hub_binary());
    hub.args(["run", "--port", "0", "--data-dir"]).arg(data_dir);
    hub.env("HUB_REGISTERS__COUNT", registers.to_string()).env("HUB_LOG__LEVEL", "warn");
    hub.env("HUB_TILL__POLICY", "none");
    hub
}

/// What stands in the next line that has this text, the text included where it is a URL.
fn line_with(lines: &Receiver<String>, text: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = lines.recv_timeout(left).expect("the program says where it is");
        if let Some((_, rest)) = line.split_once(text) {
            return if text == "http://" { format!("{text}{rest}") } else { rest.to_owned() };
        }
    }
}

/// Makes the system forget what it keeps in memory of a directory's files, as after a power cut;
/// the files are synced.
pub fn forget_files(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let file = File::open(entry.unwrap().path()).unwrap();
        file.sync_all().unwrap();
        fadvise(&file, 0, None, Advice::DontNeed).unwrap();
    }
}
