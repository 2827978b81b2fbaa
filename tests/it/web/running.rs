//! A hub started as `hub run` starts one.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Answer, Browser};
use crate::support;

pub const MANAGER_PIN: &str = "274951";
pub const SUPERVISOR_PIN: &str = "386104";
pub const CASHIER_PIN: &str = "951723";

/// A hub at work on a directory of its own.
pub struct Hub {
    started: Started,
    directory: tempfile::TempDir,
    settings: Vec<(String, String)>,
}

/// One run of it, and what it said to the one who started it.
struct Started {
    child: Child,
    stdout: BufReader<ChildStdout>,
    greeting: String,
    plain: SocketAddr,
    tls: Option<SocketAddr>,
    setup_code: Option<String>,
}

/// The command that starts a hub, not started yet.
pub fn command(data: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(support::hub_binary());
    command.args(["run", "--data-dir"]).arg(data).env("HUB_HTTP__PORT", "0");
    command.env("HUB_HTTP__LISTEN", "127.0.0.1").env("HUB_LOG__LEVEL", "debug");
    command.env("HUB_TILL__POLICY", "none");
    command.envs(settings.iter().copied());
    command.stdin(Stdio::null());
    command
}

/// An address of this machine that is not loopback; the skip is reported where there is none.
pub fn lan_address() -> Option<IpAddr> {
    let found = service_kit::certificates::lan_addresses().into_iter().find(IpAddr::is_ipv4);
    if found.is_none() {
        support::skip("this machine has no address besides loopback");
    }
    found
}

impl Hub {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with these variables of its environment.
    pub fn start_with(settings: &[(&str, &str)]) -> Self {
        let directory = support::temp_dir("web");
        let owned = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let settings: Vec<_> = owned.collect();
        let started = spawn(directory.path(), &settings, true);
        Self { started, directory, settings }
    }

    /// Stops it by SIGTERM and starts it again on the same directory.
    pub fn restart(&mut self) {
        self.restart_after(|_| {});
    }

    /// The same, with something done to its directory while it is down.
    pub fn restart_after(&mut self, change: impl FnOnce(&Path)) {
        let is_new = self.browser().get("/api/v1/sign-in").json()["needs_setup"] == true;
        let pid = self.started.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.started.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.started.child.wait().unwrap().success(), "it stops by protocol");
        change(self.directory.path());
        self.started = spawn(self.directory.path(), &self.settings, is_new);
    }

    pub fn greeting(&self) -> &str {
        &self.started.greeting
    }

    pub fn plain(&self) -> SocketAddr {
        self.started.plain
    }

    pub fn tls(&self) -> SocketAddr {
        self.started.tls.expect("HTTPS is on")
    }

    pub fn setup_code(&self) -> &str {
        self.started.setup_code.as_deref().expect("a new hub has a code")
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap()
    }

    pub fn browser(&self) -> Browser {
        Browser::plain(self.plain())
    }

    /// A browser that has installed the authority.
    pub fn encrypted_browser(&self) -> Browser {
        let authority = self.browser().get("/ca.crt");
        assert_eq!(authority.status, 200);
        Browser::encrypted(self.tls(), &authority.body)
    }

    /// Makes the first manager, `m1`.
    pub fn set_up(&self) {
        assert_eq!(set_up(&mut self.browser(), self.setup_code(), "m1").status, 201);
    }

    /// Makes the manager `m1`, the supervisor `s1` and the cashier `c1`.
    pub fn set_up_people(&self) {
        self.set_up();
        let mut manager = self.browser();
        assert_eq!(sign_in(&mut manager, "m1", MANAGER_PIN).status, 200);
        for (id, role, pin) in
            [("s1", "supervisor", SUPERVISOR_PIN), ("c1", "cashier", CASHIER_PIN)]
        {
            let person = json!({ "id": id, "name": "王小明", "role": role, "pin": pin });
            assert_eq!(manager.post("/api/v1/operators", &person).status, 201);
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a hub and reads what it says; a new one also says its set-up code.
fn spawn(directory: &Path, settings: &[(String, String)], is_new: bool) -> Started {
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let log = File::options().create(true).append(true).open(directory.join("log")).unwrap();
    let mut command = command(directory, &settings);
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut greeting = String::new();
    let last = if is_new { "set-up code" } else { "data in" };
    while !greeting.contains(last) {
        assert!(stdout.read_line(&mut greeting).unwrap() > 0, "the hub ended: {greeting}");
    }
    let after = |mark: &str| {
        let rest = greeting.split(mark).nth(1)?;
        Some(rest.split_whitespace().next()?.to_owned())
    };
    let address = |scheme: &str| Some(after(scheme)?.parse::<SocketAddr>().unwrap());
    let plain = address("  http://").expect("a URL");
    let (tls, setup_code) = (address("  https://"), after("set-up code: "));
    Started { child, stdout, greeting, plain, tls, setup_code }
}

pub fn set_up(browser: &mut Browser, code: &str, id: &str) -> Answer {
    let operator = json!({ "id": id, "name": "林經理", "pin": MANAGER_PIN });
    browser.post("/api/v1/setup", &json!({ "code": code, "operator": operator }))
}

pub fn sign_in(browser: &mut Browser, operator: &str, pin: &str) -> Answer {
    browser.post("/api/v1/session", &sign_in_body(operator, pin))
}

pub fn sign_in_body(operator: &str, pin: &str) -> Value {
    json!({ "operator": operator, "pin": pin, "command_id": Uuid::now_v7() })
}

pub fn claim(browser: &mut Browser, workstation: &str) -> Answer {
    let body = json!({ "operator": "m1", "pin": MANAGER_PIN });
    browser.post(&format!("/api/v1/workstations/{workstation}/claim"), &body)
}
