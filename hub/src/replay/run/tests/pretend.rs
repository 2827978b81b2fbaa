//! A store behind a real socket: HTTP/1.1 as the contract has it, over a [`Till`], with a network
//! that loses answers after the work is done.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use store_core::{StoreId, WorkstationId};

use super::till::Till;
use crate::replay::catalogue::PriceList;
use crate::replay::file::FileTime;
use crate::replay::run::{HostError, RunningStore, StoreHost, StoreOpening, locked};
use crate::replay::stores::{JournalReadError, SoldSale, StoreJournals};

/// Every so many answers one is lost.
const LOST_ONE_IN: u64 = 7;

#[derive(Default)]
struct Store {
    till: Till,
    manager_pin: Option<String>,
    cashiers: BTreeMap<String, String>,
    clocks: HashMap<String, FileTime>,
    requests: u64,
    /// Stops taking commands after so many, as a killed process does.
    commands_left: Option<u64>,
    /// Forgets a draft every so many commands, as a cut of the power does.
    forgets_one_in: Option<u64>,
    forgotten: u64,
}

/// All stores; they outlive the runs, as their directories would.
pub struct Chain {
    prices: PriceList,
    directory: PathBuf,
    stores: Mutex<BTreeMap<StoreId, Arc<Mutex<Store>>>>,
}

struct Running {
    store: Arc<Mutex<Store>>,
    url: String,
    directory: PathBuf,
}

impl Chain {
    pub fn new(prices: PriceList, directory: &Path) -> Self {
        Self { prices, directory: directory.to_owned(), stores: Mutex::default() }
    }

    fn store(&self, id: &StoreId) -> Arc<Mutex<Store>> {
        let mut stores = locked(&self.stores);
        let fresh = || Store { till: Till::new(&self.prices), ..Store::default() };
        stores.entry(id.clone()).or_insert_with(|| Arc::new(Mutex::new(fresh()))).clone()
    }

    /// Refuses every command of a store after so many.
    pub fn limit(&self, id: &StoreId, commands: Option<u64>) {
        locked(&self.store(id)).commands_left = commands;
    }

    /// Forgets drafts of a store from now on.
    pub fn forget(&self, id: &StoreId, one_in: u64) {
        locked(&self.store(id)).forgets_one_in = Some(one_in);
    }

    /// How many drafts were forgotten.
    pub fn forgotten(&self, id: &StoreId) -> u64 {
        locked(&self.store(id)).forgotten
    }

    /// Lets a store forget at the end of a basket which commands it took in.
    pub fn sells_again(&self, id: &StoreId) {
        locked(&self.store(id)).till.is_forgetful = true;
    }

    /// Lets somebody tamper with a store's sales.
    pub fn sales(&self, id: &StoreId, change: impl FnOnce(&mut Vec<SoldSale>)) {
        change(&mut locked(&self.store(id)).till.sales);
    }
}

impl StoreHost for Chain {
    fn open(&self, opening: &StoreOpening<'_>) -> Result<Box<dyn RunningStore>, HostError> {
        let store = self.store(opening.store);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let served = store.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = served.clone();
                thread::spawn(move || serve(&served, stream));
            }
        });
        let directory = self.directory.join(opening.store.as_str());
        std::fs::create_dir_all(&directory)?;
        Ok(Box::new(Running { store, url, directory }))
    }
}

impl RunningStore for Running {
    fn url(&self) -> &str {
        &self.url
    }

    fn setup_code(&self) -> Option<String> {
        locked(&self.store).manager_pin.is_none().then(|| "ABCD-EFGH".to_owned())
    }

    fn directory(&self) -> &Path {
        &self.directory
    }

    fn journal(&self) -> &Path {
        &self.directory
    }

    fn set_clock(&self, workstation: &WorkstationId, time: FileTime) {
        locked(&self.store).clocks.insert(workstation.to_string(), time);
    }

    fn close(self: Box<Self>) -> Result<(), HostError> {
        Ok(())
    }
}

impl StoreJournals for Chain {
    fn sales(
        &self,
        journal: &Path,
        on_sale: &mut dyn FnMut(SoldSale),
    ) -> Result<(), JournalReadError> {
        let name = journal.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let store = self.store(&StoreId::new(name)?);
        locked(&store).till.sales.iter().cloned().for_each(on_sale);
        Ok(())
    }

    fn state(&self, journal: &Path) -> Result<String, JournalReadError> {
        let mut sales = 0;
        StoreJournals::sales(self, journal, &mut |_| sales += 1)?;
        Ok(format!("{sales} sales"))
    }
}

struct Asked {
    line: String,
    cookie: String,
    body: Value,
}

impl Asked {
    fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_default().to_owned()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let mut cookies = self.cookie.split("; ").filter_map(|it| it.split_once('='));
        cookies.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }
}

fn ask(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let (mut line, mut cookie, mut length) = (String::new(), String::new(), 0);
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "cookie" => cookie = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Asked { line, cookie, body: serde_json::from_slice(&body).unwrap_or_default() })
}

fn serve(store: &Mutex<Store>, stream: TcpStream) {
    let mut answers = stream.try_clone().expect("a second handle");
    let mut reader = BufReader::new(stream);
    while let Some(asked) = ask(&mut reader) {
        let mut store = locked(store);
        let (status, cookie, body) = store.answer(&asked);
        store.requests += 1;
        if store.requests.is_multiple_of(LOST_ONE_IN) {
            return;
        }
        let body = body.to_string();
        let cookie = cookie.map_or(String::new(), |it| format!("Set-Cookie: {it}; Path=/\r\n"));
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{cookie}\r\n{body}");
        if answers.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

type Answered = (u16, Option<String>, Value);

fn no((status, code): (u16, &str)) -> Answered {
    (status, None, json!({"code": code}))
}

impl Store {
    fn answer(&mut self, asked: &Asked) -> Answered {
        let path: Vec<&str> =
            asked.line.split(['/', ' ']).filter(|part| !part.is_empty()).collect();
        let workstation = asked.cookie("hub_workstation").unwrap_or_default();
        match path[..] {
            [method, "api", "v1", ref rest @ ..] if asked.cookie("hub_session").is_none() => {
                self.answer_stranger(method, rest, asked)
            }
            ["POST", "api", "v1", "operators"] => self.add_operator(asked),
            ["GET", "api", "v1", "operators"] => {
                let people: Vec<Value> = self.cashiers.keys().map(|id| json!({"id": id})).collect();
                (200, None, json!(people))
            }
            ["GET", "api", "v1", "register"] => {
                let open = self.till.open_basket(&workstation);
                (200, None, json!({"basket": open.map(|id| json!({"transaction_id": id}))}))
            }
            ["GET", "api", "v1", "register", "commands", transaction, command] => {
                let id = transaction.parse().ok();
                let outcome = id.and_then(|id| self.till.outcome(id, command));
                outcome.map_or_else(|| no((404, "not_found")), |outcome| (200, None, outcome))
            }
            ["POST", "api", "v1", "register", "commands"] => {
                self.command(&workstation, &asked.body)
            }
            ["POST", "api", "v1", "session"] => self.open_session(asked),
            _ => no((404, "not_found")),
        }
    }

    /// The routes that need no session.
    fn answer_stranger(&mut self, method: &str, path: &[&str], asked: &Asked) -> Answered {
        match (method, path) {
            ("GET", ["sign-in"]) => (200, None, json!({"needs_setup": self.manager_pin.is_none()})),
            ("POST", ["setup"]) => self.set_up(asked),
            ("POST", ["session"]) => self.open_session(asked),
            ("POST", ["workstations", id, "claim"]) => {
                if Some(asked.text("pin")) != self.manager_pin {
                    return no((401, "bad_credentials"));
                }
                (200, Some(format!("hub_workstation={id}")), json!({"workstation": id}))
            }
            _ => no((401, "not_signed_in")),
        }
    }

    fn set_up(&mut self, asked: &Asked) -> Answered {
        if self.manager_pin.is_some() {
            return no((409, "already_set_up"));
        }
        if asked.text("code") != "ABCD-EFGH" {
            return no((401, "bad_credentials"));
        }
        let pin = asked.body["operator"]["pin"].as_str().unwrap_or_default().to_owned();
        self.manager_pin = Some(pin.clone());
        self.cashiers.insert("replay-manager".to_owned(), pin);
        (201, None, json!({}))
    }

    fn open_session(&mut self, asked: &Asked) -> Answered {
        if self.cashiers.get(&asked.text("operator")) != Some(&asked.text("pin")) {
            return no((401, "bad_credentials"));
        }
        (200, Some(format!("hub_session={}", asked.text("operator"))), json!({}))
    }

    fn add_operator(&mut self, asked: &Asked) -> Answered {
        if self.cashiers.contains_key(&asked.text("id")) {
            return no((409, "operator_exists"));
        }
        self.cashiers.insert(asked.text("id"), asked.text("pin"));
        (201, None, json!({}))
    }

    fn command(&mut self, workstation: &str, envelope: &Value) -> Answered {
        if let Some(left) = &mut self.commands_left {
            if *left == 0 {
                return no((422, "killed"));
            }
            *left -= 1;
        }
        let Some(clock) = self.clocks.get(workstation).copied() else {
            return no((500, "no_clock"));
        };
        match self.till.command(workstation, clock, envelope) {
            Ok((outcome, repeated)) => {
                if self.forgets_one_in.is_some_and(|it| self.requests.is_multiple_of(it)) {
                    self.forgotten += u64::from(self.till.forget_last());
                }
                (200, None, json!({"repeated": repeated, "outcome": outcome, "view": {}}))
            }
            Err(refusal) => no(refusal),
        }
    }
}
