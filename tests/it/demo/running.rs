//! A demonstration as a process, with what it printed.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use hub::replay::client::Connection;
use hub::replay::headquarters::{Headquarters, HeadquartersTrade};
use serde_json::{Value, json};
use ureq::http::Method;
use uuid::Uuid;

use crate::support;

/// A lager at 4.99.
const LAGER: &str = "0450000000010";
/// What a lager costs, in minor units.
pub const LAGER_NET: i64 = 499;
const COMMANDS: &str = "/api/v1/register/commands";

/// One store as it was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub id: String,
    pub url: String,
    pub manager_pin: String,
    pub cashier_pin: String,
}

/// A demonstration at work; it is killed when the value is dropped.
pub struct Demo {
    child: Child,
    pub data: PathBuf,
    pub headquarters: Headquarters,
    pub stores: Vec<Printed>,
}

/// The first of four ports that are nobody's, as far as can be known.
pub fn free_ports() -> u16 {
    loop {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let Some(last) = port.checked_add(3) else { continue };
        let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if (port + 1..=last).all(|port| bind(port).is_ok()) {
            return port;
        }
    }
}

pub fn command(data: &Path, port: u16, flags: &[&str]) -> Command {
    let mut command = Command::new(support::hub_binary());
    command.args(["demo", "--port", &port.to_string(), "--data-dir"]).arg(data).args(flags);
    command
}

impl Demo {
    pub fn start(data: &Path, flags: &[&str]) -> Self {
        let mut child = command(data, free_ports(), flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            said.push(line.unwrap());
            if said.last().unwrap().contains("Ctrl-C") {
                break;
            }
        }
        let words: Vec<Vec<&str>> = said
            .iter()
            .map(|line| line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect())
            .collect();
        let mut urls = Vec::new();
        let (mut user, mut password) = (String::new(), String::new());
        let (mut ids, mut pins) = (Vec::new(), Vec::new());
        for words in &words {
            match words[..] {
                [url] if url.starts_with("http://127.0.0.1:") => urls.push(url.to_owned()),
                ["user", id, "password", secret] => {
                    (user, password) = (id.to_owned(), secret.to_owned());
                }
                ["manager", "PIN", manager, "cashier-1", "PIN", cashier] => {
                    pins.push((manager.to_owned(), cashier.to_owned()));
                }
                [.., id] if id.starts_with('(') => {
                    ids.push(id.trim_matches(['(', ')']).to_owned());
                }
                _ => {}
            }
        }
        assert_eq!((urls.len(), ids.len(), pins.len()), (4, 3, 3), "{said:#?}");
        let headquarters = Headquarters { url: urls.remove(0), user, password };
        let stores = ids.into_iter().zip(urls).zip(pins);
        let printed =
            |((id, url), (manager_pin, cashier_pin))| Printed { id, url, manager_pin, cashier_pin };
        Self { child, data: data.to_owned(), headquarters, stores: stores.map(printed).collect() }
    }

    /// What headquarters has, all days.
    pub fn trade(&self) -> HeadquartersTrade {
        self.headquarters.read().unwrap()
    }

    /// Which processes there are, as they are written down.
    pub fn processes(&self) -> Value {
        let text = std::fs::read(self.data.join("processes.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// Asks it to end as Ctrl-C does, and waits: how long that took.
    pub fn interrupt(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        signal(self.child.id(), "INT");
        (self.child.wait().unwrap(), begun.elapsed())
    }

    /// Ends it at once.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn signal(process: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", "kill -$0 $1", name, &process.to_string()]).status();
    assert!(sent.unwrap().success(), "no process {process}");
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has ended already, unless the test failed on the way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Printed {
    /// A browser at register 1, as the screen leads there: claimed by the manager, signed on by
    /// the cashier.
    pub fn register(&self) -> Connection {
        let browser = Connection::new(&self.url);
        let body = json!({"operator": "manager", "pin": self.manager_pin});
        let claimed = browser.send(&Method::POST, "/api/v1/workstations/1/claim", &body).unwrap();
        assert!(claimed.is_success(), "{claimed:?}");
        let body = json!({"operator": "cashier-1", "pin": self.cashier_pin,
            "command_id": Uuid::now_v7()});
        let signed_on = browser.send(&Method::POST, "/api/v1/session", &body).unwrap();
        assert!(signed_on.is_success(), "{signed_on:?}");
        browser
    }
}

/// Sells a lager for cash: the sale's id.
pub fn sell_a_lager(register: &Connection) -> String {
    let sale = Uuid::now_v7().to_string();
    let due = json!({"amount": "4.99", "currency": "EUR"});
    let commands = [
        json!({"type": "scan_item", "code": LAGER}),
        json!({"type": "tender", "tender_type": "cash", "amount": due, "total": due}),
        json!({"type": "complete"}),
    ];
    for (version, command) in commands.iter().enumerate() {
        let body = json!({"command_id": Uuid::now_v7(), "transaction_id": sale,
            "version": version, "command": command});
        let answered = register.send(&Method::POST, COMMANDS, &body).unwrap();
        assert!(answered.is_success(), "{command}: {answered:?}");
    }
    sale
}
