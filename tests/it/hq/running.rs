//! Headquarters started as `hq run` starts it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use hq_wire::link::v1::LinkFile;
use serde_json::{Value, json};

use crate::support;
use crate::web::client::{Answer, Browser};

pub const PASSWORD: &str = "vier Pferde am Rand";

/// The stores of the tests, with their regions.
pub const STORES: [(&str, &str); 2] = [("S-1", "north"), ("S-2", "south")];

/// Headquarters at work on a directory of its own, with two stores.
pub struct Hq {
    started: Started,
    directory: tempfile::TempDir,
    settings: Vec<(&'static str, String)>,
}

struct Started {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    plain: SocketAddr,
    broker: SocketAddr,
    setup_code: Option<String>,
}

/// The program with these words, on a data directory, without what a variable of whoever runs the
/// tests says.
pub fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(support::hq_binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HQ_") {
            command.env_remove(name);
        }
    }
    command.args(words).arg("--data-dir").arg(data);
    command.env("HQ_BROKER__PORT", "0").stdin(Stdio::null());
    command
}

/// Adds a store: the file that it is given.
pub fn add_store(data: &Path, id: &str, region: &str) -> PathBuf {
    let out = data.join(format!("{id}.toml"));
    let mut command = command(data, &["store", "add", id, "--region", region]);
    // The broker is not running yet: its port is of no interest to these tests.
    let added = command
        .arg("--out")
        .arg(&out)
        .env("HQ_BROKER__ADDRESS", "127.0.0.1:8883")
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    out
}

impl Hq {
    pub fn start() -> Self {
        Self::start_with(&[], |_| ())
    }

    /// The same with settings of its own, as variables, and after something was put into the
    /// directory.
    pub fn start_with(settings: &[(&'static str, &str)], prepare: impl FnOnce(&Path)) -> Self {
        let directory = support::temp_dir("hq");
        for (id, region) in STORES {
            add_store(directory.path(), id, region);
        }
        prepare(directory.path());
        let settings: Vec<_> =
            settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let started = spawn(directory.path(), true, &settings);
        Self { started, directory, settings }
    }

    /// Stops it by SIGTERM and starts it again on the same directory.
    pub fn restart(&mut self) {
        let is_new = self.browser().get("/api/v1/session").code() == "not_set_up";
        assert!(self.stop().success(), "it stops by protocol");
        self.started = spawn(self.directory.path(), is_new, &self.settings);
    }

    pub fn stop(&mut self) -> ExitStatus {
        support::terminate(&self.started.child);
        self.started.child.wait().unwrap()
    }

    pub fn ask_to_stop(&self) {
        support::terminate(&self.started.child);
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn broker(&self) -> SocketAddr {
        self.started.broker
    }

    pub fn setup_code(&self) -> &str {
        self.started.setup_code.as_deref().expect("a new headquarters has a code")
    }

    pub fn browser(&self) -> Browser {
        Browser::plain(self.started.plain)
    }

    /// What a store was given.
    pub fn link_file(&self, store: &str) -> LinkFile {
        let path = self.directory.path().join(format!("{store}.toml"));
        toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// Makes the administrator `a1`, signed in.
    pub fn administrator(&self) -> Browser {
        let mut browser = self.browser();
        let made = set_up(&mut browser, self.setup_code(), "a1");
        assert_eq!(made.status, 201, "{}", made.text());
        sign_in(&mut browser, "a1");
        browser
    }

    /// Makes `a1`, and readers of the chain, of the north and of the store S-2.
    pub fn set_up_people(&self) {
        let mut administrator = self.administrator();
        for (id, role, scope) in [
            ("c1", "chain", json!([])),
            ("r1", "region", json!(["north"])),
            ("s2", "store", json!(["S-2"])),
        ] {
            let user = json!({
                "id": id, "name": "王小明", "role": role, "scope": scope, "password": PASSWORD,
            });
            let added = administrator.post("/api/v1/users", &user);
            assert_eq!(added.status, 201, "{}", added.text());
        }
    }

    /// A browser with somebody's session.
    pub fn browser_of(&self, user: &str) -> Browser {
        let mut browser = self.browser();
        sign_in(&mut browser, user);
        browser
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(directory: &Path, is_new: bool, settings: &[(&str, String)]) -> Started {
    let log = File::options().create(true).append(true).open(directory.join("log")).unwrap();
    let mut child = command(directory, &["run", "--port", "0"])
        .env("HQ_LOG__LEVEL", "debug")
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut greeting = String::new();
    let last = if is_new { "set-up code" } else { "data in" };
    while !greeting.contains(last) {
        assert!(stdout.read_line(&mut greeting).unwrap() > 0, "it ended: {greeting}");
    }
    let after = |mark: &str| {
        let rest = greeting.split(mark).nth(1)?;
        Some(rest.split_whitespace().next()?.to_owned())
    };
    let address = |mark: &str| after(mark).expect(mark).parse().expect(mark);
    let (plain, broker) = (address("  http://"), address("stores connect to "));
    let setup_code = after("set-up code: ");
    Started { child, _stdout: stdout, plain, broker, setup_code }
}

pub fn set_up(browser: &mut Browser, code: &str, id: &str) -> Answer {
    let user = json!({ "id": id, "name": "林經理", "password": PASSWORD });
    browser.post("/api/v1/setup", &json!({ "code": code, "user": user }))
}

pub fn sign_in(browser: &mut Browser, user: &str) {
    let answer = try_password(browser, user, PASSWORD);
    assert_eq!(answer.status, 201, "{user}: {}", answer.text());
}

pub fn try_password(browser: &mut Browser, user: &str, password: &str) -> Answer {
    browser.post("/api/v1/session", &json!({ "user": user, "password": password }))
}

/// How long something may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks until the answer is as it should be.
pub fn wait_for(browser: &mut Browser, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let answer = browser.get(path);
        if answer.status == 200 && holds(&answer.json()) {
            return answer.json();
        }
        assert!(begun.elapsed() < PATIENCE, "{path} never holds: {}", answer.text());
    }
}
