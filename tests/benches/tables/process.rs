//! The hub's own program, started as a store starts it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};

use super::browser::Browser;
use crate::support;

/// Longest wait for a start.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running hub.
pub struct Hub {
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

impl Hub {
    /// Starts one and waits until it is ready.
    pub fn start(data_dir: &Path, registers: usize) -> Self {
        let begun = Instant::now();
        let mut child = Command::new(support::hub_binary())
            .args(["run", "--port", "0", "--data-dir"])
            .arg(data_dir)
            .env("HUB_REGISTERS__COUNT", registers.to_string())
            .env("HUB_LOG__LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        // Ends with the process; nobody listens any more by then.
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| said.send(line).is_ok())
        });
        let url = line_with(&lines, "http://");
        while Browser::open(&url).get("/readyz").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "the hub does not become ready");
        }
        let ready_after = begun.elapsed();
        Self { child, lines, url, ready_after }
    }

    /// The code that sets it up, where it has not been; waits for it.
    pub fn setup_code(&self) -> String {
        let line = line_with(&self.lines, "one-time set-up code: ");
        line.split_whitespace().next().unwrap_or_default().to_owned()
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
        assert!(self.child.wait().unwrap().success(), "the hub must stop in order");
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have stopped by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What stands in the next line that has this text, the text included where it is a URL.
fn line_with(lines: &Receiver<String>, text: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = lines.recv_timeout(left).expect("the hub says where it is");
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
