//! A client of the broker that is none of ours: `mosquitto_pub` and `mosquitto_sub`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use hq_wire::link::v1::LinkFile;

use super::running::Hq;
use crate::support;

/// The stream of a journal, as a store's client id has it.
pub const STREAM: &str = "0199aa00-0000-7000-8000-000000000000";

/// Whether the programs are there; otherwise the skip is reported.
pub fn is_there() -> bool {
    support::finds_program("mosquitto_pub")
}

/// Somebody at the broker.
#[derive(Clone)]
pub struct Client {
    pub port: u16,
    pub ca: PathBuf,
    /// The certificate and the key that are shown.
    pub shown: Option<(PathBuf, PathBuf)>,
    pub user: Option<(String, String)>,
    pub id: String,
}

/// Writes a certificate and its key where `mosquitto_pub` reads them.
pub fn shown(directory: &Path, file: &LinkFile) -> (PathBuf, PathBuf) {
    let write = |name: &str, text: &Option<String>| {
        let path = directory.join(format!("{}-{name}.pem", file.store));
        std::fs::write(&path, text.as_ref().expect("the link is encrypted")).unwrap();
        path
    };
    (write("certificate", &file.certificate), write("key", &file.key))
}

impl Client {
    /// A store, by its link file.
    pub fn of(hq: &Hq, store: &str) -> Self {
        let file = hq.link_file(store);
        let ca = hq.directory().join("authority-of-link-file.pem");
        std::fs::write(&ca, file.ca.as_ref().expect("the link is encrypted")).unwrap();
        Self {
            port: hq.broker().port(),
            ca,
            shown: Some(shown(hq.directory(), &file)),
            id: format!("{store}-{STREAM}"),
            user: Some((file.store, file.secret)),
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        command.arg("--cafile").arg(&self.ca).args(["-i", &self.id]);
        if let Some((certificate, key)) = &self.shown {
            command.arg("--cert").arg(certificate).arg("--key").arg(key);
        }
        if let Some((user, secret)) = &self.user {
            command.args(["-u", user, "-P", secret]);
        }
        command.stdin(Stdio::null());
        command
    }

    /// Publishes, and answers what was said of it.
    pub fn publish(&self, topic: &str, payload: &str, retain: bool) -> String {
        let mut command = self.command("mosquitto_pub");
        command.args(["-t", topic, "-m", payload]);
        if retain {
            command.arg("-r");
        }
        said(&command.output().unwrap())
    }

    /// Subscribes for a moment and answers what was said of it: a refusal ends at once.
    pub fn try_subscribing(&self, filter: &str) -> String {
        let mut command = self.command("mosquitto_sub");
        said(&command.args(["-t", filter, "-W", "10", "-E"]).output().unwrap())
    }

    /// Listens to something of a store that was born before: its retained acknowledgement, which
    /// is listened to besides, says when the broker has the subscription.
    pub fn listen(&self, filter: &str) -> Listening {
        let ack = format!("v1/chain/{}/ack/+", self.user.as_ref().expect("a store").0);
        let mut command = self.command("mosquitto_sub");
        command.args(["-t", &ack, "-t", filter, "-F", "%t %p"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut listening = Listening { child, lines };
        listening.next_of("ack");
        listening
    }
}

/// What a program said of why it ended; nothing where all went well.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() || !text.is_empty(), "it says nothing: {output:?}");
    text
}

/// Facts of the stream of a store, as a topic has them.
pub fn facts() -> String {
    format!("facts/{STREAM}")
}

/// A store that was born, and somebody who listens to what comes to it besides.
pub fn born(hq: &Hq, store: &str, filter: &str) -> (Client, Listening) {
    let client = Client::of(hq, store);
    assert_eq!(client.publish(&format!("v1/chain/{store}/status"), &birth(), true), "");
    // Two connections of one client id would end one another.
    let other = Client { id: client.id.replace("0000", "1111"), ..client.clone() };
    (client, other.listen(filter))
}

/// A subscription that goes on.
pub struct Listening {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Listening {
    /// Waits until the broker has ended it, and does not let it in again.
    pub fn ends(&mut self) {
        let mut rest = String::new();
        while self.lines.read_line(&mut rest).unwrap() > 0 {}
        assert!(!self.child.wait().unwrap().success(), "it ended of itself: {rest}");
    }

    /// The next message of a kind: its topic and its payload.
    pub fn next_of(&mut self, kind: &str) -> (String, String) {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended");
            let (topic, payload) = line.trim_end().split_once(' ').unwrap();
            if topic.split('/').nth(3) == Some(kind) {
                return (topic.to_owned(), payload.to_owned());
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A birth, as a store publishes it.
pub fn birth() -> String {
    format!(
        r#"{{"online":true,"boot":"b1","version":"test","stream":"{STREAM}","head":0,"name":"門市",
        "currency":"TWD","time_zone":"Asia/Taipei"}}"#
    )
}
