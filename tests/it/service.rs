//! The hub under a service manager: what it says when it is open, that it lives, that it closes.

use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support;

/// How long the listener waits for a word; far more than any start takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Listener(UnixDatagram);

impl Listener {
    /// The words that come, up to one that begins so.
    fn hear_until(&self, wanted: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let mut buffer = [0; 4096];
            let length = self.0.recv(&mut buffer).unwrap_or_else(|error| {
                panic!("no {wanted} from the hub, but {heard:?}: {error}");
            });
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            heard.extend(text.lines().map(str::to_owned));
            if heard.iter().any(|word| word.starts_with(wanted)) {
                return heard;
            }
        }
    }
}

#[test]
fn the_service_manager_hears_that_the_hub_is_open_alive_and_closing() {
    let dir = support::temp_dir("service");
    let path = dir.path().join("notify");
    let listener = Listener(UnixDatagram::bind(&path).unwrap());
    listener.0.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut hub = Command::new(support::hub_binary())
        .args(["run", "--port", "0", "--data-dir"])
        .arg(dir.path().join("data"))
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "1000000")
        .env_remove("WATCHDOG_PID")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let heard = listener.hear_until("READY=1");
    assert!(!heard.iter().any(|word| word == "WATCHDOG=1"), "alive before it is open: {heard:?}");
    for _ in 0..3 {
        listener.hear_until("WATCHDOG=1");
    }
    let asked = Command::new("kill").arg("-TERM").arg(hub.id().to_string()).status().unwrap();
    assert!(asked.success());
    listener.hear_until("STOPPING=1");
    assert!(hub.wait().unwrap().success(), "a hub that is asked to close ends well");
}

#[test]
fn a_hub_whose_words_nobody_reads_any_more_opens_and_closes_all_the_same() {
    let dir = support::temp_dir("unheard");
    let path = dir.path().join("notify");
    let listener = Listener(UnixDatagram::bind(&path).unwrap());
    listener.0.set_read_timeout(Some(PATIENCE)).unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut hub = Command::new(support::hub_binary())
        .args(["run", "--port", "0", "--data-dir"])
        .arg(dir.path().join("data"))
        .env("NOTIFY_SOCKET", &path)
        .stdout(writer.try_clone().unwrap())
        .stderr(writer)
        .spawn()
        .unwrap();
    listener.hear_until("READY=1");
    support::terminate(&hub);
    assert!(hub.wait().unwrap().success(), "the store was open and closed well");
}
