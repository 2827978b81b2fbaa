//! A store as it is shipped: `hub run --link`, with registers that sell.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use hub::replay::client::{Credentials, Crew, Entered, RegisterClient, StoreAccess, sign_on};
use hub::replay::run::StoreOpening;
use serde_json::Value;
use store_core::StoreId;
use store_journal::{LedgerReads as _, Reader};

use super::trade::Trade;
use super::until::until;
use crate::replay::process::config;
use crate::support;

/// Registers of each store.
const REGISTERS: usize = 2;

/// A store, at work or not.
pub struct Shop {
    pub id: StoreId,
    /// Its data directory.
    pub directory: PathBuf,
    pub link: PathBuf,
    settings: PathBuf,
    log: PathBuf,
    trade: Trade,
    running: Option<Running>,
    tills: Vec<RegisterClient>,
}

struct Running {
    child: Child,
    /// Kept open: what the hub says must go somewhere.
    _said: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Registers that sell until they are told to stop.
pub struct Selling {
    must_stop: Arc<AtomicBool>,
    sold: Arc<AtomicUsize>,
    registers: Vec<JoinHandle<RegisterClient>>,
}

impl Selling {
    pub fn sold(&self) -> usize {
        self.sold.load(Ordering::Relaxed)
    }

    /// Waits until so many more customers were served: whatever happens meanwhile, selling goes on.
    pub fn goes_on(&self, more: usize) {
        let enough = self.sold() + more;
        until("the registers go on selling", || self.sold() >= enough, || self.sold().to_string());
    }
}

impl Shop {
    /// A store that sells by the trade's catalogue; it is not started.
    pub fn new(base: &Path, id: &str, link: PathBuf, trade: &Trade) -> Self {
        let store = StoreId::new(id).unwrap();
        let shop = Self {
            directory: base.join(id),
            settings: base.join(format!("{id}.toml")),
            log: base.join(format!("{id}.log")),
            id: store,
            link,
            trade: trade.clone(),
            running: None,
            tills: Vec::new(),
        };
        let opening = StoreOpening {
            store: &shop.id,
            currency: Trade::currency(),
            zone: Trade::zone(),
            registers: REGISTERS,
            begins: None,
        };
        std::fs::write(&shop.settings, config(&opening)).unwrap();
        shop.must(&["import", trade.catalogue().to_str().unwrap()]);
        shop
    }

    /// The same store on a copy of its directory, as if somebody had cloned the disk.
    pub fn copied(&self, name: &str) -> Self {
        let directory = self.directory.with_file_name(name);
        copy(&self.directory, &directory);
        Self {
            id: self.id.clone(),
            directory,
            link: self.link.clone(),
            settings: self.settings.clone(),
            log: self.log.with_file_name(format!("{name}.log")),
            trade: self.trade.clone(),
            running: None,
            tills: Vec::new(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut hub = Command::new(support::hub_binary());
        hub.args(arguments).arg("--config").arg(&self.settings);
        hub.arg("--data-dir").arg(&self.directory);
        // A store tries again soon: the tests wait for it.
        hub.env("HUB_LINK__RETRY_MAX_S", "1").env("HUB_LOG__LEVEL", "info");
        hub.env("HUB_TILL__POLICY", "none");
        hub
    }

    /// Has a command of the hub carried out.
    pub fn must(&self, arguments: &[&str]) -> String {
        let done = self.command(arguments).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// Starts it and brings its registers to work.
    pub fn start(&mut self) {
        assert!(self.running.is_none(), "{} is at work", self.id);
        let is_new = !Credentials::path(&self.directory).exists();
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut child = self
            .command(&["run", "--port", "0", "--link", self.link.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let (mut url, mut code) = (None, None);
        let mut line = String::new();
        while url.is_none() || (is_new && code.is_none()) {
            line.clear();
            let length = said.read_line(&mut line).unwrap();
            assert!(length > 0, "the hub of {} ended:\n{}", self.id, self.log());
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                [address] if address.starts_with("http://") => url = Some(address.to_owned()),
                ["one-time", "set-up", "code:", it, ..] => code = Some(it.to_owned()),
                _ => {}
            }
        }
        self.running = Some(Running { child, _said: said });
        let (url, directory) = (url.unwrap(), self.directory.as_path());
        let setup_code = code.as_deref();
        let access = StoreAccess { url: &url, setup_code, directory, crew: Crew::REPLAY };
        let (registers, is_resumed) = sign_on(access, REGISTERS).unwrap();
        let till = |(_, connection)| RegisterClient::new(connection, Trade::currency(), is_resumed);
        self.tills = registers.into_iter().map(till).collect();
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.tills.clear();
        self.running = None;
    }

    /// Ends it by protocol.
    pub fn stop(&mut self) {
        self.tills.clear();
        let mut running = self.running.take().unwrap();
        support::terminate(&running.child);
        assert!(running.child.wait().unwrap().success(), "{}", self.log());
    }

    /// Serves so many customers, at all registers.
    pub fn sell(&mut self, customers: usize) {
        let selling = self.begin_selling(customers);
        self.end_selling(selling, false);
    }

    /// Lets the registers sell in the background.
    pub fn keep_selling(&mut self) -> Selling {
        self.begin_selling(usize::MAX)
    }

    /// Ends what [`Self::keep_selling`] began, and says how many were served.
    pub fn stop_selling(&mut self, selling: Selling) -> usize {
        self.end_selling(selling, true)
    }

    fn begin_selling(&mut self, customers: usize) -> Selling {
        assert_eq!(self.tills.len(), REGISTERS, "{} is at work", self.id);
        let must_stop = Arc::new(AtomicBool::new(false));
        let (sold, begun) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |mut till: RegisterClient| {
            let (must_stop, sold, begun) = (must_stop.clone(), sold.clone(), begun.clone());
            let (trade, store) = (self.trade.clone(), self.id.clone());
            std::thread::spawn(move || {
                while !must_stop.load(Ordering::Relaxed)
                    && begun.fetch_add(1, Ordering::Relaxed) < customers
                {
                    let entered = till.enter(&trade.next(&store)).unwrap();
                    assert_eq!(entered, Entered::Sold);
                    sold.fetch_add(1, Ordering::Relaxed);
                }
                till
            })
        };
        let registers = self.tills.drain(..).map(work).collect();
        Selling { must_stop, sold, registers }
    }

    fn end_selling(&mut self, selling: Selling, is_enough: bool) -> usize {
        selling.must_stop.store(is_enough, Ordering::Relaxed);
        self.tills = selling.registers.into_iter().map(|it| it.join().unwrap()).collect();
        selling.sold.load(Ordering::Relaxed)
    }

    /// What its screens tell the cashiers.
    pub fn notices(&self) -> Vec<String> {
        let path = "/api/v1/register";
        let view: Value = self.tills[0].browser().get(path).unwrap().read(path).unwrap();
        serde_json::from_value(view["notices"].clone()).unwrap()
    }

    /// Rows that headquarters has not acknowledged, by what the store has saved.
    pub fn waiting(&self) -> u64 {
        let reader = Reader::open(&self.directory).unwrap();
        let head = reader.head().unwrap();
        let through = reader.cursor(head.stream).unwrap().map_or(0, |cursor| cursor.through.0);
        head.sequence.0 - through
    }

    /// The stream that its journal goes on in.
    pub fn stream(&self) -> String {
        Reader::open(&self.directory).unwrap().head().unwrap().stream.to_string()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// Copies a directory with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
