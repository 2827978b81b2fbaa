//! Headquarters as it is shipped: `hq run` with its own broker, and its stores.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use hub::replay::client::Connection;
use serde_json::{Value, json};
use ureq::http::Method;

use super::proxy::Proxy;
use crate::support;

/// The first administrator; made for each test, known to nobody else.
const ADMIN: &str = "admin";
const PASSWORD: &str = "drei-Kraniche-am-Teich-28";
/// The chain, as topics name it.
pub const CHAIN: &str = "kette";

/// Headquarters, at work or not.
pub struct Headquarters {
    pub directory: PathBuf,
    log: PathBuf,
    settings: Vec<(String, String)>,
    /// Where its broker listens, where that is a process of its own.
    beside: Option<SocketAddr>,
    /// The line of each store.
    lines: BTreeMap<String, Proxy>,
    running: Option<Running>,
}

struct Running {
    child: Child,
    /// Kept open: what it says must go somewhere.
    _said: BufReader<ChildStdout>,
    broker: Option<SocketAddr>,
    /// Signed in when it is first needed: a password takes its time.
    admin: OnceLock<Connection>,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What it said when it was open.
#[derive(Default)]
struct Greeting {
    url: Option<String>,
    broker: Option<SocketAddr>,
    has_broker: bool,
    code: Option<String>,
}

impl Greeting {
    fn hear(&mut self, line: &str) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [address] if address.starts_with("http://") => self.url = Some(address.to_owned()),
            ["stores", "connect", "to", address] => {
                self.has_broker = true;
                self.broker = address.parse().ok();
            }
            ["stores", "connect", ..] => self.has_broker = true,
            ["one-time", "set-up", "code:", code, ..] => self.code = Some(code.to_owned()),
            _ => {}
        }
    }
}

impl Headquarters {
    /// One on a directory below `base`, with these variables of its environment; not started.
    pub fn new(base: &Path, name: &str, settings: &[(&str, &str)]) -> Self {
        let owned = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Self {
            directory: base.join(name),
            log: base.join(format!("{name}.log")),
            settings: owned.collect(),
            beside: None,
            lines: BTreeMap::new(),
            running: None,
        }
    }

    /// One whose broker is a process of its own, at a port that is nobody's now.
    pub fn with_broker_beside(base: &Path, name: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let port = free.port().to_string();
        let settings = [("HQ_BROKER__SEPARATE", "true"), ("HQ_BROKER__PORT", port.as_str())];
        Self { beside: Some(free), ..Self::new(base, name, &settings) }
    }

    /// A command of it, on its directory and with its settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut hq = Command::new(support::hq_binary());
        hq.args(arguments).arg("--data-dir").arg(&self.directory);
        hq.env("HQ_CHAIN__ID", CHAIN).env("HQ_BROKER__PORT", "0").env("HQ_LOG__LEVEL", "info");
        hq.envs(self.settings.iter().map(|(key, value)| (key, value)));
        hq
    }

    /// Has a command of it carried out.
    pub fn must(&self, arguments: &[&str]) {
        let done = self.command(arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    /// Starts it; the first time an administrator is made.
    pub fn start(&mut self) {
        assert!(self.running.is_none());
        let is_new = !self.directory.join("is-set-up").exists();
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut child = self
            .command(&["run", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut heard = Greeting::default();
        let mut line = String::new();
        while heard.url.is_none() || !heard.has_broker || (is_new && heard.code.is_none()) {
            line.clear();
            let length = said.read_line(&mut line).unwrap();
            assert!(length > 0, "headquarters ended:\n{}", self.log());
            heard.hear(&line);
        }
        let url = heard.url.unwrap();
        if let Some(code) = heard.code.filter(|_| is_new) {
            let user = json!({"id": ADMIN, "name": "管理員", "password": PASSWORD});
            let body = json!({"code": code, "user": user});
            let made = Connection::new(&url).send(&Method::POST, "/api/v1/setup", &body).unwrap();
            assert_eq!(made.status, 201, "{made:?}");
            std::fs::write(self.directory.join("is-set-up"), "").unwrap();
        }
        let admin = OnceLock::new();
        self.running = Some(Running { child, _said: said, broker: heard.broker, admin, url });
        self.lines.values().for_each(|line| line.lead_to(self.broker()));
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Ends it by protocol.
    pub fn stop(&mut self) {
        let mut running = self.running.take().unwrap();
        support::terminate(&running.child);
        assert!(running.child.wait().unwrap().success(), "{}", self.log());
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("headquarters runs")
    }

    /// Where its broker listens.
    pub fn broker(&self) -> SocketAddr {
        self.beside.or_else(|| self.running().broker).expect("it has a broker of its own")
    }

    /// Where its API is.
    pub fn url(&self) -> &str {
        &self.running().url
    }

    /// Enrols a store, with a line of its own; the link file.
    pub fn enrol(&mut self, store: &str) -> PathBuf {
        let line = Proxy::new();
        let file = self.directory.with_file_name(format!("{store}.link.toml"));
        let added = self
            .command(&["store", "add", store, "--name", store, "--out", file.to_str().unwrap()])
            .env("HQ_BROKER__ADDRESS", line.address.to_string())
            .output()
            .unwrap();
        assert!(added.status.success(), "{added:?}");
        if self.running.is_some() {
            line.lead_to(self.broker());
        }
        self.lines.insert(store.to_owned(), line);
        file
    }

    /// The line of a store.
    pub fn line(&self, store: &str) -> &Proxy {
        &self.lines[store]
    }

    /// Asks its API, signed in as the administrator.
    pub fn get(&self, path: &str) -> Value {
        self.admin().get(path).unwrap().read(path).unwrap()
    }

    /// As [`Self::get`], where it may not be there yet.
    pub fn look(&self, path: &str) -> Option<Value> {
        self.admin().get(path).unwrap().read(path).ok()
    }

    fn admin(&self) -> &Connection {
        let running = self.running();
        running.admin.get_or_init(|| signed_in(&running.url))
    }

    /// A live stream of it, as a page reads it.
    pub fn live(&self, path: &str) -> impl std::io::Read {
        self.admin().stream(path).unwrap()
    }

    /// As [`Self::get`], as text.
    pub fn text(&self, path: &str) -> String {
        let reply = self.admin().get(path).unwrap();
        assert!(reply.is_success(), "{path}: {reply:?}");
        reply.body
    }

    /// Whether it is ready, as its supervisor asks: the status and the problem's code.
    pub fn ready(&self) -> (u16, String) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent = ureq::Agent::new_with_config(agent);
        let mut answer = agent.get(format!("{}/readyz", self.url())).call().unwrap();
        let body = answer.body_mut().read_to_string().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        let code = body["code"].as_str().unwrap_or_default().to_owned();
        (answer.status().as_u16(), code)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

fn signed_in(url: &str) -> Connection {
    let admin = Connection::new(url);
    let body = json!({"user": ADMIN, "password": PASSWORD});
    let reply = admin.send(&Method::POST, "/api/v1/session", &body).unwrap();
    assert_eq!(reply.status, 201, "{reply:?}");
    admin
}
