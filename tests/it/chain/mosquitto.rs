//! A client that is none of ours: `mosquitto_pub` and `mosquitto_sub`, with or without what a store
//! was given.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use uuid::Uuid;

use super::headquarters::Headquarters;
use super::shop::Shop;
use crate::support;

/// What somebody connects with.
#[derive(Clone)]
pub struct Stranger {
    pub broker: SocketAddr,
    pub client: String,
    pub user: Option<String>,
    pub secret: Option<String>,
    pub authority: PathBuf,
    /// A certificate and its key.
    pub shown: Option<(PathBuf, PathBuf)>,
}

/// Whether the programs are there; otherwise the skip is reported.
pub fn are_installed() -> bool {
    support::finds_program("mosquitto_pub") && support::finds_program("mosquitto_sub")
}

impl Stranger {
    /// Somebody with all that is in a store's link file.
    pub fn with_file_of(shop: &Shop, broker: SocketAddr) -> Self {
        let link: toml::Table = std::fs::read_to_string(&shop.link).unwrap().parse().unwrap();
        let text = |key: &str| link[key].as_str().unwrap().to_owned();
        let file = |key: &str| {
            let path = shop.link.with_extension(key);
            std::fs::write(&path, text(key)).unwrap();
            path
        };
        Self {
            broker,
            client: format!("{}-{}", shop.id, Uuid::now_v7()),
            user: Some(shop.id.to_string()),
            secret: Some(text("secret")),
            authority: file("ca"),
            shown: Some((file("certificate"), file("key"))),
        }
    }

    /// The same with the name and the secret of headquarters itself.
    pub fn as_headquarters(&self, hq: &Headquarters) -> Self {
        let secret = std::fs::read_to_string(hq.directory.join("broker.secret")).unwrap();
        Self {
            client: format!("rogue-{}", Uuid::now_v7()),
            user: Some("hq".to_owned()),
            secret: Some(secret),
            ..self.clone()
        }
    }

    fn command(&self, program: &str) -> Command {
        // Line by line, also into a pipe.
        let mut command = Command::new("stdbuf");
        command.args(["-oL", program]);
        command.args(["-V", "mqttv5", "-q", "1", "-i", &self.client]);
        command.args(["-h", &self.broker.ip().to_string(), "-p", &self.broker.port().to_string()]);
        command.arg("--cafile").arg(&self.authority);
        if let Some((certificate, key)) = &self.shown {
            command.arg("--cert").arg(certificate).arg("--key").arg(key);
        }
        if let Some(user) = &self.user {
            command.args(["-u", user]);
        }
        if let Some(secret) = &self.secret {
            command.args(["-P", secret]);
        }
        command
    }

    /// Publishes, and says what came of it.
    pub fn publish(&self, topic: &str, payload: &[u8], is_retained: bool) -> Output {
        let mut command = self.command("mosquitto_pub");
        // It takes no empty message from a pipe.
        let source = if payload.is_empty() { "-n" } else { "-s" };
        command.args(["-t", topic, source]);
        if is_retained {
            command.arg("-r");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that was turned away at once reads nothing.
        let _ = child.stdin.take().unwrap().write_all(payload);
        child.wait_with_output().unwrap()
    }

    /// Asks for a subscription, and says what came of it.
    pub fn subscribe_only(&self, filter: &str) -> Output {
        self.command("mosquitto_sub").args(["-E", "-t", filter]).output().unwrap()
    }

    /// Listens; what is retained comes first.
    pub fn listen(&self, filters: &[&str]) -> Listener {
        let listener = Listener::try_start(self.command("mosquitto_sub"), filters);
        listener.expect("a listener who is let in")
    }

    /// Listens, and leaves this behind when it is killed; none where it is turned away.
    pub fn listen_with_will(&self, filter: &str, topic: &str, payload: &str) -> Option<Listener> {
        let mut command = self.command("mosquitto_sub");
        command.args(["--will-topic", topic, "--will-payload", payload, "--will-qos", "1"]);
        Listener::try_start(command, &[filter])
    }
}

/// Somebody who listens, until this is dropped.
pub struct Listener {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Listener {
    fn try_start(mut command: Command, filters: &[&str]) -> Option<Self> {
        for filter in filters {
            command.args(["-t", filter]);
        }
        // A line for each message, whatever its payload is.
        command.args(["-F", "%t %x", "-d"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("Subscribed") {
            line.clear();
            if lines.read_line(&mut line).unwrap() == 0 {
                child.wait().unwrap();
                return None;
            }
        }
        Some(Self { child, lines })
    }

    /// The next message: its topic and what it says.
    pub fn next(&mut self) -> (String, Vec<u8>) {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it was turned away");
            if let Some((topic, payload)) = line.trim_end().split_once(' ')
                && topic.contains('/')
            {
                return (topic.to_owned(), from_hex(payload));
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
